// SPDX-License-Identifier: MPL-2.0
// Defines UserRegistry: the users in force, found by id.

#ifndef USER_CHK_USER_REGISTRY_H
#define USER_CHK_USER_REGISTRY_H

#include <user.h>
#include <user_data_source.h>

#include <dhcp/duid.h>
#include <dhcp/hwaddr.h>
#include <exceptions/exceptions.h>

#include <boost/shared_ptr.hpp>

#include <cstddef>
#include <map>
#include <memory>

namespace user_chk {

/// @brief Thrown when a registry cannot take what it is given.
class UserRegistryError : public isc::Exception {
public:
    /// @brief Made by Kea's isc_throw macro.
    UserRegistryError(const char* file, size_t line, const char* what) : isc::Exception(file, line, what) {}
};

/// @brief Users by their ids.
typedef std::map<UserId, UserPtr> UserMap;

/// @brief The users in force.
///
/// Readers (findUser(), size()) may run in any thread at any time, while a change or a refresh is under way
/// too. addUser(), removeUser() and clearall() may run in any thread. setSource() and refresh() are called
/// from one thread at a time.
class UserRegistry {
public:
    UserRegistry();
    ~UserRegistry();
    UserRegistry(const UserRegistry&) = delete;
    UserRegistry& operator=(const UserRegistry&) = delete;

    /// @brief Adds a user.
    ///
    /// @throw UserRegistryError when @c user is null or one with its id is there already.
    void addUser(const UserPtr& user);

    /// @brief Finds a user.
    ///
    /// @return the user who was added, or a copy of one who was refreshed from a source; a null pointer when
    /// there is none.
    UserPtr findUser(const UserId& id) const;

    /// @brief Finds a user by hardware address, whatever its hardware type.
    ///
    /// @return the user, or a null pointer when there is none.
    UserPtr findUser(const isc::dhcp::HWAddr& hwaddr) const;

    /// @brief Finds a user by DUID.
    ///
    /// @return the user, or a null pointer when there is none.
    UserPtr findUser(const isc::dhcp::DUID& duid) const;

    /// @brief Removes a user, if there is one with this id.
    void removeUser(const UserId& id);

    /// @brief Removes all users.
    void clearall();

    /// @brief The number of users.
    size_t size() const;

    /// @brief Sets what refresh() reads.
    ///
    /// @throw UserRegistryError when @c source is null.
    void setSource(const UserDataSourcePtr& source);

    /// @brief What refresh() reads, a null pointer when nothing was set.
    UserDataSourcePtr getSource() const { return source_; }

    /// @brief Replaces the content with what the source holds.
    ///
    /// @throw UserRegistryError with the reason when there is no source, it fails, or it holds an id twice;
    /// the content is then what it was.
    void refresh();

private:
    struct State;

    std::unique_ptr<State> state_;
    UserDataSourcePtr source_;
};

/// @brief Pointer to a UserRegistry.
typedef boost::shared_ptr<UserRegistry> UserRegistryPtr;

} // namespace user_chk

#endif // USER_CHK_USER_REGISTRY_H
