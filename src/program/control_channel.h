// SPDX-License-Identifier: MPL-2.0
// Sends commands to a server over the UNIX socket of its control channel.

#ifndef USER_CHK_PROGRAM_CONTROL_CHANNEL_H
#define USER_CHK_PROGRAM_CONTROL_CHANNEL_H

#include <cc/data.h>
#include <exceptions/exceptions.h>

#include <chrono>
#include <string>

namespace user_chk::program {

/// @brief Thrown when a server cannot be asked. The text says why, and what the operator can do.
class Unreachable : public isc::Exception {
public:
    using isc::Exception::Exception;
};

/// @brief The answer of a server to a command.
struct Answer {
    int64_t result;                       ///< Kea's code: 0 for success
    std::string text;                     ///< the text of the answer, UTF-8
    isc::data::ConstElementPtr arguments; ///< the arguments of the answer, an empty map when there are none
    isc::data::ConstElementPtr whole;     ///< the whole answer
};

/// @brief The control channel of a server (Kea manual, "Management API").
class ControlChannel {
public:
    /// @brief Creates a channel, without connecting.
    ///
    /// @param path the UNIX socket that the server listens on
    /// @param server the name of the server for messages
    /// @param timeout how long the server may be silent
    ControlChannel(std::string path, std::string server, std::chrono::seconds timeout);

    /// @brief Sends a command and waits for the answer. Each command uses a new connection.
    ///
    /// @param command the command's name
    /// @param arguments a map, or a null pointer for none
    /// @throw Unreachable when there is no answer, or the server does not have the hook library.
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
