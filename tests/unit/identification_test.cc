// SPDX-License-Identifier: MPL-2.0
// Tests which identifiers are read from queries.

#include <exchange/identification.h>
#include <support/temp_dir.h>

#include <cc/dhcp_config_error.h>
#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/libdhcp++.h>
#include <dhcp/option_custom.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;

namespace user_chk::identification_test {
namespace {

typedef std::vector<uint8_t> Bytes;
typedef std::vector<UserId> Ids;

const Bytes MAC = {0x0c, 0x0e, 0x0a, 0x01, 0xff, 0x04};
const Bytes LLT = {0, 1, 0, 1, 0x19, 0xef, 0xe6, 0x3b, 0x0c, 0x0e, 0x0a, 0x01, 0xff, 0x05}; // with a MAC
const Bytes UUID = {0, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

Bytes bytesOf(const std::string& text) {
    return {text.begin(), text.end()};
}

Bytes operator+(Bytes one, const Bytes& other) {
    one.insert(one.end(), other.begin(), other.end());
    return one;
}

Identification by(Option::Universe universe, std::vector<UserId::UserIdType> types,
                  const std::string& expression = "") {
    return {IdentifierSettings{std::move(types), expression}, universe};
}

// Returns the identifiers by which a client is looked up, in order.
Ids all(const ClientIds& ids) {
    Ids all;
    for (size_t place = 0; place < ids.count(); ++place) {
        all.push_back(ids.at(place));
    }
    return all;
}

// --- DHCPv4

// A query as received: packed, and parsed again.
Pkt4Ptr received(const std::vector<std::pair<uint8_t, Bytes>>& options, const Bytes& mac = MAC) {
    Pkt4 query(DHCPDISCOVER, 1);
    query.setHWAddr(boost::make_shared<HWAddr>(mac, HTYPE_ETHER));
    for (const auto& [code, data] : options) {
        query.addOption(boost::make_shared<Option>(Option::V4, code, data));
    }
    query.pack();
    return boost::make_shared<Pkt4>(static_cast<const uint8_t*>(query.getBuffer().getData()),
                                    static_cast<uint32_t>(query.getBuffer().getLength()));
}

template <typename Pkt>
Ids othersIn(const Identification& identification, Pkt& query, const UserId& known) {
    IdList others;
    others.add(UserId::FLEX_ID, MAC); // of another query
    identification.readOthers(query, known, others);
    return others.ids();
}

// Returns the identifiers of a query; they are the same before and after Kea has parsed it.
ClientIds idsIn(const Identification& identification, const Pkt4Ptr& query) {
    const ClientIds early = identification.idsBefore(query);
    query->unpack();
    ClientIds ids = identification.idsOf(*query);
    EXPECT_TRUE(isSame(early, ids));
    EXPECT_EQ(all(early), all(ids));
    return ids;
}

const Bytes AGENT =
    Bytes{1, 4} + bytesOf("ge-0") + Bytes{2, 3} + bytesOf("cpe") + Bytes{6, 5} + bytesOf("alice");

TEST(IdentificationTest, byDefaultTheHardwareAddressAloneIsTaken) {
    const std::vector<std::vector<UserId::UserIdType>> as_by_default = {{}, {UserId::HW_ADDRESS}};
    for (const auto& types : as_by_default) {
        const ClientIds ids = idsIn(by(Option::V4, types), received({{82, AGENT}}));
        EXPECT_EQ((Ids{{UserId::HW_ADDRESS, MAC}}), all(ids));
        EXPECT_EQ(UserId(UserId::HW_ADDRESS, MAC), ids.id);
    }
}

TEST(IdentificationTest, whatARelayOfDhcpv4AddsIsTakenInTheOrderThatIsConfigured) {
    const Identification identification =
        by(Option::V4, {UserId::SUBSCRIBER_ID, UserId::HW_ADDRESS, UserId::REMOTE_ID, UserId::CIRCUIT_ID});
    const ClientIds ids = idsIn(identification, received({{82, AGENT}}));
    EXPECT_EQ(UserId(UserId::HW_ADDRESS, MAC), ids.id);
    EXPECT_EQ((Ids{{UserId::SUBSCRIBER_ID, bytesOf("alice")},
                   {UserId::HW_ADDRESS, MAC},
                   {UserId::REMOTE_ID, bytesOf("cpe")},
                   {UserId::CIRCUIT_ID, bytesOf("ge-0")}}),
              all(ids));
}

TEST(IdentificationTest, whatAQueryLacksIsLeftOut) {
    const Identification identification =
        by(Option::V4,
           {UserId::CIRCUIT_ID, UserId::REMOTE_ID, UserId::CLIENT_ID, UserId::DUID, UserId::SUBSCRIBER_ID});
    const ClientIds without = idsIn(identification, received({}));
    EXPECT_TRUE(all(without).empty()) << "the hardware address is not looked up";
    EXPECT_TRUE(all(idsIn(identification, received({{82, {1, 0}}}))).empty()) << "an empty circuit-id";
    EXPECT_EQ((Ids{{UserId::REMOTE_ID, Bytes{7}}}), all(idsIn(identification, received({{82, {2, 1, 7}}}))));
}

TEST(IdentificationTest, aClientIdentifierIsTakenWholeAndADuidOutOfIt) {
    const Identification identification = by(Option::V4, {UserId::CLIENT_ID, UserId::DUID});
    for (const Bytes& duid : {LLT, UUID, Bytes{0, 3, 0, 1, 1, 2, 3, 4, 5, 6}}) {
        const Bytes identifier = Bytes{255, 0, 0, 0, 1} + duid;
        EXPECT_EQ((Ids{{UserId::CLIENT_ID, identifier}, {UserId::DUID, duid}}),
                  all(idsIn(identification, received({{61, identifier}}))));
    }
    const Bytes hardware = Bytes{1} + MAC;
    EXPECT_EQ((Ids{{UserId::CLIENT_ID, hardware}}), all(idsIn(identification, received({{61, hardware}}))))
        << "it has no DUID";
    EXPECT_EQ(1u, all(idsIn(identification, received({{61, {255, 0, 0, 0, 1}}}))).size()) << "nor has this";
}

TEST(IdentificationTest, aQueryWithoutAHardwareAddressHasTheOthers) {
    const Identification identification = by(Option::V4, {UserId::HW_ADDRESS, UserId::CIRCUIT_ID});
    const ClientIds ids = idsIn(identification, received({{82, AGENT}}, {}));
    EXPECT_EQ(std::nullopt, ids.id);
    EXPECT_EQ((Ids{{UserId::CIRCUIT_ID, bytesOf("ge-0")}}), all(ids));
}

// --- DHCPv6

// A query with a DUID, through relays; the last one is closest to the client.
Pkt6 queryBehind(const std::vector<OptionCollection>& relays, const Bytes& duid = UUID) {
    Pkt6 query(DHCPV6_SOLICIT, 1);
    query.addOption(boost::make_shared<Option>(Option::V6, D6O_CLIENTID, duid));
    for (const OptionCollection& options : relays) {
        Pkt6::RelayInfo relay;
        relay.options_ = options;
        query.addRelayInfo(relay);
    }
    return query;
}

OptionPtr option(uint16_t code, const Bytes& data) {
    // Has the class that Kea uses for a received option.
    const OptionDefinitionPtr definition = LibDHCP::getOptionDef(DHCP6_OPTION_SPACE, code);
    return definition ? definition->optionFactory(Option::V6, code, data)
                      : boost::make_shared<Option>(Option::V6, code, data);
}

OptionCollection options(const std::vector<OptionPtr>& list) {
    OptionCollection all;
    for (const OptionPtr& each : list) {
        all.emplace(each->getType(), each);
    }
    return all;
}

const Bytes CPE = Bytes{0, 0, 0, 9} + bytesOf("cpe"); // after the enterprise number

TEST(IdentificationTest, whatTheRelayOfDhcpv6NearestToTheClientAddsIsTaken) {
    const Identification identification =
        by(Option::V6, {UserId::INTERFACE_ID, UserId::REMOTE_ID, UserId::SUBSCRIBER_ID, UserId::DUID});
    Pkt6 query = queryBehind(
        {options({option(D6O_INTERFACE_ID, bytesOf("uplink")), option(D6O_SUBSCRIBER_ID, bytesOf("bob"))}),
         options({option(D6O_INTERFACE_ID, bytesOf("ge-0")), option(D6O_REMOTE_ID, CPE)})});
    EXPECT_EQ((Ids{{UserId::INTERFACE_ID, bytesOf("ge-0")}, {UserId::REMOTE_ID, CPE}, {UserId::DUID, UUID}}),
              all(identification.idsOf(query)))
        << "the subscriber-id is of another relay";
    Pkt6 direct = queryBehind({});
    EXPECT_EQ((Ids{{UserId::DUID, UUID}}), all(identification.idsOf(direct)));
}

TEST(IdentificationTest, theHardwareAddressOfDhcpv6IsTheOneThatKeaFinds) {
    const Identification identification = by(Option::V6, {UserId::HW_ADDRESS});
    Pkt6 by_duid = queryBehind({}, LLT);
    EXPECT_EQ((Ids{{UserId::HW_ADDRESS, Bytes(LLT.end() - 6, LLT.end())}}),
              all(identification.idsOf(by_duid)));
    EXPECT_EQ(UserId(UserId::DUID, LLT), identification.idsOf(by_duid).id);
    Pkt6 by_relay = queryBehind({options({option(D6O_CLIENT_LINKLAYER_ADDR, Bytes{0, 1} + MAC)})});
    EXPECT_EQ((Ids{{UserId::HW_ADDRESS, MAC}}), all(identification.idsOf(by_relay)));
    Pkt6 by_nothing = queryBehind({});
    EXPECT_TRUE(all(identification.idsOf(by_nothing)).empty());
}

TEST(IdentificationTest, whatIsNoHardwareAddressIsNone) {
    const Identification identification = by(Option::V6, {UserId::HW_ADDRESS, UserId::DUID});
    const Bytes too_long = Bytes{0, 1} + Bytes(300, 7);
    Pkt6 by_relay = queryBehind({options({option(D6O_CLIENT_LINKLAYER_ADDR, too_long)})});
    EXPECT_EQ((Ids{{UserId::DUID, UUID}}), all(identification.idsOf(by_relay)));
    Pkt6 by_duid = queryBehind({}, Bytes{1});
    EXPECT_EQ((Ids{{UserId::DUID, Bytes{1}}}), all(identification.idsOf(by_duid)));
}

// --- all of them

TEST(IdentificationTest, allOtherIdsOfAQueryAreToldWhateverIsLookedUp) {
    const Identification by_default = by(Option::V4, {});
    const Bytes identifier = Bytes{255, 0, 0, 0, 1} + UUID;
    const Pkt4Ptr query = received({{61, identifier}, {82, AGENT}});
    query->unpack();
    EXPECT_EQ((Ids{{UserId::DUID, UUID},
                   {UserId::CLIENT_ID, identifier},
                   {UserId::CIRCUIT_ID, bytesOf("ge-0")},
                   {UserId::REMOTE_ID, bytesOf("cpe")},
                   {UserId::SUBSCRIBER_ID, bytesOf("alice")}}),
              othersIn(by_default, *query, {UserId::HW_ADDRESS, MAC}));
    Pkt6 relayed = queryBehind({options({option(D6O_INTERFACE_ID, bytesOf("ge-0"))})});
    EXPECT_EQ((Ids{{UserId::INTERFACE_ID, bytesOf("ge-0")}}),
              othersIn(by(Option::V6, {}), relayed, {UserId::DUID, UUID}));
    EXPECT_EQ(Ids(), othersIn(by(Option::V6, {}), relayed, {UserId::INTERFACE_ID, bytesOf("ge-0")}));
}

TEST(IdentificationTest, aClientOfSomeIdsIsLookedUpByThoseThatAreConfigured) {
    const UserId own(UserId::HW_ADDRESS, MAC);
    const UserId port(UserId::CIRCUIT_ID, bytesOf("ge-0"));
    const UserId line(UserId::REMOTE_ID, bytesOf("cpe"));
    const Ids ids = {line, own, port};
    EXPECT_EQ(Ids{own}, all(by(Option::V4, {}).clientOf(own, ids)));
    EXPECT_EQ((Ids{port, own}),
              all(by(Option::V4, {UserId::CIRCUIT_ID, UserId::HW_ADDRESS}).clientOf(own, ids)));
    EXPECT_EQ(Ids{line}, all(by(Option::V4, {UserId::REMOTE_ID}).clientOf(std::nullopt, ids)));
}

// Within a callout Kea puts a copy in the place of each option that it is asked for.
TEST(IdentificationTest, anExpressionThatReplacesOptionsDoesNoHarm) {
    const Identification identification =
        by(Option::V4, {UserId::FLEX_ID, UserId::DUID, UserId::CLIENT_ID, UserId::CIRCUIT_ID},
           "concat(option[61].hex, relay4[1].hex)");
    const Bytes identifier = Bytes{255, 0, 0, 0, 1} + UUID;
    const Pkt4Ptr query = received({{61, identifier}, {82, AGENT}});
    query->unpack();
    query->setCopyRetrievedOptions(true);
    EXPECT_EQ((Ids{{UserId::FLEX_ID, identifier + bytesOf("ge-0")},
                   {UserId::DUID, UUID},
                   {UserId::CLIENT_ID, identifier},
                   {UserId::CIRCUIT_ID, bytesOf("ge-0")}}),
              all(identification.idsOf(*query)));
}

// --- flex-id

TEST(IdentificationTest, anExpressionMakesTheFlexibleIdentifier) {
    const Identification v4 =
        by(Option::V4, {UserId::FLEX_ID}, "concat(relay4[1].hex, substring(pkt4.mac, 3, all))");
    EXPECT_EQ((Ids{{UserId::FLEX_ID, bytesOf("ge-0") + Bytes{0x01, 0xff, 0x04}}}),
              all(idsIn(v4, received({{82, AGENT}}))));
    const Identification v6 = by(Option::V6, {UserId::FLEX_ID}, "relay6[0].option[18].hex");
    Pkt6 query = queryBehind({options({option(D6O_INTERFACE_ID, bytesOf("ge-0"))})});
    EXPECT_EQ((Ids{{UserId::FLEX_ID, bytesOf("ge-0")}}), all(v6.idsOf(query)));
}

TEST(IdentificationTest, anExpressionThatFailsOrIsEmptyMakesNone) {
    EXPECT_TRUE(all(idsIn(by(Option::V4, {UserId::FLEX_ID}, "relay4[1].hex"), received({}))).empty());
    Pkt6 query = queryBehind({});
    const Identification fails =
        by(Option::V6, {UserId::FLEX_ID, UserId::DUID}, "uint8totext(option[1].hex)");
    EXPECT_EQ((Ids{{UserId::DUID, UUID}}), all(fails.idsOf(query)));
}

TEST(IdentificationTest, anExpressionThatCannotBeParsedIsNamed) {
    const std::string error =
        test::messageOf<DhcpConfigError>([] { by(Option::V4, {UserId::FLEX_ID}, "relay4[1"); });
    EXPECT_EQ(0, error.find("invalid identifier-expression: 'relay4[1', ")) << error;
    EXPECT_NE("", test::messageOf<DhcpConfigError>(
                      [] { by(Option::V4, {UserId::FLEX_ID}, "relay6[0].option[18].hex"); }));
}

} // namespace
} // namespace user_chk::identification_test
