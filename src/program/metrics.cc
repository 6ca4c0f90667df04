// SPDX-License-Identifier: MPL-2.0
// Implements the metrics for Prometheus.

#include <program/metrics.h>

#include <system/utc_time.h>

#include <algorithm>
#include <map>

namespace user_chk::program {

using isc::data::ConstElementPtr;

namespace {

const std::string OURS = "user-chk.";

// The statistics that can decrease, and the names of their metrics.
const std::map<std::string, std::string> GAUGES = {
    {"registry-age", "user_chk_registry_age_seconds"},
    {"registry-connected", "user_chk_registry_connected"},
    {"registry-skipped", "user_chk_registry_skipped"},
    {"strangers", "user_chk_strangers"},
    {"users", "user_chk_users"},
};

std::string counterOf(std::string statistic) {
    std::replace(statistic.begin(), statistic.end(), '-', '_');
    return "user_chk_" + statistic + "_total";
}

std::string metric(const std::string& name, const char* type, const std::string& server,
                   const std::string& value) {
    return "# TYPE " + name + ' ' + type + '\n' + name + "{server=\"" + server + "\"} " + value + '\n';
}

// Returns when the users in force were loaded; empty when they come from the last good copy, or there are
// none.
std::string timeOfLoad(const std::string& server, const ConstElementPtr& status) {
    const ConstElementPtr load = status->get("last-load");
    if (!load) {
        return "";
    }
    const auto since = parseRfc3339(load->get("time")->stringValue()).time_since_epoch();
    return metric("user_chk_registry_load_timestamp_seconds", "gauge", server,
                  std::to_string(std::chrono::duration_cast<std::chrono::seconds>(since).count()));
}

} // namespace

std::string metricsOf(const std::string& server, const ConstElementPtr& statistics,
                      const ConstElementPtr& status) {
    std::string text = metric("user_chk_up", "gauge", server, "1") + timeOfLoad(server, status);
    for (const auto& [name, samples] : statistics->mapValue()) {
        if (name.compare(0, OURS.size(), OURS) != 0) {
            continue;
        }
        const std::string statistic = name.substr(OURS.size());
        const auto gauge = GAUGES.find(statistic);
        const std::string value = samples->get(0)->get(0)->str();
        text += gauge == GAUGES.end() ? metric(counterOf(statistic), "counter", server, value)
                                      : metric(gauge->second, "gauge", server, value);
    }
    return text;
}

std::string metricsOfNoServer(const std::string& server) {
    return metric("user_chk_up", "gauge", server, "0");
}

} // namespace user_chk::program
