// SPDX-License-Identifier: MPL-2.0
// Defines FileWatch, which tells cheaply whether a path still names the same file, and whether that file was
// written to; and FileWatchPair, which tells this of two files at once.

#ifndef USER_CHK_SYSTEM_FILE_WATCH_H
#define USER_CHK_SYSTEM_FILE_WATCH_H

#include <system/file_descriptor.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace user_chk {

/// @brief Watches a file and the directories above it with inotify(7).
///
/// A check costs a fifth of a stat(2). The kernel reports a change before the system call that made it
/// returns, so no complete change goes unnoticed. The watch works only where this is guaranteed: on a local
/// file system, and without a symbolic link in the path. It does not notice what changes no file: a mount
/// over one of the directories, or a write through a memory mapping.
///
/// Any number of threads may check it, and several may look at the file at the same time.
class FileWatch {
public:
    /// @brief What is watched.
    enum class Of {
        NAME,   ///< the file was renamed, removed or replaced
        CONTENT ///< the same, or its content changed
    };

    /// @brief Creates a watch that is not set. Never throws: a watch that does not work is never quiet.
    FileWatch(const std::string& path, Of what);

    /// @brief True when nothing has happened since a Look last set the watch, and no Look is in progress.
    /// What that look found out is then still true, if the caller fetches it after this call.
    bool isQuiet() const;

    /// @brief True when something has happened since the watch was set.
    bool hasTold() const;

    /// @brief While a Look exists, the watch is not quiet: what is known of the file is about to be replaced.
    class Look {
    public:
        /// @brief Begins to look at the file.
        explicit Look(FileWatch& watch) : watch_(watch) { ++watch_.looking_; }
        ~Look() { --watch_.looking_; }
        Look(const Look&) = delete;
        Look& operator=(const Look&) = delete;

        /// @brief Watches what the path names now. Call it before looking at the file.
        void setWatch() { watch_.set(); }

    private:
        FileWatch& watch_;
    };

private:
    friend class FileWatchPair;

    bool pending() const;
    bool isQuiet(bool pending) const;
    void set();
    void unset();
    bool add(const std::string& path, uint32_t events);
    bool addAll();

    const std::string path_;
    const uint32_t events_;
    const FileDescriptor inotify_;
    std::atomic<bool> works_{false};
    std::atomic<int> looking_{0};
    std::mutex mutex_; // guards what follows; not locked by isQuiet()
    std::vector<int> watched_;
};

/// @brief Two watches that are checked at once, with epoll(7), which costs less than checking one of them.
/// Any number of threads may check them.
class FileWatchPair {
public:
    /// @brief Creates a pair of watches, which must outlive it. Never throws.
    FileWatchPair(const FileWatch& first, const FileWatch& second);

    /// @brief Returns what FileWatch::isQuiet() would return for each.
    std::array<bool, 2> areQuiet() const;

private:
    bool add(const FileWatch& watch, uint32_t place) const;

    const FileWatch& first_;
    const FileWatch& second_;
    const FileDescriptor epoll_;
    const bool works_;
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_FILE_WATCH_H
