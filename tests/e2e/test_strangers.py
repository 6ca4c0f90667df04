# SPDX-License-Identifier: MPL-2.0
"""Unregistered clients: which are listed, with what, until when; and no flood of others hides one."""

import time

import pytest

from lab import clients, dhcp4, dhcp6
from lab.config import NORMAL, RELAYED, RESTRICTED, behind, guard, relay_address
from lab.control import EMPTY, ID_TYPE, SUCCESS, ask, statistics
from lab.net import IFACE
from lab.rules import rfc3339

PORT, VENDOR = b"ge-0/0/1", b"Maker of phones"
ENTERPRISE = b"\0\0\x11\x8b"  # precedes a DHCPv6 vendor class


def listed(world, **arguments):
    answer = ask(world.server, "strangers", arguments)
    assert answer.result == (SUCCESS if answer.arguments["strangers"] else EMPTY)
    return answer.arguments["strangers"]


def the_one(world, client):
    (found,) = [stranger for stranger in listed(world, limit=10000) if stranger["id"] == client.id]
    return found


def is_listed(world, client):
    return client.id in {stranger["id"] for stranger in listed(world, limit=10000)}


def granted(world, client):
    """What a client is offered, or leased, when it asks once."""
    answer = world.ask(client, timeout=0.5)
    return answer.leases if answer else []


def telling(world):
    """A client behind a relay, with many options that describe it."""
    address = relay_address(world.family, RELAYED)
    if world.family == 4:
        options = [dhcp4.agent(circuit_id=PORT), (12, b"phone7"), (60, VENDOR)]
        return world.client(relay=address, options=options)
    name = b"\0\x06phone7\0"  # flags, and a name in DNS format
    vendor = ENTERPRISE + len(VENDOR).to_bytes(2, "big") + VENDOR
    return world.client(relays=[(address, [(dhcp6.INTERFACE_ID, PORT)])], options=[(39, name), (16, vendor)])


def test_what_is_listed_of_a_client_is_what_it_takes_to_enroll_it(own):
    own.start()  # a separate server, since the log reports few unregistered clients a minute
    client = telling(own)
    before = time.time()
    lease = own.acquire(client)
    found = the_one(own, client)
    port = {4: "CIRCUIT_ID", 6: "INTERFACE_ID"}[own.family]
    assert {"type": port, "id": PORT.hex(":")} in found["identifiers"]
    assert (found["type"], found["standing"]) == (ID_TYPE[own.family], "unknown")
    assert (found["hostname"].rstrip("."), found["vendor-class"]) == ("phone7", VENDOR.decode())
    assert (found["relay"], found["interface"]) == (relay_address(own.family, RELAYED), IFACE)
    assert (found["subnet-id"], found["leases"]) == (RESTRICTED, lease.leases)
    assert found["queries"] == 2
    assert rfc3339(before)[:16] <= found["first-seen"][:16] <= found["last-seen"][:16]
    (told,) = own.log("USER_CHK_STRANGER_SEEN")
    assert found["reason"] and found["reason"] in told.text and PORT.hex() in told.text

    user = {"type": found["type"], "id": found["id"], "note": "enrolled from the list"}
    assert ask(own.server, "add", {"user": user}).result == SUCCESS
    assert not is_listed(own, client)
    assert own.acquire(client).subnets == {RELAYED}
    assert not is_listed(own, client)


def test_registered_clients_are_not_listed(either):
    known = either.enroll(either.client())
    either.acquire(known)
    assert not is_listed(either, known)


@pytest.mark.parametrize(
    "attributes, standing",
    [({"access": "deny"}, "denied"), ({"access": "restrict"}, "restricted"), ({"expires": "2020-01-01T00:00:00Z"}, "expired")],
)
def test_clients_that_the_registry_has_are_listed_by_how_they_stand(either, attributes, standing):
    client = either.enroll(either.client(), **attributes)
    either.ask(client, timeout=0.5 if standing == "denied" else 5)
    assert the_one(either, client)["standing"] == standing


def test_client_out_of_its_scope_is_listed(either):
    client = either.enroll(either.client(**behind(either.family, RELAYED)), subnets=str(NORMAL))
    either.ask(client)
    assert the_one(either, client)["standing"] == "out-of-scope"


def test_dropped_clients_are_listed(own):
    own.hook["parameters"]["unregistered-clients"] = "drop"
    own.start()
    client = own.client()
    assert own.ask(client, timeout=0.5) is None
    found = the_one(own, client)
    assert (found["standing"], found["leases"]) == ("unknown", [])


def close_all(world, client_class):
    """An operator's own guard on each subnet."""
    for subnet in world.config[f"subnet{world.family}"]:
        subnet.update(guard(client_class))


def test_client_to_which_the_operator_has_closed_every_subnet_is_listed(own):
    """Kea up to 3.0.3 drops the DHCPv4 query of such a client before it calls pkt4_receive."""
    close_all(own, "USER_CHK_REGISTERED")
    own.start()
    client, known = own.client(), own.enroll(own.client())
    assert not granted(own, client)
    found = the_one(own, client)
    assert (found["standing"], found["leases"], found["queries"]) == ("unknown", [], 1)
    assert len(own.log("USER_CHK_STRANGER_SEEN")) == 1
    own.acquire(known)
    counted = statistics(own)
    assert (counted["unregistered-queries"], counted["registered-queries"], counted["strangers"]) == (1, 2, 1)


def test_registered_client_to_which_the_operator_has_closed_every_subnet_is_counted(own):
    close_all(own, "USER_CHK_UNREGISTERED")
    own.start()
    known = own.enroll(own.client())
    assert not granted(own, known)
    counted = statistics(own)
    assert (counted["registered-queries"], counted["strangers"]) == (1, 0)


def test_client_that_a_class_of_the_configuration_lets_in_is_counted_once_a_query(own):
    """That class is not known yet when the library looks whether Kea may drop the query."""
    own.config["client-classes"] = [{"name": "anybody", "test": "member('ALL')"}]
    close_all(own, "anybody")
    own.start()
    client = own.client()
    own.acquire(client)
    assert the_one(own, client)["queries"] == statistics(own)["unregistered-queries"] == 2


def test_newest_come_first_and_older_ones_are_left_out(either):
    first, second = either.client(), either.client()
    either.ask(first)
    time.sleep(0.01)
    between = time.time()
    time.sleep(0.01)
    either.ask(second)
    assert [stranger["id"] for stranger in listed(either)][:2] == [second.id, first.id]
    assert [stranger["id"] for stranger in listed(either, limit=1)] == [second.id]
    assert [stranger["id"] for stranger in listed(either, since=rfc3339(between))] == [second.id]


def test_those_who_keep_trying_are_found_among_a_flood_of_made_up_clients(own):
    """The flood makes full exchanges, so each of its clients sends two queries."""
    own.hook["parameters"]["strangers-kept"] = 100
    own.start()
    host = own.lan.plug(address4=f"10.{RELAYED}.0.1/16")
    real = [own.client() for _ in range(10)]
    for crowd in range(3):
        for client in real:
            own.ask(client)
        clients.perfdhcp(host, own.family, clients=600, rate=400, crowd=crowd)  # so more than a second passes
    assert all(is_listed(own, client) for client in real)
    answer = ask(own.server, "strangers", {"limit": 10000})
    assert len(answer.arguments["strangers"]) == answer.arguments["kept"] == 100
    assert answer.arguments["pushed-out"] > 1200
    assert own.server.command("statistic-get", name="user-chk.strangers")["arguments"]["user-chk.strangers"][0][0] == 100


def test_nobody_is_kept_where_nobody_is_to_be(own):
    own.hook["parameters"]["strangers-kept"] = 0
    own.start()
    own.ask(own.client())
    assert listed(own) == []
    assert own.log("USER_CHK_STRANGER_SEEN") == []
