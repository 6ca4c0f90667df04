// SPDX-License-Identifier: MPL-2.0
// Defines HostLookup, which resolves a host name without ever blocking on the name servers.

#ifndef USER_CHK_DATABASE_HOST_LOOKUP_H
#define USER_CHK_DATABASE_HOST_LOOKUP_H

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace user_chk {

/// @brief Asks the system for the addresses of a host, which may take minutes.
///
/// The C library does this in a thread of its own, which runs no code of this library. So a look-up in
/// progress neither blocks the calling thread nor prevents this library from being unloaded. Only one thread
/// at a time may use an object.
class HostLookup {
public:
    /// @brief Starts the look-up.
    ///
    /// @param host a name or an address
    /// @throw DatabaseError when the system cannot start it.
    explicit HostLookup(const std::string& host);

    /// @brief Abandons a look-up in progress.
    ~HostLookup();
    HostLookup(const HostLookup&) = delete;
    HostLookup& operator=(const HostLookup&) = delete;

    /// @brief True when addresses() has an answer.
    bool isDone() const;

    /// @brief Returns when the look-up started.
    std::chrono::steady_clock::time_point begun() const { return begun_; }

    /// @brief Returns the addresses as text, in the order in which to try them. Call it only when isDone().
    ///
    /// @throw DatabaseError when the host has no address, or the look-up failed.
    std::vector<std::string> addresses() const;

private:
    struct Request;
    std::unique_ptr<Request> request_;
    const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

} // namespace user_chk

#endif // USER_CHK_DATABASE_HOST_LOOKUP_H
