// SPDX-License-Identifier: MPL-2.0
// Defines Site: what the configuration of a server says of its clients, made ready for queries.

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

/// @brief The classes that tell how clients stand, and where clients are placed. Any thread may ask.
class Site {
public:
    /// @brief What is found out when the server is configured, and whenever its subnets change.
    struct Findings {
        /// @brief Whether the class that tells how a client stands can make a difference. Where it cannot,
        /// queries are spared it.
        bool classes_matter = true;

        /// @brief The guards of subnets.
        Guards guards;

        /// @brief The subnets where clients that are not registered are put from other ones.
        std::set<isc::dhcp::SubnetID> for_unregistered;

        /// @brief The subnets that they are put there from.
        Origins unregistered_from;

        /// @brief All classes that a subnet or a shared network is guarded with.
        isc::dhcp::ClientClasses all_guards;

        /// @brief The user contexts of subnets and shared networks.
        ParsedContexts contexts;
    };

    /// @param parameters the parsed parameters
    explicit Site(const Parameters& parameters)
        : registered_class_(parameters.registered_class), unregistered_class_(parameters.unregistered_class),
          parameters_(parameters.placement) {}

    /// @brief Takes what was found out. To be called while no query is processed.
    void take(Findings findings) { findings_ = std::move(findings); }

    /// @brief What was found out last.
    const Findings& findings() const { return findings_; }

    /// @brief The class that tells how a client stands.
    const isc::dhcp::ClientClass& standingClass(const Verdict& verdict) const {
        return verdict.registered() ? registered_class_ : unregistered_class_;
    }

    /// @brief The class that it would be told by if it stood otherwise.
    const isc::dhcp::ClientClass& otherClass(const Verdict& verdict) const {
        return verdict.registered() ? unregistered_class_ : registered_class_;
    }

    /// @brief Gives a query the class that tells how its client stands, and not the other one, the classes of
    /// both sides where subnets are guarded, and those of the attributes that hold for the client.
    void classify(isc::dhcp::Pkt& query, const Verdict& verdict) const {
        findings_.guards.open(query);
        if (findings_.classes_matter) {
            // What another library or a test of the configuration has made of it does not count.
            query.classes_.erase(otherClass(verdict));
            query.addClass(standingClass(verdict));
        }
        if (const UserRules* rules = verdict.rules()) {
            for (const isc::dhcp::ClientClass& name : rules->client_classes) {
                query.addClass(name);
            }
        }
    }

    /// @brief Takes back what classify() gave a query.
    void declassify(isc::dhcp::Pkt& query, const Verdict& verdict) const {
        query.classes_.erase(standingClass(verdict));
        if (const UserRules* rules = verdict.rules()) {
            for (const isc::dhcp::ClientClass& name : rules->client_classes) {
                query.classes_.erase(name);
            }
        }
    }

    /// @brief The settings of the parameters. The restricted subnet that they leave open is the last one of
    /// the subnets that this was called with first: it does not change when subnets come and go while the
    /// server runs.
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

    /// @brief What settle() would return; settles nothing.
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

    /// @brief What becomes of a client that comes from a subnet, as far as that is known without all subnets.
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
