// SPDX-License-Identifier: MPL-2.0
// Implements what the measurements have in common.

#include <measures.h>

#include <malloc.h>
#include <time.h>
#include <unistd.h>

#include <fstream>
#include <limits>
#include <stdexcept>

namespace user_chk {
namespace bench {

DatabaseSettings settingsOf(const Place& place) {
    DatabaseSettings settings;
    settings.name = place.name;
    settings.host = place.directory;
    settings.user = "postgres";
    return settings;
}

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

double processorSeconds(clockid_t of) {
    timespec time{};
    ::clock_gettime(of, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double residentBytes() {
    ::malloc_trim(0);
    std::ifstream statm("/proc/self/statm");
    double total = 0;
    double resident = 0;
    statm >> total >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double peakBytes() {
    std::ifstream status("/proc/self/status");
    for (std::string name; status >> name;) {
        double kilobytes = 0;
        if (name == "VmHWM:" && status >> kilobytes) {
            return kilobytes * 1024;
        }
        status.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
    }
    throw std::runtime_error("/proc/self/status has no VmHWM");
}

void forgetPeak() {
    std::ofstream("/proc/self/clear_refs") << "5";
}

} // namespace bench
} // namespace user_chk
