// SPDX-License-Identifier: MPL-2.0
// Implements NewFile.

#include <system/new_file.h>

#include <system/made_file.h>
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

constexpr size_t WRITE_SIZE = 65536;

[[noreturn]] void fail(int error) {
    throw std::system_error(error, std::generic_category());
}

std::string besideOf(const std::string& path) {
    const std::filesystem::path named(path);
    return (named.parent_path() / ("." + named.filename().string() + ".user-chk-new")).string();
}

// Fails where another process has locked it: that one is at work with it.
void lock(const FileDescriptor& fd) {
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        fail(errno == EWOULDBLOCK ? EBUSY : errno);
    }
}

} // namespace

// Only who has locked the file beside, and finds it there still, writes, moves or removes it.
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
        return; // what it is then, the making of the new one tells
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
