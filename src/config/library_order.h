// SPDX-License-Identifier: MPL-2.0
// Defines how the order of a server's hook libraries is checked.

#ifndef USER_CHK_CONFIG_LIBRARY_ORDER_H
#define USER_CHK_CONFIG_LIBRARY_ORDER_H

#include <config/parameters.h>

#include <cc/data.h>

#include <string>
#include <vector>

namespace user_chk {

/// @brief A hook library as the server's configuration lists it.
struct ListedLibrary {
    std::string path;                      ///< its `library`
    isc::data::ConstElementPtr parameters; ///< its `parameters`, a null pointer for none
};

/// @brief Checks where this library stands among others: after `lease_cmds` and `ha`, before all others.
///
/// A server calls its libraries in their order. Libraries are known by their file names; where this one is
/// not among them, nothing is checked.
///
/// @param libraries those of the server, in their order
/// @throw isc::dhcp::DhcpConfigError when a library stands where it takes the placement or the record away,
/// or when this one is listed twice.
void checkLibraryOrder(const std::vector<ListedLibrary>& libraries);

/// @brief What only works worse in an order of libraries.
///
/// @param libraries those of the server, in their order
/// @param is_v4 true for kea-dhcp4
/// @param parameters ours
/// @return a sentence for each.
std::vector<std::string> remarksOnLibraryOrder(const std::vector<ListedLibrary>& libraries, bool is_v4,
                                               const Parameters& parameters);

} // namespace user_chk

#endif // USER_CHK_CONFIG_LIBRARY_ORDER_H
