// SPDX-License-Identifier: MPL-2.0
// Measures how soon changes take effect, in one follower or in many processes at once.

#include <measures.h>

#include <database/postgres.h>
#include <source/database_source.h>

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <random>
#include <stdexcept>
#include <thread>

namespace user_chk {
namespace bench {

namespace {

// Ten a second on average, so that they come at different moments between two polls.
constexpr std::chrono::milliseconds LONGEST_PAUSE{200};
constexpr std::chrono::seconds PATIENCE{30};

const std::string ID = "0200000000ff";

// When a follower had each change in force, and how much processor time its thread had used by then. It is in
// memory that processes share.
class Seen {
public:
    explicit Seen(size_t changes) : count_(changes), memory_(map(changes)) {}
    ~Seen() { ::munmap(memory_, sizeOf(count_)); }
    Seen(const Seen&) = delete;
    Seen& operator=(const Seen&) = delete;

    // Call it when something has changed.
    void look(const Registry& registry) {
        const auto found = registry.find(UserId(UserId::HW_ADDRESS, ID));
        const auto number = found ? found->properties.find("number") : PropertyMap::const_iterator();
        if (!found || number == found->properties.end()) {
            return;
        }
        const int64_t now = Clock::now().time_since_epoch().count();
        const size_t last = std::stoul(number->second);
        for (; next_ <= last; ++next_) {
            memory_[next_] = now;
        }
    }

    // Call it in the follower's thread.
    void takeProcessorTime() {
        memory_[count_ + 1] = static_cast<int64_t>(1e9 * processorSeconds(CLOCK_THREAD_CPUTIME_ID));
    }

    bool has(size_t change) const { return memory_[change] != 0; }
    double secondsSince(Clock::time_point begin, size_t change) const {
        return 1e-9 * static_cast<double>(memory_[change] - begin.time_since_epoch().count());
    }
    double processor() const { return 1e-9 * static_cast<double>(memory_[count_ + 1]); }

private:
    static size_t sizeOf(size_t changes) { return (changes + 2) * sizeof(std::atomic<int64_t>); }

    static std::atomic<int64_t>* map(size_t changes) {
        void* memory =
            ::mmap(nullptr, sizeOf(changes), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) {
            throw std::bad_alloc();
        }
        return static_cast<std::atomic<int64_t>*>(memory);
    }

    const size_t count_;
    std::atomic<int64_t>* const memory_; // by change from 0 on, followed by the processor time
    size_t next_ = 0;                    // used by the follower
};

// A follower that looks up the user whenever something has changed.
class Observer {
public:
    Observer(const Place& place, Seen& seen) : follower_(makeDatabaseSource(settingsOf(place), nullptr)) {
        seen.look(follower_.registry());
        follower_.followBeside([this, &seen](const LoadReport&) {
            seen.look(follower_.registry());
            seen.takeProcessorTime();
        });
    }
    ~Observer() { follower_.stop(); }
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;

private:
    Follower follower_;
};

// Changes the user.
class Writer {
public:
    explicit Writer(const Place& place) : session_(place.directory, place.name) {
        session_.run("INSERT INTO user_chk.users (type, id) VALUES ('HW_ADDR', decode('" + ID +
                     "', 'hex')) ON CONFLICT DO NOTHING");
    }

    // Returns when the statement was sent, which includes the commit.
    Clock::time_point change(size_t number) {
        const auto begin = Clock::now();
        session_.run("UPDATE user_chk.users SET attributes = jsonb_build_object('number', '" +
                     std::to_string(number) + "') WHERE type = 'HW_ADDR' AND id = decode('" + ID +
                     "', 'hex')");
        return begin;
    }

private:
    const test::Session session_;
};

void await(const Seen& seen, size_t change) {
    const auto begin = Clock::now();
    while (!seen.has(change)) {
        if (Clock::now() > begin + PATIENCE) {
            throw std::runtime_error("a change is not in force");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

// Returns how long each change took until the last observer had it; change 0 is only for the start.
std::vector<double> change(const Place& place, size_t changes,
                           const std::vector<std::unique_ptr<Seen>>& observers) {
    std::mt19937 random(1);
    std::uniform_int_distribution<> pauses(0, LONGEST_PAUSE.count());
    Writer writer(place);
    std::vector<Clock::time_point> begun;
    for (size_t number = 0; number <= changes; ++number) {
        begun.push_back(writer.change(number));
        std::this_thread::sleep_for(std::chrono::milliseconds(pauses(random)));
    }
    std::vector<double> latest(changes);
    for (const auto& seen : observers) {
        await(*seen, changes);
        for (size_t number = 1; number <= changes; ++number) {
            latest[number - 1] = std::max(latest[number - 1], seen->secondsSince(begun[number], number));
        }
    }
    return latest;
}

// A process that follows until it is ended.
class FollowerProcess {
public:
    FollowerProcess(const Place& place, Seen& seen) : pid_(::fork()) {
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            try {
                const Observer observer(place, seen);
                ::pause();
            } catch (const std::exception&) {
                // the parent waits in vain, and reports that
            }
            std::_Exit(1);
        }
    }
    ~FollowerProcess() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    FollowerProcess(const FollowerProcess&) = delete;
    FollowerProcess& operator=(const FollowerProcess&) = delete;

private:
    const pid_t pid_;
};

} // namespace

Figures measureChanges(const Place& place, size_t changes) {
    std::vector<std::unique_ptr<Seen>> all;
    all.push_back(std::make_unique<Seen>(changes));
    Writer(place).change(0);
    const Observer observer(place, *all[0]);
    await(*all[0], 0);
    Figures figures;
    figures["seconds"] = change(place, changes, all);
    figures["processor"] = {all[0]->processor() / static_cast<double>(changes)};
    return figures;
}

Figures measureCrowd(const Place& place, size_t changes, size_t followers) {
    std::vector<std::unique_ptr<Seen>> all;
    std::vector<std::unique_ptr<FollowerProcess>> processes;
    Writer(place).change(0);
    for (size_t number = 0; number < followers; ++number) {
        all.push_back(std::make_unique<Seen>(changes));
        processes.push_back(std::make_unique<FollowerProcess>(place, *all.back()));
        await(*all.back(), 0); // loads all users, one process after another
    }
    return {{"seconds", change(place, changes, all)}};
}

} // namespace bench
} // namespace user_chk
