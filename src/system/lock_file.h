// SPDX-License-Identifier: MPL-2.0
// Declares takeLockFile(), which locks a file of its own, for those who replace another.

#ifndef USER_CHK_SYSTEM_LOCK_FILE_H
#define USER_CHK_SYSTEM_LOCK_FILE_H

#include <system/file_descriptor.h>
#include <system/patience.h>

#include <sys/stat.h>

#include <string>

namespace user_chk {

/// @brief Opens a lock file, which is made where there is none, and locks it with flock(2). The lock lasts
/// until the file is closed; the file stays, empty.
///
/// Only who may replace a file should be able to hold up those who do. So the lock file has mode 0600 and the
/// owner of the file that it guards. One that others may open is removed, under its lock, and made anew; one
/// that is removed while it is waited for is made anew too. No symbolic link is followed, no owner or mode of
/// a file changed that was there before.
///
/// @param directory where the lock file is
/// @param name of the lock file
/// @param guarded the status of the file that it guards
/// @param patience with others who have locked it
/// @param lock becomes the lock file, open and locked
/// @return 0, EWOULDBLOCK when another has it locked, or another error number.
int takeLockFile(const FileDescriptor& directory, const std::string& name, const struct stat& guarded,
                 const Patience& patience, FileDescriptor& lock);

/// @brief True when the name in the directory is one of this open file.
bool isNameOf(const FileDescriptor& directory, const std::string& name, const FileDescriptor& fd);

} // namespace user_chk

#endif // USER_CHK_SYSTEM_LOCK_FILE_H
