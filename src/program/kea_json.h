// SPDX-License-Identifier: MPL-2.0
// Declares the reading of JSON in the form that Kea's configurations may have, and of their files.

#ifndef USER_CHK_PROGRAM_KEA_JSON_H
#define USER_CHK_PROGRAM_KEA_JSON_H

#include <cc/data.h>

#include <cstddef>
#include <functional>
#include <string>

namespace user_chk::program {

/// @brief Takes the line of a directive `<?include ...?>`, and the directive; returns what stands in its
/// place.
typedef std::function<std::string(size_t, const std::string&)> OnInclude;

/// @brief Makes plain JSON of the form that Kea's servers read (Kea manual, "JSON Syntax").
///
/// @param text that form: with comments (`#`, `//` and in `/* */`), commas behind the last members,
/// directives
/// @param on_include takes the directives
/// @return JSON with the same lines, but for what stands in the place of directives.
std::string plainJson(std::string text, const OnInclude& on_include);

/// @brief Reads JSON as Kea's servers do, see plainJson().
///
/// @param text the JSON
/// @param on_include takes the directives
/// @return the value; the positions in it have the lines of the text.
/// @throw isc::BadValue with the line when it is no JSON, or nested too deep.
/// @throw what on_include throws.
isc::data::ElementPtr readKeaJson(const std::string& text, const OnInclude& on_include);

/// @brief Reads a configuration file as the servers do: comments of the three kinds are left out, so is a
/// comma behind the last of a list, and `<?include "FILE"?>` is replaced by what is in that file (Kea manual,
/// "JSON Syntax").
///
/// @param path the file
/// @throw isc::Exception `FILE: REASON` when it cannot be read, or is anything else.
isc::data::ElementPtr readConfiguration(const std::string& path);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_KEA_JSON_H
