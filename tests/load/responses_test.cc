// SPDX-License-Identifier: MPL-2.0
// Tests through a real CalloutHandle what a user's attributes put into responses: options and shorter leases.

#include <load/callouts_fixture.h>

#include <dhcp/option_definition.h>
#include <dhcp/option_space.h>

#include <chrono>
#include <ctime>

namespace user_chk {
namespace {

using isc::hooks::CalloutHandle;
using test::BothProtocols;
using test::CalloutsTest;
using test::readFile;

// --- options

template <typename Tested>
class UserOptionsTest : public CalloutsTest<Tested> {
protected:
    typedef typename Tested::PktPtr PktPtr;

    // Returns the value of an option in the response to a client.
    std::string sent(const PktPtr& query, uint16_t code) {
        const auto response = this->send(this->receive(query), Tested::response());
        return test::Tested4::valueOf(response->getOption(code));
    }
};

TYPED_TEST_SUITE(UserOptionsTest, BothProtocols);

TYPED_TEST(UserOptionsTest, areSentToTheirUser) {
    this->enrollMember(R"("option.222": "0x68657265")");
    EXPECT_EQ("here", this->sent(this->queryOfMember(), 222));
    EXPECT_EQ("", this->sent(TypeParam::queryOfKnown(), 222));
    EXPECT_EQ("", this->sent(TypeParam::queryOfStranger(), 222));
}

TYPED_TEST(UserOptionsTest, thoseOfTheDefaultUserAreSentToStrangers) {
    this->enrollDefaultUser(R"("option.222": "0x68657265")");
    EXPECT_EQ("here", this->sent(TypeParam::queryOfStranger(), 222));
    EXPECT_EQ("", this->sent(TypeParam::queryOfKnown(), 222));
}

TYPED_TEST(UserOptionsTest, areOfTheFormThatTheConfigurationDefines) {
    const std::string space =
        std::string(TypeParam::TYPE) == "DUID" ? DHCP6_OPTION_SPACE : DHCP4_OPTION_SPACE;
    this->config().getCfgOptionDef()->add(
        boost::make_shared<isc::dhcp::OptionDefinition>("door", 222, space, "string"));
    this->reloadWith("");
    this->enrollMember(R"("option.door": "here")");
    EXPECT_EQ("here", this->sent(this->queryOfMember(), 222));
    EXPECT_EQ(0, this->log_.count("WARN")) << this->log_.text();
}

TYPED_TEST(UserOptionsTest, thatKeaDoesNotKnowAreLeftOutWithAWarning) {
    this->enrollMember(R"("option.door": "here", "option.222": "0x68657265")");
    EXPECT_EQ("here", this->sent(this->queryOfMember(), 222));
    EXPECT_EQ(
        1, this->log_.count("USER_CHK_REGISTRY_REMARK " + this->registry_ +
                            ":3: option.door is left out: Kea has no definition of it (users like this: 1)"))
        << this->log_.text();
    EXPECT_EQ(1, this->log_.count("WARN")) << "once, not for each response";
}

TYPED_TEST(UserOptionsTest, comeAfterTheBootOptions) {
    this->enrollMember(
        R"("bootfile": "/file", "option.vendor-4491.33": "0x6f7074696f6e", "option.67": "0x6f7074696f6e")");
    const auto response = this->send(this->receive(this->queryOfMember()), TypeParam::response());
    EXPECT_EQ("option", TypeParam::bootfileOf(response));
}

TYPED_TEST(UserOptionsTest, areNotPutIntoAResponseThatGrantsNothing) {
    this->enrollMember(R"("option.222": "0x68657265")");
    const auto response = this->send(this->receive(this->queryOfMember()), TypeParam::refusal());
    EXPECT_FALSE(response->getOption(222));
}

class NextServerTest : public CalloutsTest<test::Tested4> {};

TEST_F(NextServerTest, isSentToItsUser) {
    enrollMember(R"("next-server": "10.0.0.9")");
    EXPECT_EQ("10.0.0.9", send(receive(queryOfMember()), test::Tested4::response())->getSiaddr().toText());
    EXPECT_EQ("0.0.0.0",
              send(receive(test::Tested4::queryOfKnown()), test::Tested4::response())->getSiaddr().toText());
}

// --- lifetimes

template <typename Tested>
class ExpiryTest : public CalloutsTest<Tested> {
protected:
    typedef typename Tested::PktPtr PktPtr;

    // Returns an attribute with the time so many seconds from now.
    static std::string expiresIn(int seconds) {
        const auto time = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()) + seconds;
        char text[sizeof("2026-11-30T18:00:00Z")];
        std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&time));
        return std::string(R"("expires": ")") + text + "\"";
    }

    // Returns how long a lease lasts that the server grants for an hour.
    uint32_t granted(const PktPtr& query) {
        return Tested::lifetimeOf(this->send(this->receive(query), Tested::grantIn(1)));
    }

    // Within what a slow machine may need.
    static void expectAbout(uint32_t expected, uint32_t seconds) {
        EXPECT_LE(seconds, expected);
        EXPECT_GT(seconds, expected - 60);
    }
};

TYPED_TEST_SUITE(ExpiryTest, BothProtocols);

TYPED_TEST(ExpiryTest, aLeaseEndsWithTheRegistration) {
    this->enrollMember(this->expiresIn(1000));
    this->expectAbout(1000, this->granted(this->queryOfMember()));
    EXPECT_EQ(3600, this->granted(TypeParam::queryOfKnown()));
    EXPECT_EQ(3600, this->granted(TypeParam::queryOfStranger()));
}

TYPED_TEST(ExpiryTest, aLeaseThatEndsBeforeStays) {
    this->enrollMember(this->expiresIn(100000));
    EXPECT_EQ(3600, this->granted(this->queryOfMember()));
}

TYPED_TEST(ExpiryTest, aStrangersLeaseEndsWithTheDefaultUser) {
    this->enrollMember(this->expiresIn(-1000));
    this->enrollDefaultUser(this->expiresIn(500));
    this->expectAbout(500, this->granted(TypeParam::queryOfStranger()));
    this->expectAbout(500, this->granted(this->queryOfMember()));
    EXPECT_EQ(3600, this->granted(TypeParam::queryOfKnown()));
}

TYPED_TEST(ExpiryTest, aClientWhoHasExpiredGetsAStrangersLease) {
    this->enrollMember(this->expiresIn(-1000));
    EXPECT_EQ(3600, this->granted(this->queryOfMember()));
}

TYPED_TEST(ExpiryTest, whatIsRecordedIsWhatIsGranted) {
    this->reloadWith(R"("outcome-format": "json")");
    this->enrollMember(this->expiresIn(1000));
    const uint32_t granted = this->granted(this->queryOfMember());
    EXPECT_LT(granted, 3600);
    const auto record = isc::data::Element::fromJSON(readFile(this->outcome_));
    EXPECT_EQ(granted, record->get("valid-lifetime")->intValue());
}

} // namespace
} // namespace user_chk
