# SPDX-License-Identifier: MPL-2.0
"""Random DHCPv6 queries as bytes, valid and corrupt: of all types, for several leases at once, through several relays."""

import socket
import struct

from lab import config
from lab.fuzz_mutation import mutated
from lab.fuzz_queries4 import Query

SOLICIT, REQUEST, CONFIRM, RENEW, REBIND, RELEASE, DECLINE, INFORMATION_REQUEST = 1, 3, 4, 5, 6, 8, 9, 11
RELAY_FORWARD = 12
_KINDS = [SOLICIT] * 4 + [REQUEST] * 4 + [RENEW] * 2 + [REBIND] * 2 + [CONFIRM, RELEASE, DECLINE, INFORMATION_REQUEST]


class Queries6:
    """Creates queries of the clients of a layout; note() takes what a server granted them, and which server it was."""

    def __init__(self, rng, layout):
        self._rng, self._layout = rng, layout
        self._leases = {}  # by client: the addresses, and prefixes with their lengths, that it was given
        self._server_id = b"\0\3\0\1" + bytes(6)
        self._last = b""

    def note(self, client, leases, server_id):
        self._leases.setdefault(client, []).extend(leases)
        self._server_id = server_id or self._server_id

    def sentinel(self, client):
        """A query that is always answered: its client is registered, and its subnet has room."""
        xid = self._rng.getrandbits(24)
        message = _message(SOLICIT, xid, [(1, client), (3, struct.pack("!III", 1, 0, 0))])
        relay = config.relay_address(6, 89)
        return Query(xid, self._relayed(message, [relay]), None, 547, None, None, False)

    def make(self):
        """A query; one in three is corrupt, either itself or its relays."""
        query, spoil = self._valid(), self._rng.random() < 0.33
        if spoil:
            payload = mutated(self._rng, query.payload, self._last)
            while _ends_kea_3(payload):
                payload = mutated(self._rng, query.payload, self._last)
            query = query._replace(payload=payload, link=None, spoiled=True)
        self._last = query.payload
        return query

    def _valid(self):
        rng, layout = self._rng, self._layout
        person, link = rng.choice(layout.people), rng.choice(layout.links)
        kind, xid = rng.choice(_KINDS), rng.getrandbits(24)
        options = [(8, b"\0\0"), *self._more()]
        if rng.random() < 0.95:
            options.append((1, person.id))
        if kind in (REQUEST, RENEW, RELEASE, DECLINE) or rng.random() < 0.05:
            options.append((2, self._server_id if rng.random() < 0.95 else b"\0\3\0\1\1\2\3\4\5\6"))
        if kind == SOLICIT and rng.random() < 0.2:
            options.append((14, b""))
        if kind != INFORMATION_REQUEST or rng.random() < 0.1:
            options += [self._association(person.id) for _ in range(rng.choice([1, 1, 2, 3, 5]))]
        rng.shuffle(options)
        message = _message(kind, xid, options)
        if link.relay is None:
            return Query(xid, message, None, 546, None, link, False)
        relays = [link.relay, *(rng.choice(self._outer_relays()) for _ in range(rng.choice([0, 0, 1, 3])))]
        return Query(xid, self._relayed(message, relays), None, 547, None, link, False)

    def _outer_relays(self):
        return ["::", config.relay_address(6, 99), *(link.relay for link in self._layout.links if link.relay)]

    def _association(self, client):
        """An IA_NA, IA_TA or IA_PD with no lease, one, or several."""
        rng, iaid = self._rng, struct.pack("!I", self._rng.randint(1, 3))
        code = rng.choice([3, 3, 3, 25, 25, 4])
        held = [self._lease_option(code, client) for _ in range(rng.choice([0, 0, 1, 1, 1, 2]))]
        return code, iaid + (b"" if code == 4 else bytes(8)) + _options(held)

    def _lease_option(self, code, client):
        rng, times = self._rng, self._rng.choice([bytes(8), struct.pack("!II", 100, 200)])
        held = [lease for lease in self._leases.get(client, []) if ("/" in lease) == (code == 25)]
        number, suffix = rng.choice(self._layout.numbers), rng.randint(0, 15)
        if code == 25:
            lease = held[-1] if held and rng.random() < 0.7 else config.prefix(number, suffix)
            address, length = lease.split("/")
            return 26, times + bytes([int(length)]) + socket.inet_pton(socket.AF_INET6, address)
        lease = held[-1] if held and rng.random() < 0.7 else config.host(6, number, suffix)
        return 5, socket.inet_pton(socket.AF_INET6, lease) + times

    def _more(self):
        rng = self._rng
        options = [
            (6, struct.pack("!HHH", 17, 23, rng.randrange(65536))),
            (15, b"\0\4user"),
            (16, struct.pack("!IH", 4491, 3) + b"abc"),
            (17, struct.pack("!IHHHH", 4491, 1, 4, 32, 33)),
            (39, b"\1\4fqdn\7example\3com\0"),
            (20, b""),
            (rng.randint(50, 200), rng.randbytes(rng.randint(0, 20))),
        ]
        return rng.sample(options, rng.choice([0, 0, 1, 2, 3]))

    def _relayed(self, message, relays):
        """Through relays; the first one is closest to the client."""
        rng = self._rng
        for hops, link in enumerate(relays):
            options = [(9, message)]
            extra = [(18, b"port7"), (37, struct.pack("!I", 9) + b"remote"), (38, b"line7"), (79, b"\0\1\2\xee\0\0\0\7")]
            options += rng.sample(extra, rng.choice([0, 0, 1, 2]))
            rng.shuffle(options)
            peer = socket.inet_pton(socket.AF_INET6, "fe80::1")
            header = bytes([RELAY_FORWARD, hops]) + socket.inet_pton(socket.AF_INET6, link) + peer
            message = header + _options(options)
        return message


def _ends_kea_3(payload):
    """Whether a relay message, or one inside it, has no options at all, which crashes kea-dhcp6 3.0.4 without any hook."""
    while payload and payload[0] in (RELAY_FORWARD, 13):
        if len(payload) <= 34:
            return len(payload) == 34
        payload = _relayed_message(payload[34:])
    return False


def _relayed_message(data):
    while len(data) >= 4:
        code, length = struct.unpack_from("!HH", data)
        if code == 9:
            return data[4 : 4 + length]
        data = data[4 + length :]
    return b""


def _message(kind, xid, options):
    return bytes([kind]) + xid.to_bytes(3, "big") + _options(options)


def _options(options):
    return b"".join(struct.pack("!HH", code, len(data)) + data for code, data in options)
