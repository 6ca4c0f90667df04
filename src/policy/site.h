// SPDX-License-Identifier: MPL-2.0
// Defines Site: what queries need to know of the server's configuration.

#ifndef USER_CHK_POLICY_SITE_H
#define USER_CHK_POLICY_SITE_H

#include <config/parameters.h>
#include <config/places.h>
#include <policy/guards.h>
#include <policy/placement.h>
#include <policy/verdict.h>

#include <dhcp/classify.h>
#include <dhcp/pkt.h>

#include <atomic>
#include <optional>
#include <set>
#include <utility>

namespace user_chk {

/// @brief Assigns the classes that show the standing of clients, and places clients. Any thread may ask.
class Site {
public:
    /// @brief What is derived from the configuration, and again whenever its subnets change.
    struct Findings {
        /// @brief Whether the class that shows a client's standing can have an effect. When it cannot,
        /// queries do not get it.
        bool classes_matter = true;

        /// @brief The guards of subnets.
        Guards guards;

        /// @brief The subnets to which unregistered clients of other subnets are moved.
        std::set<isc::dhcp::SubnetID> for_unregistered;

        /// @brief The subnets that they are moved from.
        Origins unregistered_from;

        /// @brief All classes that guard a subnet or a shared network.
        isc::dhcp::ClientClasses all_guards;

        /// @brief The user contexts of subnets and shared networks.
        ParsedContexts contexts;
    };

    /// @param parameters the parsed parameters
    explicit Site(const Parameters& parameters)
        : registered_class_(parameters.registered_class), unregistered_class_(parameters.unregistered_class),
          parameters_(parameters.placement) {}

    /// @brief Adopts new findings. Must not be called while a query is processed.
    void take(Findings findings) { findings_ = std::move(findings); }

    /// @brief Returns the current findings.
    const Findings& findings() const { return findings_; }

    /// @brief Returns the class that shows the client's standing.
    const isc::dhcp::ClientClass& standingClass(const Verdict& verdict) const {
        return verdict.registered() ? registered_class_ : unregistered_class_;
    }

    /// @brief Returns the class for the opposite standing.
    const isc::dhcp::ClientClass& otherClass(const Verdict& verdict) const {
        return verdict.registered() ? unregistered_class_ : registered_class_;
    }

    /// @brief Adds to a query the class that shows its client's standing, the guards of both sides when
    /// subnets are guarded, and the classes in the attributes that apply to the client. Removes the class for
    /// the opposite standing.
    void classify(isc::dhcp::Pkt& query, const Verdict& verdict) const {
        findings_.guards.open(query);
        if (findings_.classes_matter) {
            // Another library, or a test in the configuration, may have set it.
            query.classes_.erase(otherClass(verdict));
            query.addClass(standingClass(verdict));
        }
        if (const UserRules* rules = verdict.rules()) {
            for (const isc::dhcp::ClientClass& name : rules->client_classes) {
                query.addClass(name);
            }
        }
    }

    /// @brief Reverts classify().
    void declassify(isc::dhcp::Pkt& query, const Verdict& verdict) const {
        query.classes_.erase(standingClass(verdict));
        if (const UserRules* rules = verdict.rules()) {
            for (const isc::dhcp::ClientClass& name : rules->client_classes) {
                query.classes_.erase(name);
            }
        }
    }

    /// @brief Returns the settings of the parameters. When they name no restricted subnet, it is the last of
    /// the subnets at the first call, and stays the same when subnets are added or removed later.
    ///
    /// @param subnets Kea's collection of all subnets
    template <typename Subnets>
    PlacementSettings settle(const Subnets& subnets) {
        if (!parameters_.restricted_subnet_id && last_subnet_ == 0) {
            isc::dhcp::SubnetID none = 0;
            last_subnet_.compare_exchange_strong(none, lastSubnetId(subnets).value_or(0));
        }
        return presumed(subnets);
    }

    /// @brief Returns what settle() would return, without fixing the restricted subnet.
    template <typename Subnets>
    PlacementSettings presumed(const Subnets& subnets) const {
        PlacementSettings settings = parameters_;
        if (!settings.restricted_subnet_id) {
            const isc::dhcp::SubnetID settled = last_subnet_;
            settings.restricted_subnet_id =
                settled != 0 ? std::make_optional(settled) : lastSubnetId(subnets);
        }
        return settings;
    }

    /// @brief Returns the placement of a client from a subnet, as far as it is known without all subnets.
    ///
    /// @param selected the subnet, a null pointer for none
    template <typename SubnetPtr>
    PlacementSettings settingsAt(const SubnetPtr& selected) const {
        return selected ? parameters_.with(findings_.contexts.overridesAt(*selected)) : parameters_;
    }

private:
    const isc::dhcp::ClientClass registered_class_;
    const isc::dhcp::ClientClass unregistered_class_;
    const PlacementSettings parameters_;
    Findings findings_;
    std::atomic<isc::dhcp::SubnetID> last_subnet_{0}; // 0 until there are subnets
};

} // namespace user_chk

#endif // USER_CHK_POLICY_SITE_H
