// SPDX-License-Identifier: MPL-2.0
// Implements the measurement of memory: resident bytes before and after a load, without freed memory.

#include <registry_memory.h>

#include <registries.h>

#include <support/file_follower.h>

#include <benchmark/benchmark.h>

#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

namespace user_chk {
namespace bench {

const char* const MEMORY_OPTION = "--memory-of";

namespace {

long residentBytes() {
    ::malloc_trim(0);
    std::ifstream statm("/proc/self/statm");
    long total = 0;
    long resident = 0;
    statm >> total >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

// Returns the number that a process of this program prints.
double askProcess(const std::string& option, const std::string& argument) {
    const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
    const std::string command = "'" + program + "' " + option + " '" + argument + "'";
    const std::unique_ptr<FILE, int (*)(FILE*)> output(::popen(command.c_str(), "r"), ::pclose);
    double number = 0;
    if (!output || std::fscanf(output.get(), "%lf", &number) != 1) {
        throw std::runtime_error("failed: " + command);
    }
    return number;
}

void memory_per_user(benchmark::State& state) {
    const std::string& path = registryFile(static_cast<size_t>(state.range(0)));
    double bytes = 0;
    for (auto _ : state) {
        bytes = askProcess(MEMORY_OPTION, path);
    }
    state.counters["bytes_per_user"] = bytes / static_cast<double>(state.range(0));
}
BENCHMARK(memory_per_user)->Arg(1000000)->Iterations(1)->UseRealTime()->Unit(benchmark::kMillisecond);

} // namespace

int printMemoryOf(const std::string& path) {
    const long before = residentBytes();
    const test::FileFollower follower(path);
    std::cout << residentBytes() - before << std::endl;
    return 0;
}

} // namespace bench
} // namespace user_chk
