// SPDX-License-Identifier: MPL-2.0
// Declares the subcommands of the program kea-user-chk: each adds itself to the command line.

#ifndef USER_CHK_PROGRAM_CALLS_H
#define USER_CHK_PROGRAM_CALLS_H

#include <program/program.h>

namespace user_chk::program {

/// @brief `add`: asks a server to add a user to its registry.
void addAdd(CLI::App& program, Context& context);

/// @brief `check`: reports every error and remark for registry files.
void addCheck(CLI::App& program, Context& context);

/// @brief `del`: asks a server to remove a user from its registry.
void addDel(CLI::App& program, Context& context);

/// @brief `explain`: shows what a client would get from a server, and why.
void addExplain(CLI::App& program, Context& context);

/// @brief `export`: writes a registry as a table, or as Kea's reservations.
void addExport(CLI::App& program, Context& context);

/// @brief `get`: shows the record of a user.
void addGet(CLI::App& program, Context& context);

/// @brief `import`: converts files of other programs to records.
void addImport(CLI::App& program, Context& context);

/// @brief `list`: lists the users that a server has.
void addList(CLI::App& program, Context& context);

/// @brief `reload`: asks a server to load its registry.
void addReload(CLI::App& program, Context& context);

/// @brief `status`: shows the state of a server's library.
void addStatus(CLI::App& program, Context& context);

/// @brief `strangers`: lists the unregistered clients.
void addStrangers(CLI::App& program, Context& context);

/// @brief `update`: asks a server to replace the record of a user.
void addUpdate(CLI::App& program, Context& context);

/// @brief `who`: tells which client had an address, and when, according to the servers' records.
void addWho(CLI::App& program, Context& context);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_CALLS_H
