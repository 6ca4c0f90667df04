// SPDX-License-Identifier: MPL-2.0
// Implements the registries for the measurements.

#include <registries.h>

#include <support/file_follower.h>
#include <support/temp_dir.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <numeric>
#include <random>

namespace user_chk {
namespace bench {

namespace {

constexpr size_t BOOT_FILES = 100;

void writeRegistry(const std::string& path, size_t count) {
    std::ofstream file(path, std::ios::binary);
    for (size_t number = 0; number < count; ++number) {
        file << lineOf(number);
    }
    file.close();
    if (!file) {
        throw std::runtime_error("cannot write " + path);
    }
}

} // namespace

UserId idOf(size_t number) {
    // Multiplication by an odd number is a permutation of the 48-bit numbers: no address is repeated.
    const uint64_t scattered = number * 0x9e3779b97f4a7c15;
    std::vector<uint8_t> bytes;
    for (int shift = 40; shift >= 0; shift -= 8) {
        bytes.push_back(static_cast<uint8_t>(scattered >> shift));
    }
    return UserId(UserId::HW_ADDRESS, bytes);
}

std::string lineOf(size_t number) {
    return R"({ "type" : "HW_ADDR", "id" : ")" + idOf(number).toText(':') +
           R"(", "bootfile" : "/boot/image-)" + std::to_string(number % BOOT_FILES) + "\" }\n";
}

const std::string& registryFile(size_t count) {
    static const test::TempDir dir;
    static std::map<size_t, std::string> paths;
    std::string& path = paths[count];
    if (path.empty()) {
        path = dir.file(std::to_string(count));
        writeRegistry(path, count);
    }
    return path;
}

const Registry& loadedRegistry(size_t count) {
    static std::map<size_t, test::FileFollower> followers;
    return followers.try_emplace(count, registryFile(count)).first->second.registry();
}

std::vector<UserId> shuffledIds(size_t first, size_t count) {
    std::vector<size_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), first);
    std::shuffle(numbers.begin(), numbers.end(), std::mt19937(1));
    std::vector<UserId> ids;
    ids.reserve(count);
    std::transform(numbers.begin(), numbers.end(), std::back_inserter(ids), idOf);
    return ids;
}

} // namespace bench
} // namespace user_chk
