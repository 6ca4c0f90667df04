// SPDX-License-Identifier: MPL-2.0
// Implements OutcomeFile.

#include <outcome/outcome_file.h>

#include <system/file_descriptor.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace user_chk {

// An open file, and which file it is.
struct OutcomeFile::OpenFile {
    FileDescriptor fd;
    dev_t device;
    ino_t inode;
};

namespace {

[[noreturn]] void throwReason(const std::string& path, const std::string& reason) {
    isc_throw(OutcomeFileError, path << ": " << reason);
}

[[noreturn]] void throwErrno(const std::string& path, int error) {
    throwReason(path, std::generic_category().message(error));
}

} // namespace

OutcomeFile::OutcomeFile(const std::string& path) : path_(path), file_(open()) {}

OutcomeFile::~OutcomeFile() = default;

OutcomeFile::OpenFilePtr OutcomeFile::open() const {
    // The default path lies in a directory where anybody may plant a link or a FIFO: neither is followed nor
    // waited for.
    const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    FileDescriptor fd(::open(path_.c_str(), flags, S_IRUSR | S_IWUSR | S_IRGRP));
    if (!fd) {
        if (errno == ELOOP) {
            throwReason(path_, "is a symbolic link, must be a regular file");
        }
        if (errno == ENXIO) {
            throwReason(path_, "is not a regular file");
        }
        throwErrno(path_, errno);
    }
    struct stat st;
    if (::fstat(fd.get(), &st) != 0) {
        throwErrno(path_, errno);
    }
    if (!S_ISREG(st.st_mode)) {
        throwReason(path_, "is not a regular file");
    }
    return std::make_shared<const OpenFile>(OpenFile{std::move(fd), st.st_dev, st.st_ino});
}

// The open file, opened anew when the path names another one or none.
OutcomeFile::OpenFilePtr OutcomeFile::fileOfPath(AppendReport& report) {
    OpenFilePtr file = file_.get();
    struct stat st;
    if (::lstat(path_.c_str(), &st) == 0 && st.st_dev == file->device && st.st_ino == file->inode) {
        return file;
    }
    file = open();
    file_.set(file);
    cut_short_ = false;
    report.reopened = true;
    return file;
}

void OutcomeFile::write(const OpenFile& file, const std::string& records) {
    const bool close_off = cut_short_;
    std::string closed_off;
    if (close_off) {
        closed_off = "\n\n" + records;
    }
    const std::string& text = close_off ? closed_off : records;
    ssize_t count;
    do {
        count = ::write(file.fd.get(), text.data(), text.size());
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
        throwErrno(path_, errno);
    }
    if (static_cast<size_t>(count) < text.size()) {
        // The rest is not tried: another process may have appended by then.
        cut_short_ = true;
        throwErrno(path_, ENOSPC);
    }
    if (close_off) {
        cut_short_ = false;
    }
}

AppendReport OutcomeFile::append(const std::string& records, size_t count) {
    AppendReport report;
    try {
        write(*fileOfPath(report), records);
        report.written = true;
    } catch (const OutcomeFileError& ex) {
        report.error = ex.what();
    }
    if (report.written) {
        report.lost = failing_.exchange(false) ? lost_.exchange(0) : 0;
    } else {
        lost_ += count;
        report.began_failing = !failing_.exchange(true);
    }
    return report;
}

} // namespace user_chk
