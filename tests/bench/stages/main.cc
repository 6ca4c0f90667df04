// SPDX-License-Identifier: MPL-2.0
// Runs the benchmarks; also measures the memory of a registry in a separate process for them.

#include <registry_memory.h>

#include <benchmark/benchmark.h>

int main(int argc, char** argv) {
    if (argc == 3 && std::string(argv[1]) == user_chk::bench::MEMORY_OPTION) {
        return user_chk::bench::printMemoryOf(argv[2]);
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 1;
    }
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
