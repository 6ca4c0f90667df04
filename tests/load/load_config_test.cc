// SPDX-License-Identifier: MPL-2.0
// Tests that the rest of a server's configuration is checked when the library is loaded into a server in a
// high-availability pair.

#include <load/callouts_fixture.h>

#include <dhcpsrv/client_class_def.h>
#include <process/config_ctl_info.h>

namespace user_chk {
namespace {

using test::BothProtocols;
using test::CalloutsTest;
using test::HooksManager;

// The configuration has the subnets 1, 2 and 30.
template <typename Tested>
class LoadConfigTest : public CalloutsTest<Tested> {
protected:
    void SetUp() override {
        CalloutsTest<Tested>::SetUp();
        ASSERT_TRUE(this->unload());
        this->config().getHooksConfig().clear();
        this->addLibrary("/hooks/libdhcp_ha.so");
    }
    void expectRefused(const std::string& reason, const std::string& parameters = "") {
        this->log_.clear();
        EXPECT_FALSE(this->loadWith(parameters));
        EXPECT_EQ(1, this->log_.count("USER_CHK_HOOK_LOAD_ERROR", ": " + reason)) << this->log_.text();
        EXPECT_EQ("", test::readFile(this->outcome_));
    }
    // Defines a client class of the server, with or without a test.
    void defineClass(const std::string& name, const std::string& test) {
        isc::dhcp::ClientClassDefPtr definition =
            boost::make_shared<isc::dhcp::ClientClassDef>(name, boost::make_shared<isc::dhcp::Expression>());
        definition->setTest(test);
        this->config().getClientClassDictionary()->addClass(definition);
    }
    void forgetClasses() {
        this->config().setClientClassDictionary(boost::make_shared<isc::dhcp::ClientClassDictionary>());
    }
};

TYPED_TEST_SUITE(LoadConfigTest, BothProtocols);

TYPED_TEST(LoadConfigTest, aBadContextIsRefusedWithItsPlace) {
    this->say(*this->subnetWith(1), R"({"unregistered-clients": "dorp"})");
    this->expectRefused(
        std::string("user-context of subnet ") + TypeParam::SUBNET_1 +
        " (id 1): invalid unregistered-clients: 'dorp', must be one of restrict, drop, classify");
    this->subnetWith(1)->setContext(isc::data::ConstElementPtr());
    TypeParam::networksOf(this->config())->add(this->share({2}));
    EXPECT_TRUE(this->loadWith()) << this->log_.text();
}

TYPED_TEST(LoadConfigTest, aRestrictedSubnetThatIsNotThereIsRefused) {
    this->expectRefused("parameters: invalid restricted-subnet-id: 31, must be the id of a subnet",
                        R"("restricted-subnet-id": 31)");
    EXPECT_TRUE(this->loadWith(R"("restricted-subnet-id": 30)"));
}

TYPED_TEST(LoadConfigTest, aServerWithoutAPartnerLeavesThatToTheCheckOfItsConfiguration) {
    this->config().getHooksConfig().clear();
    EXPECT_TRUE(this->loadWith(R"("restricted-subnet-id": 31)")) << this->log_.text();
}

TYPED_TEST(LoadConfigTest, whatABackendMayBringIsNotLookedFor) {
    this->config().setConfigControlInfo(boost::make_shared<isc::process::ConfigControlInfo>());
    EXPECT_TRUE(this->loadWith(R"("restricted-subnet-id": 31)")) << this->log_.text();
}

TYPED_TEST(LoadConfigTest, aTestOfTheClassesThatWeSetIsRefused) {
    for (const char* name :
         {"USER_CHK_REGISTERED", "USER_CHK_UNREGISTERED", "USER_CHK_NORMAL", "USER_CHK_RESTRICTED"}) {
        this->forgetClasses();
        this->defineClass(name, "member('ALL')");
        this->expectRefused(std::string("client class '") + name + "': invalid test: 'member('ALL')', ");
        this->forgetClasses();
        this->defineClass(name, "");
        EXPECT_TRUE(this->loadWith()) << this->log_.text();
        EXPECT_TRUE(this->unload());
    }
}

TYPED_TEST(LoadConfigTest, aTestOfAnotherClassIsNot) {
    this->defineClass("GUESTS", "member('ALL')");
    this->expectRefused("client class 'GUESTS': invalid test: ", R"("unregistered-class": "GUESTS")");
    this->expectRefused("client class 'GUESTS': invalid test: ", R"("registered-class": "GUESTS")");
    EXPECT_TRUE(this->loadWith());
}

TYPED_TEST(LoadConfigTest, theOrderOfLibrariesIsChecked) {
    this->addLibrary("/hooks/libdhcp_radius.so");
    this->expectRefused("hooks-libraries: libdhcp_radius.so ");

    this->config().getHooksConfig().clear();
    this->addLibrary("/hooks/libdhcp_legal_log.so");
    EXPECT_TRUE(this->loadWith(R"("outcome-failure": "drop")"));
    EXPECT_EQ(1, this->log_.count("USER_CHK_LIBRARY_ORDER", "libdhcp_legal_log.so ")) << this->log_.text();
}

TYPED_TEST(LoadConfigTest, theSameLibraryTwiceIsRefused) {
    this->addLibrary(USER_CHK_LIBRARY);
    this->addLibrary("/elsewhere/libdhcp_user_chk.so");
    this->expectRefused("hooks-libraries: libdhcp_user_chk.so ");

    // If its file has another name, it is only known that it is loaded already.
    this->config().getHooksConfig().clear();
    isc::hooks::HookLibsCollection libraries;
    const auto parameters = isc::data::Element::fromJSON(R"({"registry-file": ")" + this->registry_ +
                                                         R"(", "outcome-file": ")" + this->outcome_ + "\"}");
    libraries.push_back({USER_CHK_LIBRARY, parameters});
    libraries.push_back({USER_CHK_LIBRARY, parameters});
    this->log_.clear();
    EXPECT_FALSE(HooksManager::loadLibraries(libraries));
    EXPECT_EQ(1, this->log_.count("USER_CHK_HOOK_LOAD_ERROR", "hooks-libraries: ")) << this->log_.text();
}

// The command libreload of Kea 2.2 loads libraries while no configuration is being loaded.
TYPED_TEST(LoadConfigTest, theConfigurationInForceCountsWhereNoneIsBeingLoaded) {
    this->addLibrary(USER_CHK_LIBRARY);
    isc::dhcp::CfgMgr::instance().commit();
    ASSERT_TRUE(this->config().getHooksConfig().get().empty());
    const auto reloads = [this](const std::string& id) {
        isc::hooks::HookLibsCollection libraries;
        libraries.push_back(
            {USER_CHK_LIBRARY, isc::data::Element::fromJSON(
                                   R"({"restricted-subnet-id": )" + id + R"(, "registry-file": ")" +
                                   this->registry_ + R"(", "outcome-file": ")" + this->outcome_ + "\"}")});
        return HooksManager::loadLibraries(libraries);
    };
    EXPECT_FALSE(reloads("31"));
    EXPECT_TRUE(reloads("30")) << this->log_.text();
}

} // namespace
} // namespace user_chk
