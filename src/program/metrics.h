// SPDX-License-Identifier: MPL-2.0
// Declares how the library's statistics become metrics for Prometheus.

#ifndef USER_CHK_PROGRAM_METRICS_H
#define USER_CHK_PROGRAM_METRICS_H

#include <cc/data.h>

#include <string>

namespace user_chk::program {

/// @brief Puts statistics into the text format of Prometheus, in which node_exporter's textfile collector
/// reads them.
///
/// A statistic `user-chk.registered-queries` is the counter `user_chk_registered_queries_total`; one that
/// goes up and down, as `user-chk.users`, is the gauge `user_chk_users`. All have a label `server`.
/// Statistics of others are left out. `user_chk_up` is 1.
///
/// @param server the name of the daemon: `kea-dhcp4` or `kea-dhcp6`
/// @param statistics what Kea's statistic-get-all returns
/// @param status what user-chk-status returns
/// @return lines, each with its end.
std::string metricsOf(const std::string& server, const isc::data::ConstElementPtr& statistics,
                      const isc::data::ConstElementPtr& status);

/// @brief The metrics of a server that cannot be asked: `user_chk_up` is 0.
std::string metricsOfNoServer(const std::string& server);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_METRICS_H
