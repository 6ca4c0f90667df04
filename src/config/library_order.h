// SPDX-License-Identifier: MPL-2.0
// Checks the order of a server's hook libraries.

#ifndef USER_CHK_CONFIG_LIBRARY_ORDER_H
#define USER_CHK_CONFIG_LIBRARY_ORDER_H

#include <config/parameters.h>

#include <cc/data.h>

#include <string>
#include <vector>

namespace user_chk {

/// @brief A hook library in the server's configuration.
struct ListedLibrary {
    std::string path;                      ///< its path, `library`
    isc::data::ConstElementPtr parameters; ///< its `parameters`, a null pointer for none
};

/// @brief Checks the position of this library: after `lease_cmds` and `ha`, before all others.
///
/// A server calls its libraries in the order of the list. Libraries are recognized by file name. Nothing is
/// checked when this library is not in the list.
///
/// @param libraries the server's libraries, in order
/// @throw isc::dhcp::DhcpConfigError when another library's position would defeat the placement or the
/// records of this one, or when this library is listed twice.
void checkLibraryOrder(const std::vector<ListedLibrary>& libraries);

/// @brief Reports positions of libraries that work, but less well.
///
/// @param libraries the server's libraries, in order
/// @param is_v4 true for kea-dhcp4
/// @param parameters the parameters of this library
/// @return a sentence for each.
std::vector<std::string> remarksOnLibraryOrder(const std::vector<ListedLibrary>& libraries, bool is_v4,
                                               const Parameters& parameters);

} // namespace user_chk

#endif // USER_CHK_CONFIG_LIBRARY_ORDER_H
