// SPDX-License-Identifier: MPL-2.0
// Defines the first stage of an exchange: the client of a query is judged, and the query given its classes.

#ifndef USER_CHK_EXCHANGE_DECISION_H
#define USER_CHK_EXCHANGE_DECISION_H

#include <audit/outcome_file.h>
#include <exchange/protocol.h>
#include <policy/site.h>
#include <policy/verdict.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace user_chk {

/// @brief What was decided on a query, for the stages that follow.
template <typename Protocol>
struct Decision {
    static inline const std::string NAME = "decision"; ///< What it is called in the callout context.

    /// @brief The query itself, which owns the context that this is kept in.
    typename Protocol::Pkt* query = nullptr;

    Verdict verdict;                     ///< On its client.
    OutcomeFile::Glance glance;          ///< At the file that its record goes to.
    typename Protocol::SubnetPtr subnet; ///< Where it was placed, a null pointer for nowhere.
    bool restricted = false;             ///< True when it may get no lease outside of that subnet.
    bool noted = false;                  ///< True when the query was counted, and its client listed.
};

/// @brief Pointer to a Decision.
template <typename Protocol>
using DecisionPtr = std::shared_ptr<Decision<Protocol>>;

/// @brief Judges the client of a query, and gives the query its classes unless it is to get no answer.
///
/// @param verdict has the client; the rest is added
/// @param registry the users in force
/// @param site what the server is configured with
/// @param query the query
/// @param is_within tells whether it comes from within a scope
template <typename Protocol>
void judgeClient(Verdict& verdict, const Registry& registry, const Site& site, typename Protocol::Pkt& query,
                 const ScopeTest& is_within) {
    judge(verdict, registry, Protocol::ID_TYPE, std::chrono::system_clock::now, is_within);
    if (!verdict.denied()) {
        site.classify(query, verdict);
    }
}

/// @brief True when the server would give the client of a query a lease without an end, though that
/// must end at a time: when it asks by BOOTP, which has no lease times.
inline bool leasesWithoutEnd(isc::dhcp::Pkt& query, const Verdict& verdict) {
    // The class by which the server itself tells such a query; Kea's library for BOOTP adds it.
    return verdict.seconds_left && query.inClass("BOOTP");
}

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_DECISION_H
