# SPDX-License-Identifier: MPL-2.0
"""The attributes `option.*` and `next-server`: what users get, whatever Kea is configured to send.

The tests check the bytes of options, not what another decoder makes of them.
"""

import json
import struct

import pytest

from lab import dhcp4
from lab.config import NORMAL, RESTRICTED
from lab.process import wait_until
from lab.rules import (
    MARK,
    address,
    lay_out_options,
    mark,
    mark_of,
    offer_options,
    packed,
    refusal_at_start,
    refusal_of,
)

REMARK = "USER_CHK_REGISTRY_REMARK"


def domain_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


# --- The options of a protocol's own space ---------------------------------------------------------------

VALUES4 = {
    "name": ({"option.ntp-servers": "10.0.0.1"}, 42, packed("10.0.0.1")),
    "code": ({"option.42": "10.0.0.1"}, 42, packed("10.0.0.1")),
    "several values": ({"option.ntp-servers": "10.0.0.1, 10.0.0.2"}, 42, packed("10.0.0.1", "10.0.0.2")),
    "hex digits": ({"option.ntp-servers": "0x0A000001"}, 42, packed("10.0.0.1")),
    "text": ({"option.domain-name": "campus.example"}, 15, b"campus.example"),
    "text with a comma": ({"option.101": "Europe\\, Berlin"}, 101, b"Europe, Berlin"),
    "text in hex digits": ({"option.15": "0x6361"}, 15, b"ca"),
    "number": ({"option.default-ip-ttl": "64"}, 23, b"\x40"),
    "truth": ({"option.ip-forwarding": "true"}, 19, b"\x01"),
    "record": ({"option.slp-service-scope": "true, campus"}, 79, b"\x01campus"),
    "captive portal": (
        {"option.v4-captive-portal": "https://portal.example/api"},
        114,
        b"https://portal.example/api",
    ),
    "no definition": ({"option.250": "0x0102"}, 250, b"\x01\x02"),
}

VALUES6 = {
    "name": ({"option.dns-servers": "2001:db8::53"}, 23, packed("2001:db8::53")),
    "code": ({"option.23": "2001:db8::53"}, 23, packed("2001:db8::53")),
    "several values": ({"option.23": "2001:db8::53, 2001:db8::54"}, 23, packed("2001:db8::53", "2001:db8::54")),
    "hex digits": ({"option.dns-servers": f"0x{packed('2001:db8::53').hex()}"}, 23, packed("2001:db8::53")),
    "text": ({"option.bootfile-url": "tftp://boot.example/6"}, 59, b"tftp://boot.example/6"),
    "domain names": (
        {"option.domain-search": "a.example, b.example"},
        24,
        domain_name("a.example") + domain_name("b.example"),
    ),
    "number": ({"option.information-refresh-time": "600"}, 32, struct.pack("!I", 600)),
    "captive portal": (
        {"option.v6-captive-portal": "https://portal.example/api"},
        103,
        b"https://portal.example/api",
    ),
    "long": ({"option.new-tzdb-timezone": "x" * 700}, 42, b"x" * 700),
    "no definition": ({"option.65000": "0x0102"}, 65000, b"\x01\x02"),
}


def check_value(world, attributes, code, value):
    """Sent in every response with a lease, whether or not it was requested."""
    for ask in ((), (code,)):
        client = world.enroll(world.client(ask=ask), **attributes)
        first = world.ask(client)
        last = client.request(first)
        for response in (first, last, client.renew(last)):
            assert response.options[code] == value
            assert [number for number, _ in response.raw_options].count(code) == 1
            assert response.subnets == {NORMAL}
    assert world.problems() == []


@pytest.mark.parametrize("attributes, code, value", VALUES4.values(), ids=VALUES4)
def test_dhcpv4_value_may_be_written_like_this(v4, attributes, code, value):
    check_value(v4, attributes, code, value)


@pytest.mark.parametrize("attributes, code, value", VALUES6.values(), ids=VALUES6)
def test_dhcpv6_value_may_be_written_like_this(v6, attributes, code, value):
    check_value(v6, attributes, code, value)


@pytest.mark.parametrize("length", [250, 255, 256, 300, 600])
def test_long_dhcpv4_value_is_sent_in_parts(v4, length):
    """RFC 3396; releases of Kea split it in different places."""
    text = "".join(chr(ord("a") + number % 26) for number in range(length))
    client = v4.enroll(v4.client(), **mark(v4, text))
    offer = client.discover()
    for response in (offer, client.request(offer), client.inform("10.1.250.1")):
        assert mark_of(v4, response) == text
        parts = [len(data) for code, data in response.raw_options if code == MARK[4]]
        assert max(parts) <= 255
        assert len(parts) > 1 or length <= 255


def test_answer_to_an_inform_has_the_options(v4):
    v4.registry.write(v4.default_entry(**mark(v4, "default")))
    client = v4.enroll(v4.client(), **mark(v4, "own"), **{"next-server": "10.0.0.7"})
    answer = client.inform("10.1.250.1")
    assert mark_of(v4, answer) == "own"
    assert answer.siaddr == "10.0.0.7"
    assert mark_of(v4, v4.client().inform("10.1.250.2")) == "default"


def test_answer_without_a_lease_has_no_options_in_dhcpv6(v6):
    client = v6.enroll(v6.client(), **mark(v6, "own"))
    assert mark_of(v6, client.information_request()) is None


def test_strangers_get_the_options_of_the_default_user(v4, v6):
    portal = "https://portal.example/api"
    for world, name, code in ((v4, "v4-captive-portal", 114), (v6, "v6-captive-portal", 103)):
        world.registry.write(world.default_entry(**{f"option.{name}": portal}))
        known = world.enroll(world.client(), **mark(world, "own"))
        for client, wanted in ((world.client(), portal), (known, None)):
            response = world.acquire(client)
            assert response.text(code) == wanted
            assert response.subnets == {NORMAL if client is known else RESTRICTED}


def test_next_server_sets_the_field_of_the_header(v4):
    client, other = v4.enroll(v4.client(), **{"next-server": "10.0.0.7"}), v4.enroll(v4.client())
    untouched = other.discover().siaddr
    assert untouched != "10.0.0.7"
    offer = client.discover()
    assert offer.siaddr == client.request(offer).siaddr == "10.0.0.7"
    assert other.discover().siaddr == untouched


def test_option_goes_before_the_boot_attribute_that_sets_it_too(v4):
    client = v4.enroll(v4.client(), bootfile="boot.img", tftp_server="boot.example", **{"option.67": "other.img"})
    ack = client.get_lease()
    assert ack.text(dhcp4.BOOTFILE) == "other.img"
    assert ack.file == "boot.img"
    assert ack.text(dhcp4.TFTP_SERVER) == "boot.example"


# --- What Kea is configured to send, and what is defined in its configuration ------------------------------


def definitions(family):
    """Options that Kea itself does not know."""
    return [
        {"name": "badge", "code": 222, "type": "string"},
        {"name": "spot", "code": 223, "type": "record", "record-types": f"uint16, ipv{family}-address"},
    ]


def test_option_replaces_what_kea_sends_to_others(site):
    code = MARK[site.family]
    offer_options(site, option_data=[{"code": code, "data": "server", "always-send": True}])
    plain, marked = site.enroll(site.client()), site.enroll(site.client(), **mark(site, "own"))
    for _ in range(2):
        for client, wanted in ((plain, b"server"), (marked, b"own")):
            response = site.acquire(client)
            assert [data for number, data in response.raw_options if number == code] == [wanted]


def test_option_that_the_servers_configuration_defines(site):
    offer_options(site, option_def=definitions(site.family))
    spot = {"option.spot": f"7, {address(site.family, 9)}"}
    response = site.acquire(site.enroll(site.client(), **spot, **{"option.badge": "blue"}))
    assert response.text(222) == "blue"
    assert response.options[223] == b"\x00\x07" + packed(address(site.family, 9))
    assert site.problems() == []


# --- What is left out, and what is refused ------------------------------------------------------------------


def test_option_that_kea_does_not_know_is_left_out_with_a_warning(either):
    unknown = ["option.no-such", "option.vendor-4491.no-such", "option.vendor-4242.name", "option.250"]
    attributes = {name: "value" for name in unknown} | mark(either, "kept")
    either.registry.write("# a comment")
    client, _ = (either.enroll(either.client(), **attributes) for _ in range(2))
    response = either.acquire(client)
    assert response.subnets == {NORMAL}
    assert mark_of(either, response) == "kept"
    assert response.vendors() == {}
    assert 250 not in response.options
    warnings = either.log(REMARK)
    assert either.problems() == warnings
    assert {line.level for line in warnings} == {"WARN"}
    assert sorted(line.text for line in warnings) == sorted(
        f"{either.registry.path}:2: {name} is left out: Kea has no definition of it (users like this: 2)"
        for name in unknown
    )


BAD = {
    "no address": ({"option.ntp-servers": "nonsense"}, "invalid option.ntp-servers: 'nonsense': "),
    "address of the other protocol": ({"option.42": "2001:db8::1"}, "invalid option.42: '2001:db8::1': "),
    "no number": ({"option.default-ip-ttl": "300"}, "invalid option.default-ip-ttl: '300': "),
    "no hex digits": ({"option.42": "0xyz"}, "invalid option.42: '0xyz': "),
    "nothing": ({"option.101": ""}, "invalid option.101: '': "),
    "too few fields": ({"option.slp-service-scope": "campus"}, "invalid option.slp-service-scope: 'campus': "),
    "the server's own": ({"option.51": "60"}, "invalid option.51: "),
    "the server's own, by name": (
        {"option.dhcp-server-identifier": "10.0.0.1"},
        "invalid option.dhcp-server-identifier: ",
    ),
    "the server's own, in hex digits": ({"option.53": "0x05"}, "invalid option.53: "),
    "twice": (
        {"option.42": "10.0.0.1", "option.ntp-servers": "10.0.0.2"},
        "invalid option.ntp-servers: another attribute sets the option with code 42 already",
    ),
    "twice in an enterprise": (
        {"option.vendor-4491.2": "10.0.0.1", "option.vendor-4491.tftp-servers": "10.0.0.2"},
        "invalid option.vendor-4491.tftp-servers: another attribute sets the option with code 2 already",
    ),
    "no name": ({"option.": "x"}, "invalid option.: the name of an option must follow, or a code from 1 to 254"),
    "code 0": ({"option.0": "x"}, "invalid option.0: the name of an option must follow, or a code from 1 to 254"),
    "code 255": ({"option.255": "0x00"}, "invalid option.255: the name of an option must follow, or a code"),
    "enterprise 0": ({"option.vendor-0.1": "x"}, "invalid option.vendor-0.1: an enterprise number must follow vendor-"),
    "enterprise by name": ({"option.vendor-cisco.1": "x"}, "invalid option.vendor-cisco.1: an enterprise number must"),
    "too long for an enterprise": (
        {"option.vendor-4242.1": "0x" + "00" * 100, "option.vendor-4242.2": "0x" + "00" * 145},
        "invalid option.vendor-4242: its options take 249 bytes, must be at most 248",
    ),
    "next server by name": ({"next-server": "boot"}, "invalid next-server: 'boot', must be an IPv4 address"),
    "next server of DHCPv6": ({"next-server": "::1"}, "invalid next-server: '::1', must be an IPv4 address"),
}

BAD6 = {
    "no address": ({"option.dns-servers": "10.0.0.1"}, "invalid option.dns-servers: '10.0.0.1': "),
    "the server's own": ({"option.2": "0x0003"}, "invalid option.2: "),
    "the server's own, by name": (
        {"option.status-code": "0, fine"},
        "invalid option.status-code: ",
    ),
    "twice": (
        {"option.23": "2001:db8::1", "option.dns-servers": "2001:db8::2"},
        "invalid option.dns-servers: another attribute sets the option with code 23 already",
    ),
    "code over 65535": ({"option.65536": "0x00"}, "invalid option.65536: the name of an option must follow, or a code"),
}


def test_server_does_not_start_with_a_bad_option(own):
    reason = "invalid option.42: '0xyz': "
    text = refusal_at_start(own, "# fine", own.entry(own.client(), **{"option.42": "0xyz"}))
    assert f"{own.registry.path}:2: {reason}" in text


@pytest.mark.parametrize("attributes, reason", BAD.values(), ids=BAD)
def test_last_good_registry_stays_where_a_dhcpv4_option_is_bad(v4, attributes, reason):
    assert refusal_of(v4, **attributes).startswith(reason)


@pytest.mark.parametrize("attributes, reason", BAD6.values(), ids=BAD6)
def test_last_good_registry_stays_where_a_dhcpv6_option_is_bad(v6, attributes, reason):
    assert refusal_of(v6, **attributes).startswith(reason)


def test_options_of_the_other_protocols_users_are_not_looked_at(v4, v6):
    """Both servers may share a registry, but have different definitions."""
    users = [
        v4.entry(v4.client(), **{"option.ntp-servers": "10.0.0.1", "next-server": "10.0.0.7"}),
        v6.entry(v6.client(), **{"option.dns-servers": "2001:db8::53", "next-server": "of no use"}),
    ]
    for world in (v4, v6):
        world.registry.write(*users)
        assert world.offered_subnet(world.enroll(world.client())) == NORMAL
        assert world.problems() == []


# --- Definitions that come later -----------------------------------------------------------------------------


def set_configuration(site, refresh, **definitions):
    """The command config-set, with other definitions."""
    lay_out_options(site, **definitions)
    site.hook["parameters"]["registry-refresh"] = refresh
    site.configure()
    answer = site.server.command("config-set", **json.loads((site.server.home / "conf").read_text()))
    assert answer["result"] == 0, answer


@pytest.mark.unexplained
@pytest.mark.parametrize("refresh", ["packet", "background"])
def test_definition_that_another_configuration_has_is_known_from_then_on(site, refresh):
    badge, *_ = definitions(site.family)
    client = site.enroll(site.client(), **{"option.badge": "blue"}, **mark(site, "kept"))
    set_configuration(site, refresh)

    def badge_of(who):
        response = site.acquire(who)
        assert mark_of(site, response) == "kept"
        return response.text(222)

    assert badge_of(client) is None
    assert len(site.log(REMARK)) == 1
    set_configuration(site, refresh, option_def=[badge])
    assert badge_of(client) == "blue"
    # A load that is started by a query or by the background thread, not by the server.
    another = site.enroll(site.client(), **{"option.badge": "red"}, **mark(site, "kept"))
    wait_until(lambda: site.offered_subnet(another) == NORMAL, "the change to be in force")
    assert badge_of(another) == "red"
    assert len(site.log(REMARK)) == 1
    set_configuration(site, refresh)
    assert badge_of(client) is None
    assert len(site.log(REMARK)) == 2
