// SPDX-License-Identifier: MPL-2.0
// Implements FileWatch and FileWatchPair.

#include <system/file_watch.h>

#include <linux/magic.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/statfs.h>

#include <array>
#include <filesystem>
#include <system_error>

namespace user_chk {

namespace {

uint32_t eventsOf(FileWatch::Of what) {
    // Removing a file changes its link count, which is an attribute.
    const uint32_t name = IN_MOVE_SELF | IN_ATTRIB;
    return what == FileWatch::Of::CONTENT ? name | IN_MODIFY : name;
}

// On other file systems, another host, or the program behind the file system, may change a file without the
// kernel's knowledge.
bool isLocal(const std::string& path) {
    struct statfs fs;
    if (::statfs(path.c_str(), &fs) != 0) {
        return false;
    }
    switch (fs.f_type) {
    case EXT4_SUPER_MAGIC: // and its predecessors
    case XFS_SUPER_MAGIC:
    case BTRFS_SUPER_MAGIC:
    case F2FS_SUPER_MAGIC:
    case TMPFS_MAGIC:
        return true;
    default:
        return false;
    }
}

} // namespace

FileWatch::FileWatch(const std::string& path, Of what)
    : path_(path), events_(eventsOf(what)), inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {}

// Whether there are events to fetch, or that cannot be determined.
bool FileWatch::pending() const {
    struct pollfd events = {inotify_.get(), POLLIN, 0};
    return ::poll(&events, 1, 0) != 0;
}

// `pending` must be checked right before: events that have gone since then were fetched by a Look in
// progress.
bool FileWatch::isQuiet(bool pending) const {
    return works_ && !pending && looking_ == 0;
}

bool FileWatch::isQuiet() const {
    return works_ && isQuiet(pending());
}

bool FileWatch::hasTold() const {
    return works_ && pending();
}

void FileWatch::set() {
    const std::lock_guard<std::mutex> lock(mutex_);
    works_ = false;
    unset();
    works_ = addAll();
}

// Removes all watches and discards their events.
void FileWatch::unset() {
    for (const int watch : watched_) {
        // Fails for a watch that went away with its file.
        static_cast<void>(::inotify_rm_watch(inotify_.get(), watch));
    }
    watched_.clear();
    std::array<char, 4096> events;
    while (::read(inotify_.get(), events.data(), events.size()) > 0) {
    }
}

bool FileWatch::add(const std::string& path, uint32_t events) {
    const int watch = ::inotify_add_watch(inotify_.get(), path.c_str(), events);
    if (watch >= 0) {
        watched_.push_back(watch);
    }
    return watch >= 0;
}

// Adds watches from the top down, so that changes meanwhile are reported, and then checks that the watch is
// reliable.
bool FileWatch::addAll() {
    std::error_code error;
    const auto absolute = std::filesystem::absolute(path_, error).lexically_normal();
    std::filesystem::path directory;
    for (const auto& name : absolute.parent_path()) {
        directory /= name;
        if (!add(directory, IN_MOVE_SELF | IN_DELETE_SELF | IN_ONLYDIR)) {
            return false;
        }
    }
    return add(absolute, events_) && std::filesystem::canonical(path_, error) == absolute && isLocal(path_);
}

FileWatchPair::FileWatchPair(const FileWatch& first, const FileWatch& second)
    : first_(first), second_(second), epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      works_(add(first, 0) && add(second, 1)) {}

bool FileWatchPair::add(const FileWatch& watch, uint32_t place) const {
    struct epoll_event event = {};
    event.events = EPOLLIN;
    event.data.u32 = place;
    return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, watch.inotify_.get(), &event) == 0;
}

std::array<bool, 2> FileWatchPair::areQuiet() const {
    if (!works_) {
        return {first_.isQuiet(), second_.isQuiet()};
    }
    std::array<struct epoll_event, 2> events;
    const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), 0);
    std::array<bool, 2> pending = {count < 0, count < 0};
    for (int at = 0; at < count; ++at) {
        pending.at(events.at(at).data.u32) = true;
    }
    return {first_.isQuiet(pending[0]), second_.isQuiet(pending[1])};
}

} // namespace user_chk
