# SPDX-License-Identifier: MPL-2.0
"""Clients whose registration begins or ends while they hold a lease: how they get to the right subnet."""

import shutil
import time

import pytest

from lab import clients, dhcp4
from lab.config import behind, context, guarded_place, network, place, relay_address
from lab.net import IFACE
from lab.registry import hw_addr
from lab.rules import rfc3339
from lab.tries import SILENCE

# One VLAN on the server's link, one behind a relay, each with a restricted subnet; and a restricted subnet with the
# highest id that belongs to neither.
LOCAL, RELAYED, LAST = 1, 2, 19
RESTRICTED = {LOCAL: 11, RELAYED: 12}

both_vlans = pytest.mark.parametrize("vlan", [LOCAL, RELAYED], ids=["local", "relayed"])
both_ways = pytest.mark.parametrize("enrolled", [True, False], ids=["enrolled", "dismissed"])


# The server is not authoritative, as is Kea's default: it sends no DHCPNAK for addresses that it does not know.
DEFAULT = {"authoritative": False}


def lay_out(world, timers=None, **more):
    family = world.family
    world.change_to(
        subnets=[
            place(family, LOCAL, interface=IFACE, **context(restricted_subnet_id=RESTRICTED[LOCAL])),
            place(family, RELAYED, **context(restricted_subnet_id=RESTRICTED[RELAYED])),
            *[place(family, number) for number in (*RESTRICTED.values(), LAST)],
        ],
        server={**(DEFAULT if family == 4 else {}), **(timers or {})},
        **more,
    )


class Mover:
    """A DHCPv4 client of a VLAN that gets a lease, and after that is enrolled, or dismissed."""

    def __init__(self, world, vlan, enrolled, relayed=None):
        self._world = world
        relayed = vlan == RELAYED if relayed is None else relayed
        self.client = world.client(**(behind(4, vlan) if relayed else {}))
        self.before, self.after = (RESTRICTED[vlan], vlan) if enrolled else (vlan, RESTRICTED[vlan])
        if not enrolled:
            world.enroll(self.client)
        self.lease = self.client.get_lease()
        assert self.lease.subnet == self.before
        world.registry.write(*([world.entry(self.client)] if enrolled else []))

    def renew(self, **how):
        """Renewals go to the server itself, past the relay."""
        return self._world.client_with(self.client.hardware).renew(self.lease, **how)

    def rebind(self, **how):
        return self.client.rebind(self.lease, **how)

    def reboot(self, **how):
        return self.client.reboot(self.lease.yiaddr, **how)


# --- DHCPv4, told to move --------------------------------------------------------------------------------


@both_vlans
@both_ways
@pytest.mark.parametrize("asks", [Mover.renew, Mover.rebind, Mover.reboot], ids=["renews", "rebinds", "reboots"])
def test_client_that_changes_sides_is_told_to_start_again(site4, vlan, enrolled, asks):
    lay_out(site4, nak_moved_clients=True)
    mover = Mover(site4, vlan, enrolled)
    assert asks(mover).type == dhcp4.NAK
    (moved,) = site4.log("USER_CHK_CLIENT_MOVED")
    assert moved.level == "INFO"
    assert mover.client.id in moved.text and mover.lease.yiaddr in moved.text
    assert mover.client.get_lease().subnet == mover.after


@both_vlans
@both_ways
def test_client_that_has_moved_is_left_alone(site4, vlan, enrolled):
    lay_out(site4, nak_moved_clients=True)
    mover = Mover(site4, vlan, enrolled)
    mover.lease = mover.client.get_lease()
    assert mover.lease.subnet == mover.after
    for answer in (mover.renew(), mover.rebind(), mover.reboot()):
        assert answer.type == dhcp4.ACK
        assert answer.yiaddr == mover.lease.yiaddr


def test_client_whose_registration_expires_is_told_to_start_again(site4):
    lay_out(site4, nak_moved_clients=True)
    client = site4.client()
    expires = time.time() + 3
    site4.enroll(client, expires=rfc3339(expires))
    lease = client.get_lease()
    assert lease.subnet == LOCAL
    time.sleep(max(0, expires - time.time()))
    assert client.renew(lease).type == dhcp4.NAK
    assert client.get_lease().subnet == RESTRICTED[LOCAL]


@both_ways
@pytest.mark.parametrize("where, guards", [("local", "pools"), ("relayed", "pools"), ("relayed", "subnets")])
def test_guards_of_a_shared_network_tell_who_has_changed_sides(site4, enrolled, where, guards):
    site4.change_to(
        networks=[
            network(
                4,
                guarded_place(4, RELAYED, "USER_CHK_REGISTERED", guards),
                guarded_place(4, RESTRICTED[RELAYED], "USER_CHK_UNREGISTERED", guards),
                interface=IFACE,
                relay=relay_address(4, RELAYED),
            )
        ],
        server=DEFAULT,
        nak_moved_clients=True,
    )
    mover = Mover(site4, RELAYED, enrolled, relayed=where == "relayed")
    assert [asks().type for asks in (mover.renew, mover.rebind, mover.reboot)] == [dhcp4.NAK] * 3
    mover.lease = mover.client.get_lease()
    assert mover.lease.subnet == mover.after
    assert [asks().type for asks in (mover.renew, mover.rebind, mover.reboot)] == [dhcp4.ACK] * 3


@both_vlans
@both_ways
def test_client_that_selects_an_offer_is_granted_it_whatever_address_it_had(site4, vlan, enrolled):
    """NetworkManager leaves its old address in ciaddr when it accepts an offer (RFC 2131 section 4.3.2)."""
    lay_out(site4, nak_moved_clients=True)
    mover = Mover(site4, vlan, enrolled)
    offer = mover.client.discover(ciaddr=mover.lease.yiaddr)
    assert offer.subnet == mover.after
    answer = mover.client.request(offer, ciaddr=mover.lease.yiaddr)
    assert (answer.type, answer.yiaddr) == (dhcp4.ACK, offer.yiaddr)
    assert site4.log("USER_CHK_CLIENT_MOVED") == []


@pytest.mark.parametrize("registered", [True, False])
def test_address_of_another_server_is_left_to_that_one(site4, registered):
    """Two servers on one link: this one is not authoritative for addresses in none of its subnets."""
    lay_out(site4, nak_moved_clients=True)
    client = site4.client()
    if registered:
        site4.enroll(client)
    assert client.reboot("192.168.50.7", timeout=SILENCE) is None
    assert site4.log("USER_CHK_CLIENT_MOVED") == []
    assert client.get_lease().subnet == (LOCAL if registered else RESTRICTED[LOCAL])


# --- DHCPv4, not told ------------------------------------------------------------------------------------


@both_vlans
@both_ways
def test_client_that_is_not_told_gets_no_answer(site4, vlan, enrolled):
    lay_out(site4)
    mover = Mover(site4, vlan, enrolled)
    assert mover.rebind(timeout=SILENCE) is None
    if not enrolled:
        assert mover.renew(timeout=SILENCE) is None
    assert site4.log("USER_CHK_CLIENT_MOVED") == []


@both_vlans
def test_client_that_is_enrolled_and_not_told_renews_where_it_is(site4, vlan):
    """Kea selects the subnet of a renewal by the renewed address."""
    lay_out(site4)
    mover = Mover(site4, vlan, enrolled=True)
    assert mover.renew().yiaddr == mover.lease.yiaddr


# --- DHCPv6, which needs no telling ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", [{}, {"na": [], "pd": [1]}], ids=["NA", "PD"])
@both_vlans
@both_ways
def test_dhcpv6_client_moves_at_its_renewal(site6, vlan, kind, enrolled):
    lay_out(site6)
    client = site6.client(**kind, **(behind(6, vlan) if vlan == RELAYED else {}))
    before, after = (RESTRICTED[vlan], vlan) if enrolled else (vlan, RESTRICTED[vlan])
    if not enrolled:
        site6.enroll(client)
    old = client.get_leases()
    assert old.subnets == {before}
    site6.registry.write(*([site6.entry(client)] if enrolled else []))
    new = client.renew(old)
    assert new.subnets == {after}
    assert [lease for _, lease in new.withdrawn] == old.leases
    assert client.renew(new).leases == new.leases


def test_dhcpv6_client_whose_registration_expires_moves_at_its_renewal(site6):
    lay_out(site6)
    client = site6.client()
    expires = time.time() + 3
    site6.enroll(client, expires=rfc3339(expires))
    old = client.get_leases()
    assert old.subnets == {LOCAL}
    time.sleep(max(0, expires - time.time()))
    new = client.renew(old)
    assert new.subnets == {RESTRICTED[LOCAL]}
    assert [lease for _, lease in new.withdrawn] == old.leases


# --- common clients --------------------------------------------------------------------------------------


def test_udhcpc_moves_when_it_renews(site4, tmp_path):
    lay_out(site4, nak_moved_clients=True)
    host = site4.lan.plug()
    with clients.resident_udhcpc(host, tmp_path) as client:
        client.wait_for_subnet(RESTRICTED[LOCAL])
        site4.registry.write(hw_addr(host.mac()))
        client.renew()
        client.wait_for_subnet(LOCAL)
        site4.registry.write()
        client.renew()
        client.wait_for_subnet(RESTRICTED[LOCAL])


@pytest.mark.skipif(shutil.which("dhclient") is None, reason="dhclient is not in this Debian release any more")
def test_dhclient_moves_when_it_renews(site4, tmp_path):
    lay_out(site4, timers={"renew-timer": 1}, nak_moved_clients=True)
    host = site4.lan.plug()
    with clients.resident_dhclient(host, tmp_path) as client:
        client.wait_for_subnet(RESTRICTED[LOCAL])
        site4.registry.write(hw_addr(host.mac()))
        client.wait_for_subnet(LOCAL)
        site4.registry.write()
        client.wait_for_subnet(RESTRICTED[LOCAL])
