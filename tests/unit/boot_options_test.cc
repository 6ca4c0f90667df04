// SPDX-License-Identifier: MPL-2.0
// Tests how boot attributes become options of a response.

#include <options/boot_options.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/docsis3_option_defs.h>
#include <dhcp/option6_addrlst.h>
#include <dhcp/option_string.h>
#include <dhcp/option_vendor.h>
#include <util/buffer.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk::boot_options_test {
namespace {

// Returns an option's value as sent, as text; "absent" when there is none.
std::string valueOf(const OptionPtr& option) {
    if (!option) {
        return "absent";
    }
    const std::vector<uint8_t> wire = option->toBinary(false);
    return std::string(wire.begin(), wire.end());
}

class BootOptions4Test : public testing::Test {
protected:
    // Returns the `file` field up to its first NUL byte.
    std::string fileField() {
        const std::vector<uint8_t> field = response_.getFile();
        const std::string text(field.begin(), field.end());
        return text.substr(0, text.find('\0'));
    }
    std::string option(uint8_t code) { return valueOf(response_.getOption(code)); }
    void addOption(uint8_t code, const std::string& value) {
        response_.addOption(boost::make_shared<OptionString>(Option::V4, code, value));
    }
    Pkt4 response_{DHCPACK, 1};
};

TEST_F(BootOptions4Test, bootfileSetsOption67AndTheFileField) {
    setBootOptions(response_, {{"bootfile", "/tmp/v4bootfile"}});
    EXPECT_EQ("/tmp/v4bootfile", option(DHO_BOOT_FILE_NAME));
    EXPECT_EQ("/tmp/v4bootfile", fileField());
    EXPECT_EQ("absent", option(DHO_TFTP_SERVER_NAME));
}

TEST_F(BootOptions4Test, tftpServerSetsOption66) {
    setBootOptions(response_, {{"tftp_server", "tftp.v4.example.com"}});
    EXPECT_EQ("tftp.v4.example.com", option(DHO_TFTP_SERVER_NAME));
    EXPECT_EQ("absent", option(DHO_BOOT_FILE_NAME));
    EXPECT_EQ("", fileField());
}

TEST_F(BootOptions4Test, theyReplaceWhatTheResponseHas) {
    const std::string old = "/server/bootfile";
    response_.setFile(reinterpret_cast<const uint8_t*>(old.data()), old.size());
    addOption(DHO_BOOT_FILE_NAME, old);
    addOption(DHO_TFTP_SERVER_NAME, "tftp.example.org");
    setBootOptions(response_, {{"bootfile", "/b"}, {"tftp_server", "t"}});
    EXPECT_EQ("/b", option(DHO_BOOT_FILE_NAME));
    EXPECT_EQ("/b", fileField());
    EXPECT_EQ("t", option(DHO_TFTP_SERVER_NAME));
}

TEST_F(BootOptions4Test, absentAndBlankAttributesLeaveTheResponseAlone) {
    addOption(DHO_BOOT_FILE_NAME, "kept");
    setBootOptions(response_, {{"other", "x"}});
    setBootOptions(response_, {{"bootfile", ""}, {"tftp_server", std::string(2, '\0')}});
    EXPECT_EQ("kept", option(DHO_BOOT_FILE_NAME));
    EXPECT_EQ("absent", option(DHO_TFTP_SERVER_NAME));
}

TEST_F(BootOptions4Test, aBootfileLeavesRoomInTheFieldForTheNulThatEndsIt) {
    const std::string longest(127, 'f');
    setBootOptions(response_, {{"bootfile", longest}});
    EXPECT_EQ(longest, fileField());
    setBootOptions(response_, {{"bootfile", longest + "f"}});
    EXPECT_EQ(longest, fileField()) << "it keeps what it had";
    EXPECT_EQ(longest + "f", option(DHO_BOOT_FILE_NAME));
}

TEST_F(BootOptions4Test, aLongerBootfileGoesIntoTheOptionOnlyAndTheTftpServerFollows) {
    const std::string old = "/server/bootfile";
    response_.setFile(reinterpret_cast<const uint8_t*>(old.data()), old.size());
    const std::string longer(128, 'f');
    setBootOptions(response_, {{"bootfile", longer}, {"tftp_server", "t"}});
    EXPECT_EQ(longer, option(DHO_BOOT_FILE_NAME));
    EXPECT_EQ(old, fileField());
    EXPECT_EQ("t", option(DHO_TFTP_SERVER_NAME));
}

TEST_F(BootOptions4Test, aBootfileOver255BytesIsPackedAsALongOption) {
    const std::string longer(600, 'f');
    setBootOptions(response_, {{"bootfile", longer}});
    ASSERT_NO_THROW(response_.pack());
    Pkt4 received(static_cast<const uint8_t*>(response_.getBuffer().getData()),
                  response_.getBuffer().getLength());
    received.unpack();
    EXPECT_EQ(longer, valueOf(received.getOption(DHO_BOOT_FILE_NAME)));
}

class BootOptions6Test : public testing::Test {
protected:
    OptionVendorPtr addVendorOptions(uint32_t enterprise) {
        const auto vendor = boost::make_shared<OptionVendor>(Option::V6, enterprise);
        response_.addOption(vendor);
        return vendor;
    }
    Pkt6 response_{DHCPV6_REPLY, 1};
};

TEST_F(BootOptions6Test, areSetWithinTheVendorOptionsOfTheResponse) {
    const OptionVendorPtr vendor = addVendorOptions(VENDOR_ID_CABLE_LABS);
    setBootOptions(response_, {{"bootfile", "/b"}, {"tftp_server", "2001:db8::5"}});
    EXPECT_EQ("/b", valueOf(vendor->getOption(DOCSIS3_V6_CONFIG_FILE)));
    const std::vector<uint8_t> address = IOAddress("2001:db8::5").toBytes();
    EXPECT_EQ(std::string(address.begin(), address.end()),
              valueOf(vendor->getOption(DOCSIS3_V6_TFTP_SERVERS)));
}

TEST_F(BootOptions6Test, nothingIsSetWithoutVendorOptions) {
    setBootOptions(response_, {{"bootfile", "/b"}, {"tftp_server", "2001:db8::5"}});
    EXPECT_TRUE(response_.options_.empty());
}

TEST_F(BootOptions6Test, theyReplaceWhatIsThere) {
    const OptionVendorPtr vendor = addVendorOptions(VENDOR_ID_CABLE_LABS);
    vendor->addOption(boost::make_shared<OptionString>(Option::V6, DOCSIS3_V6_CONFIG_FILE, "old"));
    vendor->addOption(boost::make_shared<Option6AddrLst>(DOCSIS3_V6_TFTP_SERVERS, IOAddress("2001:db8::1")));
    setBootOptions(response_, {{"bootfile", "/b"}, {"tftp_server", "text"}});
    EXPECT_EQ("/b", valueOf(vendor->getOption(DOCSIS3_V6_CONFIG_FILE)));
    EXPECT_EQ("text", valueOf(vendor->getOption(DOCSIS3_V6_TFTP_SERVERS)));
    EXPECT_EQ(2, vendor->getOptions().size());
}

TEST_F(BootOptions6Test, ofSeveralVendorsCableLabsIsChosen) {
    const OptionVendorPtr other = addVendorOptions(1234);
    const OptionVendorPtr docsis = addVendorOptions(VENDOR_ID_CABLE_LABS);
    const OptionVendorPtr third = addVendorOptions(5678);
    setBootOptions(response_, {{"bootfile", "/b"}});
    EXPECT_TRUE(docsis->getOption(DOCSIS3_V6_CONFIG_FILE));
    EXPECT_TRUE(other->getOptions().empty());
    EXPECT_TRUE(third->getOptions().empty());
}

TEST_F(BootOptions6Test, withoutCableLabsTheFirstVendorIsChosen) {
    const OptionVendorPtr first = addVendorOptions(1234);
    const OptionVendorPtr second = addVendorOptions(5678);
    setBootOptions(response_, {{"bootfile", "/b"}});
    EXPECT_TRUE(first->getOption(DOCSIS3_V6_CONFIG_FILE));
    EXPECT_TRUE(second->getOptions().empty());
}

TEST(Ipv6AddressListTest, isAddressesSeparatedByCommas) {
    typedef std::vector<IOAddress> Addresses;
    EXPECT_EQ(Addresses{IOAddress("2001:db8::1")}, parseIpv6Addresses("2001:db8::1"));
    EXPECT_EQ((Addresses{IOAddress("2001:db8::1"), IOAddress("::")}), parseIpv6Addresses(" 2001:db8::1 ,::"));
    for (const char* text : {"", ",", "2001:db8::1,", "192.0.2.1", "2001:db8::1,192.0.2.1",
                             "tftp.example.com", "2001:db8::1 2001:db8::2", "2001:db8::g"}) {
        EXPECT_EQ(std::nullopt, parseIpv6Addresses(text)) << text;
    }
}

TEST(RemarkOnTftpServerTest, concernsAServerThatIsNoAddress) {
    std::vector<std::string> remarks;
    for (const char* fine : {"2001:db8::1", "2001:db8::1, 2001:db8::2", ""}) {
        remarkOnTftpServer({{"tftp_server", fine}}, remarks);
    }
    remarkOnTftpServer({{"bootfile", "b"}}, remarks);
    EXPECT_TRUE(remarks.empty());
    remarkOnTftpServer({{"tftp_server", "tftp.example.com"}}, remarks);
    EXPECT_EQ(
        (std::vector<std::string>{"tftp_server 'tftp.example.com' is not a list of IPv6 addresses; it is "
                                  "sent as text, which devices may not understand"}),
        remarks);
}

} // namespace
} // namespace user_chk::boot_options_test
