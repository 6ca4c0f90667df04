// SPDX-License-Identifier: MPL-2.0
// Defines prefetch(), which fetches memory into the processor's cache.

#ifndef USER_CHK_SYSTEM_PREFETCH_H
#define USER_CHK_SYSTEM_PREFETCH_H

namespace user_chk {

/// @brief Begins to fetch what will soon be read, without waiting for it.
///
/// @param memory where it is; need not be readable
inline void prefetch(const void* memory) {
    __builtin_prefetch(memory);
    // A side effect of nothing: GCC omits calls of functions that do nothing but prefetch.
    asm volatile("");
}

} // namespace user_chk

#endif // USER_CHK_SYSTEM_PREFETCH_H
