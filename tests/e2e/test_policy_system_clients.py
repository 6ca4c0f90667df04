# SPDX-License-Identifier: MPL-2.0
"""Machines that are enrolled, or removed, while they hold a lease: their own clients move them to the right subnet."""

import contextlib

import pytest

from lab import system_clients
from lab.config import context, place
from lab.net import IFACE
from lab.registry import hw_addr
from lab.sniffer import NAK, Sniffer

NORMAL, RESTRICTED = 1, 11

CLIENTS = pytest.mark.parametrize("client", list(system_clients.PROGRAMS), ids=lambda each: each.__name__)


def lay_out(world):
    """One link, short leases, and a route to the server from any subnet (option 121: 10.0.0.0/8 on the link)."""
    world.change_to(
        subnets=[
            place(4, NORMAL, interface=IFACE, **context(restricted_subnet_id=RESTRICTED)),
            place(4, RESTRICTED),
        ],
        server={
            "authoritative": False,
            **{"valid-lifetime": 40, "renew-timer": 5, "rebind-timer": 30},
            "option-data": [{"code": 121, "csv-format": False, "data": "080a00000000", "always-send": True}],
        },
        nak_moved_clients=True,
    )


@CLIENTS
def test_client_moves_at_its_next_renewal_and_is_not_refused_what_it_was_offered(site4, tmp_path, client):
    if not system_clients.is_installed(client):
        pytest.skip(f"{system_clients.PROGRAMS[client]} is not in this Debian release")
    lay_out(site4)
    host = site4.lan.plug()
    host.ip(f"route add 10.0.0.0/8 dev {IFACE}")  # dhcpcd 9 accepts no route without a router from a server
    with contextlib.closing(Sniffer(host)) as sniffer, client(host, tmp_path) as machine:
        machine.wait_for_subnet(RESTRICTED)
        for line, subnet in ((hw_addr(host.mac()), NORMAL), (None, RESTRICTED)):
            site4.registry.write(*([line] if line else []))
            machine.wait_for_subnet(subnet)
            assert sniffer.refused_offers() == []
        # A client that has to wait may send a query twice.
        refusals = {message.xid for message in sniffer.messages() if message.type == NAK}
        assert len(refusals) == 2, f"one for each move: {refusals}"
