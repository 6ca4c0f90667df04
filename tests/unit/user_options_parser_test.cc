// SPDX-License-Identifier: MPL-2.0
// Tests how options are created from attributes.

#include <options/user_options.h>
#include <support/temp_dir.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option_space.h>
#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk::user_options_parser_test {
namespace {

typedef std::vector<uint8_t> Bytes;
typedef std::vector<std::string> Remarks;

Bytes bytesOf(const std::string& text) {
    return Bytes(text.begin(), text.end());
}

Bytes addressesOf(const std::vector<std::string>& addresses) {
    Bytes bytes;
    for (const std::string& address : addresses) {
        const Bytes one = IOAddress(address).toBytes();
        bytes.insert(bytes.end(), one.begin(), one.end());
    }
    return bytes;
}

// Returns the values of options by their codes.
typedef std::map<uint16_t, Bytes> Values;
Values optionValues(const UserOptions::Options& options) {
    Values values;
    for (const auto& [code, option] : options) {
        EXPECT_EQ(code, option->getType());
        values[code] = option->toBinary(false);
    }
    return values;
}

class UserOptionsParserTest : public testing::Test {
protected:
    std::shared_ptr<const UserOptions> parse(const PropertyMap& attributes) {
        remarks_.clear();
        return UserOptions::parse(attributes, definitions_, remarks_);
    }
    Values valuesOf(const PropertyMap& attributes) {
        const auto parsed = parse(attributes);
        return parsed ? optionValues(parsed->options) : Values();
    }
    Values vendorValuesOf(uint32_t enterprise, const PropertyMap& attributes) {
        const auto parsed = parse(attributes);
        return parsed && parsed->vendors.count(enterprise) != 0 ? optionValues(parsed->vendors.at(enterprise))
                                                                : Values();
    }
    std::string errorOf(const PropertyMap& attributes) {
        return test::messageOf<isc::BadValue>([&] { parse(attributes); });
    }

    // Leaves out the options of these attributes, with a remark on each.
    void expectLeftOut(const PropertyMap& attributes) {
        Remarks expected;
        for (const auto& attribute : attributes) {
            expected.push_back(attribute.first + " is left out: Kea has no definition of it");
        }
        EXPECT_EQ(nullptr, parse(attributes));
        EXPECT_EQ(expected, remarks_);
    }

    static CfgOptionDefPtr configuredOf(const std::string& space) {
        const auto configured = boost::make_shared<CfgOptionDef>();
        configured->add(boost::make_shared<OptionDefinition>("portal", 222, space, "string"));
        configured->add(boost::make_shared<OptionDefinition>("color", 5, "vendor-9999", "string"));
        configured->add(boost::make_shared<OptionDefinition>("port", 6, "vendor-9999", "uint16"));
        return configured;
    }

    explicit UserOptionsParserTest(Option::Universe universe = Option::V4)
        : definitions_(universe,
                       configuredOf(universe == Option::V4 ? DHCP4_OPTION_SPACE : DHCP6_OPTION_SPACE)) {}

    const OptionDefinitions definitions_;
    Remarks remarks_;
};

class UserOptionsParser6Test : public UserOptionsParserTest {
protected:
    UserOptionsParser6Test() : UserOptionsParserTest(Option::V6) {}
};

// --- what is accepted

TEST_F(UserOptionsParserTest, otherAttributesAreNone) {
    EXPECT_EQ(nullptr, parse({}));
    EXPECT_EQ(nullptr, parse({{"bootfile", "/b"},
                              {"Option.ntp-servers", "10.0.0.1"},
                              {"options.42", "x"},
                              {"option", "x"},
                              {"ntp-servers", "10.0.0.1"}}));
    EXPECT_EQ(Remarks(), remarks_);
}

TEST_F(UserOptionsParserTest, optionsAreNamedByNameOrCode) {
    const Values expected = {{DHO_NTP_SERVERS, addressesOf({"10.0.0.1", "10.0.0.2"})}};
    EXPECT_EQ(expected, valuesOf({{"option.ntp-servers", "10.0.0.1, 10.0.0.2"}}));
    EXPECT_EQ(expected, valuesOf({{"option.42", "10.0.0.1,10.0.0.2"}}));
    EXPECT_EQ(expected, valuesOf({{"option.042", "10.0.0.1,10.0.0.2"}}));
    EXPECT_EQ(Remarks(), remarks_);
}

TEST_F(UserOptionsParser6Test, optionsAreNamedByNameOrCode) {
    const Values expected = {{D6O_NAME_SERVERS, addressesOf({"2001:db8::53", "2001:db8::54"})}};
    EXPECT_EQ(expected, valuesOf({{"option.dns-servers", "2001:db8::53, 2001:db8::54"}}));
    EXPECT_EQ(expected, valuesOf({{"option.23", "2001:db8::53,2001:db8::54"}}));
}

TEST_F(UserOptionsParserTest, eachAttributeIsAnOption) {
    EXPECT_EQ((Values{{DHO_NTP_SERVERS, addressesOf({"10.0.0.1"})},
                      {DHO_DOMAIN_NAME, bytesOf("example.org")},
                      {DHO_IP_FORWARDING, {1}},
                      {222, bytesOf("https://portal.example.org/a,b")}}),
              valuesOf({{"option.ntp-servers", "10.0.0.1"},
                        {"option.domain-name", "example.org"},
                        {"option.ip-forwarding", "true"},
                        {"option.222", R"(https://portal.example.org/a\,b)"}}));
}

TEST_F(UserOptionsParserTest, hexDigitsAreTheBytes) {
    const Values expected = {{DHO_NTP_SERVERS, addressesOf({"10.0.0.255"})}};
    EXPECT_EQ(expected, valuesOf({{"option.ntp-servers", "0x0a0000fF"}}));
    EXPECT_EQ(expected, valuesOf({{"option.42", "0x0a0000ff"}}));
}

TEST_F(UserOptionsParserTest, hexDigitsUnderACodeNeedNoDefinition) {
    EXPECT_EQ((Values{{223, {0xbe, 0xef}}}), valuesOf({{"option.223", "0xbeef"}}));
    EXPECT_EQ((Values{{254, {0xbe, 0xef}}}), valuesOf({{"option.254", "0xbeef"}}));
    EXPECT_EQ(Remarks(), remarks_);
}

TEST_F(UserOptionsParser6Test, codesGoTo65535) {
    EXPECT_EQ((Values{{65535, {0xbe, 0xef}}}), valuesOf({{"option.65535", "0xbeef"}}));
}

TEST_F(UserOptionsParserTest, captivePortalIsAnOption) {
    EXPECT_EQ((Values{{114, bytesOf("https://portal.example.org/")}}),
              valuesOf({{"option.v4-captive-portal", "https://portal.example.org/"}}));
}

TEST_F(UserOptionsParserTest, definitionsOfTheConfigurationCount) {
    EXPECT_EQ((Values{{222, bytesOf("text")}}), valuesOf({{"option.portal", "text"}}));
    EXPECT_EQ((Values{{222, bytesOf("text")}}), valuesOf({{"option.222", "text"}}));
    EXPECT_EQ((Values{{5, bytesOf("red")}, {6, {0x1f, 0x90}}}),
              vendorValuesOf(9999, {{"option.vendor-9999.color", "red"}, {"option.vendor-9999.6", "8080"}}));
}

TEST_F(UserOptionsParser6Test, definitionsOfTheConfigurationCount) {
    EXPECT_EQ((Values{{222, bytesOf("text")}}), valuesOf({{"option.portal", "text"}}));
    EXPECT_EQ((Values{{5, bytesOf("red")}, {6, {0x1f, 0x90}}}),
              vendorValuesOf(9999, {{"option.vendor-9999.color", "red"}, {"option.vendor-9999.6", "8080"}}));
}

TEST_F(UserOptionsParserTest, vendorsHaveOptionsOfTheirOwn) {
    const PropertyMap attributes = {{"option.vendor-4491.tftp-servers", "10.0.0.5"},
                                    {"option.vendor-9999.7", "0xbeef"},
                                    {"option.vendor-4294967295.51", "0x01"},
                                    {"option.domain-name", "example.org"}};
    EXPECT_EQ((Values{{2, addressesOf({"10.0.0.5"})}}), vendorValuesOf(4491, attributes));
    EXPECT_EQ((Values{{7, {0xbe, 0xef}}}), vendorValuesOf(9999, attributes));
    EXPECT_EQ((Values{{51, {1}}}), vendorValuesOf(4294967295, attributes)) << "not the server's lease time";
    EXPECT_EQ((Values{{DHO_DOMAIN_NAME, bytesOf("example.org")}}), valuesOf(attributes));
    EXPECT_EQ((Values{{2, addressesOf({"10.0.0.5"})}}),
              vendorValuesOf(4491, {{"option.vendor-4491.2", "10.0.0.5"}}));
}

TEST_F(UserOptionsParser6Test, vendorsHaveOptionsOfTheirOwn) {
    const PropertyMap attributes = {{"option.vendor-4491.tftp-servers", "2001:db8::5"},
                                    {"option.vendor-4491.config-file", "/modem"}};
    EXPECT_EQ((Values{{32, addressesOf({"2001:db8::5"})}, {33, bytesOf("/modem")}}),
              vendorValuesOf(4491, attributes));
}

TEST_F(UserOptionsParserTest, nextServerIsAnIpv4Address) {
    const auto parsed = parse({{"next-server", "10.0.0.9"}});
    ASSERT_TRUE(parsed);
    EXPECT_EQ(IOAddress("10.0.0.9"), parsed->next_server);
    EXPECT_EQ(std::nullopt, parse({{"option.42", "10.0.0.1"}})->next_server);
}

TEST_F(UserOptionsParser6Test, nextServerMeansNothing) {
    EXPECT_EQ(nullptr, parse({{"next-server", "10.0.0.9"}}));
    EXPECT_EQ(nullptr, parse({{"next-server", "no address"}}));
}

TEST_F(UserOptionsParserTest, valuesOver255BytesAreTaken) {
    const std::string longer(600, 'x');
    EXPECT_EQ((Values{{DHO_BOOT_FILE_NAME, bytesOf(longer)}}), valuesOf({{"option.boot-file-name", longer}}));
}

TEST_F(UserOptionsParserTest, whatIsBehindACommaThatKeaCutsAtIsRemarkedOn) {
    const std::string cut =
        " is sent without what follows a comma, as the option has no field for it; write a comma "
        "within a value as \\\\,";
    for (const auto& [name, value] : PropertyMap{{"option.domain-name", "a,b"},
                                                 {"option.35", "5, 6"},
                                                 {"option.vendor-9999.color", "red, blue, green"},
                                                 {"option.slp-service-scope", "true, campus, more"}}) {
        EXPECT_TRUE(parse({{name, value}})) << name;
        EXPECT_EQ(Remarks{name + cut}, remarks_);
    }
    EXPECT_EQ((Values{{DHO_DOMAIN_NAME, bytesOf("a")}}), valuesOf({{"option.domain-name", "a,b"}}));
    EXPECT_EQ((Values{{DHO_DOMAIN_NAME, bytesOf("a,b")}}), valuesOf({{"option.domain-name", "a\\,b"}}));
    EXPECT_EQ(Remarks(), remarks_);
}

TEST_F(UserOptionsParserTest, commasThatAreNeededAreNotRemarkedOn) {
    for (const auto& [name, value] :
         std::vector<std::pair<std::string, std::string>>{{"option.ntp-servers", "10.0.0.1, 10.0.0.2"},
                                                          {"option.ntp-servers", "10.0.0.1, 10.0.0.1"},
                                                          {"option.domain-name", "0x612c62"},
                                                          {"option.slp-service-scope", "true, campus"},
                                                          {"option.domain-search", "a.example, b.example"}}) {
        EXPECT_TRUE(parse({{name, value}})) << name;
        EXPECT_EQ(Remarks(), remarks_) << name;
    }
}

// Since Kea 2.5 these options have a special form, with commas between routes (RFC 3442).
TEST_F(UserOptionsParserTest, commasBetweenClasslessRoutesAreNotRemarkedOn) {
    const Bytes routes = {16, 10, 9, 192, 0, 2, 1, 0, 192, 0, 2, 1};
    const std::string name = "option.classless-static-route";
    if (definitions_.find(DHCP4_OPTION_SPACE, name.substr(7)) != nullptr) {
        EXPECT_EQ((Values{{121, routes}}),
                  valuesOf({{name, "10.9.0.0/16 - 192.0.2.1, 0.0.0.0/0 - 192.0.2.1"}}));
        EXPECT_EQ(Remarks(), remarks_);
    }
    EXPECT_EQ((Values{{121, routes}}), valuesOf({{"option.121", "0x100a09c000020100c0000201"}}));
    EXPECT_EQ(Remarks(), remarks_);
}

// --- bytes

// Returns the bytes in a response of an option that was created from this value.
Bytes onTheWire(Option::Universe universe, const OptionPtr& option) {
    if (universe == Option::V6) {
        Pkt6 response(DHCPV6_REPLY, 0);
        response.addOption(option);
        response.pack();
        const auto* data = static_cast<const uint8_t*>(response.getBuffer().getData());
        return Bytes(data + 4 + Option::OPTION6_HDR_LEN, data + response.getBuffer().getLength());
    }
    Pkt4 response(DHCPACK, 0);
    response.delOption(DHO_DHCP_MESSAGE_TYPE);
    response.addOption(option);
    response.pack();
    const auto* data = static_cast<const uint8_t*>(response.getBuffer().getData());
    return Bytes(data + Pkt4::DHCPV4_PKT_HDR_LEN + 4 + Option::OPTION4_HDR_LEN,
                 data + response.getBuffer().getLength() - 1);
}

Bytes fromHex(const std::string& hex) {
    Bytes bytes;
    for (size_t at = 2; at < hex.size(); at += 2) {
        bytes.push_back(static_cast<uint8_t>(std::stoi(hex.substr(at, 2), nullptr, 16)));
    }
    return bytes;
}

TEST_F(UserOptionsParserTest, hexDigitsAreSentAsTheseBytes) {
    for (const auto& [code, hex] : std::map<uint16_t, std::vector<std::string>>{
             {43, {"0xdeadbeef", "0x01", "0x060108ff", "0x0601080701ff", "0x060108", "0x00", "0xff"}},
             {125,
              {"0x0000055803010141000009bf03020142",
               "0x000005580301014100000558"
               "03020142",
               "0x0000055800", "0x0000055803010141"}},
             {124,
              {"0x000005580301014100000558"
               "03020142",
               "0x00000558020141"}},
             {67, {"0x626f6f742e65666900", "0x6100620000"}},
             {12, {"0x6100"}},
             {119, {"0x01610000", "0x0161000162c000"}},
             {121, {"0x100a09c000020100c0000201"}},
             {224, {"0x00", "0xbeef00"}},
             {42, {"0x0a000001"}}}) {
        for (const std::string& value : hex) {
            const auto parsed = parse({{"option." + std::to_string(code), value}});
            ASSERT_TRUE(parsed) << code;
            EXPECT_EQ(fromHex(value), onTheWire(Option::V4, parsed->options.at(code)))
                << code << " " << value;
            EXPECT_EQ(Remarks(), remarks_) << code << " " << value;
        }
    }
}

TEST_F(UserOptionsParser6Test, hexDigitsAreSentAsTheseBytes) {
    for (const auto& [code, hex] : std::map<uint16_t, std::vector<std::string>>{
             {17, {"0x00000558000100024142", "0x00000558"}},
             {94, {"0x00590010000a20000a000001002020010db800000000", "0x12340001ff"}},
             {59, {"0x6100"}},
             {24, {"0x01610000"}},
             {23, {"0x20010db8000000000000000000000053"}}}) {
        for (const std::string& value : hex) {
            const auto parsed = parse({{"option." + std::to_string(code), value}});
            ASSERT_TRUE(parsed) << code;
            EXPECT_EQ(fromHex(value), onTheWire(Option::V6, parsed->options.at(code)))
                << code << " " << value;
        }
    }
}

TEST_F(UserOptionsParserTest, hexDigitsAreTheBytesWithinAVendorOptionToo) {
    EXPECT_EQ((Values{{1, {'a', 0}}}), vendorValuesOf(4491, {{"option.vendor-4491.1", "0x6100"}}));
}

// --- what does not fit

std::string hexOf(size_t bytes) {
    std::string hex = "0x";
    for (size_t i = 0; i < bytes; ++i) {
        hex += "ab";
    }
    return hex;
}

TEST_F(UserOptionsParserTest, optionsThatLeaveTheServerNoRoomInADatagramAreRefused) {
    EXPECT_TRUE(parse({{"option.224", hexOf(946)}})) << "four options on the wire, 954 bytes";
    EXPECT_EQ(Remarks(), remarks_);
    EXPECT_TRUE(parse({{"option.224", hexOf(947)}}));
    EXPECT_EQ(Remarks{"the options take 955 bytes of a response: if the server's own options need more than "
                      "the 255 bytes that are left, Kea cannot send it"},
              remarks_);
    EXPECT_TRUE(parse({{"option.224", hexOf(1200)}})) << "five options on the wire, 1,210 bytes";
    EXPECT_EQ("invalid attributes: their options take 1211 bytes of a response, must be at most 1210",
              errorOf({{"option.224", hexOf(1201)}}));
    EXPECT_EQ("invalid attributes: their options take 1230 bytes of a response, must be at most 1210",
              errorOf({{"option.224", hexOf(1220)}}));
    EXPECT_EQ("invalid attributes: their options take 1312 bytes of a response, must be at most 1210",
              errorOf({{"bootfile", std::string(1300, 'b')}}));
    const std::string part(240, 'x');
    PropertyMap many = {{"option.224", hexOf(240)},
                        {"option.225", hexOf(240)},
                        {"option.vendor-9.1", hexOf(240)},
                        {"bootfile", part}};
    EXPECT_TRUE(parse(many)) << "975 bytes";
    many["tftp_server"] = part;
    EXPECT_EQ("invalid attributes: their options take 1217 bytes of a response, must be at most 1210",
              errorOf(many));
}

TEST_F(UserOptionsParser6Test, optionsThatADatagramCannotHoldAreRefused) {
    std::string addresses = "::";
    for (int i = 1; i < 4091; ++i) {
        addresses += ",::";
    }
    EXPECT_TRUE(parse({{"option.dns-servers", addresses}})) << "65,460 bytes";
    EXPECT_EQ("invalid attributes: their options take 65476 bytes of a response, must be at most 65465",
              errorOf({{"option.dns-servers", addresses + ",::"}}));
    EXPECT_EQ("invalid attributes: their options take 130920 bytes of a response, must be at most 65465",
              errorOf({{"option.dns-servers", addresses}, {"option.nis-servers", addresses}}));
}

// --- what is left out

TEST_F(UserOptionsParserTest, whatKeaDoesNotKnowIsLeftOutWithARemark) {
    expectLeftOut({{"option.no-such", "x"}});
    expectLeftOut({{"option.no-such", "0xbeef"}});
    expectLeftOut({{"option.223", "text"}});
    expectLeftOut({{"option.vendor-4491.no-such", "x"}, {"option.vendor-8888.1", "text"}});
    expectLeftOut({{"option.vendor-4491", "x"}});
    expectLeftOut({{"option.-1", "x"}, {"option.4 2", "x"}, {"option.NTP-servers", "10.0.0.1"}});
}

TEST_F(UserOptionsParserTest, theOthersAreTakenNevertheless) {
    EXPECT_EQ((Values{{DHO_NTP_SERVERS, addressesOf({"10.0.0.1"})}}),
              valuesOf({{"option.no-such", "x"}, {"option.42", "10.0.0.1"}}));
    EXPECT_EQ(Remarks{"option.no-such is left out: Kea has no definition of it"}, remarks_);
}

TEST_F(UserOptionsParserTest, configurationThatIsNotKnownMayDefineMore) {
    EXPECT_EQ(nullptr, UserOptions::parse({{"option.no-such", "x"}}, OptionDefinitions::standard(Option::V4),
                                          remarks_));
    EXPECT_EQ(Remarks{"option.no-such is left out: Kea has no definition of it, unless the server's "
                      "configuration has one"},
              remarks_);
}

TEST_F(UserOptionsParserTest, optionsOfTheOtherProtocolAreNotKnown) {
    expectLeftOut({{"option.preference", "5"}});
    EXPECT_EQ((Values{{DHO_ARP_CACHE_TIMEOUT, {0, 0, 0, 5}}}), valuesOf({{"option.35", "5"}}));
}

// --- what is rejected

TEST_F(UserOptionsParserTest, namesAndCodesThatAreNoneAreRefused) {
    for (const std::string name : {"", "0", "00", "255", "65536", "4294967338", "99999999999999999999"}) {
        EXPECT_EQ("invalid option." + name + ": the name of an option must follow, or a code from 1 to 254",
                  errorOf({{"option." + name, "0x01"}}));
        EXPECT_EQ("invalid option.vendor-4491." + name +
                      ": the name of an option must follow, or a code from 1 to 254",
                  errorOf({{"option.vendor-4491." + name, "0x01"}}));
    }
    for (const std::string enterprise : {"", "0", "4294967296", "x", "-1", "4491x", " 4491", "99999999999"}) {
        EXPECT_EQ("invalid option.vendor-" + enterprise + ".2: an enterprise number must follow vendor-",
                  errorOf({{"option.vendor-" + enterprise + ".2", "0x01"}}));
    }
}

TEST_F(UserOptionsParser6Test, namesAndCodesThatAreNoneAreRefused) {
    for (const std::string name : {"", "0", "65536", "4294967338"}) {
        EXPECT_EQ("invalid option." + name + ": the name of an option must follow, or a code from 1 to 65535",
                  errorOf({{"option." + name, "0x01"}}));
    }
}

TEST_F(UserOptionsParserTest, badValuesAreRefusedByTheNameOfTheirAttribute) {
    for (const PropertyMap& bad :
         {PropertyMap{{"option.ntp-servers", "not an address"}}, PropertyMap{{"option.42", "10.0.0.256"}},
          PropertyMap{{"option.42", "0x0a0000"}}, PropertyMap{{"option.42", "0X0A0000FF"}},
          PropertyMap{{"option.42", "0xzz"}}, PropertyMap{{"option.42", "0x"}},
          PropertyMap{{"option.223", "0x0g"}}, PropertyMap{{"option.ip-forwarding", "maybe"}},
          PropertyMap{{"option.35", "-1"}}, PropertyMap{{"option.35", "4294967296"}},
          PropertyMap{{"option.35", "five"}}, PropertyMap{{"option.vendor-9999.6", "65536"}},
          PropertyMap{{"option.vendor-4491.2", "nowhere"}}}) {
        const auto& [name, value] = *bad.begin();
        const std::string expected = "invalid " + name + ": '" + value + "': ";
        const std::string error = errorOf(bad);
        EXPECT_EQ(expected, error.substr(0, expected.size())) << error;
        EXPECT_GT(error.size(), expected.size()) << "the reason";
        EXPECT_EQ(std::string::npos, error.find(":0:0")) << "a place in a configuration: " << error;
    }
}

TEST_F(UserOptionsParserTest, optionsThatWouldBeSentWithoutAValueAreRefused) {
    for (const char* name : {"routers", "ntp-servers", "43", "domain-search", "125"}) {
        const std::string attribute = std::string("option.") + name;
        EXPECT_EQ(0, errorOf({{attribute, ""}}).find("invalid " + attribute + ": '': ")) << name;
    }
    EXPECT_EQ("invalid option.routers: '': the option would be sent without a value",
              errorOf({{"option.routers", ""}}));
}

TEST_F(UserOptionsParser6Test, optionsThatWouldBeSentWithoutAValueAreRefused) {
    for (const char* name : {"23", "94", "domain-search"}) {
        const std::string attribute = std::string("option.") + name;
        EXPECT_EQ(0, errorOf({{attribute, ""}}).find("invalid " + attribute + ": '': ")) << name;
    }
}

TEST_F(UserOptionsParserTest, optionsThatAreDefinedToBeEmptyAreSentSo) {
    const auto configured = boost::make_shared<CfgOptionDef>();
    configured->add(boost::make_shared<OptionDefinition>("flag", 230, DHCP4_OPTION_SPACE, "empty"));
    const auto parsed =
        UserOptions::parse({{"option.flag", ""}}, OptionDefinitions(Option::V4, configured), remarks_);
    ASSERT_TRUE(parsed);
    EXPECT_EQ((Values{{230, {}}}), optionValues(parsed->options));
}

TEST_F(UserOptionsParserTest, aVendorOptionIsGivenWholeOrInParts) {
    EXPECT_EQ("invalid option.vendor-1368: another attribute sets the whole option with code 125",
              errorOf({{"option.125", "0x0000055803010141"}, {"option.vendor-1368.1", "0x01020304"}}));
    EXPECT_EQ("invalid option.vendor-9: another attribute sets the whole option with code 125",
              errorOf({{"option.125", "0x0000055803010141"}, {"option.vendor-9.1", "0x01020304"}}));
}

TEST_F(UserOptionsParser6Test, aVendorOptionIsGivenWholeOrInParts) {
    EXPECT_EQ("invalid option.vendor-1368: another attribute sets the whole option with code 17",
              errorOf({{"option.17", "0x00000558000100024142"}, {"option.vendor-1368.1", "0x01020304"}}));
}

const std::string RESERVED = ": only the server itself sets this option";

TEST_F(UserOptionsParserTest, optionsOfTheServersOwnAreRefused) {
    for (const auto& [code, value] : std::map<int, const char*>{{DHO_DHCP_REQUESTED_ADDRESS, "0x0a000001"},
                                                                {DHO_DHCP_LEASE_TIME, "0x00000e10"},
                                                                {DHO_DHCP_OPTION_OVERLOAD, "0x01"},
                                                                {DHO_DHCP_MESSAGE_TYPE, "0x05"},
                                                                {DHO_DHCP_SERVER_IDENTIFIER, "0x0a000001"},
                                                                {DHO_DHCP_PARAMETER_REQUEST_LIST, "0x01"},
                                                                {DHO_DHCP_MAX_MESSAGE_SIZE, "0x0240"},
                                                                {DHO_DHCP_RENEWAL_TIME, "0x00000e10"},
                                                                {DHO_DHCP_REBINDING_TIME, "0x00000e10"},
                                                                {DHO_DHCP_CLIENT_IDENTIFIER, "0x0102"},
                                                                {DHO_DHCP_AGENT_OPTIONS, "0x010161"}}) {
        const std::string name = "option." + std::to_string(code);
        EXPECT_EQ("invalid " + name + RESERVED, errorOf({{name, value}}));
    }
    EXPECT_EQ("invalid option.dhcp-lease-time" + RESERVED, errorOf({{"option.dhcp-lease-time", "3600"}}));
}

TEST_F(UserOptionsParser6Test, optionsOfTheServersOwnAreRefused) {
    const std::string lease = "0x20010db80000000000000000000000070000003c00000e10";
    for (const auto& [code, value] : std::map<int, std::string>{
             {D6O_CLIENTID, "0x00010203"},
             {D6O_SERVERID, "0x00010203"},
             {D6O_IA_NA, "0x000000010000000000000000"},
             {D6O_IA_TA, "0x00000001"},
             {D6O_IAADDR, lease},
             {D6O_ORO, "0x0017"},
             {D6O_ELAPSED_TIME, "0x0000"},
             {D6O_RELAY_MSG, "0x01020304"},
             {D6O_STATUS_CODE, "0x0000"},
             {D6O_INTERFACE_ID, "0x6161"},
             {D6O_IA_PD, "0x000000010000000000000000"},
             {D6O_IAPREFIX, "0x0000003c00000e103020010db800000000" + std::string(16, '0')}}) {
        const std::string name = "option." + std::to_string(code);
        EXPECT_EQ("invalid " + name + RESERVED, errorOf({{name, value}}));
    }
    EXPECT_EQ("invalid option.rapid-commit" + RESERVED, errorOf({{"option.rapid-commit", ""}}));
}

TEST_F(UserOptionsParserTest, anOptionThatIsGivenTwiceIsRefused) {
    EXPECT_EQ("invalid option.ntp-servers: another attribute sets the option with code 42 already",
              errorOf({{"option.42", "10.0.0.1"}, {"option.ntp-servers", "10.0.0.1"}}));
    EXPECT_EQ("invalid option.42: another attribute sets the option with code 42 already",
              errorOf({{"option.042", "10.0.0.1"}, {"option.42", "10.0.0.1"}}));
    EXPECT_EQ(
        "invalid option.vendor-4491.tftp-servers: another attribute sets the option with code 2 already",
        errorOf({{"option.vendor-4491.2", "10.0.0.1"}, {"option.vendor-4491.tftp-servers", "10.0.0.1"}}));
    EXPECT_EQ("invalid option.vendor-4491.2: another attribute sets the option with code 2 already",
              errorOf({{"option.vendor-04491.2", "10.0.0.1"}, {"option.vendor-4491.2", "10.0.0.1"}}));
    EXPECT_NO_THROW(parse({{"option.vendor-4491.2", "10.0.0.1"}, {"option.vendor-9999.2", "0x01"}}));
}

TEST_F(UserOptionsParserTest, vendorOptionsThatDoNotFitIntoOneOptionAreRefused) {
    const auto hex = [](size_t bytes) {
        std::string digits = "0x";
        for (size_t i = 0; i < bytes; ++i) {
            digits += "ab";
        }
        return digits;
    };
    EXPECT_NO_THROW(parse({{"option.vendor-9999.7", hex(246)}}));
    EXPECT_NO_THROW(parse({{"option.vendor-9999.7", hex(144)}, {"option.vendor-9999.8", hex(100)}}));
    EXPECT_NO_THROW(parse({{"option.vendor-9999.7", hex(246)}, {"option.vendor-9998.7", hex(246)}}));
    EXPECT_EQ("invalid option.vendor-9999: its options take 249 bytes, must be at most 248",
              errorOf({{"option.vendor-9999.7", hex(247)}}));
    EXPECT_EQ("invalid option.vendor-9999: its options take 249 bytes, must be at most 248",
              errorOf({{"option.vendor-9999.7", hex(145)}, {"option.vendor-9999.8", hex(100)}}));
}

// For the older form of this option (RFC 4702) Kea writes four characters for a byte that is not printable,
// and mistakes the length of a label for a character: 46 for a dot.
TEST_F(UserOptionsParserTest, nameThatGetsTooLongInTheResponseIsRefused) {
    const auto fqdn = [](size_t length) {
        return "1, 0, 0, " + std::string(length, '\xff') + "." + std::string(46, '\xff');
    };
    EXPECT_NO_THROW(parse({{"option.fqdn", fqdn(10)}}));
    EXPECT_EQ(
        "invalid option.fqdn: cannot be sent: DHCPv4 Option 81 is too big. At most 255 bytes are supported.",
        errorOf({{"option.fqdn", fqdn(30)}}));
}

TEST_F(UserOptionsParser6Test, vendorOptionsMayBeLong) {
    EXPECT_EQ((Values{{33, Bytes(600, 'x')}}),
              vendorValuesOf(4491, {{"option.vendor-4491.config-file", std::string(600, 'x')}}));
}

TEST_F(UserOptionsParserTest, nextServerThatIsNoIpv4AddressIsRefused) {
    for (const std::string bad :
         {"", " ", "tftp.example.org", "2001:db8::1", "10.0.0.256", "10.0.0.1,10.0.0.2"}) {
        EXPECT_EQ("invalid next-server: '" + bad + "', must be an IPv4 address",
                  errorOf({{"next-server", bad}}));
    }
}

} // namespace
} // namespace user_chk::user_options_parser_test
