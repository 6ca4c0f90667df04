# SPDX-License-Identifier: MPL-2.0
"""A captive portal, end to end: a device arrives, is enrolled, its registration expires, it is locked out."""

import time

import pytest

from lab import clients
from lab.config import PORTAL, client_class, place, subnet_of
from lab.net import IFACE
from lab.process import wait_until
from lab.registry import hw_addr
from lab.rules import rfc3339
from lab.tries import SILENCE

INSIDE, OUTSIDE = 1, 9
URL = "https://portal.example.com/api"
SHORT = 120


@pytest.fixture
def portal(site):
    """Unregistered clients get their own subnet, a short lease and the address of the portal."""
    family = site.family
    stranger = client_class(family, "USER_CHK_UNREGISTERED", portal=URL, **{"valid-lifetime": SHORT})
    site.change_to(
        subnets=[place(family, INSIDE, interface=IFACE), place(family, OUTSIDE)],
        classes=[stranger],
        nak_moved_clients=True,
    )
    return site


def end_soon():
    """Returns a registration that expires soon, in the form of `expires`, and its time."""
    moment = time.time() + 1.2
    return rfc3339(moment), moment


def wait_for(moment):
    time.sleep(max(0, moment - time.time()))


@pytest.mark.parametrize("family", [4], ids=["v4"])
def test_device_goes_through_the_portal(portal, tmp_path):
    """The test waits for the device; only what it does at half of its lease is made to happen at once."""
    host = portal.lan.plug()
    device = portal.client_with(bytes.fromhex(host.mac().replace(":", "")))
    with clients.resident_udhcpc(host, tmp_path) as client:
        arrived = client.wait_for_subnet(OUTSIDE)
        assert bytes.fromhex(arrived.portal).decode() == URL
        assert portal.lease_rows(device)[-1]["valid_lifetime"] == str(SHORT)

        portal.registry.write(hw_addr(host.mac()))
        client.renew()
        enrolled = client.wait_for_subnet(INSIDE)
        assert enrolled.portal == ""
        assert portal.lease_rows(device)[-1]["valid_lifetime"] == "3600"

        text, moment = end_soon()
        portal.registry.write(hw_addr(host.mac(), expires=text))
        wait_for(moment)
        client.renew()
        expired = client.wait_for_subnet(OUTSIDE)
        assert bytes.fromhex(expired.portal).decode() == URL

        portal.registry.write(hw_addr(host.mac(), access="deny"))
        before = client.events(), portal.lease_rows(device)
        client.renew()
        wait_until(lambda: portal.log("USER_CHK_QUERY_DENIED"), "the renewal of the device that is denied")
        assert device.discover(timeout=SILENCE) is None
        assert (client.events(), portal.lease_rows(device)) == before
    addresses = [event.address for event in before[0] if event.reason == "bound"]
    assert [subnet_of(address) for address in addresses] == [OUTSIDE, INSIDE, OUTSIDE]


@pytest.mark.parametrize("family", [6], ids=["v6"])
def test_dhcpv6_device_goes_through_the_portal(portal):
    device = portal.client(ask=[PORTAL[6]])
    lease = device.get_leases()
    assert (lease.subnets, lease.options[PORTAL[6]]) == ({OUTSIDE}, URL.encode())
    assert portal.lease_rows(device)[-1]["valid_lifetime"] == str(SHORT)

    portal.registry.write(portal.entry(device))
    lease = device.renew(lease)
    assert (lease.subnets, lease.options.get(PORTAL[6])) == ({INSIDE}, None)

    text, moment = end_soon()
    portal.registry.write(portal.entry(device, expires=text))
    wait_for(moment)
    lease = device.renew(lease)
    assert (lease.subnets, lease.options[PORTAL[6]]) == ({OUTSIDE}, URL.encode())

    portal.registry.write(portal.entry(device, access="deny"))
    rows = portal.lease_rows(device)
    assert device.renew(lease, timeout=SILENCE) is None
    assert device.solicit(timeout=SILENCE) is None
    assert portal.lease_rows(device) == rows
