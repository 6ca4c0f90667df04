// SPDX-License-Identifier: MPL-2.0
// Implements the subcommands that ask the library about itself: explain, status, reload.

#include <program/calls.h>

#include <program/description.h>
#include <program/json_text.h>
#include <program/metrics.h>
#include <program/server.h>
#include <program/table.h>
#include <program/terminal_text.h>
#include <program/words.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace user_chk::program {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;

namespace {

using Members = std::vector<std::pair<std::string, ConstElementPtr>>;

// The members of an explanation, and of a status, in the order in which people want to read them.
const std::vector<std::string> OF_EXPLANATION = {
    "identifiers",          "record",  "standing", "subnets",        "shared-networks",        "placement",
    "placement-decided-by", "problem", "subnet",   "client-classes", "valid-lifetime-at-most", "next-server",
    "boot-file-name"};
const std::vector<std::string> OF_STATUS = {"source",  "revision",  "last-error", "closed",
                                            "users",   "last-load", "copy",       "database",
                                            "skipped", "outcome",   "counters",   "parameters"};

// Members that the first line of an explanation, or another member, already shows.
const std::set<std::string> SAID_OTHERWISE = {"type", "id", "reason", "found", "registered", "options"};

constexpr int64_t HIGHEST_SUBNET_ID = 4294967294; // the highest one that Kea accepts

struct ExplainCall {
    std::shared_ptr<const Server> server;
    std::vector<std::string> words;
    int64_t subnet_id = 0; // 0: not given
};

ElementPtr argumentsOf(const ExplainCall& asked) {
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

// Returns the members of a map: first those in a list, in its order, then all others.
Members orderedMembers(const ConstElementPtr& map, const std::vector<std::string>& order) {
    Members members;
    std::set<std::string> taken;
    for (const std::string& name : order) {
        if (const ConstElementPtr value = map->get(name)) {
            members.emplace_back(name, value);
            taken.insert(name);
        }
    }
    for (const auto& [name, value] : map->mapValue()) {
        if (taken.count(name) == 0) {
            members.emplace_back(name, value);
        }
    }
    return members;
}

// Returns the data of an option as quoted text, if it is `0x` and hex digits of five or more printable
// characters. Shorter data are more likely a number or an address.
std::string textIn(const std::string& data) {
    std::string text;
    for (size_t at = 2; at + 1 < data.size(); at += 2) {
        text += static_cast<char>(std::stoi(data.substr(at, 2), nullptr, 16));
    }
    const bool is_text =
        text.size() > 4 && std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
    return is_text ? " '" + text + '\'' : "";
}

// Lists options with code, name and data; suboptions are indented.
void addOptions(Table& table, const ConstElementPtr& options, const std::string& indent) {
    if (!options) {
        return;
    }
    for (const ConstElementPtr option : options->listValue()) {
        const std::string data = elementText(option, "data");
        std::string text = elementText(option, "code");
        text.append(" ").append(option->contains("name") ? elementText(option, "name") + ' ' : "");
        text.append(data).append(textIn(data));
        table.add({indent + "option", text});
        addOptions(table, option->get("options"), indent + "  ");
    }
}

void showExplanation(const ExplainCall& asked, Context& context) {
    const Answer answer = asked.server->channel().ask("user-chk-explain", argumentsOf(asked));
    if (!leftToPrint(answer, context)) {
        return;
    }
    Table table({});
    for (const auto& [name, value] : orderedMembers(answer.arguments, OF_EXPLANATION)) {
        if (SAID_OTHERWISE.count(name) == 0) {
            addMember(table, name, value);
        }
    }
    addOptions(table, answer.arguments->get("options"), "");
    std::cout << shown(answer.text) << '\n';
    table.print(std::cout);
}

// A member that has members of its own is shown as a section.
void tellStatus(const Server& server, Context& context) {
    const Answer answer = server.channel().ask("user-chk-status");
    if (!leftToPrint(answer, context)) {
        return;
    }
    const Members members = orderedMembers(answer.arguments, OF_STATUS);
    Table first({});
    for (const auto& [name, value] : members) {
        if (value->getType() != Element::map) {
            addMember(first, name, value);
        }
    }
    first.print(std::cout);
    for (const auto& [name, section] : members) {
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

// A server that reports no metrics is an error, and also a metric.
void printMetrics(const Server& server) {
    const ControlChannel channel = server.channel();
    try {
        const Answer status = channel.ask("user-chk-status");
        const Answer statistics = channel.ask("statistic-get-all");
        if (status.result != 0 || statistics.result != 0) {
            isc_throw(Unreachable, (status.result != 0 ? status : statistics).text);
        }
        std::cout << metricsOf(server.name(), statistics.arguments, status.arguments);
    } catch (const Unreachable&) {
        std::cout << metricsOfNoServer(server.name());
        throw;
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
    CLI::App& call = *program.add_subcommand("explain", "Show what a client would get, and why");
    const auto asked = std::make_shared<ExplainCall>();
    call.add_option(
            "CLIENT", asked->words,
            "The type and the id of the client: HW_ADDR 0c:0e:0a:01:ff:04, or HW_ADDR=0c:0e:0a:01:ff:04."
            " It may have several ids, each of a different type")
        ->required();
    asked->server = Server::named(call);
    call.add_option("--subnet-id", asked->subnet_id, "The subnet that Kea selects for the client")
        ->type_name("NUMBER")
        ->check(CLI::Range(int64_t(1), HIGHEST_SUBNET_ID));
    call.callback([asked, &context] { showExplanation(*asked, context); });
}

void addStatus(CLI::App& program, Context& context) {
    CLI::App& call = *program.add_subcommand(
        "status", "Show the state of the library: users, loads, errors, counters, parameters");
    const auto server = Server::named(call);
    const auto metrics = std::make_shared<bool>(false);
    call.add_flag("--prometheus", *metrics, "Print the statistics as metrics for Prometheus");
    call.callback([server, metrics, &context] {
        if (*metrics) {
            printMetrics(*server);
        } else {
            tellStatus(*server, context);
        }
    });
}

void addReload(CLI::App& program, Context& context) {
    CLI::App& call =
        *program.add_subcommand("reload", "Load the registry now, and report what is wrong with it");
    const auto server = Server::named(call);
    call.callback([server, &context] { reload(*server, context); });
}

} // namespace user_chk::program
