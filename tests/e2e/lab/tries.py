# SPDX-License-Identifier: MPL-2.0
"""All the ways in which a client requests particular leases: those it holds, those it would like to have."""

from collections import defaultdict, namedtuple

import pytest
from scapy.layers.dhcp6 import DHCP6_Request, DHCP6_Solicit

from lab import config, dhcp4

# How long to wait for an answer that should not come. Servers answer within milliseconds.
SILENCE = 0.1

# What the clients treat as a response that granted these leases.
Held = namedtuple("Held", "yiaddr addresses prefixes server_id")


# The numbers of leases that nobody was to have yet, by protocol and subnet: the servers keep leases for a whole run.
_numbers = defaultdict(lambda: iter(range(20, 100)))


@pytest.fixture(params=[(4, {}), (6, {}), (6, {"na": [], "pd": [1]})], ids=["v4", "v6-NA", "v6-PD"])
def protocol(request):
    """Each protocol in turn, and what its clients request, for World.client()."""
    return request.param


@pytest.fixture
def family(protocol):
    """The protocol, instead of conftest's fixture of this name."""
    return protocol[0]


@pytest.fixture
def kind(protocol):
    """What the clients request."""
    return protocol[1]


def held(world, client, leases, server_id=None):
    """Builds a response that granted these leases to the client: addresses, or prefixes with their length."""
    if world.family == 4:
        (address,) = leases
        return Held(address, None, None, config.SERVER4)
    prefixes = [lease for lease in leases if "/" in lease]
    addresses = [lease for lease in leases if "/" not in lease]
    server_id = server_id or server_id_of(world)
    return Held(None, list(zip(client.na, addresses)), list(zip(client.pd, prefixes)), server_id)


def server_id_of(world):
    """Returns a DHCPv6 server's identifier from its responses. Registers a client, so that it is answered."""
    return world.enroll(world.client()).information_request().server_id


def leases_in(world, client, subnet):
    """Returns leases of a subnet that a client of its kind may have, and that nobody has."""
    number = next(_numbers[world.family, subnet], None)
    assert number is not None, f"this process has used up the leases of subnet {subnet}"
    if world.family == 4:
        return [config.late_host(4, subnet, number)]
    return [config.late_host(6, subnet, number) for _ in client.na] + [config.prefix(subnet, number) for _ in client.pd]


def tries(world, client, lease):
    """Sends every query that can name the leases of a response. Returns the answers."""
    made = _tries4 if world.family == 4 else _tries6
    return [answer for answer in made(client, lease) if answer is not None]


def _tries4(client, lease):
    named = ("requested_addr", lease.yiaddr)
    yield client.discover(timeout=SILENCE)
    yield client.exchange(dhcp4.DISCOVER, named, timeout=SILENCE)
    yield client.request(lease, timeout=SILENCE)
    yield client.reboot(lease.yiaddr, timeout=SILENCE)
    yield client.renew(lease, timeout=SILENCE)
    yield client.rebind(lease, timeout=SILENCE)


def _tries6(client, lease):
    yield client.solicit(timeout=SILENCE)
    yield client.exchange(DHCP6_Solicit, leases=lease, timeout=SILENCE)
    yield client.solicit(leases=lease, rapid=True, timeout=SILENCE)
    yield client.exchange(DHCP6_Request, server_id=lease.server_id, timeout=SILENCE)
    yield client.request(lease, timeout=SILENCE)
    yield client.renew(lease, timeout=SILENCE)
    yield client.rebind(lease, timeout=SILENCE)


def subnets_of(responses):
    """Returns the subnets of all the leases that responses grant."""
    return {subnet for response in responses for subnet in response.subnets} - {config.NOWHERE}
