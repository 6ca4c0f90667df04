// SPDX-License-Identifier: MPL-2.0
// Runs the load tests, after setting up what a server sets up before it loads libraries: logging and hook
// points.

#include <load/log_file.h>

#include <hooks/server_hooks.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

int main(int argc, char* argv[]) {
    testing::InitGoogleTest(&argc, argv);
    // The logger's lock between processes is in a directory that only an installed server has.
    ::setenv("KEA_LOCKFILE_DIR", "none", 1);
    // Since Kea 2.6.3 the files that a server writes must be in or below this one.
    ::setenv("KEA_LOG_FILE_DIR", std::filesystem::temp_directory_path().c_str(), 1);
    user_chk::test::LogFile::instance();
    for (const char* hook :
         {"command_processed", "cb4_updated", "cb6_updated", "buffer4_receive", "dhcp4_srv_configured",
          "pkt4_receive", "subnet4_select", "lease4_select", "lease4_renew", "pkt4_send",
          "dhcp6_srv_configured", "pkt6_receive", "subnet6_select", "lease6_select", "lease6_renew",
          "lease6_rebind", "pkt6_send"}) {
        isc::hooks::ServerHooks::getServerHooks().registerHook(hook);
    }
    return RUN_ALL_TESTS();
}
