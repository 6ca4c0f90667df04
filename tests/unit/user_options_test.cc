// SPDX-License-Identifier: MPL-2.0
// Tests how a user's options are put into a response.

#include <options/user_options.h>

#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/option_string.h>
#include <dhcp/option_vendor.h>
#include <util/buffer.h>

#include <boost/make_shared.hpp>
#include <boost/pointer_cast.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk::user_options_test {
namespace {

// The differences between the protocols.
struct Tested4 {
    typedef Pkt4 Packet;
    static constexpr Option::Universe UNIVERSE = Option::V4;
    static constexpr uint8_t MESSAGE = DHCPACK;
    static constexpr uint16_t VENDOR = DHO_VIVSO_SUBOPTIONS;
};

struct Tested6 {
    typedef Pkt6 Packet;
    static constexpr Option::Universe UNIVERSE = Option::V6;
    static constexpr uint8_t MESSAGE = DHCPV6_REPLY;
    static constexpr uint16_t VENDOR = D6O_VENDOR_OPTS;
};

// Options with text values. Their codes are texts in both protocols, or undefined.
template <typename Tested>
class UserOptionsTest : public testing::Test {
protected:
    // A DHCPv4 response has its message type among its options.
    UserOptionsTest() { response_.options_.clear(); }

    static OptionPtr option(uint16_t code, const std::string& value) {
        return boost::make_shared<OptionString>(Tested::UNIVERSE, code, value);
    }
    OptionVendorPtr addVendor(uint32_t enterprise, const std::map<uint16_t, std::string>& options) {
        const auto vendor = boost::make_shared<OptionVendor>(Tested::UNIVERSE, enterprise);
        for (const auto& [code, value] : options) {
            vendor->addOption(option(code, value));
        }
        response_.Pkt::addOption(vendor); // there may be several of them
        return vendor;
    }

    static std::string textOf(const Option& option) {
        const std::vector<uint8_t> wire = option.toBinary(false);
        return std::string(wire.begin(), wire.end());
    }
    typedef std::multimap<unsigned, std::string> Texts;
    static Texts textsOf(const OptionCollection& options) {
        Texts texts;
        for (const auto& [code, option] : options) {
            texts.emplace(code, textOf(*option));
        }
        return texts;
    }

    // Returns the options in the response's vendor options, by enterprise.
    std::multimap<uint32_t, Texts> vendors() const {
        std::multimap<uint32_t, Texts> found;
        const auto [first, last] = response_.options_.equal_range(Tested::VENDOR);
        for (auto vendor = first; vendor != last; ++vendor) {
            const auto option = boost::dynamic_pointer_cast<OptionVendor>(vendor->second);
            found.emplace(option->getVendorId(), textsOf(option->getOptions()));
        }
        return found;
    }

    typename Tested::Packet response_{Tested::MESSAGE, 1};
    UserOptions options_;
};

typedef testing::Types<Tested4, Tested6> BothProtocols;
TYPED_TEST_SUITE(UserOptionsTest, BothProtocols);

TYPED_TEST(UserOptionsTest, areSet) {
    this->options_.options = {{200, this->option(200, "a")}, {201, this->option(201, "b")}};
    setUserOptions(this->response_, this->options_);
    EXPECT_EQ((typename TestFixture::Texts{{200, "a"}, {201, "b"}}), this->textsOf(this->response_.options_));
}

TYPED_TEST(UserOptionsTest, replaceAllOfTheirCodeAndNoOthers) {
    for (const uint16_t code : std::vector<uint16_t>{200, 200, 201, 202, 202}) {
        this->response_.Pkt::addOption(this->option(code, "old"));
    }
    this->options_.options = {{200, this->option(200, "new")}, {201, this->option(201, "new")}};
    setUserOptions(this->response_, this->options_);
    EXPECT_EQ((typename TestFixture::Texts{{200, "new"}, {201, "new"}, {202, "old"}, {202, "old"}}),
              this->textsOf(this->response_.options_));
}

TYPED_TEST(UserOptionsTest, areSharedByResponses) {
    this->options_.options = {{200, this->option(200, "a")}};
    this->options_.vendors = {{9999, {{1, this->option(1, "a")}}}};
    typename TypeParam::Packet other(TypeParam::MESSAGE, 2);
    setUserOptions(this->response_, this->options_);
    setUserOptions(other, this->options_);
    EXPECT_EQ(this->options_.options.at(200), this->response_.options_.find(200)->second);
    EXPECT_EQ(this->options_.options.at(200), other.options_.find(200)->second);
    EXPECT_NE(other.options_.find(TypeParam::VENDOR)->second,
              this->response_.options_.find(TypeParam::VENDOR)->second);
}

TYPED_TEST(UserOptionsTest, noneLeaveTheResponseAlone) {
    this->response_.addOption(this->option(200, "old"));
    const OptionVendorPtr vendor = this->addVendor(9999, {{1, "old"}});
    setUserOptions(this->response_, this->options_);
    EXPECT_EQ(2, this->response_.options_.size());
    EXPECT_EQ(vendor, this->response_.options_.find(TypeParam::VENDOR)->second);
}

TYPED_TEST(UserOptionsTest, vendorOptionIsMadeWhereThereIsNone) {
    this->options_.vendors = {{9999, {{1, this->option(1, "a")}, {2, this->option(2, "b")}}},
                              {4491, {{1, this->option(1, "c")}}}};
    setUserOptions(this->response_, this->options_);
    EXPECT_EQ((std::multimap<uint32_t, typename TestFixture::Texts>{{4491, {{1, "c"}}},
                                                                    {9999, {{1, "a"}, {2, "b"}}}}),
              this->vendors());
}

TYPED_TEST(UserOptionsTest, vendorOptionOfTheResponseKeepsWhatIsNotReplaced) {
    this->addVendor(9999, {{1, "old"}, {2, "old"}, {3, "old"}});
    this->options_.vendors = {{9999, {{2, this->option(2, "new")}, {4, this->option(4, "new")}}}};
    setUserOptions(this->response_, this->options_);
    EXPECT_EQ((std::multimap<uint32_t, typename TestFixture::Texts>{
                  {9999, {{1, "old"}, {2, "new"}, {3, "old"}, {4, "new"}}}}),
              this->vendors());
}

// It may belong to the server's configuration, whose options other threads send.
TYPED_TEST(UserOptionsTest, vendorOptionItselfIsNotChanged) {
    const OptionVendorPtr original = this->addVendor(9999, {{1, "old"}});
    this->options_.vendors = {{9999, {{1, this->option(1, "new")}, {2, this->option(2, "new")}}}};
    setUserOptions(this->response_, this->options_);
    EXPECT_EQ((typename TestFixture::Texts{{1, "old"}}), this->textsOf(original->getOptions()));
}

TYPED_TEST(UserOptionsTest, vendorOptionsOfOtherEnterprisesAreLeftAlone) {
    const OptionVendorPtr first = this->addVendor(1, {{1, "kept"}});
    this->addVendor(9999, {{1, "old"}});
    const OptionVendorPtr last = this->addVendor(2, {{1, "kept"}});
    this->options_.vendors = {{9999, {{1, this->option(1, "new")}}}};
    setUserOptions(this->response_, this->options_);
    EXPECT_EQ((std::multimap<uint32_t, typename TestFixture::Texts>{
                  {1, {{1, "kept"}}}, {2, {{1, "kept"}}}, {9999, {{1, "new"}}}}),
              this->vendors());
    const auto [begin, end] = this->response_.options_.equal_range(TypeParam::VENDOR);
    for (const OptionPtr& kept : {OptionPtr(first), OptionPtr(last)}) {
        EXPECT_EQ(1, std::count_if(begin, end, [&](const auto& option) { return option.second == kept; }));
    }
}

TYPED_TEST(UserOptionsTest, vendorOptionThatWouldBeTooLongForDhcpv4LosesWhatTheResponseHas) {
    this->addVendor(9999, {{1, std::string(100, 'x')}, {2, std::string(30, 'x')}});
    this->options_.vendors = {{9999, {{3, this->option(3, std::string(150, 'x'))}}}};
    setUserOptions(this->response_, this->options_);
    const auto& options = this->response_.options_.find(TypeParam::VENDOR)->second->getOptions();
    EXPECT_EQ(TypeParam::UNIVERSE == Option::V6, options.count(1) != 0);
    EXPECT_EQ(1, options.count(2));
    EXPECT_EQ(1, options.count(3));
}

TEST(NextServerTest, setsTheField) {
    Pkt4 response(DHCPACK, 1);
    response.setSiaddr(IOAddress("10.0.0.1"));
    UserOptions options;
    setUserOptions(response, options);
    EXPECT_EQ(IOAddress("10.0.0.1"), response.getSiaddr());
    options.next_server = IOAddress("10.0.0.9");
    setUserOptions(response, options);
    EXPECT_EQ(IOAddress("10.0.0.9"), response.getSiaddr());
}

// Returns what a client reads from a response with these attributes.
template <typename Packet>
boost::shared_ptr<Packet> received(uint8_t message, Option::Universe universe,
                                   const PropertyMap& attributes) {
    std::vector<std::string> remarks;
    Packet response(message, 1);
    setUserOptions(response, *UserOptions::parse(attributes, OptionDefinitions(universe), remarks));
    response.pack();
    const auto packet =
        boost::make_shared<Packet>(static_cast<const uint8_t*>(response.getBuffer().getData()),
                                   static_cast<uint32_t>(response.getBuffer().getLength()));
    packet->unpack();
    return packet;
}

std::vector<uint8_t> valueOf(const OptionPtr& option) {
    return option ? option->toBinary(false) : std::vector<uint8_t>();
}

TEST(SentUserOptionsTest, aDhcpv4ValueOver255BytesIsALongOption) {
    const std::string longer(600, 'x');
    const auto packet =
        received<Pkt4>(DHCPACK, Option::V4, {{"option.boot-file-name", longer}, {"next-server", "10.0.0.9"}});
    EXPECT_EQ(IOAddress("10.0.0.9"), packet->getSiaddr());
    const std::vector<uint8_t> value = valueOf(packet->getOption(DHO_BOOT_FILE_NAME));
    EXPECT_EQ(longer, std::string(value.begin(), value.end()));
}

TEST(SentUserOptionsTest, vendorOptionsAreRead) {
    const auto v4 = received<Pkt4>(DHCPACK, Option::V4, {{"option.vendor-4491.2", "10.0.0.5"}});
    const auto vendor4 = boost::dynamic_pointer_cast<OptionVendor>(v4->getOption(DHO_VIVSO_SUBOPTIONS));
    ASSERT_TRUE(vendor4);
    EXPECT_EQ(4491, vendor4->getVendorId());
    EXPECT_EQ(IOAddress("10.0.0.5").toBytes(), valueOf(vendor4->getOption(2)));

    const auto v6 = received<Pkt6>(DHCPV6_REPLY, Option::V6, {{"option.vendor-4491.32", "2001:db8::5"}});
    const auto vendor6 = boost::dynamic_pointer_cast<OptionVendor>(v6->getOption(D6O_VENDOR_OPTS));
    ASSERT_TRUE(vendor6);
    EXPECT_EQ(4491, vendor6->getVendorId());
    EXPECT_EQ(IOAddress("2001:db8::5").toBytes(), valueOf(vendor6->getOption(32)));
}

} // namespace
} // namespace user_chk::user_options_test
