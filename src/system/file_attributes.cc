// SPDX-License-Identifier: MPL-2.0
// Implements the functions on paths, owners and permissions.

#include <system/file_attributes.h>

#include <linux/limits.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
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
        return "its directory " + directory + " is writable by its group or by others";
    }
    return std::string();
}

std::string fileExposure(const std::string& path) {
    struct stat st;
    if (::stat(path.c_str(), &st) != 0) {
        return std::string();
    }
    if (isWritableByOthers(st)) {
        return "it is writable by its group or by others";
    }
    if (st.st_uid != 0 && st.st_uid != ::geteuid()) {
        return "its owner is user " + std::to_string(st.st_uid) + ", neither root nor the server's user";
    }
    return std::string();
}

constexpr const char* ACCESS_CONTROL_LIST = "system.posix_acl_access";

// Returns an error number.
int copyExtendedAttribute(const FileDescriptor& from, const FileDescriptor& to, const char* name) {
    std::string value(XATTR_SIZE_MAX, '\0');
    const ssize_t length = ::fgetxattr(from.get(), name, value.data(), value.size());
    return length < 0 || ::fsetxattr(to.get(), name, value.data(), static_cast<size_t>(length), 0) != 0
               ? errno
               : 0;
}

// Returns an error number when the access control list cannot be copied; the other attributes may be missing.
int copyExtendedAttributes(const FileDescriptor& from, const FileDescriptor& to) {
    // The new file may have inherited one from the directory.
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

int copyAttributes(const FileDescriptor& from, const FileDescriptor& to) {
    struct stat model;
    struct stat st;
    if (::fstat(from.get(), &model) != 0 || ::fstat(to.get(), &st) != 0) {
        return errno;
    }
    const bool same_owner = st.st_uid == model.st_uid && st.st_gid == model.st_gid;
    if (!same_owner && ::fchown(to.get(), model.st_uid, model.st_gid) != 0) {
        return errno;
    }
    if (const int error = copyExtendedAttributes(from, to)) {
        return error;
    }
    return ::fchmod(to.get(), model.st_mode & ALLPERMS) == 0 ? 0 : errno;
}

} // namespace user_chk
