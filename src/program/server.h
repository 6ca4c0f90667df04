// SPDX-License-Identifier: MPL-2.0
// Declares what the subcommands that ask a server have in common: options, and the handling of answers.

#ifndef USER_CHK_PROGRAM_SERVER_H
#define USER_CHK_PROGRAM_SERVER_H

#include <program/control_channel.h>
#include <program/program.h>

#include <memory>
#include <string>

namespace user_chk::program {

/// @brief The server that a subcommand asks, as its options say.
class Server {
public:
    /// @brief Adds the options to a subcommand.
    ///
    /// @return the server, to be used after the command line has been parsed.
    static std::shared_ptr<const Server> named(CLI::App& call);

    /// @brief Returns the control channel of the server.
    ControlChannel channel() const;

    /// @brief Returns the daemon that the options select: `kea-dhcp4` or `kea-dhcp6`.
    std::string name() const;

private:
    std::string path_;
    bool is_v6_ = false;
    int timeout_ = 60;
};

/// @brief Handles an answer as far as all subcommands do the same: with `--json` the answer is printed as it
/// is, and errors and empty results are reported on standard error.
///
/// @return whether the subcommand must print something itself.
bool leftToPrint(const Answer& answer, Context& context);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_SERVER_H
