# SPDX-License-Identifier: MPL-2.0
"""BOOTP clients (RFC 951), which Kea serves with its library libdhcp_bootp.so."""

import time

import pytest

from lab.config import NORMAL, RESTRICTED, guard, network, place
from lab.net import IFACE
from lab.rules import rfc3339
from lab.tries import SILENCE

FOREVER = 0xFFFFFFFF


@pytest.fixture
def bootp(make_world):
    """A kea-dhcp4 that serves BOOTP clients, not yet running."""
    world = make_world(4)
    world.record_as("json")
    world.hooks.append(world.shipped("libdhcp_bootp.so"))
    return world


def leases(world, client):
    """Returns the server's leases of a client, with their lifetimes."""
    return [int(row["valid_lifetime"]) for row in world.server.leases() if row["hwaddr"] == client.id]


def test_client_is_placed_recorded_and_dressed(bootp):
    bootp.start()
    client, stranger = bootp.enroll(bootp.client(), bootfile="/boot/ours"), bootp.client()
    for asking, subnet, bootfile in ((client, NORMAL, "/boot/ours"), (stranger, RESTRICTED, None)):
        answer = asking.bootp()
        assert answer.subnet == subnet
        assert answer.text(67) == bootfile
        assert 51 not in answer.options  # no lease time: it never ends
        assert leases(bootp, asking) == [FOREVER]
    assert [
        (record["id"], record["message"], record["address"] != "", record["valid-lifetime"], record["registered"])
        for record in bootp.outcome.objects()
    ] == [(client.id, "ack", True, FOREVER, True), (stranger.id, "ack", True, FOREVER, False)]
    assert bootp.problems() == []


@pytest.mark.parametrize("guards", ["made by the library", "configured"])
def test_client_is_served_from_its_own_side_of_a_shared_network(bootp, guards):
    classes = {NORMAL: "USER_CHK_REGISTERED", RESTRICTED: "USER_CHK_UNREGISTERED"} if guards == "configured" else {}
    subnets = [place(4, number, **(guard(classes[number]) if classes else {})) for number in (NORMAL, RESTRICTED)]
    bootp.config |= {"subnet4": [], "shared-networks": [network(4, *subnets, interface=IFACE)]}
    bootp.start()
    client, stranger = bootp.enroll(bootp.client(), bootfile="/boot/ours"), bootp.client()
    for asking, subnet, bootfile in ((client, NORMAL, "/boot/ours"), (stranger, RESTRICTED, None)):
        answer = asking.bootp()
        assert (answer.subnet, answer.text(67)) == (subnet, bootfile)
    assert [(record["id"], record["subnet-id"], record["registered"]) for record in bootp.outcome.objects()] == [
        (client.id, NORMAL, True),
        (stranger.id, RESTRICTED, False),
    ]


def test_grants_and_refusals_are_of_the_lifecycle(bootp):
    bootp.hook["parameters"]["outcome-events"] = "lifecycle"
    bootp.start()
    client, guest = bootp.enroll(bootp.client()), bootp.enroll(bootp.client(), expires=rfc3339(time.time() + 100))
    address = client.bootp().yiaddr
    for _ in range(2):
        assert guest.bootp(timeout=SILENCE) is None
    client.bootp()
    granted, refused, again = bootp.outcome.objects()
    assert [(it["message"], it["address"], it["valid-lifetime"]) for it in (granted, again)] == [("ack", address, FOREVER)] * 2
    assert (refused["message"], refused["id"], refused["reason"]) == ("refuse", guest.id, "a lease by BOOTP has no end")
    assert "address" not in refused


def test_client_that_is_denied_gets_no_answer(bootp):
    bootp.start()
    client = bootp.enroll(bootp.client(), access="deny")
    assert client.bootp(timeout=SILENCE) is None
    assert bootp.outcome.text() == ""


def test_client_whose_registration_ends_gets_no_lease_without_an_end(bootp):
    bootp.start()
    client = bootp.enroll(bootp.client(), expires=rfc3339(time.time() + 100))
    assert client.bootp(timeout=SILENCE) is None
    (told,) = bootp.log("USER_CHK_BOOTP_DROPPED")
    assert client.id.replace(":", "") in told.text
    assert bootp.outcome.text() == ""
    assert leases(bootp, client) == []
    # With DHCP it is served, and so is everyone else.
    assert client.get_lease().subnet == NORMAL
    assert bootp.enroll(bootp.client()).bootp().subnet == NORMAL


def test_client_whose_registration_has_ended_is_a_stranger(bootp):
    bootp.start()
    client = bootp.enroll(bootp.client(), expires=rfc3339(time.time() - 1))
    assert client.bootp().subnet == RESTRICTED


def test_client_whose_registration_has_not_started_gets_no_lease_without_an_end(bootp):
    bootp.start()
    client = bootp.enroll(bootp.client(), starts=rfc3339(time.time() + 100))
    assert client.bootp(timeout=SILENCE) is None
    assert len(bootp.log("USER_CHK_BOOTP_DROPPED")) == 1
    assert leases(bootp, client) == []
    assert client.get_lease().subnet == RESTRICTED
    bootp.registry.write(bootp.entry(client, starts=rfc3339(time.time() - 1)))
    assert client.bootp().subnet == NORMAL


def test_row_22_library_for_bootp_must_not_be_listed_before_ours(bootp):
    bootp.hooks.reverse()
    bootp.configure()
    log = bootp.server.start_refused()
    (error,) = [line for line in log if line.id == "USER_CHK_CONFIGURATION_REFUSED"]
    assert "hooks-libraries: libdhcp_bootp.so " in error.text
    assert "the order is lease_cmds, ha, user_chk, then all others" in error.text


def test_wrong_order_is_refused_by_a_server_that_runs(bootp):
    bootp.start()
    bootp.hooks.reverse()
    bootp.configure()
    answer = bootp.server.command("config-reload")
    assert answer["result"] == 1
    assert "hooks-libraries: libdhcp_bootp.so " in answer["text"]
    assert "the order is lease_cmds, ha, user_chk, then all others" in answer["text"]
    assert bootp.client().bootp(timeout=SILENCE) is None  # a rejected configuration lets nobody in
    bootp.hooks.reverse()
    bootp.configure()
    bootp.server.reload()
    assert bootp.client().bootp().subnet == RESTRICTED
