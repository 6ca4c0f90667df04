// SPDX-License-Identifier: MPL-2.0
// Implements the subcommands about one user: get, add, update, del.

#include <program/calls.h>

#include <program/json_text.h>
#include <program/server.h>
#include <program/table.h>
#include <program/terminal_text.h>
#include <program/words.h>

#include <user_file.h>

#include <CLI/CLI.hpp>

#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace user_chk::program {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;

namespace {

constexpr const char* ABOUT_USER =
    "The type and the id of the user: HW_ADDR 0c:0e:0a:01:ff:04, or HW_ADDR=0c:0e:0a:01:ff:04";
constexpr const char* ABOUT_RECORD =
    "The type and the id of the user, then attributes as NAME=VALUE. Or a line as in the"
    " registry file; or -, for such lines on standard input";

constexpr auto HIGHEST_VERSION = std::numeric_limits<int64_t>::max();

// The command line of a subcommand, except for the server.
struct UserCall {
    std::shared_ptr<const Server> server;
    std::vector<std::string> words;
    int64_t version = 0;
};

void printUser(const ConstElementPtr& arguments) {
    const ConstElementPtr user = arguments->get("user");
    Table table({});
    table.add({"user", elementText(user, "type") + '=' + elementText(user, "id")});
    for (const auto& [name, value] : user->mapValue()) {
        if (name != "type" && name != "id") {
            table.add({elementText(Element::create(name)), elementText(value)});
        }
    }
    if (arguments->contains("version")) {
        table.add({"version", elementText(arguments, "version")});
    }
    table.print(std::cout);
}

void showUser(const UserCall& given, Context& context) {
    const ElementPtr id = Words(given.words).takeOnlyId();
    const Answer answer = given.server->channel().ask("user-chk-get", id);
    if (leftToPrint(answer, context)) {
        printUser(answer.arguments);
    }
}

void removeUser(const UserCall& given, Context& context) {
    const ElementPtr id = Words(given.words).takeOnlyId();
    const Answer answer = given.server->channel().ask("user-chk-del", id);
    if (leftToPrint(answer, context)) {
        std::cout << shown(answer.text) << '\n';
    }
}

// Sends a record to the server; remarks go to standard error.
void writeRecord(const UserCall& given, const std::string& command, const ElementPtr& record,
                 Context& context) {
    const ElementPtr arguments = Element::createMap();
    arguments->set("user", record);
    if (given.version != 0) {
        arguments->set("version", Element::create(given.version));
    }
    const Answer answer = given.server->channel().ask(command, arguments);
    if (!leftToPrint(answer, context)) {
        return;
    }
    std::cout << shown(answer.text) << '\n';
    if (const ConstElementPtr remarks = answer.arguments->get("remarks")) {
        for (const auto& remark : remarks->listValue()) {
            tell("remark: " + elementText(ConstElementPtr(remark)));
        }
    }
}

// Returns a line of a registry file in the form of the commands' arguments.
ElementPtr recordIn(const std::string& line) {
    const UserPtr user = UserFile("record").makeUser(line);
    ElementPtr record = Element::createMap();
    for (const auto& [name, value] : user->getProperties()) {
        record->set(name, Element::create(value));
    }
    record->set("type", Element::create(UserId::lookupTypeStr(user->getUserId().getType())));
    record->set("id", Element::create(user->getUserId().toText(':')));
    return record;
}

// Sends each line of standard input to the server, and continues after a rejected one.
void writeLines(const UserCall& given, const std::string& command, Context& context) {
    std::string line;
    for (size_t number = 1; std::getline(std::cin, line); ++number) {
        if (line.find_first_not_of(" \t\r") == std::string::npos || line.front() == '#') {
            continue;
        }
        try {
            writeRecord(given, command, recordIn(line), context);
        } catch (const UserFileError& ex) {
            tell("line " + std::to_string(number) + ": " + ex.what());
            context.exit = Exit::FOUND;
        }
    }
}

void writeGiven(const UserCall& given, const std::string& command, Context& context) {
    const std::string& first = given.words.front();
    const bool alone = given.words.size() == 1;
    if (alone && first == "-") {
        writeLines(given, command, context);
    } else if (alone && first.rfind('{', 0) == 0) {
        writeRecord(given, command, recordIn(first), context);
    } else {
        writeRecord(given, command, Words(given.words).takeRecord(), context);
    }
}

std::shared_ptr<UserCall> userCall(CLI::App& call, const char* name, const char* description) {
    auto given = std::make_shared<UserCall>();
    call.add_option(name, given->words, description)->required();
    given->server = Server::named(call);
    return given;
}

} // namespace

void addGet(CLI::App& program, Context& context) {
    CLI::App& call = *program.add_subcommand("get", "Show the record of a user");
    const auto given = userCall(call, "USER", ABOUT_USER);
    call.callback([given, &context] { showUser(*given, context); });
}

void addAdd(CLI::App& program, Context& context) {
    CLI::App& call = *program.add_subcommand("add", "Add a user to the registry");
    const auto given = userCall(call, "RECORD", ABOUT_RECORD);
    call.callback([given, &context] { writeGiven(*given, "user-chk-add", context); });
}

void addUpdate(CLI::App& program, Context& context) {
    CLI::App& call = *program.add_subcommand(
        "update", "Replace the record of a user; attributes that are not given are removed");
    const auto given = userCall(call, "RECORD", ABOUT_RECORD);
    call.add_option("--if-version", given->version,
                    "Only if the record has this version; for a registry in a database")
        ->type_name("NUMBER")
        ->check(CLI::Range(int64_t(1), HIGHEST_VERSION));
    call.callback([given, &context] { writeGiven(*given, "user-chk-update", context); });
}

void addDel(CLI::App& program, Context& context) {
    CLI::App& call = *program.add_subcommand("del", "Remove a user from the registry");
    const auto given = userCall(call, "USER", ABOUT_USER);
    call.callback([given, &context] { removeUser(*given, context); });
}

} // namespace user_chk::program
