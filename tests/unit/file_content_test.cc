// SPDX-License-Identifier: MPL-2.0
// Tests FileSignature and openContent().

#include <source/file_content.h>
#include <support/temp_dir.h>
#include <user_file.h>

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <cerrno>

using namespace std::chrono_literals;

namespace user_chk::file_content_test {
namespace {

using test::TempDir;
using test::writeFile;

// Returns what stat(2) would report for a file that changed at this time.
FileSignature changedAt(std::chrono::nanoseconds time) {
    struct stat st = {};
    st.st_ctim.tv_sec = time / 1s;
    st.st_ctim.tv_nsec = (time % 1s).count();
    return FileSignature(st);
}

TEST(FileSignatureTest, differsForEveryKindOfChange) {
    const TempDir dir;
    const std::string path = dir.file("file");
    writeFile(path, "one");
    const FileSignature before = FileSignature::of(path);
    EXPECT_EQ(before, FileSignature::of(path));
    EXPECT_EQ(0, before.error);

    test::appendFile(path, "two");
    const FileSignature appended = FileSignature::of(path);
    EXPECT_NE(before, appended);

    writeFile(dir.file("other"), "onetwo");
    std::filesystem::rename(dir.file("other"), path);
    EXPECT_NE(appended, FileSignature::of(path));

    std::filesystem::remove(path);
    EXPECT_EQ(ENOENT, FileSignature::of(path).error);
    EXPECT_NE(FileSignature(), FileSignature::of(path));
}

TEST(FileSignatureTest, tellsHowLongAgoTheFileChanged) {
    const FileSignature signature = changedAt(1000s + 5ms);
    EXPECT_EQ(20ms, signature.age(1000s + 25ms));
    EXPECT_EQ(-5ms, signature.age(1000s)) << "a change that lies ahead";
}

TEST(FileSignatureTest, tickIsThatOfTheFileSystemsClock) {
    EXPECT_EQ(20ms, changedAt(1000s + 5ms).tick());
    EXPECT_EQ(2s, changedAt(1000s).tick());
}

TEST(FileContentTest, isOpenedWithItsSignature) {
    const TempDir dir;
    const std::string path = dir.file("file");
    writeFile(path, "text");
    FileSignature signature;
    EXPECT_TRUE(openContent(path, signature));
    EXPECT_EQ(FileSignature::of(path), signature);
}

TEST(FileContentTest, namesFileAndReason) {
    const TempDir dir;
    const std::string path = dir.file("missing");
    EXPECT_EQ(path + ": No such file or directory", test::messageOf<UserFileError>([&] {
                  FileSignature signature;
                  openContent(path, signature);
              }));
}

} // namespace
} // namespace user_chk::file_content_test
