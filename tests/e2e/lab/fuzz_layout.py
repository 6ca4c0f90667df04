# SPDX-License-Identifier: MPL-2.0
"""Random configurations of a server with the library, and a model of where clients may, and must, be served.

An "exact" layout has nothing that the model does not know. A "wild" one also has the operator's own guards and contexts
on subnets of shared networks; there the model only says where unregistered clients must not get a lease.
"""

from collections import namedtuple

from lab import config
from lab.fuzz_reservations import reserve
from lab.placement_model import REGISTERED, UNREGISTERED
from lab.net import IFACE

NUMBERS = range(50, 80)  # of subnets
HAVEN = 40  # the subnet of the client that checks whether the server is alive
CLIENTS = 10

OTHER_IDENTIFIERS = {
    4: ["duid", "client-id", "circuit-id", "remote-id", "subscriber-id", "flex-id"],
    6: ["hw-address", "interface-id", "remote-id", "subscriber-id", "flex-id"],
}
EXPRESSIONS = {
    4: ["concat(relay4[1].hex, pkt4.mac)", "option[61].hex", "uint32totext(option[61].hex)", "vendor-class[*].data[0]"],
    6: ["relay6[0].option[18].hex", "substring(option[1].hex, 4, all)", "uint32totext(option[1].hex)", "vendor[4491].option[1].hex"],
}

# The subnets behind a relay, or on the server's own link if there is no relay; `settings` are those in force there,
# `restricted` the subnets to which they may move an unregistered client, `own` the restricted one among the subnets.
Link = namedtuple("Link", "name relay subnets says settings restricted own")

# A client of the registry, or an unknown one: its identifiers, and the leases reserved for it.
Person = namedtuple("Person", "id client_id circuit reserved")


class Layout:
    """A random configuration, the clients that it knows, and the model of both."""

    def __init__(self, family, rng, wild):
        self.family, self.wild = family, wild
        self._rng = rng
        self._numbers = sorted(rng.sample(NUMBERS, len(NUMBERS)))[: rng.randint(8, 12)]
        self.sizes = {number: rng.choice([1, 2, 4, None, None]) for number in self._numbers}  # None: room for all
        self._rapid = rng.random() < 0.3
        self.parameters = self._choose_parameters()
        self.links = self._choose_links()
        self.people = [self._person(number) for number in range(CLIENTS)]
        self.flags, self.reservations = reserve(self)
        self.numbers = [number for link in self.links for number in link.subnets]
        self.numbers += [number for number in self._quarantines if number not in self.numbers]

    # --- the content

    def _choose_parameters(self):
        rng, said = self._rng, {}
        if rng.random() < 0.3:
            said["nak-moved-clients"] = rng.choice([True, False])
        if self.wild and rng.random() < 0.3:
            said["unregistered-clients"] = rng.choice(["restrict", "drop", "classify"])
        return said

    def identifiers(self):
        """Mostly other identifiers than the registry's, which are then read from each query and decide nothing."""
        rng = self._rng
        if rng.random() < 0.3:
            return {}
        own = {4: "hw-address", 6: "duid"}[self.family]
        others = rng.sample(OTHER_IDENTIFIERS[self.family], rng.randint(1, len(OTHER_IDENTIFIERS[self.family])))
        listed = rng.sample([own, *others], len(others) + 1)
        return {"identifiers": listed, **({"identifier_expression": rng.choice(EXPRESSIONS[self.family])} if "flex-id" in listed else {})}

    def _choose_links(self):
        """Networks and single subnets; without settings of their own, their restricted subnet is that of the parameters."""
        rng, numbers = self._rng, self._numbers[:]
        rng.shuffle(numbers)
        groups = [[numbers.pop() for _ in range(rng.choice([1, 2, 2, 3]))] for _ in range(rng.randint(1, 2))]
        networks = [group for group in groups if len(group) > 1]
        homes = [*networks, []] if networks else [[]]  # [] is a subnet without a relay
        home = rng.choice(homes)
        default = rng.choice(home) if home else numbers.pop()
        if rng.random() < 0.5:
            default = self._make_highest(groups, default)
        else:
            self.parameters["restricted-subnet-id"] = default
        self._quarantines = [default]
        self.default = default
        local = rng.choice([None, *range(len(groups))])
        return [self._link(number, group, number == local) for number, group in enumerate(groups)]

    def _make_highest(self, groups, default):
        """Swaps the default restricted subnet with the one of the highest id, which then needs no parameter."""
        highest = max([default, *[number for group in groups for number in group]])
        for group in groups:
            group[:] = [{default: highest, highest: default}.get(number, number) for number in group]
        return highest

    def _link(self, number, group, local):
        rng, says, own = self._rng, {}, None
        if self.default in group:
            own = self.default
        elif len(group) > 1 and rng.random() < 0.6:
            own = says["restricted-subnet-id"] = rng.choice(group)
        elif rng.random() < 0.25:
            says["unregistered-clients"] = rng.choice(["drop", "classify"])
        if rng.random() < 0.2:
            says["nak-moved-clients"] = rng.choice([True, False])
        relay = None if local else config.relay_address(self.family, 90 + number)
        settings = {**self.parameters, **says}
        restricted = {settings.get("restricted-subnet-id", self.default)}
        return Link(f"vlan{number}", relay, group, says, settings, restricted, own)

    def _person(self, number):
        rng = self._rng
        mac = bytes([2, 0xEE, 0, 0, rng.randrange(256), number])
        client_id = bytes([1]) + mac if rng.random() < 0.5 else b"\xff\0\0\0\1" + b"\0\3\0\1" + mac
        kind = rng.choice([None, None, "subnet", "subnet", "out of pool", "global", "global"])
        identity = mac if self.family == 4 else b"\0\3\0\1" + mac
        return Person(identity, client_id, bytes([0x63, number]), kind)

    # --- the configuration of a server

    def server(self):
        """Returns what differs from the server's usual configuration, for World.change_to()."""
        rng = self._rng
        said = dict(self.flags)
        if self.family == 4:
            said["authoritative"] = rng.choice([True, False])
            said["match-client-id"] = rng.choice([True, True, False])
        said["decline-probation-period"] = 3600
        said["reservations"] = self.reservations.get("global", [])
        return said

    def subnets(self):
        """Returns those in no shared network."""
        haven = config.place(self.family, HAVEN, relay={"ip-addresses": [config.relay_address(self.family, 89)]})
        alone = [haven]
        grouped = [number for link in self.links for number in link.subnets]
        alone += [self._place(number) for number in self._quarantines if number not in grouped]
        for link in self.links:
            if len(link.subnets) == 1:
                alone.append({**self._place(link.subnets[0]), **self._reached(link), **_context(link.says)})
        return alone

    def networks(self):
        made = []
        for link in self.links:
            if len(link.subnets) > 1:
                places = [self._member(number) for number in link.subnets]
                made.append(
                    {"name": link.name, f"subnet{self.family}": places, **self._reached(link), **_context(link.says)}
                )
        return made

    def _reached(self, link):
        return {"relay": {"ip-addresses": [link.relay]}} if link.relay else {"interface": IFACE}

    def _member(self, number):
        """A subnet of a shared network; in a wild layout the operator has closed it, or given it a context of its own."""
        rng, made = self._rng, self._place(number)
        if not self.wild:
            return made
        if rng.random() < 0.3:
            made.update(config.guard(rng.choice([REGISTERED, UNREGISTERED, "FUZZ"])))
        if rng.random() < 0.3:
            for pool in [*made["pools"], *made.get("pd-pools", [])]:
                pool.update(config.guard(rng.choice([REGISTERED, UNREGISTERED, "FUZZ"])))
        if rng.random() < 0.4:
            policy = rng.choice(["restrict", "restrict", "drop", "classify"])
            made.update(_context({"unregistered-clients": policy}))
            self._wild_policies.add(policy)
        return made

    def _place(self, number):
        made = config.place(self.family, number, reservations=self.reservations.get(number, []))
        size = self.sizes.get(number)
        if self.family == 6:
            made["rapid-commit"] = self._rapid
        if size is None:
            return made
        last = f"10.{number}.1.{size - 1}" if self.family == 4 else f"2001:db8:{number}::1:{size - 1}"
        made["pools"] = [{"pool": f"{config.host(self.family, number, 0)} - {last}"}]
        if self.family == 6:
            made["pd-pools"][0]["delegated-len"] = 40 + size.bit_length() - 1
        return made

    _wild_policies = frozenset()

    def make(self):
        """Returns everything for World.change_to(); the parameters are the library's."""
        self._wild_policies = set()
        classes = [{"name": "FUZZ", "test": self._test()}] if self.wild else None
        return {
            "subnets": self.subnets(),
            "networks": self.networks(),
            "server": self.server(),
            "classes": classes,
            **{name.replace("-", "_"): value for name, value in self.parameters.items()},
        }

    def _test(self):
        option = "option[60].exists" if self.family == 4 else "option[16].exists"
        return self._rng.choice([option, f"not {option}", "member('KNOWN')"])

    # --- the model

    def allowed(self, link):
        """Returns the subnets from which an unregistered client may get leases; `link` is None when it is not known."""
        if link is None:
            loose = {HAVEN} if self.parameters.get("unregistered-clients") == "classify" else set()
            return loose.union(*(self.allowed(each) for each in self.links), {self.default})
        policies = self._policies(link)
        allowed = set(link.restricted) if "restrict" in policies else set()
        return allowed | set(link.subnets) if "classify" in policies else allowed

    def keeps_reservation(self, link, client, registered):
        """Whether a client may get its global reservation, wherever that is."""
        if not any(person.id == client and person.reserved == "global" for person in self.people):
            return False
        return registered or any("classify" in self._policies(each) for each in ([link] if link else self.links))

    def _policies(self, link):
        return {link.settings.get("unregistered-clients", "restrict"), *self._wild_policies}

    def side(self, link, registered):
        """Returns the subnets, in an exact layout, from which a client must be served while they have room."""
        if not registered:
            return self.allowed(link)
        return set(link.subnets) - {link.own}


def _context(says):
    return config.context(**{name.replace("-", "_"): value for name, value in says.items()}) if says else {}
