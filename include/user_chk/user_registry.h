// SPDX-License-Identifier: MPL-2.0
// Defines UserRegistry: the users in force, found by identifier.

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

/// @brief Thrown when a registry cannot accept a user, a source or the users of a source.
class UserRegistryError : public isc::Exception {
public:
    /// @brief For Kea's isc_throw macro.
    UserRegistryError(const char* file, size_t line, const char* what) : isc::Exception(file, line, what) {}
};

/// @brief Users by their identifiers.
typedef std::map<UserId, UserPtr> UserMap;

/// @brief The users in force.
///
/// Any thread may call findUser() and size() at any time, even during a change or a refresh. Any thread may
/// call addUser(), removeUser() and clearall(). Only one thread at a time may call setSource() and refresh().
class UserRegistry {
public:
    UserRegistry();
    ~UserRegistry();
    UserRegistry(const UserRegistry&) = delete;
    UserRegistry& operator=(const UserRegistry&) = delete;

    /// @brief Adds a user.
    ///
    /// @throw UserRegistryError when @c user is null, or the registry already has a user with its identifier.
    void addUser(const UserPtr& user);

    /// @brief Finds a user by its identifier.
    ///
    /// @return the user that was added, a copy of a user that came from a source, or a null pointer when
    /// there is no such user.
    UserPtr findUser(const UserId& id) const;

    /// @brief Finds a user by hardware address. The hardware type is ignored.
    ///
    /// @return the user, or a null pointer when there is no such user.
    UserPtr findUser(const isc::dhcp::HWAddr& hwaddr) const;

    /// @brief Finds a user by DUID.
    ///
    /// @return the user, or a null pointer when there is no such user.
    UserPtr findUser(const isc::dhcp::DUID& duid) const;

    /// @brief Removes the user with this identifier, if the registry has it.
    void removeUser(const UserId& id);

    /// @brief Removes all users.
    void clearall();

    /// @brief Returns the number of users.
    size_t size() const;

    /// @brief Sets the source that refresh() reads.
    ///
    /// @throw UserRegistryError when @c source is null.
    void setSource(const UserDataSourcePtr& source);

    /// @brief Returns the source that refresh() reads, or a null pointer when none was set.
    UserDataSourcePtr getSource() const { return source_; }

    /// @brief Replaces all users with those of the source.
    ///
    /// @throw UserRegistryError with the reason when there is no source, the source fails, or it holds an
    /// identifier twice. The registry then keeps its users.
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
