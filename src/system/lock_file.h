// SPDX-License-Identifier: MPL-2.0
// Declares takeLockFile(), which locks a separate lock file for programs that replace a file.

#ifndef USER_CHK_SYSTEM_LOCK_FILE_H
#define USER_CHK_SYSTEM_LOCK_FILE_H

#include <system/file_descriptor.h>
#include <system/patience.h>

#include <sys/stat.h>

#include <string>

namespace user_chk {

/// @brief Opens a lock file, creating it if needed, and locks it with flock(2). The lock lasts until the file
/// is closed. The lock file remains, empty.
///
/// Only a user that may replace the guarded file should be able to block others from doing so. So the lock
/// file has mode 0600 and the owner of the guarded file. A lock file that others may open is removed, under
/// its lock, and created again. So is one that is removed while waiting for it. Symbolic links are not
/// followed, and the owner and mode of an existing file are never changed.
///
/// @param directory where the lock file is
/// @param name the name of the lock file
/// @param guarded the status of the file that it guards
/// @param patience how long to wait for others that hold the lock
/// @param lock receives the lock file, open and locked
/// @return 0, EWOULDBLOCK when another process holds the lock, or another error number.
int takeLockFile(const FileDescriptor& directory, const std::string& name, const struct stat& guarded,
                 const Patience& patience, FileDescriptor& lock);

/// @brief True when the name in the directory refers to this open file.
bool isNameOf(const FileDescriptor& directory, const std::string& name, const FileDescriptor& fd);

} // namespace user_chk

#endif // USER_CHK_SYSTEM_LOCK_FILE_H
