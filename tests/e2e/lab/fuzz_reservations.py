# SPDX-License-Identifier: MPL-2.0
"""Random host reservations for the clients of a random configuration: in a subnet, outside of its pools, global."""

from lab import config

ELSEWHERE = 77  # as if in a subnet that the server does not have


def reserve(layout):
    """Returns (the server's reservation flags, the reservations by subnet id and under "global")."""
    rng, reservations = layout._rng, {}
    flags = _flags(rng)
    everywhere = [number for link in layout.links for number in link.subnets] + layout._quarantines
    for suffix, person in enumerate(layout.people):
        if person.reserved is None:
            continue
        number = rng.choice(everywhere)
        where = "global" if person.reserved == "global" else number
        if where == "global" and rng.random() < 0.3:
            number = ELSEWHERE
        leases = _leases(layout.family, number, suffix, person.reserved == "out of pool")
        reservations.setdefault(where, []).append({**_by(layout.family, rng, person), **_granted(layout, leases)})
    return flags, reservations


def _flags(rng):
    in_subnet = rng.random() < 0.7
    flags = {
        "reservations-global": rng.random() < 0.6,
        "reservations-in-subnet": in_subnet,
        "reservations-out-of-pool": in_subnet and rng.random() < 0.3,
    }
    if rng.random() < 0.3:
        flags["early-global-reservations-lookup"] = True
    return flags


def _leases(family, number, suffix, out_of_pool):
    """Returns an address, and also a prefix if the subnet has some."""
    if family == 4:
        return [f"10.{number}.{250 if out_of_pool else 1}.{suffix}"]
    address = f"2001:db8:{number}::{'2' if out_of_pool else '1'}:{suffix}"
    return [address, config.prefix(number, suffix)]


def _by(family, rng, person):
    if family == 4:
        by = rng.choice(["hw-address", "hw-address", "client-id", "circuit-id"])
        value = {"hw-address": person.id, "client-id": person.client_id, "circuit-id": person.circuit}[by]
        return {by: value.hex()} if by != "hw-address" else {by: value.hex(":")}
    if rng.random() < 0.7:
        return {"duid": person.id.hex(":")}
    return {"hw-address": person.id[4:].hex(":")}


def _granted(layout, leases):
    rng = layout._rng
    more = {"hostname": "fuzz.example.com"} if rng.random() < 0.2 else {}
    if layout.wild and rng.random() < 0.2:
        more["client-classes"] = ["FUZZED"]
    if layout.family == 4:
        return {"ip-address": leases[0], **more}
    address, prefix = leases
    kinds = rng.choice([{"ip-addresses": [address]}, {"prefixes": [prefix]}, {"ip-addresses": [address], "prefixes": [prefix]}])
    return {**kinds, **more}
