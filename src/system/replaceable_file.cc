// SPDX-License-Identifier: MPL-2.0
// Implements ReplaceableFile. Everything happens under the lock, so an existing new file is a leftover.

#include <system/replaceable_file.h>

#include <system/file_attributes.h>
#include <system/lock_file.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

namespace user_chk {

namespace {

// Returns the error number of a system call with this result, 0 when it succeeded.
int errorOf(int result) {
    return result == 0 ? 0 : errno;
}

std::string messageOf(int error) {
    return std::generic_category().message(error);
}

// A lease is granted only while nobody has the file open for writing. A process that opens it while the lease
// is held waits until the lease is returned, which happens at once, and this process gets a signal. The
// signal is one that is ignored by default, since the usual one would end the server.
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

} // namespace

ReplaceableFile::ReplaceableFile(std::string path, const Patience& patience)
    : path_(std::move(path)), patience_(patience) {
    std::error_code no_target;
    const std::filesystem::path target = std::filesystem::canonical(path_, no_target);
    if (no_target) {
        fail(no_target.message());
    }
    name_ = target.filename().string();
    new_name_ = "." + name_ + ".user-chk-new";
    directory_ = FileDescriptor(::open(target.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory_ || ::fstatat(directory_.get(), name_.c_str(), &status_, AT_SYMLINK_NOFOLLOW) != 0) {
        fail(messageOf(errno));
    }
    if (!S_ISREG(status_.st_mode)) {
        fail("is not a regular file");
    }
    const std::string lock_name = "." + name_ + ".user-chk-lock";
    const int error = takeLockFile(directory_, lock_name, status_, patience_, lock_);
    if (error != 0) {
        fail(error == EWOULDBLOCK ? "is locked by another process"
                                  : "cannot be locked by " + lock_name + ": " + messageOf(error));
    }
    // The name may have been taken over meanwhile. Without O_NONBLOCK, opening a FIFO would block the server
    // until someone writes to it.
    file_ = FileDescriptor(
        ::openat(directory_.get(), name_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
    if (!file_ || ::fstat(file_.get(), &status_) != 0) {
        fail(messageOf(errno));
    }
}

ReplaceableFile::Outcome ReplaceableFile::replace(const Write& write, const Look& is_unchanged) const {
    // Waits now, while everyone still sees the old file.
    if (!patience_.await([this] { return !isOpenForWriting(file_); })) {
        fail("is open for writing in another process");
    }
    const FileDescriptor made = makeBeside();
    const std::shared_ptr<void> clear_away(nullptr, [this, &made](void*) {
        if (isBeside(made)) {
            static_cast<void>(removeBeside());
        }
    });
    fill(made, write);
    const bool is_as_opened = isBeside(made) && isInPlace(file_) && isLeftAlone(nullptr);
    return is_as_opened ? putInPlace(made, is_unchanged) : Outcome::CHANGED;
}

FileDescriptor ReplaceableFile::makeBeside() const {
    const int error = removeBeside();
    if (error != 0 && error != ENOENT) {
        failToReplace(error);
    }
    FileDescriptor made(::openat(directory_.get(), new_name_.c_str(),
                                 O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
    if (!made) {
        failToReplace(errno);
    }
    return made;
}

void ReplaceableFile::fill(const FileDescriptor& made, const Write& write) const {
    if (const int error = copyAttributes(file_, made)) {
        fail("cannot be replaced by a file with the same owner, group and mode: " + messageOf(error));
    }
    int error = write(file_, made);
    if (error == 0) {
        error = errorOf(::fsync(made.get()));
    }
    if (error != 0) {
        failToReplace(error);
    }
}

ReplaceableFile::Outcome ReplaceableFile::putInPlace(const FileDescriptor& made,
                                                     const Look& is_unchanged) const {
    const int error = exchange();
    if (error == EINVAL || error == ENOSYS || error == EOPNOTSUPP) {
        // The file system cannot exchange names.
        if (!isLeftAlone(is_unchanged) || !isInPlace(file_)) {
            return Outcome::CHANGED;
        }
        if (::renameat(directory_.get(), new_name_.c_str(), directory_.get(), name_.c_str()) != 0) {
            failToReplace(errno);
        }
    } else if (error != 0) {
        failToReplace(error);
    } else if (!isBeside(file_) || !isLeftAlone(is_unchanged)) {
        // At once, since what others write to the new file until then is lost.
        putBack(made);
        return Outcome::CHANGED;
    }
    const int sync_error = sync();
    // The old file, if there is one. If it cannot be removed now, the next process does it.
    static_cast<void>(removeBeside());
    if (sync_error != 0) {
        fail("has been replaced, but a crash may undo that: " + messageOf(sync_error));
    }
    return isInPlace(made) ? Outcome::REPLACED : Outcome::OVERTAKEN;
}

// Reverts the exchange. If someone has replaced the new file meanwhile, their file is the newest and is put
// back in place.
void ReplaceableFile::putBack(const FileDescriptor& made) const {
    int error = exchange();
    if (error == 0 && !isBeside(made)) {
        error = exchange();
    }
    if (error != 0) {
        fail("has been replaced, though another process has changed it, and cannot be put back from " +
             new_name_ + ": " + messageOf(error));
    }
    static_cast<void>(sync());
    static_cast<void>(removeBeside());
}

// Returns an error number.
int ReplaceableFile::exchange() const {
    return errorOf(
        ::renameat2(directory_.get(), new_name_.c_str(), directory_.get(), name_.c_str(), RENAME_EXCHANGE));
}

// Makes the names durable. Returns an error number.
int ReplaceableFile::sync() const {
    return errorOf(::fsync(directory_.get()));
}

// Returns an error number.
int ReplaceableFile::removeBeside() const {
    return errorOf(::unlinkat(directory_.get(), new_name_.c_str(), 0));
}

// Checks both the name in its directory, where it will be replaced, and the path, which may lead elsewhere by
// now.
bool ReplaceableFile::isInPlace(const FileDescriptor& fd) const {
    struct stat named;
    struct stat open;
    return isNameOf(directory_, name_, fd) && ::stat(path_.c_str(), &named) == 0 &&
           ::fstat(fd.get(), &open) == 0 && named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

bool ReplaceableFile::isBeside(const FileDescriptor& fd) const {
    return isNameOf(directory_, new_name_, fd);
}

// True when nobody has written to the old file, changed its owner or mode, or is about to write to it.
bool ReplaceableFile::isLeftAlone(const Look& is_unchanged) const {
    struct stat st;
    return !isOpenForWriting(file_) && ::fstat(file_.get(), &st) == 0 && st.st_size == status_.st_size &&
           st.st_mtim.tv_sec == status_.st_mtim.tv_sec && st.st_mtim.tv_nsec == status_.st_mtim.tv_nsec &&
           st.st_uid == status_.st_uid && st.st_gid == status_.st_gid && st.st_mode == status_.st_mode &&
           (!is_unchanged || is_unchanged(file_));
}

void ReplaceableFile::fail(const std::string& reason) const {
    throw FileError(path_ + ": " + reason);
}

void ReplaceableFile::failToReplace(int error) const {
    fail("cannot be replaced by " + new_name_ + ": " + messageOf(error));
}

} // namespace user_chk
