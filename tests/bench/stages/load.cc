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
        letter = otherCase(letter);
        replace(text);
    }

    // Replaces the file by one in which all lines are different.
    void replaceAllLines() const {
        std::string text = test::readFile(path());
        for (size_t at = 0; (at = text.find("oot/", at)) != std::string::npos; ++at) {
            text[at - 1] = otherCase(text[at - 1]);
        }
        replace(text);
    }

private:
    static char otherCase(char letter) { return letter == 'b' ? 'B' : 'b'; }

    void replace(const std::string& text) const {
        test::writeFile(dir_.file("new"), text);
        std::filesystem::rename(dir_.file("new"), path());
    }

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

// Measures how long a query waits when it finds a replaced file.
void followReplaced(benchmark::State& state, void (ChangingFile::*replace)() const, bool by_another_content) {
    const ChangingFile file(static_cast<size_t>(state.range(0)));
    test::FileFollower follower(file.path());
    for (auto _ : state) {
        state.PauseTiming();
        (file.*replace)();
        state.ResumeTiming();
        const LoadReport report = follower.follow();
        if (report.outcome != LoadReport::Outcome::LOADED || report.everything != by_another_content) {
            state.SkipWithError("the change was not taken as it should be");
        }
    }
}

// By one with a changed line in the middle.
void follow_changed_line(benchmark::State& state) {
    followReplaced(state, &ChangingFile::replaceAMiddleLine, false);
}
BENCHMARK(follow_changed_line)->Arg(1000)->Arg(1000000)->UseRealTime()->Unit(benchmark::kMillisecond);

// By one with another content.
void follow_replaced_file(benchmark::State& state) {
    followReplaced(state, &ChangingFile::replaceAllLines, true);
}
BENCHMARK(follow_replaced_file)->Arg(1000000)->UseRealTime()->Unit(benchmark::kMillisecond);

} // namespace

} // namespace bench
} // namespace user_chk
