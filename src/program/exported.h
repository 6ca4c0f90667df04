// SPDX-License-Identifier: MPL-2.0
// Declares the forms that a registry is exported to.

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
    size_t line;            ///< where it stands
    UserId id;              ///< who it is
    PropertyMap attributes; ///< its attributes, `other-ids` among them
};

/// @brief Takes what is not carried over: its line, and why.
typedef std::function<void(size_t line, const std::string& reason)> LeaveOut;

/// @brief Writes records in another form.
typedef std::function<void(const std::vector<RegistryRecord>&, std::ostream&, const LeaveOut&)> Exporter;

/// @brief Writes a table (RFC 4180): `type`, `id`, and a column for each name of an attribute.
void exportCsv(const std::vector<RegistryRecord>& records, std::ostream& out, const LeaveOut& leave_out);

/// @brief Writes host reservations, for both servers.
void exportKea(const std::vector<RegistryRecord>& records, std::ostream& out, const LeaveOut& leave_out);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_EXPORTED_H
