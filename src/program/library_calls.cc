// SPDX-License-Identifier: MPL-2.0
// Implements the calls that ask the library what it does and how it is: explain, status, reload.

#include <program/calls.h>

#include <program/description.h>
#include <program/json_text.h>
#include <program/server.h>
#include <program/table.h>
#include <program/terminal_text.h>
#include <program/words.h>

#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace user_chk::program {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;

namespace {

// The members of an explanation in the order in which people ask; others follow.
const char* const ORDER[] = {
    "identifiers",          "record",  "standing", "subnets",        "shared-networks",        "placement",
    "placement-decided-by", "problem", "subnet",   "client-classes", "valid-lifetime-at-most", "next-server",
    "boot-file-name",       "options"};
// What the first line says, or another member in other words.
const std::set<std::string> LEFT_OUT = {"type", "id", "reason", "found", "registered"};

constexpr int64_t HIGHEST_SUBNET_ID = 4294967294; // that Kea takes

struct Asked {
    std::shared_ptr<const Server> server;
    std::vector<std::string> words;
    int64_t subnet_id = 0; // 0: not given
};

ElementPtr argumentsOf(const Asked& asked) {
    const std::vector<ElementPtr> ids = Words(asked.words).takeIds();
    ElementPtr arguments = ids.front();
    if (ids.size() > 1) {
        arguments = Element::createMap();
        const ElementPtr list = Element::createList();
        for (const ElementPtr& id : ids) {
            list->add(id);
        }
        arguments->set("identifiers", list);
    }
    if (asked.subnet_id != 0) {
        arguments->set("subnet-id", Element::create(asked.subnet_id));
    }
    return arguments;
}

void explain(const Asked& asked, Context& context) {
    const Answer answer = asked.server->channel().ask("user-chk-explain", argumentsOf(asked));
    if (!leftToPrint(answer, context)) {
        return;
    }
    Table table({});
    std::set<std::string> done = LEFT_OUT;
    for (const char* name : ORDER) {
        if (const ConstElementPtr value = answer.arguments->get(name)) {
            addMember(table, name, value);
            done.insert(name);
        }
    }
    for (const auto& [name, value] : answer.arguments->mapValue()) {
        if (done.count(name) == 0) {
            addMember(table, name, value);
        }
    }
    std::cout << shown(answer.text) << '\n';
    table.print(std::cout);
}

// What has members is a section of its own.
void tellStatus(const Server& server, Context& context) {
    const Answer answer = server.channel().ask("user-chk-status");
    if (!leftToPrint(answer, context)) {
        return;
    }
    Table first({});
    for (const auto& [name, value] : answer.arguments->mapValue()) {
        if (value->getType() != Element::map) {
            addMember(first, name, value);
        }
    }
    first.print(std::cout);
    for (const auto& [name, section] : answer.arguments->mapValue()) {
        if (section->getType() != Element::map) {
            continue;
        }
        std::cout << '\n' << shown(name) << '\n';
        Table table({});
        for (const auto& [member, value] : section->mapValue()) {
            addMember(table, "  " + member, value);
        }
        table.print(std::cout);
    }
}

void reload(const Server& server, Context& context) {
    const Answer answer = server.channel().ask("user-chk-reload");
    if (leftToPrint(answer, context)) {
        std::cout << shown(answer.text) << '\n';
    }
}

} // namespace

void addExplain(CLI::App& program, Context& context) {
    CLI::App& call =
        *program.add_subcommand("explain", "Shows what a client would get from a server, and why");
    const auto asked = std::make_shared<Asked>();
    call.add_option(
            "CLIENT", asked->words,
            "The type and the id of the client: HW_ADDR 0c:0e:0a:01:ff:04, or HW_ADDR=0c:0e:0a:01:ff:04."
            " It may have several ids, each of another type")
        ->required();
    asked->server = Server::named(call);
    call.add_option("--subnet-id", asked->subnet_id, "The subnet that Kea selects for the client")
        ->type_name("NUMBER")
        ->check(CLI::Range(int64_t(1), HIGHEST_SUBNET_ID));
    call.callback([asked, &context] { explain(*asked, context); });
}

void addStatus(CLI::App& program, Context& context) {
    CLI::App& call = *program.add_subcommand(
        "status", "Shows how a server's library is: users, loads, errors, counters, parameters");
    const auto server = Server::named(call);
    call.callback([server, &context] { tellStatus(*server, context); });
}

void addReload(CLI::App& program, Context& context) {
    CLI::App& call = *program.add_subcommand("reload", "Has a server load its registry now");
    const auto server = Server::named(call);
    call.callback([server, &context] { reload(*server, context); });
}

} // namespace user_chk::program
