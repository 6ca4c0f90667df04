// SPDX-License-Identifier: MPL-2.0
// Replaces location.hh, which Kea's eval/parser.h includes but Debian's kea-dev does not install: the places
// in a text that errors of the parser are at. The library makes none, and reads none.

#ifndef USER_CHK_CMAKE_LOCATION_HH
#define USER_CHK_CMAKE_LOCATION_HH

#include <ostream>
#include <string>

namespace isc::eval {

/// @brief A place in a text.
struct position {
    const std::string* filename = nullptr; ///< the file, if it has a name
    int line = 1;                          ///< counted from 1
    int column = 1;                        ///< likewise
};

/// @brief What lies between two places.
struct location {
    position begin; ///< the first
    position end;   ///< behind the last
};

/// @brief Writes where a location begins.
inline std::ostream& operator<<(std::ostream& out, const location& at) {
    return out << at.begin.line << '.' << at.begin.column;
}

} // namespace isc::eval

#endif // USER_CHK_CMAKE_LOCATION_HH
