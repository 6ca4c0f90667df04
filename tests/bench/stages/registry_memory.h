// SPDX-License-Identifier: MPL-2.0
// Measures memory, which takes a process that has done nothing else.

#ifndef USER_CHK_TESTS_BENCH_STAGES_REGISTRY_MEMORY_H
#define USER_CHK_TESTS_BENCH_STAGES_REGISTRY_MEMORY_H

#include <string>

namespace user_chk {
namespace bench {

// The option that makes a process of this program print what loading a file adds to it; the file follows.
extern const char* const MEMORY_OPTION;

// Loads a registry file and prints how many bytes of memory this process has more than before.
int printMemoryOf(const std::string& path);

} // namespace bench
} // namespace user_chk

#endif // USER_CHK_TESTS_BENCH_STAGES_REGISTRY_MEMORY_H
