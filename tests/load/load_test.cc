// SPDX-License-Identifier: MPL-2.0
// Tests loading and unloading, and the reasons why load fails.

#include <load/library_fixture.h>

#include <util/multi_threading_mgr.h>

#include <filesystem>

namespace user_chk {
namespace {

using test::readFile;
using test::writeFile;

class LoadTest : public test::LibraryFixture {
protected:
    // Expects load to fail with one error of this text.
    void expectRefused(const std::string& parameters, const std::string& reason) {
        log_.clear();
        EXPECT_FALSE(load(parameters));
        EXPECT_EQ(1, log_.count("USER_CHK_HOOK_LOAD_ERROR", ": " + reason)) << log_.text();
        EXPECT_EQ(0, log_.count("USER_CHK_HOOK_LOADED"));
    }
    void expectRefused(const std::string& reason) { expectRefused(files(), reason); }

    std::string files() const {
        return R"({"registry-file": ")" + registry_ + R"(", "outcome-file": ")" + outcome_ + "\"}";
    }
};

TEST_F(LoadTest, loadsIntoBothServers) {
    for (const char* server : {"kea-dhcp4", "kea-dhcp6"}) {
        isc::process::Daemon::setProcName(server);
        log_.clear();
        EXPECT_TRUE(loadWith());
        EXPECT_EQ(1, log_.count("USER_CHK_HOOK_LOADED", "2 users from " + registry_)) << log_.text();
        EXPECT_EQ(1, log_.count("USER_CHK_HOOK_LOADED", outcome_)) << log_.text();
        EXPECT_TRUE(unload());
    }
}

TEST_F(LoadTest, opensTheOutcomeFileForAppending) {
    writeFile(outcome_, "before\n");
    EXPECT_TRUE(loadWith());
    EXPECT_EQ("before\n", readFile(outcome_));
}

TEST_F(LoadTest, loadsAgainWithOtherParameters) {
    EXPECT_TRUE(loadWith());
    EXPECT_TRUE(unload());
    writeFile(registry_, "");
    log_.clear();
    EXPECT_TRUE(loadWith());
    EXPECT_EQ(1, log_.count("USER_CHK_HOOK_LOADED", " 0 users")) << log_.text();
}

TEST_F(LoadTest, row_03_loadsIntoAMultiThreadedServer) {
    isc::util::MultiThreadingMgr::instance().setMode(true);
    EXPECT_TRUE(loadWith());
    isc::util::MultiThreadingMgr::instance().setMode(false);
}

TEST_F(LoadTest, row_15_refusesAServerOfAnotherKind) {
    for (const std::string server : {"kea-ctrl-agent", "kea-dhcp-ddns", ""}) {
        isc::process::Daemon::setProcName(server);
        expectRefused("invalid server: '" + server + "', must be one of kea-dhcp4, kea-dhcp6");
    }
}

TEST_F(LoadTest, refusesAMissingRegistry) {
    std::filesystem::remove(registry_);
    expectRefused(registry_ + ": No such file or directory");
    EXPECT_FALSE(std::filesystem::exists(outcome_));
}

TEST_F(LoadTest, refusesABadRegistry) {
    writeFile(registry_, "\n{\"type\":\"HW_ADDR\",\"id\":\"01\"}\n{\"type\":\"HW_ADDR\",\"id\":\"0\"}\n");
    expectRefused(registry_ + ":3: invalid id '0', must be pairs of hex digits");
}

TEST_F(LoadTest, refusesAnOutcomeFileThatCannotBeOpened) {
    std::filesystem::create_directory(outcome_);
    expectRefused(outcome_ + ": Is a directory");
}

TEST_F(LoadTest, refusesBadParameters) {
    expectRefused(R"({"registry-flie": "/r"})", "spurious 'registry-flie' parameter");
    expectRefused(R"({"registry-file": 5})", "'registry-file' parameter is not a string");
    expectRefused(R"({"outcome-file": ""})", "invalid outcome-file: '', must be the path of a file");
    expectRefused(R"({"unregistered-clients": "dorp"})",
                  "invalid unregistered-clients: 'dorp', must be one of restrict, drop, classify");
    expectRefused(R"({"restricted-subnet-id": 0})",
                  "invalid restricted-subnet-id: 0, must be 1 to 4294967294");
    expectRefused(R"({"nak-moved-clients": "yes"})", "'nak-moved-clients' parameter is not a boolean");
    expectRefused(R"({"registered-class": ""})",
                  "invalid registered-class: '', must be the name of a client class");
}

TEST_F(LoadTest, refusesABadAttribute) {
    const auto write = [this](const std::string& type, const std::string& attribute) {
        writeFile(registry_, "\n{\"type\":\"" + type + "\",\"id\":\"01\"," + attribute + "}\n");
    };
    write("HW_ADDR", R"("access": "no")");
    expectRefused(registry_ + ":2: invalid access: 'no', must be one of allow, restrict, deny");
    write("HW_ADDR", R"("option.ntp-servers": "nowhere")");
    expectRefused(registry_ + ":2: invalid option.ntp-servers: 'nowhere': ");
    write("DUID", R"("option.dns-servers": "nowhere")");
    expectRefused(registry_ + ":2: invalid option.dns-servers: 'nowhere': ");
    isc::process::Daemon::setProcName("kea-dhcp6");
    expectRefused(registry_ + ":2: invalid option.dns-servers: 'nowhere': ");
    write("HW_ADDR", R"("option.ntp-servers": "nowhere")");
    expectRefused(registry_ + ":2: invalid option.ntp-servers: 'nowhere': ");
}

TEST_F(LoadTest, loadsAndUnloadsWithABackgroundThread) {
    const std::string parameters = R"({"registry-refresh": "background", )" + files().substr(1);
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(load(parameters)) << log_.text();
        ASSERT_TRUE(unload());
    }
    EXPECT_EQ(20, log_.count("USER_CHK_HOOK_LOADED"));
    EXPECT_EQ(0, log_.count("ERROR"));
}

TEST_F(LoadTest, warnsOfARegistryThatOthersCanChange) {
    EXPECT_TRUE(loadWith());
    EXPECT_EQ(0, log_.count("USER_CHK_REGISTRY_EXPOSED")) << log_.text();
    EXPECT_TRUE(unload());
    std::filesystem::permissions(registry_, std::filesystem::perms::others_write,
                                 std::filesystem::perm_options::add);
    EXPECT_TRUE(loadWith());
    EXPECT_EQ(1, log_.count("USER_CHK_REGISTRY_EXPOSED", registry_ + " ")) << log_.text();
}

TEST_F(LoadTest, warnsOfOptionsThatKeaDoesNotKnow) {
    writeFile(registry_, R"({"type":"HW_ADDR","id":"0c0e0a01ff01","option.door":"a","option.window":"b"})"
                         "\n"
                         R"({"type":"HW_ADDR","id":"0c0e0a01ff02","option.door":"b"})"
                         "\n");
    EXPECT_TRUE(loadWith());
    EXPECT_EQ(1, log_.count("USER_CHK_REGISTRY_REMARK " + registry_ +
                            ":1: option.door is left out: Kea has no definition of it (users like this: 2)"))
        << log_.text();
    EXPECT_EQ(1, log_.count("option.window is left out")) << log_.text();
    EXPECT_EQ(2, log_.count("WARN"));
}

TEST_F(LoadTest, row_13_warnsOfATftpServerThatIsNoAddress) {
    writeFile(registry_, R"({"type":"DUID","id":"0c0e0a01","tftp_server":"2001:db8::1"})"
                         "\n"
                         R"({"type":"DUID","id":"0c0e0a02","tftp_server":"tftp.v6.example.com"})"
                         "\n");
    isc::process::Daemon::setProcName("kea-dhcp6");
    EXPECT_TRUE(loadWith());
    EXPECT_EQ(
        1, log_.count("USER_CHK_REGISTRY_REMARK " + registry_ +
                      ":2: tftp_server 'tftp.v6.example.com' is not a list of IPv6 addresses; it is sent as "
                      "text, which devices may not understand (users like this: 1)"))
        << log_.text();
    EXPECT_EQ(1, log_.count("WARN")) << log_.text();
    EXPECT_TRUE(unload());

    isc::process::Daemon::setProcName("kea-dhcp4");
    log_.clear();
    EXPECT_TRUE(loadWith());
    EXPECT_EQ(0, log_.count("WARN")) << log_.text();
}

} // namespace
} // namespace user_chk
