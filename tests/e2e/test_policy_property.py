# SPDX-License-Identifier: MPL-2.0
"""Random configurations, clients and queries: no unregistered client holds a lease where a model allows none.

A client that requests new leases is offered them if the model knows a subnet with room that is open to it. And each
query gets what is explained of it beforehand, see lab/explained.py.
"""

import random
from collections import Counter

from scapy.layers.dhcp6 import DHCP6_Solicit

from lab import config, dhcp4, dhcp6, registry
from lab.control import ID_TYPE
from lab.placement_model import REGISTERED, UNREGISTERED, Model, Place, Record, Scope, Vlan, record_of
from lab.tries import held, server_id_of

ROUNDS, CLIENTS, QUERIES = 8, 8, 60
NUMBERS = range(50, 80)  # of subnets
NOWHERE = (7, 8)
# What relays may say of where a client is, and how much of that a prefix has.
PORTS, PORT_PREFIXES = (b"sw1/1", b"sw1/2", b"sw2/1"), (2, 3)
LINES, LINE_PREFIXES = (b"\0\0\0\x09line-1", b"\0\0\0\x09line-2"), (4,)
PORT_TYPE = {4: "CIRCUIT_ID", 6: "INTERFACE_ID"}
NAMES = {"HW_ADDR": "hw-address", "DUID": "duid", "CIRCUIT_ID": "circuit-id", "INTERFACE_ID": "interface-id", "REMOTE_ID": "remote-id"}
SOON = 0.05  # answers come sooner; what comes later is seen in the lease file
PATIENCE = 5  # with answers that must come


class Round:
    """A random configuration in force, its clients and its model."""

    def __init__(self, site, rng):
        self._site, self._rng = site, rng
        self.counts = Counter()
        numbers = iter(rng.sample(NUMBERS, len(NUMBERS)))
        sizes = [rng.randint(1, 3) for _ in range(rng.randint(1, 3))]
        self._numbers = [[next(numbers) for _ in range(size)] for size in sizes]
        self._vlans = [self._vlan(number, subnets) for number, subnets in enumerate(self._numbers, 1)]
        self._full = {number for number in self._all_numbers() if rng.random() < 0.25}
        parameters = self._settings()
        self.model = Model(self._vlans, parameters)
        self._order = self._identifiers()
        self._clients = [self._client() for _ in range(CLIENTS)]
        self._put_in_force(parameters)
        self._rows_seen = len(site.server.lease_rows())
        self._server_id = server_id_of(site) if site.family == 6 else config.SERVER4
        self._records = self._all_records()
        self._registered = {record for record in self._records if rng.random() < (0.2 if record.is_prefix else 0.6)}
        self._register()

    def _all_numbers(self):
        return [number for numbers in self._numbers for number in numbers]

    def _settings(self):
        """Random settings for a subnet, a network, or the parameters."""
        rng, said = self._rng, {}
        if rng.random() < 0.3:
            said["unregistered-clients"] = rng.choice(["restrict", "restrict", "drop", "classify"])
        if rng.random() < 0.5:
            said["restricted-subnet-id"] = rng.choice(self._all_numbers())
        if rng.random() < 0.3:
            said["nak-moved-clients"] = rng.choice([True, False])
        return said

    def _vlan(self, number, subnets):
        rng, guards = self._rng, [None, None, None, REGISTERED, UNREGISTERED]
        places = [Place(each, rng.choice(guards), self._settings() if rng.random() < 0.3 else {}) for each in subnets]
        says = self._settings()
        if rng.random() < 0.5:
            says["restricted-subnet-id"] = rng.choice(subnets)
        return Vlan(number, places, says)

    def _identifiers(self):
        """Random types by which clients are looked up, in this order; none for their ids alone."""
        family = self._site.family
        others = self._rng.sample([PORT_TYPE[family], "REMOTE_ID"], self._rng.randint(0, 2))
        order = [ID_TYPE[family], *others]
        self._rng.shuffle(order)
        return order if others else []

    def _client(self):
        rng, family = self._rng, self._site.family
        vlan, port, line = rng.choice(self._vlans), rng.choice([*PORTS, None]), rng.choice([*LINES, None, None])
        kind = {} if family == 4 else rng.choice([{}, {"na": [], "pd": [1]}, {"na": [1], "pd": [1]}])
        client = self._site.client(**kind, **self._behind(self._relay(vlan), port, line))
        client.vlan, client.leases, client.allowed, client.registered = vlan, [], None, None
        said = {ID_TYPE[family]: self._id_of(client), PORT_TYPE[family]: port, "REMOTE_ID": line}
        client.identifiers = [(kind, said[kind]) for kind in self._order if said[kind]]
        client.asked = []  # what queries allowed that the server may still be processing
        return client

    def _id_of(self, client):
        return client.hardware if self._site.family == 4 else client.duid

    def _behind(self, relay, port, line):
        """Returns how a client is created behind a relay that says this of where it is."""
        if self._site.family == 6:
            said = [(code, data) for code, data in ((dhcp6.INTERFACE_ID, port), (dhcp6.REMOTE_ID, line)) if data]
            return {"relays": [(relay, said)]}
        said = {name: data for name, data in (("circuit_id", port), ("remote_id", line)) if data}
        return {"relay": relay, "options": [dhcp4.agent(**said)] if said else []}

    def _all_records(self):
        """The ids that are in the registry from time to time: of clients, of what relays say, and of prefixes."""
        own, port = ID_TYPE[self._site.family], PORT_TYPE[self._site.family]
        ids = [(own, self._id_of(client)) for client in self._clients]
        ids += [(port, each) for each in PORTS] + [("REMOTE_ID", each) for each in LINES]
        prefixes = {(own, ids[0][1][:-2])} | {(port, each[:length]) for each in PORTS for length in PORT_PREFIXES}
        prefixes |= {("REMOTE_ID", each[:length]) for each in LINES for length in LINE_PREFIXES}
        return [Record(*each, False, self._scope()) for each in ids] + [
            Record(*each, True, self._scope()) for each in sorted(prefixes)
        ]

    def _scope(self):
        """A random scope of a registration; it may name subnets that are not configured."""
        rng = self._rng
        if rng.random() < 0.4:
            return None
        numbers = rng.sample([*self._all_numbers(), *NOWHERE], rng.randint(1, 2))
        return Scope(tuple(numbers), (rng.choice(self._vlans).number,) if rng.random() < 0.3 else ())

    def _is_registered(self, client, address=None):
        """Whether the registration is valid where the query comes from; `address` is renewed past all relays."""
        record = self._record_of(client, address is not None)
        if record is None or address is None:
            return record is not None and self.model.holds(record.scope, client.vlan)
        return self.model.holds_by_address(record.scope, config.subnet_of(address))

    def _record_of(self, client, is_past_the_relay=False):
        """Returns the record that decides on a client, None for none. Past the relay nobody says where the client is."""
        own = (ID_TYPE[self._site.family], self._id_of(client))
        return record_of([own] if is_past_the_relay else client.identifiers or [own], self._registered)

    @staticmethod
    def _line(record):
        """Returns a record as a line of the registry."""
        scope = record.scope or Scope((), ())
        named = {"subnets": scope.numbers, "shared-networks": [f"vlan{number}" for number in scope.vlans]}
        attributes = {name: ", ".join(map(str, each)) for name, each in named.items() if each}
        return (registry.prefix if record.is_prefix else registry.record)(record.type, record.id, **attributes)

    def _relay(self, vlan):
        """Returns an address outside of all subnets, so that the shared network, or the subnet, must name the relay."""
        return config.relay_address(self._site.family, 90 + vlan.number)

    def _put_in_force(self, parameters):
        family, rng = self._site.family, self._rng
        reservations = {number: [] for number in self._all_numbers()}
        for suffix, client in enumerate(self._clients):  # each address for one of them
            if rng.random() < 0.3:
                number = rng.choice(self._all_numbers())
                reservations[number].append(self._reservation(client, self._leases_in(client, number, suffix)))
        networks = []
        for vlan in self._vlans:
            subnets = [self._subnet(place, reservations[place.number]) for place in vlan.places]
            says = {"user-context": {"user-chk": vlan.says}}
            made = config.network(family, *subnets, relay=self._relay(vlan), **says)
            networks.append({**made, "name": f"vlan{vlan.number}"})
        if self._order:
            parameters = {**parameters, "identifiers": [NAMES[kind] for kind in self._order]}
        self._site.change_to(networks=networks, **parameters)

    def _subnet(self, place, reservations):
        full, says = place.number in self._full, {"user-context": {"user-chk": place.says}}
        made = config.place(self._site.family, place.number, full=full, reservations=reservations, **says)
        return {**made, **(config.guard(place.guard) if place.guard else {})}

    def _reservation(self, client, leases):
        if self._site.family == 4:
            return {"hw-address": client.id, "ip-address": leases[0]}
        return {"duid": client.id, ("ip-addresses" if client.na else "prefixes"): leases[:1]}

    def _leases_in(self, client, number, suffix):
        if self._site.family == 4:
            return [config.host(4, number, suffix)]
        return [config.host(6, number, suffix) for _ in client.na] + [config.prefix(number, suffix) for _ in client.pd]

    def _register(self):
        self._site.registry.write(*(self._line(record) for record in self._records if record in self._registered))

    def step(self):
        """Sends one query of one client; a record may be added or removed before."""
        client = self._rng.choice(self._clients)
        if self._rng.random() < 0.3:
            self._registered ^= {self._rng.choice(self._records)}
            self._register()
        # The lease that it names: its own, or one that it would like to have.
        wanted = client.leases
        if not wanted or self._rng.random() < 0.4:
            wanted = self._leases_in(client, self._rng.choice(self._all_numbers()), self._rng.randint(0, 99))
        self._expect(client)
        lease = held(self._site, client, wanted, self._server_id)
        answer = (self._ask4 if self._site.family == 4 else self._ask6)(client, lease)
        client.asked.append(client.allowed)
        self._check(client, answer)
        if answer:
            client.asked = [client.allowed]

    def _expect(self, client):
        client.registered = self._is_registered(client)
        client.allowed = None if client.registered else self.model.allowed(client.vlan)

    def _ask4(self, client, lease):
        named = ("requested_addr", lease.yiaddr)
        ask = self._rng.choice(
            [
                lambda: self._new(client, client.discover),
                lambda: self._new(client, lambda **how: client.exchange(dhcp4.DISCOVER, named, **how)),
                lambda: client.request(lease, timeout=SOON),
                lambda: client.request(lease, timeout=SOON),
                lambda: client.reboot(lease.yiaddr, timeout=SOON),
                lambda: client.rebind(lease, timeout=SOON),
                lambda: self._renew_past_the_relay(client, lease),
            ]
        )
        return ask()

    def _new(self, client, asks):
        """Sends a query for new leases, which must be offered if there is room."""
        must = not self.model.served_from(client.vlan, client.registered).isdisjoint(self._roomy())
        answer = asks(timeout=PATIENCE if must else SOON)
        if must:
            self.counts["registered" if client.registered else "stranger", "had to be served"] += 1
            assert answer is not None, f"silence for {client.id} on {client.vlan}"
            wanted = len(client.na) + len(client.pd) if self._site.family == 6 else 1
            assert len(set(answer.leases) - {"0.0.0.0"}) == wanted, f"{answer.leases} for {client.id} on {client.vlan}"
        return answer

    def _roomy(self):
        return set(self._all_numbers()) - self._full

    def _renew_past_the_relay(self, client, lease):
        client.registered = self._is_registered(client, lease.yiaddr)
        by_address = self.model.allowed_by_address(config.subnet_of(lease.yiaddr))
        client.allowed = None if client.registered else by_address
        return self._site.client_with(client.hardware).renew(lease, timeout=SOON)

    def _ask6(self, client, lease):
        ask = self._rng.choice(
            [
                lambda: self._new(client, client.solicit),
                lambda: self._new(client, lambda **how: client.exchange(DHCP6_Solicit, leases=lease, **how)),
                lambda: client.request(lease, timeout=SOON),
                lambda: client.request(lease, timeout=SOON),
                lambda: client.renew(lease, timeout=SOON),
                lambda: client.rebind(lease, timeout=SOON),
            ]
        )
        return ask()

    def _check(self, client, answer):
        """Checks that the model allows the answer, and what was added to the lease file meanwhile.

        If the configuration has its own guards, Kea may store a lease that the client is not told of.
        """
        leases = [lease for lease in answer.leases if lease != "0.0.0.0"] if answer else []
        kind = "registered" if client.registered else "stranger"
        self._count_record(client)
        self.counts[kind, "granted" if leases else "not granted"] += 1
        if leases:
            client.leases = leases
        if client.allowed is not None:
            assert {config.subnet_of(lease) for lease in leases} <= client.allowed
        rows = self._site.server.lease_rows()
        for row in rows[self._rows_seen :]:
            self._check_row(row)
        self._rows_seen = len(rows)

    def _count_record(self, client):
        """Returns what kind of record has decided."""
        record = self._record_of(client)
        if record is not None:
            self.counts["prefix" if record.is_prefix else "whole id"] += 1
            self.counts["its own id" if record.type == ID_TYPE[self._site.family] else "where it is"] += 1
            if not client.registered:
                self.counts["out of scope"] += 1

    def _check_row(self, row):
        column = "hwaddr" if self._site.family == 4 else "duid"
        owners = [client for client in self._clients if client.id == row[column]]
        guarded = {place.number for vlan in self._vlans for place in vlan.places if place.guard}
        if row["state"] == "0" and row["valid_lifetime"] != "0" and int(row["subnet_id"]) not in guarded:
            for owner in owners:
                allowed = (each is None or int(row["subnet_id"]) in each for each in owner.asked)
                assert any(allowed), row


def test_no_stranger_holds_a_lease_outside_of_its_restricted_subnet(site, explained, pytestconfig):
    seed = pytestconfig.option.seed
    counts = Counter()
    for number in range(ROUNDS):
        # Printed when the test fails; --seed repeats it.
        print(f"seed {seed}, round {number}")
        site.begin()
        round_ = Round(site, random.Random(f"{seed}-{number}"))
        for _ in range(QUERIES):
            round_.step()
        counts += round_.counts
        assert site.server.is_running()
    print(counts, explained)
    # The result is meaningful: there were enough of each.
    for each in (("registered", "granted"), ("stranger", "granted"), ("stranger", "not granted")):
        assert counts[each] > ROUNDS * QUERIES / 60, each
    for who in ("registered", "stranger"):
        assert counts[who, "had to be served"], who
    for record in ("out of scope", "whole id", "prefix", "its own id", "where it is"):
        assert counts[record] > ROUNDS * QUERIES / 60, record
    for each in (("selected", "granted"), ("restricted", "granted")):
        assert explained[each] > ROUNDS * QUERIES / 60, each
