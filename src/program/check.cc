// SPDX-License-Identifier: MPL-2.0
// Implements `check`, which reports every error and remark for registry files.

#include <program/calls.h>

#include <commands/answer.h>
#include <program/checked_registry.h>
#include <program/server_configuration.h>
#include <program/servers_reader.h>
#include <source/file_content.h>
#include <system/file_descriptor.h>
#include <system/utf8.h>

#include <exceptions/exceptions.h>
#include <log/logger_support.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>

namespace user_chk::program {

using isc::data::Element;

namespace {

constexpr const char* STANDARD_INPUT = "-";

struct CheckArguments {
    std::vector<std::string> files;
    std::vector<std::string> configurations;
    bool no_warnings = false;
};

[[noreturn]] void failOfSystem() {
    throw std::system_error(errno, std::generic_category());
}

// Copies a file that can be read only once to one that can be read again.
FileDescriptor copyOf(int from) {
    FileDescriptor to(::memfd_create("registry", MFD_CLOEXEC));
    if (!to) {
        failOfSystem();
    }
    std::array<char, 65536> buffer;
    for (;;) {
        const ssize_t count = ::read(from, buffer.data(), buffer.size());
        if (count == 0) {
            return to;
        }
        if ((count < 0 && errno != EINTR) ||
            (count > 0 && ::write(to.get(), buffer.data(), static_cast<size_t>(count)) != count)) {
            failOfSystem();
        }
    }
}

FileDescriptor openRegistry(const std::string& path) {
    if (path == STANDARD_INPUT) {
        return copyOf(STDIN_FILENO);
    }
    FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    struct stat st;
    if (!file || ::fstat(file.get(), &st) != 0) {
        failOfSystem();
    }
    return S_ISREG(st.st_mode) ? std::move(file) : copyOf(file.get());
}

std::string lineAbout(const std::string& name, const Finding& finding) {
    return name + ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column) + ": " +
           (finding.is_error ? "error" : "warning") + ": " + finding.reason + "\n";
}

std::string jsonOf(const std::string& name, const Finding& finding) {
    const auto object = Element::createMap();
    object->set("file", textElement(name));
    object->set("line", number(finding.line));
    object->set("column", number(finding.column));
    object->set("severity", Element::create(std::string(finding.is_error ? "error" : "warning")));
    object->set("reason", textElement(finding.reason));
    return object->str() + "\n";
}

std::vector<ServerConfiguration> configurationsOf(const CheckArguments& arguments) {
    std::vector<ServerConfiguration> servers;
    for (const std::string& path : arguments.configurations) {
        ServerConfiguration server = ServerConfiguration::read(path);
        if (!servers.empty() && servers.front().universe == server.universe) {
            isc_throw(isc::BadValue, path << " and " << servers.front().path << " are for the same server");
        }
        servers.push_back(std::move(server));
    }
    return servers;
}

// Returns the given files, or else those in the configurations.
std::vector<std::string> filesOf(const CheckArguments& arguments,
                                 const std::vector<ServerConfiguration>& servers) {
    std::vector<std::string> files = arguments.files;
    if (!files.empty()) {
        return files;
    }
    for (const ServerConfiguration& server : servers) {
        if (!server.lists_library) {
            isc_throw(isc::BadValue,
                      server.path << ": does not list libdhcp_user_chk.so, name a FILE to check");
        }
        if (server.parameters.registry_database) {
            isc_throw(isc::BadValue, server.path << ": the registry is in a database, name a FILE to check");
        }
        const std::string& file = server.parameters.registry_file;
        if (std::count(files.begin(), files.end(), file) == 0) {
            files.push_back(file);
        }
    }
    if (files.empty()) {
        isc_throw(isc::BadValue, "check: name a FILE to check, or a --config that names one");
    }
    return files;
}

// A server without registry-errors rejects a user that appears twice.
bool isSameTwiceAnError(const std::vector<ServerConfiguration>& servers) {
    return servers.empty() ||
           std::any_of(servers.begin(), servers.end(),
                       [](const ServerConfiguration& server) { return !server.parameters.skipsErrors(); });
}

class CheckCall {
public:
    CheckCall(const CheckArguments& arguments, Context& context) : arguments_(arguments), context_(context) {}

    void run() {
        const std::vector<ServerConfiguration> servers = configurationsOf(arguments_);
        rules_ = {makeServersReader(servers), isSameTwiceAnError(servers)};
        for (const std::string& file : filesOf(arguments_, servers)) {
            check(file);
        }
    }

private:
    // An unreadable file must not hide what is wrong with the next one.
    void check(const std::string& path) {
        try {
            tell(path == STANDARD_INPUT ? "<stdin>" : path, checkRegistry(path, openRegistry(path), rules_));
        } catch (const std::system_error& ex) {
            std::cout.flush();
            std::cerr << "kea-user-chk: " << path << ": " << ex.code().message() << '\n';
            context_.exit = Exit::FAILED;
        }
    }

    void tell(const std::string& name, const std::vector<Finding>& findings) {
        for (const Finding& finding : findings) {
            if (finding.is_error || !arguments_.no_warnings) {
                std::cout << (context_.json ? jsonOf(name, finding) : lineAbout(name, finding));
                context_.exit = std::max(context_.exit, Exit::FOUND);
            }
        }
    }

    const CheckArguments& arguments_;
    Context& context_;
    CheckRules rules_;
};

} // namespace

void addCheck(CLI::App& program, Context& context) {
    const auto arguments = std::make_shared<CheckArguments>();
    CLI::App* call = program.add_subcommand("check", "Report every error and warning in a registry");
    call->add_option("FILE", arguments->files,
                     "The registry, - for standard input; by default what the configuration names");
    call->add_option(
            "--config", arguments->configurations,
            "The configuration of a server that reads the registry; once each for kea-dhcp4 and kea-dhcp6")
        ->type_name("FILE")
        ->allow_extra_args(false);
    call->add_flag("--no-warnings", arguments->no_warnings, "Report errors only");
    call->callback([arguments, &context] {
        if (!isc::log::isLoggingInitialized()) {
            isc::log::initLogger("kea-user-chk", isc::log::NONE);
        }
        CheckCall(*arguments, context).run();
    });
}

} // namespace user_chk::program
