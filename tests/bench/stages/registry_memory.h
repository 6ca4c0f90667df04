// SPDX-License-Identifier: MPL-2.0
// Measures memory, which requires a process that has done nothing else.

#ifndef USER_CHK_TESTS_BENCH_STAGES_REGISTRY_MEMORY_H
#define USER_CHK_TESTS_BENCH_STAGES_REGISTRY_MEMORY_H

#include <string>

namespace user_chk {
namespace bench {

// The option that makes a process of this program print how much memory it takes to load a file; the file
// follows.
extern const char* const MEMORY_OPTION;

// Loads a registry file and prints how much more memory, in bytes, this process uses than before.
int printMemoryOf(const std::string& path);

} // namespace bench
} // namespace user_chk

#endif // USER_CHK_TESTS_BENCH_STAGES_REGISTRY_MEMORY_H
