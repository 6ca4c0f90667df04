// SPDX-License-Identifier: MPL-2.0
// Tests FileWatch.

#include <support/temp_dir.h>
#include <system/file_watch.h>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>

#include <array>
#include <filesystem>
#include <functional>
#include <map>

namespace user_chk::file_watch_test {
namespace {

using test::appendFile;
using test::writeFile;

class FileWatchTest : public testing::Test {
protected:
    FileWatchTest() {
        std::filesystem::create_directories(dir_.file("a/b"));
        writeFile(path_, "text");
    }

    void set(FileWatch& watch) {
        FileWatch::Look look(watch);
        look.setWatch();
    }

    const test::TempDir dir_;
    const std::string path_ = dir_.file("a/b/file");
    const std::string other_ = dir_.file("a/b/other");
    FileWatch name_{path_, FileWatch::Of::NAME};
    FileWatch content_{path_, FileWatch::Of::CONTENT};

    const std::map<std::string, std::function<void()>> renames_ = {
        {"rename", [this] { std::filesystem::rename(path_, other_); }},
        {"remove", [this] { std::filesystem::remove(path_); }},
        {"replace",
         [this] {
             writeFile(other_, "text");
             std::filesystem::rename(other_, path_);
         }},
        {"directory", [this] { std::filesystem::rename(dir_.file("a/b"), dir_.file("a/c")); }},
        {"directory above", [this] { std::filesystem::rename(dir_.file("a"), dir_.file("c")); }},
    };
    const std::map<std::string, std::function<void()>> writes_ = {
        {"append", [this] { appendFile(path_, "x"); }},
        {"rewrite", [this] { writeFile(path_, "TEXT"); }},
        {"truncate", [this] { std::filesystem::resize_file(path_, 1); }},
        {"other name", [this] {
             std::filesystem::create_hard_link(path_, other_);
             appendFile(other_, "x");
         }}};
};

TEST_F(FileWatchTest, isQuietFromWhenItIsSetUntilTheFileLosesItsName) {
    EXPECT_FALSE(name_.isQuiet());
    for (const auto& [what, change] : renames_) {
        std::filesystem::remove_all(dir_.file("c"));
        std::filesystem::create_directories(dir_.file("a/b"));
        writeFile(path_, "text");
        set(name_);
        set(content_);
        EXPECT_TRUE(name_.isQuiet() && content_.isQuiet()) << what;
        EXPECT_FALSE(name_.hasTold() || content_.hasTold()) << what;
        change();
        EXPECT_FALSE(name_.isQuiet()) << what;
        EXPECT_FALSE(name_.isQuiet()) << what;
        EXPECT_FALSE(content_.isQuiet()) << what;
        EXPECT_TRUE(name_.hasTold() && content_.hasTold()) << what;
    }
}

TEST_F(FileWatchTest, tellsOfAChangedContentWhenAskedTo) {
    for (const auto& [what, change] : writes_) {
        std::filesystem::remove(other_);
        set(content_);
        EXPECT_TRUE(content_.isQuiet()) << what;
        change();
        EXPECT_FALSE(content_.isQuiet()) << what;
    }
    std::filesystem::remove(other_);
    set(name_);
    appendFile(path_, "x");
    EXPECT_TRUE(name_.isQuiet());
}

TEST_F(FileWatchTest, isNotQuietWhileSomebodyLooks) {
    set(name_);
    {
        FileWatch::Look first(name_);
        EXPECT_FALSE(name_.isQuiet());
        {
            FileWatch::Look second(name_);
            second.setWatch();
        }
        EXPECT_FALSE(name_.isQuiet());
    }
    EXPECT_TRUE(name_.isQuiet());
}

TEST_F(FileWatchTest, answersForTwoAtOnceWhatEachWouldAnswer) {
    const FileWatchPair pair(name_, content_);
    const auto both = [&pair] { return pair.areQuiet(); };
    typedef std::array<bool, 2> Answers;
    EXPECT_EQ((Answers{false, false}), both());
    set(name_);
    EXPECT_EQ((Answers{true, false}), both());
    set(content_);
    EXPECT_EQ((Answers{true, true}), both());
    {
        const FileWatch::Look look(name_);
        EXPECT_EQ((Answers{false, true}), both());
    }
    appendFile(path_, "x");
    EXPECT_EQ((Answers{true, false}), both());
    std::filesystem::rename(path_, other_);
    EXPECT_EQ((Answers{false, false}), both());
}

TEST_F(FileWatchTest, answersForTwoEvenIfItCannotAskForBothAtOnce) {
    set(name_);
    struct rlimit before = {};
    ASSERT_EQ(0, ::getrlimit(RLIMIT_NOFILE, &before));
    const struct rlimit none = {0, before.rlim_max};
    ASSERT_EQ(0, ::setrlimit(RLIMIT_NOFILE, &none));
    const FileWatchPair pair(name_, content_); // has no descriptor of its own
    ASSERT_EQ(0, ::setrlimit(RLIMIT_NOFILE, &before));
    EXPECT_EQ((std::array<bool, 2>{true, false}), pair.areQuiet());
    set(content_);
    EXPECT_EQ((std::array<bool, 2>{true, true}), pair.areQuiet());
    std::filesystem::rename(path_, other_);
    EXPECT_EQ((std::array<bool, 2>{false, false}), pair.areQuiet());
}

// Where the kernel would not report everything.
TEST_F(FileWatchTest, neverIsQuietWhereItCannotWatch) {
    std::filesystem::create_symlink("file", dir_.file("a/b/link"));
    std::filesystem::create_directory_symlink("b", dir_.file("a/link"));
    for (const std::string& path : {dir_.file("missing"), dir_.file("a/b/link"), dir_.file("a/link/file"),
                                    std::string("/proc/uptime")}) {
        FileWatch watch(path, FileWatch::Of::CONTENT);
        set(watch);
        EXPECT_FALSE(watch.isQuiet()) << path;
        EXPECT_FALSE(watch.hasTold()) << path;
    }
}

} // namespace
} // namespace user_chk::file_watch_test
