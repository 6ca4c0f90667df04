// SPDX-License-Identifier: MPL-2.0
// Declares what the subcommands of kea-user-chk have in common.

#ifndef USER_CHK_PROGRAM_PROGRAM_H
#define USER_CHK_PROGRAM_PROGRAM_H

namespace CLI {
class App;
} // namespace CLI

namespace user_chk::program {

/// @brief The exit status of the program.
enum class Exit {
    DONE = 0,  ///< the request was carried out, or its subject was found
    FOUND = 1, ///< there is something wrong with what was examined, or the request's subject was not found
    FAILED = 2 ///< wrong usage, or a file or a server that cannot be reached
};

/// @brief The options that all subcommands have, and the result of the subcommand.
struct Context {
    bool json = false;      ///< whether the output is for programs
    Exit exit = Exit::DONE; ///< set by the subcommand
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_PROGRAM_H
