// SPDX-License-Identifier: MPL-2.0
// Implements the making of files.

#include <system/made_file.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace user_chk {

namespace {

std::string directoryOf(const std::string& path) {
    const std::string directory = std::filesystem::path(path).parent_path().string();
    return directory.empty() ? "." : directory;
}

// Where nobody but root and one other user may make files, that user.
bool belongsToAnother(const struct stat& directory) {
    return directory.st_uid != 0 && (directory.st_mode & (S_ISVTX | S_IWOTH)) == 0;
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
        // Where root may not do that either, the file stays root's.
        static_cast<void>(::fchown(made.get(), st.st_uid, st.st_gid) == 0);
    }
    return made;
}

} // namespace user_chk
