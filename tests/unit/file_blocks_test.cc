// SPDX-License-Identifier: MPL-2.0
// Tests compareFile(): only changed lines are new, and unchanged blocks stay the same.

#include <source/file_blocks.h>
#include <support/temp_dir.h>

#include <gtest/gtest.h>

#include <fcntl.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace user_chk::file_blocks_test {
namespace {

using test::appendFile;
using test::TempDir;
using test::writeFile;

constexpr size_t LENGTH = 64; // of a block: four of the lines here

std::string line(int number) {
    const std::string digits = std::to_string(number);
    return "line" + std::string(11 - digits.size(), '.') + digits + "\n";
}

std::string lines(int first, int last) {
    std::string text;
    for (int i = first; i <= last; ++i) {
        text += line(i);
    }
    return text;
}

// Compares each content of a file with the previous one.
class FileBlocksTest : public testing::Test {
protected:
    const Comparison& compare(const std::string& content) {
        writeFile(path_, content);
        return compareAgain();
    }

    const Comparison& compareAgain() {
        const std::vector<Block> known = found_.blocks;
        const FileDescriptor file(::open(path_.c_str(), O_RDONLY));
        found_ = compareFile(file, known, next_number_, length_);
        expectSound();
        return found_;
    }

    // Whatever the change: no two blocks share a number, and new lines belong to a current block.
    void expectSound() const {
        const std::vector<uint32_t> all = numbers();
        const std::set<uint32_t> different(all.begin(), all.end());
        EXPECT_EQ(all.size(), different.size());
        size_t length = 0;
        for (const Block& block : found_.blocks) {
            EXPECT_LE(block.length, 2 * length_);
            length += block.length;
        }
        EXPECT_EQ(found_.length, length);
        for (const NewLines& more : found_.new_lines) {
            EXPECT_EQ(1, different.count(more.block));
        }
    }

    std::vector<uint32_t> numbers() const {
        std::vector<uint32_t> all;
        for (const Block& block : found_.blocks) {
            all.push_back(block.number);
        }
        return all;
    }

    // Returns what is new, each piece preceded by the number of its first line.
    std::string news() const {
        std::string text;
        for (const NewLines& more : found_.new_lines) {
            text += std::to_string(more.first_line) + ": ";
            text += std::string_view(found_.text).substr(more.begin, more.length);
        }
        return text;
    }

    // Forty lines; the last of the nine blocks has eight of them.
    void begin() {
        compare(lines(1, 40));
        ASSERT_EQ(9, found_.blocks.size());
        ASSERT_TRUE(compareAgain().isSame());
    }

    TempDir dir_;
    const std::string path_ = dir_.file("file");
    Comparison found_;
    uint32_t next_number_ = 0;
    size_t length_ = LENGTH;
};

TEST_F(FileBlocksTest, allOfAFileThatIsNotKnownIsNew) {
    EXPECT_TRUE(compare("").isSame());
    compare(lines(1, 9));
    EXPECT_EQ(lines(1, 9), std::string_view(found_.text).substr(0, 9 * 16));
    EXPECT_TRUE(found_.dropped.empty());
    EXPECT_EQ(9 * 16, found_.length);
}

TEST_F(FileBlocksTest, anAppendedLineIsNewAndNothingElse) {
    begin();
    const std::vector<uint32_t> before = numbers();
    appendFile(path_, line(41));
    compareAgain();
    EXPECT_EQ("41: " + line(41), news());
    EXPECT_TRUE(found_.dropped.empty());
    EXPECT_TRUE(std::equal(before.begin(), before.end(), numbers().begin()));
    appendFile(path_, line(42));
    compareAgain();
    EXPECT_EQ("42: " + line(42), news());
    EXPECT_EQ(before.size() + 1, found_.blocks.size()) << "in the block of the one before";
}

TEST_F(FileBlocksTest, tenThousandAppendedLinesMakeNoMoreBlocksThanAFileThatHasThem) {
    length_ = 4096;
    compare("");
    for (int i = 1; i <= 10000; ++i) {
        appendFile(path_, line(i));
        compareAgain();
        ASSERT_TRUE(found_.dropped.empty());
        ASSERT_EQ(std::to_string(i) + ": " + line(i), news());
    }
    EXPECT_EQ(10000 * 16 / 4096 + 1, found_.blocks.size());
    EXPECT_EQ(found_.blocks.size(), next_number_);
}

TEST_F(FileBlocksTest, aChangedLineMakesItsBlockNewWhichKeepsItsNumber) {
    begin();
    const std::vector<uint32_t> before = numbers();
    compare(lines(1, 17) + "another line...\n" + lines(19, 40));
    EXPECT_EQ("17: " + line(17) + "another line...\n" + lines(19, 20), news());
    EXPECT_EQ(std::vector<uint32_t>{before[4]}, found_.dropped);
    EXPECT_EQ(before, numbers());
}

TEST_F(FileBlocksTest, whatFollowsALineThatIsLongerOrShorterIsFoundAgain) {
    begin();
    const std::vector<uint32_t> before = numbers();
    compare(lines(1, 17) + "longer, " + lines(18, 40));
    EXPECT_EQ("17: " + line(17) + "longer, " + lines(18, 20), news());
    compare(lines(1, 17) + lines(19, 40));
    EXPECT_EQ("17: " + line(17) + lines(19, 20), news());
    EXPECT_EQ(before, numbers());
}

TEST_F(FileBlocksTest, aLineInFrontIsABlockOfItsOwn) {
    begin();
    const std::vector<uint32_t> before = numbers();
    compare(line(0) + lines(1, 40));
    EXPECT_EQ("1: " + line(0), news());
    EXPECT_TRUE(found_.dropped.empty());
    EXPECT_TRUE(std::equal(before.begin(), before.end(), numbers().begin() + 1));
}

TEST_F(FileBlocksTest, blocksThatChangePlacesAreTheSame) {
    begin();
    EXPECT_TRUE(compare(lines(21, 40) + lines(1, 20)).isSame());
    EXPECT_TRUE(compare(lines(1, 4) + lines(9, 40) + lines(5, 8)).isSame());
}

TEST_F(FileBlocksTest, aBlockThatIsMovedBehindNewLinesDoesNotShareItsNumberWithThem) {
    begin();
    compare(lines(1, 4) + "instead\n" + lines(9, 40) + lines(5, 8));
    EXPECT_EQ("5: instead\n38: " + lines(5, 8), news());
}

TEST_F(FileBlocksTest, aBlockThatStandsTwiceIsNewTheSecondTime) {
    begin();
    compare(lines(1, 8) + lines(5, 8) + lines(9, 40));
    EXPECT_EQ("9: " + lines(5, 8), news());
    EXPECT_TRUE(found_.dropped.empty());
}

TEST_F(FileBlocksTest, deletedLinesAreDroppedWithTheirBlocks) {
    begin();
    const std::vector<uint32_t> before = numbers();
    compare(lines(1, 8) + lines(17, 40));
    EXPECT_EQ("", news());
    EXPECT_EQ((std::vector<uint32_t>{before[2], before[3]}), found_.dropped);
}

TEST_F(FileBlocksTest, aLastLineWithoutItsEndIsReadAgainWhenItGrows) {
    begin();
    appendFile(path_, "begi");
    EXPECT_EQ("begi", compareAgain().unfinished);
    EXPECT_EQ("41: begi", news());
    ASSERT_TRUE(compareAgain().isSame());
    EXPECT_EQ("begi", found_.unfinished);
    appendFile(path_, "n\nnext\n");
    EXPECT_EQ("", compareAgain().unfinished);
    EXPECT_EQ("41: begin\nnext\n", news());
}

TEST_F(FileBlocksTest, manyLinesLikeTheFirstOneOfABlockAreNotLookedAtForEver) {
    begin();
    std::string same;
    for (int i = 0; i < 5000; ++i) {
        same += line(1);
    }
    compare(same + lines(1, 40));
    EXPECT_EQ(5040 * 16, found_.length);
    EXPECT_FALSE(found_.isSame());
}

TEST_F(FileBlocksTest, aLineLongerThanABlockIsOne) {
    begin();
    const std::string much(10 * LENGTH, 'x');
    writeFile(path_, lines(1, 4) + much + "\n" + lines(5, 40));
    const std::vector<Block> known = found_.blocks;
    const FileDescriptor file(::open(path_.c_str(), O_RDONLY));
    found_ = compareFile(file, known, next_number_, LENGTH);
    EXPECT_EQ("5: " + much + "\n", news());
    EXPECT_TRUE(found_.dropped.empty());
}

TEST_F(FileBlocksTest, ofAFileThatCannotBeReadAnErrorTells) {
    const FileDescriptor directory(::open("/", O_RDONLY));
    EXPECT_THROW(compareFile(directory, {}, next_number_), std::system_error);
}

} // namespace
} // namespace user_chk::file_blocks_test
