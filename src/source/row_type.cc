// SPDX-License-Identifier: MPL-2.0
// Implements the types of rows.

#include <source/row_type.h>

namespace user_chk {

namespace {

constexpr std::string_view PREFIX_ENDING = "_PREFIX";
constexpr std::string_view RANDOM_ENDING = "_RANDOM";

bool takeEnd(std::string_view& text, std::string_view end) {
    const bool has = text.size() > end.size() && text.substr(text.size() - end.size()) == end;
    text.remove_suffix(has ? end.size() : 0);
    return has;
}

} // namespace

RowType readRowType(std::string_view type) {
    const UserId::Kind kind = takeEnd(type, PREFIX_ENDING)   ? UserId::Kind::PREFIX
                              : takeEnd(type, RANDOM_ENDING) ? UserId::Kind::RANDOM
                                                             : UserId::Kind::EXACT;
    return {type, kind};
}

std::string rowTypeOf(const UserId& id) {
    std::string type = UserId::lookupTypeStr(id.getType());
    if (id.getKind() == UserId::Kind::PREFIX) {
        type += PREFIX_ENDING;
    } else if (id.getKind() == UserId::Kind::RANDOM) {
        type += RANDOM_ENDING;
    }
    return type;
}

} // namespace user_chk
