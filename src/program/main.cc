// SPDX-License-Identifier: MPL-2.0
// The program kea-user-chk: parses its command line, runs one subcommand, and reports exceptions.

#include <program/calls.h>
#include <program/program.h>

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

namespace {

using namespace user_chk::program;

int run(int argc, char** argv) {
    CLI::App program("Manages the registry and the outcome files of the user_chk hook library for Kea.",
                     "kea-user-chk");
    Context context;
    program.set_version_flag("--version", USER_CHK_VERSION);
    program.require_subcommand(1);
    program.fallthrough();
    program.add_flag("--json", context.json, "Print JSON for programs instead of tables");
    addList(program, context);
    addGet(program, context);
    addAdd(program, context);
    addUpdate(program, context);
    addDel(program, context);
    addExplain(program, context);
    addStrangers(program, context);
    addStatus(program, context);
    addReload(program, context);
    addWho(program, context);
    addCheck(program, context);
    addImport(program, context);
    addExport(program, context);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& ex) {
        return program.exit(ex) == 0 ? static_cast<int>(Exit::DONE) : static_cast<int>(Exit::FAILED);
    }
    return static_cast<int>(context.exit);
}

} // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& ex) {
        std::cerr << "kea-user-chk: " << ex.what() << '\n';
    }
    return static_cast<int>(Exit::FAILED);
}
