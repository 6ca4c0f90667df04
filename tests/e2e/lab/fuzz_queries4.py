# SPDX-License-Identifier: MPL-2.0
"""Random DHCPv4 queries as bytes, valid and corrupt: of all types, including BOOTP, direct, relayed, past the relay."""

import socket
import struct
from collections import namedtuple

from lab import config
from lab.fuzz_mutation import mutated

# What is sent: the UDP payload, with source address and port, and destination address. `link` is the client's, None
# when the model does not know it; `spoiled` tells that no client would send this payload.
Query = namedtuple("Query", "xid payload source port target link spoiled")

DISCOVER, REQUEST, DECLINE, RELEASE, INFORM = 1, 3, 4, 7, 8
_COOKIE = bytes([99, 130, 83, 99])
_ANY, _BROADCAST = "0.0.0.0", "255.255.255.255"


class Queries4:
    """Creates queries of the clients of a layout; note() tells it what they were granted."""

    def __init__(self, rng, layout):
        self._rng, self._layout = rng, layout
        self._leases = {}  # by client: the addresses that it was given
        self._last = b""

    def note(self, client, leases, _server_id):
        self._leases.setdefault(client, []).extend(leases)

    def sentinel(self, client):
        """A query that is always answered: its client is registered, and its subnet has room."""
        relay = config.relay_address(4, 89)
        xid, payload = self._pack(client, 1, relay, _ANY, [(53, bytes([DISCOVER]))])
        return Query(xid, payload, relay, 67, config.SERVER4, None, False)

    def make(self):
        """A query; one in three is corrupt."""
        query = self._valid()
        if self._rng.random() < 0.33:
            payload = mutated(self._rng, query.payload, self._last)
            xid = struct.unpack_from("!I", payload, 4)[0] if len(payload) >= 8 else query.xid
            query = query._replace(payload=payload, xid=xid, link=None, spoiled=True)
        self._last = query.payload
        return query

    def _valid(self):
        rng, layout = self._rng, self._layout
        person, link = rng.choice(layout.people), rng.choice(layout.links)
        kind = rng.choice([None, DISCOVER, DISCOVER, DISCOVER, REQUEST, REQUEST, REQUEST, REQUEST, DECLINE, RELEASE, INFORM])
        address = self._address(person.id)
        ciaddr, options = self._about(kind, address)
        options = [*options, *self._more(person)]
        giaddr = link.relay or _ANY
        if past := ciaddr != _ANY and rng.random() < 0.5:
            giaddr = _ANY
        relayed = giaddr != _ANY
        if relayed and rng.random() < 0.4:
            options.append((82, self._agent(person)))
        rng.shuffle(options)
        if kind is not None:
            options.insert(rng.choice([0, 0, len(options)]), (53, bytes([kind])))
        xid, payload = self._pack(person.id, rng.randint(1, 4) if relayed else 0, giaddr, ciaddr, options, kind)
        known = link if not past and not self._moves(options) and (relayed or ciaddr == _ANY) else None
        if relayed:
            return Query(xid, payload, giaddr, 67, config.SERVER4, known, False)
        return Query(xid, payload, ciaddr, 68, config.SERVER4 if past else _BROADCAST, known, False)

    def _address(self, client):
        """Returns an address that the client holds or was offered, or that it would like to have."""
        held = self._leases.get(client)
        if held and self._rng.random() < 0.7:
            return held[-1] if self._rng.random() < 0.7 else self._rng.choice(held)
        return config.host(4, self._rng.choice(self._layout.numbers), self._rng.randint(0, 15))

    def _about(self, kind, address):
        """Returns (ciaddr, options) that name an address, in the combinations of RFC 2131's states, and in others."""
        rng, wanted = self._rng, (50, socket.inet_aton(address))
        server = (54, socket.inet_aton(config.SERVER4 if rng.random() < 0.9 else "10.1.0.99"))
        if kind == REQUEST:
            return rng.choice(
                [
                    (_ANY, [wanted, server]),
                    (_ANY, [wanted, server]),
                    (_ANY, [wanted]),
                    (address, []),
                    (address, [wanted, server]),
                    (_ANY, [server]),
                    (_ANY, []),
                ]
            )
        if kind in (DECLINE, RELEASE):
            return rng.choice([(_ANY, [wanted, server]), (address, [server]), (address, [])])
        if kind == INFORM:
            return rng.choice([(address, []), (address, [server]), (_ANY, [])])
        return rng.choice([(_ANY, []), (_ANY, []), (_ANY, [wanted]), (address, [])])

    def _more(self, person):
        rng = self._rng
        options = [
            (55, rng.randbytes(rng.randint(1, 12))),
            (12, b"host.example.com"),
            (81, b"\x01\0\0fqdn.example.com"),
            (60, b"PXEClient"),
            (77, b"\x04user"),
            (57, struct.pack("!H", rng.choice([0, 576, 1500, 65535]))),
            (51, struct.pack("!I", rng.choice([0, 60, 0xFFFFFFFF]))),
            (80, b""),
            (124, struct.pack("!IB", 4491, 3) + b"abc"),
            (rng.randint(1, 254), rng.randbytes(rng.randint(0, 20))),
            (118, socket.inet_aton(config.host(4, rng.choice(self._layout.numbers), 0))),
        ]
        chosen = rng.sample(options, rng.choice([0, 0, 1, 1, 2, 4]))
        chosen = [option for option in chosen if option[0] not in (50, 53, 54, 61, 82)]
        return [*chosen, (61, person.client_id)] if rng.random() < 0.6 else chosen

    def _agent(self, person):
        """Returns what a relay adds: circuit ID, remote ID, sometimes another link or server identifier."""
        rng = self._rng
        parts = [(1, person.circuit), (2, b"remote"), (6, b"subscriber"), (11, socket.inet_aton(config.SERVER4))]
        parts.append((5, socket.inet_aton(config.host(4, rng.choice(self._layout.numbers), 0))))
        weights = rng.choice([parts[:1], parts[:2], parts[:3], parts[:1] + parts[3:4], parts[4:], parts])
        return _options(weights)

    @staticmethod
    def _moves(options):
        """Whether options select a subnet: subnet selection, or the relay's link selection."""
        return any(code == 118 or (code == 82 and b"\x05\x04" in data) for code, data in options)

    def _pack(self, client, hops, giaddr, ciaddr, options, kind=DISCOVER):
        rng = self._rng
        xid = rng.getrandbits(32)
        flags = rng.choice([0x8000, 0x8000, 0])
        header = struct.pack("!BBBBIHH", 1, 1, len(client), hops, xid, rng.choice([0, 0, 300]), flags)
        addresses = b"".join(socket.inet_aton(each) for each in (ciaddr, _ANY, _ANY, giaddr))
        body = header + addresses + client.ljust(16, b"\0") + bytes(192)
        if kind is None and rng.random() < 0.3:
            return xid, body + bytes(64)
        return xid, (body + _COOKIE + _options(options) + b"\xff").ljust(300, b"\0")


def _options(options):
    return b"".join(bytes([code, len(data)]) + data for code, data in options)
