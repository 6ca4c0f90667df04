// SPDX-License-Identifier: MPL-2.0
// Implements readWhole() and writeWhole().

#include <system/whole_file.h>

#include <sys/stat.h>

#include <cerrno>

namespace user_chk {

int readWhole(const FileDescriptor& fd, std::string& text) {
    struct stat st;
    if (::fstat(fd.get(), &st) != 0) {
        return errno;
    }
    const auto expected = static_cast<size_t>(st.st_size);
    // Larger than expected, so that the end of an unchanged file is found without another allocation.
    text.reserve(expected + 256);
    text.resize(expected + 1);
    size_t length = 0;
    for (;;) {
        const ssize_t count =
            ::pread(fd.get(), &text[length], text.size() - length, static_cast<off_t>(length));
        if (count > 0) {
            length += static_cast<size_t>(count);
            if (length == text.size()) {
                text.resize(text.size() * 2);
            }
        } else if (count == 0) {
            text.resize(length);
            return 0;
        } else if (errno != EINTR) {
            return errno;
        }
    }
}

int writeWhole(const FileDescriptor& fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(fd.get(), text.data(), text.size());
        if (count > 0) {
            text.remove_prefix(static_cast<size_t>(count));
        } else if (count == 0 || errno != EINTR) {
            return count == 0 ? EIO : errno;
        }
    }
    return 0;
}

} // namespace user_chk
