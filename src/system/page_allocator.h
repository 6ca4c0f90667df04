// SPDX-License-Identifier: MPL-2.0
// Defines PageAllocator, which gets the memory of large arrays directly from the kernel.

#ifndef USER_CHK_SYSTEM_PAGE_ALLOCATOR_H
#define USER_CHK_SYSTEM_PAGE_ALLOCATOR_H

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace user_chk {

/// @brief An allocator that gives each large array its own pages, and huge pages if the array fills some.
///
/// In a table of a million users, a random look-up would otherwise miss the TLB as well as the data cache.
/// And the heap is not disturbed when a load is done: a large block that is returned to it makes each later
/// free() of a small adjacent block slower. When the kernel has no huge pages left, ordinary ones are used.
template <typename T>
class PageAllocator {
public:
    /// @brief The type of the elements.
    typedef T value_type;

    PageAllocator() = default;

    /// @brief Allocators of all types are equal.
    template <typename Other>
    PageAllocator(const PageAllocator<Other>&) {}

    /// @brief Allocates an array.
    ///
    /// @throw std::bad_alloc when there is no memory.
    T* allocate(size_t count) {
        if (count > static_cast<size_t>(-1) / 2 / sizeof(T)) {
            throw std::bad_alloc();
        }
        const size_t size = count * sizeof(T);
        void* memory = size < LARGE ? std::malloc(size) : pages(size);
        if (memory == nullptr) {
            throw std::bad_alloc();
        }
        return static_cast<T*>(memory);
    }

    /// @brief Frees an array.
    void deallocate(T* memory, size_t count) {
        const size_t size = count * sizeof(T);
        if (size < LARGE) {
            std::free(memory);
        } else {
            ::munmap(memory, lengthOf(size));
        }
    }

    /// @brief True: any allocator may free what another one allocated.
    bool operator==(const PageAllocator&) const { return true; }

    /// @brief False, see operator==.
    bool operator!=(const PageAllocator&) const { return false; }

private:
    static constexpr size_t LARGE = size_t{64} << 10; // from this size on, glibc trims its heap at a free()
    static constexpr size_t HUGE_PAGE = size_t{2} << 20;

    static bool isHuge(size_t size) { return size >= 2 * HUGE_PAGE; }

    // How much is mapped for an array: the kernel rounds up to pages, this function to huge pages.
    static size_t lengthOf(size_t size) {
        return isHuge(size) ? (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE : size;
    }

    static void* map(size_t length) {
        void* memory = ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return memory != MAP_FAILED ? memory : nullptr;
    }

    static void* pages(size_t size) {
        if (!isHuge(size)) {
            return map(size);
        }
        // What lies before the first huge page, and what is left at the end, is unmapped.
        const size_t length = lengthOf(size);
        auto* memory = static_cast<uint8_t*>(map(length + HUGE_PAGE));
        if (memory == nullptr) {
            return nullptr;
        }
        const size_t before = (HUGE_PAGE - reinterpret_cast<uintptr_t>(memory) % HUGE_PAGE) % HUGE_PAGE;
        if (before != 0) {
            ::munmap(memory, before);
        }
        ::munmap(memory + before + length, HUGE_PAGE - before);
        // Only advice: if the kernel rejects it, nothing changes.
        static_cast<void>(::madvise(memory + before, length, MADV_HUGEPAGE));
        return memory + before;
    }
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_PAGE_ALLOCATOR_H
