// SPDX-License-Identifier: MPL-2.0
// Defines UserChk, the one object behind the entry points: it owns the parts and tells the log what they met.

#ifndef USER_CHK_HOOKS_USER_CHK_H
#define USER_CHK_HOOKS_USER_CHK_H

#include <config/parameters.h>
#include <outcome/outcome_file.h>
#include <policy/verdict.h>
#include <registry/background_follower.h>
#include <registry/registry_editor.h>
#include <registry/registry_follower.h>
#include <response/option_definitions.h>
#include <statistics/statistics.h>
#include <system/second_hand.h>

#include <dhcp/pkt.h>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace user_chk {

/// @brief The library at work. Made by load(), dropped by unload(); between them any thread may call it.
class UserChk {
public:
    /// @brief Loads the registry and opens the outcome file, if there is to be one.
    ///
    /// @param parameters the parsed parameters
    /// @param definitions what is known of options
    /// @throw isc::Exception when the registry is missing or bad, or the outcome file cannot be opened.
    UserChk(const Parameters& parameters, std::shared_ptr<const OptionDefinitions> definitions);

    /// @brief Decides on a client, by what the registry file holds now, or by what the background thread
    /// loaded last.
    ///
    /// @param type the type of ids in the query's protocol
    /// @param id the client's id, if the query carries one
    Verdict decide(UserId::UserIdType type, std::optional<UserId> id);

    /// @brief What decide() would say; leaves no trace.
    Verdict verdictOn(UserId::UserIdType type, std::optional<UserId> id);

    /// @brief The class that tells how a client stands.
    const isc::dhcp::ClientClass& standingClass(const Verdict& verdict) const {
        return verdict.registered() ? parameters_.registered_class : parameters_.unregistered_class;
    }

    /// @brief Adds to a query the class that tells how its client stands, and those of the attributes that
    /// hold for it.
    void classify(isc::dhcp::Pkt& query, const Verdict& verdict) const;

    /// @brief The users in force: what the registry file holds now, or what the background thread loaded
    /// last.
    const UserRegistry& users();

    /// @brief Changes the registry file. When this returns true, the change is on the disk and in force.
    ///
    /// @param what tells the log what has changed: `user HW_ADDR=0c0e0a01ff04 added`
    /// @param change calls one function of the editor
    /// @return what that returned.
    /// @throw isc::Exception when the file cannot be changed, and is then what it was; or when it was
    /// changed, but has become bad at once by somebody else's doing.
    bool change(const std::string& what, const std::function<bool(RegistryEditor&)>& change);

    /// @brief Loads the registry file, even if it seems unchanged.
    ///
    /// @throw isc::InvalidOperation when it is bad.
    void reload();

    /// @brief How it stands with the registry file.
    RegistryFollower::State registryState() const { return registry_.state(); }

    /// @brief Counts one more of what nobody else counts.
    void count(Counter counter);

    /// @brief What was counted so far.
    Counts counts() const;

    /// @brief Brings Kea's statistics up to date.
    void publishStatistics();

    /// @brief The outcome file, a null pointer when nothing is recorded.
    const OutcomeFile* outcome() const { return outcome_.get(); }

    /// @brief What is known of the configuration that the server works by; nothing until it is told.
    struct Known {
        /// @brief Whether the class that tells how a client stands can make a difference. Where it cannot,
        /// queries are spared it.
        bool classes_matter = true;

        /// @brief Where clients who are not registered are put from other subnets, unless that may change
        /// while the server runs.
        std::optional<std::set<isc::dhcp::SubnetID>> for_strangers;
    };

    /// @brief Takes what is known. To be called while no query is being processed.
    void know(Known known) { known_ = std::move(known); }

    /// @brief What is known.
    const Known& known() const { return known_; }

    /// @brief True when the refusal of a lease is worth a warning, once a minute at the most.
    bool tellsOfRefusal() { return refusals_.isNew(); }

    /// @brief Writes records into the outcome file. What cannot be written is logged and counted. Not to be
    /// called when nothing is to be recorded (@ref Parameters::Events::NONE).
    ///
    /// @param records the text of whole records
    /// @param count how many they are
    /// @return true when they are in the file.
    bool record(const std::string& records, size_t count);

    /// @brief What is known of options.
    const OptionDefinitions& optionDefinitions() const { return *definitions_; }

    /// @brief What the configuration says.
    const Parameters& parameters() const { return parameters_; }

private:
    void tell(const Verdict& verdict) const;
    void tell(const LoadReport& report);
    void tell(const AppendReport& report) const;
    void tellWarnings(const LoadReport& report) const;

    const Parameters parameters_;
    const std::shared_ptr<const OptionDefinitions> definitions_;
    RegistryFollower registry_;
    RegistryEditor editor_;
    const std::unique_ptr<OutcomeFile> outcome_;           // null when nothing is recorded
    std::array<std::atomic<uint64_t>, COUNTERS> counts_{}; // but for those of the outcome file
    Statistics statistics_;
    SecondHand refusals_{60};
    Known known_;
    std::unique_ptr<BackgroundFollower> background_; // the last member, so that its thread ends first
};

/// @brief The object that load() made, a null pointer outside load() and unload().
std::unique_ptr<UserChk>& userChk();

} // namespace user_chk

#endif // USER_CHK_HOOKS_USER_CHK_H
