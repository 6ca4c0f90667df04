// SPDX-License-Identifier: MPL-2.0
// Reads JSON with the extensions that Kea's configurations may use, and configuration files.

#ifndef USER_CHK_PROGRAM_KEA_JSON_H
#define USER_CHK_PROGRAM_KEA_JSON_H

#include <cc/data.h>

#include <cstddef>
#include <functional>
#include <string>

namespace user_chk::program {

/// @brief Takes the line of a directive `<?include ...?>`, and the directive. Returns its replacement.
typedef std::function<std::string(size_t, const std::string&)> OnInclude;

/// @brief Converts the JSON that Kea's servers accept (Kea manual, "JSON Syntax") to plain JSON.
///
/// @param text JSON that may have comments (`#`, `//` and `/* */`), commas after last members, and directives
/// @param on_include takes the directives
/// @return JSON with the same lines, except for what replaces directives.
std::string plainJson(std::string text, const OnInclude& on_include);

/// @brief Parses JSON as Kea's servers do, see plainJson().
///
/// @param text the JSON
/// @param on_include takes the directives
/// @return the value; its positions have the lines of the text.
/// @throw isc::BadValue with the line when it is not JSON, or nested too deeply.
/// @throw what on_include throws.
isc::data::ElementPtr readKeaJson(const std::string& text, const OnInclude& on_include);

/// @brief Reads a configuration file as the servers do: removes comments of all three kinds and commas after
/// the last member of a list, and replaces `<?include "FILE"?>` by the content of that file (Kea manual,
/// "JSON Syntax").
///
/// @param path the file
/// @throw isc::Exception `FILE: REASON` when it cannot be read, or is not a configuration.
isc::data::ElementPtr readConfiguration(const std::string& path);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_KEA_JSON_H
