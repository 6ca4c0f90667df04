// SPDX-License-Identifier: MPL-2.0
// Defines UserDataSource, the interface of all sources that can fill a registry.

#ifndef USER_CHK_USER_DATA_SOURCE_H
#define USER_CHK_USER_DATA_SOURCE_H

#include <user.h>

#include <exceptions/exceptions.h>

#include <boost/shared_ptr.hpp>

#include <string>

namespace user_chk {

/// @brief Thrown when a source cannot be opened or read, or holds an invalid user.
class UserDataSourceError : public isc::Exception {
public:
    /// @brief For Kea's isc_throw macro.
    UserDataSourceError(const char* file, size_t line, const char* what) : isc::Exception(file, line, what) {}
};

/// @brief A source of users, read from beginning to end.
///
/// Not thread-safe: only one thread may use a source at a time.
class UserDataSource {
public:
    virtual ~UserDataSource() = default;

    /// @brief Opens the source at its first user.
    ///
    /// @throw UserDataSourceError when the source cannot be opened, or is already open.
    virtual void open() = 0;

    /// @brief Reads the next user.
    ///
    /// @return the user, or a null pointer at the end of the source.
    /// @throw UserDataSourceError when the source is not open, cannot be read, or the next user is invalid.
    virtual UserPtr readNextUser() = 0;

    /// @brief Releases what open() acquired. Never throws; does nothing when the source is not open.
    virtual void close() = 0;

    /// @brief True between open() and close().
    virtual bool isOpen() const = 0;
};

/// @brief Pointer to a UserDataSource.
typedef boost::shared_ptr<UserDataSource> UserDataSourcePtr;

} // namespace user_chk

#endif // USER_CHK_USER_DATA_SOURCE_H
