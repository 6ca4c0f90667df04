// SPDX-License-Identifier: MPL-2.0
// Implements the creation of files.

#include <system/new_file.h>

#include <system/whole_file.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

namespace user_chk {

namespace {

std::string directoryOf(const std::string& path) {
    const std::string directory = std::filesystem::path(path).parent_path().string();
    return directory.empty() ? "." : directory;
}

// True when only root and one other user may create files there.
bool belongsToAnother(const struct stat& directory) {
    return directory.st_uid != 0 && (directory.st_mode & (S_ISVTX | S_IWOTH)) == 0;
}

constexpr size_t WRITE_SIZE = 65536;

[[noreturn]] void fail(int error) {
    throw std::system_error(error, std::generic_category());
}

std::string besideOf(const std::string& path) {
    const std::filesystem::path named(path);
    return (named.parent_path() / ("." + named.filename().string() + ".user-chk-new")).string();
}

// Fails when another process has locked it, since that process is writing it.
void lock(const FileDescriptor& fd) {
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        fail(errno == EWOULDBLOCK ? EBUSY : errno);
    }
}

} // namespace

int errorOfMaking(const std::string& path) {
    return ::faccessat(AT_FDCWD, directoryOf(path).c_str(), W_OK | X_OK, AT_EACCESS) == 0 ? 0 : errno;
}

FileDescriptor makeFile(const std::string& path, int flags, mode_t mode) {
    const std::string name = std::filesystem::path(path).filename().string();
    const FileDescriptor directory(::open(directoryOf(path).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    struct stat st;
    if (!directory || ::fstat(directory.get(), &st) != 0) {
        return FileDescriptor(-1);
    }
    FileDescriptor made(::openat(directory.get(), name.c_str(), flags | O_CREAT | O_EXCL, mode));
    if (made && ::geteuid() == 0 && belongsToAnother(st)) {
        // When even root may not do that, the file stays root's.
        static_cast<void>(::fchown(made.get(), st.st_uid, st.st_gid) == 0);
    }
    return made;
}

// Only a process that has locked the new file, and still finds it there, writes, moves or removes it.
NewFile::NewFile(const std::string& path) : path_(path), beside_(besideOf(path)) {
    removeLeftover();
    file_ = makeFile(beside_, O_WRONLY | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
    if (!file_) {
        fail(errno == EEXIST ? EBUSY : errno);
    }
    lock(file_);
    if (!isBeside(file_)) {
        fail(EBUSY);
    }
    buffer_.reserve(2 * WRITE_SIZE);
}

NewFile::~NewFile() {
    if (!in_place_ && isBeside(file_)) {
        ::unlink(beside_.c_str());
    }
}

void NewFile::removeLeftover() const {
    const FileDescriptor leftover(
        ::open(beside_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
    if (!leftover) {
        return; // the creation of the new file then reports the error
    }
    lock(leftover);
    if (isBeside(leftover) && ::unlink(beside_.c_str()) != 0) {
        fail(errno);
    }
}

bool NewFile::isBeside(const FileDescriptor& fd) const {
    struct stat named;
    struct stat open;
    return ::lstat(beside_.c_str(), &named) == 0 && ::fstat(fd.get(), &open) == 0 &&
           named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

void NewFile::write(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= WRITE_SIZE) {
        flush();
    }
}

void NewFile::flush() {
    const int error = writeWhole(file_, buffer_);
    if (error != 0) {
        fail(error);
    }
    buffer_.clear();
}

int NewFile::putInPlace() {
    flush();
    if (::fsync(file_.get()) != 0) {
        fail(errno);
    }
    if (!isBeside(file_)) {
        fail(EBUSY);
    }
    if (std::rename(beside_.c_str(), path_.c_str()) != 0) {
        fail(errno);
    }
    in_place_ = true;
    const std::filesystem::path directory = std::filesystem::path(path_).parent_path();
    const FileDescriptor opened(
        ::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    return opened && ::fsync(opened.get()) == 0 ? 0 : errno;
}

} // namespace user_chk
