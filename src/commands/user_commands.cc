// SPDX-License-Identifier: MPL-2.0
// Implements the commands that look up and change users.

#include <commands/commands.h>

#include <commands/answer.h>
#include <source/record_parser.h>
#include <system/utf8.h>
#include <user_file.h>

#include <cc/command_interpreter.h>
#include <exceptions/exceptions.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace user_chk {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;
using isc::data::SimpleKeywords;

namespace {

const SimpleKeywords BY_ID = {{"type", Element::string}, {"id", Element::string}};
const SimpleKeywords BY_USER = {{"user", Element::map}};
const SimpleKeywords BY_USER_AND_VERSION = {{"user", Element::map}, {"version", Element::integer}};
const SimpleKeywords BY_PAGE = {{"limit", Element::integer}, {"from", Element::map}};

UserId checkedId(const ConstElementPtr& arguments) {
    return userIdOf(checked(arguments, BY_ID, {"type", "id"}));
}

// Kea has turned each escape up to \u00ff into a single byte, which is that character in Latin-1.
PropertyMap inUtf8(const PropertyMap& attributes) {
    PropertyMap converted;
    for (const auto& [name, value] : attributes) {
        converted[asUtf8(name)] = asUtf8(value);
    }
    return converted;
}

// The same for the id of a user, which may be a string in quotes.
ConstElementPtr withIdInUtf8(const ConstElementPtr& user) {
    const ConstElementPtr id = user->get("id");
    if (!id || id->getType() != Element::string) {
        return user;
    }
    const ElementPtr converted = isc::data::copy(user, 0);
    converted->set("id", Element::create(asUtf8(id->stringValue())));
    return converted;
}

// Returns the user in the argument `user`, parsed by the rules of the registry file.
User userIn(const ConstElementPtr& arguments) {
    RecordParser parser;
    try {
        const UserPtr user = userOf(parser.read(withIdInUtf8(arguments->get("user"))));
        user->setProperties(inUtf8(user->getProperties()));
        return *user;
    } catch (const UserFileError& ex) {
        isc_throw(isc::BadValue, "invalid user: " << ex.what());
    }
}

// Returns a user as in the registry file. Kea writes the names of members unescaped, so they are escaped
// here.
ElementPtr toElement(const UserId& id, const UserAttributes& attributes) {
    ElementPtr object = Element::createMap();
    for (const auto& [name, value] : attributes.properties) {
        object->set(jsonText(name), textElement(value));
    }
    setUserId(object, id);
    return object;
}

// Returns the version of a user's record, 0 when it is not known.
uint32_t versionOf(UserChk& user_chk, const UserId& id) {
    const auto entry = user_chk.source().hasVersions() ? user_chk.usersInForce()->entryOf(id) : std::nullopt;
    return entry ? entry->note : 0;
}

// Returns the version to replace, 0 for any.
uint64_t versionIn(const ConstElementPtr& arguments) {
    const ConstElementPtr given = arguments->get("version");
    if (given && given->intValue() < 1) {
        isc_throw(isc::BadValue, "invalid version: " << given->intValue() << ", must be 1 or more");
    }
    return given ? static_cast<uint64_t>(given->intValue()) : 0;
}

std::optional<UserId> pageStart(const ConstElementPtr& arguments) {
    const ConstElementPtr from = arguments->get("from");
    return from ? std::optional<UserId>(checkedId(from)) : std::nullopt;
}

} // namespace

ConstElementPtr getUser(UserChk& user_chk, const ConstElementPtr& arguments) {
    const UserId id = checkedId(arguments);
    const UsersPtr users = user_chk.users();
    const auto entry = users->entryOf(id);
    if (!entry) {
        return notFound(id);
    }
    const ElementPtr found = Element::createMap();
    found->set("user", toElement(mainIdOf(id, *entry), (*entry->set)->attributes));
    if (user_chk.source().hasVersions() && entry->note != 0) {
        found->set("version", Element::create(static_cast<int64_t>(entry->note)));
    }
    return success(userText(id) + " found", found);
}

ConstElementPtr listUsers(UserChk& user_chk, const ConstElementPtr& arguments) {
    const ConstElementPtr given = checked(arguments, BY_PAGE, {});
    const size_t limit = pageLimit(given);
    const ElementPtr list = Element::createList();
    std::optional<UserId> last;
    bool more = false;
    // One more than the page has, to find out whether there is another page.
    user_chk.users()->forEachAfter(pageStart(given), limit + 1,
                                   [&](const UserId& id, const AttributeSet& set) {
                                       more = list->size() == limit;
                                       if (!more) {
                                           list->add(toElement(id, set.attributes));
                                           last = id;
                                       }
                                   });
    const ElementPtr page = Element::createMap();
    page->set("users", list);
    page->set("count", Element::create(static_cast<int64_t>(list->size())));
    if (more) {
        const ElementPtr next = Element::createMap();
        setUserId(next, *last);
        page->set("next", next);
    }
    return isc::config::createAnswer(last ? isc::config::CONTROL_RESULT_SUCCESS
                                          : isc::config::CONTROL_RESULT_EMPTY,
                                     std::to_string(list->size()) + " users returned", page);
}

namespace {

// Changes the record of a user, and answers with remarks for the operator.
ConstElementPtr change(UserChk& user_chk, const User& user, const std::string& done,
                       const std::function<bool(RegistryEditor&)>& edit,
                       const std::function<ConstElementPtr()>& refusal) {
    std::vector<std::string> remarks;
    const bool changed = user_chk.change(done, [&](RegistryEditor& editor) {
        remarks = editor.remarksOn(user);
        return edit(editor);
    });
    if (!changed) {
        return refusal();
    }
    if (remarks.empty()) {
        return success(done);
    }
    const ElementPtr list = Element::createList();
    for (const std::string& remark : remarks) {
        list->add(textElement(remark));
    }
    const ElementPtr arguments = Element::createMap();
    arguments->set("remarks", list);
    return success(done, arguments);
}

// Returns the id of the user that already has an id of the one to be added; that one's own id if there is
// none.
UserId ownerOf(UserChk& user_chk, const User& user) {
    const UserId& id = user.getUserId();
    const Edit edit{Edit::What::ADD, id, "", 0, otherIdsIn(id, user.getProperties())};
    return ownerOfTaken(edit, *user_chk.usersInForce()).value_or(id);
}

} // namespace

ConstElementPtr addUser(UserChk& user_chk, const ConstElementPtr& arguments) {
    const User user = userIn(checked(arguments, BY_USER, {"user"}));
    return change(
        user_chk, user, userText(user.getUserId()) + " added",
        [&](RegistryEditor& editor) { return editor.add(user); },
        [&] { return existsAlready(user.getUserId(), ownerOf(user_chk, user)); });
}

ConstElementPtr updateUser(UserChk& user_chk, const ConstElementPtr& arguments) {
    const ConstElementPtr given = checked(arguments, BY_USER_AND_VERSION, {"user"});
    const User user = userIn(given);
    const uint64_t version = versionIn(given);
    try {
        return change(
            user_chk, user, userText(user.getUserId()) + " updated",
            [&](RegistryEditor& editor) { return editor.update(user, version); },
            [&] { return notFound(user.getUserId()); });
    } catch (const VersionConflict&) {
        return changedMeanwhile(user.getUserId(), versionOf(user_chk, user.getUserId()));
    }
}

ConstElementPtr deleteUser(UserChk& user_chk, const ConstElementPtr& arguments) {
    const UserId id = checkedId(arguments);
    const std::string done = userText(id) + " deleted";
    const bool deleted = user_chk.change(done, [&](RegistryEditor& editor) { return editor.remove(id); });
    return deleted ? success(done) : notFound(id);
}

} // namespace user_chk
