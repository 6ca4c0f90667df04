// SPDX-License-Identifier: MPL-2.0
// Implements the subcommands that list what a server knows: list, strangers.

#include <program/calls.h>

#include <program/json_text.h>
#include <program/server.h>
#include <program/table.h>
#include <program/terminal_text.h>
#include <program/words.h>

#include <CLI/CLI.hpp>

#include <cc/command_interpreter.h>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace user_chk::program {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;

namespace {

constexpr int64_t USUAL_PAGE = 100;
constexpr int64_t LARGEST_PAGE = 10000; // the most that servers return
constexpr int64_t USUAL_PAGE_OF_ALL = 1000;

// The command line of a subcommand, except for the server.
struct ListCall {
    std::shared_ptr<const Server> server;
    int64_t limit = 0; // 0: not given
    std::vector<std::string> from;
    bool all = false;
    std::string since;
};

std::string idText(const ConstElementPtr& named) {
    return elementText(named, "type") + '=' + elementText(named, "id");
}

// Returns the attributes of a user in the form that `add` takes.
std::string attributesOf(const ConstElementPtr& user) {
    std::string attributes;
    for (const auto& [name, value] : user->mapValue()) {
        if (name != "type" && name != "id") {
            attributes +=
                (attributes.empty() ? "" : " ") + shellWord(shown(elementText(Element::create(name)) + '=' +
                                                                  elementText(ConstElementPtr(value))));
        }
    }
    return attributes;
}

ConstElementPtr pageArguments(int64_t limit, const ConstElementPtr& from) {
    const ElementPtr arguments = Element::createMap();
    arguments->set("limit", Element::create(limit));
    if (from) {
        arguments->set("from", from);
    }
    return arguments;
}

void addUsers(const Answer& answer, Table& table) {
    for (const auto& user : answer.arguments->get("users")->listValue()) {
        table.add({idText(user), attributesOf(user)});
    }
}

int64_t pageSize(const ListCall& given) {
    return given.limit != 0 ? given.limit : given.all ? USUAL_PAGE_OF_ALL : USUAL_PAGE;
}

// Prints one page, or all of them.
void showUsers(const ListCall& given, Context& context) {
    const ControlChannel channel = given.server->channel();
    ConstElementPtr from = given.from.empty() ? nullptr : Words(given.from).takeOnlyId();
    Table table({"USER", "ATTRIBUTES"});
    for (bool first = true;; first = false) {
        const Answer answer = channel.ask("user-chk-list", pageArguments(pageSize(given), from));
        if (!first && answer.result == isc::config::CONTROL_RESULT_EMPTY) {
            return; // the users after the last page have been removed since
        }
        if (leftToPrint(answer, context)) {
            addUsers(answer, table);
            table.print(std::cout);
        }
        from = answer.arguments->get("next");
        if (!from) {
            return;
        }
        if (!given.all) {
            tell("there are more users: use --from " + shellWord(idText(from)) +
                 " to continue, or --all to show all");
            return;
        }
    }
}

std::string orNothing(const std::string& text) {
    return text.empty() ? "-" : text;
}

// Formats the parts of a list.
template <typename Telling>
std::string joined(const ConstElementPtr& list, const Telling& telling) {
    std::string text;
    for (const ConstElementPtr part : list->listValue()) {
        text += (text.empty() ? "" : " ") + telling(part);
    }
    return text;
}

void addStranger(const ConstElementPtr& stranger, Table& table) {
    const auto told = [&](const char* name) { return orNothing(elementText(stranger, name)); };
    const auto as_is = [](const ConstElementPtr& lease) { return elementText(lease); };
    table.add({told("last-seen"), idText(stranger), told("standing"), told("queries"), told("subnet-id"),
               orNothing(joined(stranger->get("leases"), as_is)), told("relay"), told("interface"),
               orNothing(joined(stranger->get("identifiers"), idText)), told("hostname"),
               told("vendor-class")});
}

void showStrangers(const ListCall& given, Context& context) {
    const ElementPtr arguments = Element::createMap();
    arguments->set("limit", Element::create(pageSize(given)));
    if (!given.since.empty()) {
        arguments->set("since", Element::create(given.since));
    }
    const Answer answer = given.server->channel().ask("user-chk-strangers", arguments);
    if (!leftToPrint(answer, context)) {
        return;
    }
    Table table({"LAST SEEN", "CLIENT", "STANDING", "QUERIES", "SUBNET", "LEASES", "RELAY", "INTERFACE",
                 "OTHER IDENTIFIERS", "HOST NAME", "VENDOR CLASS"});
    const auto& strangers = answer.arguments->get("strangers")->listValue();
    for (const auto& stranger : strangers) {
        addStranger(stranger, table);
    }
    table.print(std::cout);
    if (static_cast<int64_t>(strangers.size()) == pageSize(given)) {
        tell("there may be more clients: --limit shows more of them");
    }
}

std::shared_ptr<ListCall> listCall(CLI::App& call) {
    auto given = std::make_shared<ListCall>();
    given->server = Server::named(call);
    call.add_option("--limit", given->limit, "Show at most this many, 100 by default")
        ->type_name("NUMBER")
        ->check(CLI::Range(int64_t(1), LARGEST_PAGE));
    return given;
}

} // namespace

void addList(CLI::App& program, Context& context) {
    CLI::App& call = *program.add_subcommand("list", "Show the users, in the order of their ids");
    const auto given = listCall(call);
    call.add_option("--from", given->from,
                    "Start after this user: HW_ADDR 0c:0e:0a:01:ff:04, or HW_ADDR=0c:0e:0a:01:ff:04")
        ->type_name("USER")
        ->expected(1, 2);
    call.add_flag("--all", given->all, "Show all users; --limit is then the number requested at a time");
    call.callback([given, &context] { showUsers(*given, context); });
}

void addStrangers(CLI::App& program, Context& context) {
    CLI::App& call = *program.add_subcommand(
        "strangers", "Show the unregistered clients that were seen last, newest first");
    const auto given = listCall(call);
    call.add_option("--since", given->since,
                    "Leave out clients that were last seen before this time (RFC 3339)")
        ->type_name("TIME");
    call.callback([given, &context] { showStrangers(*given, context); });
}

} // namespace user_chk::program
