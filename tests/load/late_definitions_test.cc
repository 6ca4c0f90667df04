// SPDX-License-Identifier: MPL-2.0
// Tests that option definitions from a configuration backend are known, even if they arrive after load and
// while the server runs.

#include <load/callouts_fixture.h>

namespace user_chk {
namespace {

using isc::dhcp::CfgMgr;
using test::BothProtocols;
using test::CalloutsTest;
using test::HooksManager;

template <typename Tested>
class LateDefinitionsTest : public CalloutsTest<Tested> {
protected:
    static constexpr uint16_t CODE = 222;

    void SetUp() override {
        CalloutsTest<Tested>::SetUp();
        this->enrollMember(R"("option.badge":"blue")");
        EXPECT_EQ("", badge());
    }

    static void define(isc::dhcp::SrvConfig& config, const std::string& type = "string") {
        const std::string space = Tested::UNIVERSE == isc::dhcp::Option::V4 ? "dhcp4" : "dhcp6";
        config.getCfgOptionDef()->add(
            boost::make_shared<isc::dhcp::OptionDefinition>("badge", CODE, space, type));
    }

    std::string configured() {
        const auto handle = HooksManager::createCalloutHandle();
        handle->setArgument("json_config", isc::data::ConstElementPtr(isc::data::Element::fromJSON("{}")));
        handle->setArgument("server_config", CfgMgr::instance().getStagingCfg());
        this->call(Tested::CONFIGURED_HOOK, *handle);
        std::string error;
        if (handle->getStatus() == isc::hooks::CalloutHandle::NEXT_STEP_DROP) {
            handle->getArgument("error", error);
        }
        return error;
    }

    void update() {
        const auto handle = HooksManager::createCalloutHandle();
        this->call(Tested::UPDATED_HOOK, *handle);
    }

    // Returns the member's option, empty for none.
    std::string badge() {
        const auto handle = this->receive(this->queryOfMember());
        const auto option = this->send(handle, Tested::response())->getOption(CODE);
        const std::vector<uint8_t> value = option ? option->toBinary(false) : std::vector<uint8_t>();
        return std::string(value.begin(), value.end());
    }
};

TYPED_TEST_SUITE(LateDefinitionsTest, BothProtocols);

TYPED_TEST(LateDefinitionsTest, oneThatComesAfterLoadIsKnownOnceTheServerIsConfigured) {
    this->define(this->config());
    EXPECT_EQ("", this->configured());
    EXPECT_EQ("blue", this->badge());
}

TYPED_TEST(LateDefinitionsTest, oneThatComesWhileTheServerRunsIsKnownFromThenOn) {
    EXPECT_EQ("", this->configured());
    CfgMgr::instance().commit();
    this->define(*CfgMgr::instance().getCurrentCfg());
    EXPECT_EQ("", this->badge());
    this->update();
    EXPECT_EQ("blue", this->badge());
}

TYPED_TEST(LateDefinitionsTest, oneThatIsTakenAwayIsNotKnownAnyMore) {
    this->define(this->config());
    EXPECT_EQ("", this->configured());
    CfgMgr::instance().commit();
    EXPECT_EQ("blue", this->badge());
    CfgMgr::instance().clear();
    this->log_.clear();
    this->update();
    EXPECT_EQ("", this->badge());
    EXPECT_EQ(1, this->log_.count("option.badge is left out"));
}

TYPED_TEST(LateDefinitionsTest, aUserWhoIsBadByItDoesNotCostTheLastGoodRegistry) {
    EXPECT_EQ("", this->configured());
    CfgMgr::instance().commit();
    this->define(*CfgMgr::instance().getCurrentCfg(), "uint8");
    this->log_.clear();
    this->update();
    EXPECT_EQ(1, this->log_.count("USER_CHK_REGISTRY_LOAD_FAILED"));
    EXPECT_EQ(1, this->log_.count("invalid option.badge: 'blue'"));
    EXPECT_EQ("", this->badge());
}

TYPED_TEST(LateDefinitionsTest, theRegistryIsLoadedOnceWhereThereAreNone) {
    this->log_.clear();
    EXPECT_EQ("", this->configured());
    EXPECT_EQ(0, this->log_.count("USER_CHK_REGISTRY_LOADED"));
    CfgMgr::instance().commit();
    this->update();
    EXPECT_EQ(0, this->log_.count("USER_CHK_REGISTRY_LOADED"));
}

} // namespace
} // namespace user_chk
