// SPDX-License-Identifier: MPL-2.0
// Defines the two forms of the outcome record.

#ifndef USER_CHK_AUDIT_RECORD_FORMS_H
#define USER_CHK_AUDIT_RECORD_FORMS_H

#include <audit/grant.h>
#include <audit/record_text.h>

#include <string>

namespace user_chk {

/// @brief The end of a record in the text form: the end of its last line and an empty line.
inline constexpr const char* TEXT_RECORD_END = "\n\n";

/// @brief The end of a record in the JSON form: the end of its line.
inline constexpr const char* JSON_RECORD_END = "\n";

/// @brief Writes the records of a grant as stock does, one for each lease: four lines and an empty one.
void writeTextRecords(const Grant& grant, TextWriter& to);

/// @brief Returns a record as JSON (RFC 8259): one object on one line, in UTF-8.
std::string jsonRecord(const Event& event, const Circumstances& circumstances);

/// @brief Writes the records of a grant as JSON, one for each lease.
void writeJsonRecords(const Grant& grant, const Circumstances& circumstances, TextWriter& to);

} // namespace user_chk

#endif // USER_CHK_AUDIT_RECORD_FORMS_H
