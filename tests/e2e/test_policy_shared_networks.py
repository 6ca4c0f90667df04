# SPDX-License-Identifier: MPL-2.0
"""Shared networks: with guards Kea keeps clients where they belong, without any the library refuses the lease.

Kea's allocation engine leaves the selected subnet for another one of the network that has the client's lease or
reservation, or the address that it asks for, or room. Nobody who is not registered may get anywhere that way.
"""

import pytest

from lab.config import behind, guarded_place, network, place, relay_address
from lab.kea import release
from lab.net import IFACE
from lab.tries import SILENCE, held, leases_in, subnets_of, tries

NORMAL, SIBLING, RESTRICTED = 1, 32, 39
unused = iter(range(40, 50))  # for restricted subnets that no client has been in
REGISTERED, UNREGISTERED = "USER_CHK_REGISTERED", "USER_CHK_UNREGISTERED"


@pytest.fixture(params=[(4, {}), (6, {}), (6, {"na": [], "pd": [1]})], ids=["v4", "v6-NA", "v6-PD"])
def protocol(request):
    """Each protocol in turn, and what its clients ask for, for World.client()."""
    return request.param


@pytest.fixture
def family(protocol):
    return protocol[0]


@pytest.fixture
def kind(protocol):
    return protocol[1]


@pytest.fixture(params=["local", "relayed"])
def where(request, family):
    """Where a client is, for World.client()."""
    return {} if request.param == "local" else behind(family, NORMAL)


def unguarded(world, restricted=RESTRICTED, full=False, **reservations):
    """A network of three subnets that are open to all; `full` leaves room for one client in the restricted one."""
    family = world.family
    world.change_to(
        networks=[
            network(
                family,
                place(family, NORMAL),
                place(family, SIBLING, **reservations),
                place(family, restricted, full=full),
                interface=IFACE,
            )
        ]
    )


def guarded(world, guards):
    """The same network as the guide has it: subnets, or pools, closed to those who do not belong there."""
    family = world.family
    world.change_to(
        networks=[
            network(
                family,
                guarded_place(family, NORMAL, REGISTERED, guards),
                guarded_place(family, SIBLING, REGISTERED, guards),
                guarded_place(family, RESTRICTED, UNREGISTERED, guards),
                interface=IFACE,
                relay=relay_address(family, NORMAL),
            )
        ]
    )


def wished(world, client, subnet):
    """Leases of a subnet, as a client names them that nobody gave them to."""
    return held(world, client, leases_in(world, client, subnet))


def assert_refused(world, client, responses, rows_before=0):
    """No answer granted, and no row of the lease file made or extended, a lease outside of the restricted subnet."""
    assert subnets_of(responses) <= {RESTRICTED}
    rows = world.lease_rows(client)[rows_before:]
    assert {row["subnet_id"] for row in rows} <= {str(RESTRICTED)}


def assert_told_what_to_configure(world, client):
    warning, *others = world.log("USER_CHK_LEASE_REFUSED")
    assert warning.level == "WARN"
    assert others, "each refusal leaves a trace"
    assert f"={client.id.replace(':', '')} is not registered" in warning.text
    assert warning.text.endswith(f"with the client class {REGISTERED}")


# --- guarded ---------------------------------------------------------------------------------------------


@pytest.fixture(params=["subnets", "pools"])
def guards(request):
    """What the guards are on."""
    return request.param


# Kea 2 looks for a subnet before hooks can set a class, and drops the broadcast of a client that has none.
DEAF = release() < (2, 7)


@pytest.fixture
def skip_where_kea_is_deaf(family, where, guards):
    if DEAF and (family, where, guards) == (4, {}, "subnets"):
        pytest.skip("see test_kea_2_hears_no_local_dhcpv4_client_where_all_subnets_are_guarded")


@pytest.mark.usefixtures("skip_where_kea_is_deaf")
def test_guards_give_each_client_its_subnet_whatever_it_asks_for(site, where, kind, guards):
    guarded(site, guards)
    known, stranger = site.enroll(site.client(**where, **kind)), site.client(**where, **kind)
    assert site.acquire(known).subnets == {NORMAL}
    assert site.acquire(stranger).subnets == {RESTRICTED}
    assert RESTRICTED not in subnets_of(tries(site, known, wished(site, known, RESTRICTED)))
    for subnet in (NORMAL, SIBLING):
        assert subnets_of(tries(site, stranger, wished(site, stranger, subnet))) == {RESTRICTED}
    assert site.problems() == []


@pytest.mark.usefixtures("skip_where_kea_is_deaf")
def test_guards_move_clients_that_change_sides(site, where, kind, guards):
    guarded(site, guards)
    client = site.client(**where, **kind)
    assert site.acquire(client).subnets == {RESTRICTED}
    site.enroll(client)
    assert site.acquire(client).subnets == {NORMAL}
    site.registry.write()
    assert site.acquire(client).subnets == {RESTRICTED}
    assert site.problems() == []


@pytest.mark.skipif(not DEAF, reason="Kea 3 hears it")
def test_kea_2_hears_no_local_dhcpv4_client_where_all_subnets_are_guarded(site4):
    guarded(site4, "subnets")
    assert site4.client().discover(timeout=SILENCE) is None
    assert site4.log("USER_CHK_QUERY_UNREGISTERED") == []


# --- unguarded -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("registered, subnet", [(True, NORMAL), (False, RESTRICTED)], ids=["registered", "stranger"])
def test_first_client_of_a_network_without_guards_gets_its_subnet_and_keeps_it(site, where, kind, registered, subnet):
    """Who comes later is drawn to the subnet that Kea has given a lease of most recently."""
    unguarded(site)
    client = site.client(**where, **kind)
    if registered:
        site.enroll(client)
    response = site.acquire(client)
    assert response.subnets == {subnet}
    assert client.renew(response).leases == response.leases
    assert client.rebind(response).leases == response.leases
    assert site.problems() == []


@pytest.mark.parametrize("subnet", [NORMAL, SIBLING])
def test_stranger_does_not_get_the_sibling_lease_it_asks_for(site, where, kind, subnet):
    unguarded(site)
    client = site.client(**where, **kind)
    assert_refused(site, client, tries(site, client, wished(site, client, subnet)))
    assert_told_what_to_configure(site, client)


def test_client_that_was_registered_neither_gets_nor_extends_the_sibling_lease_it_holds(site, where, kind):
    unguarded(site)
    client = site.enroll(site.client(**where, **kind))
    lease = site.acquire(client)
    assert lease.subnets == {NORMAL}
    site.begin()
    rows = len(site.lease_rows(client))
    assert_refused(site, client, tries(site, client, lease), rows)
    assert_told_what_to_configure(site, client)


def test_stranger_does_not_get_the_lease_that_a_sibling_reserves_for_it(site, where, kind):
    client = site.client(**where, **kind)
    reserved = leases_in(site, client, SIBLING)
    unguarded(site, reservations=[reservation(site, client, reserved)])
    lease = held(site, client, reserved)
    assert_refused(site, client, tries(site, client, lease))
    assert_told_what_to_configure(site, client)
    site.enroll(client)
    assert site.acquire(client).leases == reserved


def reservation(world, client, leases, **by):
    """A reservation by the client's own id, or by another identifier."""
    if world.family == 4:
        return {"ip-address": leases[0], **(by or {"hw-address": client.id})}
    return {("prefixes" if client.pd else "ip-addresses"): leases, **(by or {"duid": client.id})}


DUID = bytes.fromhex("0003000102dd00000001")


@pytest.mark.parametrize(
    "family, by, make_client",
    [
        (4, {"client-id": "01020304"}, lambda world: world.client(client_id=bytes([1, 2, 3, 4]))),
        (4, {"duid": DUID.hex()}, lambda world: world.client(client_id=b"\xff\0\0\0\1" + DUID)),
        (4, {"circuit-id": "6162"}, lambda world: world.client(options=[(82, b"\x01\x02ab")], **behind(4, NORMAL))),
        (6, {"hw-address": "02:dd:00:00:00:01"}, lambda world: world.client_with(DUID)),
    ],
    ids=["client-id", "duid", "circuit-id", "hw-address"],
)
def test_reservation_of_a_sibling_is_refused_whatever_it_is_by(site, by, make_client):
    client = make_client(site)
    reserved = leases_in(site, client, SIBLING)
    unguarded(site, reservations=[reservation(site, client, reserved, **by)])
    assert_refused(site, client, tries(site, client, held(site, client, reserved)))
    site.enroll(client)
    assert site.acquire(client).leases == reserved


def test_stranger_gets_no_sibling_lease_when_the_restricted_pool_is_full(site, kind):
    restricted = next(unused)
    unguarded(site, restricted, full=True)
    first, second = site.client(**kind), site.client(**kind)
    assert site.acquire(first).subnets == {restricted}
    assert_refused(site, second, tries(site, second, wished(site, second, NORMAL)))
    assert_told_what_to_configure(site, second)
    # Who is registered has room elsewhere.
    assert site.acquire(site.enroll(second)).subnets.isdisjoint({restricted})
