// SPDX-License-Identifier: MPL-2.0
// Implements the look at who else could change a file.

#include <source/file_exposure.h>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

namespace user_chk {

namespace {

bool isWritableByOthers(const struct stat& st) {
    return (st.st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

std::string directoryExposure(const std::filesystem::path& file) {
    const std::string directory = file.has_parent_path() ? file.parent_path().string() : ".";
    struct stat st;
    if (::stat(directory.c_str(), &st) == 0 && isWritableByOthers(st) && (st.st_mode & S_ISVTX) == 0) {
        return "its directory " + directory + " can be written by its group or by others";
    }
    return std::string();
}

std::string fileExposure(const std::string& path) {
    struct stat st;
    if (::stat(path.c_str(), &st) != 0) {
        return std::string();
    }
    if (isWritableByOthers(st)) {
        return "it can be written by its group or by others";
    }
    if (st.st_uid != 0 && st.st_uid != ::geteuid()) {
        return "it belongs to user " + std::to_string(st.st_uid) + ", neither root nor the server's";
    }
    return std::string();
}

} // namespace

std::string exposureOf(const std::string& path) {
    std::error_code error;
    const std::filesystem::path target = std::filesystem::canonical(path, error);
    for (std::string reason :
         {fileExposure(path), directoryExposure(path), error ? std::string() : directoryExposure(target)}) {
        if (!reason.empty()) {
            return reason;
        }
    }
    return std::string();
}

} // namespace user_chk
