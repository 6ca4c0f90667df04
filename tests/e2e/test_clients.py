# SPDX-License-Identifier: MPL-2.0
"""Common clients, and a thousand of perfdhcp's: each gets what its registration says."""

import shutil
from collections import Counter

import pytest

from lab import clients
from lab.config import NORMAL, RELAYED, RESTRICTED, SERVER_FILE_FIELD, subnet_of
from lab.registry import duid, hw_addr

REGISTERED = pytest.mark.parametrize("registered", [True, False], ids=["registered", "stranger"])

V4 = [clients.udhcpc, clients.dhclient4, clients.dhcpcd4]
V6 = [clients.dhclient6, clients.dhclient6_prefix, clients.dhcpcd6]


def of(*runs):
    return pytest.mark.parametrize("run", runs, ids=[run.__name__ for run in runs])


@pytest.fixture
def skip_without_dhclient(run):
    if run.__name__.startswith("dhclient") and shutil.which("dhclient") is None:
        pytest.skip("dhclient is not installed: isc-dhcp-client is not in this Debian release any more")


@REGISTERED
@of(*V4)
@pytest.mark.usefixtures("skip_without_dhclient")
def test_dhcpv4_client(v4, tmp_path, run, registered):
    host = v4.lan.plug()
    if registered:
        v4.registry.append(hw_addr(host.mac(), bootfile="boot.img", tftp_server="tftp.example.com"))
    lease = run(host, tmp_path)
    if registered:
        assert subnet_of(lease.address) == NORMAL
        assert (lease.file, lease.bootfile, lease.tftp_server) == ("boot.img", "boot.img", "tftp.example.com")
    else:
        assert subnet_of(lease.address) == RESTRICTED
        assert lease.file == SERVER_FILE_FIELD
    assert records_of(v4) == {
        (f"hwtype=1 {host.mac()}", lease.address, "yes" if registered else "no"): 2
    }


@REGISTERED
@of(*V6)
@pytest.mark.usefixtures("skip_without_dhclient")
def test_dhcpv6_client(v6, tmp_path, run, registered):
    host = v6.lan.plug()
    if registered:
        v6.registry.append(duid(clients.duid_of(host)))
    lease = run(host, tmp_path)
    granted = [granted for granted in (lease.address, lease.prefix) if granted]
    assert {subnet_of(each) for each in granted} == {NORMAL if registered else RESTRICTED}
    assert records_of(v6) == {
        (clients.duid_of(host), each, "yes" if registered else "no"): 2 for each in granted
    }


def records_of(world):
    """Returns how often each client was granted what."""
    return Counter((record.client, record.addr, record.registered) for record in world.outcome.records())


def test_each_of_a_thousand_clients_gets_the_subnet_that_its_registration_says(own):
    """Every other client is registered. Counted in the lease file, and again in the outcome file."""
    own.start()
    ids = clients.perfdhcp_ids(own.family, 1000)
    known = set(ids[::2])
    own.registry.write(*((hw_addr if own.family == 4 else duid)(each) for each in known))
    # perfdhcp acts as a relay for its DHCPv4 clients; its DHCPv6 clients are on the link itself.
    normal = RELAYED if own.family == 4 else NORMAL
    host = own.lan.plug(address4=f"10.{RELAYED}.0.1/16")
    received = clients.perfdhcp(host, own.family, clients=1000, rate=200)
    assert received >= 2000  # a delayed perfdhcp starts a few exchanges more than requested

    client_column = "hwaddr" if own.family == 4 else "duid"
    leased = {row[client_column]: int(row["subnet_id"]) for row in own.server.leases()}
    assert leased == {each: normal if each in known else RESTRICTED for each in ids}

    granted = records_of(own)
    assert min(granted.values()) == 2 and sum(granted.values()) == received
    recorded = {
        client.split()[-1]: (subnet_of(address), registered) for client, address, registered in granted
    }
    assert recorded == {each: (normal, "yes") if each in known else (RESTRICTED, "no") for each in ids}
