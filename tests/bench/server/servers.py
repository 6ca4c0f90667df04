# SPDX-License-Identifier: MPL-2.0
"""A real server with one hook library, or none, and perfdhcp on a LAN with it."""

import json
import os
import shutil
from collections import namedtuple

from lab.config import guard
from lab.kea import Kea
from lab.net import IFACE, Lan
from lab.process import wait_until

import registries

# A variant to compare. `library` is the hook, None for none; `users` is set when it reads a registry, whose users have
# `attributes`; `parameters` are the hook's, besides its files; `guarded` subnets share a network and have a user
# context and classes; `query_options` are further options of the queries, in perfdhcp's form.
Variant = namedtuple(
    "Variant",
    "name library users attributes parameters guarded query_options",
    defaults=(None, registries.PLAIN, {}, False, ""),
)

# A server that loads a large registry, possibly under valgrind, takes its time.
_START_SECONDS = 900

_SERVER4, _CLIENT4 = "10.0.0.1/8", "10.0.0.2/8"

# Registered clients stay in the first subnet; the second one, with the highest id, is for the others.
_SUBNETS = {
    4: [("10.0.0.0/9", "10.1.0.0 - 10.127.255.255"), ("10.128.0.0/9", "10.129.0.0 - 10.255.255.254")],
    6: [
        ("2001:db8:1::/64", "2001:db8:1::1:0 - 2001:db8:1::ffff:ffff"),
        ("2001:db8:2::/64", "2001:db8:2::1:0 - 2001:db8:2::ffff:ffff"),
    ],
}


class BenchKea(Kea):
    """A server that may run inside another program, such as valgrind, and need not log each query."""

    def __init__(self, family, namespace, home, wrapper, severity):
        super().__init__(family, namespace, home)
        self._wrapper = wrapper
        self._severity = severity

    def configure(self, config):
        """The hook logs at its default level when it has loaded a registry; the server has its own level."""
        self.quiet = True
        super().configure(config)
        path = self.home / "conf"
        written = json.loads(path.read_text())
        written[f"Dhcp{self.family}"]["loggers"][0]["severity"] = self._severity
        path.write_text(json.dumps(written))

    def environment(self):
        """The daemon's name refers to the wrapped one."""
        script = self.home / self.daemon
        script.write_text(f'#!/bin/sh\nexec {self._wrapper} /usr/sbin/{self.daemon} "$@"\n')
        script.chmod(0o755)
        return {**super().environment(), "PATH": f"{self.home}:{os.environ['PATH']}"}

    def start(self):
        self.launch()
        wait_until(self._started_or_dead, f"{self.daemon} to start", timeout=_START_SECONDS)
        assert self.is_running(), f"{self.daemon} did not start:\n{self.log_text()}\n{self.stdout_text()}"
        return self


class Server:
    """A context manager: a running server of one variant, with a namespace for its clients."""

    def __init__(self, family, variant, home, threads=False, wrapper="", bare=True):
        """A server without threads has a core of its own; `wrapper` is a program that it runs inside.

        A bare server keeps leases in memory only and logs warnings only, so that the hook has the maximum impact.
        One that is not bare has Kea's defaults: a lease file, and a log line for each offer and each lease.
        """
        shutil.rmtree(home, ignore_errors=True)  # leases and log of an earlier server
        self.family = family
        self.query_options = variant.query_options
        cores = sorted(os.sched_getaffinity(0))
        own = cores if threads else [core_of_a_server()]
        self._client_cores = cores if threads else cores[1:] or cores
        self.registry = home / "registry.txt"
        self._lan = Lan(_SERVER4)
        self._clients = self._lan.plug(_CLIENT4)
        wrapper = f"{on(own)} {wrapper}"
        self.kea = BenchKea(family, self._lan.server, home, wrapper, "WARN" if bare else "INFO")
        leases = {"type": "memfile", "persist": not bare, "name": str(home / "leases.csv")}
        config = {**_config(family, threads), "lease-database": leases, "hooks-libraries": self._hooks(variant)}
        if variant.guarded:
            _guard(config, family)
        self.kea.configure(config)

    def _hooks(self, variant):
        if variant.library is None:
            return []
        hook = {"library": self.kea.install(variant.library)}
        if variant.users is not None:
            registries.write(self.registry, self.family, variant.users, variant.attributes)
            files = {"registry-file": self.registry, "outcome-file": self.kea.home / "outcome.txt"}
            hook["parameters"] = {**{name: str(path) for name, path in files.items()}, **variant.parameters}
        return [hook]

    def client_command(self, *command):
        """Returns the command line that runs a command where the clients are."""
        return self._clients.command(*on(self._client_cores).split(), *command)

    def __enter__(self):
        self.kea.start()
        return self

    def __exit__(self, *_):
        try:
            self.kea.stop()
        finally:
            self._lan.close()


def _guard(config, family):
    """Registered clients may use the first subnet, the others the second."""
    subnets = config.pop(f"subnet{family}")
    for subnet, name in zip(subnets, ("USER_CHK_REGISTERED", "USER_CHK_UNREGISTERED")):
        subnet.update(guard(name))
        subnet["user-context"] = {"user-chk": {"restricted-subnet-id": 2, "unregistered-clients": "restrict"}}
    config["shared-networks"] = [
        {"name": "all", "interface": subnets[0].pop("interface"), f"subnet{family}": subnets}
    ]


def core_of_a_server():
    """Returns the core that a server without threads has for itself, if there are several."""
    return min(os.sched_getaffinity(0))


def on(cores):
    """Returns the beginning of a command line, with which a program runs on some cores only."""
    return f"taskset --cpu-list {','.join(map(str, cores))}"


def _config(family, threads):
    """Kea's defaults, except for the leases."""
    subnets = [
        {"id": number, "subnet": subnet, "pools": [{"pool": pool}], **({"interface": IFACE} if number == 1 else {})}
        for number, (subnet, pool) in enumerate(_SUBNETS[family], 1)
    ]
    config = {
        "interfaces-config": {"interfaces": [IFACE]},
        "multi-threading": {"enable-multi-threading": threads},
        "valid-lifetime": 3600,
        f"subnet{family}": subnets,
    }
    return config if family == 4 else {**config, "server-id": {"type": "LLT", "persist": False}}
