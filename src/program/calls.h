// SPDX-License-Identifier: MPL-2.0
// Declares the calls of the program kea-user-chk: each adds itself to the command line.

#ifndef USER_CHK_PROGRAM_CALLS_H
#define USER_CHK_PROGRAM_CALLS_H

#include <program/program.h>

namespace user_chk::program {

/// @brief `add`: has a server add a user to its registry.
void addAdd(CLI::App& program, Context& context);

/// @brief `check`: every error and remark of registry files.
void addCheck(CLI::App& program, Context& context);

/// @brief `del`: has a server remove a user from its registry.
void addDel(CLI::App& program, Context& context);

/// @brief `explain`: what a client would get from a server, and why.
void addExplain(CLI::App& program, Context& context);

/// @brief `export`: a registry as a table, or as Kea's reservations.
void addExport(CLI::App& program, Context& context);

/// @brief `get`: the record of a user.
void addGet(CLI::App& program, Context& context);

/// @brief `import`: records from files of other programs.
void addImport(CLI::App& program, Context& context);

/// @brief `list`: the users that a server has.
void addList(CLI::App& program, Context& context);

/// @brief `reload`: has a server load its registry.
void addReload(CLI::App& program, Context& context);

/// @brief `status`: how a server's library is.
void addStatus(CLI::App& program, Context& context);

/// @brief `strangers`: the clients that are not registered.
void addStrangers(CLI::App& program, Context& context);

/// @brief `update`: has a server replace the record of a user.
void addUpdate(CLI::App& program, Context& context);

/// @brief `who`: which client had an address, and when, by what servers have recorded.
void addWho(CLI::App& program, Context& context);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_CALLS_H
