// SPDX-License-Identifier: MPL-2.0
// Tests what each server reads of the attributes of users of both types.

#include <hooks/attribute_reader.h>

#include <policy/user_rules.h>
#include <response/user_options.h>
#include <support/temp_dir.h>

#include <exceptions/exceptions.h>

#include <gtest/gtest.h>

using isc::dhcp::Option;

namespace user_chk {
namespace {

const AttributeReader READ_4 = makeAttributeReader(std::make_shared<OptionDefinitions>(Option::V4));
const AttributeReader READ_6 = makeAttributeReader(std::make_shared<OptionDefinitions>(Option::V6));

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

TEST(AttributeReaderTest, optionsOfUsersOfTheOtherProtocolAreTheOtherServersBusiness) {
    const PropertyMap v6 = {{"option.dns-servers", "2001:db8::53"}, {"tftp_server", "tftp.example.org"}};
    const Meaning meaning = READ_4(UserId::DUID, v6);
    EXPECT_EQ(nullptr, meaning.rules);
    EXPECT_TRUE(meaning.remarks.empty());
    EXPECT_NO_THROW(READ_4(UserId::DUID, {{"option.dns-servers", "x"}, {"next-server", "x"}}));
    EXPECT_NO_THROW(READ_6(UserId::HW_ADDRESS, {{"option.ntp-servers", "x"}, {"next-server", "x"}}));
}

TEST(AttributeReaderTest, aTftpServerThatIsNoAddressIsRemarkedOnForDhcpv6) {
    const PropertyMap text = {{"tftp_server", "tftp.example.org"}};
    EXPECT_EQ(1, READ_6(UserId::DUID, text).remarks.size());
    EXPECT_TRUE(READ_6(UserId::HW_ADDRESS, text).remarks.empty());
    EXPECT_TRUE(READ_4(UserId::HW_ADDRESS, text).remarks.empty());
    EXPECT_TRUE(READ_4(UserId::DUID, text).remarks.empty());
}

} // namespace
} // namespace user_chk
