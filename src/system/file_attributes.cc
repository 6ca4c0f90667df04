// SPDX-License-Identifier: MPL-2.0
// Implements copyAttributes().

#include <system/file_attributes.h>

#include <linux/limits.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace user_chk {

namespace {

constexpr const char* ACCESS_CONTROL_LIST = "system.posix_acl_access";

// Returns an error number.
int copyExtendedAttribute(const FileDescriptor& from, const FileDescriptor& to, const char* name) {
    std::string value(XATTR_SIZE_MAX, '\0');
    const ssize_t length = ::fgetxattr(from.get(), name, value.data(), value.size());
    return length < 0 || ::fsetxattr(to.get(), name, value.data(), static_cast<size_t>(length), 0) != 0
               ? errno
               : 0;
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

} // namespace

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
