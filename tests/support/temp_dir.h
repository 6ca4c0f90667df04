// SPDX-License-Identifier: MPL-2.0
// Gives a test its own directory, and ways to change the files in it.

#ifndef USER_CHK_TESTS_SUPPORT_TEMP_DIR_H
#define USER_CHK_TESTS_SUPPORT_TEMP_DIR_H

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace user_chk {
namespace test {

// A directory that is removed with everything in it.
class TempDir {
public:
    explicit TempDir(const std::filesystem::path& parent = std::filesystem::temp_directory_path()) {
        std::string name = (parent / "user_chk_test_XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw std::runtime_error("mkdtemp failed: " + name);
        }
        path_ = name;
    }
    ~TempDir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    std::string file(const std::string& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

inline void writeFile(const std::string& path, const std::string& text,
                      std::ios::openmode mode = std::ios::trunc) {
    std::ofstream file(path, std::ios::binary | std::ios::out | mode);
    file << text;
    file.close();
    if (!file) {
        throw std::runtime_error("cannot write " + path);
    }
}

inline void appendFile(const std::string& path, const std::string& text) {
    writeFile(path, text, std::ios::app);
}

inline std::string readFile(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

// Returns the message of an exception of this type; fails when none is thrown.
template <typename Exception, typename Function>
std::string messageOf(Function function) {
    try {
        function();
    } catch (const Exception& ex) {
        return ex.what();
    }
    throw std::runtime_error("nothing was thrown");
}

} // namespace test
} // namespace user_chk

#endif // USER_CHK_TESTS_SUPPORT_TEMP_DIR_H
