# SPDX-License-Identifier: MPL-2.0
"""Computes from the configuration in force which subnet Kea selects for a query, and what Kea sends."""

import ipaddress
from collections import namedtuple

from lab import config
from lab.net import IFACE

# How a query reaches the server: the address of the relay closest to the client, and the address that a DHCPv4 client
# renews past all relays; None for each that does not apply.
Way = namedtuple("Way", "relay address")

# The classes by which the library separates the subnets of a shared network: a query has all of them while Kea selects
# its subnet, and then those of its side.
NORMAL_SIDE, RESTRICTED_SIDE, BOTH_SIDES = "USER_CHK_NORMAL", "USER_CHK_RESTRICTED", "USER_CHK_OPEN"

# An option in the configuration: the space, its code, its value as text.
Sent = namedtuple("Sent", "space code text always")


class Subnet:
    """A subnet with what its shared network adds to it."""

    def __init__(self, made, network=None):
        said = [made, network or {}]
        self.id = made["id"]
        self.text = made["subnet"]
        self.network = network and network["name"]
        self.options = [option for place in said for option in _options(place)]
        self.pools = {kind: made.get(kind, []) for kind in ("pools", "pd-pools")}
        self._range = ipaddress.ip_network(made["subnet"])
        self._reserved = {lease for host in made.get("reservations", []) for lease in _leases_of(host)}
        self._guards = [_guard(place) for place in said]
        self.interface = next((place["interface"] for place in said if place.get("interface")), None)
        relays = [place.get("relay", {}).get("ip-addresses", []) for place in said]
        self.relays = relays[0] or relays[1]

    def holds(self, address):
        return ipaddress.ip_address(address) in self._range

    def is_open_to(self, classes):
        return all(_is_open(guard, classes) for guard in self._guards)

    def guards(self):
        """Returns the classes that guard the subnet and its pools."""
        pools = [_guard(pool) for kind in self.pools for pool in self.pools[kind]]
        return set().union(*self._guards, *pools)

    def is_restricted(self):
        """Whether the library has guarded it as a restricted subnet."""
        return any(name.startswith(RESTRICTED_SIDE) for name in self.guards())

    def has_pool_for(self, classes, kind):
        """Whether a pool with more than one address (`pools`), or prefix (`pd-pools`), is open to these classes."""
        return self.is_open_to(classes) and any(
            _is_open(_guard(pool), classes) and _is_large(pool) for pool in self.pools[kind]
        )

    def closes_pool_of(self, lease, classes):
        """Whether a lease is in a pool that is closed to members of these classes; a reserved lease may be."""
        if lease in self._reserved:
            return False
        found = [pool for kind in self.pools for pool in self.pools[kind] if _lies_in(lease, pool)]
        return any(not _is_open(_guard(pool), classes) for pool in found)


class Selection:
    """The subnets of the configuration that a server has in force, including changes by commands."""

    def __init__(self, server):
        self._family = server.family
        self.config = server.command("config-get")["arguments"][f"Dhcp{server.family}"]
        key = f"subnet{server.family}"
        alone = [Subnet(made) for made in self.config.get(key, [])]
        networks = self.config.get("shared-networks", [])
        shared = [Subnet(made, network) for network in networks for made in network.get(key, [])]
        self.subnets = sorted(alone + shared, key=lambda subnet: subnet.id)

    def subnet(self, number):
        return next(subnet for subnet in self.subnets if subnet.id == number)

    def of(self, way, classes):
        """Returns the subnet that Kea selects for a query with these classes, None for none."""
        subnets = [subnet for subnet in self.subnets if subnet.is_open_to(self._sides(self.subnets).union(classes))]
        if way.relay:
            return _first(subnets, lambda subnet: way.relay in subnet.relays) or _holding(subnets, way.relay)
        if way.address:
            return _holding(subnets, way.address)
        local = _first(subnets, lambda subnet: subnet.interface == IFACE)
        return local or (_holding(subnets, config.SERVER4) if self._family == 4 else None)

    def link(self, way):
        """Returns the first subnet on the link that a query comes from, whatever its classes; None for none."""
        return self.of(way, {name for subnet in self.subnets for name in subnet.guards()})

    def with_side(self, classes, subnet, restricted):
        """Returns the classes of a query that was placed in a subnet: the client's own, and those of its side."""
        normal = {NORMAL_SIDE, *(name for name in self._sides(self.subnets) if name.startswith(BOTH_SIDES))}.union(classes)
        if not restricted and subnet and subnet.is_restricted():
            link = [other for other in self.subnets if other.network == subnet.network]
            restricted = not any(other.is_open_to(normal) for other in link if not other.is_restricted())
        return self._sides([subnet]).union(classes) if restricted and subnet else normal

    @staticmethod
    def _sides(subnets):
        guards = {name for subnet in subnets for name in subnet.guards()}
        return {name for name in guards if name.startswith((NORMAL_SIDE, RESTRICTED_SIDE, BOTH_SIDES))}

    def siblings(self, subnet, classes):
        """Returns the subnets in which Kea's allocation engine may find a lease when this one, or none, is selected."""
        if subnet is None or subnet.network is None:
            return [subnet]
        return [other for other in self.subnets if other.network == subnet.network and other.is_open_to(classes)]

    def options(self, subnet, classes):
        """Returns what Kea is configured to send to members of these classes in a subnet."""
        of_classes = [made for made in self.config.get("client-classes", []) if made["name"] in classes]
        own = subnet.options if subnet else []
        return own + [option for place in (self.config, *of_classes) for option in _options(place)]

    def shortest_lifetime(self, classes):
        """Returns the minimum number of seconds that leases last, according to Kea's configuration."""
        made = [made for made in self.config.get("client-classes", []) if made["name"] in classes]
        return min(place["valid-lifetime"] for place in (self.config, *made) if place.get("valid-lifetime"))


def _options(place):
    return [
        Sent(option["space"], option["code"], option.get("data", ""), option.get("always-send", False))
        for option in place.get("option-data", [])
    ]


def _guard(place):
    """Returns the classes of which a client must have one; none for a place that is open to all."""
    return set(place.get("client-classes") or ([place["client-class"]] if place.get("client-class") else []))


def _is_open(guard, classes):
    return not guard or not guard.isdisjoint(classes)


def _leases_of(host):
    return [*([host["ip-address"]] if "ip-address" in host else []), *host.get("ip-addresses", []), *host.get("prefixes", [])]


def _is_large(pool):
    """Whether it has more than a single address or prefix."""
    if "prefix" in pool:
        return pool["delegated-len"] > pool["prefix-len"]
    return not pool["pool"].endswith(("/32", "/128"))  # the form in which config-get returns the range of one address


def _lies_in(lease, pool):
    address = ipaddress.ip_address(lease.split("/")[0])
    if "prefix" in pool:
        return address in ipaddress.ip_network(f"{pool['prefix']}/{pool['prefix-len']}")
    if "/" in lease:
        return False
    first, dash, last = pool["pool"].partition("-")
    if not dash:
        return address in ipaddress.ip_network(first.strip())
    return ipaddress.ip_address(first.strip()) <= address <= ipaddress.ip_address(last.strip())


def _first(subnets, is_meant):
    return next((subnet for subnet in subnets if is_meant(subnet)), None)


def _holding(subnets, address):
    return _first(subnets, lambda subnet: subnet.holds(address))
