// SPDX-License-Identifier: MPL-2.0
// Implements Digest.

#include <registry/registry_digest.h>

#include <endian.h>

#include <cstdio>
#include <cstring>

namespace user_chk {

namespace {

// Arbitrary constants: the first digits of pi after the point.
constexpr uint64_t PI[] = {0x243f6a8885a308d3, 0x13198a2e03707345, 0xa4093822299f31d1, 0x082efa98ec4e6c89};

// Returns up to eight bytes as a little-endian number, on every machine.
uint64_t word(const uint8_t* bytes, size_t count) {
    uint64_t value = 0;
    std::memcpy(&value, bytes, count);
    return le64toh(value);
}

// A bijection when the factor is odd: different numbers stay different.
uint64_t mixed(uint64_t number, uint64_t factor) {
    const uint64_t product = number * (factor | 1);
    return product ^ product >> 32;
}

// Mixes bytes into two independent numbers.
class Mixer {
public:
    explicit Mixer(const Digest& start) : digest_{start.high ^ PI[0], start.low ^ PI[1]} {}

    void take(uint64_t value) {
        digest_.high = mixed(digest_.high ^ value, PI[2]);
        digest_.low = mixed(digest_.low + value, PI[3]);
    }

    // Includes the length, so that two adjacent texts are not confused with two others.
    void take(const uint8_t* bytes, size_t count) {
        take(count);
        for (; count > 8; bytes += 8, count -= 8) {
            take(word(bytes, 8));
        }
        take(word(bytes, count));
    }

    void take(const std::string& text) { take(reinterpret_cast<const uint8_t*>(text.data()), text.size()); }

    // In the result, each bit of both numbers depends on each bit of the input.
    Digest result() const {
        return {mixed(mixed(digest_.high ^ digest_.low >> 7, PI[0]), PI[1]),
                mixed(mixed(digest_.low ^ digest_.high >> 11, PI[2]), PI[3])};
    }

private:
    Digest digest_;
};

} // namespace

std::string Digest::text() const {
    char digits[33];
    static_cast<void>(std::snprintf(digits, sizeof(digits), "%016llx%016llx",
                                    static_cast<unsigned long long>(high),
                                    static_cast<unsigned long long>(low)));
    return digits;
}

Digest digestOf(const PropertyMap& attributes) {
    Mixer mixer({});
    for (const auto& [name, value] : attributes) {
        mixer.take(name);
        mixer.take(value);
    }
    return mixer.result();
}

Digest digestOf(IdTag tag, const uint8_t* id, size_t length, const Digest& attributes) {
    Mixer mixer(attributes);
    mixer.take(static_cast<uint64_t>(tag.number()));
    mixer.take(id, length);
    return mixer.result();
}

} // namespace user_chk
