// SPDX-License-Identifier: MPL-2.0
// Implements ReplaceableFile.
//
// Of those who use it, only who has locked a file moves or removes it, in place or beside. So nobody takes
// for a leftover what another is at work with, and nobody puts in place what another has not finished.

#include <system/replaceable_file.h>

#include <system/whole_file.h>

#include <fcntl.h>
#include <linux/limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <list>
#include <memory>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

using namespace std::chrono_literals;

namespace user_chk {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto LOCK_WAIT = 3s;       // for one file
constexpr auto NEW_FILES_WAIT = 10s; // for one after the other
constexpr auto WRITER_WAIT = 1s;
constexpr auto PAUSE = 1ms;

constexpr const char* ACCESS_CONTROL_LIST = "system.posix_acl_access";

// The error number of a system call that returned this, 0 when it succeeded.
int errorOf(int result) {
    return result == 0 ? 0 : errno;
}

// Asks until the answer is yes; false when it was not in time.
template <typename Question>
bool becomesTrue(std::chrono::nanoseconds wait, const Question& question) {
    const auto end = Clock::now() + wait;
    while (!question()) {
        if (Clock::now() >= end) {
            return false;
        }
        std::this_thread::sleep_for(PAUSE);
    }
    return true;
}

// Returns 0, EWOULDBLOCK when somebody else has locked the file, or another error number.
int tryToLock(const FileDescriptor& fd) {
    return errorOf(::flock(fd.get(), LOCK_EX | LOCK_NB));
}

bool isSameFile(const struct stat& one, const struct stat& other) {
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

// True when the name in the directory is one of this open file.
bool isNameOf(const FileDescriptor& directory, const std::string& name, const FileDescriptor& fd) {
    struct stat named;
    struct stat open;
    return ::fstatat(directory.get(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           ::fstat(fd.get(), &open) == 0 && isSameFile(named, open);
}

// Returns an error number.
int writeAll(const FileDescriptor& fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(fd.get(), text.data(), text.size());
        if (count > 0) {
            text.remove_prefix(static_cast<size_t>(count));
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

// Returns an error number.
int copyExtendedAttribute(const FileDescriptor& from, const FileDescriptor& to, const char* name) {
    std::string value(XATTR_SIZE_MAX, '\0');
    const ssize_t length = ::fgetxattr(from.get(), name, value.data(), value.size());
    return length < 0 ? errno
                      : errorOf(::fsetxattr(to.get(), name, value.data(), static_cast<size_t>(length), 0));
}

// Returns an error number where the access control list cannot be had; the others may stay behind.
int copyExtendedAttributes(const FileDescriptor& from, const FileDescriptor& to) {
    // It may have inherited one from the directory.
    static_cast<void>(::fremovexattr(to.get(), ACCESS_CONTROL_LIST));
    std::string names(XATTR_LIST_MAX, '\0');
    const ssize_t length = ::flistxattr(from.get(), names.data(), names.size());
    for (ssize_t at = 0; at < length; at += static_cast<ssize_t>(std::strlen(&names[at])) + 1) {
        const std::string name = &names[at];
        if (name == ACCESS_CONTROL_LIST || name == "security.selinux" || name.rfind("user.", 0) == 0) {
            const int error = copyExtendedAttribute(from, to, name.c_str());
            if (error != 0 && name == ACCESS_CONTROL_LIST) {
                return error;
            }
        }
    }
    return 0;
}

// Owner, group, mode and more. Returns an error number.
int copyAttributes(const FileDescriptor& from, const struct stat& status, const FileDescriptor& to) {
    struct stat st;
    if (::fstat(to.get(), &st) != 0) {
        return errno;
    }
    const bool same_owner = st.st_uid == status.st_uid && st.st_gid == status.st_gid;
    if (!same_owner && ::fchown(to.get(), status.st_uid, status.st_gid) != 0) {
        return errno;
    }
    const int error = copyExtendedAttributes(from, to);
    return error != 0 ? error : errorOf(::fchmod(to.get(), status.st_mode & ALLPERMS));
}

// A lease is granted while nobody has the file open for writing. Who opens it while we have the lease waits
// until we give it back, at once, and we are sent a signal: one that is ignored unless somebody asks for it,
// for the usual one would end the server.
bool isOpenForWriting(const FileDescriptor& fd) {
    if (::fcntl(fd.get(), F_SETSIG, SIGURG) != 0) {
        return false;
    }
    if (::fcntl(fd.get(), F_SETLEASE, F_RDLCK) != 0) {
        return errno == EAGAIN;
    }
    static_cast<void>(::fcntl(fd.get(), F_SETLEASE, F_UNLCK));
    return false;
}

bool isLeftByWriters(const FileDescriptor& fd) {
    return becomesTrue(WRITER_WAIT, [&fd] { return !isOpenForWriting(fd); });
}

bool isNoExchangeKnown(int error) {
    return error == EINVAL || error == ENOSYS || error == EOPNOTSUPP;
}

} // namespace

ReplaceableFile::ReplaceableFile(std::string path) : path_(std::move(path)) {
    // At once, for whoever has just replaced the file may be about to do so again.
    const auto end = Clock::now() + NEW_FILES_WAIT;
    while (!lock()) {
        if (Clock::now() >= end) {
            fail("is replaced all the time by another process");
        }
    }
    const int error = readWhole(file_, text_);
    if (error != 0) {
        fail(std::generic_category().message(error));
    }
}

// Returns false when another file has got the path meanwhile.
bool ReplaceableFile::lock() {
    std::error_code no_target;
    const std::filesystem::path target = std::filesystem::canonical(path_, no_target);
    if (no_target) {
        fail(no_target.message());
    }
    name_ = target.filename().string();
    new_name_ = "." + name_ + ".user-chk-new";
    directory_ = FileDescriptor(::open(target.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory_) {
        fail(std::generic_category().message(errno));
    }
    // Without O_NONBLOCK, opening a FIFO would stop the server until somebody writes to it.
    file_ = FileDescriptor(
        ::openat(directory_.get(), name_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file_ || ::fstat(file_.get(), &status_) != 0) {
        fail(std::generic_category().message(errno));
    }
    if (!S_ISREG(status_.st_mode)) {
        fail("is not a regular file");
    }
    int error = 0;
    const auto is_decided = [this, &error] { return (error = tryToLock(file_)) != EWOULDBLOCK; };
    if (!becomesTrue(LOCK_WAIT, is_decided)) {
        fail("is locked by another process");
    }
    if (error != 0) {
        fail("cannot be locked: " + std::generic_category().message(error));
    }
    return isInPlace(file_);
}

ReplaceableFile::Outcome ReplaceableFile::replaceBy(const std::string& text) {
    if (!isLeftByWriters(file_)) {
        fail("is open for writing in another process");
    }
    removeLeftover();
    const FileDescriptor made = makeBeside(text);
    if (!made) {
        return Outcome::CHANGED;
    }
    const std::shared_ptr<void> clear_away(nullptr, [this, &made](void*) {
        if (isBeside(made)) {
            static_cast<void>(removeBeside());
        }
    });
    return isInPlace(file_) && isUnchanged() ? putInPlace(made, text) : Outcome::CHANGED;
}

// What a process left that was killed, unless it is at work still.
void ReplaceableFile::removeLeftover() const {
    const FileDescriptor leftover = openBeside();
    if (leftover && takeBeside(leftover) && removeBeside() != 0) {
        failToReplace(errno);
    }
}

// Returns nothing where another process is at work there: the path has got a file that it has locked.
FileDescriptor ReplaceableFile::makeBeside(const std::string& text) const {
    const FileDescriptor writer(::openat(directory_.get(), new_name_.c_str(),
                                         O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                                         S_IRUSR | S_IWUSR));
    if (!writer && errno != EEXIST) {
        failToReplace(errno);
    }
    // Locked, and not open for writing any more, so that it can be seen who else has it open so.
    FileDescriptor made = openBeside();
    if (!writer || !made || !isBeside(writer) || !takeBeside(made)) {
        return FileDescriptor(-1);
    }
    int error = writeAll(writer, text);
    const int unlike = error == 0 ? copyAttributes(file_, status_, writer) : 0;
    if (error == 0 && unlike == 0) {
        error = errorOf(::fsync(writer.get()));
    }
    if (error == 0 && unlike == 0) {
        return made;
    }
    static_cast<void>(removeBeside());
    if (unlike != 0) {
        fail("cannot be replaced by a file of the same owner, group and mode: " +
             std::generic_category().message(unlike));
    }
    failToReplace(error);
}

// Returns nothing where there is none.
FileDescriptor ReplaceableFile::openBeside() const {
    FileDescriptor beside(
        ::openat(directory_.get(), new_name_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!beside && errno != ENOENT) {
        failToReplace(errno);
    }
    return beside;
}

// Locks it; false when another has, or it is not beside any more.
bool ReplaceableFile::takeBeside(const FileDescriptor& fd) const {
    return tryToLock(fd) == 0 && isBeside(fd);
}

int ReplaceableFile::removeBeside() const {
    return ::unlinkat(directory_.get(), new_name_.c_str(), 0);
}

// The old file is at hand when it is looked at once more, so that what was written into it can be saved.
ReplaceableFile::Outcome ReplaceableFile::putInPlace(const FileDescriptor& made,
                                                     const std::string& text) const {
    const int error = exchange();
    if (isNoExchangeKnown(error)) {
        return putInPlaceByRename(made);
    }
    if (error != 0) {
        failToReplace(error);
    }
    const int sync_error = errorOf(::fsync(directory_.get()));
    if (sync_error != 0 || !isBeside(file_) || !isLeftByWriters(file_) || !isUnchanged()) {
        putBack(made, text);
        if (sync_error != 0) {
            failToReplace(sync_error);
        }
        return Outcome::CHANGED;
    }
    // Where it cannot be removed now, the next one does it.
    static_cast<void>(removeBeside());
    return isInPlace(made) ? Outcome::REPLACED : Outcome::OVERTAKEN;
}

ReplaceableFile::Outcome ReplaceableFile::putInPlaceByRename(const FileDescriptor& made) const {
    if (!isLeftByWriters(file_) || !isInPlace(file_) || !isUnchanged()) {
        return Outcome::CHANGED;
    }
    if (::renameat(directory_.get(), new_name_.c_str(), directory_.get(), name_.c_str()) != 0) {
        failToReplace(errno);
    }
    if (::fsync(directory_.get()) != 0) {
        fail("has been replaced, but a crash may undo that: " + std::generic_category().message(errno));
    }
    return isInPlace(made) ? Outcome::REPLACED : Outcome::OVERTAKEN;
}

// Puts the file beside in place again. When something else comes out than was put there before, somebody has
// replaced that meanwhile, by what is then the newest, and goes back likewise.
void ReplaceableFile::putBack(const FileDescriptor& made, const std::string& text) const {
    std::list<FileDescriptor> foreign;
    const FileDescriptor* placed = &made;
    for (;;) {
        const FileDescriptor& beside = isBeside(file_) ? file_ : foreign.emplace_back(openBeside());
        // Whoever has locked it starts over at once, unless he does not know the rules.
        becomesTrue(WRITER_WAIT, [this, &beside] { return &beside == &file_ || tryToLock(beside) == 0; });
        const int error = isBeside(beside) ? exchange() : ENOENT;
        if (error != 0) {
            fail("has been replaced, though another process has changed it, and cannot be put back from " +
                 new_name_ + ": " + std::generic_category().message(error));
        }
        if (isBeside(*placed)) {
            break;
        }
        placed = &beside;
    }
    if (placed == &made) {
        carryOver(made, text);
    }
    static_cast<void>(removeBeside());
    static_cast<void>(::fsync(directory_.get()));
}

// Others may have appended to the new file too, while it was in place.
void ReplaceableFile::carryOver(const FileDescriptor& made, const std::string& text) const {
    std::string now;
    static_cast<void>(isLeftByWriters(made));
    if (readWhole(made, now) != 0 || now.size() <= text.size() || now.compare(0, text.size(), text) != 0) {
        return;
    }
    const FileDescriptor writer(
        ::openat(directory_.get(), name_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    int error = writer ? writeAll(writer, std::string_view(now).substr(text.size())) : errno;
    if (error == 0) {
        error = errorOf(::fsync(writer.get()));
    }
    if (error != 0) {
        fail("has lost what another process has just appended: " + std::generic_category().message(error));
    }
}

// By its directory, where it will be replaced, and by the path, which may lead elsewhere by now.
bool ReplaceableFile::isInPlace(const FileDescriptor& fd) const {
    struct stat named;
    struct stat open;
    return isNameOf(directory_, name_, fd) && ::stat(path_.c_str(), &named) == 0 &&
           ::fstat(fd.get(), &open) == 0 && isSameFile(named, open);
}

bool ReplaceableFile::isBeside(const FileDescriptor& fd) const {
    return isNameOf(directory_, new_name_, fd);
}

// True when the old file is as it was read, as far as anything goes over to the new one.
bool ReplaceableFile::isUnchanged() const {
    struct stat st;
    std::string text;
    return ::fstat(file_.get(), &st) == 0 && st.st_uid == status_.st_uid && st.st_gid == status_.st_gid &&
           st.st_mode == status_.st_mode && readWhole(file_, text) == 0 && text == text_;
}

// Returns an error number.
int ReplaceableFile::exchange() const {
    return errorOf(
        ::renameat2(directory_.get(), new_name_.c_str(), directory_.get(), name_.c_str(), RENAME_EXCHANGE));
}

void ReplaceableFile::fail(const std::string& reason) const {
    throw FileError(path_ + ": " + reason);
}

void ReplaceableFile::failToReplace(int error) const {
    fail("cannot be replaced by " + new_name_ + ": " + std::generic_category().message(error));
}

} // namespace user_chk
