// SPDX-License-Identifier: MPL-2.0
// Sends Kea's log to a file and returns it, so that a test can check what an operator would see.

#ifndef USER_CHK_TESTS_LOAD_LOG_FILE_H
#define USER_CHK_TESTS_LOAD_LOG_FILE_H

#include <support/temp_dir.h>

#include <log/logger_manager.h>
#include <log/logger_specification.h>
#include <log/logger_support.h>
#include <log/output_option.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace user_chk {
namespace test {

class LogFile {
public:
    static LogFile& instance() {
        static LogFile file;
        return file;
    }

    // Discards what was logged so far.
    void clear() { seen_ = std::filesystem::file_size(path_); }

    // Returns all lines since clear().
    std::string text() const {
        std::ifstream file(path_, std::ios::binary);
        file.seekg(static_cast<std::streamoff>(seen_));
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }

    // Returns the lines since clear() with this message id or text.
    size_t count(const std::string& part) const {
        size_t lines = 0;
        std::istringstream log(text());
        for (std::string line; std::getline(log, line);) {
            lines += line.find(part) != std::string::npos ? 1 : 0;
        }
        return lines;
    }

    // The lines since clear() with this message id and this part of its text.
    size_t count(const std::string& id, const std::string& part) const {
        size_t lines = 0;
        std::istringstream log(text());
        for (std::string line; std::getline(log, line);) {
            lines += line.find(id + ' ') != std::string::npos && line.find(part) != std::string::npos ? 1 : 0;
        }
        return lines;
    }

private:
    LogFile() {
        isc::log::initLogger("load_tests", isc::log::DEBUG, isc::log::MAX_DEBUG_LEVEL);
        isc::log::OutputOption output;
        output.destination = isc::log::OutputOption::DEST_FILE;
        output.filename = path_;
        output.flush = true;
        isc::log::LoggerSpecification specification("load_tests", isc::log::DEBUG, isc::log::MAX_DEBUG_LEVEL);
        specification.addOutputOption(output);
        isc::log::LoggerManager().process(specification);
    }

    TempDir dir_;
    const std::string path_ = dir_.file("log");
    uintmax_t seen_ = 0;
};

} // namespace test
} // namespace user_chk

#endif // USER_CHK_TESTS_LOAD_LOG_FILE_H
