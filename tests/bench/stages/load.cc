// SPDX-License-Identifier: MPL-2.0
// Measures how long it takes to load a registry file, or a change of it, by number of users.

#include <registries.h>

#include <support/file_follower.h>
#include <support/temp_dir.h>

#include <benchmark/benchmark.h>

#include <filesystem>
#include <fstream>
#include <memory>

namespace user_chk {
namespace bench {

namespace {

// A copy of a registry file, in memory.
class ChangingFile {
public:
    explicit ChangingFile(size_t count) : dir_("/dev/shm") {
        std::filesystem::copy_file(registryFile(count), path());
    }
    std::string path() const { return dir_.file("registry.txt"); }

    void append(const std::string& line) const {
        std::ofstream(path(), std::ios::binary | std::ios::app) << line;
    }

    // Replaces the file as an editor does: by a file in which one line is different, always the same one.
    void replaceAMiddleLine() const {
        std::string text = test::readFile(path());
        char& letter = text.at(text.find("oot/", text.size() / 2) - 1); // of /boot/ or /Boot/
        letter = letter == 'b' ? 'B' : 'b';
        test::writeFile(dir_.file("new"), text);
        std::filesystem::rename(dir_.file("new"), path());
    }

    // Replaces the file by one in which all lines are different.
    void replaceAllLines() const {
        std::string text = test::readFile(path());
        for (size_t at = 0; (at = text.find("oot/", at)) != std::string::npos; ++at) {
            text[at - 1] = text[at - 1] == 'b' ? 'B' : 'b';
        }
        test::writeFile(dir_.file("new"), text);
        std::filesystem::rename(dir_.file("new"), path());
    }

private:
    const test::TempDir dir_;
};

// The file is in the page cache: it was just written, or read by the previous iteration.
void load_file(benchmark::State& state) {
    const auto count = static_cast<size_t>(state.range(0));
    const std::string& path = registryFile(count);
    for (auto _ : state) {
        auto follower = std::make_unique<test::FileFollower>(path);
        state.PauseTiming();
        if (follower->registry().size() != count) {
            state.SkipWithError("not all users were loaded");
        }
        follower.reset();
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(load_file)
    ->RangeMultiplier(10)
    ->Range(1000, 10000000)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// Measures how long a query waits when it finds a new line in the file.
void follow_appended_line(benchmark::State& state) {
    auto count = static_cast<size_t>(state.range(0));
    const ChangingFile file(count);
    test::FileFollower follower(file.path());
    for (auto _ : state) {
        state.PauseTiming();
        file.append(lineOf(count));
        state.ResumeTiming();
        follower.follow();
        state.PauseTiming();
        if (follower.registry().size() != ++count) {
            state.SkipWithError("the line is not in force");
        }
        state.ResumeTiming();
    }
}
BENCHMARK(follow_appended_line)
    ->Arg(1000)
    ->Arg(1000000)
    ->Arg(10000000)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

// Measures how long a query waits when it finds a changed line in the middle of the file.
void follow_changed_line(benchmark::State& state) {
    const ChangingFile file(static_cast<size_t>(state.range(0)));
    test::FileFollower follower(file.path());
    for (auto _ : state) {
        state.PauseTiming();
        file.replaceAMiddleLine();
        state.ResumeTiming();
        if (follower.follow().outcome != LoadReport::Outcome::LOADED) {
            state.SkipWithError("the change was not seen");
        }
    }
}
BENCHMARK(follow_changed_line)->Arg(1000)->Arg(1000000)->UseRealTime()->Unit(benchmark::kMillisecond);

// Measures how long a query waits when it finds another content.
void follow_replaced_file(benchmark::State& state) {
    const ChangingFile file(static_cast<size_t>(state.range(0)));
    test::FileFollower follower(file.path());
    for (auto _ : state) {
        state.PauseTiming();
        file.replaceAllLines();
        state.ResumeTiming();
        if (!follower.follow().everything) {
            state.SkipWithError("not everything was loaded");
        }
    }
}
BENCHMARK(follow_replaced_file)->Arg(1000000)->UseRealTime()->Unit(benchmark::kMillisecond);

} // namespace

} // namespace bench
} // namespace user_chk
