# SPDX-License-Identifier: MPL-2.0
"""Two servers with High Availability on one LAN, which share a registry; each has its own outcome file."""

import contextlib

from lab import config, outcome
from lab.control import control_agent
from lab.other_hooks import HOOKS
from lab.process import wait_until

# With all lease_cmds, ha, ours: the order that the documents require.
_PORT = 8010
_ADDRESSES = (config.SERVER4, config.PARTNER4)


class Pair:
    """Not running at first. `one` is the primary; all clients are on its LAN."""

    def __init__(self, make_world, family, folder, mode, threads):
        self.mode = mode
        self._threads = threads
        self._agents = contextlib.ExitStack()
        self.one = make_world(family, folder / "one", files=folder)
        self.two = make_world(family, folder / "two", files=folder, partner=self.one)
        for world, name in ((self.one, "one"), (self.two, "two")):
            path = world.server.home / "outcome"
            world.outcome = outcome.Outcome(path)
            world.record_as("json")
            world.hook["parameters"]["outcome-file"] = str(path)
            world.hooks = [
                {"library": world.server.install(HOOKS / "libdhcp_lease_cmds.so")},
                {"library": world.server.install(HOOKS / "libdhcp_ha.so"), "parameters": self._parameters(name)},
                world.hook,
            ]

    def _parameters(self, name):
        second = "standby" if self.mode == "hot-standby" else "secondary"
        peers = [
            {"name": peer, "role": role, "url": f"http://{address}:{_PORT}/"}
            for peer, role, address in zip(("one", "two"), ("primary", second), _ADDRESSES)
        ]
        own_listener = {"enable-multi-threading": True, "http-dedicated-listener": True}
        listener = own_listener if self._threads else {"enable-multi-threading": False}
        relationship = {
            "this-server-name": name,
            "mode": self.mode,
            "peers": peers,
            "heartbeat-delay": 200,
            "max-response-delay": 1000,
            "max-ack-delay": 500,
            "max-unacked-clients": 0,
            "multi-threading": listener,
        }
        return {"high-availability": [relationship]}

    def start(self):
        """Both serve when this returns. Without threads, kea-ctrl-agent listens for HA."""
        for world, address in zip((self.one, self.two), _ADDRESSES):
            world.start()
            if not self._threads:
                self._agents.enter_context(control_agent(world, _PORT, address))
        for world in (self.one, self.two):
            self.wait_for(world, self.mode)
        return self

    def close(self):
        self._agents.close()

    def wait_for(self, world, state):
        what = f"{world.server.home.name} to be {state}"
        wait_until(lambda: state_of(world) == state, what, timeout=30, interval=0.05)


def state_of(world):
    """Returns the HA state of a server, None when it has none."""
    told = world.server.command("status-get").get("arguments", {})
    relationships = told.get("high-availability")
    return relationships and relationships[0]["ha-servers"]["local"]["state"]


def records_of(world, client):
    """Returns a server's records of a client: the message, the lease, the standing."""
    mine = [record for record in world.outcome.objects() if record["id"] == client.id]
    return [(record["message"], record.get("address", record.get("prefix")), record["registered"]) for record in mine]
