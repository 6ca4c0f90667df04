// SPDX-License-Identifier: MPL-2.0
// Tests LastGoodCopy: reading returns what was written, or nothing; and the path always names one of the two
// copies, whatever happens during a write.

#include <source/last_good_copy.h>
#include <support/child_process.h>
#include <support/open_files.h>
#include <support/private_mount.h>
#include <support/temp_dir.h>
#include <system/file_descriptor.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <exceptions/exceptions.h>

#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <map>
#include <random>
#include <thread>
#include <vector>

namespace user_chk::last_good_copy_test {
namespace {

using test::ChildProcess;
using test::messageOf;
using test::readFile;
using test::writeFile;
namespace fs = std::filesystem;

typedef std::map<UserId, PropertyMap> UserMap;

UserId idOf(size_t number) {
    char text[13];
    std::snprintf(text, sizeof(text), "%012zx", number);
    return UserId(UserId::HW_ADDRESS, std::string(text));
}

UserMap crowd(size_t count, const std::string& note = "") {
    UserMap users;
    for (size_t number = 0; number < count; ++number) {
        users[idOf(number)] = note.empty() ? PropertyMap() : PropertyMap{{"note", note}};
    }
    return users;
}

std::shared_ptr<const UserTable> tableOf(const UserMap& users) {
    const auto table = std::make_shared<UserTable>();
    for (const auto& [id, attributes] : users) {
        table->add(id.getType(), id.getId(), {attributes.begin(), attributes.end()});
    }
    table->seal();
    return table;
}

void write(const LastGoodCopy& copy, const UserMap& users) {
    copy.write(Users(tableOf(users)));
}

UserMap usersIn(const LastGoodCopy& copy) {
    const std::shared_ptr<const UserTable> table = copy.read(nullptr).users;
    UserMap users;
    Users(table).forEachAfter(
        std::nullopt, table->size(),
        [&users](const UserId& id, const AttributeSet& set) { users[id] = set.attributes.properties; });
    return users;
}

class LastGoodCopyTest : public testing::Test {
protected:
    void TearDown() override {
        for (const auto& entry : fs::directory_iterator(fs::path(path_).parent_path())) {
            EXPECT_NE(beside_, entry.path().string()) << "is left over";
        }
    }

    std::string refusal() const {
        return messageOf<CopyError>([this] { copy_.read(nullptr); });
    }

    // Returns the error of a write, after which the copy must be unchanged.
    std::string failure() const {
        const std::string before = readFile(path_);
        const std::string reason = messageOf<CopyError>([this] { write(copy_, crowd(3)); });
        EXPECT_EQ(before, readFile(path_));
        return reason;
    }

    const test::OpenFiles open_files_;
    const test::TempDir dir_;
    const std::string path_ = dir_.file("copy.txt");
    const std::string beside_ = dir_.file(".copy.txt.user-chk-new");
    const LastGoodCopy copy_{path_, "file /etc/users"};
};

TEST_F(LastGoodCopyTest, readsWhatWasWritten) {
    UserMap users = crowd(1000, "n");
    users[UserId(UserId::DUID, std::string("0001"))] = {
        {"bytes", std::string("\0\x01\n\xff\"\\", 6)}, {"", "no name"}, {"client-classes", "A, B"}};
    users[UserId(UserId::DUID, std::vector<uint8_t>(300, 7))] = {{"a", std::string(70000, '\x01')}};
    users[UserId(UserId::DUID, std::string("0001"))].erase("");
    const auto before = std::chrono::system_clock::now() - std::chrono::milliseconds(1);
    write(copy_, users);
    EXPECT_EQ(users, usersIn(copy_));
    const auto written = copy_.read(nullptr).written;
    EXPECT_LE(before, written);
    EXPECT_GE(std::chrono::system_clock::now(), written);
    write(copy_, {});
    EXPECT_EQ(UserMap(), usersIn(copy_));
}

TEST_F(LastGoodCopyTest, keepsWhereItsSourceIsToGoOn) {
    const Users users(tableOf(crowd(3)));
    for (const char* cursor : {"", R"({"horizon": "7", "seen": ["8", "9"]})"}) {
        copy_.write(users, cursor);
        EXPECT_EQ(cursor, copy_.read(nullptr).cursor);
        EXPECT_EQ(crowd(3), usersIn(copy_));
    }
}

TEST_F(LastGoodCopyTest, keepsVersionsWhereItsSourceIsToGoOn) {
    const auto table = std::make_shared<UserTable>();
    const std::vector<uint32_t> versions = {1, 1, 7, std::numeric_limits<uint32_t>::max(), 1};
    for (size_t i = 0; i < versions.size(); ++i) {
        table->add(UserId::HW_ADDRESS, {static_cast<uint8_t>(i)}, {}, 0, versions[i]);
    }
    table->seal();
    const auto versionsIn = [&](const std::string& cursor) {
        copy_.write(Users(table), cursor);
        const auto users = copy_.read(nullptr).users;
        std::vector<uint32_t> read;
        for (size_t i = 0; i < versions.size(); ++i) {
            read.push_back(users->entryOf(UserId::HW_ADDRESS, {static_cast<uint8_t>(i)})->note);
        }
        return read;
    };
    EXPECT_EQ(versions, versionsIn("{}"));
    std::string damaged = readFile(path_);
    damaged.replace(damaged.find("# version 7"), 11, "# version x");
    EXPECT_EQ(std::vector<uint32_t>(versions.size(), 0), versionsIn(""));
    writeFile(path_, damaged);
    EXPECT_EQ(path_ + ":5: invalid version", messageOf<CopyError>([this] { copy_.read(nullptr); }));
}

TEST_F(LastGoodCopyTest, isARegistryFileWithAHeaderInTheOrderOfIds) {
    write(copy_, {{UserId(UserId::DUID, std::string("01")), {}},
                  {UserId(UserId::HW_ADDRESS, std::string("02")), {{"a", "b"}}}});
    const std::string text = readFile(path_);
    const size_t end = text.find('\n');
    EXPECT_EQ(0, text.rfind("# user-chk registry copy, written 20", 0)) << text;
    EXPECT_NE(std::string::npos, text.find(", users 2, of file /etc/users\n")) << text;
    EXPECT_EQ("{ \"type\" : \"HW_ADDR\", \"id\" : \"02\", \"a\" : \"b\" }\n{ \"type\" : \"DUID\", \"id\" : "
              "\"01\" }\n",
              text.substr(end + 1));
}

TEST_F(LastGoodCopyTest, hasAttributesReadByTheReader) {
    write(copy_, crowd(1, "bad"));
    const AttributeReader reader = [](UserId::UserIdType, const PropertyMap& attributes) {
        if (attributes.count("note") != 0) {
            isc_throw(isc::BadValue, "invalid note");
        }
        return Meaning();
    };
    EXPECT_EQ(path_ + ":2: invalid note", messageOf<CopyError>([&] { copy_.read(reader); }));
    write(copy_, crowd(1));
    EXPECT_EQ(1, copy_.read(reader).users->size());
}

TEST_F(LastGoodCopyTest, takesNoCopyOfAnotherSource) {
    write(LastGoodCopy(path_, "file /etc/others"), crowd(1));
    EXPECT_EQ(path_ + ": is a copy of another source: file /etc/others", refusal());
    const LastGoodCopy odd(path_, "file /etc/, of\nusers");
    write(odd, crowd(1));
    EXPECT_EQ(crowd(1), usersIn(odd));
}

TEST_F(LastGoodCopyTest, takesNoCopyThatIsCutShort) {
    write(copy_, crowd(3, "n"));
    const std::string whole = readFile(path_);
    for (size_t length = 0; length < whole.size() - 1; ++length) {
        writeFile(path_, whole.substr(0, length));
        EXPECT_THROW(copy_.read(nullptr), CopyError) << length;
    }
    writeFile(path_, whole.substr(0, whole.size() - 1)); // the line end of the last line
    EXPECT_EQ(crowd(3, "n"), usersIn(copy_));
}

// The time is the only part that nothing else protects.
TEST_F(LastGoodCopyTest, takesNoCopyThatIsDamaged) {
    write(copy_, crowd(3, "n"));
    const std::string whole = readFile(path_);
    const size_t header = whole.find('\n');
    const size_t revision = whole.find(", revision ");
    for (size_t at = revision; at < whole.size() - 1; ++at) {
        std::string text = whole;
        text[at] = text[at] == '0' ? '1' : '0';
        writeFile(path_, text);
        try {
            EXPECT_EQ(crowd(3, "n"), usersIn(copy_)) << at;
            EXPECT_LT(header, at) << "a space of JSON that became something else would be an error";
            ADD_FAILURE() << "byte " << at << " does not matter";
        } catch (const CopyError&) {
        }
    }
    for (const std::string& text : {std::string(), std::string("{ }"), std::string(100, '\0'), whole + whole,
                                    whole + "{ broken\n", "\n" + whole}) {
        writeFile(path_, text);
        EXPECT_THROW(copy_.read(nullptr), CopyError) << text;
    }
}

TEST_F(LastGoodCopyTest, saysWhatIsWrong) {
    EXPECT_EQ(path_ + ": No such file or directory", refusal());
    write(copy_, crowd(2));
    const std::string whole = readFile(path_);
    writeFile(path_, whole.substr(0, whole.find('\n') + 1));
    EXPECT_EQ(path_ + ": is damaged, its users do not match its revision", refusal());
    writeFile(path_, whole + "{ \"type\" : \"DUID\" }\n");
    EXPECT_EQ(path_ + ":4: 'id' is missing", refusal());
    writeFile(path_, whole.substr(whole.find('\n') + 1));
    EXPECT_EQ(path_ + ": is not a copy of a registry", refusal());
}

TEST_F(LastGoodCopyTest, isReadableByNobodyElse) {
    const mode_t before = ::umask(0);
    write(copy_, crowd(1));
    ::umask(before);
    EXPECT_EQ(fs::perms::owner_read | fs::perms::owner_write, fs::status(path_).permissions());
}

TEST_F(LastGoodCopyTest, belongsToWhomTheDirectoryBelongsTo) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root can give files away";
    }
    const std::string directory = dir_.file("kea");
    ASSERT_TRUE(fs::create_directory(directory));
    ASSERT_EQ(0, ::chown(directory.c_str(), 1234, 4321));
    const LastGoodCopy copy(directory + "/copy.txt", "file /etc/users");
    write(copy, crowd(1));
    struct stat st = {};
    ASSERT_EQ(0, ::stat(copy.path().c_str(), &st));
    EXPECT_EQ(1234, st.st_uid);
    EXPECT_EQ(4321, st.st_gid);
}

TEST_F(LastGoodCopyTest, isNotReachedThroughALink) {
    const std::string target = dir_.file("target");
    writeFile(target, "precious");
    fs::create_symlink(target, path_);
    EXPECT_EQ(path_ + ": is a symbolic link", failure());
    EXPECT_EQ(path_ + ": is a symbolic link", refusal());
    EXPECT_EQ("precious", readFile(target));
    fs::remove(path_);
    fs::create_symlink(target, beside_);
    EXPECT_EQ(path_ + ": is being written by another process", failure());
    EXPECT_EQ("precious", readFile(target));
    fs::remove(beside_);
}

TEST_F(LastGoodCopyTest, takesThePlaceOfNothingButAFile) {
    ASSERT_EQ(0, ::mkfifo(path_.c_str(), 0600));
    EXPECT_EQ(path_ + ": is not a regular file", messageOf<CopyError>([this] { write(copy_, crowd(1)); }));
    EXPECT_EQ(path_ + ": is not a regular file", refusal());
    fs::remove(path_);
    fs::create_directory(path_);
    EXPECT_EQ(path_ + ": is not a regular file", messageOf<CopyError>([this] { write(copy_, crowd(1)); }));
}

TEST_F(LastGoodCopyTest, isWrittenByOneAtATime) {
    write(copy_, crowd(1));
    writeFile(beside_, "half");
    {
        const FileDescriptor other(::open(beside_.c_str(), O_RDONLY | O_CLOEXEC));
        ASSERT_EQ(0, ::flock(other.get(), LOCK_EX));
        EXPECT_EQ(path_ + ": is being written by another process", failure());
        EXPECT_EQ("half", readFile(beside_));
    }
    write(copy_, crowd(2)); // left behind by a killed process
    EXPECT_EQ(crowd(2), usersIn(copy_));
}

TEST_F(LastGoodCopyTest, hasTheChangesThatLieOverOthers) {
    UserTable changes;
    changes.add(UserId::HW_ADDRESS, idOf(1).getId(), {{"note", "changed"}});
    changes.add(UserId::DUID, {1, 2, 3}, {});
    changes.mark(idOf(2));
    changes.seal();
    copy_.write(*Users(tableOf(crowd(5, "n"))).with(changes));
    UserMap users = crowd(5, "n");
    users[idOf(1)] = {{"note", "changed"}};
    users[UserId(UserId::DUID, std::string("010203"))] = {};
    users.erase(idOf(2));
    EXPECT_EQ(users, usersIn(copy_));
}

TEST_F(LastGoodCopyTest, staysAsItWasWhereTheSystemFails) {
    write(copy_, crowd(1));
    for (const auto& [call, error] : std::map<long, int>{
             {SYS_write, ENOSPC}, {SYS_write, EDQUOT}, {SYS_fsync, EIO}, {SYS_rename, EACCES}}) {
        ChildProcess child([this, call = call, error = error] {
            test::failSystemCall(call, error);
            EXPECT_EQ(path_ + ": " + std::strerror(error), failure());
        });
        EXPECT_TRUE(child.succeeds()) << call;
    }
    EXPECT_EQ(crowd(1), usersIn(copy_));
}

TEST_F(LastGoodCopyTest, staysAsItWasOnAFullDisk) {
    ChildProcess child([this] {
        const std::string directory = dir_.file("disk");
        fs::create_directory(directory);
        const test::PrivateMount mount(directory, "tmpfs");
        if (!mount.done() || ::mount("none", directory.c_str(), nullptr, MS_REMOUNT, "size=64k") != 0) {
            return;
        }
        const LastGoodCopy copy(directory + "/copy.txt", "file /etc/users");
        write(copy, crowd(10));
        EXPECT_EQ(copy.path() + ": No space left on device",
                  messageOf<CopyError>([&] { write(copy, crowd(5000)); }));
        EXPECT_EQ(crowd(10), usersIn(copy));
        write(copy, crowd(20)); // what it had written has freed its space
        EXPECT_EQ(crowd(20), usersIn(copy));
    });
    EXPECT_TRUE(child.succeeds());
}

TEST_F(LastGoodCopyTest, staysAsItWasWithoutRights) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root can become somebody else";
    }
    write(copy_, crowd(1));
    ChildProcess child([this] {
        test::becomeNobody();
        EXPECT_EQ(path_ + ": Permission denied", messageOf<CopyError>([this] { write(copy_, crowd(2)); }));
        EXPECT_EQ(path_ + ": Permission denied", refusal());
    });
    EXPECT_TRUE(child.succeeds());
    EXPECT_EQ(crowd(1), usersIn(copy_));
}

// Kills a process at random moments of its write, again and again.
TEST_F(LastGoodCopyTest, isOldOrNewAfterAKill) {
    const UserMap old = crowd(2000, "old");
    const UserMap now = crowd(2000, "new");
    write(copy_, old);
    std::mt19937 random(20261126);
    std::uniform_int_distribution<int> moment(0, 8000);
    size_t leftovers = 0;
    for (int round = 0; round < 60 || (leftovers == 0 && round < 600); ++round) {
        const pid_t pid = ::fork();
        if (pid == 0) {
            for (;;) {
                write(copy_, now);
                write(copy_, old);
            }
        }
        // Where the process is too slow to begin with its write, the next ones get more time.
        std::this_thread::sleep_for(std::chrono::microseconds(moment(random) * (1 + round / 60)));
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        leftovers += fs::exists(beside_) ? 1 : 0;
        const UserMap found = usersIn(copy_);
        ASSERT_TRUE(found == old || found == now) << "round " << round;
    }
    EXPECT_NE(0, leftovers) << "nobody was killed while he wrote";
    write(copy_, now);
    EXPECT_EQ(now, usersIn(copy_));
}

} // namespace
} // namespace user_chk::last_good_copy_test
