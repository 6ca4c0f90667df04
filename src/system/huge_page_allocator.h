// SPDX-License-Identifier: MPL-2.0
// Defines HugePageAllocator, for large arrays that are read at random.

#ifndef USER_CHK_SYSTEM_HUGE_PAGE_ALLOCATOR_H
#define USER_CHK_SYSTEM_HUGE_PAGE_ALLOCATOR_H

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>

namespace user_chk {

/// @brief An allocator that asks the kernel for huge pages where an array fills some of them.
///
/// A look-up at random in a table of a million users would otherwise miss the processor's address cache as
/// well as its data cache. Where the kernel has no huge pages to give, the memory is ordinary.
template <typename T>
class HugePageAllocator {
public:
    /// @brief What is allocated.
    typedef T value_type;

    HugePageAllocator() = default;

    /// @brief Allocators of all types are alike.
    template <typename Other>
    HugePageAllocator(const HugePageAllocator<Other>&) {}

    /// @brief Allocates an array.
    ///
    /// @throw std::bad_alloc when there is no memory.
    T* allocate(size_t count) {
        if (count > static_cast<size_t>(-1) / 2 / sizeof(T)) {
            throw std::bad_alloc();
        }
        const bool large = count * sizeof(T) >= 2 * PAGE;
        const size_t alignment = large ? PAGE : alignof(std::max_align_t);
        const size_t size = (count * sizeof(T) + alignment - 1) / alignment * alignment;
        void* memory = std::aligned_alloc(alignment, size);
        if (memory == nullptr) {
            throw std::bad_alloc();
        }
        if (large) {
            // Advice: a kernel that does not take it answers with an error that changes nothing.
            static_cast<void>(::madvise(memory, size, MADV_HUGEPAGE));
        }
        return static_cast<T*>(memory);
    }

    /// @brief Gives an array back.
    void deallocate(T* memory, size_t) { std::free(memory); }

    /// @brief True: what one has allocated, another may give back.
    bool operator==(const HugePageAllocator&) const { return true; }

    /// @brief False, see ==.
    bool operator!=(const HugePageAllocator&) const { return false; }

private:
    static constexpr size_t PAGE = size_t{2} << 20;
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_HUGE_PAGE_ALLOCATOR_H
