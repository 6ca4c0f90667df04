// SPDX-License-Identifier: MPL-2.0
// Gives a fuzz target a way to fail, and a way to catch what a function throws.

#ifndef USER_CHK_TESTS_FUZZ_EXPECT_H
#define USER_CHK_TESTS_FUZZ_EXPECT_H

#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>

namespace user_chk {
namespace fuzz {

// Stops with a message unless the condition holds. libFuzzer reports that as a crash, with its input.
inline void expect(bool condition, const std::string& what) {
    if (!condition) {
        std::cerr << "fuzz: does not hold: " << what << std::endl;
        std::abort();
    }
}

// Returns the message of the exception that a function throws, none when it returns. Any other exception is
// passed on, and is a finding.
template <typename Exception, typename Function>
std::optional<std::string> errorOf(Function function) {
    try {
        function();
        return std::nullopt;
    } catch (const Exception& ex) {
        return ex.what();
    }
}

} // namespace fuzz
} // namespace user_chk

#endif // USER_CHK_TESTS_FUZZ_EXPECT_H
