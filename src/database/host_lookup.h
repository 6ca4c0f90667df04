// SPDX-License-Identifier: MPL-2.0
// Defines HostLookup: the addresses of a host, without ever waiting for the name servers.

#ifndef USER_CHK_DATABASE_HOST_LOOKUP_H
#define USER_CHK_DATABASE_HOST_LOOKUP_H

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace user_chk {

/// @brief Has the system look up the addresses of a host, which may take it minutes.
///
/// The C library does so in a thread of its own that runs nothing of this library, so that a look-up under
/// way neither holds up the thread that asked for it nor keeps this library from being unloaded. One thread
/// at a time may use an object.
class HostLookup {
public:
    /// @brief Begins.
    ///
    /// @param host a name or an address
    /// @throw DatabaseError when the system cannot even begin.
    explicit HostLookup(const std::string& host);

    /// @brief Leaves a look-up that is under way to itself.
    ~HostLookup();
    HostLookup(const HostLookup&) = delete;
    HostLookup& operator=(const HostLookup&) = delete;

    /// @brief True when addresses() has an answer.
    bool isDone() const;

    /// @brief When it began.
    std::chrono::steady_clock::time_point begun() const { return begun_; }

    /// @brief The addresses as texts, in the order in which they should be tried. Only when it is done.
    ///
    /// @throw DatabaseError when the host has none, or that could not be found out.
    std::vector<std::string> addresses() const;

private:
    struct Request;
    std::unique_ptr<Request> request_;
    const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

} // namespace user_chk

#endif // USER_CHK_DATABASE_HOST_LOOKUP_H
