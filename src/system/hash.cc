// SPDX-License-Identifier: MPL-2.0
// Implements the hash of bytes.

#include <system/hash.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <random>

namespace user_chk {

uint64_t secretSeed() {
    static const uint64_t SEED = [] {
        std::random_device device;
        return static_cast<uint64_t>(device()) << 32 | device();
    }();
    return SEED;
}

uint64_t hashOf(std::string_view bytes, uint64_t seed) {
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

} // namespace user_chk
