// SPDX-License-Identifier: MPL-2.0
// Tests OutcomeFile, faults included.

#include <outcome/outcome_file.h>
#include <support/temp_dir.h>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <sstream>
#include <thread>
#include <vector>

namespace user_chk {
namespace {

using test::readFile;
using test::TempDir;
using test::writeFile;

// Makes writes beyond a size fail as on a full disk: the part that fits is written.
class FullAt {
public:
    explicit FullAt(rlim_t size) : old_handler_(::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &old_limit_);
        const struct rlimit limit = {size, old_limit_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FullAt() {
        ::setrlimit(RLIMIT_FSIZE, &old_limit_);
        ::signal(SIGXFSZ, old_handler_);
    }
    FullAt(const FullAt&) = delete;
    FullAt& operator=(const FullAt&) = delete;

private:
    sighandler_t old_handler_;
    struct rlimit old_limit_ = {};
};

class OutcomeFileTest : public testing::Test {
protected:
    std::string openError() {
        return test::messageOf<OutcomeFileError>([this] { OutcomeFile file(path_); });
    }
    TempDir dir_;
    const std::string path_ = dir_.file("outcome.txt");
};

TEST_F(OutcomeFileTest, appendsToWhatIsThere) {
    writeFile(path_, "before\n");
    OutcomeFile file(path_);
    const AppendReport report = file.append("one\n\n", 1);
    EXPECT_TRUE(report.written);
    EXPECT_FALSE(report.began_failing);
    EXPECT_FALSE(report.reopened);
    EXPECT_EQ(0, report.lost);
    EXPECT_TRUE(file.append("two\n\n", 1).written);
    EXPECT_EQ("before\none\n\ntwo\n\n", readFile(path_));
}

TEST_F(OutcomeFileTest, isMadeReadableForOwnerAndGroupOnly) {
    OutcomeFile file(path_);
    struct stat st;
    ASSERT_EQ(0, ::stat(path_.c_str(), &st));
    EXPECT_EQ(0, st.st_mode & 0137);
}

TEST_F(OutcomeFileTest, refusesWhatCannotBeAppendedTo) {
    std::filesystem::create_directory(path_);
    EXPECT_EQ(path_ + ": Is a directory", openError());
    std::filesystem::remove(path_);

    std::filesystem::create_symlink(dir_.file("elsewhere"), path_);
    EXPECT_EQ(path_ + ": is a symbolic link, must be a regular file", openError());
    EXPECT_FALSE(std::filesystem::exists(dir_.file("elsewhere")));
    std::filesystem::remove(path_);

    ASSERT_EQ(0, ::mkfifo(path_.c_str(), 0600));
    EXPECT_EQ(path_ + ": is not a regular file", openError());
    EXPECT_THROW(OutcomeFile("/dev/null"), OutcomeFileError);
    EXPECT_THROW(OutcomeFile(dir_.file("no/such/directory")), OutcomeFileError);
}

TEST_F(OutcomeFileTest, aRenamedFileIsOpenedAnew) {
    OutcomeFile file(path_);
    file.append("one\n\n", 1);
    std::filesystem::rename(path_, dir_.file("outcome.1"));
    const AppendReport report = file.append("two\n\n", 1);
    EXPECT_TRUE(report.written);
    EXPECT_TRUE(report.reopened);
    EXPECT_EQ("one\n\n", readFile(dir_.file("outcome.1")));
    EXPECT_EQ("two\n\n", readFile(path_));
    EXPECT_FALSE(file.append("three\n\n", 1).reopened);
}

TEST_F(OutcomeFileTest, aReplacedFileIsOpenedAnew) {
    OutcomeFile file(path_);
    writeFile(dir_.file("new"), "");
    std::filesystem::rename(dir_.file("new"), path_);
    EXPECT_TRUE(file.append("one\n\n", 1).reopened);
    EXPECT_EQ("one\n\n", readFile(path_));
}

TEST_F(OutcomeFileTest, failureIsToldOnceAndItsEndWithTheCountOfLostRecords) {
    const std::string moved = dir_.file("moved");
    const std::string place = dir_.file("place");
    std::filesystem::create_directory(place);
    OutcomeFile file(place + "/outcome.txt");
    std::filesystem::rename(place, moved);

    AppendReport report = file.append("one\n\n", 1);
    EXPECT_FALSE(report.written);
    EXPECT_TRUE(report.began_failing);
    EXPECT_EQ(place + "/outcome.txt: No such file or directory", report.error);
    report = file.append("two\n\nthree\n\n", 2);
    EXPECT_FALSE(report.written);
    EXPECT_FALSE(report.began_failing);

    std::filesystem::rename(moved, place);
    report = file.append("four\n\n", 1);
    EXPECT_TRUE(report.written);
    EXPECT_EQ(3, report.lost);
    EXPECT_EQ("four\n\n", readFile(place + "/outcome.txt"));
    EXPECT_EQ(0, file.append("five\n\n", 1).lost);
}

TEST_F(OutcomeFileTest, aRecordCutShortIsClosedOffBeforeTheNext) {
    OutcomeFile file(path_);
    {
        const FullAt full(12);
        EXPECT_TRUE(file.append("a=1\nb=2\n\n", 1).written);
        const AppendReport report = file.append("a=3\nb=4\n\n", 1);
        EXPECT_FALSE(report.written);
        EXPECT_TRUE(report.began_failing);
        EXPECT_EQ(path_ + ": No space left on device", report.error);
        EXPECT_EQ("a=1\nb=2\n\na=3", readFile(path_));
        EXPECT_FALSE(file.append("a=5\nb=6\n\n", 1).written);
    }
    const AppendReport report = file.append("a=7\nb=8\n\n", 1);
    EXPECT_TRUE(report.written);
    EXPECT_EQ(2, report.lost);
    EXPECT_EQ("a=1\nb=2\n\na=3\n\na=7\nb=8\n\n", readFile(path_));
    EXPECT_TRUE(file.append("a=9\n\n", 1).written);
    EXPECT_EQ("a=1\nb=2\n\na=3\n\na=7\nb=8\n\na=9\n\n", readFile(path_));
}

// Two writers with their own descriptors, as two daemons have, and four threads each.
TEST_F(OutcomeFileTest, recordsOfManyThreadsAndWritersStayWhole) {
    constexpr int THREADS = 4;
    constexpr int RECORDS = 500;
    OutcomeFile first(path_);
    OutcomeFile second(path_);
    std::vector<std::thread> threads;
    for (int i = 0; i < THREADS; ++i) {
        for (OutcomeFile* file : {&first, &second}) {
            const std::string line(static_cast<size_t>(20 + i),
                                   static_cast<char>((file == &first ? 'a' : 'A') + i));
            threads.emplace_back([file, line] {
                for (int n = 0; n < RECORDS; ++n) {
                    file->append(line + "\n" + line + "\n\n", 1);
                }
            });
        }
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    std::map<std::string, int> counts;
    std::istringstream text(readFile(path_));
    for (std::string one, two, blank; std::getline(text, one);) {
        ASSERT_TRUE(std::getline(text, two) && std::getline(text, blank));
        ASSERT_EQ(one, two);
        ASSERT_EQ("", blank);
        ++counts[one];
    }
    ASSERT_EQ(2 * THREADS, counts.size());
    for (const auto& [line, count] : counts) {
        EXPECT_EQ(RECORDS, count) << line;
    }
}

} // namespace
} // namespace user_chk
