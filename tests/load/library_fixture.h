// SPDX-License-Identifier: MPL-2.0
// Gives a load test the built library, a registry and an outcome file, and runs callouts through Kea.

#ifndef USER_CHK_TESTS_LOAD_LIBRARY_FIXTURE_H
#define USER_CHK_TESTS_LOAD_LIBRARY_FIXTURE_H

#include <load/log_file.h>
#include <support/temp_dir.h>

#include <config.h> // Kea's own; Kea's TLS headers need it

#include <cc/data.h>
#include <dhcpsrv/cfgmgr.h>
#include <hooks/callout_handle.h>
#include <hooks/hooks_manager.h>
#include <hooks/server_hooks.h>
#include <process/daemon.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace user_chk {
namespace test {

class LibraryFixture : public testing::Test {
protected:
    LibraryFixture() {
        isc::process::Daemon::setProcName("kea-dhcp4");
        writeFile(registry_, R"({"type":"HW_ADDR","id":"0c0e0a01ff04","bootfile":"/v4"})"
                             "\n"
                             R"({"type":"DUID","id":"000102030405","bootfile":"/v6"})"
                             "\n");
        log_.clear();
    }

    ~LibraryFixture() override {
        unload();
        isc::dhcp::CfgMgr::instance().clear();
    }

    // The configuration that is being loaded, as the library sees it.
    static isc::dhcp::SrvConfig& config() { return *isc::dhcp::CfgMgr::instance().getStagingCfg(); }

    // Loads the library with these parameters, a JSON map. Adds it to the configuration's list, if it is not
    // there.
    bool load(const std::string& parameters) {
        isc::hooks::HookLibsCollection libraries;
        libraries.push_back({USER_CHK_LIBRARY, isc::data::Element::fromJSON(parameters)});
        const auto listed = isc::hooks::extractNames(config().getHooksConfig().get());
        if (std::find(listed.begin(), listed.end(), USER_CHK_LIBRARY) == listed.end()) {
            addLibrary(USER_CHK_LIBRARY);
        }
        return isc::hooks::HooksManager::loadLibraries(libraries);
    }

    // Adds a library to the end of the configuration's list.
    static void addLibrary(const std::string& path, const std::string& parameters = "{}") {
        config().getHooksConfig().add(path, isc::data::Element::fromJSON(parameters));
    }

    // Loads the library with the fixture's files, and more parameters, if any: members of a JSON map.
    bool loadWith(const std::string& more = "") {
        return load(R"({"registry-file": ")" + registry_ + R"(", "outcome-file": ")" + outcome_ + '"' +
                    (more.empty() ? "" : ", " + more) + "}");
    }

    bool unload() {
        isc::hooks::HooksManager::prepareUnloadLibraries();
        return isc::hooks::HooksManager::unloadLibraries();
    }

    typedef isc::hooks::CalloutHandle CalloutHandle;

    // Runs a hook point's callouts.
    static void call(const char* hook, CalloutHandle& handle) {
        isc::hooks::HooksManager::callCallouts(indexOf(hook), handle);
    }

    // Runs them after those of another library, which sets this status.
    static void callAfter(CalloutHandle::CalloutNextStep status, const char* hook, CalloutHandle& handle) {
        isc::hooks::LibraryHandle& before = isc::hooks::HooksManager::preCalloutsLibraryHandle();
        status_before_ = status;
        before.registerCallout(hook, setStatusBefore);
        call(hook, handle);
        before.deregisterAllCallouts(hook);
    }

    // Whether the library has a callout at a hook point.
    static bool calls(const char* hook) { return isc::hooks::HooksManager::calloutsPresent(indexOf(hook)); }

    TempDir dir_;
    const std::string registry_ = dir_.file("registry.txt");
    const std::string outcome_ = dir_.file("outcome.txt");
    LogFile& log_ = LogFile::instance();

private:
    static int indexOf(const char* hook) { return isc::hooks::ServerHooks::getServerHooks().getIndex(hook); }

    static int setStatusBefore(CalloutHandle& handle) {
        handle.setStatus(status_before_);
        return 0;
    }
    static inline CalloutHandle::CalloutNextStep status_before_ = CalloutHandle::NEXT_STEP_CONTINUE;
};

} // namespace test
} // namespace user_chk

#endif // USER_CHK_TESTS_LOAD_LIBRARY_FIXTURE_H
