// SPDX-License-Identifier: MPL-2.0
// Implements Identification.

#include <config.h> // Kea's own; Kea's TLS headers need it

#include <exchange/identification.h>

#include <exchange/client_id.h>
#include <exchange/received_query.h>
#include <kea_compat.h>

#include <cc/dhcp_config_error.h>
#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/hwaddr.h>
#include <dhcpsrv/cfgmgr.h>
#include <eval/eval_context.h>
#include <eval/evaluate.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

namespace user_chk {

using namespace isc::dhcp;

namespace {

typedef std::vector<uint8_t> Bytes;

UserId::UserIdType ownTypeOf(Option::Universe universe) {
    return universe == Option::V4 ? UserId::HW_ADDRESS : UserId::DUID;
}

Expression parsed(const std::string& text, Option::Universe universe) {
    isc::eval::EvalContext context(universe);
    try {
        context.parseString(text, isc::eval::EvalContext::PARSER_STRING);
    } catch (const std::exception& ex) {
        isc_throw(DhcpConfigError, "invalid identifier-expression: '" << text << "', " << ex.what());
    }
    return kea::expressionIn(context);
}

// Returns the content of an option, or nothing for none. Usually the option still has the received bytes;
// otherwise they are put into `room`.
const Bytes& contentOf(const Option* option, Bytes& room) {
    if (option == nullptr) {
        return room = {};
    }
    const Bytes& data = option->getData();
    return data.empty() || !option->getOptions().empty() ? room = option->toBinary(false) : data;
}

// Kea's getOptions() would do, but Kea's getOption() copies options in callouts.
const Bytes& contentIn(const OptionCollection& options, uint16_t code, Bytes& room) {
    const auto found = options.find(code);
    return contentOf(found != options.end() ? found->second.get() : nullptr, room);
}

// Returns an option of a packet. It lives on, even if Kea replaces it in the packet by a copy, as it does
// when an expression asks for it within a callout.
OptionPtr ownedOptionIn(const Pkt& packet, uint16_t code) {
    const auto found = packet.options_.find(code);
    return found != packet.options_.end() ? found->second : OptionPtr();
}

// Returns the DUID in a client identifier that has one (RFC 4361 section 6.1): after the type and the IAID.
Bytes duidIn(const Option* identifier) {
    constexpr uint8_t IS_DUID = 255;
    constexpr size_t DUID_AT = 5;
    if (identifier == nullptr ||
        (!identifier->getData().empty() && identifier->getData().front() != IS_DUID)) {
        return {};
    }
    Bytes room;
    const Bytes& content = contentOf(identifier, room);
    return content.size() > DUID_AT && content.front() == IS_DUID
               ? Bytes(content.begin() + DUID_AT, content.end())
               : Bytes();
}

// Kea throws when the content of the query is not an address.
HWAddrPtr hardwareAddressBy(uint32_t source, Pkt6& query) {
    try {
        return query.getMAC(source);
    } catch (const std::exception&) {
        return nullptr;
    }
}

// Finds it as the server itself does (Kea manual, "MAC/Hardware Addresses in DHCPv6").
Bytes hardwareAddressOf(Pkt6& query) {
    for (const uint32_t source : CfgMgr::instance().getCurrentCfg()->getMACSources().get()) {
        const HWAddrPtr found = hardwareAddressBy(source, query);
        if (found && !found->hwaddr_.empty()) {
            return found->hwaddr_;
        }
    }
    return {};
}

// Where a query has what its client is looked up by. A value that is in no option is put into `room`.
template <typename Pkt>
struct Sources;

template <>
struct Sources<Pkt4> {
    // What a query may have besides the hardware address and the flexible identifier.
    static constexpr std::array TYPES = {UserId::DUID, UserId::CLIENT_ID, UserId::CIRCUIT_ID,
                                         UserId::REMOTE_ID, UserId::SUBSCRIBER_ID};

    explicit Sources(const Pkt4& query)
        : identifier(ownedOptionIn(query, DHO_DHCP_CLIENT_IDENTIFIER)),
          agent(ownedOptionIn(query, DHO_DHCP_AGENT_OPTIONS)) {}

    const Bytes& valueOf(UserId::UserIdType type, Bytes& room) const {
        switch (type) {
        case UserId::DUID:
            return room = duidIn(identifier.get());
        case UserId::CLIENT_ID:
            return contentOf(identifier.get(), room);
        case UserId::CIRCUIT_ID:
            return relayed(RAI_OPTION_AGENT_CIRCUIT_ID, room);
        case UserId::REMOTE_ID:
            return relayed(RAI_OPTION_REMOTE_ID, room);
        case UserId::SUBSCRIBER_ID:
            return relayed(RAI_OPTION_SUBSCRIBER_ID, room);
        default:
            return room = {};
        }
    }

    // What the relay has put into option 82 (RFC 3046).
    const Bytes& relayed(uint16_t sub_option, Bytes& room) const {
        return agent != nullptr ? contentIn(agent->getOptions(), sub_option, room) : room = {};
    }

    const OptionPtr identifier;
    const OptionPtr agent;
};

template <>
struct Sources<Pkt6> {
    // What a query may have besides the DUID and the flexible identifier.
    static constexpr std::array TYPES = {UserId::HW_ADDRESS, UserId::INTERFACE_ID, UserId::REMOTE_ID,
                                         UserId::SUBSCRIBER_ID};

    explicit Sources(Pkt6& of) : query(of) {}

    const Bytes& valueOf(UserId::UserIdType type, Bytes& room) const {
        switch (type) {
        case UserId::HW_ADDRESS:
            return room = hardwareAddressOf(query);
        case UserId::INTERFACE_ID:
            return relayed(D6O_INTERFACE_ID, room);
        case UserId::REMOTE_ID:
            return relayed(D6O_REMOTE_ID, room);
        case UserId::SUBSCRIBER_ID:
            return relayed(D6O_SUBSCRIBER_ID, room);
        default:
            return room = {};
        }
    }

    // An option of the relay closest to the client (RFC 8415 section 19.1.2).
    const Bytes& relayed(uint16_t code, Bytes& room) const {
        return !query.relay_info_.empty() ? contentIn(query.relay_info_.back().options_, code, room)
                                          : room = {};
    }

    Pkt6& query;
};

// When an expression fails, or evaluates to nothing, there is no identifier.
Bytes valueOf(const Expression& expression, Pkt& query) {
    if (expression.empty()) {
        return {};
    }
    try {
        const std::string value = evaluateString(expression, query);
        return {value.begin(), value.end()};
    } catch (const std::exception&) {
        return {};
    }
}

} // namespace

Identification::Identification(const IdentifierSettings& settings, Option::Universe universe)
    : types_(settings.types) {
    if (types_ == std::vector<UserId::UserIdType>{ownTypeOf(universe)}) {
        types_.clear();
    }
    if (!settings.expression.empty()) {
        expression_ = parsed(settings.expression, universe);
    }
}

template <typename Pkt>
ClientIds Identification::idsIn(Pkt& query) const {
    ClientIds ids(clientIdOf(query));
    if (types_.empty()) {
        return ids;
    }
    ids.id_place = ClientIds::NOT_LOOKED_UP;
    const Sources<Pkt> sources(query);
    Bytes room;
    for (const UserId::UserIdType type : types_) {
        if (ids.id && ids.id->getType() == type) {
            ids.id_place = ids.others.size();
            continue;
        }
        const Bytes& value =
            type == UserId::FLEX_ID ? room = valueOf(expression_, query) : sources.valueOf(type, room);
        if (!value.empty()) {
            ids.others.emplace_back(type, value);
        }
    }
    return ids;
}

ClientIds Identification::idsOf(Pkt4& query) const {
    return idsIn(query);
}

ClientIds Identification::idsOf(Pkt6& query) const {
    return idsIn(query);
}

// A query has one id of each type.
template <typename Pkt>
void Identification::readAllBut(UserId::UserIdType known, Pkt& query, IdList& ids) const {
    ids.clear();
    const Sources<Pkt> sources(query);
    Bytes room;
    for (const UserId::UserIdType type : sources.TYPES) {
        if (type != known) {
            ids.add(type, sources.valueOf(type, room));
        }
    }
    if (known != UserId::FLEX_ID) {
        ids.add(UserId::FLEX_ID, valueOf(expression_, query));
    }
}

void Identification::readOthers(Pkt4& query, const UserId& known, IdList& others) const {
    readAllBut(known.getType(), query, others);
}

void Identification::readOthers(Pkt6& query, const UserId& known, IdList& others) const {
    readAllBut(known.getType(), query, others);
}

ClientIds Identification::clientOf(const std::optional<UserId>& own, const std::vector<UserId>& ids) const {
    if (types_.empty()) {
        return own;
    }
    std::vector<UserId> looked_up;
    for (const UserId::UserIdType type : types_) {
        std::copy_if(ids.begin(), ids.end(), std::back_inserter(looked_up),
                     [type](const UserId& id) { return id.getType() == type; });
    }
    return {own, std::move(looked_up)};
}

ClientIds Identification::idsBefore(const Pkt4Ptr& query) const {
    return types_.empty() ? ClientIds(clientIdIn(query->data_)) : idsIn(*unpackedCopy(query));
}

} // namespace user_chk
