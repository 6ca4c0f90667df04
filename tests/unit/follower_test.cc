// SPDX-License-Identifier: MPL-2.0
// Tests Follower with a file: it sees changes of the file at once, and none of them empties the registry.

#include <support/file_follower.h>
#include <support/private_mount.h>
#include <support/records.h>
#include <support/temp_dir.h>

#include <user_data_source.h>

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <thread>

namespace user_chk::follower_test {
namespace {

using test::hwAddress;
using test::record;

using test::appendFile;
using test::FileFollower;
using test::TempDir;
using test::writeFile;
using Outcome = LoadReport::Outcome;

// A registry with one user, 01, and a follower of it: either by its name, which is watched, or by a link to
// its directory, which requires stat(2).
class FollowerTest : public testing::TestWithParam<bool> {
protected:
    FollowerTest() { writeFile(path_, record("01")); }

    bool knows(const std::string& id) { return static_cast<bool>(follower().registry().find(hwAddress(id))); }

    FileFollower& follower() {
        if (!follower_) {
            follower_ = std::make_unique<FileFollower>(path_);
        }
        return *follower_;
    }

    void expectLoaded() {
        const LoadReport report = follower().follow();
        EXPECT_EQ(Outcome::LOADED, report.outcome) << report.error;
    }

    void expectUnchanged() { EXPECT_EQ(Outcome::UNCHANGED, follower().follow().outcome); }

    // Fails once, is not reported again, and leaves user 01 in force.
    void expectFailedOnce(const std::string& reason) {
        const LoadReport report = follower().follow();
        EXPECT_EQ(Outcome::FAILED, report.outcome);
        EXPECT_EQ(path_ + reason, report.error);
        for (int i = 0; i < 3; ++i) {
            expectUnchanged();
        }
        EXPECT_TRUE(knows("01"));
    }

    // Replaces the registry by another file.
    void replaceBy(const std::string& text) {
        writeFile(dir_.file("new"), text);
        std::filesystem::rename(dir_.file("new"), path_);
    }

    std::string path() {
        if (!GetParam()) {
            return dir_.file("registry.txt");
        }
        std::filesystem::create_directory_symlink(".", dir_.file("link"));
        return dir_.file("link/registry.txt");
    }

    TempDir dir_;
    const std::string path_ = path();
    std::unique_ptr<FileFollower> follower_;
};

INSTANTIATE_TEST_SUITE_P(Paths, FollowerTest, testing::Bool(),
                         [](const auto& path) { return path.param ? "throughALink" : "byItsName"; });

TEST_P(FollowerTest, reloadsAFileThatSeemsUnchanged) {
    follower();
    EXPECT_EQ(Outcome::UNCHANGED, follower().reload().outcome);
    writeFile(path_, record("02"));
    EXPECT_EQ(Outcome::LOADED, follower().reload().outcome);
    EXPECT_TRUE(knows("02"));
    expectUnchanged();
}

TEST_P(FollowerTest, knowsWhenTheUsersInForceWereLoadedAndWhatIsWrongNow) {
    const auto before = std::chrono::system_clock::now();
    const auto loaded = follower().state();
    EXPECT_LE(before, loaded.loaded_at);
    EXPECT_GE(std::chrono::system_clock::now(), loaded.loaded_at);
    EXPECT_GE(std::chrono::system_clock::now() - before, loaded.load_took);
    EXPECT_EQ("", loaded.error);
    writeFile(path_, "bad\n");
    follower().follow();
    EXPECT_EQ(path_ + ":1: ", follower().state().error.substr(0, path_.size() + 4));
    EXPECT_EQ(loaded.loaded_at, follower().state().loaded_at);
    follower().reload();
    EXPECT_NE("", follower().state().error) << "as bad as before";
    writeFile(path_, record("01"));
    follower().follow();
    EXPECT_EQ("", follower().state().error);
    EXPECT_LT(loaded.loaded_at, follower().state().loaded_at);
}

TEST_P(FollowerTest, loadsAtOnce) {
    EXPECT_EQ(Outcome::LOADED, follower().firstReport().outcome);
    EXPECT_TRUE(knows("01"));
    EXPECT_EQ(path_, follower().source().name());
    expectUnchanged();
}

TEST_P(FollowerTest, refusesAMissingOrBadFileAtFirst) {
    writeFile(path_, "bad\n");
    const std::string error = test::messageOf<UserDataSourceError>([this] { follower(); });
    EXPECT_EQ(0, error.find(path_ + ":1: ")) << error;
    std::filesystem::remove(path_);
    EXPECT_EQ(path_ + ": No such file or directory",
              test::messageOf<UserDataSourceError>([this] { follower(); }));
}

TEST_P(FollowerTest, followsAppendRewriteRenameAndRecreation) {
    follower();
    appendFile(path_, record("02"));
    expectLoaded();
    EXPECT_TRUE(knows("01") && knows("02"));

    writeFile(path_, record("03"));
    expectLoaded();
    EXPECT_TRUE(!knows("01") && knows("03"));

    replaceBy(record("04"));
    expectLoaded();
    EXPECT_TRUE(!knows("03") && knows("04"));

    std::filesystem::remove(path_);
    writeFile(path_, record("05"));
    expectLoaded();
    EXPECT_TRUE(!knows("04") && knows("05"));
}

TEST_P(FollowerTest, followsASymbolicLinkToAnotherTarget) {
    writeFile(dir_.file("a"), record("0a"));
    writeFile(dir_.file("b"), record("0b"));
    std::filesystem::remove(path_);
    std::filesystem::create_symlink("a", path_);
    EXPECT_TRUE(knows("0a"));
    std::filesystem::create_symlink("b", dir_.file("other link"));
    std::filesystem::rename(dir_.file("other link"), path_);
    expectLoaded();
    EXPECT_TRUE(!knows("0a") && knows("0b"));
}

// Since kernel 6.13 many file systems have times that are finer than the clock's tick, but ramfs does not:
// there, as everywhere on the kernels of Debian 12 and 13, changes within one tick leave the same times.
TEST(OneTickTest, changesOfOneLengthAreSeen) {
    const TempDir place;
    const test::PrivateMount ramfs(place.file(""), "ramfs");
    if (!ramfs.done()) {
        GTEST_SKIP() << "only root can mount a file system with coarse times";
    }
    const std::string path = place.file("registry.txt");
    writeFile(path, record("01"));
    FileFollower follower(path);
    int undetectable = 0;
    // On a slow machine, or with a sanitizer, few changes are quick enough for this.
    for (int i = 0; i < 500 || (undetectable == 0 && i < 20000); ++i) {
        const FileSignature before = FileSignature::of(path);
        const char* id = i % 2 == 0 ? "02" : "01";
        writeFile(path, record(id));
        undetectable += FileSignature::of(path) == before ? 1 : 0;
        follower.follow();
        ASSERT_TRUE(follower.registry().find(hwAddress(id))) << "change " << i;
    }
    EXPECT_GT(undetectable, 0) << "this test shows nothing on this file system";
}

// What no watch can notice.
TEST_P(FollowerTest, seesWithinASecondWhatIsMountedOverItsDirectory) {
    follower();
    expectUnchanged();
    const test::PrivateMount over(dir_.file(""), "tmpfs");
    if (!over.done()) {
        GTEST_SKIP() << "only root can mount";
    }
    writeFile(dir_.file("registry.txt"), record("02"));
    std::filesystem::create_directory_symlink(".", dir_.file("link"));
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    expectLoaded();
    EXPECT_TRUE(knows("02"));
}

TEST_P(FollowerTest, believesTheTimesOnceTheyAreOld) {
    follower();
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    expectUnchanged();
    // Settled now. The same bytes with new times are read, but not loaded again.
    writeFile(path_, record("01"));
    expectUnchanged();
}

TEST_P(FollowerTest, keepsTheLastGoodRegistryWhileTheFileIsBad) {
    follower();
    appendFile(path_, "{\"type\":\"HW_ADDR\"}\n");
    expectFailedOnce(":2: 'id' is missing");

    writeFile(path_, "{\"type\":\"HW_ADDR\"}\n");
    expectFailedOnce(":1: 'id' is missing");

    writeFile(path_, record("01") + record("01"));
    expectFailedOnce(":2: duplicate user: HW_ADDR=01, already in line 1");

    writeFile(path_, record("01"));
    expectLoaded();
    EXPECT_TRUE(knows("01"));
}

TEST_P(FollowerTest, tellsOfEachBadChangeEvenWithTheSameReason) {
    follower();
    writeFile(path_, "{\"type\":\"HW_ADDR\"}\n");
    expectFailedOnce(":1: 'id' is missing");
    writeFile(path_, "{ \"type\":\"HW_ADDR\" }\n");
    expectFailedOnce(":1: 'id' is missing");
}

TEST_P(FollowerTest, keepsTheLastGoodRegistryWhileTheFileIsGone) {
    follower();
    std::filesystem::remove(path_);
    expectFailedOnce(": No such file or directory");

    std::filesystem::create_directory(path_);
    expectFailedOnce(": is not a regular file");

    std::filesystem::remove(path_);
    expectFailedOnce(": No such file or directory");

    writeFile(path_, record("02"));
    expectLoaded();
    EXPECT_TRUE(knows("02"));
}

TEST_P(FollowerTest, anEmptyFileEmptiesTheRegistry) {
    follower();
    writeFile(path_, "");
    expectLoaded();
    EXPECT_EQ(0, follower().registry().size());
}

// A reader that makes a remark on each value of "odd", and rejects "bad".
Meaning readAttributes(UserId::UserIdType, const PropertyMap& attributes) {
    if (attributes.count("bad") != 0) {
        isc_throw(isc::BadValue, "invalid bad: '" << attributes.at("bad") << "'");
    }
    return attributes.count("odd") == 0 ? Meaning() : Meaning{nullptr, {attributes.at("odd")}};
}

TEST_P(FollowerTest, reportsTheRemarksOfTheReader) {
    const std::string id = "0c0e0a01ff0";
    writeFile(path_,
              record(id + "1") + record(id + "2", R"(,"odd":"a")") + record(id + "3", R"(,"odd":"b")"));
    FileFollower remarked(path_, readAttributes);
    const auto& remarks = remarked.firstReport().remarks;
    ASSERT_EQ(2, remarks.size());
    EXPECT_EQ("a", remarks[0].text);
    EXPECT_EQ(2, remarks[0].first_line);
    EXPECT_EQ("b", remarks[1].text);
    writeFile(path_, record(id + "1"));
    EXPECT_TRUE(remarked.follow().remarks.empty());
}

TEST_P(FollowerTest, readsAttributesAnewWhenTheyMeanSomethingElse) {
    const std::string id = "0c0e0a01ff0";
    writeFile(path_, record(id + "1", R"(,"odd":"a")"));
    std::string meaning = "one thing";
    FileFollower follower(path_, [&meaning](UserId::UserIdType, const PropertyMap&) {
        if (meaning.empty()) {
            isc_throw(isc::BadValue, "it means nothing now");
        }
        return Meaning{nullptr, {meaning}};
    });
    meaning = "another";
    EXPECT_EQ(LoadReport::Outcome::UNCHANGED, follower.reload().outcome) << "the file has not changed";
    const LoadReport report = follower.reread();
    EXPECT_EQ(LoadReport::Outcome::LOADED, report.outcome);
    ASSERT_EQ(1, report.remarks.size());
    EXPECT_EQ("another", report.remarks[0].text);
    meaning.clear();
    EXPECT_EQ(path_ + ":1: it means nothing now", follower.reread().error);
    EXPECT_EQ(1, follower.registry().size()) << "the last good one stays";
}

TEST_P(FollowerTest, badAttributeFailsTheFirstLoadAndLaterKeepsWhatWasGood) {
    follower_ = std::make_unique<FileFollower>(path_, readAttributes);
    appendFile(path_, record("02", R"(,"bad":"x")"));
    expectFailedOnce(":2: invalid bad: 'x'");
    EXPECT_EQ(path_ + ":2: invalid bad: 'x'", test::messageOf<UserDataSourceError>([this] {
                  const FileFollower another(path_, readAttributes);
              }));
}

TEST_P(FollowerTest, triesAgainWhenThereWasNotEnoughMemory) {
    bool enough = true;
    FileFollower starved(path_, [&enough](UserId::UserIdType, const PropertyMap&) {
        if (!enough) {
            throw std::bad_alloc();
        }
        return Meaning();
    });
    enough = false;
    writeFile(path_, record("01", R"(,"a":"b")"));
    LoadReport report = starved.follow();
    EXPECT_EQ(Outcome::FAILED, report.outcome);
    EXPECT_EQ(path_ + ": Cannot allocate memory", report.error);
    EXPECT_EQ(Outcome::UNCHANGED, starved.follow().outcome);
    enough = true;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    do {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        report = starved.follow();
    } while (report.outcome == Outcome::UNCHANGED && std::chrono::steady_clock::now() < deadline);
    EXPECT_EQ(Outcome::LOADED, report.outcome) << report.error;
}

// Each query must be judged by what the file had when the query came, or later.
TEST_P(FollowerTest, manyThreadsNeverDecideOnAnOldContent) {
    follower();
    std::atomic<int> complete{1}; // the number of the last complete change
    std::atomic<bool> stop{false};
    std::atomic<int> stale{0};
    std::vector<std::thread> queries;
    for (int i = 0; i < 4; ++i) {
        queries.emplace_back([&] {
            while (!stop) {
                const int at_least = complete;
                follower_->follow();
                const auto user = follower_->registry().find(hwAddress("01"));
                stale += !user || std::stoi("0" + test::valueOf(user, "change")) < at_least - 1 ? 1 : 0;
            }
        });
    }
    for (int i = 2; i < 300; ++i) {
        replaceBy(record("01", R"(,"change":")" + std::to_string(i - 1) + "\""));
        complete = i;
        std::this_thread::sleep_for(std::chrono::milliseconds(i % 3));
    }
    stop = true;
    for (std::thread& query : queries) {
        query.join();
    }
    EXPECT_EQ(0, stale);
}

} // namespace
} // namespace user_chk::follower_test
