// SPDX-License-Identifier: MPL-2.0
// Declares the calls of the program kea-user-chk: each adds itself to the command line.

#ifndef USER_CHK_PROGRAM_CALLS_H
#define USER_CHK_PROGRAM_CALLS_H

#include <program/program.h>

namespace user_chk::program {

/// @brief Adds `import`: records from files of other programs.
void addImport(CLI::App& program, Context& context);

/// @brief Adds `export`: a registry as a table, or as Kea's reservations.
void addExport(CLI::App& program, Context& context);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_CALLS_H
