// SPDX-License-Identifier: MPL-2.0
// Defines FileWatch, which tells cheaply that a path still names the same file, and that nobody wrote into
// it.

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

/// @brief Watches a file and the directories above it by inotify(7).
///
/// Asking it costs a fifth of a stat(2). The kernel tells of a change before the system call that made it
/// returns, so nothing that is complete goes unseen. It watches only where that is so: on a local file
/// system, and without a symbolic link in the path. Not seen is what changes no file: something that is
/// mounted over one of the directories, a write through a memory mapping.
///
/// It may be asked by any number of threads, and more than one may look at the file anew.
class FileWatch {
public:
    /// @brief What it tells of.
    enum class Of {
        NAME,   ///< the file was renamed, removed or replaced
        CONTENT ///< that, and a change of its content
    };

    /// @brief Watches nothing yet. Throws nothing: where it cannot watch it never is quiet.
    FileWatch(const std::string& path, Of what);

    /// @brief True when nothing has happened since a Look last set the watch, and nobody is looking. What is
    /// known of the file since that look then holds; it must be fetched after this was called.
    bool isQuiet() const;

    /// @brief Asks two watches at once, which costs little more than to ask one.
    ///
    /// @return for each what isQuiet() would.
    static std::array<bool, 2> areQuiet(const FileWatch& first, const FileWatch& second);

    /// @brief True when something has happened since the watch was set.
    bool hasTold() const;

    /// @brief While one lives nothing is quiet: what is known of the file is about to be replaced.
    class Look {
    public:
        /// @brief Begins to look.
        explicit Look(FileWatch& watch) : watch_(watch) { ++watch_.looking_; }
        ~Look() { --watch_.looking_; }
        Look(const Look&) = delete;
        Look& operator=(const Look&) = delete;

        /// @brief Watches what the path names now. To be called before that is looked at.
        void setWatch() { watch_.set(); }

    private:
        FileWatch& watch_;
    };

private:
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
    std::mutex mutex_; // guards what follows; not taken by isQuiet()
    std::vector<int> watched_;
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_FILE_WATCH_H
