// SPDX-License-Identifier: MPL-2.0
// Separates the normal and the restricted subnets of a server.

#include <policy/guards.h>

#include <config/places.h>

#include <dhcpsrv/lease.h>
#include <dhcpsrv/pool.h>

#include <algorithm>
#include <map>

namespace user_chk {

using namespace isc::dhcp;

namespace {

typedef std::set<ClientClass> Classes;

// True when only this library, or nobody, guards a subnet or pool.
bool isFree(const Classes& guards) {
    return std::all_of(guards.begin(), guards.end(), isOurGuard);
}

// True when the guards are this one alone; an empty one stands for none.
bool areJust(const Classes& guards, const ClientClass& wanted) {
    return wanted.empty() ? guards.empty() : guards == Classes{wanted};
}

// Sets or removes the guard of a subnet or pool; an empty one stands for none. Returns false when the
// configuration guards it.
template <typename Place>
bool guard(Place& place, const ClientClass& wanted, bool& changed) {
    const Classes guards = kea::guardsOf(place);
    if (!isFree(guards)) {
        return false;
    }
    if (!areJust(guards, wanted)) {
        kea::setGuard(place, wanted);
        changed = true;
    }
    return true;
}

// Guards each pool of a subnet that the configuration does not guard. Returns false when the configuration
// guards one.
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

// The intended guards of all subnets of a configuration.
template <typename Subnets>
class Plan {
public:
    Plan(const Subnets& subnets, const PlacementSettings& settings)
        : restricted_(subnetsForUnregistered(subnets, settings)) {
        for (const auto& subnet : subnets) {
            if (restrictsToItself(*subnet, settings) && !isRestricted(*subnet)) {
                open_.insert(subnet->getID());
            }
        }
        for (const auto& subnet : subnets) {
            if (const auto network = networkOf(*subnet)) {
                Members& members = members_[network->getName()];
                ++members.count;
                if (isRestricted(*subnet)) {
                    members.restricted.push_back(subnet->getID());
                } else if (isOpen(*subnet)) {
                    members.open.push_back(subnet->getID());
                }
            }
        }
    }

    template <typename Subnet>
    bool isRestricted(const Subnet& subnet) const {
        return restricted_.count(subnet.getID()) != 0;
    }

    template <typename Subnet>
    bool isOpen(const Subnet& subnet) const {
        return open_.count(subnet.getID()) != 0;
    }

    // Returns the guard of a subnet, empty for none.
    template <typename Subnet>
    ClientClass guardOf(const Subnet& subnet) const {
        const Members* members = membersOf(subnet);
        if (members == nullptr || members->count == 1 ||
            (members->restricted.empty() && members->open.empty())) {
            return ClientClass();
        }
        if (isRestricted(subnet)) {
            return numbered(RESTRICTED_GUARD, members->restricted, subnet.getID());
        }
        return isOpen(subnet) ? numbered(OPEN_GUARD, members->open, subnet.getID()) : NORMAL_GUARD;
    }

private:
    // The subnets of a shared network, ordered by id.
    struct Members {
        size_t count = 0;
        std::vector<SubnetID> restricted;
        std::vector<SubnetID> open;
    };

    // Returns the guard of one of the subnets whose guards share that name.
    static ClientClass numbered(const ClientClass& first, const std::vector<SubnetID>& subnets,
                                SubnetID one) {
        const auto before = std::find(subnets.begin(), subnets.end(), one) - subnets.begin();
        return before == 0 ? first : first + "_" + std::to_string(before + 1);
    }

    // Whether unregistered clients are restricted to a subnet when Kea selects it, or when Kea selects none.
    template <typename Subnet>
    static bool restrictsToItself(const Subnet& subnet, const PlacementSettings& parameters) {
        const auto does = [&](const PlacementSettings& settings) {
            return settings.unregistered_clients == PlacementSettings::Unregistered::RESTRICT &&
                   settings.restricted_subnet_id == subnet.getID();
        };
        return does(settingsOf(subnet, parameters)) || does(parameters);
    }

    template <typename Subnet>
    const Members* membersOf(const Subnet& subnet) const {
        const auto network = networkOf(subnet);
        return network ? &members_.at(network->getName()) : nullptr;
    }

    std::set<SubnetID> restricted_;
    std::set<SubnetID> open_;
    std::map<std::string, Members> members_; // by name of the network
};

// Whether a subnet uses global reservations. Looks at the subnet and its network only: while a configuration
// is being applied, a subnet would inherit from the previous one.
template <typename Subnet>
bool takesGlobalReservations(const Subnet& subnet, bool server_does) {
    const auto own = subnet.getReservationsGlobal(Network::Inheritance::NONE);
    if (!own.unspecified()) {
        return own;
    }
    const auto network = networkOf(subnet);
    const auto shared =
        network ? network->getReservationsGlobal(Network::Inheritance::NONE) : isc::util::Optional<bool>();
    return shared.unspecified() ? server_does : shared.get();
}

// Sets or removes the guard of one subnet.
template <typename Subnet>
void guardSubnet(Guarded& done, Subnet& subnet, const ClientClass& wanted, const ClientClass& of_its_side) {
    const bool is_free = guard(subnet, wanted, done.changed);
    const bool apart = is_free || areJust(kea::guardsOf(subnet), of_its_side);
    const bool pools_apart = guardPools(subnet, apart ? ClientClass() : wanted, done.changed);
    if (!wanted.empty() && !apart && !pools_apart) {
        done.left.push_back(nameOf(subnet));
    }
}

// Whether a restricted subnet has no open subnet next to it for its unregistered clients.
template <typename Subnets, typename Subnet>
bool isAlone(const Plan<Subnets>& plan, const Subnet& subnet, const ServerSettings& server) {
    const auto network = networkOf(subnet);
    if (!network) {
        return true;
    }
    const auto& siblings = *network->getAllSubnets();
    return std::all_of(siblings.begin(), siblings.end(), [&](const auto& sibling) {
        const Classes guards = kea::guardsOf(*sibling);
        return plan.isRestricted(*sibling) || (isFree(guards) && !guards.empty()) ||
               areJust(guards, server.registered_class);
    });
}

// Turns global reservations off in a restricted subnet. Next to an open subnet that uses them it must keep
// them: Kea 2.2 finds a reservation for the network, looks it up in the subnet, and crashes when it is not
// there.
template <typename Subnets, typename Subnet>
void refuseGlobalReservations(Guarded& done, const Plan<Subnets>& plan, Subnet& subnet,
                              const ServerSettings& server) {
    if (takesGlobalReservations(subnet, server.global_reservations) && isAlone(plan, subnet, server)) {
        subnet.setReservationsGlobal(false);
        done.without_global_reservations.push_back(nameOf(subnet));
        done.changed = true;
    }
}

template <typename Subnets>
Guarded guardAll(const Subnets& subnets, const PlacementSettings& settings, const ServerSettings& server) {
    Guarded done;
    const Plan<Subnets> plan(subnets, settings);
    for (const auto& subnet : subnets) {
        const ClientClass wanted = plan.guardOf(*subnet);
        guardSubnet(done, *subnet, wanted,
                    plan.isRestricted(*subnet) ? server.unregistered_class : server.registered_class);
        if (!wanted.empty()) {
            done.networks.insert(networkOf(*subnet)->getName());
            done.guards.add(subnet->getID(), wanted);
        }
    }
    for (const auto& subnet : subnets) {
        if (plan.isRestricted(*subnet)) {
            refuseGlobalReservations(done, plan, *subnet, server);
        }
    }
    return done;
}

template <typename Subnets>
ClientClasses guardsOfAll(const Subnets& subnets) {
    Classes names;
    for (const auto& subnet : subnets) {
        names.merge(kea::guardsOf(*subnet));
        if (const auto network = networkOf(*subnet)) {
            names.merge(kea::guardsOf(*network));
        }
    }
    ClientClasses guards;
    for (const ClientClass& name : names) {
        guards.insert(name);
    }
    return guards;
}

} // namespace

void Guards::open(Pkt& query) const {
    for (const ClientClass& name : names_) {
        query.addClass(name);
    }
}

bool Guards::isRestricted(SubnetID subnet) const {
    const auto own = guard_of_.find(subnet);
    return own != guard_of_.end() && isGuard(own->second, RESTRICTED_GUARD);
}

void Guards::close(Pkt& query, SubnetID subnet, bool restricted) const {
    const auto own = guard_of_.find(subnet);
    for (const ClientClass& name : names_) {
        const bool is_kept =
            restricted ? own != guard_of_.end() && name == own->second : !isGuard(name, RESTRICTED_GUARD);
        if (!is_kept) {
            query.classes_.erase(name);
        }
    }
}

void Guards::add(SubnetID subnet, const ClientClass& guard) {
    guard_of_[subnet] = guard;
    names_.insert(guard);
}

Guarded guardSubnets(const Subnet4Collection& subnets, const PlacementSettings& settings,
                     const ServerSettings& server) {
    return guardAll(subnets, settings, server);
}

Guarded guardSubnets(const Subnet6Collection& subnets, const PlacementSettings& settings,
                     const ServerSettings& server) {
    return guardAll(subnets, settings, server);
}

ClientClasses allGuards(const Subnet4Collection& subnets) {
    return guardsOfAll(subnets);
}

ClientClasses allGuards(const Subnet6Collection& subnets) {
    return guardsOfAll(subnets);
}

} // namespace user_chk
