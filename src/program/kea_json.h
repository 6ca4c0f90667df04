// SPDX-License-Identifier: MPL-2.0
// Declares the reading of JSON in the form that Kea's configurations may have.

#ifndef USER_CHK_PROGRAM_KEA_JSON_H
#define USER_CHK_PROGRAM_KEA_JSON_H

#include <cc/data.h>

#include <cstddef>
#include <functional>
#include <string>

namespace user_chk::program {

/// @brief Reads JSON as Kea's servers do: with comments (`#`, `//` and in `/* */`) and commas behind the last
/// members. What their directives `<?include ...?>` name is not read.
///
/// @param text the JSON
/// @param on_include takes the line of a directive, and the directive
/// @return the value; the positions in it have the lines of the text.
/// @throw isc::Exception with the line when it is no JSON, or nested too deep.
isc::data::ConstElementPtr readKeaJson(const std::string& text,
                                       const std::function<void(size_t, const std::string&)>& on_include);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_KEA_JSON_H
