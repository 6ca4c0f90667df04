// SPDX-License-Identifier: MPL-2.0
// Implements the reading of a configuration file.

#include <program/configuration_text.h>

#include <program/kea_json.h>

#include <source/file_content.h>
#include <system/whole_file.h>

#include <exceptions/exceptions.h>

#include <system_error>

namespace user_chk::program {

using isc::data::ElementPtr;

namespace {

constexpr int MOST_INCLUDES = 10; // one within the other

std::string contentOf(const std::string& path) {
    FileSignature signature;
    const FileDescriptor file = openContent(path, signature);
    std::string text;
    const int error = readWhole(file, text);
    if (error != 0) {
        isc_throw(isc::InvalidOperation, path << ": " << std::generic_category().message(error));
    }
    return text;
}

// Puts plain JSON of a file in the place of each directive.
class Includer {
public:
    explicit Includer(int depth) : depth_(depth) {}

    std::string operator()(size_t line, const std::string& directive) const {
        const size_t first = directive.find('"');
        const size_t last = directive.rfind('"');
        if (first == last || depth_ == MOST_INCLUDES) {
            isc_throw(isc::BadValue, "invalid or nested too deeply: " << directive << " in line " << line);
        }
        const std::string path = directive.substr(first + 1, last - first - 1);
        return plainJson(contentOf(path), Includer(depth_ + 1));
    }

private:
    const int depth_;
};

} // namespace

ElementPtr readConfiguration(const std::string& path) {
    const std::string text = contentOf(path);
    try {
        return readKeaJson(text, Includer(0));
    } catch (const std::exception& ex) { // the parser of Kea 2.6 throws the standard library's as well
        isc_throw(isc::BadValue, path << ": " << ex.what());
    }
}

} // namespace user_chk::program
