// SPDX-License-Identifier: MPL-2.0
// Implements OutcomeFile.

#include <audit/outcome_file.h>

#include <system/file_descriptor.h>
#include <system/new_file.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace user_chk {

// An open file and its identity.
struct OutcomeFile::File {
    FileDescriptor append;
    FileDescriptor update; // for reading and changing what was written; none without permission
    dev_t device;
    ino_t inode;
    mutable std::atomic<bool> lacks_end{false}; // the file does not end with a whole record

    bool is(dev_t of_device, ino_t of_inode) const { return device == of_device && inode == of_inode; }
};

namespace {

// The default path lies in a directory where anyone may plant a link or a FIFO. So links are not followed,
// and opening never blocks.
constexpr int SAFELY = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

[[noreturn]] void throwReason(const std::string& path, const std::string& reason) {
    isc_throw(OutcomeFileError, path << ": " << reason);
}

[[noreturn]] void throwErrno(const std::string& path, int error) {
    throwReason(path, std::generic_category().message(error));
}

ssize_t writeAll(int fd, std::string_view text) {
    ssize_t count;
    do {
        count = ::write(fd, text.data(), text.size());
    } while (count < 0 && errno == EINTR);
    return count;
}

// Returns the last bytes before an offset.
std::string readBefore(int fd, off_t end, size_t size) {
    std::string text(std::min(size, static_cast<size_t>(end)), '\0');
    const ssize_t count = ::pread(fd, text.data(), text.size(), end - static_cast<off_t>(text.size()));
    text.resize(count < 0 ? 0 : static_cast<size_t>(count));
    return text;
}

// Whether a file ends with part of a record, as a killed server leaves it. A write of another process that is
// in progress can look the same.
bool lacksEnd(int fd, const std::string& record_end) {
    for (int attempts = 10; attempts > 0; --attempts) {
        struct stat st;
        if (::fstat(fd, &st) != 0 || st.st_size == 0 ||
            readBefore(fd, st.st_size, record_end.size()) == record_end) {
            return false;
        }
        // On ext4 and tmpfs this waits for a write in progress; on XFS the read above did.
        static_cast<void>(::lseek(fd, 0, SEEK_HOLE));
        struct stat later;
        if (::fstat(fd, &later) == 0 && later.st_size == st.st_size) {
            return true;
        }
    }
    return false; // other processes are writing
}

// Returns no descriptor on failure; errno then holds the reason.
FileDescriptor openOrMake(const std::string& path, int flags) {
    // Another process may create or remove the file in between.
    for (int attempts = 3;; --attempts) {
        FileDescriptor there(::open(path.c_str(), flags));
        if (there || errno != ENOENT || attempts == 0) {
            return there;
        }
        FileDescriptor made = makeFile(path, flags, S_IRUSR | S_IWUSR | S_IRGRP);
        if (made || errno != EEXIST) {
            return made;
        }
    }
}

// The name of no file is empty.
template <typename FilePtr>
bool names(const std::string& path, const FilePtr& file) {
    struct stat st;
    return file && ::lstat(path.c_str(), &st) == 0 && file->is(st.st_dev, st.st_ino);
}

} // namespace

OutcomeFile::OutcomeFile(const std::string& path, const std::string& record_end)
    : path_(path), record_end_(record_end), watch_(path, FileWatch::Of::NAME),
      current_(::geteuid() == 0 ? openIfThere() : open()) {}

OutcomeFile::~OutcomeFile() = default;

// For root, who may only be testing a configuration. Returns nothing when there is no file but one could be
// created.
OutcomeFile::FilePtr OutcomeFile::openIfThere() {
    struct stat st;
    if (::lstat(path_.c_str(), &st) == 0 || errno != ENOENT) {
        return open();
    }
    const int error = errorOfMaking(path_);
    if (error != 0) {
        throwErrno(path_, error);
    }
    return nullptr;
}

OutcomeFile::FilePtr OutcomeFile::openFile() const {
    FileDescriptor append = openOrMake(path_, O_WRONLY | O_APPEND | SAFELY);
    if (!append) {
        if (errno == ELOOP) {
            throwReason(path_, "is a symbolic link, must be a regular file");
        }
        if (errno == ENXIO) {
            throwReason(path_, "is not a regular file");
        }
        throwErrno(path_, errno);
    }
    struct stat st;
    if (::fstat(append.get(), &st) != 0) {
        throwErrno(path_, errno);
    }
    if (!S_ISREG(st.st_mode)) {
        throwReason(path_, "is not a regular file");
    }
    FileDescriptor update(::open(path_.c_str(), O_RDWR | SAFELY));
    struct stat same;
    if (update &&
        (::fstat(update.get(), &same) != 0 || same.st_dev != st.st_dev || same.st_ino != st.st_ino)) {
        update = FileDescriptor(-1);
    }
    FilePtr file(new File{std::move(append), std::move(update), st.st_dev, st.st_ino});
    file->lacks_end = file->update && lacksEnd(file->update.get(), record_end_);
    return file;
}

// Opens the file that the path names, and watches it.
OutcomeFile::FilePtr OutcomeFile::open() {
    FileWatch::Look look(watch_);
    // The watch reports nothing of what happens before it is set.
    for (int attempts = 3;; --attempts) {
        FilePtr file = openFile();
        look.setWatch();
        if (attempts == 1 || names(path_, file)) {
            return file;
        }
    }
}

// Returns the file that the path names.
OutcomeFile::FilePtr OutcomeFile::fileOfPath(const Glance& glance, AppendReport& report) {
    if ((glance.isQuiet() || watch_.isQuiet()) && !failing_ && !seconds_.isNew()) {
        return current_.get();
    }
    if (!watch_.hasTold()) {
        return lookAtPath(report);
    }
    FileWatch::Look look(watch_);
    look.setWatch();
    return lookAtPath(report);
}

// Returns the open file. Opens or reopens it when the path names another file or none.
OutcomeFile::FilePtr OutcomeFile::lookAtPath(AppendReport& report) {
    FilePtr before = current_.get();
    if (names(path_, before)) {
        return before;
    }
    const FileWatch::Look look(watch_); // until the opened file is published
    FilePtr opened = open();
    FilePtr latest = current_.get();
    if (latest && latest->is(opened->device, opened->inode)) {
        return latest; // another thread reopened it first
    }
    current_.set(opened);
    report.reopened = before != nullptr;
    return opened;
}

// Makes part of a record end like a whole one. The disk may be full, so this overwrites the last bytes of
// that part. They belong to this write alone, even while others append.
void OutcomeFile::endRecord(const File& file, std::string_view cut) const {
    const off_t end = ::lseek(file.append.get(), 0, SEEK_CUR);
    const size_t size = std::min(record_end_.size(), cut.size());
    // A write of another thread may have moved the offset.
    const bool found = file.update && end >= static_cast<off_t>(cut.size()) &&
                       readBefore(file.update.get(), end, cut.size()) == cut;
    const ssize_t replaced =
        found ? ::pwrite(file.update.get(), record_end_.data(), size, end - static_cast<off_t>(size)) : -1;
    if (replaced != static_cast<ssize_t>(size)) {
        file.lacks_end = true;
    }
}

void OutcomeFile::write(const File& file, std::string_view records) const {
    // After a partial write, all records are tried once more: there may be space by now, or the error tells
    // why not.
    for (int attempts = 2; attempts > 0; --attempts) {
        const bool lacks_end = file.lacks_end;
        const std::string ended = lacks_end ? std::string(record_end_).append(records) : std::string();
        const std::string_view text = lacks_end ? ended : records;
        const ssize_t count = writeAll(file.append.get(), text);
        if (count < 0) {
            throwErrno(path_, errno);
        }
        if (lacks_end && count > 0) {
            file.lacks_end = false;
        }
        if (static_cast<size_t>(count) == text.size()) {
            return;
        }
        endRecord(file, text.substr(0, static_cast<size_t>(count)));
    }
    throwErrno(path_, ENOSPC);
}

AppendReport OutcomeFile::append(std::string_view records, size_t count, const Glance& glance) {
    AppendReport report;
    const bool was_failing = failing_;
    try {
        write(*fileOfPath(glance, report), records);
        report.written = true;
    } catch (const OutcomeFileError& ex) {
        report.error = ex.what();
    }
    if (report.written) {
        written_ += count;
        report.lost = was_failing && failing_.exchange(false) ? lost_.exchange(0) : 0;
    } else {
        failed_ += count;
        lost_ += count;
        report.began_failing = !failing_.exchange(true);
    }
    return report;
}

} // namespace user_chk
