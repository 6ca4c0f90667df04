// SPDX-License-Identifier: MPL-2.0
// Tests RenameWatch.

#include <support/temp_dir.h>
#include <system/rename_watch.h>

#include <gtest/gtest.h>

#include <fcntl.h>

#include <filesystem>

namespace user_chk {
namespace {

class RenameWatchTest : public testing::Test {
protected:
    RenameWatchTest() { test::writeFile(path_, "text"); }

    const test::TempDir dir_;
    const std::string path_ = dir_.file("file");
    const std::string other_ = dir_.file("other");
};

TEST_F(RenameWatchTest, isQuietUntilTheFileLosesItsName) {
    const std::vector<void (*)(const std::string&, const std::string&)> changes = {
        [](const std::string& path, const std::string& other) { std::filesystem::rename(path, other); },
        [](const std::string& path, const std::string&) { std::filesystem::remove(path); },
        [](const std::string& path, const std::string& other) {
            test::writeFile(other, "");
            std::filesystem::rename(other, path);
        },
    };
    for (const auto& change : changes) {
        test::writeFile(path_, "text");
        const FileDescriptor file(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
        const RenameWatch watch(file.get());
        EXPECT_TRUE(watch.works());
        EXPECT_TRUE(watch.isQuiet());
        EXPECT_EQ(1, ::write(file.get(), "x", 1));
        EXPECT_TRUE(watch.isQuiet());
        change(path_, other_);
        EXPECT_FALSE(watch.isQuiet());
        EXPECT_FALSE(watch.isQuiet());
        EXPECT_TRUE(RenameWatch(file.get()).isQuiet());
    }
}

TEST_F(RenameWatchTest, withoutAnythingToWatchIsNeverQuiet) {
    const RenameWatch watch(-1);
    EXPECT_FALSE(watch.works());
    EXPECT_FALSE(watch.isQuiet());
}

} // namespace
} // namespace user_chk
