// SPDX-License-Identifier: MPL-2.0
// Stresses RegistryFollower: queries from four threads while the file changes in every way, and none is
// stale.

#include <registry/registry_follower.h>
#include <support/temp_dir.h>
#include <system/file_descriptor.h>

#include <gtest/gtest.h>

#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <random>
#include <thread>
#include <vector>

namespace user_chk {
namespace {

using test::appendFile;
using test::TempDir;
using test::writeFile;
using namespace std::chrono_literals;

constexpr int CHANGES_EACH_WAY = 1000;
constexpr int QUERY_THREADS = 4;

UserId idOf(int number) {
    std::ostringstream digits;
    digits << "0a" << std::hex << std::setw(8) << std::setfill('0') << number;
    return UserId(UserId::HW_ADDRESS, digits.str());
}

// User 0 is in every version, with the number of the version it was written with.
const UserId EVER_PRESENT = idOf(0);

std::string record(int user, int version) {
    return R"({"type":"HW_ADDR","id":")" + idOf(user).toText() + R"(","version":")" +
           std::to_string(version) + "\"}\n";
}

std::string content(int version) {
    return record(0, version) + "# and nobody else, until somebody is appended\n";
}

// A registry that is reached by a symbolic link and replaced in five ways. Every content is whole or bad at
// any moment: an empty file would be a good registry, without users.
class ChangingFile {
public:
    ChangingFile() {
        writeFile(target_, content(0));
        std::filesystem::create_symlink(target_, path_);
    }

    const std::string& path() const { return path_; }

    // The ways of a change, each of which puts a version in force.
    typedef void (ChangingFile::*Way)(int version);
    static std::vector<Way> ways() {
        return {&ChangingFile::rewrite, &ChangingFile::append, &ChangingFile::renameOver,
                &ChangingFile::recreate, &ChangingFile::moveLink};
    }

private:
    // In place, bad from the first byte written until the last.
    void rewrite(int version) {
        const std::string text = content(version);
        const FileDescriptor fd(::open(target_.c_str(), O_WRONLY | O_CLOEXEC));
        const bool done =
            ::pwrite(fd.get(), "!", 1, 0) == 1 && ::ftruncate(fd.get(), 1) == 0 &&
            ::pwrite(fd.get(), &text[1], text.size() - 1, 1) == static_cast<ssize_t>(text.size()) - 1 &&
            ::pwrite(fd.get(), &text[0], 1, 0) == 1;
        if (!done) {
            throw std::runtime_error("cannot rewrite " + target_);
        }
    }

    void append(int version) { appendFile(target_, record(version, version)); }

    void renameOver(int version) {
        writeFile(aside_, content(version));
        std::filesystem::rename(aside_, target_);
    }

    void recreate(int version) {
        std::filesystem::remove(target_);
        renameOver(version);
    }

    void moveLink(int version) {
        const std::string old = target_;
        target_ = dir_.file("target" + std::to_string(version));
        writeFile(target_, content(version));
        std::filesystem::create_symlink(target_, aside_);
        std::filesystem::rename(aside_, path_);
        std::filesystem::remove(old);
    }

    TempDir dir_;
    const std::string path_ = dir_.file("registry.txt");
    const std::string aside_ = dir_.file("aside");
    std::string target_ = dir_.file("target");
};

// What the queries of one thread saw.
struct Seen {
    int queries = 0;
    int loads = 0;
    int missing = 0;
    int stale = 0;
};

int versionOf(const UserPtr& user) {
    return user ? std::stoi(user->getProperty("version")) : -1;
}

// A version is in force when the user who is ever present was written with it or later, or when the user who
// was appended with it is there. The registry may go on between two looks, so the first of them is taken
// again.
bool hasReached(const UserRegistry& registry, int version) {
    return versionOf(registry.findUser(EVER_PRESENT)) >= version || registry.findUser(idOf(version)) ||
           versionOf(registry.findUser(EVER_PRESENT)) >= version;
}

Seen query(RegistryFollower& follower, const std::atomic<int>& complete, const std::atomic<bool>& stop) {
    Seen seen;
    while (!stop) {
        const int at_least = complete;
        seen.loads += follower.follow().outcome == LoadReport::Outcome::LOADED ? 1 : 0;
        seen.missing += follower.registry().findUser(EVER_PRESENT) ? 0 : 1;
        seen.stale += hasReached(follower.registry(), at_least) ? 0 : 1;
        ++seen.queries;
    }
    return seen;
}

// Every way as often as the others, in an order that lets each follow each.
std::vector<ChangingFile::Way> shuffledChanges() {
    std::vector<ChangingFile::Way> changes;
    for (int i = 0; i < CHANGES_EACH_WAY; ++i) {
        for (const ChangingFile::Way way : ChangingFile::ways()) {
            changes.push_back(way);
        }
    }
    std::shuffle(changes.begin(), changes.end(), std::mt19937(1));
    return changes;
}

// Bursts of changes within one tick of the clock, and now and then a rest in which the file's times settle.
void pauseAfter(int version) {
    if (version % 100 == 0) {
        std::this_thread::sleep_for(30ms);
    } else if (version % 3 == 0) {
        std::this_thread::sleep_for(1ms);
    }
}

TEST(RegistryStressTest, noQueryIsStaleWhileTheFileChangesInEveryWay) {
    ChangingFile file;
    RegistryFollower follower(file.path());
    std::atomic<int> complete{0}; // the last version that is in force
    std::atomic<bool> stop{false};
    std::vector<Seen> seen(QUERY_THREADS);
    std::vector<std::thread> threads;
    for (Seen& of_thread : seen) {
        threads.emplace_back([&] { of_thread = query(follower, complete, stop); });
    }
    int version = 0;
    for (const ChangingFile::Way change : shuffledChanges()) {
        (file.*change)(++version);
        complete = version;
        pauseAfter(version);
    }
    stop = true;
    int loads = 0;
    for (int i = 0; i < QUERY_THREADS; ++i) {
        threads.at(i).join();
        EXPECT_EQ(0, seen.at(i).missing) << "of " << seen.at(i).queries << " queries";
        EXPECT_EQ(0, seen.at(i).stale) << "of " << seen.at(i).queries << " queries";
        loads += seen.at(i).loads;
    }
    EXPECT_GT(loads, version / 10) << "the queries saw too little of the changes to show anything";
    follower.follow();
    EXPECT_TRUE(hasReached(follower.registry(), version));
}

} // namespace
} // namespace user_chk
