// SPDX-License-Identifier: MPL-2.0
// Declares the formats that a registry can be exported to.

#ifndef USER_CHK_PROGRAM_EXPORTED_H
#define USER_CHK_PROGRAM_EXPORTED_H

#include <user.h>

#include <cstddef>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace user_chk::program {

/// @brief A record of a registry.
struct RegistryRecord {
    size_t line;            ///< the line number
    UserId id;              ///< the id
    PropertyMap attributes; ///< the attributes, including `other-ids`
};

/// @brief Takes a line whose content is not exported, and the reason.
typedef std::function<void(size_t line, const std::string& reason)> LeaveOut;

/// @brief Writes records in another format.
typedef std::function<void(const std::vector<RegistryRecord>&, std::ostream&, const LeaveOut&)> Exporter;

/// @brief Writes a table (RFC 4180): `type`, `id`, and a column for each attribute name.
void exportCsv(const std::vector<RegistryRecord>& records, std::ostream& out, const LeaveOut& leave_out);

/// @brief Writes host reservations, for both servers.
void exportKea(const std::vector<RegistryRecord>& records, std::ostream& out, const LeaveOut& leave_out);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_EXPORTED_H
