# SPDX-License-Identifier: MPL-2.0
"""DHCPv6: which subnet a client gets in every kind of exchange, and what is recorded."""

import pytest

from lab import dhcp6
from lab.config import FULL, NORMAL, RELAY6, RELAYED, RESTRICTED, allow_rapid_commit

ADDRESS = {"na": [1], "pd": []}
PREFIX = {"na": [], "pd": [1]}
BOTH = {"na": [1], "pd": [1]}

kinds = pytest.mark.parametrize("ias", [ADDRESS, PREFIX, BOTH], ids=["IA_NA", "IA_PD", "both"])
registrations = pytest.mark.parametrize("registered", [True, False], ids=["registered", "stranger"])


def make_client(world, registered, **how):
    client = world.client(**how)
    return world.enroll(client) if registered else client


@kinds
@registrations
def test_registered_client_gets_the_normal_subnet_and_a_stranger_the_restricted_one(v6, ias, registered):
    client = make_client(v6, registered, **ias)
    advertise = client.solicit()
    reply = client.request(advertise)
    assert (advertise.type, reply.type) == (dhcp6.ADVERTISE, dhcp6.REPLY)
    assert advertise.leases == reply.leases
    assert len(reply.leases) == len(ias["na"]) + len(ias["pd"])
    assert reply.subnets == {NORMAL if registered else RESTRICTED}
    assert v6.outcome.text() == v6.records(client, reply.leases, registered) * 2


@kinds
@registrations
def test_renewal_and_rebinding_keep_the_leases_and_are_recorded(v6, ias, registered):
    client = make_client(v6, registered, **ias)
    reply = client.get_leases()
    v6.outcome.mark()
    for again in (client.renew(reply), client.rebind(reply)):
        assert again.type == dhcp6.REPLY
        assert again.leases == reply.leases
    assert v6.outcome.text() == v6.records(client, reply.leases, registered) * 2


@kinds
def test_stranger_that_is_enrolled_moves_at_its_renewal_and_only_the_new_leases_are_recorded(v6, ias):
    client = v6.client(**ias)
    old = client.get_leases()
    v6.enroll(client)
    v6.outcome.mark()
    new = client.renew(old)
    assert new.subnets == {NORMAL}
    assert [text for _, text in new.withdrawn] == old.leases
    assert v6.outcome.text() == v6.records(client, new.leases, True)


@kinds
def test_release_ends_the_leases_and_is_not_recorded(v6, ias):
    client = v6.enroll(v6.client(**ias))
    reply = client.get_leases()
    assert len(leases_of(v6, client)) == len(reply.leases)
    v6.outcome.mark()
    assert client.release(reply).status == 0
    assert leases_of(v6, client) == []
    assert v6.outcome.text() == ""


@registrations
def test_rapid_commit_grants_in_one_exchange_with_one_record(v6_rapid, registered):
    client = make_client(v6_rapid, registered, **BOTH)
    reply = client.solicit(rapid=True)
    assert reply.type == dhcp6.REPLY
    assert dhcp6.RAPID_COMMIT in reply.options
    assert reply.subnets == {NORMAL if registered else RESTRICTED}
    assert v6_rapid.outcome.text() == v6_rapid.records(client, reply.leases, registered)


@pytest.mark.parametrize("duid", [b"\x00\x02\x00\x00\x00\x09known", b"\x00\x02\x00\x00\x00\x09other", None])
def test_information_request_is_answered_and_not_recorded(v6, duid):
    v6.enroll(v6.client_with(b"\x00\x02\x00\x00\x00\x09known"))
    reply = v6.client_with(duid).information_request()
    assert reply.type == dhcp6.REPLY
    assert v6.outcome.text() == ""
    assert v6.problems() == []


@registrations
def test_confirm_is_left_alone(v6, registered):
    client = make_client(v6, registered)
    reply = client.get_leases()
    v6.outcome.mark()
    assert client.confirm(reply).type == dhcp6.REPLY
    assert v6.outcome.text() == ""
    assert v6.problems() == []


@pytest.mark.parametrize("relays", [[RELAY6[RELAYED]], [RELAY6[RELAYED], "2001:db8:77::1"]], ids=["one", "two"])
def test_relayed_client_gets_the_relays_subnet_when_registered_the_restricted_one_when_not(v6, relays):
    # The relay closest to the client is the first, and the server selects the subnet by it.
    registered = v6.enroll(v6.client(relays=relays, **BOTH))
    stranger = v6.client(relays=relays, **BOTH)
    granted, restricted = registered.get_leases(), stranger.get_leases()
    assert (granted.subnets, restricted.subnets) == ({RELAYED}, {RESTRICTED})
    assert v6.outcome.text() == (
        v6.records(registered, granted.leases, True) * 2 + v6.records(stranger, restricted.leases, False) * 2
    )


def test_lease_beside_a_failure_status_is_recorded(v6):
    client = v6.enroll(v6.client(relays=[RELAY6[FULL]], **BOTH))
    reply = client.get_leases()
    assert reply.ia_status[dhcp6.IA_NA, 1] == dhcp6.NO_ADDRS_AVAIL
    assert len(reply.prefixes) == 1
    assert v6.outcome.text() == v6.records(client, reply.leases, True) * 2


def leases_of(world, client):
    return [row for row in world.server.leases() if row["duid"] == client.id]


@pytest.fixture
def v6_rapid(make_world):
    """A server whose subnets allow rapid commit."""
    world = make_world(6)
    allow_rapid_commit(world.config)
    return world.start()
