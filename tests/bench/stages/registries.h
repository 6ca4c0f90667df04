// SPDX-License-Identifier: MPL-2.0
// Makes the registries that are measured: users with scattered ids, each with one of a hundred boot files.

#ifndef USER_CHK_TESTS_BENCH_STAGES_REGISTRIES_H
#define USER_CHK_TESTS_BENCH_STAGES_REGISTRIES_H

#include <registry/registry.h>
#include <user.h>

#include <cstddef>
#include <string>
#include <vector>

namespace user_chk {
namespace bench {

// The hardware address of a user. Numbers that follow each other give addresses that do not.
UserId idOf(size_t number);

// The name of a file with the users 0 to count - 1, written once; removed at exit.
const std::string& registryFile(size_t count);

// The line of such a user.
std::string lineOf(size_t number);

// A registry of that file, loaded once.
const Registry& loadedRegistry(size_t count);

// The ids of users first to first + count - 1 in random order.
std::vector<UserId> shuffledIds(size_t first, size_t count);

} // namespace bench
} // namespace user_chk

#endif // USER_CHK_TESTS_BENCH_STAGES_REGISTRIES_H
