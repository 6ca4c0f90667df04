// SPDX-License-Identifier: MPL-2.0
// Defines UserDataSource, the interface of everything that a registry can be filled from.

#ifndef USER_CHK_USER_DATA_SOURCE_H
#define USER_CHK_USER_DATA_SOURCE_H

#include <user.h>

#include <exceptions/exceptions.h>

#include <boost/shared_ptr.hpp>

#include <string>

namespace user_chk {

/// @brief Thrown when a source cannot be opened or read, or holds something that is no user.
class UserDataSourceError : public isc::Exception {
public:
    /// @brief Made by Kea's isc_throw macro.
    UserDataSourceError(const char* file, size_t line, const char* what) : isc::Exception(file, line, what) {}
};

/// @brief A source of users, read from its start to its end.
///
/// A source is used by one thread at a time.
class UserDataSource {
public:
    virtual ~UserDataSource() = default;

    /// @brief Goes to the first user.
    ///
    /// @throw UserDataSourceError when that is not possible, or the source is open already.
    virtual void open() = 0;

    /// @brief Reads a user and goes to the next.
    ///
    /// @return the user, or a null pointer at the end.
    /// @throw UserDataSourceError when the source is not open, fails, or holds something that is no user.
    virtual UserPtr readNextUser() = 0;

    /// @brief Lets go of what open() took. Never throws; does nothing when the source is not open.
    virtual void close() = 0;

    /// @brief True between open() and close().
    virtual bool isOpen() const = 0;
};

/// @brief Pointer to a UserDataSource.
typedef boost::shared_ptr<UserDataSource> UserDataSourcePtr;

} // namespace user_chk

#endif // USER_CHK_USER_DATA_SOURCE_H
