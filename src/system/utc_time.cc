// SPDX-License-Identifier: MPL-2.0
// Implements how a time is written.

#include <system/utc_time.h>

#include <array>
#include <ctime>

namespace user_chk {

std::string utcText(std::chrono::system_clock::time_point time) {
    using namespace std::chrono;
    const auto since = duration_cast<milliseconds>(time.time_since_epoch());
    const std::time_t seconds = duration_cast<std::chrono::seconds>(since).count();
    std::tm utc = {};
    ::gmtime_r(&seconds, &utc);
    std::array<char, 32> text;
    const size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.", &utc);
    const std::string fraction = std::to_string(1000 + since.count() % 1000); // 1000 to 1999
    return std::string(text.data(), length).append(fraction, 1, 3).append("Z");
}

} // namespace user_chk
