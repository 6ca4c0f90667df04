// SPDX-License-Identifier: MPL-2.0
// Implements what the subcommands that ask a server have in common.

#include <program/server.h>

#include <program/json_text.h>
#include <program/terminal_text.h>

#include <CLI/CLI.hpp>

#include <cc/command_interpreter.h>

#include <iostream>

namespace user_chk::program {

namespace {

// The sockets in the configurations of Debian's packages.
constexpr const char* SOCKET4 = "/run/kea/kea4-ctrl-socket";
constexpr const char* SOCKET6 = "/run/kea/kea6-ctrl-socket";
constexpr int LONGEST_TIMEOUT = 86400;

} // namespace

std::shared_ptr<const Server> Server::named(CLI::App& call) {
    const auto server = std::make_shared<Server>();
    const std::string about_v4 = std::string("Ask kea-dhcp4, at ") + SOCKET4 + "; this is the default";
    CLI::Option* v4 = call.add_flag("-4", about_v4);
    CLI::Option* v6 = call.add_flag("-6", server->is_v6_, std::string("Ask kea-dhcp6, at ") + SOCKET6);
    v6->excludes(v4);
    call.add_option("--socket", server->path_, "Ask the server whose control channel is at this UNIX socket")
        ->type_name("PATH");
    call.add_option("--timeout", server->timeout_,
                    "For how many seconds the server may be silent, 60 by default")
        ->type_name("SECONDS")
        ->check(CLI::Range(1, LONGEST_TIMEOUT));
    return server;
}

ControlChannel Server::channel() const {
    const std::string path = !path_.empty() ? path_ : is_v6_ ? SOCKET6 : SOCKET4;
    return {path, path_.empty() ? name() : "the server", std::chrono::seconds(timeout_)};
}

std::string Server::name() const {
    return is_v6_ ? "kea-dhcp6" : "kea-dhcp4";
}

bool leftToPrint(const Answer& answer, Context& context) {
    if (context.json) {
        std::cout << jsonOf(answer.whole) << '\n';
    }
    if (answer.result != isc::config::CONTROL_RESULT_SUCCESS) {
        tell(answer.text);
        context.exit = Exit::FOUND;
        return false;
    }
    return !context.json;
}

} // namespace user_chk::program
