// SPDX-License-Identifier: MPL-2.0
// Tests the check who else could change a file.

#include <support/temp_dir.h>
#include <system/file_attributes.h>

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace user_chk::file_attributes_test {
namespace {

class FileExposureTest : public testing::Test {
protected:
    FileExposureTest() {
        test::writeFile(path_, "");
        setMode(path_, 0644);
    }
    static void setMode(const std::string& path, mode_t mode) { ASSERT_EQ(0, ::chmod(path.c_str(), mode)); }

    test::TempDir dir_;
    const std::string place_ = std::filesystem::path(dir_.file("x")).parent_path().string();
    const std::string path_ = dir_.file("registry.txt");
};

TEST_F(FileExposureTest, isNoneForAFileOfOnesOwn) {
    EXPECT_EQ("", exposureOf(path_));
    EXPECT_EQ("", exposureOf(dir_.file("missing")));
}

TEST_F(FileExposureTest, isAFileThatOthersCanWrite) {
    for (const mode_t mode : {0664, 0646}) {
        setMode(path_, mode);
        EXPECT_EQ("it is writable by its group or by others", exposureOf(path_));
    }
}

TEST_F(FileExposureTest, isADirectoryThatOthersCanWriteWithoutTheStickyBit) {
    const std::string reason = "its directory " + place_ + " is writable by its group or by others";
    for (const mode_t mode : {0770, 0707}) {
        setMode(place_, mode);
        EXPECT_EQ(reason, exposureOf(path_));
    }
    setMode(place_, 01777);
    EXPECT_EQ("", exposureOf(path_));
}

TEST_F(FileExposureTest, looksAtTheTargetOfALinkToo) {
    std::filesystem::create_directory(dir_.file("open"));
    test::writeFile(dir_.file("open/target"), "");
    std::filesystem::create_symlink("open/target", dir_.file("link"));
    EXPECT_EQ("", exposureOf(dir_.file("link")));
    setMode(dir_.file("open"), 0777);
    EXPECT_EQ(0, exposureOf(dir_.file("link")).find("its directory " + dir_.file("open") + " "));
}

TEST_F(FileExposureTest, isAFileOfAnotherUser) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root can give a file away";
    }
    ASSERT_EQ(0, ::chown(path_.c_str(), 1234, 0));
    EXPECT_EQ("its owner is user 1234, neither root nor the server's user", exposureOf(path_));
}

} // namespace
} // namespace user_chk::file_attributes_test
