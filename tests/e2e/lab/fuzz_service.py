# SPDX-License-Identifier: MPL-2.0
"""Checks that each client whose side has a free lease is served from it: four-way exchanges, whatever happened before."""

import ipaddress

from lab import config
PATIENCE = 2  # a server that answers does so within milliseconds


class Service:
    """Requests leases where a layout is in force."""

    def __init__(self, world, layout, standing):
        self._world, self._layout, self._standing = world, layout, standing

    def check(self, client_id, link):
        """Makes an exchange for one client. Returns the findings as texts."""
        if self._standing.get(client_id) == "deny":
            return
        registered = self._standing.get(client_id) == "allow"
        side = self._layout.side(link, registered)
        kinds = self._layout._rng.choice([((1,), ()), ((), (1,)), ((1,), (1,)), ((1, 2), (1, 2))])
        wanted = [[], []] if self._world.family == 4 else kinds
        rooms = [self._room(side, what) for what in ("na", "pd")]
        who = f"{'registered' if registered else 'stranger'} {client_id.hex(':')} on {link.name}"
        who += f" of {sorted(link.subnets)}, side {sorted(side)} with room for {rooms}"
        if self._world.family == 4:
            yield from self._check4(client_id, link, side, rooms[0], registered, who)
        else:
            yield from self._check6(client_id, link, side, wanted, rooms, registered, who)

    def _check4(self, client_id, link, side, room, registered, who):
        client = self._world.client_with(client_id, relay=link.relay)
        response = client.discover(timeout=PATIENCE if room else 0.1)
        if response is not None and response.type == 2:
            response = client.request(response, timeout=PATIENCE)
        if response is None or response.type != 5:
            if room:
                yield f"not served: {who}, {'silence' if response is None else f'message {response.type}'}"
            return
        if response.subnet not in side and not self._layout.keeps_reservation(link, client_id, registered):
            yield f"served from {response.subnet}: {who}"

    def _check6(self, client_id, link, side, wanted, rooms, registered, who):
        na, pd = wanted
        who += f", asks for {len(na)} addresses, {len(pd)} prefixes"
        client = self._world.client_with(client_id, na=na, pd=pd, relays=[link.relay] if link.relay else [])
        enough = bool(na and rooms[0]) or bool(pd and rooms[1])
        response = client.solicit(timeout=PATIENCE if enough else 0.1)
        if response is not None:
            response = client.request(response, timeout=PATIENCE)
        if response is None:
            if enough:
                yield f"not served: {who}, silence"
            return
        if not response.subnets <= side and not self._layout.keeps_reservation(link, client_id, registered):
            yield f"served from {sorted(response.subnets)}: {who}"
        for name, asked, got, room in (("addresses", na, response.addresses, rooms[0]), ("prefixes", pd, response.prefixes, rooms[1])):
            if len({iaid for iaid, _ in got}) < min(len(asked), room):
                yield f"not served: {who}, got {len(got)} {name}, statuses {response.ia_status}"

    def _room(self, side, what):
        """Returns how many leases of the subnets are neither held nor reserved by anyone else; many if there is no limit."""
        sizes = {number: self._layout.sizes[number] for number in side}
        if None in sizes.values():
            return 1000
        taken = {_lease(row) for row in self._world.server.leases()}
        for hosts in self._layout.reservations.values():
            for host in hosts:
                taken |= {host.get("ip-address"), *host.get("ip-addresses", []), *host.get("prefixes", [])}
        return sum(
            not any(_overlap(lease, other) for other in taken if other)
            for number, size in sizes.items()
            for lease in _pool(self._world.family, number, size, what)
        )


def _pool(family, number, size, what):
    if what == "na":
        return [config.host(family, number, suffix) for suffix in range(size)]
    if family == 4:
        return []
    whole = ipaddress.ip_network(f"2001:db8:{number}00::/40")
    return [str(each) for each in whole.subnets(prefixlen_diff=size.bit_length() - 1)]


def _lease(row):
    is_prefix = row.get("lease_type") == "2"
    return f"{row['address']}/{row['prefix_len']}" if is_prefix else row["address"]


def _overlap(one, other):
    if ("/" in one) != ("/" in other):
        return False
    if "." in one or "." in other:
        return one == other
    return ipaddress.ip_network(one).overlaps(ipaddress.ip_network(other, strict=False))
