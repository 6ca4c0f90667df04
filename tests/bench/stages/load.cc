// SPDX-License-Identifier: MPL-2.0
// Measures how long a registry file takes to load, by its number of users.

#include <registries.h>

#include <user_file.h>

#include <benchmark/benchmark.h>

#include <boost/make_shared.hpp>

#include <memory>

namespace user_chk {
namespace bench {

namespace {

// The file is warm: it was written just before, or read by the iteration before.
void load_file(benchmark::State& state) {
    const auto count = static_cast<size_t>(state.range(0));
    const auto source = boost::make_shared<UserFile>(registryFile(count));
    for (auto _ : state) {
        auto registry = std::make_unique<UserRegistry>();
        registry->setSource(source);
        registry->refresh();
        state.PauseTiming();
        if (registry->size() != count) {
            state.SkipWithError("not all users were loaded");
        }
        registry.reset();
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(load_file)
    ->RangeMultiplier(10)
    ->Range(1000, 10000000)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

} // namespace

} // namespace bench
} // namespace user_chk
