// SPDX-License-Identifier: MPL-2.0
// Declares the calls of the program kea-user-chk: each adds itself to the command line.

#ifndef USER_CHK_PROGRAM_CALLS_H
#define USER_CHK_PROGRAM_CALLS_H

#include <program/program.h>

namespace user_chk::program {

/// @brief `check`: every error and remark of registry files.
void addCheck(CLI::App& program, Context& context);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_CALLS_H
