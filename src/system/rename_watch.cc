// SPDX-License-Identifier: MPL-2.0
// Implements RenameWatch.

#include <system/rename_watch.h>

#include <poll.h>
#include <sys/inotify.h>

#include <string>

namespace user_chk {

namespace {

FileDescriptor watch(int fd) {
    FileDescriptor events(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    // Whatever the file is called by now. A removal is a change of the number of names.
    const std::string file = "/proc/self/fd/" + std::to_string(fd);
    if (!events || ::inotify_add_watch(events.get(), file.c_str(), IN_MOVE_SELF | IN_ATTRIB) < 0) {
        return FileDescriptor(-1);
    }
    return events;
}

} // namespace

RenameWatch::RenameWatch(int fd) : events_(watch(fd)) {}

bool RenameWatch::isQuiet() const {
    struct pollfd events = {events_.get(), POLLIN, 0};
    return works() && ::poll(&events, 1, 0) == 0;
}

} // namespace user_chk
