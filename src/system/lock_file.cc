// SPDX-License-Identifier: MPL-2.0
// Implements takeLockFile().

#include <system/lock_file.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace user_chk {

namespace {

constexpr int FLAGS = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

// On failure, errno holds the reason.
FileDescriptor make(const FileDescriptor& directory, const char* name, const struct stat& guarded) {
    FileDescriptor made(
        ::openat(directory.get(), name, FLAGS | O_RDWR | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR));
    if (made) {
        // Root can do this. A process that cannot may not replace the file either.
        static_cast<void>(::fchown(made.get(), guarded.st_uid, guarded.st_gid) == 0);
    }
    return made;
}

// True when only root and the owner of the guarded file may open it.
bool isPrivate(const FileDescriptor& lock, const struct stat& guarded) {
    struct stat st;
    return ::fstat(lock.get(), &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == guarded.st_uid &&
           (st.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

// Returns an error number; EAGAIN means to try again.
int tryToTake(const FileDescriptor& directory, const char* name, const struct stat& guarded,
              FileDescriptor& lock) {
    lock = FileDescriptor(::openat(directory.get(), name, FLAGS | O_RDWR));
    if (!lock && errno == EACCES) {
        // For a file that root's flock(1) created: this suffices to lock it, and then to replace it.
        lock = FileDescriptor(::openat(directory.get(), name, FLAGS | O_RDONLY));
    }
    const bool made = !lock && errno == ENOENT;
    if (made) {
        lock = make(directory, name, guarded);
    }
    if (!lock) {
        return errno == EEXIST ? EAGAIN : errno;
    }
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        return errno;
    }
    if (!isNameOf(directory, name, lock)) {
        return EAGAIN;
    }
    if (!made && !isPrivate(lock, guarded)) {
        return ::unlinkat(directory.get(), name, 0) == 0 ? EAGAIN : errno;
    }
    return 0;
}

} // namespace

int takeLockFile(const FileDescriptor& directory, const std::string& name, const struct stat& guarded,
                 const Patience& patience, FileDescriptor& lock) {
    static_assert(EAGAIN == EWOULDBLOCK);
    int error = 0;
    patience.await([&] { return (error = tryToTake(directory, name.c_str(), guarded, lock)) != EAGAIN; });
    return error;
}

bool isNameOf(const FileDescriptor& directory, const std::string& name, const FileDescriptor& fd) {
    struct stat named;
    struct stat open;
    return ::fstatat(directory.get(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           ::fstat(fd.get(), &open) == 0 && named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

} // namespace user_chk
