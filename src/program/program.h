// SPDX-License-Identifier: MPL-2.0
// Declares what the calls of the program kea-user-chk have in common: how each is added, and how it ends.

#ifndef USER_CHK_PROGRAM_PROGRAM_H
#define USER_CHK_PROGRAM_PROGRAM_H

#include <CLI/CLI.hpp>

namespace user_chk::program {

/// @brief How the program ends.
enum class Exit {
    DONE = 0,  ///< what was asked for was done, or was found
    FOUND = 1, ///< something is wrong with what was looked at, or what was asked for is not there
    FAILED = 2 ///< wrong usage, or a file or a server that cannot be reached
};

/// @brief What a call is told by options that all calls have, and what it tells.
struct Context {
    bool json = false;      ///< whether a program reads the output
    Exit exit = Exit::DONE; ///< set by the call
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_PROGRAM_H
