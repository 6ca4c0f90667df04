// SPDX-License-Identifier: MPL-2.0
// Implements FileSignature and openContent().

#include <source/file_content.h>

#include <user_file.h>

#include <fcntl.h>

#include <cerrno>
#include <system_error>
#include <tuple>

using namespace std::chrono_literals;

namespace user_chk {

namespace {

std::chrono::nanoseconds toDuration(const struct timespec& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

[[noreturn]] void failToOpen(const std::string& path, const std::string& reason) {
    isc_throw(UserFileError, path << ": " << reason);
}

} // namespace

FileSignature::FileSignature(const struct stat& st)
    : error(0), device_(st.st_dev), inode_(st.st_ino), size_(st.st_size), modified_(toDuration(st.st_mtim)),
      changed_(toDuration(st.st_ctim)) {}

FileSignature FileSignature::of(const std::string& path) {
    struct stat st;
    if (::stat(path.c_str(), &st) == 0) {
        return FileSignature(st);
    }
    FileSignature none;
    none.error = errno;
    return none;
}

std::chrono::nanoseconds FileSignature::tick() const {
    const bool whole_seconds = changed_ % 1s == 0ns;
    return whole_seconds ? std::chrono::nanoseconds(2s) : std::chrono::nanoseconds(20ms);
}

bool FileSignature::operator==(const FileSignature& other) const {
    const auto tied = [](const FileSignature& s) {
        return std::tie(s.error, s.device_, s.inode_, s.size_, s.modified_, s.changed_);
    };
    return tied(*this) == tied(other);
}

FileDescriptor openContent(const std::string& path, FileSignature& signature) {
    // Without O_NONBLOCK, opening a FIFO would block the server until someone writes to it.
    FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat st;
    if (!fd || ::fstat(fd.get(), &st) != 0) {
        failToOpen(path, std::generic_category().message(errno));
    }
    if (!S_ISREG(st.st_mode)) {
        failToOpen(path, "is not a regular file");
    }
    signature = FileSignature(st);
    return fd;
}

} // namespace user_chk
