// SPDX-License-Identifier: MPL-2.0
// Measures what it costs to list an unregistered client: the time for one that is already in the list, or
// that pushes another one out, and the memory.

#include <audit/stranger_list.h>

#include <benchmark/benchmark.h>

#include <malloc.h>

namespace user_chk {
namespace bench {

namespace {

constexpr size_t KEPT = 1000;

UserId idOf(uint32_t number, UserId::UserIdType type = UserId::HW_ADDRESS) {
    return {type,
            std::vector<uint8_t>{2, 0, static_cast<uint8_t>(number >> 24), static_cast<uint8_t>(number >> 16),
                                 static_cast<uint8_t>(number >> 8), static_cast<uint8_t>(number)}};
}

// What a client behind a relay tells: one or two identifiers besides its own, and names; or more identifiers,
// and long names.
enum Talk { SHORT, LONG };

void tell(StrangerTraits& traits, uint32_t number, Talk talk) {
    const auto add = [&](UserId::UserIdType type) { traits.others.add(type, idOf(number, type).getId()); };
    traits.clear();
    add(talk == SHORT ? UserId::CLIENT_ID : UserId::DUID);
    add(UserId::CIRCUIT_ID);
    traits.relay = isc::asiolink::IOAddress("192.0.2.254");
    if (talk == SHORT) {
        traits.interface = "eth0";
        traits.hostname = "phone-" + std::to_string(number);
        traits.vendor_class = "android-dhcp-13";
    } else {
        add(UserId::REMOTE_ID);
        traits.interface = "eth0.1234";
        traits.hostname = "laptop-of-somebody-" + std::to_string(number);
        traits.vendor_class = "Maker of many different devices";
    }
}

void see(StrangerList& list, uint32_t number, Stranger::Time now, Talk talk = SHORT) {
    const UserId id = idOf(number);
    list.sawQuery(id, now, "unknown", "it is not in the registry",
                  [&](StrangerTraits& traits) { tell(traits, number, talk); });
    list.sawGrant(id, 9, {GrantedLease{isc::asiolink::IOAddress("192.0.2.9"), 0, 0, 0}});
}

void fill(StrangerList& list, Stranger::Time now, Talk talk = SHORT) {
    for (uint32_t number = 0; number < KEPT; ++number) {
        see(list, number, now, talk);
    }
}

void stranger_known(benchmark::State& state) {
    StrangerList list(KEPT);
    Stranger::Time now = Stranger::Time() + std::chrono::hours(1);
    fill(list, now);
    uint32_t number = 0;
    for (auto _ : state) {
        see(list, number++ % KEPT, now += std::chrono::milliseconds(10));
    }
}
BENCHMARK(stranger_known);

void stranger_pushes_another_out(benchmark::State& state) {
    StrangerList list(KEPT);
    Stranger::Time now = Stranger::Time() + std::chrono::hours(1);
    fill(list, now);
    uint32_t number = KEPT;
    for (auto _ : state) {
        see(list, number++, now += std::chrono::milliseconds(10));
    }
}
BENCHMARK(stranger_pushes_another_out);

size_t allocated() {
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

void memory_of_strangers(benchmark::State& state, Talk talk) {
    double bytes = 0;
    for (auto _ : state) {
        const size_t before = allocated();
        StrangerList list(KEPT);
        fill(list, Stranger::Time() + std::chrono::hours(1), talk);
        bytes = static_cast<double>(allocated() - before);
    }
    state.counters["bytes"] = bytes;
}
BENCHMARK_CAPTURE(memory_of_strangers, short_names, SHORT)->Iterations(1);
BENCHMARK_CAPTURE(memory_of_strangers, long_names, LONG)->Iterations(1);

} // namespace

} // namespace bench
} // namespace user_chk
