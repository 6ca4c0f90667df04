// SPDX-License-Identifier: MPL-2.0
// Defines UserChk, the one object behind the entry points: it owns the parts and tells the log what they met.

#ifndef USER_CHK_HOOKS_USER_CHK_H
#define USER_CHK_HOOKS_USER_CHK_H

#include <config/parameters.h>
#include <outcome/outcome_file.h>
#include <policy/verdict.h>
#include <registry/background_follower.h>
#include <registry/registry_follower.h>
#include <system/second_hand.h>

#include <dhcp/pkt.h>

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
    /// @param reader reads the attributes in the registry; its remarks are logged; may be empty
    /// @throw isc::Exception when the registry is missing or bad, or the outcome file cannot be opened.
    UserChk(const Parameters& parameters, AttributeReader reader);

    /// @brief Decides on a client, by what the registry file holds now, or by what the background thread
    /// loaded last.
    ///
    /// @param type the type of ids in the query's protocol
    /// @param id the client's id, if the query carries one
    Verdict decide(UserId::UserIdType type, std::optional<UserId> id);

    /// @brief Adds to a query the class that tells how its client stands, and those of the attributes that
    /// hold for it.
    void classify(isc::dhcp::Pkt& query, const Verdict& verdict) const;

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

    /// @brief True when the refusal of a lease should be told to the operator, once a minute at the most.
    bool tellsOfRefusal() { return refusals_.isNew(); }

    /// @brief Writes records into the outcome file. What cannot be written is logged and counted. Not to be
    /// called when nothing is to be recorded (@ref Parameters::Events::NONE).
    ///
    /// @param records the text of whole records
    /// @param count how many they are
    /// @return true when they are in the file.
    bool record(const std::string& records, size_t count);

    /// @brief What the configuration says.
    const Parameters& parameters() const { return parameters_; }

private:
    void tell(const Verdict& verdict) const;
    void tell(const LoadReport& report) const;
    void tell(const AppendReport& report) const;
    void tellWarnings(const LoadReport& report) const;

    const Parameters parameters_;
    RegistryFollower registry_;
    const std::unique_ptr<OutcomeFile> outcome_; // null when nothing is recorded
    SecondHand refusals_{60};
    Known known_;
    std::unique_ptr<BackgroundFollower> background_; // the last member, so that its thread ends first
};

/// @brief The object that load() made, a null pointer outside load() and unload().
std::unique_ptr<UserChk>& userChk();

} // namespace user_chk

#endif // USER_CHK_HOOKS_USER_CHK_H
