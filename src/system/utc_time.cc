// SPDX-License-Identifier: MPL-2.0
// Implements how a time is written.

#include <system/utc_time.h>

#include <ctime>
#include <iomanip>
#include <sstream>

namespace user_chk {

std::string utcText(std::chrono::system_clock::time_point time) {
    using namespace std::chrono;
    const auto since = duration_cast<milliseconds>(time.time_since_epoch());
    const std::time_t seconds = duration_cast<std::chrono::seconds>(since).count();
    std::tm utc = {};
    ::gmtime_r(&seconds, &utc);
    std::ostringstream text;
    text << std::put_time(&utc, "%Y-%m-%dT%H:%M:%S.") << std::setfill('0') << std::setw(3)
         << since.count() % 1000 << 'Z';
    return text.str();
}

} // namespace user_chk
