// SPDX-License-Identifier: MPL-2.0
// Creates the registries for the measurements: users with scattered ids, each with one of a hundred boot
// files.

#ifndef USER_CHK_TESTS_BENCH_STAGES_REGISTRIES_H
#define USER_CHK_TESTS_BENCH_STAGES_REGISTRIES_H

#include <registry/registry.h>
#include <user.h>

#include <cstddef>
#include <string>
#include <vector>

namespace user_chk {
namespace bench {

// Returns the hardware address of a user. Consecutive numbers give scattered addresses.
UserId idOf(size_t number);

// Returns the name of a file with the users 0 to count - 1, which is written once and removed at exit.
const std::string& registryFile(size_t count);

// Returns the line of such a user.
std::string lineOf(size_t number);

// Returns a registry with the users of that file, which is loaded once.
const Registry& loadedRegistry(size_t count);

// Returns the ids of the users first to first + count - 1 in random order.
std::vector<UserId> shuffledIds(size_t first, size_t count);

} // namespace bench
} // namespace user_chk

#endif // USER_CHK_TESTS_BENCH_STAGES_REGISTRIES_H
