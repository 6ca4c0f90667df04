// SPDX-License-Identifier: MPL-2.0
// Converts the library's statistics to metrics for Prometheus.

#ifndef USER_CHK_PROGRAM_METRICS_H
#define USER_CHK_PROGRAM_METRICS_H

#include <cc/data.h>

#include <string>

namespace user_chk::program {

/// @brief Returns statistics in the text format of Prometheus, for the textfile collector of node_exporter.
///
/// A statistic such as `user-chk.registered-queries` becomes the counter `user_chk_registered_queries_total`.
/// One that can decrease, such as `user-chk.users`, becomes the gauge `user_chk_users`. All have a label
/// `server`. Other statistics of the server are left out. `user_chk_up` is 1.
///
/// @param server the name of the daemon: `kea-dhcp4` or `kea-dhcp6`
/// @param statistics the arguments of the answer to statistic-get-all
/// @param status the arguments of the answer to user-chk-status
/// @return lines, each with its line end.
std::string metricsOf(const std::string& server, const isc::data::ConstElementPtr& statistics,
                      const isc::data::ConstElementPtr& status);

/// @brief Returns the metrics of a server that cannot be asked: `user_chk_up` is 0.
std::string metricsOfNoServer(const std::string& server);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_METRICS_H
