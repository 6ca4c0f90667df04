// SPDX-License-Identifier: MPL-2.0
// Has four threads look up users while their file is edited in every way and changes are folded. Meant for
// ThreadSanitizer, with which it runs for a minute.

#include <policy/verdict.h>
#include <source/registry_editor.h>
#include <support/file_follower.h>
#include <support/records.h>
#include <support/temp_dir.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace user_chk::registry_races_test {
namespace {

using test::appendFile;
using test::FileFollower;
using test::hwAddress;
using test::record;
using test::TempDir;
using test::writeFile;

#if defined(__SANITIZE_THREAD__)
constexpr std::chrono::seconds DURATION(60);
#else
constexpr std::chrono::seconds DURATION(2);
#endif

// Between two queries, so that the processors have time for the writer, and for other tests.
constexpr std::chrono::milliseconds PAUSE(2);

constexpr int READERS = 4;
constexpr int LINES = 60;
constexpr size_t BLOCK_LENGTH = 512;
constexpr size_t MOST_CHANGES = 4;

// A user that is in every content, and one that is in none.
const char* const EVER_PRESENT = "0a01";
const char* const NEVER_PRESENT = "0a02";

std::string idOf(int number) {
    return std::to_string(10000000 + number);
}

std::string content(int version) {
    std::string text = record(EVER_PRESENT, R"(,"version":")" + std::to_string(version) + '"');
    for (int i = 0; i < LINES; ++i) {
        text += record(idOf(i), R"(,"x":")" + std::to_string((version + i) % 7) + '"');
    }
    return text;
}

// Makes changes in every way, one after another.
class Writer {
public:
    explicit Writer(const TempDir& dir) : dir_(dir) { writeFile(path_, content(0)); }

    const std::string& path() const { return path_; }

    void changeInEachWay(RegistryEditor& editor) {
        ++version_;
        appendFile(path_, record(idOf(1000 + version_)));
        User user(hwAddress(idOf(500)));
        expectDone([&] { return editor.add(user); });
        user.setProperty("x", std::to_string(version_));
        expectDone([&] { return editor.update(user); });
        expectDone([&] { return editor.remove(user.getUserId()); });
        appendFile(path_, "{ broken\n");
        writeFile(dir_.file("new"), content(++version_));
        std::filesystem::rename(dir_.file("new"), path_);

        std::filesystem::resize_file(path_, content(version_).find("\n") + 1); // also good, and shorter
        writeFile(path_, content(++version_), std::ios::in);
        std::filesystem::resize_file(path_, content(version_).size());
    }

private:
    static void expectDone(const std::function<bool()>& command) { EXPECT_TRUE(command()); }

    const TempDir& dir_;
    const std::string path_ = dir_.file("registry.txt");
    int version_ = 0;
};

// What a query, a page of users and a command look at.
void ask(FileFollower& follower, int number) {
    follower.follow();
    const Registry& registry = follower.registry();
    const auto found = registry.find(hwAddress(EVER_PRESENT));
    ASSERT_TRUE(found);
    EXPECT_EQ(1, found->properties.count("version"));
    EXPECT_FALSE(registry.find(hwAddress(NEVER_PRESENT)));
    registry.find(hwAddress(idOf(number % LINES)));
    EXPECT_TRUE(judge(registry.users(), UserId::HW_ADDRESS, hwAddress(EVER_PRESENT)).registered());
    EXPECT_FALSE(judge(registry.users(), UserId::HW_ADDRESS, hwAddress(NEVER_PRESENT)).registered());
    const auto users = registry.users();
    size_t listed = 0;
    users->forEachAfter(std::nullopt, users->size() + 1,
                        [&](const UserId&, const AttributeSet&) { ++listed; });
    EXPECT_EQ(users->size(), listed);
}

TEST(RegistryRacesTest, readersAreServedWhileTheFileIsEditedInEveryWay) {
    const TempDir dir;
    Writer writer(dir);
    FileFollower follower(writer.path(), nullptr, false, BLOCK_LENGTH, MOST_CHANGES);
    RegistryEditor editor(
        follower, nullptr, [](const LoadReport&) {}, std::chrono::seconds(60));
    std::atomic<bool> stop{false};
    std::vector<int> asked(READERS);
    std::vector<std::thread> readers;
    for (int& count : asked) {
        readers.emplace_back([&] {
            while (!stop && !testing::Test::HasFailure()) {
                ask(follower, ++count);
                std::this_thread::sleep_for(PAUSE);
            }
        });
    }
    const auto end = std::chrono::steady_clock::now() + DURATION;
    while (std::chrono::steady_clock::now() < end && !HasFailure()) {
        writer.changeInEachWay(editor);
    }
    stop = true;
    for (std::thread& reader : readers) {
        reader.join();
    }
    EXPECT_LT(0, *std::min_element(asked.begin(), asked.end()));
}

} // namespace
} // namespace user_chk::registry_races_test
