// SPDX-License-Identifier: MPL-2.0
// Declares what the calls that ask a server have in common: their options, and what they do with an answer.

#ifndef USER_CHK_PROGRAM_SERVER_H
#define USER_CHK_PROGRAM_SERVER_H

#include <program/control_channel.h>
#include <program/program.h>

#include <memory>
#include <string>

namespace user_chk::program {

/// @brief The server that a call asks, as its options name it.
class Server {
public:
    /// @brief Adds the options to a call.
    ///
    /// @return the server, to be used when the command line has been read.
    static std::shared_ptr<const Server> named(CLI::App& call);

    /// @brief The channel to it.
    ControlChannel channel() const;

    /// @brief The daemon that it is, by the options: `kea-dhcp4` or `kea-dhcp6`.
    std::string name() const;

private:
    std::string path_;
    bool is_v6_ = false;
    int timeout_ = 60;
};

/// @brief Ends a call by an answer, as far as that is the same for all calls: with `--json` the answer is
/// printed as it is, and what the server refuses, or does not find, is told on standard error.
///
/// @return whether there is something that the call is to print itself.
bool leftToPrint(const Answer& answer, Context& context);

/// @brief Prints a line on standard error.
void tell(const std::string& text);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_SERVER_H
