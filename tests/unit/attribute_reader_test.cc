// SPDX-License-Identifier: MPL-2.0
// Tests what each server reads from the attributes of users with either type of id.

#include <library/attribute_reader.h>

#include <options/user_options.h>
#include <policy/user_rules.h>
#include <support/temp_dir.h>

#include <exceptions/exceptions.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using isc::dhcp::Option;

namespace user_chk::attribute_reader_test {
namespace {

AttributeReader readerBy(ReadingContext context) {
    return makeAttributeReader(
        std::make_shared<Published<ReadingContext>>(std::make_shared<ReadingContext>(std::move(context))));
}

const AttributeReader READ_4 = readerBy({OptionDefinitions(Option::V4), "REGISTERED", std::nullopt, ""});
const AttributeReader READ_6 = readerBy({OptionDefinitions(Option::V6), "REGISTERED", std::nullopt, ""});

std::string errorOf(const AttributeReader& read, UserId::UserIdType type, const PropertyMap& attributes) {
    return test::messageOf<isc::BadValue>([&] { read(type, attributes); });
}

TEST(AttributeReaderTest, attributesWithoutAMeaningMeanNothing) {
    for (const auto& read : {READ_4, READ_6}) {
        for (const auto type : {UserId::HW_ADDRESS, UserId::DUID}) {
            const Meaning meaning = read(type, {{"bootfile", "/b"}, {"note", "second floor"}});
            EXPECT_EQ(nullptr, meaning.rules);
            EXPECT_TRUE(meaning.remarks.empty());
        }
    }
}

TEST(AttributeReaderTest, whatDoesNotDependOnTheProtocolIsReadOfBothTypes) {
    for (const auto& read : {READ_4, READ_6}) {
        for (const auto type : {UserId::HW_ADDRESS, UserId::DUID}) {
            const Meaning meaning = read(type, {{"access", "restrict"}, {"client-classes", "voip"}});
            ASSERT_TRUE(meaning.rules);
            EXPECT_EQ(UserRules::Access::RESTRICT, meaning.rules->access);
            EXPECT_EQ(1, meaning.rules->client_classes.size());
            EXPECT_EQ("invalid access: 'no', must be one of allow, restrict, deny",
                      errorOf(read, type, {{"access", "no"}}));
        }
    }
}

TEST(AttributeReaderTest, optionsAreReadOfUsersOfTheServersProtocol) {
    const Meaning v4 =
        READ_4(UserId::HW_ADDRESS, {{"option.ntp-servers", "10.0.0.1"}, {"option.no-such", "x"}});
    ASSERT_TRUE(v4.rules && v4.rules->options);
    EXPECT_EQ(1, v4.rules->options->options.size());
    EXPECT_EQ(std::vector<std::string>{"option.no-such is left out: Kea has no definition of it"},
              v4.remarks);

    const Meaning v6 = READ_6(UserId::DUID, {{"option.dns-servers", "2001:db8::53"}});
    ASSERT_TRUE(v6.rules && v6.rules->options);
    EXPECT_EQ(1, v6.rules->options->options.size());

    EXPECT_EQ(0,
              errorOf(READ_4, UserId::HW_ADDRESS, {{"option.ntp-servers", "x"}}).find("invalid option.ntp-"));
    EXPECT_EQ(0, errorOf(READ_6, UserId::DUID, {{"option.dns-servers", "x"}}).find("invalid option.dns-"));
    EXPECT_EQ(0, errorOf(READ_4, UserId::HW_ADDRESS, {{"next-server", "x"}}).find("invalid next-server"));
}

TEST(AttributeReaderTest, optionsOfUsersOfTheOtherProtocolAreCheckedAndDropped) {
    const PropertyMap v6 = {{"option.dns-servers", "2001:db8::53"}, {"tftp_server", "tftp.example.org"}};
    const Meaning meaning = READ_4(UserId::DUID, v6);
    EXPECT_EQ(nullptr, meaning.rules);
    EXPECT_TRUE(meaning.remarks.empty());
    EXPECT_EQ(nullptr, READ_6(UserId::HW_ADDRESS, {{"option.routers", "10.0.0.1"}}).rules);
    for (const auto& [name, value] :
         std::vector<std::pair<std::string, std::string>>{{"option.dns-servers", "oops"},
                                                          {"option.dns-servers", ""},
                                                          {"option.23", "0x01"},
                                                          {"option.13", "0x0000"},
                                                          {"option.vendor-4491.tftp-servers", "oops"}}) {
        const std::string error = errorOf(READ_4, UserId::DUID, {{name, value}});
        EXPECT_EQ(0, error.find("invalid " + name)) << error;
        EXPECT_EQ(errorOf(READ_6, UserId::DUID, {{name, value}}), error) << "the other server says the same";
    }
    for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
             {"option.ntp-servers", "oops"}, {"option.51", "0x00000e10"}, {"next-server", "2001:db8::1"}}) {
        const std::string error = errorOf(READ_6, UserId::HW_ADDRESS, {{name, value}});
        EXPECT_EQ(0, error.find("invalid " + name)) << error;
        EXPECT_EQ(errorOf(READ_4, UserId::HW_ADDRESS, {{name, value}}), error);
    }
}

// --- records that both servers may meet

AttributeReader readerOf(Option::Universe universe, std::vector<UserId::UserIdType> identifiers) {
    ReadingContext context = {OptionDefinitions(universe), "REGISTERED", std::nullopt, ""};
    context.identifiers = std::move(identifiers);
    return readerBy(std::move(context));
}

std::vector<uint16_t> codesIn(const Meaning& meaning) {
    std::vector<uint16_t> codes;
    if (meaning.rules && meaning.rules->options) {
        for (const auto& option : meaning.rules->options->options) {
            codes.push_back(option.first);
        }
    }
    return codes;
}

TEST(AttributeReaderTest, aUserOfTheOtherProtocolWhoIsLookedUpHereHasTheOptionsThatAreGoodHere) {
    const PropertyMap attributes = {{"option.ntp-servers", "10.0.0.1"},
                                    {"option.domain-search", "example.org"},
                                    {"next-server", "10.0.0.2"}};
    const Meaning meaning =
        readerOf(Option::V6, {UserId::DUID, UserId::HW_ADDRESS})(UserId::HW_ADDRESS, attributes);
    EXPECT_EQ(std::vector<uint16_t>{24}, codesIn(meaning)) << "domain-search of DHCPv6";
    EXPECT_TRUE(meaning.remarks.empty());
    EXPECT_TRUE(codesIn(READ_6(UserId::HW_ADDRESS, attributes)).empty());

    const PropertyMap v6 = {{"option.dns-servers", "2001:db8::53"}, {"option.bootfile-url", "tftp://x/"}};
    EXPECT_TRUE(codesIn(readerOf(Option::V4, {UserId::DUID})(UserId::DUID, v6)).empty());
}

TEST(AttributeReaderTest, aUserOfTheOtherProtocolIsStillRefusedByItsRules) {
    const AttributeReader read = readerOf(Option::V6, {UserId::HW_ADDRESS});
    EXPECT_EQ(0,
              errorOf(read, UserId::HW_ADDRESS, {{"option.ntp-servers", "x"}}).find("invalid option.ntp-"));
}

TEST(AttributeReaderTest, optionsOfUsersOfBothProtocolsNeedToBeGoodForOne) {
    const std::vector<UserId::UserIdType> identifiers = {UserId::REMOTE_ID};
    const AttributeReader read4 = readerOf(Option::V4, identifiers);
    const AttributeReader read6 = readerOf(Option::V6, identifiers);
    const PropertyMap attributes = {{"option.ntp-servers", "10.0.0.1"},
                                    {"option.dns-servers", "2001:db8::53"}};
    EXPECT_EQ(std::vector<uint16_t>{42}, codesIn(read4(UserId::REMOTE_ID, attributes)));
    EXPECT_EQ(std::vector<uint16_t>{23}, codesIn(read6(UserId::REMOTE_ID, attributes)));
    EXPECT_TRUE(read4(UserId::REMOTE_ID, attributes).remarks.empty());
    EXPECT_TRUE(read6(UserId::REMOTE_ID, attributes).remarks.empty());
    for (const auto& read : {read4, read6}) {
        EXPECT_NE("", errorOf(read, UserId::REMOTE_ID, {{"option.domain-search", "a..b"}}));
        EXPECT_NO_THROW(read(UserId::REMOTE_ID, {{"option.domain-search", "example.org"}}));
        EXPECT_EQ(std::vector<std::string>{"option.no-such is left out: Kea has no definition of it"},
                  read(UserId::REMOTE_ID, {{"option.no-such", "x"}}).remarks);
    }
}

TEST(AttributeReaderTest, aTypeOfTheServersProtocolThatIsNotLookedUpIsRemarkedOn) {
    EXPECT_EQ(
        std::vector<std::string>{"clients are not looked up by CIRCUIT_ID: circuit-id is not in identifiers"},
        READ_4(UserId::CIRCUIT_ID, {}).remarks);
    EXPECT_TRUE(readerOf(Option::V4, {UserId::CIRCUIT_ID})(UserId::CIRCUIT_ID, {}).remarks.empty());
    EXPECT_TRUE(READ_6(UserId::CIRCUIT_ID, {}).remarks.empty()) << "it is for the other server";
    EXPECT_TRUE(READ_6(UserId::REMOTE_ID, {}).remarks.empty()) << "it may be for the other server";
}

// Its configuration is not known here: it may define these options, and option 43 in any way (RFC 2132
// section 8.4).
TEST(AttributeReaderTest, optionsThatTheOtherServerMayDefineAreItsBusiness) {
    const Meaning meaning = READ_6(
        UserId::HW_ADDRESS,
        {{"option.badge", "blue"}, {"option.224", "7"}, {"option.225", "0xbeef"}, {"option.43", "text"}});
    EXPECT_EQ(nullptr, meaning.rules);
    EXPECT_TRUE(meaning.remarks.empty());
}

TEST(AttributeReaderTest, aNameThatIsNearlyAKnownOneIsRemarkedOnByItsOwnServer) {
    const PropertyMap misspelt = {{"acces", "deny"}};
    EXPECT_EQ(1, READ_4(UserId::HW_ADDRESS, misspelt).remarks.size());
    EXPECT_EQ(1, READ_6(UserId::DUID, misspelt).remarks.size());
    EXPECT_TRUE(READ_4(UserId::DUID, misspelt).remarks.empty());
}

TEST(AttributeReaderTest, placesThatTheConfigurationDoesNotHaveAreRemarkedOn) {
    const PropertyMap scope = {{"subnets", "1, 7,2"}, {"shared-networks", "floor, campus"}};
    const ReadingContext context = {OptionDefinitions(Option::V4), "REGISTERED", std::nullopt, "",
                                    ReadingContext::Places{{1, 2}, {"campus"}}};
    EXPECT_EQ((std::vector<std::string>{"the subnet 7 in subnets is not configured",
                                        "the shared network floor in shared-networks is not configured"}),
              readerBy(context)(UserId::HW_ADDRESS, scope).remarks);
    EXPECT_TRUE(readerBy(context)(UserId::DUID, scope).remarks.empty()) << "which are of the other server";
    EXPECT_TRUE(READ_4(UserId::HW_ADDRESS, scope).remarks.empty()) << "others may come";
    for (const auto type : {UserId::HW_ADDRESS, UserId::DUID}) {
        EXPECT_EQ(0, errorOf(READ_4, type, {{"subnets", "x"}}).find("invalid subnets"));
    }
}

TEST(AttributeReaderTest, classesThatTheConfigurationDoesNotKnowAreRemarkedOn) {
    const PropertyMap classes = {{"client-classes", "voip, vopi, in_a_hook, KNOWN, vopi"}};
    const ReadingContext context = {
        OptionDefinitions(Option::V4), "REGISTERED", {{"voip"}}, "member('in_a_hook')"};
    const std::string remark =
        "the client class vopi does nothing: the server's configuration neither defines "
        "it nor uses it as a guard";
    EXPECT_EQ((std::vector<std::string>{remark, remark}),
              readerBy(context)(UserId::HW_ADDRESS, classes).remarks);
    EXPECT_TRUE(readerBy(context)(UserId::DUID, classes).remarks.empty()) << "the other server's";
    EXPECT_TRUE(READ_4(UserId::HW_ADDRESS, classes).remarks.empty()) << "where classes may come";
}

TEST(AttributeReaderTest, theClassOfRegisteredClientsIsNotForTheDefaultUser) {
    for (const auto type : {UserId::HW_ADDRESS, UserId::DUID}) {
        EXPECT_EQ(
            "invalid client-classes: unregistered clients must not have the class of registered clients, "
            "REGISTERED",
            READ_4(type, {{"client-classes", "voip, REGISTERED"}}).not_for_default);
        EXPECT_EQ("", READ_4(type, {{"client-classes", "voip, REGISTERED2"}}).not_for_default);
    }
}

TEST(AttributeReaderTest, readsByTheContextOfTheMoment) {
    const auto context = std::make_shared<Published<ReadingContext>>(std::make_shared<ReadingContext>(
        ReadingContext{OptionDefinitions(Option::V4), "REGISTERED", std::nullopt, ""}));
    const AttributeReader read = makeAttributeReader(context);
    const PropertyMap attributes = {{"option.badge", "blue"}};
    EXPECT_EQ(1, read(UserId::HW_ADDRESS, attributes).remarks.size());
    const auto configured = boost::make_shared<isc::dhcp::CfgOptionDef>();
    configured->add(boost::make_shared<isc::dhcp::OptionDefinition>("badge", 222, "dhcp4", "string"));
    context->set(std::make_shared<ReadingContext>(
        ReadingContext{OptionDefinitions(Option::V4, configured), "REGISTERED", std::nullopt, ""}));
    EXPECT_TRUE(read(UserId::HW_ADDRESS, attributes).rules);
}

TEST(AttributeReaderTest, aTftpServerThatIsNoAddressIsRemarkedOnForDhcpv6) {
    const PropertyMap text = {{"tftp_server", "tftp.example.org"}};
    EXPECT_EQ(1, READ_6(UserId::DUID, text).remarks.size());
    EXPECT_TRUE(READ_6(UserId::HW_ADDRESS, text).remarks.empty());
    EXPECT_TRUE(READ_4(UserId::HW_ADDRESS, text).remarks.empty());
    EXPECT_TRUE(READ_4(UserId::DUID, text).remarks.empty());
}

} // namespace
} // namespace user_chk::attribute_reader_test
