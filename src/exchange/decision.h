// SPDX-License-Identifier: MPL-2.0
// Defines the first stage of an exchange: the client of a query is judged, and the query gets its classes.

#ifndef USER_CHK_EXCHANGE_DECISION_H
#define USER_CHK_EXCHANGE_DECISION_H

#include <audit/outcome_file.h>
#include <exchange/protocol.h>
#include <policy/site.h>
#include <policy/verdict.h>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <chrono>
#include <string>
#include <utility>

namespace user_chk {

/// @brief The decision on a query, for the stages that follow.
template <typename Protocol>
struct Decision : boost::intrusive_ref_counter<Decision<Protocol>> {
    static inline const std::string NAME = "decision"; ///< What it is called in the callout context.

    /// @brief A decision that is still to be made, on the client of a query.
    Decision(typename Protocol::Pkt& of, ClientIds&& client, const OutcomeFile::Glance& seen)
        : query(&of), verdict{std::move(client)}, glance(seen) {}

    /// @brief The query itself, which owns the context that holds this.
    typename Protocol::Pkt* query;

    Verdict verdict;                     ///< On its client.
    OutcomeFile::Glance glance;          ///< What the watch reported of the outcome file.
    typename Protocol::SubnetPtr subnet; ///< Where it was placed, a null pointer for nowhere.
    bool restricted = false;             ///< True when it may get no lease outside of that subnet.
    bool counted = false;                ///< True when the query was counted.
    bool listed = false;                 ///< True when its client was listed, if that is not registered.
};

/// @brief Pointer to a Decision. Each callout copies it, which takes longer with std::shared_ptr.
template <typename Protocol>
using DecisionPtr = boost::intrusive_ptr<Decision<Protocol>>;

/// @brief Judges the client of a query, and gives the query its classes unless it must get no answer.
///
/// @param verdict has the client; everything else is set
/// @param users the users in force
/// @param site what was derived from the server's configuration
/// @param query the query
/// @param is_within tells whether the query comes from within a scope
template <typename Protocol>
void judgeClient(Verdict& verdict, const UsersPtr& users, const Site& site, typename Protocol::Pkt& query,
                 const ScopeTest& is_within) {
    judge(verdict, users, Protocol::ID_TYPE, std::chrono::system_clock::now, is_within);
    if (!verdict.denied()) {
        site.classify(query, verdict);
    }
}

/// @brief True when the server would give the client of a query a lease without an end, though the lease must
/// end at a certain time: for a BOOTP query, since BOOTP has no lease times.
inline bool leasesWithoutEnd(isc::dhcp::Pkt& query, const Verdict& verdict) {
    // The class by which the server itself recognizes such a query; Kea's BOOTP library adds it.
    return verdict.seconds_left && query.inClass("BOOTP");
}

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_DECISION_H
