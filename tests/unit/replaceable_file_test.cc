// SPDX-License-Identifier: MPL-2.0
// Tests ReplaceableFile: what it keeps, that it changes nothing when it fails, and that it loses nothing that
// others do meanwhile.

#include <support/at_each_lock.h>
#include <support/child_process.h>
#include <support/late_writer.h>
#include <support/open_files.h>
#include <support/private_mount.h>
#include <support/replaceable_text.h>
#include <support/temp_dir.h>
#include <system/file_descriptor.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <future>
#include <memory>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace user_chk::replaceable_file_test {
namespace {

using test::appendFile;
using test::AtEachLock;
using test::ChildProcess;
using test::LateWriter;
using test::messageOf;
using test::readFile;
using test::TempDir;
using test::writeFile;
using Outcome = ReplaceableFile::Outcome;
namespace fs = std::filesystem;

constexpr const char* LIST = "system.posix_acl_access";
constexpr const char* INHERITED_LIST = "system.posix_acl_default";

// An access control list in the kernel's format, which lets user 1234 read.
std::string accessControlList() {
    const auto entry = [](uint16_t tag, uint16_t permissions, uint32_t id) {
        std::string bytes;
        for (const uint32_t half : {uint32_t(tag), uint32_t(permissions), id & 0xffff, id >> 16}) {
            bytes += static_cast<char>(half & 0xff);
            bytes += static_cast<char>(half >> 8);
        }
        return bytes;
    };
    constexpr uint32_t NO_ID = UINT32_MAX;
    return std::string("\2\0\0\0", 4) + entry(0x01, 6, NO_ID) + entry(0x02, 4, 1234) + entry(0x04, 0, NO_ID) +
           entry(0x10, 4, NO_ID) + entry(0x20, 0, NO_ID);
}

bool setAttribute(const std::string& path, const char* name, const std::string& value) {
    return ::setxattr(path.c_str(), name, value.data(), value.size(), 0) == 0;
}

// Empty when there is none.
std::string attributeOf(const std::string& path, const char* name) {
    std::string value(256, '\0');
    const ssize_t length = ::getxattr(path.c_str(), name, value.data(), value.size());
    value.resize(length < 0 ? 0 : static_cast<size_t>(length));
    return value;
}

struct stat statusOf(const std::string& path) {
    struct stat st = {};
    ::lstat(path.c_str(), &st);
    return st;
}

bool isRoot() {
    return ::geteuid() == 0;
}

uint32_t lowestFreeDescriptor() {
    return static_cast<uint32_t>(FileDescriptor(::dup(0)).get());
}

// A file with a content, alone in its directory.
class ReplaceableFileTest : public testing::Test {
protected:
    ReplaceableFileTest() { writeFile(path_, "old\n"); }

    void TearDown() override { EXPECT_FALSE(fs::exists(fs::symlink_status(beside_))); }

    // Returns the error of a replacement, after which everything must be unchanged.
    std::string failure() const {
        const struct stat before = statusOf(path_);
        const std::string reason =
            messageOf<FileError>([this] { ReplaceableText(path_, patience_).replaceBy("new\n"); });
        EXPECT_EQ("old\n", readFile(path_));
        EXPECT_EQ(before.st_ino, statusOf(path_).st_ino);
        EXPECT_EQ(0, reason.find(path_ + ": ")) << reason;
        return reason.substr(path_.size() + 2);
    }

    // Puts another file in place.
    void moveThere(const std::string& text) const {
        writeFile(dir_.file("theirs"), text);
        fs::rename(dir_.file("theirs"), path_);
    }

    std::string refusalOf(const std::string& path) const {
        return messageOf<FileError>([this, &path] { const ReplaceableText file(path, patience_); });
    }

    const test::OpenFiles open_files_;
    const TempDir dir_;
    const std::string path_ = dir_.file("registry.txt");
    const std::string beside_ = dir_.file(".registry.txt.user-chk-new");
    const std::string lock_ = dir_.file(".registry.txt.user-chk-lock");
    const Patience patience_{10s};
    const Patience impatience_{20ms};
    const std::string by_lock_ = "cannot be locked by .registry.txt.user-chk-lock: ";
    const std::string by_new_ = "cannot be replaced by .registry.txt.user-chk-new: ";
};

TEST_F(ReplaceableFileTest, readsAndReplaces) {
    for (const std::string& text :
         {std::string(), std::string("a\0\r\n\xff", 5), std::string(1 << 20, 'x')}) {
        EXPECT_EQ(Outcome::REPLACED, ReplaceableText(path_, patience_).replaceBy(text));
        EXPECT_EQ(text, readFile(path_));
        EXPECT_EQ(text, ReplaceableText(path_, patience_).text());
    }
}

TEST_F(ReplaceableFileTest, keepsOwnerGroupAndMode) {
    const struct stat before = statusOf(path_);
    for (const mode_t mode : {0600U, 0640U, 0644U, 0666U, 0400U}) {
        ASSERT_EQ(0, ::chmod(path_.c_str(), mode));
        EXPECT_TRUE(!isRoot() || ::chown(path_.c_str(), 1234, 4321) == 0);
        ASSERT_EQ(Outcome::REPLACED, ReplaceableText(path_, patience_).replaceBy("new\n"));
        const struct stat after = statusOf(path_);
        EXPECT_EQ("new\n", readFile(path_));
        EXPECT_EQ(mode, after.st_mode & ALLPERMS);
        EXPECT_EQ(isRoot() ? 1234 : before.st_uid, after.st_uid);
        EXPECT_EQ(isRoot() ? 4321 : before.st_gid, after.st_gid);
    }
}

TEST_F(ReplaceableFileTest, keepsTheAccessControlList) {
    if (!setAttribute(path_, LIST, accessControlList()) || !setAttribute(path_, "user.origin", "portal")) {
        GTEST_SKIP() << "this file system has no such attributes";
    }
    const mode_t mode = statusOf(path_).st_mode;
    ASSERT_EQ(Outcome::REPLACED, ReplaceableText(path_, patience_).replaceBy("new\n"));
    EXPECT_EQ(accessControlList(), attributeOf(path_, LIST));
    EXPECT_EQ("portal", attributeOf(path_, "user.origin"));
    EXPECT_EQ(mode, statusOf(path_).st_mode);
}

TEST_F(ReplaceableFileTest, inheritsNoAccessControlList) {
    if (!setAttribute(dir_.file(""), INHERITED_LIST, accessControlList())) {
        GTEST_SKIP() << "this file system has no such attributes";
    }
    ASSERT_EQ(0, ::chmod(path_.c_str(), 0640));
    ASSERT_EQ(Outcome::REPLACED, ReplaceableText(path_, patience_).replaceBy("new\n"));
    EXPECT_EQ("", attributeOf(path_, LIST));
}

TEST_F(ReplaceableFileTest, replacesWhatLinksLeadToAndKeepsThem) {
    fs::create_directory(dir_.file("links"));
    const std::string absolute = dir_.file("links/absolute");
    const std::string relative = dir_.file("links/relative");
    const std::string chain = dir_.file("chain");
    fs::create_symlink(path_, absolute);
    fs::create_symlink("../registry.txt", relative);
    fs::create_symlink("links/relative", chain);
    for (const std::string& link : {absolute, relative, chain}) {
        const fs::path target = fs::read_symlink(link);
        ASSERT_EQ(Outcome::REPLACED, ReplaceableText(link, patience_).replaceBy("by " + link));
        EXPECT_EQ(target, fs::read_symlink(link));
        EXPECT_EQ("by " + link, readFile(path_));
    }
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(path_)));
}

TEST_F(ReplaceableFileTest, refusesWhatIsNoFile) {
    const std::string missing = dir_.file("missing");
    EXPECT_EQ(missing + ": No such file or directory", refusalOf(missing));
    EXPECT_FALSE(fs::exists(missing));
    fs::create_symlink("nowhere", dir_.file("link"));
    EXPECT_EQ(dir_.file("link") + ": No such file or directory", refusalOf(dir_.file("link")));
    EXPECT_FALSE(fs::exists(dir_.file("nowhere")));
    fs::create_directory(dir_.file("directory"));
    EXPECT_EQ(dir_.file("directory") + ": is not a regular file", refusalOf(dir_.file("directory")));
    ASSERT_EQ(0, ::mkfifo(dir_.file("fifo").c_str(), 0600));
    EXPECT_EQ(dir_.file("fifo") + ": is not a regular file", refusalOf(dir_.file("fifo")));
}

TEST_F(ReplaceableFileTest, changesNothingWhereItMayNotWrite) {
    if (!isRoot()) {
        GTEST_SKIP() << "only root can become another user";
    }
    ASSERT_EQ(0, ::chmod(dir_.file("").c_str(), 0755));
    EXPECT_TRUE(ChildProcess([this] {
                    test::becomeNobody();
                    EXPECT_EQ(by_lock_ + "Permission denied", failure());
                }).succeeds());
    // May write there, but not change a file's owner.
    ASSERT_EQ(0, ::chmod(dir_.file("").c_str(), 0777));
    EXPECT_TRUE(
        ChildProcess([this] {
            test::becomeNobody();
            EXPECT_EQ(
                "cannot be replaced by a file with the same owner, group and mode: Operation not permitted",
                failure());
        }).succeeds());
    ASSERT_EQ(0, ::chmod(path_.c_str(), 0600));
    EXPECT_TRUE(ChildProcess([this] {
                    test::becomeNobody();
                    EXPECT_EQ(path_ + ": Permission denied", refusalOf(path_));
                }).succeeds());
}

TEST_F(ReplaceableFileTest, changesNothingOnAFullDisk) {
    const test::PrivateMount disk(dir_.file(""), "tmpfs");
    if (!disk.done()) {
        GTEST_SKIP() << "only root can mount";
    }
    ASSERT_EQ(0, ::mount("none", dir_.file("").c_str(), nullptr, MS_REMOUNT, "size=64k"));
    writeFile(path_, "old\n");
    const std::string text(80000, 'x');
    EXPECT_EQ(path_ + ": " + by_new_ + "No space left on device",
              messageOf<FileError>([this, &text] { ReplaceableText(path_, patience_).replaceBy(text); }));
    EXPECT_EQ("old\n", readFile(path_));
    EXPECT_FALSE(fs::exists(beside_));
    EXPECT_EQ(Outcome::REPLACED, ReplaceableText(path_, patience_).replaceBy("new\n"));
}

// It opens the directory first, then the lock file, the old file and the new one.
TEST_F(ReplaceableFileTest, changesNothingWhenTheNewFileCannotBeSynced) {
    const uint32_t directory = lowestFreeDescriptor();
    EXPECT_TRUE(ChildProcess([this, directory] {
                    test::failSystemCall(SYS_fsync, EIO, directory + 3);
                    EXPECT_EQ(by_new_ + "Input/output error", failure());
                }).succeeds());
}

TEST_F(ReplaceableFileTest, doesWithoutAnExchangeOfNames) {
    for (const int error : {EINVAL, ENOSYS, EOPNOTSUPP}) {
        EXPECT_TRUE(ChildProcess([this, error] {
                        test::failSystemCall(SYS_renameat2, error);
                        EXPECT_EQ(Outcome::REPLACED, ReplaceableText(path_, patience_).replaceBy("new\n"));
                        EXPECT_EQ("new\n", readFile(path_));
                        ReplaceableText changed(path_, patience_);
                        appendFile(path_, "theirs\n");
                        EXPECT_EQ(Outcome::CHANGED, changed.replaceBy("ours\n"));
                        EXPECT_EQ("new\ntheirs\n", readFile(path_));
                    }).succeeds());
    }
    EXPECT_TRUE(ChildProcess([this] {
                    test::failSystemCall(SYS_renameat2, EBUSY);
                    const std::string reason = messageOf<FileError>(
                        [this] { ReplaceableText(path_, patience_).replaceBy("new\n"); });
                    EXPECT_EQ(path_ + ": " + by_new_ + "Device or resource busy", reason);
                }).succeeds());
}

// Others may have written to the new file meanwhile.
TEST_F(ReplaceableFileTest, saysSoWhenTheFileHasBeenReplacedAndTheDirectoryCannotBeSynced) {
    const uint32_t directory = lowestFreeDescriptor();
    for (const bool exchanges : {true, false}) {
        const std::string text = exchanges ? "new\n" : "newer\n";
        EXPECT_TRUE(ChildProcess([&] {
                        if (!exchanges) {
                            test::failSystemCall(SYS_renameat2, EINVAL);
                        }
                        test::failSystemCall(SYS_fsync, EIO, directory);
                        EXPECT_EQ(
                            path_ + ": has been replaced, but a crash may undo that: Input/output error",
                            messageOf<FileError>([&] { ReplaceableText(path_, patience_).replaceBy(text); }));
                    }).succeeds());
        EXPECT_EQ(text, readFile(path_));
    }
}

TEST_F(ReplaceableFileTest, doesWithoutLeases) {
    EXPECT_TRUE(ChildProcess([this] {
                    test::failSystemCall(SYS_fcntl, EINVAL);
                    const FileDescriptor writer(::open(path_.c_str(), O_WRONLY | O_CLOEXEC));
                    EXPECT_EQ(Outcome::REPLACED, ReplaceableText(path_, patience_).replaceBy("new\n"));
                }).succeeds());
}

TEST_F(ReplaceableFileTest, removesWhatAKilledProcessLeft) {
    writeFile(beside_, "half of a fi");
    EXPECT_EQ(Outcome::REPLACED, ReplaceableText(path_, patience_).replaceBy("new\n"));
    EXPECT_EQ("new\n", readFile(path_));
}

// A process without the lock can be at work only if someone has removed the lock file.
TEST_F(ReplaceableFileTest, putsNothingInPlaceThatItHasNotMade) {
    const ReplaceableFile file(path_, patience_);
    const auto write = [this](const FileDescriptor&, const FileDescriptor&) {
        fs::remove(beside_);
        writeFile(beside_, "not yet fini");
        return 0;
    };
    EXPECT_EQ(Outcome::CHANGED, file.replace(write, [](const FileDescriptor&) { return true; }));
    EXPECT_EQ("not yet fini", readFile(beside_));
    EXPECT_EQ("old\n", readFile(path_));
    fs::remove(beside_);
}

TEST_F(ReplaceableFileTest, followsNoLinkThatLiesBeside) {
    writeFile(dir_.file("victim"), "mine\n");
    fs::create_symlink("victim", beside_);
    EXPECT_EQ(Outcome::REPLACED, ReplaceableText(path_, patience_).replaceBy("new\n"));
    EXPECT_EQ("mine\n", readFile(dir_.file("victim")));
    EXPECT_EQ("new\n", readFile(path_));
}

TEST_F(ReplaceableFileTest, changesNothingWhereTheNewFileCannotBeMade) {
    fs::create_directory(beside_);
    EXPECT_EQ(by_new_ + "Is a directory", failure());
    fs::remove(beside_);
}

// The copy is made from the file that was opened, even if another file has its name meanwhile.
TEST_F(ReplaceableFileTest, isWrittenPieceByPiece) {
    const auto write = [](const FileDescriptor& from, const FileDescriptor& to) {
        char byte = 0;
        while (::read(from.get(), &byte, 1) == 1) {
            EXPECT_EQ(1, ::write(to.get(), &byte, 1));
        }
        return ::write(to.get(), "more\n", 5) == 5 ? 0 : errno;
    };
    int looks = 0;
    const auto look = [this, &looks](const FileDescriptor& from) {
        ++looks;
        EXPECT_EQ("old\nmore\n", readFile(path_));
        std::string old;
        return readWhole(from, old) == 0 && old == "old\n";
    };
    EXPECT_EQ(Outcome::REPLACED, ReplaceableFile(path_, patience_).replace(write, look));
    EXPECT_EQ(1, looks);
    EXPECT_EQ("old\nmore\n", readFile(path_));
}

TEST_F(ReplaceableFileTest, changesNothingWhenTheNewFileCannotBeWritten) {
    const ReplaceableFile file(path_, patience_);
    const auto never = [](const FileDescriptor&) -> bool { throw std::runtime_error("asked"); };
    const auto fails = [](const FileDescriptor&, const FileDescriptor&) { return EIO; };
    EXPECT_EQ(path_ + ": " + by_new_ + "Input/output error",
              messageOf<FileError>([&] { file.replace(fails, never); }));
    const auto throws = [](const FileDescriptor&, const FileDescriptor&) -> int {
        throw std::runtime_error("thrown");
    };
    EXPECT_EQ("thrown", messageOf<std::runtime_error>([&] { file.replace(throws, never); }));
    EXPECT_FALSE(fs::exists(beside_));
    EXPECT_EQ("old\n", readFile(path_));
}

// Neither its size nor its times reveal the change; the caller can notice it.
TEST_F(ReplaceableFileTest, putsBackAFileThatOnlyALookTellsFromTheOldOne) {
    const struct stat before = statusOf(path_);
    const LateWriter writer(path_, [&before](const FileDescriptor& old) {
        EXPECT_EQ(4, ::pwrite(FileDescriptor(::open(("/proc/self/fd/" + std::to_string(old.get())).c_str(),
                                                    O_WRONLY | O_CLOEXEC))
                                  .get(),
                              "odd\n", 4, 0));
        const struct timespec times[] = {before.st_atim, before.st_mtim};
        EXPECT_EQ(0, ::futimens(old.get(), times));
    });
    EXPECT_EQ(Outcome::CHANGED, ReplaceableText(path_, patience_).replaceBy("ours\n"));
    EXPECT_EQ("odd\n", readFile(path_));
    EXPECT_EQ(before.st_ino, statusOf(path_).st_ino);
}

TEST_F(ReplaceableFileTest, waitsForTheLock) {
    auto holder = std::make_unique<ReplaceableFile>(path_, patience_);
    auto taken = std::async(std::launch::async, [this] { const ReplaceableFile file(path_, patience_); });
    EXPECT_EQ(std::future_status::timeout, taken.wait_for(100ms));
    holder.reset();
    taken.get();
}

TEST_F(ReplaceableFileTest, doesNotWaitForTheLockForEver) {
    const FileDescriptor script(::open(lock_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    ASSERT_EQ(0, ::flock(script.get(), LOCK_EX));
    EXPECT_EQ(path_ + ": is locked by another process",
              messageOf<FileError>([this] { const ReplaceableFile file(path_, impatience_); }));
    EXPECT_EQ("", readFile(lock_));
}

TEST_F(ReplaceableFileTest, isNotHeldUpByALockOfTheFileItself) {
    const FileDescriptor reader(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    ASSERT_EQ(0, ::flock(reader.get(), LOCK_EX));
    EXPECT_EQ(Outcome::REPLACED, ReplaceableText(path_, impatience_).replaceBy("new\n"));
}

TEST_F(ReplaceableFileTest, letsNobodyLockItWhoMayOnlyRead) {
    ASSERT_EQ(0, ::chmod(path_.c_str(), 0644));
    EXPECT_TRUE(!isRoot() || ::chown(path_.c_str(), 1234, 4321) == 0);
    const ReplaceableFile file(path_, patience_);
    const struct stat lock = statusOf(lock_);
    EXPECT_EQ(0600U, lock.st_mode & ALLPERMS);
    EXPECT_EQ(statusOf(path_).st_uid, lock.st_uid);
    EXPECT_EQ(0, lock.st_size);
    if (isRoot()) {
        ASSERT_EQ(0, ::chmod(dir_.file("").c_str(), 0755));
        EXPECT_TRUE(ChildProcess([this] {
                        test::becomeNobody();
                        EXPECT_FALSE(FileDescriptor(::open(lock_.c_str(), O_RDONLY | O_CLOEXEC)));
                    }).succeeds());
    }
}

TEST_F(ReplaceableFileTest, letsTheOwnerLockWhatRootHasLocked) {
    if (!isRoot()) {
        GTEST_SKIP() << "only root can become another user";
    }
    constexpr uid_t NOBODY = 65534;
    ASSERT_EQ(0, ::chown(path_.c_str(), NOBODY, NOBODY));
    ASSERT_EQ(0, ::chown(dir_.file("").c_str(), NOBODY, NOBODY));
    EXPECT_EQ(Outcome::REPLACED, ReplaceableText(path_, patience_).replaceBy("root's\n"));
    EXPECT_TRUE(ChildProcess([this] {
                    test::becomeNobody();
                    EXPECT_EQ(Outcome::REPLACED, ReplaceableText(path_, patience_).replaceBy("nobody's\n"));
                }).succeeds());
    EXPECT_EQ("nobody's\n", readFile(path_));
}

TEST_F(ReplaceableFileTest, keepsItsLockFile) {
    EXPECT_EQ(Outcome::REPLACED, ReplaceableText(path_, patience_).replaceBy("new\n"));
    const struct stat before = statusOf(lock_);
    EXPECT_EQ(Outcome::REPLACED, ReplaceableText(path_, patience_).replaceBy("newer\n"));
    EXPECT_EQ(before.st_ino, statusOf(lock_).st_ino);
    EXPECT_EQ(0, before.st_size);
}

// A reader that already has it open no longer blocks anyone.
TEST_F(ReplaceableFileTest, makesALockFileAnewThatOthersMayOpen) {
    const auto expect_made_anew = [this] {
        const FileDescriptor before(::open(lock_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
        EXPECT_EQ(Outcome::REPLACED, ReplaceableText(path_, patience_).replaceBy("new\n"));
        ASSERT_EQ(0, ::flock(before.get(), LOCK_EX));
        EXPECT_EQ(Outcome::REPLACED, ReplaceableText(path_, impatience_).replaceBy("newer\n"));
        const struct stat after = statusOf(lock_);
        EXPECT_TRUE(S_ISREG(after.st_mode));
        EXPECT_EQ(0600U, after.st_mode & ALLPERMS);
        EXPECT_EQ(statusOf(path_).st_uid, after.st_uid);
    };
    writeFile(lock_, "");
    ASSERT_EQ(0, ::chmod(lock_.c_str(), 0640));
    expect_made_anew();
    if (isRoot()) {
        ASSERT_EQ(0, ::chown(lock_.c_str(), 1234, 4321));
        expect_made_anew();
    }
    fs::remove(lock_);
    ASSERT_EQ(0, ::mkfifo(lock_.c_str(), 0600));
    expect_made_anew();
}

TEST_F(ReplaceableFileTest, makesALockFileAnewThatAScriptOfRootHasMade) {
    if (!isRoot()) {
        GTEST_SKIP() << "only root can become another user";
    }
    constexpr uid_t NOBODY = 65534;
    ASSERT_EQ(0, ::chown(path_.c_str(), NOBODY, NOBODY));
    ASSERT_EQ(0, ::chown(dir_.file("").c_str(), NOBODY, NOBODY));
    writeFile(lock_, "");
    ASSERT_EQ(0, ::chmod(lock_.c_str(), 0644));
    const FileDescriptor script(::open(lock_.c_str(), O_RDWR | O_CLOEXEC));
    ASSERT_EQ(0, ::flock(script.get(), LOCK_EX));
    EXPECT_TRUE(ChildProcess([this] {
                    test::becomeNobody();
                    EXPECT_EQ(path_ + ": is locked by another process", messageOf<FileError>([this] {
                                  const ReplaceableFile file(path_, impatience_);
                              }));
                }).succeeds());
    ASSERT_EQ(0, ::flock(script.get(), LOCK_UN));
    EXPECT_TRUE(ChildProcess([this] {
                    test::becomeNobody();
                    EXPECT_EQ(Outcome::REPLACED, ReplaceableText(path_, patience_).replaceBy("nobody's\n"));
                }).succeeds());
    EXPECT_EQ(NOBODY, statusOf(lock_).st_uid);
    EXPECT_EQ(0600U, statusOf(lock_).st_mode & ALLPERMS);
}

TEST_F(ReplaceableFileTest, refusesALockFileThatItCannotOpen) {
    if (!isRoot()) {
        GTEST_SKIP() << "only root can become another user";
    }
    ASSERT_EQ(0, ::chmod(dir_.file("").c_str(), 0777));
    writeFile(lock_, "");
    ASSERT_EQ(0, ::chmod(lock_.c_str(), 0600));
    EXPECT_TRUE(ChildProcess([this] {
                    test::becomeNobody();
                    EXPECT_EQ(by_lock_ + "Permission denied", failure());
                }).succeeds());
}

TEST_F(ReplaceableFileTest, refusesALockFileThatCannotBeOne) {
    writeFile(dir_.file("victim"), "mine\n");
    const struct stat before = statusOf(dir_.file("victim"));
    fs::create_symlink("victim", lock_);
    EXPECT_EQ(by_lock_ + "Too many levels of symbolic links", failure());
    EXPECT_EQ("mine\n", readFile(dir_.file("victim")));
    EXPECT_EQ(before.st_mode, statusOf(dir_.file("victim")).st_mode);
    fs::remove(lock_);
    fs::create_directory(lock_);
    EXPECT_EQ(by_lock_ + "Is a directory", failure());
}

// A lock on a file that no longer has a name does not count.
TEST_F(ReplaceableFileTest, locksTheLockFileThatHasTheName) {
    int removals = 0;
    const AtEachLock remover([this, &removals] {
        if (++removals <= 3) {
            fs::remove(lock_);
        }
    });
    const ReplaceableFile file(path_, patience_);
    EXPECT_EQ(4, removals);
    const FileDescriptor named(::open(lock_.c_str(), O_RDWR | O_CLOEXEC));
    EXPECT_NE(0, ::flock(named.get(), LOCK_EX | LOCK_NB));
}

TEST_F(ReplaceableFileTest, opensTheFileThatHasGotThePathMeanwhile) {
    const AtEachLock mover([this] { moveThere("theirs\n"); });
    EXPECT_EQ("theirs\n", ReplaceableText(path_, patience_).text());
}

TEST_F(ReplaceableFileTest, leavesWhatOthersHaveChangedSinceItWasRead) {
    {
        ReplaceableText file(path_, patience_);
        appendFile(path_, "theirs\n");
        EXPECT_EQ(Outcome::CHANGED, file.replaceBy("ours\n"));
        EXPECT_EQ("old\ntheirs\n", readFile(path_));
    }
    {
        ReplaceableText file(path_, patience_);
        moveThere("theirs\n");
        EXPECT_EQ(Outcome::CHANGED, file.replaceBy("ours\n"));
        EXPECT_EQ("theirs\n", readFile(path_));
    }
    const std::string link = dir_.file("link");
    fs::create_symlink(path_, link);
    ReplaceableText file(link, patience_);
    writeFile(dir_.file("elsewhere"), "elsewhere\n");
    fs::remove(link);
    fs::create_symlink("elsewhere", link);
    EXPECT_EQ(Outcome::CHANGED, file.replaceBy("ours\n"));
    EXPECT_EQ("theirs\n", readFile(path_));
    EXPECT_EQ("elsewhere\n", readFile(link));
}

TEST_F(ReplaceableFileTest, seesByItsSizeOrItsTimesThatOthersHaveWritten) {
    const auto write = [](const FileDescriptor&, const FileDescriptor&) { return 0; };
    const auto never = [](const FileDescriptor&) -> bool { throw std::runtime_error("asked"); };
    for (const std::string& theirs : {std::string("odd\n"), std::string("longer\n")}) {
        writeFile(path_, "old\n");
        const ReplaceableFile file(path_, patience_);
        struct timespec times[] = {statusOf(path_).st_atim, statusOf(path_).st_mtim};
        times[1].tv_sec += theirs.size() == 4 ? 1 : 0;
        writeFile(path_, theirs);
        ASSERT_EQ(0, ::utimensat(AT_FDCWD, path_.c_str(), times, 0));
        EXPECT_EQ(Outcome::CHANGED, file.replace(write, never));
        EXPECT_EQ(theirs, readFile(path_));
    }
}

TEST_F(ReplaceableFileTest, waitsForAWriterToFinish) {
    FileDescriptor writer(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    ReplaceableText file(path_, patience_);
    auto outcome = std::async(std::launch::async, [&file] { return file.replaceBy("ours\n"); });
    EXPECT_EQ(std::future_status::timeout, outcome.wait_for(100ms));
    EXPECT_EQ(7, ::write(writer.get(), "theirs\n", 7));
    writer = FileDescriptor(-1);
    EXPECT_EQ(Outcome::CHANGED, outcome.get());
    EXPECT_EQ("old\ntheirs\n", readFile(path_));
}

TEST_F(ReplaceableFileTest, doesNotWaitForAWriterForEver) {
    const FileDescriptor writer(::open(path_.c_str(), O_WRONLY | O_CLOEXEC));
    EXPECT_EQ(path_ + ": is open for writing in another process",
              messageOf<FileError>([this] { ReplaceableText(path_, impatience_).replaceBy("new\n"); }));
    EXPECT_EQ("old\n", readFile(path_));
}

// The kernel sends the holder of a lease a signal when another process opens the file.
TEST_F(ReplaceableFileTest, survivesThoseWhoOpenTheFileWhileItLooksForWriters) {
    const auto end = std::chrono::steady_clock::now() + 500ms;
    ChildProcess opener([this, end] {
        while (std::chrono::steady_clock::now() < end) {
            const FileDescriptor file(::open(path_.c_str(), O_WRONLY | O_CLOEXEC));
        }
    });
    EXPECT_TRUE(ChildProcess([this, end] {
                    while (std::chrono::steady_clock::now() < end) {
                        try {
                            ReplaceableText(path_, patience_).replaceBy("new\n");
                        } catch (const FileError&) {
                            // An open of the file had to wait while the lease was held.
                        }
                    }
                }).succeeds());
    EXPECT_TRUE(opener.succeeds());
}

// A process that opened it in time may write after the replacement, at once or later.
TEST_F(ReplaceableFileTest, putsBackTheOldFileForOneWhoHasOpenedItForWriting) {
    const struct stat before = statusOf(path_);
    FileDescriptor old{-1};
    {
        const LateWriter writer(path_, [&old](FileDescriptor opened) { old = std::move(opened); });
        EXPECT_EQ(Outcome::CHANGED, ReplaceableText(path_, patience_).replaceBy("ours\n"));
    }
    EXPECT_EQ(7, ::write(old.get(), "theirs\n", 7));
    EXPECT_EQ("old\ntheirs\n", readFile(path_));
    EXPECT_EQ(before.st_ino, statusOf(path_).st_ino);
}

TEST_F(ReplaceableFileTest, putsBackWhatIsWrittenIntoTheOldFile) {
    const struct stat before = statusOf(path_);
    const LateWriter writer(
        path_, [](const FileDescriptor& old) { EXPECT_EQ(7, ::write(old.get(), "theirs\n", 7)); });
    EXPECT_EQ(Outcome::CHANGED, ReplaceableText(path_, patience_).replaceBy("ours\n"));
    EXPECT_EQ("old\ntheirs\n", readFile(path_));
    EXPECT_EQ(before.st_ino, statusOf(path_).st_ino);
}

TEST_F(ReplaceableFileTest, saysSoWhenTheFileHasBeenReplacedAndCannotBePutBack) {
    EXPECT_TRUE(ChildProcess([this] {
                    const LateWriter writer(path_, [](const FileDescriptor& old) {
                        EXPECT_EQ(7, ::write(old.get(), "theirs\n", 7));
                        test::failSystemCall(SYS_renameat2, EIO);
                    });
                    EXPECT_EQ(path_ +
                                  ": has been replaced, though another process has changed it, and cannot "
                                  "be put back from .registry.txt.user-chk-new: Input/output error",
                              messageOf<FileError>(
                                  [this] { ReplaceableText(path_, patience_).replaceBy("ours\n"); }));
                }).succeeds());
    EXPECT_EQ("ours\n", readFile(path_));
    EXPECT_EQ("old\ntheirs\n", readFile(beside_));
    fs::remove(beside_);
}

TEST_F(ReplaceableFileTest, putsBackAFileWhoseModeIsChanged) {
    const LateWriter writer(path_,
                            [](const FileDescriptor& old) { EXPECT_EQ(0, ::fchmod(old.get(), 0640)); });
    EXPECT_EQ(Outcome::CHANGED, ReplaceableText(path_, patience_).replaceBy("ours\n"));
    EXPECT_EQ("old\n", readFile(path_));
    EXPECT_EQ(0640U, statusOf(path_).st_mode & ALLPERMS);
}

TEST_F(ReplaceableFileTest, putsBackTheFileThatGotThePathInTheLastMoment) {
    const LateWriter mover(
        path_, [](const FileDescriptor&) {}, [this] { moveThere("theirs\n"); });
    EXPECT_EQ(Outcome::CHANGED, ReplaceableText(path_, patience_).replaceBy("ours\n"));
    EXPECT_EQ("theirs\n", readFile(path_));
}

TEST_F(ReplaceableFileTest, leavesInPlaceTheNewestOfManyFiles) {
    const LateWriter mover(
        path_, [this](const FileDescriptor&) { moveThere("newest\n"); }, [this] { moveThere("theirs\n"); });
    EXPECT_EQ(Outcome::CHANGED, ReplaceableText(path_, patience_).replaceBy("ours\n"));
    EXPECT_EQ("newest\n", readFile(path_));
}

TEST_F(ReplaceableFileTest, leavesInPlaceWhatIsNewestWhenItPutsBack) {
    const LateWriter writer(path_, [this](const FileDescriptor& old) {
        moveThere("theirs\n");
        EXPECT_EQ(2, ::write(old.get(), "x\n", 2));
    });
    EXPECT_EQ(Outcome::CHANGED, ReplaceableText(path_, patience_).replaceBy("ours\n"));
    EXPECT_EQ("theirs\n", readFile(path_));
}

TEST_F(ReplaceableFileTest, tellsWhenItWasOvertaken) {
    const LateWriter writer(path_, [this](const FileDescriptor&) { moveThere("theirs\n"); });
    EXPECT_EQ(Outcome::OVERTAKEN, ReplaceableText(path_, patience_).replaceBy("ours\n"));
    EXPECT_EQ("theirs\n", readFile(path_));
}

TEST_F(ReplaceableFileTest, isNeverSeenMissingOrHalf) {
    const std::string one(5000, '1');
    const std::string other(7000, '2');
    writeFile(path_, one);
    std::atomic<bool> done{false};
    std::thread reader([&] {
        while (!done) {
            const std::string text = readFile(path_);
            ASSERT_TRUE(text == one || text == other) << text.size() << " bytes";
        }
    });
    for (int i = 0; i < 300; ++i) {
        EXPECT_EQ(Outcome::REPLACED, ReplaceableText(path_, patience_).replaceBy(i % 2 == 0 ? other : one));
    }
    done = true;
    reader.join();
}

} // namespace
} // namespace user_chk::replaceable_file_test
