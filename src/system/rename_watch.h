// SPDX-License-Identifier: MPL-2.0
// Defines RenameWatch, which tells cheaply that an open file still has its name.

#ifndef USER_CHK_SYSTEM_RENAME_WATCH_H
#define USER_CHK_SYSTEM_RENAME_WATCH_H

#include <system/file_descriptor.h>

namespace user_chk {

/// @brief Watches an open file by inotify(7).
///
/// Asking it costs a fifth of a stat(2) by the file's name. The kernel tells of a change before the system
/// call that made it returns, so nothing that is complete goes unseen. Not seen is what happens to the file
/// without touching it: a directory above it is moved or mounted over, or another host of a network file
/// system acts. May be asked by any number of threads.
class RenameWatch {
public:
    /// @brief Watches from now on. Throws nothing: where it cannot, it never is quiet.
    ///
    /// @param fd an open file
    explicit RenameWatch(int fd);

    /// @brief False when there is nothing that could watch.
    bool works() const { return static_cast<bool>(events_); }

    /// @brief True when the file has been neither renamed nor removed nor replaced since this was made. Once
    /// false, it stays so.
    bool isQuiet() const;

private:
    FileDescriptor events_;
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_RENAME_WATCH_H
