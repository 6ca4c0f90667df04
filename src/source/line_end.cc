// SPDX-License-Identifier: MPL-2.0
// Implements awaitLineEnd().

#include <source/line_end.h>

#include <user_file.h>

#include <thread>

namespace user_chk {

bool lacksLineEnd(const std::string& text) {
    if (text.empty() || text.back() == '\n') {
        return false;
    }
    const std::string last = text.substr(text.rfind('\n') + 1);
    if (UserFile::isPassedOver(last)) {
        return false;
    }
    try {
        UserFile::makeUser(last);
        return false;
    } catch (const UserFileError&) {
        return true;
    }
}

bool awaitLineEnd(const std::string& path, FileContent& content) {
    const auto end = std::chrono::steady_clock::now() + LINE_END_WAIT;
    while (lacksLineEnd(content.text) && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(LINE_END_PAUSE);
        if (FileSignature::of(path) != content.signature) {
            content = FileContent::read(path);
        }
    }
    return !lacksLineEnd(content.text);
}

} // namespace user_chk
