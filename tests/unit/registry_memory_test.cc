// SPDX-License-Identifier: MPL-2.0
// Tests that a registry that changes again and again does not need more memory than at first.

#include <support/file_follower.h>
#include <support/records.h>
#include <support/temp_dir.h>

#include <malloc.h>

#include <gtest/gtest.h>

#include <string>

namespace user_chk::registry_memory_test {
namespace {

using test::FileFollower;
using test::record;
using test::TempDir;
using test::writeFile;

constexpr int USERS = 1000;
constexpr int CHANGED_AT_ONCE = 20;
constexpr int ROUNDS = 5000; // 100,000 changes
constexpr size_t MOST_CHANGES = 200;

// Returns the bytes that the process has allocated and not freed, not what it got from the kernel. The
// registry is too small for arrays with pages of their own, which are not counted.
size_t allocated() {
    const struct mallinfo2 info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
}

// Some of the users have attributes that nobody had before.
std::string content(int round) {
    std::string text;
    for (int user = 0; user < USERS; ++user) {
        const bool changed = user / CHANGED_AT_ONCE == round % (USERS / CHANGED_AT_ONCE);
        text += record(std::to_string(100000 + user),
                       changed ? R"(,"x":")" + std::to_string(round) + '"' : std::string());
    }
    return text;
}

TEST(RegistryMemoryTest, staysTheSameOver100000Changes) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the sanitizer's allocator does not count";
#endif
    const TempDir dir;
    const std::string path = dir.file("registry.txt");
    writeFile(path, content(0));
    FileFollower follower(path, nullptr, false, 4096, MOST_CHANGES);
    size_t before = 0;
    size_t changes = 0;
    for (int round = 1; round <= 2 * ROUNDS; ++round) {
        writeFile(path, content(round));
        changes += follower.follow().changes;
        if (round == ROUNDS / 10) { // now everything exists that is created at first use
            follower.reread();      // one base without an overlay
            before = allocated();
            changes = 0;
        } else if (changes >= 100000) {
            break;
        }
    }
    ASSERT_GE(changes, 100000);
    follower.reread();
    EXPECT_EQ(USERS, follower.registry().size());
    EXPECT_LT(allocated(), before + 256 * 1024);
}

} // namespace
} // namespace user_chk::registry_memory_test
