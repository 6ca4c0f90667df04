// SPDX-License-Identifier: MPL-2.0
// Defines Published, a value that many threads read while others replace it.

#ifndef USER_CHK_SYSTEM_PUBLISHED_H
#define USER_CHK_SYSTEM_PUBLISHED_H

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace user_chk {

/// @brief Holds a pointer to an immutable value.
///
/// Any thread may call get() and set(). Readers take no lock and never wait: get() counts itself in, loads
/// one pointer, shares the value and counts itself out. set() waits for those few instructions of readers
/// that may have seen the old value, as in read-copy-update. (The standard library's atomic functions for
/// shared pointers take a lock.)
template <typename T>
class Published {
public:
    /// @brief Publishes the initial value.
    explicit Published(std::shared_ptr<const T> value) : current_(new Pointer(std::move(value))) {}

    ~Published() { delete current_.load(); }

    Published(const Published&) = delete;
    Published& operator=(const Published&) = delete;

    /// @brief Returns the current value. It does not change while the caller holds it.
    std::shared_ptr<const T> get() const {
        std::atomic<int>& readers = readers_.at(epoch_.load());
        ++readers;
        std::shared_ptr<const T> value = *current_.load();
        --readers;
        return value;
    }

    /// @brief Replaces the value. A get() that begins after this returns gets the new value.
    void set(std::shared_ptr<const T> value) {
        const std::lock_guard<std::mutex> lock(writers_);
        const std::unique_ptr<const Pointer> old(current_.exchange(new Pointer(std::move(value))));
        // A reader may count itself in for an epoch that has just ended, so this waits for both epochs.
        for (int i = 0; i < 2; ++i) {
            const unsigned ended = epoch_.fetch_xor(1);
            while (readers_.at(ended).load() != 0) {
                std::this_thread::yield();
            }
        }
    }

private:
    typedef std::shared_ptr<const T> Pointer;

    std::atomic<const Pointer*> current_;
    std::atomic<unsigned> epoch_{0};
    mutable std::array<std::atomic<int>, 2> readers_{};
    std::mutex writers_; // never locked by a reader
};

} // namespace user_chk

#endif // USER_CHK_SYSTEM_PUBLISHED_H
