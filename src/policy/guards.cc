// SPDX-License-Identifier: MPL-2.0
// Implements how the normal and the restricted subnets of a server are kept apart.

#include <policy/guards.h>

#include <config/places.h>

#include <dhcpsrv/lease.h>
#include <dhcpsrv/pool.h>

#include <algorithm>

namespace user_chk {

using namespace isc::dhcp;

namespace {

typedef std::vector<ClientClass> Classes;

const std::vector<Lease::Type>& poolTypes(const Subnet4&) {
    static const std::vector<Lease::Type> TYPES = {Lease::TYPE_V4};
    return TYPES;
}

const std::vector<Lease::Type>& poolTypes(const Subnet6&) {
    static const std::vector<Lease::Type> TYPES = {Lease::TYPE_NA, Lease::TYPE_TA, Lease::TYPE_PD};
    return TYPES;
}

// True when nobody but this library has guarded a place.
bool isFree(const Classes& guards) {
    return std::all_of(guards.begin(), guards.end(), [](const ClientClass& name) {
        return name == NORMAL_GUARD || name == RESTRICTED_GUARD;
    });
}

// Guards a place, or takes the guard off it when there is to be none. Returns false when others guard it.
template <typename Place>
bool guard(Place& place, const ClientClass& wanted, bool& changed) {
    const Classes guards = kea::guardsOf(place);
    if (!isFree(guards)) {
        return false;
    }
    if (guards != (wanted.empty() ? Classes() : Classes{wanted})) {
        kea::setGuard(place, wanted);
        changed = true;
    }
    return true;
}

// Guards each pool of a subnet that nobody else guards. Returns false when there is one that others guard.
template <typename Subnet>
bool guardPools(Subnet& subnet, const ClientClass& wanted, bool& changed) {
    bool all = true;
    for (const Lease::Type type : poolTypes(subnet)) {
        for (const PoolPtr& pool : subnet.getPools(type)) {
            all = guard(*pool, wanted, changed) && all;
        }
    }
    return all;
}

// What the subnets of a configuration are to be guarded with.
template <typename Subnets>
class Planner {
public:
    Planner(const Subnets& subnets, const PlacementSettings& settings)
        : restricted_(subnetsForUnregistered(subnets, settings)) {
        for (const auto& subnet : subnets) {
            if (const auto network = networkOf(*subnet)) {
                (isRestricted(*subnet) ? with_restricted_ : with_normal_).insert(network->getName());
            }
        }
    }

    template <typename Subnet>
    bool isRestricted(const Subnet& subnet) const {
        return restricted_.count(subnet.getID()) != 0;
    }

    // The guard of a subnet, empty for none.
    template <typename Subnet>
    ClientClass guardOf(const Subnet& subnet) const {
        const auto network = networkOf(subnet);
        if (!network || with_restricted_.count(network->getName()) == 0 ||
            with_normal_.count(network->getName()) == 0) {
            return ClientClass();
        }
        return isRestricted(subnet) ? RESTRICTED_GUARD : NORMAL_GUARD;
    }

private:
    std::set<SubnetID> restricted_;
    std::set<std::string> with_restricted_; // shared networks that have such subnets
    std::set<std::string> with_normal_;
};

template <typename Subnets>
Guarded guardAll(const Subnets& subnets, const PlacementSettings& settings, const StandingClasses& standing) {
    Guarded done;
    const Planner<Subnets> plan(subnets, settings);
    for (const auto& subnet : subnets) {
        const ClientClass wanted = plan.guardOf(*subnet);
        const ClientClass& of_its_side =
            plan.isRestricted(*subnet) ? standing.unregistered : standing.registered;
        const bool is_free = guard(*subnet, wanted, done.changed);
        const bool apart = is_free || kea::guardsOf(*subnet) == Classes{of_its_side};
        const bool pools_apart = guardPools(*subnet, apart ? ClientClass() : wanted, done.changed);
        if (!wanted.empty()) {
            done.networks.insert(networkOf(*subnet)->getName());
            if (!apart && !pools_apart) {
                done.left.push_back(nameOf(*subnet));
            }
        }
        if (plan.isRestricted(*subnet) && subnet->getReservationsGlobal()) {
            subnet->setReservationsGlobal(false);
            done.without_global_reservations.push_back(nameOf(*subnet));
            done.changed = true;
        }
    }
    return done;
}

} // namespace

Guarded guardSubnets(const Subnet4Collection& subnets, const PlacementSettings& settings,
                     const StandingClasses& standing) {
    return guardAll(subnets, settings, standing);
}

Guarded guardSubnets(const Subnet6Collection& subnets, const PlacementSettings& settings,
                     const StandingClasses& standing) {
    return guardAll(subnets, settings, standing);
}

} // namespace user_chk
