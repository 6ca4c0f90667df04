// SPDX-License-Identifier: MPL-2.0
// Implements the hash of bytes.

#include <system/hash.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace user_chk {

uint64_t hashOf(std::string_view bytes) {
    return XXH3_64bits(bytes.data(), bytes.size());
}

} // namespace user_chk
