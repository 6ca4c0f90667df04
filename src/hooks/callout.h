// SPDX-License-Identifier: MPL-2.0
// Defines what the callouts share: how they fetch arguments, keep the decision, handle errors, and which of
// them load() registers in addition to those that Kea finds by name.

#ifndef USER_CHK_HOOKS_CALLOUT_H
#define USER_CHK_HOOKS_CALLOUT_H

#include <exchange/circumstances.h>
#include <exchange/decision.h>
#include <exchange/lifecycle.h>
#include <exchange/link.h>
#include <kea_compat.h>
#include <library/limited_message.h>
#include <library/user_chk.h>
#include <messages/user_chk_log.h>

#include <exceptions/exceptions.h>
#include <hooks/callout_handle.h>
#include <hooks/library_handle.h>

#include <exception>
#include <optional>
#include <string>
#include <utility>

namespace user_chk {

/// @brief True when an earlier callout has ended the processing of the query, or of this step.
inline bool alreadyDecided(const isc::hooks::CalloutHandle& handle) {
    const auto status = handle.getStatus();
    return status == isc::hooks::CalloutHandle::NEXT_STEP_DROP ||
           status == isc::hooks::CalloutHandle::NEXT_STEP_SKIP;
}

/// @brief Returns an argument of the callout.
///
/// @throw isc::hooks::NoSuchArgument when the server passed no argument with this name.
template <typename T>
T argument(const isc::hooks::CalloutHandle& handle, const std::string& name) {
    T value;
    handle.getArgument(name, value);
    return value;
}

/// @brief Returns the running library.
///
/// @throw isc::InvalidOperation when the library is not loaded.
inline UserChk& requireUserChk() {
    UserChk* user_chk = running_user_chk.get();
    if (user_chk == nullptr) {
        isc_throw(isc::InvalidOperation, "the library is not loaded");
    }
    return *user_chk;
}

/// @brief Runs a callout. An error drops the packet: the server would otherwise continue without this
/// library, and give the client what it must not have.
///
/// @param handle the callout's handle
/// @param error_id the message that takes the reason; the same one for each call with this type of work
/// @param work called with the running library
/// @return the result of the callout for the server, 0 for success.
template <typename Work>
int guarded(isc::hooks::CalloutHandle& handle, const isc::log::MessageID& error_id, Work work) {
    const auto tell = [&error_id](const char* reason) {
        static LimitedMessage error(error_id, isc::log::ERROR); // a query can cause it
        error.tell([reason](isc::log::Logger::Formatter message) { message.arg(reason); });
    };
    try {
        work(requireUserChk());
        return 0;
    } catch (const std::exception& ex) {
        tell(ex.what());
    } catch (...) {
        tell("unknown error");
    }
    handle.setStatus(isc::hooks::CalloutHandle::NEXT_STEP_DROP);
    return 1;
}

/// @brief Returns the decision that an earlier callout kept, a null pointer for none.
template <typename Protocol>
DecisionPtr<Protocol> earlierDecision(const isc::hooks::CalloutHandle& handle) {
    return kea::optionalContext<DecisionPtr<Protocol>>(handle, Decision<Protocol>::NAME);
}

/// @brief Judges the client of a query, and keeps the decision for the callouts that follow.
///
/// @param user_chk the running library
/// @param handle the callout's handle
/// @param query the query
/// @param client the identifiers of its client
/// @param is_within tells whether the query comes from within a scope
template <typename Protocol>
DecisionPtr<Protocol> judgeAndKeep(UserChk& user_chk, isc::hooks::CalloutHandle& handle,
                                   typename Protocol::Pkt& query, ClientIds&& client,
                                   const ScopeTest& is_within) {
    const OutcomeFile::Glance glance = user_chk.follow();
    if (user_chk.isClosed()) {
        isc_throw(isc::InvalidOperation, "there is no registry yet");
    }
    const UsersPtr users = user_chk.usersInForce();
    if (client.count() != 0) {
        users->prefetchFor(client.at(0));
    }
    DecisionPtr<Protocol> decision(new Decision<Protocol>(query, std::move(client), glance));
    handle.setContext(Decision<Protocol>::NAME, decision); // takes the time that the prefetch needs
    try {
        judgeClient<Protocol>(decision->verdict, users, user_chk.site(), query, is_within);
    } catch (...) {
        handle.deleteContext(Decision<Protocol>::NAME); // no other callout may act on what is no decision
        throw;
    }
    return decision;
}

/// @brief Records a refusal, if refusals are recorded.
///
/// @param user_chk the running library
/// @param decision the decision on the query
/// @param reason the reason, as the end of a sentence
/// @param lease the refused lease, if the server had chosen one
template <typename Protocol>
void recordRefusal(UserChk& user_chk, const Decision<Protocol>& decision, const char* reason,
                   const std::optional<GrantedLease>& lease = std::nullopt) {
    const UserId* id = refusedId(decision.verdict);
    if (id != nullptr && user_chk.recordsRefusalOf(*id)) {
        user_chk.record(refusalRecord(decision, *id, reason, lease), 1, decision.glance);
    }
}

/// @brief Acts on a decision: counts the query and lists its client if that is not registered, each unless it
/// was done already; then drops the query if it must get no answer.
template <typename Protocol>
void actOn(UserChk& user_chk, isc::hooks::CalloutHandle& handle, const Decision<Protocol>& decision,
           typename Protocol::Pkt& query) {
    const Verdict& verdict = decision.verdict;
    if (!decision.counted) {
        user_chk.account(verdict);
    }
    if (!decision.listed && !verdict.registered()) {
        user_chk.list(verdict, [&](const UserId& listed_by, StrangerTraits& traits) {
            readTraits(query, user_chk.identification(), listed_by, traits);
        });
    }
    const bool endless = leasesWithoutEnd(query, verdict);
    if (endless) {
        user_chk.tellOfEndlessLease(verdict);
    }
    if (endless || verdict.denied()) {
        recordRefusal(user_chk, decision, endless ? "a lease by BOOTP has no end" : reasonOf(verdict));
        handle.setStatus(isc::hooks::CalloutHandle::NEXT_STEP_DROP);
    }
}

/// @brief Decides on the client of a query. Drops the query if the client must get no answer.
template <typename Protocol>
DecisionPtr<Protocol> decide(UserChk& user_chk, isc::hooks::CalloutHandle& handle) {
    const auto query = argument<typename Protocol::PktPtr>(handle, Protocol::QUERY);
    ClientIds client = user_chk.identification().idsOf(*query);
    // Searched for only when there may be one: up to Kea 2.2, a missing context costs an exception.
    DecisionPtr<Protocol> decision =
        user_chk.judgesEarly() ? earlierDecision<Protocol>(handle) : DecisionPtr<Protocol>();
    if (!decision || !isSame(decision->verdict.client, client)) {
        const bool counted = decision && decision->counted;
        if (decision) {
            user_chk.site().declassify(*query, decision->verdict);
        }
        const auto is_within = [&](const Scope& scope) {
            return comesFromWithin(query, scope, user_chk.site().findings());
        };
        decision = judgeAndKeep<Protocol>(user_chk, handle, *query, std::move(client), is_within);
        decision->counted = counted;
    }
    actOn(user_chk, handle, *decision, *query);
    return decision;
}

/// @brief Returns the decision that was kept. Decides now if there is none, because our pktN_receive did not
/// run.
template <typename Protocol>
DecisionPtr<Protocol> keptDecision(UserChk& user_chk, isc::hooks::CalloutHandle& handle) {
    DecisionPtr<Protocol> decision = earlierDecision<Protocol>(handle);
    return decision ? decision : decide<Protocol>(user_chk, handle);
}

/// @brief Registers buffer4_receive, when subnets or pools are guarded, or may be, and Kea selects a subnet
/// before pkt4_receive: a query needs its classes by then.
void registerBufferCallout(isc::hooks::LibraryHandle& handle);

/// @brief Registers the library's commands (Kea manual, "Management API"), and Kea's commands for statistics,
/// which must be updated first.
void registerCommands(isc::hooks::LibraryHandle& handle, bool is_v4);

/// @brief Registers command_processed, when commands may change subnets.
void registerCommandProcessed(isc::hooks::LibraryHandle& handle, bool is_v4);

/// @brief Registers the callouts for leases, when a registration has an end: they cap a lease before the
/// server stores it.
void registerLeases(isc::hooks::LibraryHandle& handle, bool is_v4);

/// @brief Registers the callouts for the ends of leases, when these are recorded.
void registerLifecycle(isc::hooks::LibraryHandle& handle, bool is_v4);

} // namespace user_chk

#endif // USER_CHK_HOOKS_CALLOUT_H
