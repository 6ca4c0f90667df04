// SPDX-License-Identifier: MPL-2.0
// Implements the command that lists unregistered clients.

#include <commands/commands.h>

#include <audit/record_text.h>
#include <commands/answer.h>
#include <exchange/protocol.h>
#include <system/utc_time.h>

#include <cc/command_interpreter.h>
#include <exceptions/exceptions.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace user_chk {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;
using isc::data::SimpleKeywords;

namespace {

const SimpleKeywords BY_TIME = {{"limit", Element::integer}, {"since", Element::string}};

std::optional<Stranger::Time> timeIn(const ConstElementPtr& arguments) {
    const ConstElementPtr since = arguments->get("since");
    if (!since) {
        return std::nullopt;
    }
    try {
        return parseRfc3339(since->stringValue());
    } catch (const isc::Exception& ex) {
        isc_throw(isc::BadValue, "invalid since: " << ex.what());
    }
}

void setText(const ElementPtr& object, const char* name, const std::string& text) {
    if (!text.empty()) {
        object->set(name, textElement(text));
    }
}

ElementPtr idsOf(const std::vector<UserId>& ids) {
    ElementPtr list = Element::createList();
    for (const UserId& id : ids) {
        const ElementPtr element = Element::createMap();
        setUserId(element, id);
        list->add(element);
    }
    return list;
}

ElementPtr toElement(const Stranger& stranger) {
    ElementPtr object = Element::createMap();
    setUserId(object, stranger.id);
    object->set("identifiers", idsOf(stranger.traits.others.ids()));
    object->set("first-seen", Element::create(utcText(stranger.first)));
    object->set("last-seen", Element::create(utcText(stranger.last)));
    object->set("queries", number(stranger.queries));
    object->set("standing", Element::create(std::string(stranger.standing)));
    object->set("reason", Element::create(std::string(stranger.reason)));
    if (stranger.subnet_id) {
        object->set("subnet-id", number(*stranger.subnet_id));
    }
    if (const auto& relay = stranger.traits.relay) {
        object->set("relay", textElement(relay->toText()));
    }
    setText(object, "interface", stranger.traits.interface);
    setText(object, "hostname", stranger.traits.hostname);
    setText(object, "vendor-class", stranger.traits.vendor_class);
    ElementPtr leases = Element::createList();
    for (const GrantedLease& lease : stranger.leases) {
        leases->add(Element::create(textOf(lease)));
    }
    object->set("leases", leases);
    return object;
}

// Whether a client has been registered since. Where it is on the network is no longer known: a client that
// was listed because its registration is not valid there stays listed as long as its record has a scope.
template <typename Protocol>
bool isRegistered(const UsersPtr& users, const Identification& identification, const Stranger& stranger) {
    std::vector<UserId> ids = stranger.traits.others.ids();
    ids.push_back(stranger.id);
    const auto own =
        stranger.id.getType() == Protocol::ID_TYPE ? std::make_optional(stranger.id) : std::nullopt;
    const bool was_within = std::string_view(stranger.standing) != wordOf(Verdict::Standing::OUT_OF_SCOPE);
    return judge(users, Protocol::ID_TYPE, identification.clientOf(own, ids), std::chrono::system_clock::now,
                 [was_within](const Scope&) { return was_within; })
        .registered();
}

} // namespace

template <typename Protocol>
ConstElementPtr listStrangers(UserChk& user_chk, const ConstElementPtr& arguments) {
    const ConstElementPtr given = checked(arguments, BY_TIME, {});
    const size_t limit = pageLimit(given);
    const auto since = timeIn(given);
    user_chk.follow();
    const UsersPtr users = user_chk.usersInForce();
    const ElementPtr list = Element::createList();
    const auto found = user_chk.strangers().list(limit, since, [&](const Stranger& stranger) {
        return !isRegistered<Protocol>(users, user_chk.identification(), stranger);
    });
    for (const Stranger& stranger : found) {
        list->add(toElement(stranger));
    }
    const ElementPtr answer = Element::createMap();
    answer->set("strangers", list);
    answer->set("count", number(found.size()));
    answer->set("kept", number(user_chk.strangers().size()));
    answer->set("pushed-out", number(user_chk.strangers().pushedOut()));
    return isc::config::createAnswer(found.empty() ? isc::config::CONTROL_RESULT_EMPTY
                                                   : isc::config::CONTROL_RESULT_SUCCESS,
                                     std::to_string(found.size()) + " clients returned", answer);
}

template ConstElementPtr listStrangers<Dhcp4>(UserChk& user_chk, const ConstElementPtr& arguments);
template ConstElementPtr listStrangers<Dhcp6>(UserChk& user_chk, const ConstElementPtr& arguments);

} // namespace user_chk
