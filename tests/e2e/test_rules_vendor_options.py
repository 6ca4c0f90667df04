# SPDX-License-Identifier: MPL-2.0
"""The attributes `option.vendor-N.*`: vendor options, together with those that Kea sends of the same and other vendors."""

import struct

import pytest

from lab import dhcp4, dhcp6
from lab.config import SERVER_BOOTFILE, SERVER_TFTP6
from lab.dhcp6 import ASKS_DOCSIS, DOCSIS, DOCSIS_CONFIG_FILE, DOCSIS_TFTP_SERVERS
from lab.kea import release
from lab.rules import address, offer_options, packed

DOCSIS_SYSLOG_SERVERS = 34
TFTP_SERVERS = {4: 2, 6: DOCSIS_TFTP_SERVERS}  # the DOCSIS option with that name

# An enterprise whose options are defined only in the server's configuration, and one that nobody has heard of.
ACME, NOBODY = 25506, 4242
CONTROLLER, MOTTO = 1, 2


@pytest.fixture
def acme(site, family):
    """A server that knows the options of an enterprise, and sends two of them in every response."""
    space = {"space": f"vendor-{ACME}"}
    sent = {**space, "always-send": True}
    offer_options(
        site,
        option_def=[
            {**space, "name": "controller", "code": CONTROLLER, "type": f"ipv{family}-address"},
            {**space, "name": "motto", "code": MOTTO, "type": "string"},
        ],
        option_data=[
            {"name": "vivso-suboptions" if family == 4 else "vendor-opts", "data": str(ACME), "always-send": True},
            {**sent, "name": "controller", "data": address(family, 1)},
            {**sent, "name": "motto", "data": "server"},
        ],
    )
    return site


def test_options_of_an_enterprise_are_merged_with_those_that_kea_sends(acme):
    plain = acme.enroll(acme.client())
    client = acme.enroll(acme.client(), **{f"option.vendor-{ACME}.motto": "own"})
    server = packed(address(acme.family, 1))
    for _ in range(2):
        assert acme.acquire(plain).vendors() == {ACME: {CONTROLLER: server, MOTTO: b"server"}}
        assert acme.acquire(client).vendors() == {ACME: {CONTROLLER: server, MOTTO: b"own"}}


def test_options_of_several_enterprises(acme):
    """One whose options Kea already sends, one without options, one without definitions."""
    client = acme.enroll(
        acme.client(),
        **{
            f"option.vendor-{DOCSIS}.tftp-servers": address(acme.family, 5),
            f"option.vendor-{ACME}.{CONTROLLER}": address(acme.family, 7),
            f"option.vendor-{NOBODY}.99": "0x0102",
        },
    )
    wanted = {
        DOCSIS: {TFTP_SERVERS[acme.family]: packed(address(acme.family, 5))},
        ACME: {CONTROLLER: packed(address(acme.family, 7)), MOTTO: b"server"},
        NOBODY: {99: b"\x01\x02"},
    }
    first = acme.ask(client)
    last = client.request(first)
    assert first.vendors() == last.vendors() == client.renew(last).vendors() == wanted
    assert acme.problems() == []


def test_options_of_an_enterprise_that_kea_does_not_send_leave_the_others_alone(acme):
    client = acme.enroll(acme.client(), **{f"option.vendor-{NOBODY}.1": "0xff"})
    server = {CONTROLLER: packed(address(acme.family, 1)), MOTTO: b"server"}
    assert acme.acquire(client).vendors() == {ACME: server, NOBODY: {1: b"\xff"}}


def test_vendor_option_is_made_where_the_response_has_none(v4, v6):
    for world in (v4, v6):
        name = f"option.vendor-{DOCSIS}.tftp-servers"
        client = world.enroll(world.client(), **{name: address(world.family, 5)})
        wanted = {TFTP_SERVERS[world.family]: packed(address(world.family, 5))}
        assert world.acquire(client).vendors() == {DOCSIS: wanted}


def test_docsis_options_that_a_dhcpv6_client_asks_for_are_merged(v6):
    """They also have precedence over the boot attributes that set the same options."""
    name = f"option.vendor-{DOCSIS}"
    more = v6.enroll(v6.client(**ASKS_DOCSIS), **{f"{name}.syslog-servers": "2001:db8::9"})
    server = {DOCSIS_TFTP_SERVERS: packed(SERVER_TFTP6), DOCSIS_CONFIG_FILE: SERVER_BOOTFILE.encode()}
    assert more.get_leases().docsis() == {**server, DOCSIS_SYSLOG_SERVERS: packed("2001:db8::9")}

    boot = {"bootfile": "boot.img", "tftp_server": "2001:db8::8"}
    both = v6.enroll(v6.client(**ASKS_DOCSIS), **boot, **{f"{name}.config-file": "other.img"})
    assert both.get_leases().docsis() == {
        DOCSIS_TFTP_SERVERS: packed("2001:db8::8"),
        DOCSIS_CONFIG_FILE: b"other.img",
    }


def of_a_docsis_device(family, how):
    """Returns an option of queries that tells Kea to send the options of that vendor."""
    if family == 4:
        data = b"\x09docsis3.0" if how == "vendor class" else b""
        return dhcp4.VENDOR_CLASS if data else dhcp4.VENDOR_OPTS, struct.pack("!IB", DOCSIS, len(data)) + data
    data = b"\x00\x09docsis3.0" if how == "vendor class" else b""
    return dhcp6.VENDOR_CLASS if data else dhcp6.VENDOR_OPTS, struct.pack("!I", DOCSIS) + data


@pytest.mark.parametrize("how", ["vendor class", "vendor options"])
def test_docsis_options_that_kea_sends_to_these_devices_are_merged(site, how):
    if how == "vendor class" and site.family == 4 and release() < (2, 3):
        pytest.skip("Kea 2.2 does not look at the vendor class of DHCPv4 clients")
    docsis = {"space": f"vendor-{DOCSIS}"}
    title = {**docsis, "name": "title", "code": 200, "type": "string"}
    values = {"tftp-servers": address(site.family, 1), "title": "server"}
    data = [{**docsis, "name": name, "data": value, "always-send": True} for name, value in values.items()]
    offer_options(site, option_def=[title], option_data=data)

    device = {"options": [of_a_docsis_device(site.family, how)]}
    plain = site.enroll(site.client(**device))
    name = f"option.vendor-{DOCSIS}.tftp-servers"
    client = site.enroll(site.client(**device), **{name: address(site.family, 5)})
    for who, server in ((plain, 1), (client, 5), (plain, 1)):
        wanted = {TFTP_SERVERS[site.family]: packed(address(site.family, server)), 200: b"server"}
        assert site.acquire(who).vendors() == {DOCSIS: wanted}


def hex_digits(length):
    return "0x" + "ab" * length


def test_dhcpv4_vendor_options_may_fill_an_option_each(v4):
    """Of a longer one, Kea sends parts that lack the enterprise number."""
    longest = {f"option.vendor-{enterprise}.1": hex_digits(246) for enterprise in (ACME, NOBODY)}
    ack = v4.enroll(v4.client(), **longest).get_lease()
    assert ack.vendors() == {ACME: {1: b"\xab" * 246}, NOBODY: {1: b"\xab" * 246}}


def test_dhcpv6_vendor_options_may_be_longer(v6):
    reply = v6.enroll(v6.client(), **{f"option.vendor-{NOBODY}.1": hex_digits(700)}).get_leases()
    assert reply.vendors() == {NOBODY: {1: b"\xab" * 700}}
