// SPDX-License-Identifier: MPL-2.0
// Tests that a reader of the registry waits for the end of a line that is being written.

#include <source/file_source.h>
#include <source/record_reader.h>
#include <support/file_editor.h>
#include <support/file_follower.h>
#include <support/halting_writer.h>
#include <support/records.h>
#include <support/temp_dir.h>

#include <user_data_source.h>

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

namespace user_chk::line_end_test {
namespace {

using test::hwAddress;
using test::record;

using test::FileFollower;

using test::appendFile;
using test::HaltingWriter;
using test::messageOf;
using test::readFile;
using test::writeFile;
using Outcome = LoadReport::Outcome;

TEST(LacksLineEndTest, isTrueOfALastLineThatIsNoRecordAndHasNoNewline) {
    for (const char* part : {"{", R"({"type":"HW_A)", "x", R"({"type":"HW_ADDR","id":"02"} x)"}) {
        EXPECT_TRUE(RecordReader::lacksLineEnd(part)) << part;
        EXPECT_TRUE(RecordReader::lacksLineEnd(std::string("\xef\xbb\xbf") + part)) << part;
    }
    for (const char* whole :
         {"", R"({"type":"DUID","id":"02"})", "# comm", "  \t", "{\"type\":\"DUID\",\"id\":\"02\"}\r"}) {
        EXPECT_FALSE(RecordReader::lacksLineEnd(whole)) << whole;
        EXPECT_FALSE(RecordReader::lacksLineEnd(std::string("\xef\xbb\xbf") + whole)) << whole;
    }
}

// A registry with user 01. A writer appends user 02, and pauses in the middle.
class LineEndTest : public testing::Test {
protected:
    LineEndTest() { writeFile(path_, record("01")); }

    const std::string line_ = record("02");
    const std::string first_ = line_.substr(0, 20);
    const std::string second_ = line_.substr(20);
    const test::TempDir dir_;
    const std::string path_ = dir_.file("registry.txt");
};

TEST_F(LineEndTest, isAwaitedByTheFirstLoad) {
    const HaltingWriter writer(path_, first_, second_);
    EXPECT_EQ(2, FileFollower(path_).registry().size());
}

TEST_F(LineEndTest, isAwaitedByAQuery) {
    FileFollower follower(path_);
    for (int number = 0x10; number < 0x14; ++number) {
        const std::string line = record(std::to_string(number));
        const HaltingWriter writer(path_, line.substr(0, 10), line.substr(10));
        const LoadReport report = follower.follow();
        EXPECT_EQ(Outcome::LOADED, report.outcome) << report.error;
        EXPECT_TRUE(follower.registry().find(hwAddress(std::to_string(number))));
    }
}

TEST_F(LineEndTest, isAwaitedByAReload) {
    FileFollower follower(path_);
    const HaltingWriter writer(path_, first_, second_);
    EXPECT_EQ(Outcome::LOADED, follower.reload().outcome);
    EXPECT_TRUE(follower.registry().find(hwAddress("02")));
}

TEST_F(LineEndTest, isAwaitedByAThreadInTheBackground) {
    FileFollower follower(path_);
    std::mutex mutex;
    std::condition_variable told;
    std::vector<LoadReport> reports;
    const HaltingWriter writer(path_, first_, second_);
    follower.followBeside([&](const LoadReport& report) {
        if (report.outcome != Outcome::UNCHANGED) {
            const std::lock_guard<std::mutex> lock(mutex);
            reports.push_back(report);
            told.notify_all();
        }
    });
    std::unique_lock<std::mutex> lock(mutex);
    ASSERT_TRUE(told.wait_for(lock, std::chrono::seconds(10), [&] { return !reports.empty(); }));
    EXPECT_EQ(Outcome::LOADED, reports.front().outcome) << reports.front().error;
}

TEST_F(LineEndTest, isAwaitedByEachChangeOfACommand) {
    test::FileEditor editor(path_);
    {
        const HaltingWriter writer(path_, first_, second_);
        EXPECT_TRUE(editor.add(User(hwAddress("03"))));
    }
    const std::string added = "{ \"type\" : \"HW_ADDR\", \"id\" : \"03\" }\n";
    EXPECT_EQ(record("01") + line_ + added, readFile(path_));
    {
        const HaltingWriter writer(path_, record("04").substr(0, 9), record("04").substr(9));
        EXPECT_TRUE(editor.update(User(hwAddress("03"))));
    }
    {
        const HaltingWriter writer(path_, record("05").substr(0, 9), record("05").substr(9));
        EXPECT_TRUE(editor.remove(hwAddress("03")));
    }
    EXPECT_EQ(record("01") + line_ + record("04") + record("05"), readFile(path_));
}

TEST_F(LineEndTest, thatDoesNotComeIsToldOnceAndAwaitedOnce) {
    FileFollower follower(path_);
    appendFile(path_, first_);
    EXPECT_EQ(Outcome::FAILED, follower.follow().outcome);
    // Nobody waits for a content that is already known, nor for each piece of one that is written slowly.
    const auto begin = std::chrono::steady_clock::now();
    int queries = 0;
    for (; std::chrono::steady_clock::now() < begin + FileSource::LINE_END_WAIT; ++queries) {
        EXPECT_EQ(Outcome::UNCHANGED, follower.follow().outcome);
    }
    EXPECT_GT(queries, 1);
    appendFile(path_, "x");
    EXPECT_EQ(Outcome::FAILED, follower.follow().outcome);
    EXPECT_EQ(1, follower.registry().size());
    writeFile(path_, record("01") + line_);
    EXPECT_EQ(Outcome::LOADED, follower.follow().outcome);
    // After a good content in between, it waits again.
    const HaltingWriter writer(path_, record("03").substr(0, 9), record("03").substr(9));
    EXPECT_EQ(Outcome::LOADED, follower.follow().outcome);
}

TEST_F(LineEndTest, thatDoesNotComeIsAnErrorOfTheLine) {
    appendFile(path_, first_);
    const std::string reason = path_ + ":2: Unterminated string at column 22";
    EXPECT_EQ(reason, messageOf<UserDataSourceError>([this] { const FileFollower follower(path_); }));
    EXPECT_EQ(reason,
              messageOf<UserDataSourceError>([this] { test::FileEditor(path_).add(User(hwAddress("03"))); }));
    EXPECT_EQ(record("01") + first_, readFile(path_));
}

TEST_F(LineEndTest, isNotAwaitedWhereTheLastLineIsARecord) {
    writeFile(path_, record("01") + R"({"type":"HW_ADDR","id":"02"})");
    FileFollower follower(path_);
    EXPECT_EQ(2, follower.registry().size());
    EXPECT_TRUE(test::FileEditor(path_).add(User(hwAddress("03"))));
    follower.follow();
    EXPECT_EQ(3, follower.registry().size());
}

} // namespace
} // namespace user_chk::line_end_test
