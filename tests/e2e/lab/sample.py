# SPDX-License-Identifier: MPL-2.0
"""Runs the sample configurations of data/, in the places where the guide puts them, with clients on a LAN."""

import contextlib
import re
import shutil
import subprocess
from ipaddress import ip_address, ip_network
from pathlib import Path

from lab import config, dhcp4, dhcp6
from lab.kea import PackagedKea
from lab.net import Lan
from lab.process import run, spawn, stop
from lab.registry import Registry, duid, hw_addr

DATA = Path(__file__).resolve().parents[3] / "data"


class Sample:
    """A server with a sample configuration and a registry, its LAN and its clients."""

    def __init__(self, family, home, settings, text, registry, partner=None):
        """`partner` is another sample, whose LAN the server is on."""
        self.family = family
        self._text = text
        self._partner = partner
        self._lan = partner._lan if partner else Lan(f"{config.SERVER4}/16")
        self.namespace = self._lan.plug() if partner else self._lan.server
        file = home / f"kea-dhcp{family}.conf"
        file.write_text(text, encoding="utf-8")
        self.server = PackagedKea(family, self.namespace, home / "kea", file, settings.hook)
        self.registry = Registry(self.file(self._named("registry-file") or "/tmp/user_chk_registry.txt"))
        self.registry.write_bytes(registry.encode())
        self._wire = (dhcp4.Wire4 if family == 4 else dhcp6.Wire6)(self._lan.plug())

    def _named(self, parameter):
        named = re.search(rf'"{parameter}"\s*:\s*"([^"]+)"', self._text)
        return named[1] if named else None

    def file(self, inside):
        """Returns where to find a file that the server sees at a path, whether or not it runs."""
        places = PackagedKea.DIRECTORIES.items()
        name, folder = next((name, folder) for name, folder in places if inside.startswith(f"{folder}/"))
        return self.server.home / name / inside.removeprefix(f"{folder}/")

    def outcome_file(self):
        return self.file(self._named("outcome-file") or "/tmp/user_chk_outcome.txt")

    def run_as(self, user):
        """Makes the server run as a user who owns all its directories. Call it before start()."""
        self.server.user = user
        for path in self.server.home.rglob("*"):
            shutil.chown(path, user, user)

    def close(self):
        self.server.stop()
        self._wire.close()
        if self._partner is None:
            self._lan.close()

    def inside(self, *command):
        """Returns the command line that runs a command on the server's machine."""
        return ["nsenter", f"--target={self.server.pid}", "--mount", "--net", *command]

    def shell(self, script):
        """Runs a script on the server's machine. Returns what it prints."""
        return run(*self.inside("sh", "-c", script))

    @contextlib.contextmanager
    def running(self, *command):
        """A context manager: a daemon beside the server."""
        process = spawn(
            self.inside(*command), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield
        finally:
            stop(process)

    def client(self, identifiers, **how):
        """Returns the client with the id of this protocol; `relay` is the address of a relay on its link."""
        identifier = bytes.fromhex(identifiers[self.family])
        if self.family == 6 and "relay" in how:
            how["relays"] = [how.pop("relay")]
        return (dhcp4.Client4 if self.family == 4 else dhcp6.Client6)(self._wire, identifier, **how)

    def ask(self, client, **how):
        """Sends one query for a lease. Returns the response, None when there is no answer."""
        return client.discover(**how) if self.family == 4 else client.solicit(**how)

    def grant(self, client):
        """Runs a whole exchange. Returns the last response."""
        return client.get_lease() if self.family == 4 else client.get_leases()

    def subnet(self, response):
        """Returns the id of the subnet of the lease that a response grants."""
        address = ip_address(response.leases[0].split("/")[0])
        subnets = re.findall(r'"id": (\d+),.*?"subnet": "([^"]+)"', self._text, re.DOTALL)
        return next(int(number) for number, subnet in subnets if address in ip_network(subnet))

    def moved(self, client, held):
        """Returns what a client has after a renewal, or after a restart, when it belongs to another subnet now."""
        answer = client.renew(held)
        if self.family == 6:
            assert held.leases[0] in [address for _, address in answer.withdrawn]
            return answer
        assert [answer.type, client.reboot(held.yiaddr).type] == [dhcp4.NAK, dhcp4.NAK]
        return client.get_lease()

    def enroll(self, client, **attributes):
        self.registry.append((hw_addr if self.family == 4 else duid)(client.id, **attributes))

    def messages(self, name):
        """Returns the server's messages with an id."""
        return [line for line in self.server.log() if line.id == name]
