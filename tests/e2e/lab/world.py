# SPDX-License-Identifier: MPL-2.0
"""One server with the hook, its LAN, its files and its clients: the subject of nearly every test."""

import itertools
import shutil
from collections import namedtuple
from pathlib import Path

from lab import config, dhcp4, dhcp6, outcome, registry
from lab.kea import Kea, shipped
from lab.net import Lan

Protocol = namedtuple("Protocol", "wire client make_config make_entry make_record id_prefix")

PROTOCOLS = {
    4: Protocol(
        dhcp4.Wire4, dhcp4.Client4, config.dhcp4, registry.hw_addr, outcome.expected4, b"\x02\xaa\x00"
    ),
    6: Protocol(
        dhcp6.Wire6, dhcp6.Client6, config.dhcp6, registry.duid, outcome.expected6, b"\x00\x03\x00\x01\x02\xbb\x00"
    ),
}

_numbers = itertools.count(1)


class World:
    """Not running when created, so that a test can change `config` and `hooks` before start()."""

    def __init__(self, family, home, settings, files=None, seen_as=None, mounts=(), user=None, partner=None):
        """`files` is where registry and outcome file are, by default in `home`; the rest is Kea's.

        `partner` is another world, whose LAN the server is on.
        """
        self.family = family
        self._protocol = PROTOCOLS[family]
        self._log_begin = 0
        self._inside = None  # the outcome file, if only the server sees it
        self.partner = partner
        self.lan = partner.lan if partner else Lan(f"{config.SERVER4}/16")
        self._wires = []
        self.wire = self.another_wire()
        self.namespace = self.lan.plug(f"{config.PARTNER4}/16") if partner else self.lan.server
        self.server = Kea(family, self.namespace, home, seen_as, mounts, logs=files)
        self.files = files or home
        if user is not None:
            self.server.user = user
            shutil.chown(self.files, user, user)
        self.registry = registry.Registry(self.files / "user_chk_registry.txt")
        self.outcome = outcome.Outcome(self.files / "user_chk_outcome.txt")
        self.registry.write()
        self.hook = {
            "library": self.server.install(settings.hook),
            "parameters": {
                "registry-file": self.seen(self.registry.path),
                "outcome-file": self.seen(self.outcome.path),
            },
        }
        self.hooks = [self.hook]
        self._meddler = settings.helper
        self._make_config = lambda: self._protocol.make_config(self.server, settings.multi_threading)
        self.config = self._make_config()

    def seen(self, path):
        """Returns the path by which the server sees a path in `files`."""
        return self.server.seen(path)

    def record_as(self, form):
        """Sets the outcome-format. Call it before start(). `text` is the default."""
        self.outcome.form = form
        if form != "text":
            self.hook["parameters"]["outcome-format"] = form

    def record_into(self, path):
        """Sets the outcome-file, a path that only the server may see. Call it before start()."""
        self.hook["parameters"]["outcome-file"] = self._inside = str(path)

    def meddler(self, how):
        """Returns the library that interferes with others, in one of its ways."""
        return {"library": self.server.install(self._meddler), "parameters": {how: True}}

    def shipped(self, name):
        """Returns a library of Kea's packages."""
        return {"library": self.server.install(shipped(name))}

    def another_wire(self):
        """For clients that send at the same time as others: one for each thread."""
        self._wires.append(self._protocol.wire(self.lan.plug()))
        return self._wires[-1]

    def start(self):
        self.configure()
        self.server.start()
        if self._inside is not None:
            self.outcome.path = Path(self.server.path(self._inside))
        return self

    def configure(self):
        self.server.configure({**self.config, "hooks-libraries": self.hooks})

    def lay_out(self, subnets=(), networks=(), classes=None, server=None, **parameters):
        """Prepares another configuration: subnets, shared networks, Kea's class definitions, parameters of the library.

        `server` has what else differs from the usual configuration of the server.
        """
        self.config = {
            **self._make_config(),
            f"subnet{self.family}": list(subnets),
            "shared-networks": list(networks),
            **({"client-classes": classes} if classes else {}),  # Kea accepts no empty list here
            **(server or {}),
        }
        kept = {name: self.hook["parameters"][name] for name in ("registry-file", "outcome-file")}
        self.hook["parameters"] = {**kept, **{name.replace("_", "-"): value for name, value in parameters.items()}}

    def change_to(self, **layout):
        """Puts another configuration in force, see lay_out(); the server keeps running."""
        self.lay_out(**layout)
        self.configure()
        self.server.reload()

    def close(self):
        try:
            self.server.stop()
        finally:
            for wire in self._wires:
                wire.close()
            if self.partner is None:
                self.lan.close()

    def begin(self):
        """Starts a test: an empty registry; records and log are checked from here on."""
        self.registry.write()
        self.outcome.mark()
        self.begin_log()
        return self

    def begin_log(self):
        """Checks the log from here on."""
        self._log_begin = self.server.log_size()

    def log(self, *ids):
        """Returns the messages with these ids since begin(); all messages when none are given."""
        return [line for line in self.server.log(self._log_begin) if not ids or line.id in ids]

    def client(self, **how):
        """Returns a client that no other test has met."""
        return self.client_with(self._protocol.id_prefix + next(_numbers).to_bytes(3, "big"), **how)

    def client_with(self, identifier, wire=None, **how):
        """Returns a client with this hardware address or DUID, as bytes."""
        return self._protocol.client(wire or self.wire, identifier, **how)

    def entry(self, client, **attributes):
        """Returns the registry line that registers a client."""
        return self.entry_of(client.id, **attributes)

    def entry_of(self, identifier, **attributes):
        """Returns the registry line that registers a hardware address or a DUID."""
        return self._protocol.make_entry(identifier, **attributes)

    def default_entry(self, **attributes):
        """Returns the registry line for unregistered clients, the default user."""
        return self._protocol.make_entry("00000000", **attributes)

    def enroll(self, client, **attributes):
        """Appends a client to the registry and returns it."""
        self.registry.append(self.entry(client, **attributes))
        return client

    def record(self, client, lease, registered):
        """Returns the bytes of the record of a grant."""
        return self._protocol.make_record(client, lease, registered)

    def records(self, client, leases, registered):
        """Returns the bytes of the records of one response."""
        return "".join(self.record(client, lease, registered) for lease in leases)

    def problems(self):
        """Returns the library's warnings and errors since begin()."""
        own = [line for line in self.log() if line.logger.endswith(".user_chk")]
        return [line for line in own if line.level not in ("DEBUG", "INFO")]

    def ask(self, client, **how):
        """Sends one query. Returns the response that offers leases; None when there is no answer."""
        return client.discover(**how) if self.family == 4 else client.solicit(**how)

    def acquire(self, client):
        """Runs a whole exchange. Returns the response that grants leases."""
        return client.get_lease() if self.family == 4 else client.get_leases()

    def grant(self, client):
        """Runs a whole exchange. Returns the lease that the client holds after it, and the id of the lease's subnet."""
        response = self.acquire(client)
        (lease,), (subnet,) = response.leases, response.subnets
        return lease, subnet

    def lease_rows(self, client):
        """Returns the rows of the lease file for a client, oldest first: each that created, extended or ended a lease."""
        column = "hwaddr" if self.family == 4 else "duid"
        return [row for row in self.server.lease_rows() if row[column] == client.id]

    def offer(self, client):
        """Sends one query. Returns what is offered, and the id of its subnet."""
        response = self.ask(client)
        (lease,), (subnet,) = response.leases, response.subnets
        return lease, subnet

    def offer_to_stranger(self, **how):
        """Sends one query of a client that nobody has met. Returns what is offered, None when there is no answer."""
        client = self.client()
        response = self.ask(client, **how)
        return response and outcome.Grant(client.id, response.leases[0], False)

    def offered_subnet(self, client):
        """Sends one query. Returns the id of the subnet that it is answered from."""
        return self.offer(client)[1]
