// SPDX-License-Identifier: MPL-2.0
// Tests OutcomeFile, including its faults.

#include <audit/outcome_file.h>
#include <support/private_mount.h>
#include <support/temp_dir.h>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <sstream>
#include <thread>
#include <vector>

namespace user_chk::outcome_file_test {
namespace {

using test::readFile;
using test::TempDir;
using test::writeFile;

// Makes writes beyond a file size fail as on a full disk: the part that fits is written.
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

// Lets the thread open files as an ordinary user.
class Unprivileged {
public:
    Unprivileged() { EXPECT_EQ(0, ::seteuid(NOBODY)); }
    ~Unprivileged() { EXPECT_EQ(0, ::seteuid(0)); }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;

private:
    static constexpr uid_t NOBODY = 65534;
};

// The end of a record in these tests.
constexpr const char* END = "\n\n";

class OutcomeFileTest : public testing::Test {
protected:
    std::string openError() {
        return test::messageOf<OutcomeFileError>([this] { OutcomeFile(path_, END); });
    }
    TempDir dir_;
    const std::string path_ = dir_.file("outcome.txt");
};

TEST_F(OutcomeFileTest, appendsToWhatIsThere) {
    writeFile(path_, "before\n\n");
    OutcomeFile file(path_, END);
    const AppendReport report = file.append("one\n\n", 1);
    EXPECT_TRUE(report.written);
    EXPECT_FALSE(report.began_failing);
    EXPECT_FALSE(report.reopened);
    EXPECT_EQ(0, report.lost);
    EXPECT_TRUE(file.append("two\n\n", 1).written);
    EXPECT_EQ("before\n\none\n\ntwo\n\n", readFile(path_));
}

TEST_F(OutcomeFileTest, believesAGlanceForAMomentOnly) {
    OutcomeFile file(path_, END);
    file.append("one\n\n", 1);
    ASSERT_TRUE(file.watch().isQuiet());
    const OutcomeFile::Glance quiet(true);
    EXPECT_TRUE(file.append("two\n\n", 1, quiet).written);
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    std::filesystem::rename(path_, path_ + ".1");
    EXPECT_TRUE(file.append("three\n\n", 1, quiet).reopened);
    std::filesystem::rename(path_, path_ + ".2");
    EXPECT_TRUE(file.append("four\n\n", 1, OutcomeFile::Glance(false)).reopened);
    EXPECT_EQ("one\n\ntwo\n\n", readFile(path_ + ".1"));
    EXPECT_EQ("four\n\n", readFile(path_));
}

TEST_F(OutcomeFileTest, isMadeAtOnce) {
    if (::geteuid() != 0) {
        OutcomeFile file(path_, END);
        EXPECT_TRUE(std::filesystem::exists(path_));
        return;
    }
    ASSERT_EQ(0, ::chmod(dir_.file("").c_str(), 0777));
    const Unprivileged unprivileged;
    OutcomeFile file(path_, END);
    EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(OutcomeFileTest, ofRootIsMadeByTheFirstRecord) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "is about root";
    }
    OutcomeFile file(path_, END);
    EXPECT_FALSE(std::filesystem::exists(path_));
    const AppendReport report = file.append("one\n\n", 1);
    EXPECT_TRUE(report.written);
    EXPECT_FALSE(report.reopened) << "there was none before";
    EXPECT_EQ("one\n\n", readFile(path_));
}

TEST_F(OutcomeFileTest, isMadeByOneOfThoseWhoWriteTheFirstRecords) {
    for (int round = 0; round < 20; ++round) {
        OutcomeFile first(path_, END);
        OutcomeFile second(path_, END);
        std::vector<std::thread> threads;
        for (int i = 0; i < 6; ++i) {
            threads.emplace_back(
                [&, i] { EXPECT_TRUE((i % 2 == 0 ? first : second).append("one\n\n", 1).written); });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        EXPECT_EQ(6 * 5, readFile(path_).size());
        std::filesystem::remove(path_);
    }
}

TEST_F(OutcomeFileTest, ofRootIsGivenToTheOnlyOtherOwnerOfItsDirectory) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root can give files away";
    }
    constexpr uid_t SERVICE = 65534;
    const std::string directory = dir_.file("log");
    struct Case {
        uid_t owner;
        mode_t mode;
        uid_t expected;
    };
    for (const Case& c : {Case{SERVICE, 0750, SERVICE}, Case{SERVICE, 0770, SERVICE}, Case{0, 0755, 0},
                          Case{0, 01777, 0}, Case{SERVICE, 01777, 0}, Case{SERVICE, 0777, 0}}) {
        std::filesystem::create_directory(directory);
        ASSERT_EQ(0, ::chown(directory.c_str(), c.owner, c.owner));
        ASSERT_EQ(0, ::chmod(directory.c_str(), c.mode));
        const std::string path = directory + "/outcome.txt";
        EXPECT_TRUE(OutcomeFile(path, END).append("one\n\n", 1).written);
        struct stat st;
        ASSERT_EQ(0, ::stat(path.c_str(), &st));
        EXPECT_EQ(c.expected, st.st_uid) << std::oct << c.mode << " of " << c.owner;
        EXPECT_EQ(c.expected, st.st_gid);
        EXPECT_EQ(0, st.st_mode & 0137);
        std::filesystem::remove_all(directory);
    }
}

TEST_F(OutcomeFileTest, thatCouldNotBeMadeIsRefused) {
    EXPECT_EQ(dir_.file("no/file") + ": No such file or directory",
              test::messageOf<OutcomeFileError>([this] { OutcomeFile(dir_.file("no/file"), END); }));
}

TEST_F(OutcomeFileTest, isMadeReadableForOwnerAndGroupOnly) {
    OutcomeFile file(path_, END);
    file.append("one\n\n", 1);
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
    EXPECT_THROW(OutcomeFile("/dev/null", END), OutcomeFileError);
    EXPECT_THROW(OutcomeFile(dir_.file("no/such/directory"), END), OutcomeFileError);
}

TEST_F(OutcomeFileTest, aRenamedFileIsOpenedAnew) {
    OutcomeFile file(path_, END);
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
    writeFile(path_, "");
    OutcomeFile file(path_, END);
    writeFile(dir_.file("new"), "");
    std::filesystem::rename(dir_.file("new"), path_);
    EXPECT_TRUE(file.append("one\n\n", 1).reopened);
    EXPECT_EQ("one\n\n", readFile(path_));
}

TEST_F(OutcomeFileTest, failureIsToldOnceAndItsEndWithTheCountOfLostRecords) {
    const std::string moved = dir_.file("moved");
    const std::string place = dir_.file("place");
    std::filesystem::create_directory(place);
    OutcomeFile file(place + "/outcome.txt", END);
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

TEST_F(OutcomeFileTest, aRecordCutShortIsEndedWithinWhatThereIs) {
    OutcomeFile file(path_, END);
    {
        const FullAt full(14);
        EXPECT_TRUE(file.append("a=1\nb=2\n\n", 1).written);
        const AppendReport report = file.append("a=3\nb=4\n\n", 1);
        EXPECT_FALSE(report.written);
        EXPECT_TRUE(report.began_failing);
        EXPECT_EQ(path_ + ": File too large", report.error);
        EXPECT_EQ("a=1\nb=2\n\na=3\n\n", readFile(path_));
        EXPECT_FALSE(file.append("a=5\nb=6\n\n", 1).written);
    }
    // The next one may come from another process.
    test::appendFile(path_, "a=7\n\n");
    const AppendReport report = file.append("a=8\n\n", 1);
    EXPECT_TRUE(report.written);
    EXPECT_EQ(2, report.lost);
    EXPECT_EQ("a=1\nb=2\n\na=3\n\na=7\n\na=8\n\n", readFile(path_));
}

// Wherever the disk fills up.
TEST_F(OutcomeFileTest, noPartOfARecordSpoilsAnother) {
    const std::string before = "a=1\nb=2\n\n";
    const std::string two = "a=3\nb=4\n\na=5\nb=6\n\n";
    for (size_t room = 0; room < two.size(); ++room) {
        std::filesystem::remove(path_);
        OutcomeFile file(path_, END);
        ASSERT_TRUE(file.append(before, 1).written);
        {
            const FullAt full(before.size() + room);
            ASSERT_FALSE(file.append(two, 2).written);
        }
        const std::string text = readFile(path_);
        ASSERT_EQ(before.size() + room, text.size());
        EXPECT_EQ(before, text.substr(0, before.size()));
        const std::string part = text.substr(before.size());
        EXPECT_EQ(two.substr(0, room - std::min<size_t>(room, 2)),
                  part.substr(0, part.size() - std::min<size_t>(room, 2)));
        test::appendFile(path_, "a=7\n\n");
        EXPECT_EQ(std::string(std::min<size_t>(room, 2), '\n') + "a=7\n\n",
                  readFile(path_).substr(text.size() - std::min<size_t>(room, 2)));
    }
}

TEST_F(OutcomeFileTest, whatAKilledServerCutShortIsEndedBeforeTheNextRecord) {
    for (const char* cut : {"a=1", "a=1\n"}) {
        writeFile(path_, cut);
        OutcomeFile file(path_, END);
        EXPECT_TRUE(file.append("a=2\n\n", 1).written);
        EXPECT_TRUE(file.append("a=3\n\n", 1).written);
        EXPECT_EQ(std::string(cut) + "\n\na=2\n\na=3\n\n", readFile(path_));
    }
}

// A file that may be written but not read cannot be repaired in place.
TEST_F(OutcomeFileTest, aRecordCutShortInAnUnreadableFileIsEndedBeforeTheNext) {
    writeFile(path_, "");
    std::filesystem::permissions(dir_.file("."), std::filesystem::perms::all);
    ::chmod(path_.c_str(), 0222);
    std::unique_ptr<OutcomeFile> file;
    {
        const Unprivileged nobody;
        file = std::make_unique<OutcomeFile>(path_, END);
    }
    {
        const FullAt full(4);
        EXPECT_FALSE(file->append("a=1\nb=2\n\n", 1).written);
    }
    EXPECT_TRUE(file->append("a=3\n\n", 1).written);
    EXPECT_EQ("a=1\n\n\na=3\n\n", readFile(path_));
}

TEST_F(OutcomeFileTest, aRenameIsSeenBetweenAnyTwoRecords) {
    OutcomeFile file(path_, END);
    for (int i = 0; i < 200; ++i) {
        EXPECT_TRUE(file.append("a=1\n\n", 1).written);
        if (i % 2 == 0) {
            ::chmod(path_.c_str(), i % 4 == 0 ? 0600 : 0640);
        }
        std::filesystem::rename(path_, dir_.file("old"));
        const AppendReport report = file.append("a=2\n\n", 1);
        EXPECT_TRUE(report.written && report.reopened);
        EXPECT_EQ("a=2\n\n", readFile(path_));
        std::filesystem::remove(path_);
    }
}

// What no watch can notice.
TEST_F(OutcomeFileTest, aMountOverItsDirectoryIsSeenWithinASecond) {
    OutcomeFile file(path_, END);
    EXPECT_TRUE(file.append("a=1\n\n", 1).written);
    const test::PrivateMount over(dir_.file(""), "tmpfs");
    if (!over.done()) {
        GTEST_SKIP() << "only root can mount";
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    EXPECT_TRUE(file.append("a=2\n\n", 1).reopened);
    EXPECT_EQ("a=2\n\n", readFile(path_));
}

TEST_F(OutcomeFileTest, aFileThatOnlyChangesItsModeStaysOpen) {
    OutcomeFile file(path_, END);
    EXPECT_TRUE(file.append("a=1\n\n", 1).written);
    for (int i = 0; i < 3; ++i) {
        ::chmod(path_.c_str(), 0600);
        EXPECT_FALSE(file.append("a=2\n\n", 1).reopened);
        EXPECT_FALSE(file.append("a=3\n\n", 1).reopened);
    }
    EXPECT_EQ("a=1\n\na=2\n\na=3\n\na=2\n\na=3\n\na=2\n\na=3\n\n", readFile(path_));
}

TEST_F(OutcomeFileTest, aTruncatedFileIsAppendedToFromItsStart) {
    OutcomeFile file(path_, END);
    file.append("a=1\n\n", 1);
    std::filesystem::resize_file(path_, 0);
    EXPECT_FALSE(file.append("a=2\n\n", 1).reopened);
    EXPECT_EQ("a=2\n\n", readFile(path_));
}

TEST_F(OutcomeFileTest, countsWhatWasAndWhatCouldNotBeWritten) {
    OutcomeFile file(path_, END);
    file.append("a=1\n\na=2\n\n", 2);
    {
        const FullAt full(12);
        file.append("a=3\n\n", 1);
        file.append("a=4\n\na=5\n\n", 2);
    }
    file.append("a=6\n\n", 1);
    EXPECT_EQ(3, file.counters().written);
    EXPECT_EQ(3, file.counters().failed);
}

// Two writers with their own descriptors, like two daemons, with four threads each.
TEST_F(OutcomeFileTest, recordsOfManyThreadsAndWritersStayWhole) {
    constexpr int THREADS = 4;
    constexpr int RECORDS = 500;
    OutcomeFile first(path_, END);
    OutcomeFile second(path_, END);
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
} // namespace user_chk::outcome_file_test
