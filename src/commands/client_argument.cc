// SPDX-License-Identifier: MPL-2.0
// Parses the client in the arguments of a command.

#include <commands/client_argument.h>

#include <commands/answer.h>

#include <exceptions/exceptions.h>

#include <boost/algorithm/string/join.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

namespace user_chk {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;

namespace {

// Returns the ids in the arguments: `type` and `id`, or a list of such pairs.
std::vector<UserId> givenIds(const ConstElementPtr& arguments) {
    const ConstElementPtr list = arguments->get("identifiers");
    if (!list) {
        require(arguments, {"type", "id"});
        return {userIdOf(arguments)};
    }
    if (arguments->contains("type") || arguments->contains("id") || list->empty()) {
        isc_throw(isc::BadValue, "give type and id, or identifiers, a list of one or more such pairs");
    }
    std::vector<UserId> ids;
    for (const ElementPtr& given : list->listValue()) {
        ids.push_back(
            userIdOf(checked(given, {{"type", Element::string}, {"id", Element::string}}, {"type", "id"})));
    }
    return ids;
}

// Each must have a different one of the types that the server looks up.
void checkTypes(const std::vector<UserId>& ids, const std::vector<UserId::UserIdType>& types,
                const char* server) {
    std::vector<std::string> names;
    std::transform(types.begin(), types.end(), std::back_inserter(names), UserId::lookupTypeStr);
    std::vector<std::string> seen;
    for (const UserId& id : ids) {
        const std::string type = UserId::lookupTypeStr(id.getType());
        if (std::count(names.begin(), names.end(), type) == 0) {
            isc_throw(isc::BadValue, "invalid type: '"
                                         << type << "', must be " << (names.size() > 1 ? "one of " : "")
                                         << boost::algorithm::join(names, ", ") << " on " << server);
        }
        if (std::count(seen.begin(), seen.end(), type) != 0) {
            isc_throw(isc::BadValue, "invalid type: '" << type << "', is given twice");
        }
        if (id.getKind() != UserId::Kind::EXACT) {
            isc_throw(isc::BadValue, "invalid id '" << id.toText() << "', must be the id of one client");
        }
        seen.push_back(type);
    }
}

} // namespace

ClientIds clientOf(const ConstElementPtr& arguments, const std::vector<UserId::UserIdType>& types,
                   UserId::UserIdType own_type, const char* server) {
    std::vector<UserId> ids = givenIds(arguments);
    checkTypes(ids, types, server);
    const auto place = [&types](const UserId& id) {
        return std::find(types.begin(), types.end(), id.getType());
    };
    std::sort(ids.begin(), ids.end(),
              [&](const UserId& one, const UserId& other) { return place(one) < place(other); });
    const auto own =
        std::find_if(ids.begin(), ids.end(), [&](const UserId& id) { return id.getType() == own_type; });
    const auto id = own != ids.end() ? std::make_optional(*own) : std::nullopt;
    return {id, std::move(ids)};
}

} // namespace user_chk
