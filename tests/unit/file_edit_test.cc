// SPDX-License-Identifier: MPL-2.0
// Tests FileEdit: it notices a file that differs from what was read, before and after the change.

#include <source/file_content.h>
#include <source/file_edit.h>
#include <support/records.h>
#include <support/temp_dir.h>

#include <gtest/gtest.h>

#include <fcntl.h>

#include <cerrno>

namespace user_chk::file_edit_test {
namespace {

class FileEditTest : public testing::Test {
protected:
    FileEditTest() { test::writeFile(path_, text_); }

    FileDescriptor open() const {
        FileSignature signature;
        return openContent(path_, signature);
    }

    // Returns the blocks of the text, with a line or two each.
    std::vector<Block> blocks() const {
        uint32_t next_number = 0;
        return compareFile(open(), {}, next_number, 40).blocks;
    }

    // Writes the changed file. Returns the error number.
    int write(FileEdit& edit) const {
        const FileDescriptor to(
            ::open(made_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
        return edit.write(open(), to);
    }

    const test::TempDir dir_;
    const std::string path_ = dir_.file("registry.txt");
    const std::string made_ = dir_.file("made.txt");
    const std::string text_ = test::record("01") + test::record("02") + test::record("03");
    const Edit edit_{Edit::What::ADD, test::hwAddress("04"), "# added"};
};

TEST_F(FileEditTest, writesTheChangedFile) {
    const std::vector<Block> known = blocks();
    ASSERT_LT(1U, known.size());
    FileEdit edit(known, edit_, std::nullopt);
    EXPECT_EQ(0, write(edit));
    EXPECT_FALSE(edit.differs());
    EXPECT_TRUE(edit.isUnchanged(open()));
    EXPECT_EQ(text_ + "# added\n", test::readFile(made_));
}

TEST_F(FileEditTest, noticesAnyOtherContent) {
    const std::vector<Block> known = blocks();
    std::string other = text_;
    other[other.find("02")] = '1';
    for (const std::string& content :
         {other, text_ + "\n", text_.substr(0, text_.size() - 1), std::string()}) {
        FileEdit edit(known, edit_, std::nullopt);
        EXPECT_EQ(0, write(edit));
        test::writeFile(path_, content);
        EXPECT_FALSE(edit.isUnchanged(open())) << content;
        EXPECT_EQ(ECANCELED, write(edit)) << content;
        EXPECT_TRUE(edit.differs());
        test::writeFile(path_, text_);
    }
}

TEST_F(FileEditTest, noticesThatAUserIsNotInItsBlock) {
    const std::vector<Block> known = blocks();
    const Edit removal{Edit::What::REMOVE, test::hwAddress("09"), ""};
    FileEdit edit(known, removal, known.front().number);
    EXPECT_EQ(ECANCELED, write(edit));
    EXPECT_TRUE(edit.differs());
}

} // namespace
} // namespace user_chk::file_edit_test
