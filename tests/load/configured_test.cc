// SPDX-License-Identifier: MPL-2.0
// Tests through a real CalloutHandle how a server's configuration is checked, and the consequences of a bad
// one.

#include <load/callouts_fixture.h>

#include <dhcpsrv/client_class_def.h>
#include <process/config_ctl_info.h>

namespace user_chk {
namespace {

using isc::hooks::CalloutHandle;
using test::BothProtocols;
using test::CalloutsTest;
using test::HooksManager;
using test::readFile;

// The configuration has the subnets 1, 2 and 30, of which 2 is in a shared network.
template <typename Tested>
class ConfiguredTest : public CalloutsTest<Tested> {
protected:
    void SetUp() override {
        CalloutsTest<Tested>::SetUp();
        Tested::networksOf(this->config())->add(network_ = this->share({2}));
    }

    // Whether queries get the class that shows the client's standing.
    bool setsClasses() {
        const auto known = Tested::queryOfKnown();
        this->receive(known);
        const auto stranger = Tested::queryOfStranger();
        this->receive(stranger);
        EXPECT_EQ(known->getClasses().size(), stranger->getClasses().size());
        return known->getClasses().size() != 0;
    }

    // Is rejected once with a reason that begins like this, which is logged.
    void expectRefused(const std::string& reason) {
        this->log_.clear();
        const std::string told = this->configured();
        EXPECT_EQ(0, told.find("user_chk: " + reason)) << told;
        EXPECT_EQ(1, this->log_.count("USER_CHK_CONFIGURATION_REFUSED", ": " + reason)) << this->log_.text();
    }

    boost::shared_ptr<typename Tested::Network> network_;
};

TYPED_TEST_SUITE(ConfiguredTest, BothProtocols);

TYPED_TEST(ConfiguredTest, aGoodConfigurationPasses) {
    EXPECT_EQ("", this->configured());
    this->say(*this->subnetWith(1), R"({"restricted-subnet-id": 2, "unregistered-clients": "restrict"})");
    this->say(*this->network_, R"({"unregistered-clients": "drop", "nak-moved-clients": true})");
    this->reloadWith(R"("restricted-subnet-id": 30)");
    EXPECT_EQ("", this->configured());
    EXPECT_EQ(0, this->log_.count("ERROR")) << this->log_.text();
    EXPECT_EQ(2, this->select(this->receive(TypeParam::queryOfStranger())));
}

TYPED_TEST(ConfiguredTest, aBadContextIsRefusedWithItsPlace) {
    this->say(*this->subnetWith(1), R"({"unregistered-clients": "dorp"})");
    this->expectRefused(
        std::string("user-context of subnet ") + TypeParam::SUBNET_1 +
        " (id 1): invalid unregistered-clients: 'dorp', must be one of restrict, drop, classify");
}

TYPED_TEST(ConfiguredTest, aBadContextOfASharedNetworkIsRefusedWithItsPlace) {
    this->say(*this->network_, R"({"restricted-subnet": 1})");
    this->expectRefused("user-context of shared network 'floor': spurious 'restricted-subnet' parameter");
}

TYPED_TEST(ConfiguredTest, aRestrictedSubnetThatIsNotThereIsRefused) {
    this->reloadWith(R"("restricted-subnet-id": 31)");
    this->expectRefused("parameters: invalid restricted-subnet-id: 31, must be the id of a subnet");
}

TYPED_TEST(ConfiguredTest, aTestOfAClassThatWeSetIsRefused) {
    isc::dhcp::ClientClassDefPtr definition = boost::make_shared<isc::dhcp::ClientClassDef>(
        "USER_CHK_REGISTERED", boost::make_shared<isc::dhcp::Expression>());
    definition->setTest("member('ALL')");
    this->config().getClientClassDictionary()->addClass(definition);
    this->expectRefused("client class 'USER_CHK_REGISTERED': invalid test: 'member('ALL')', ");
}

TYPED_TEST(ConfiguredTest, row_22_aLibraryThatTakesTheRecordAwayIsRefused) {
    this->config().getHooksConfig().clear();
    this->addLibrary("/hooks/libdhcp_bootp.so");
    this->addLibrary(USER_CHK_LIBRARY);
    this->expectRefused("hooks-libraries: libdhcp_bootp.so ");
}

TYPED_TEST(ConfiguredTest, whatCannotBeCheckedIsRefused) {
    const auto handle = HooksManager::createCalloutHandle();
    this->call(TypeParam::CONFIGURED_HOOK, *handle);
    EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, handle->getStatus());
    EXPECT_EQ(1, this->log_.count("USER_CHK_CONFIGURATION_REFUSED")) << this->log_.text();
}

TYPED_TEST(ConfiguredTest, classesAreSetUntilAConfigurationSaysThatTheyCannotMatter) {
    EXPECT_TRUE(this->setsClasses());
    EXPECT_EQ(
        "", this->configured(R"({"USER_CHK_REGISTERED": ["USER_CHK", {"client-class": "KNOWN"}, 1, null]})"));
    EXPECT_FALSE(this->setsClasses());
}

TYPED_TEST(ConfiguredTest, classesAreSetWhereTheConfigurationNamesOne) {
    for (const char* naming : {R"({"client-class": "USER_CHK_REGISTERED"})",
                               R"({"subnets": [{}, {"pools": [{"client-class": "USER_CHK_UNREGISTERED"}]}]})",
                               R"x({"classes": [{"test": "not member('USER_CHK_REGISTERED')"}]})x"}) {
        this->configured();
        EXPECT_FALSE(this->setsClasses());
        EXPECT_EQ("", this->configured(naming));
        EXPECT_TRUE(this->setsClasses()) << naming;
    }
}

TYPED_TEST(ConfiguredTest, classesAreNamedAsTheParametersSay) {
    this->reloadWith(R"("registered-class": "known", "unregistered-class": "strangers")");
    for (const char* naming : {R"x({"test": "member('known')"})x", R"x({"test": "member('strangers')"})x"}) {
        this->configured(R"({"client-class": "USER_CHK_REGISTERED"})");
        EXPECT_FALSE(this->setsClasses());
        this->configured(naming);
        EXPECT_TRUE(this->setsClasses()) << naming;
    }
}

TYPED_TEST(ConfiguredTest, classesAreSetWhereSomebodyElseMayLookAtThem) {
    this->configured();
    EXPECT_FALSE(this->setsClasses());
    this->addLibrary("/other.so");
    this->configured();
    EXPECT_TRUE(this->setsClasses());

    this->config().getHooksConfig().clear();
    this->configured();
    EXPECT_FALSE(this->setsClasses());
    this->config().setConfigControlInfo(boost::make_shared<isc::process::ConfigControlInfo>());
    this->configured();
    EXPECT_TRUE(this->setsClasses());
}

TYPED_TEST(ConfiguredTest, classesOfAUserAreSetInAnyCase) {
    this->enrollMember(R"("client-classes": "voip")");
    this->configured();
    const auto query = this->queryOfMember();
    this->receive(query);
    EXPECT_TRUE(query->inClass("voip"));
    EXPECT_FALSE(query->inClass("USER_CHK_REGISTERED"));
}

// Unregistered clients of subnet 1 are moved to 2, where one of them renews its address.
class ConfiguredRenewalTest : public ConfiguredTest<test::Tested4> {
protected:
    void SetUp() override {
        ConfiguredTest<test::Tested4>::SetUp();
        say(*subnetWith(1), R"({"restricted-subnet-id": 2})");
        selected_ = subnetWith(2);
    }
    isc::dhcp::SubnetID renewing() {
        const auto query = test::Tested4::queryOfStranger();
        query->setCiaddr(test::Tested4::addressIn(2));
        return select(receive(query));
    }
};

TEST_F(ConfiguredRenewalTest, whereStrangersArePutIsKnownFromTheConfiguration) {
    EXPECT_EQ("", configured());
    EXPECT_EQ(2, renewing());
    say(*subnetWith(1), "{}");
    EXPECT_EQ(2, renewing()) << "is not looked up for each query";
    EXPECT_EQ("", configured());
    EXPECT_EQ(30, renewing());
}

TYPED_TEST(ConfiguredTest, nothingIsAnsweredUntilAGoodConfigurationIsLoaded) {
    this->say(*this->subnetWith(1), R"({"nak-moved-clients": "yes"})");
    this->configured();
    this->subnetWith(1)->setContext(isc::data::ConstElementPtr());

    auto handle = this->receive(TypeParam::queryOfKnown());
    EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, handle->getStatus());
    this->select(handle);
    EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, handle->getStatus());
    EXPECT_EQ(1, this->log_.count("_SELECT_REGISTRY_NULL")) << this->log_.text();
    this->send(handle, TypeParam::response());
    EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, handle->getStatus());
    EXPECT_EQ("", readFile(this->outcome_));
    handle.reset();
    this->expectRefused("the library is not loaded");

    this->reloadWith("");
    EXPECT_EQ("", this->configured());
    EXPECT_EQ(1, this->select(this->receive(TypeParam::queryOfKnown())));
}

} // namespace
} // namespace user_chk
