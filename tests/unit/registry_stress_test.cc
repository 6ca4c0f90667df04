// SPDX-License-Identifier: MPL-2.0
// Stresses Follower: four threads of queries while the file changes in every way, and none may see an old
// content.

#include <support/file_follower.h>
#include <support/temp_dir.h>
#include <system/file_descriptor.h>
#include <system/patience.h>

#include <gtest/gtest.h>

#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <iomanip>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace user_chk::registry_stress_test {
namespace {

using test::appendFile;
using test::FileFollower;
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

// User 0 is in every version, with the number of that version.
const UserId EVER_PRESENT = idOf(0);

std::string record(int user, int version) {
    return R"({"type":"HW_ADDR","id":")" + idOf(user).toText() + R"(","version":")" +
           std::to_string(version) + "\"}\n";
}

std::string content(int version) {
    return record(0, version) + "# and nobody else, until somebody is appended\n";
}

// A registry that is replaced in every way: by its own name, which is watched, or through a symbolic link. At
// any moment the content is either whole or bad: an empty file would be a good registry without users.
class ChangingFile {
public:
    // The ways of a change; each puts a version in force.
    typedef void (ChangingFile::*Way)(int version);
    std::vector<Way> ways() const {
        std::vector<Way> ways = {&ChangingFile::rewrite, &ChangingFile::append, &ChangingFile::renameOver,
                                 &ChangingFile::recreate};
        if (linked_) {
            ways.push_back(&ChangingFile::moveLink);
        }
        return ways;
    }

    explicit ChangingFile(bool linked) : linked_(linked) {
        writeFile(target_, content(0));
        if (linked_) {
            std::filesystem::create_symlink(target_, link_);
        }
    }

    const std::string& path() const { return linked_ ? link_ : target_; }

    // The last complete version.
    int complete() const { return complete_; }

    // Odd while the file is bad or missing. The same even number before and after means that the file was
    // good all the time.
    int gaps() const { return gaps_; }

    // Changes the file to the next version. Returns its number.
    int change(Way way) {
        (this->*way)(complete_ + 1);
        return ++complete_;
    }

private:
    // In place; bad from the first byte written until the last.
    void rewrite(int version) {
        const std::string text = content(version);
        ++gaps_;
        const FileDescriptor fd(::open(target_.c_str(), O_WRONLY | O_CLOEXEC));
        const bool done =
            ::pwrite(fd.get(), "!", 1, 0) == 1 && ::ftruncate(fd.get(), 1) == 0 &&
            ::pwrite(fd.get(), &text[1], text.size() - 1, 1) == static_cast<ssize_t>(text.size()) - 1 &&
            ::pwrite(fd.get(), &text[0], 1, 0) == 1;
        if (!done) {
            throw std::runtime_error("cannot rewrite " + target_);
        }
        ++gaps_;
    }

    void append(int version) { appendFile(target_, record(version, version)); }

    void renameOver(int version) {
        writeFile(aside_, content(version));
        std::filesystem::rename(aside_, target_);
    }

    void recreate(int version) {
        ++gaps_;
        std::filesystem::remove(target_);
        renameOver(version);
        ++gaps_;
    }

    void moveLink(int version) {
        const std::string old = target_;
        target_ = dir_.file("target" + std::to_string(version));
        writeFile(target_, content(version));
        std::filesystem::create_symlink(target_, aside_);
        std::filesystem::rename(aside_, link_);
        std::filesystem::remove(old);
    }

    TempDir dir_;
    const bool linked_;
    const std::string link_ = dir_.file("registry.txt");
    const std::string aside_ = dir_.file("aside");
    std::string target_ = dir_.file("target");
    std::atomic<int> complete_{0};
    std::atomic<int> gaps_{0};
};

int versionOf(const std::shared_ptr<const UserAttributes>& user) {
    return user ? std::stoi(test::valueOf(user, "version")) : -1;
}

// A version is in force when user 0 has its number or a later one, or when the user that was appended with it
// is there. The registry may change between these two checks, so the first one is repeated.
bool hasReached(const Registry& registry, int version) {
    return versionOf(registry.find(EVER_PRESENT)) >= version || registry.find(idOf(version)) ||
           versionOf(registry.find(EVER_PRESENT)) >= version;
}

// What the queries of one thread saw.
struct Seen {
    int queries = 0;
    int loads = 0;
    int judged = 0; // queries during which the file was good
    int stale = 0;  // of these, the queries that were judged by a version before the last complete one
    int missing = 0;
    int backwards = 0;
    int newest = 0;
};

void query(FileFollower& follower, const ChangingFile& file, Seen& seen) {
    const int gaps = file.gaps();
    const int complete = file.complete();
    const LoadReport report = follower.follow();
    const bool reached = hasReached(follower.registry(), complete);
    const int version = versionOf(follower.registry().find(EVER_PRESENT));
    const bool judged = gaps % 2 == 0 && gaps == file.gaps();
    ++seen.queries;
    seen.loads += report.outcome == LoadReport::Outcome::LOADED ? 1 : 0;
    seen.judged += judged ? 1 : 0;
    seen.stale += judged && !reached ? 1 : 0;
    seen.missing += version < 0 ? 1 : 0;
    seen.backwards += version < seen.newest ? 1 : 0;
    seen.newest = std::max(seen.newest, version);
}

// Every way occurs equally often, in an order in which each can follow each.
std::vector<ChangingFile::Way> shuffledChanges(const ChangingFile& file) {
    std::vector<ChangingFile::Way> changes;
    for (int i = 0; i < CHANGES_EACH_WAY; ++i) {
        for (const ChangingFile::Way way : file.ways()) {
            changes.push_back(way);
        }
    }
    std::shuffle(changes.begin(), changes.end(), std::mt19937(1));
    return changes;
}

// Bursts of changes within one tick of the clock, and now and then a pause in which the file's times become
// reliable.
void pauseAfter(int version) {
    if (version % 100 == 0) {
        std::this_thread::sleep_for(30ms);
    } else if (version % 3 == 0) {
        std::this_thread::sleep_for(1ms);
    }
}

class RegistryStressTest : public testing::TestWithParam<bool> {};

TEST_P(RegistryStressTest, noQueryIsStaleWhileTheFileChangesInEveryWay) {
    ChangingFile file(GetParam());
    FileFollower follower(file.path());
    std::atomic<bool> stop{false};
    std::atomic<int> loads{0};
    std::vector<Seen> seen(QUERY_THREADS);
    std::vector<std::thread> threads;
    for (Seen& of_thread : seen) {
        threads.emplace_back([&] {
            while (!stop) {
                const int before = of_thread.loads;
                query(follower, file, of_thread);
                loads += of_thread.loads - before;
            }
        });
    }
    int loads_before = 0;
    for (const ChangingFile::Way way : shuffledChanges(file)) {
        const int version = file.change(way);
        pauseAfter(version);
        if (version % 10 == 0) { // however busy the machine is, the queries meet some of the changes
            EXPECT_TRUE(Patience(30s).await([&] { return loads > loads_before; })) << "after " << version;
            loads_before = loads;
        }
    }
    stop = true;
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const Seen& of_thread : seen) {
        EXPECT_EQ(0, of_thread.stale) << "of " << of_thread.judged << " queries";
        EXPECT_EQ(0, of_thread.missing) << "of " << of_thread.queries << " queries";
        EXPECT_EQ(0, of_thread.backwards) << "of " << of_thread.queries << " queries";
        EXPECT_GT(of_thread.judged, of_thread.queries / 10) << "too few queries met a good file";
    }
    follower.follow();
    EXPECT_TRUE(hasReached(follower.registry(), file.complete()));
}

INSTANTIATE_TEST_SUITE_P(Paths, RegistryStressTest, testing::Bool(),
                         [](const auto& path) { return path.param ? "throughALink" : "byItsName"; });

} // namespace
} // namespace user_chk::registry_stress_test
