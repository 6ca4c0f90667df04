// SPDX-License-Identifier: MPL-2.0
// Declares how a server is asked over the UNIX socket of its control channel.

#ifndef USER_CHK_PROGRAM_CONTROL_CHANNEL_H
#define USER_CHK_PROGRAM_CONTROL_CHANNEL_H

#include <cc/data.h>
#include <exceptions/exceptions.h>

#include <chrono>
#include <string>

namespace user_chk::program {

/// @brief A server cannot be asked; the text says why, and what can be done.
class Unreachable : public isc::Exception {
public:
    using isc::Exception::Exception;
};

/// @brief What a server says to a command.
struct Answer {
    int64_t result;                       ///< Kea's code: 0 for success
    std::string text;                     ///< in words, UTF-8
    isc::data::ConstElementPtr arguments; ///< what was asked for, an empty map where there is nothing
    isc::data::ConstElementPtr whole;     ///< all of it
};

/// @brief The control channel of a server (Kea manual, "Management API").
class ControlChannel {
public:
    /// @brief Makes one, and does nothing yet.
    ///
    /// @param path the UNIX socket that the server listens at
    /// @param server what to call the server in messages
    /// @param timeout how long the server may be silent
    ControlChannel(std::string path, std::string server, std::chrono::seconds timeout);

    /// @brief Sends a command and waits for its answer. Each has a connection of its own.
    ///
    /// @param command the command's name
    /// @param arguments a map, or a null pointer for none
    /// @throw Unreachable when there is no answer, or not that of a server with the hook library.
    Answer ask(const std::string& command, const isc::data::ConstElementPtr& arguments = {}) const;

private:
    isc::data::ConstElementPtr exchange(const std::string& request) const;
    std::string place() const;

    const std::string path_;
    const std::string server_;
    const std::chrono::seconds timeout_;
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_CONTROL_CHANNEL_H
