# SPDX-License-Identifier: MPL-2.0
"""The outcome records as JSON lines, for every kind of response; each is also checked against its schema."""

import pytest

from lab import dhcp4, dhcp6
from lab.config import NORMAL, RELAY4, RELAY6, RELAYED, RESTRICTED, subnet4, subnet6, subnet_of
from lab.net import IFACE
from lab.outcome import parse_json

# Subnets besides the normal and the restricted one, each in a shared network with it.
NORMAL_SIBLING, RESTRICTED_SIBLING = 4, 8

FOREVER = 0xFFFFFFFF


def record4(client, message, response, registered, **more):
    """Returns the record of a response to a Client4, without its time; `more` are other members, or other values."""
    common = {
        "server": "kea-dhcp4",
        "message": message,
        "transaction-id": hex(response.xid),
        "id-type": "HW_ADDR",
        "id": client.id,
        "hw-type": client.htype,
        "address": response.yiaddr,
        "valid-lifetime": 3600,
        "subnet-id": response.subnet,
        "registered": registered,
        "interface": IFACE,
    }
    return common | {name.replace("_", "-"): value for name, value in more.items()}


def records6(client, message, response, registered, **more):
    """Returns the records of a response to a Client6: addresses, then prefixes, in the order of the client's requests."""
    common = {
        "server": "kea-dhcp6",
        "message": message,
        "transaction-id": hex(response.xid),
        "id-type": "DUID",
        "id": client.id,
        "valid-lifetime": 3600,
        "registered": registered,
        "interface": IFACE,
    }
    return [
        common | {"prefix" if "/" in lease else "address": lease, "subnet-id": subnet_of(lease)} | more
        for lease in response.leases
    ]


CONFORMING = (
    '{ "time": "2026-11-22T03:32:34.007Z", "server": "kea-dhcp4", "message": "ack", "transaction-id": "0x1a2b3c", '
    '"id-type": "HW_ADDR", "id": "0c:0e:0a:01:ff:04", "hw-type": 1, "address": "175.16.1.100", "valid-lifetime": 3600, '
    '"subnet-id": 7, "registered": true, "interface": "eth0" }\n'
)


@pytest.mark.parametrize(
    "good, bad",
    [
        ("2026-11-22", "2026-1a-22"),
        ("2026-11-22", "2026-13-22"),
        ("0x1a2b3c", "0x0a2b3c"),
        ("0c:0e:0a:01", "0c:0e:0A:01"),
        ("175.16.1.100", "175.16.a.100"),
        ("175.16.1.100", "175.16.1.300"),
        ("175.16.1.100", "2001:db8::1"),
        ('"hw-type": 1,', '"hw-type": "1",'),
        ('"hw-type": 1,', '"hw-type": 999,'),
        ("true", "1"),
        ("kea-dhcp4", "kea-dhcp6"),
        ("kea-dhcp4", "kea-dhcp5"),
    ],
)
def test_a_record_unlike_the_schema_is_found_after_many_that_are_like_it(good, bad):
    other = CONFORMING.replace("0x1a2b3c", "0xffffff").replace("0c:0e", "c0:00").replace("175.16.1.100", "10.8.0.255")
    assert len(parse_json(CONFORMING + other)) == 2
    with pytest.raises(AssertionError, match="2026"):
        parse_json(CONFORMING.replace(good, bad))


@pytest.fixture
def json4(make_world):
    world = make_world(4)
    world.record_as("json")
    return world


@pytest.fixture
def json6(make_world):
    world = make_world(6)
    world.record_as("json")
    return world


@pytest.mark.parametrize("htype, length", [(1, 6), (32, 8), (1, 16)])
def test_offer_and_ack(json4, htype, length):
    json4.start()
    known, stranger = (
        json4.client_with(json4.client().hardware.ljust(length, b"\x07"), htype=htype) for _ in range(2)
    )
    json4.enroll(known)
    expected = []
    for client in (known, stranger):
        offer = client.discover()
        ack = client.request(offer)
        expected += [record4(client, name, it, client is known) for name, it in (("offer", offer), ("ack", ack))]
    assert [record["subnet-id"] for record in expected] == [NORMAL] * 2 + [RESTRICTED] * 2
    assert json4.outcome.objects() == expected


def test_answer_to_an_inform(json4):
    json4.start()
    known, stranger = json4.enroll(json4.client()), json4.client()
    answers = [(client, client.inform("10.1.250.1")) for client in (known, stranger)]
    assert json4.outcome.objects() == [
        record4(client, "ack", answer, registered, address="0.0.0.0", valid_lifetime=0, subnet_id=subnet)
        for (client, answer), registered, subnet in zip(answers, (True, False), (NORMAL, RESTRICTED))
    ]


def test_relayed_dhcpv4_query(json4):
    json4.start()
    client = json4.enroll(json4.client(relay=RELAY4))
    offer = client.discover()
    ack = client.request(offer)
    assert offer.subnet == RELAYED
    assert json4.outcome.objects() == [
        record4(client, "offer", offer, True, relay=RELAY4),
        record4(client, "ack", ack, True, relay=RELAY4),
    ]


def test_advertise_and_reply_with_several_addresses_and_prefixes(json6):
    json6.start()
    known, stranger = json6.enroll(json6.client(na=[1, 2], pd=[3, 4])), json6.client(pd=[1])
    expected = []
    for client in (known, stranger):
        advertise = client.solicit()
        reply = client.request(advertise)
        expected += records6(client, "advertise", advertise, client is known)
        expected += records6(client, "reply", reply, client is known)
    assert [record["subnet-id"] for record in expected] == [NORMAL] * 8 + [RESTRICTED] * 4
    assert ["prefix" in record for record in expected[:4]] == [False, False, True, True]
    assert json6.outcome.objects() == expected


# The relay closest to the client is the first.
@pytest.mark.parametrize(
    "relays, recorded",
    [
        ([RELAY6[RELAYED]], RELAY6[RELAYED]),
        ([RELAY6[RELAYED], "2001:db8:77::1"], RELAY6[RELAYED]),
        (["::", RELAY6[RELAYED]], RELAY6[RELAYED]),
        (["::"], None),
        (["::", "::"], None),
    ],
    ids=["one", "two", "LDRA and relay", "LDRA", "two LDRA"],
)
def test_relayed_dhcpv6_query(json6, relays, recorded):
    """A lightweight relay agent (LDRA) gives no link address; if no relay does, the relay's own address is recorded."""
    json6.start()
    client = json6.enroll(json6.client(relays=relays, pd=[1]))
    relay = recorded or json6.wire.address
    advertise = client.solicit()
    reply = client.request(advertise)
    assert reply.subnets == {RELAYED if recorded else NORMAL}
    assert json6.outcome.objects() == [
        *records6(client, "advertise", advertise, True, relay=relay),
        *records6(client, "reply", reply, True, relay=relay),
    ]


def test_lease_for_ever(json4, json6):
    for world in (json4, json6):
        world.config |= {"valid-lifetime": FOREVER, "preferred-lifetime": FOREVER} if world.family == 6 else {
            "valid-lifetime": FOREVER
        }
        world.start().grant(world.client())
        assert [record["valid-lifetime"] for record in world.outcome.objects()] == [FOREVER] * 2


def test_hostname_of_a_dhcpv4_response_is_the_one_that_is_sent(json4):
    json4.start()
    client = json4.client(options=[(dhcp4.HOSTNAME, b"lap top")])
    offer = client.discover()
    assert offer.text(dhcp4.HOSTNAME) == "laptop"
    assert json4.outcome.objects() == [record4(client, "offer", offer, False, hostname="laptop")]


# Possible host names of clients, and what a record has between the quotes.
NAMES = {
    "plain": (b"laptop", b"laptop"),
    "quotes and controls": (b'"lap\\top"\t\n\x01\x1f\x7f', rb'\"lap\\top\"\u0009\u000a\u0001\u001f\u007f'),
    "UTF-8": (b"caf\xc3\xa9 \xf0\x9f\x93\xb1", b"caf\xc3\xa9 \xf0\x9f\x93\xb1"),
    "Latin-1": (b"caf\xe9", rb"caf\u00e9"),
    "UTF-8 cut short": (b"caf\xc3\xa9\xc3", b"caf\xc3\xa9" + rb"\u00c3"),
    "UTF-8 and quotes": (b'"caf\xc3\xa9"\n', rb"\"caf" + b"\xc3\xa9" + rb"\"\u000a"),
    "no text": (b"\xff\xfe\x80", rb"\u00ff\u00fe\u0080"),
    "NUL": (b"lap\0top", rb"lap\u0000top"),
    "long": (b"n" * 255, b"n" * 255),
}


@pytest.mark.parametrize("name, written", NAMES.values(), ids=NAMES)
def test_hostname_of_a_dhcpv4_query_is_recorded_byte_for_byte(json4, name, written):
    """Kea does not answer an INFORM with the host name, so the client's own is recorded, which may be anything."""
    json4.start()
    client = json4.client(options=[(dhcp4.HOSTNAME, name)])
    answer = client.inform("10.1.250.1")
    assert dhcp4.HOSTNAME not in answer.options
    assert len(json4.outcome.objects()) == 1
    assert b'"hostname": "' + written + b'"' in json4.outcome.path.read_bytes()


def fqdn(name):
    """Returns a domain name as DHCP options carry it."""
    return b"".join(bytes([len(label)]) + label for label in name.split(b".")) + b"\0"


def test_hostname_is_the_domain_name_of_a_client(json4, json6):
    name = "laptop.example.com"
    for world, code, flags in ((json4, dhcp4.FQDN, b"\x05\0\0"), (json6, dhcp6.FQDN, b"\x01")):
        world.start()
        client = world.client(options=[(code, flags + fqdn(name.encode()))])
        response = client.request(world.ask(client))
        assert response is not None
        assert [record["hostname"] for record in world.outcome.objects()] == [f"{name}."] * 2


@pytest.mark.parametrize("registered", [True, False], ids=["registered", "stranger"])
def test_subnet_is_the_sibling_that_the_engine_has_taken_the_lease_from(json4, json6, registered):
    """In a shared network, a reservation moves the client there, if an unregistered client may leave its subnet."""
    sibling = NORMAL_SIBLING
    for world, make, reserved in (
        (json4, subnet4, {"ip-address": f"10.{sibling}.0.77"}),
        (json6, subnet6, {"ip-addresses": [f"2001:db8:{sibling}::77"], "prefixes": [f"2001:db8:{sibling}77::/56"]}),
    ):
        client = world.client() if world.family == 4 else world.client(pd=[1])
        share(world, make, sibling, client, reserved)
        world.hook["parameters"]["unregistered-clients"] = "classify"
        world.start()
        world.registry.write(world.default_entry(bootfile="sign-up.img"))
        if registered:
            world.enroll(client)
        first = world.ask(client)
        second = client.request(first)
        if world.family == 4:
            expected = [record4(client, *it, registered) for it in (("offer", first), ("ack", second))]
        else:
            expected = [
                *records6(client, "advertise", first, registered),
                *records6(client, "reply", second, registered),
            ]
        assert {record["subnet-id"] for record in expected} == {sibling}
        assert world.outcome.objects() == expected


def share(world, make, sibling, client, reserved):
    """Puts the normal and the restricted subnet into shared networks; the client has a reservation in `sibling`."""
    name = f"subnet{world.family}"
    reservation = {"hw-address" if world.family == 4 else "duid": client.id, **reserved}
    subnets = {subnet["id"]: subnet for subnet in world.config.pop(name)}
    for added in (NORMAL_SIBLING, RESTRICTED_SIBLING):
        subnets[added] = make(added, "200.255" if world.family == 4 else "ffff:ffff")
    subnets[sibling]["reservations"] = [reservation]
    subnets[NORMAL_SIBLING]["interface"] = IFACE
    world.config["shared-networks"] = [
        {"name": "staff", name: [subnets[NORMAL], subnets[NORMAL_SIBLING]]},
        {"name": "guests", name: [subnets[RESTRICTED], subnets[RESTRICTED_SIBLING]]},
    ]


def test_leases_of_one_response_may_be_of_several_subnets(json6):
    name = "subnet6"
    normal = next(subnet for subnet in json6.config[name] if subnet["id"] == NORMAL)
    json6.config[name].remove(normal)
    without_addresses = subnet6(NORMAL_SIBLING, "0", interface=IFACE) | {"pools": []}
    json6.config["shared-networks"] = [
        {"name": "staff", name: [normal | {"pd-pools": []}, without_addresses]},
    ]
    json6.start()
    client = json6.enroll(json6.client(pd=[1]))
    advertise = client.solicit()
    assert advertise.subnets == {NORMAL, NORMAL_SIBLING}
    assert json6.outcome.objects() == records6(client, "advertise", advertise, True)
