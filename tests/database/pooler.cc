// SPDX-License-Identifier: MPL-2.0
// Implements the pooler for tests.

#include <database/pooler.h>

#include <database/following.h>
#include <support/temp_dir.h>

#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace user_chk::test {

Pooler::Pooler(const PostgresServer& server, int sessions)
    : directory_(makeDirectory()), sessions_(sessions) {
    writeFile(file("users"), "\"postgres\" \"\"\n");
    configure(server);
    const std::string command = "cd / && PATH=/usr/sbin:$PATH " + asOwner() + "pgbouncer -q -d " +
                                file("conf") + " >/dev/null </dev/null";
    if (std::system(command.c_str()) != 0) {
        throw std::runtime_error("failed, on Debian it wants apt-get install pgbouncer: " + command);
    }
    const bool serves = awaits([this] {
        try {
            return Session(directory_, "postgres").value("SELECT 1") == "1";
        } catch (const std::runtime_error&) {
            return false;
        }
    });
    if (!serves) {
        throw std::runtime_error("the pooler does not serve: " + readFile(file("log")));
    }
}

Pooler::~Pooler() {
    signal(SIGKILL);
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

void Pooler::configure(const PostgresServer& server) const {
    writeFile(file("conf"), "[databases]\n* = host=" + server.directory() +
                                "\n[pgbouncer]\npool_mode = transaction\nauth_type = trust\n"
                                "server_login_retry = 0.1\nlisten_port = 5432\nunix_socket_dir = " +
                                directory_ + "\nauth_file = " + file("users") + "\nlogfile = " + file("log") +
                                "\npidfile = " + file("pid") +
                                "\ndefault_pool_size = " + std::to_string(sessions_) + "\n");
}

void Pooler::use(const PostgresServer& server) const {
    configure(server);
    signal(SIGHUP);
}

void Pooler::signal(int number) const {
    const std::string pid = readFile(file("pid"));
    if (!pid.empty()) {
        ::kill(std::stoi(pid), number);
    }
}

} // namespace user_chk::test
