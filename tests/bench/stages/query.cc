// SPDX-License-Identifier: MPL-2.0
// Measures what a query costs, stage by stage, compared with the system calls that a stage cannot avoid.

#include <registries.h>

#include <audit/outcome_file.h>
#include <audit/record_forms.h>
#include <policy/verdict.h>
#include <support/file_follower.h>
#include <support/temp_dir.h>
#include <system/file_descriptor.h>

#include <benchmark/benchmark.h>

#include <fcntl.h>
#include <sys/stat.h>

#include <chrono>
#include <thread>

namespace user_chk {
namespace bench {

namespace {

constexpr size_t FEW = 60;
constexpr size_t MILLION = 1000000;

// An append is measured this often, which keeps the file small.
constexpr size_t APPENDS = 200000;

size_t usersOf(const benchmark::State& state) {
    return static_cast<size_t>(state.range(0));
}

// Writes the record of a DHCPv4 client.
template <typename Write>
void writeOne(Write write, TextWriter& to) {
    static const UserId ID(UserId::HW_ADDRESS, "0c0e0a01ff04");
    const GrantedLeases leases = {{isc::asiolink::IOAddress("192.0.2.100"), 0, 3600, 1}};
    write(Grant{ID, 1, true, leases}, to);
}

std::string textRecord() {
    TextWriter text;
    writeOne(writeTextRecords, text);
    return std::string(text.text());
}

void writeJson(const Grant& grant, TextWriter& to) {
    writeJsonRecords(grant, {std::chrono::system_clock::now(), "kea-dhcp4", "ack", 1, "eth0", "", ""}, to);
}

template <typename Write>
void format(benchmark::State& state, Write write) {
    for (auto _ : state) {
        TextWriter text;
        writeOne(write, text);
        benchmark::DoNotOptimize(text.text());
    }
}

// Calls a function with one id after another, over and over.
template <typename Function>
void forIds(benchmark::State& state, const std::vector<UserId>& ids, Function function) {
    auto id = ids.begin();
    for (auto _ : state) {
        function(*id);
        id = ++id == ids.end() ? ids.begin() : id;
    }
}

// --- registry

// Looks up the users first to first + N - 1, as queries do, in a registry of the users 0 to N - 1.
void lookUp(benchmark::State& state, const Registry& registry, size_t first) {
    forIds(state, shuffledIds(first, usersOf(state)),
           [&](const UserId& id) { benchmark::DoNotOptimize(registry.users()->match(id)); });
}

// The users of a registry that was loaded.
std::shared_ptr<UserTable> copyOf(const Registry& loaded) {
    auto table = std::make_shared<UserTable>();
    loaded.users()->forEachAfter(std::nullopt, loaded.size(), [&](const UserId& id, const AttributeSet& set) {
        const PropertyMap& attributes = set.attributes.properties;
        table->add(IdTag(id), id.getId(), AttributeList(attributes.begin(), attributes.end()));
    });
    return table;
}

void lookup_hit(benchmark::State& state) {
    lookUp(state, loadedRegistry(usersOf(state)), 0);
}
BENCHMARK(lookup_hit)->Arg(FEW)->Arg(MILLION);

void lookup_miss(benchmark::State& state) {
    lookUp(state, loadedRegistry(usersOf(state)), usersOf(state));
}
BENCHMARK(lookup_miss)->Arg(FEW)->Arg(MILLION);

// As many changes in the overlay as possible before they are folded into the base.
void lookup_hit_under_changes(benchmark::State& state) {
    Registry registry;
    const auto table = copyOf(loadedRegistry(usersOf(state)));
    table->seal();
    registry.replace(table);
    UserTable changes;
    for (size_t i = 0; i < 4000; ++i) {
        const UserId id = bench::idOf(usersOf(state) + i);
        changes.add(id.getType(), id.getId(), {});
    }
    changes.seal();
    registry.apply(changes);
    lookUp(state, registry, 0);
}
BENCHMARK(lookup_hit_under_changes)->Arg(MILLION);

// Besides the users, there are a hundred prefixes of three lengths, none of which matches a client.
void lookup_miss_of_prefixes(benchmark::State& state) {
    Registry registry;
    const auto table = copyOf(loadedRegistry(usersOf(state)));
    for (uint8_t number = 0; number < 100; ++number) {
        const std::vector<uint8_t> id = {0xff, 0xff, number, 0, 0};
        const auto end = id.begin() + 3 + number % 3;
        table->add({UserId::HW_ADDRESS, UserId::Kind::PREFIX}, {id.begin(), end}, {});
    }
    table->seal();
    registry.replace(table);
    lookUp(state, registry, usersOf(state));
}
BENCHMARK(lookup_miss_of_prefixes)->Arg(FEW)->Arg(MILLION);

void follow_unchanged(benchmark::State& state) {
    test::FileFollower follower(registryFile(usersOf(state)));
    // A file that changed a moment ago is read again.
    std::this_thread::sleep_for(FileSignature::HELD_UP);
    follower.follow();
    for (auto _ : state) {
        benchmark::DoNotOptimize(follower.follow());
    }
}
BENCHMARK(follow_unchanged)->Arg(FEW)->Arg(MILLION);

void bare_stat(benchmark::State& state) {
    const std::string& path = registryFile(FEW);
    struct stat st;
    for (auto _ : state) {
        benchmark::DoNotOptimize(::stat(path.c_str(), &st));
    }
}
BENCHMARK(bare_stat);

// --- policy

void judge(benchmark::State& state) {
    const Registry& registry = loadedRegistry(usersOf(state));
    forIds(state, shuffledIds(0, usersOf(state)), [&](const UserId& id) {
        benchmark::DoNotOptimize(user_chk::judge(registry.users(), UserId::HW_ADDRESS, id));
    });
}
BENCHMARK(judge)->Arg(FEW)->Arg(MILLION);

// --- outcome

void format_text(benchmark::State& state) {
    format(state, writeTextRecords);
}
BENCHMARK(format_text);

void format_json(benchmark::State& state) {
    format(state, writeJson);
}
BENCHMARK(format_json);

void append(benchmark::State& state) {
    const test::TempDir dir;
    OutcomeFile file(dir.file("outcome.txt"), TEXT_RECORD_END);
    const std::string record = textRecord();
    for (auto _ : state) {
        benchmark::DoNotOptimize(file.append(record, 1));
    }
}
BENCHMARK(append)->Iterations(APPENDS);

void bare_write(benchmark::State& state) {
    const test::TempDir dir;
    const FileDescriptor fd(::open(dir.file("outcome.txt").c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC,
                                   S_IRUSR | S_IWUSR));
    const std::string record = textRecord();
    for (auto _ : state) {
        benchmark::DoNotOptimize(::write(fd.get(), record.data(), record.size()));
    }
}
BENCHMARK(bare_write)->Iterations(APPENDS);

} // namespace

} // namespace bench
} // namespace user_chk
