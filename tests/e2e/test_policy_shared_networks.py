# SPDX-License-Identifier: MPL-2.0
"""Shared networks: each side is served from its own subnets, whether the configuration has guards or the library sets them.

Kea's allocation engine moves from the selected subnet to another one of the network that has the client's lease or
reservation, or the requested address, or room. No client may get to the other side that way, and each client is served
if its side has room.
"""

import pytest

from lab.config import behind, guarded_place, network, place, relay_address
from lab.net import IFACE
from lab.tries import family, held, kind, leases_in, protocol, subnets_of, tries

NORMAL, SIBLING, RESTRICTED = 1, 32, 39
NO_PREFIX_AVAIL, IA_PD = 6, 25
unused = iter(range(40, 50))  # for restricted subnets that no client has used, in other files either
REGISTERED, UNREGISTERED = "USER_CHK_REGISTERED", "USER_CHK_UNREGISTERED"


@pytest.fixture(params=["local", "relayed"])
def where(request, family):
    """Where a client is, for World.client()."""
    return {} if request.param == "local" else behind(family, NORMAL)


def unguarded(world, restricted=RESTRICTED, full=False, in_restricted=(), **in_sibling):
    """A network of three subnets that are open to all; `full` leaves room for one client in the restricted one."""
    family = world.family
    world.change_to(
        networks=[
            network(
                family,
                place(family, NORMAL),
                place(family, SIBLING, **in_sibling),
                place(family, restricted, full=full, **dict(in_restricted)),
                interface=IFACE,
            )
        ]
    )


def guarded(world, guards):
    """The same network as in the guide: subnets, or pools, are closed to those who do not belong there."""
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
    """Returns leases of a subnet, as named by a client that was never granted them."""
    return held(world, client, leases_in(world, client, subnet))


def assert_kept(world, client, responses, subnets):
    """The client is served from these subnets alone, and never had a lease of another one."""
    assert subnets_of(responses) and subnets_of(responses) <= subnets
    assert {int(row["subnet_id"]) for row in world.lease_rows(client)} <= subnets
    assert world.log("USER_CHK_LEASE_REFUSED") == []
    assert world.problems() == []


# --- guarded ---------------------------------------------------------------------------------------------


@pytest.fixture(params=["subnets", "pools"])
def guards(request):
    """What the guards are on."""
    return request.param


def test_guards_give_each_client_its_subnet_whatever_it_asks_for(site, where, kind, guards):
    guarded(site, guards)
    known, stranger = site.enroll(site.client(**where, **kind)), site.client(**where, **kind)
    assert site.acquire(known).subnets == {NORMAL}
    assert site.acquire(stranger).subnets == {RESTRICTED}
    assert RESTRICTED not in subnets_of(tries(site, known, wished(site, known, RESTRICTED)))
    for subnet in (NORMAL, SIBLING):
        assert subnets_of(tries(site, stranger, wished(site, stranger, subnet))) == {RESTRICTED}
    assert site.problems() == []


def test_guards_move_clients_that_change_sides(site, where, kind, guards):
    guarded(site, guards)
    client = site.client(**where, **kind)
    assert site.acquire(client).subnets == {RESTRICTED}
    site.enroll(client)
    assert site.acquire(client).subnets == {NORMAL}
    site.registry.write()
    assert site.acquire(client).subnets == {RESTRICTED}
    assert site.problems() == []


# --- unguarded -------------------------------------------------------------------------------------------


def test_every_client_is_served_from_its_side_whoever_came_before(site, where, kind):
    """Kea begins with the subnet from which it most recently assigned a lease, among those with the same guards."""
    unguarded(site)
    for _ in range(3):
        known, unknown = site.enroll(site.client(**where, **kind)), site.client(**where, **kind)
        for client, subnets in [(unknown, {RESTRICTED}), (known, {NORMAL, SIBLING})]:
            response = site.acquire(client)
            assert response.subnets and response.subnets <= subnets
            assert client.renew(response).leases == response.leases
            assert client.rebind(response).leases == response.leases
    assert site.problems() == []


@pytest.mark.parametrize("subnet", [NORMAL, SIBLING])
def test_unregistered_client_that_asks_for_a_normal_lease_gets_a_restricted_one(site, where, kind, subnet):
    unguarded(site)
    client = site.client(**where, **kind)
    assert_kept(site, client, tries(site, client, wished(site, client, subnet)), {RESTRICTED})


def test_registered_client_that_asks_for_a_restricted_lease_gets_a_normal_one(site, where, kind):
    unguarded(site)
    client = site.enroll(site.client(**where, **kind))
    assert_kept(site, client, tries(site, client, wished(site, client, RESTRICTED)), {NORMAL, SIBLING})


def test_client_that_changes_sides_is_moved_and_served(site, where, kind):
    unguarded(site)
    client = site.enroll(site.client(**where, **kind))
    lease = site.acquire(client)
    assert lease.subnets <= {NORMAL, SIBLING}
    site.registry.write()
    assert subnets_of(tries(site, client, lease)) == {RESTRICTED}
    lease = site.acquire(client)
    site.enroll(client)
    answers = subnets_of(tries(site, client, lease))
    assert answers and answers <= {NORMAL, SIBLING}
    assert site.problems() == []


@pytest.mark.parametrize(
    "others, allowed",
    [
        ({"unregistered-clients": "drop"}, {NORMAL}),
        # A client that renews an address of the sibling past all relays is there.
        ({"unregistered-clients": "classify"}, {NORMAL, SIBLING}),
        ({"restricted-subnet-id": SIBLING}, {NORMAL, SIBLING}),
    ],
    ids=["drop", "classify", "its own"],
)
def test_subnet_that_is_its_own_restricted_one_keeps_its_unregistered_clients(site, where, kind, others, allowed):
    """Nobody is moved there from another subnet, and registered clients may be there too."""
    family, own = site.family, {"restricted-subnet-id": NORMAL}
    places = [place(family, id_, **{"user-context": {"user-chk": says}}) for id_, says in ((NORMAL, own), (SIBLING, others))]
    site.change_to(networks=[network(family, *places, interface=IFACE)])
    for wish in (NORMAL, SIBLING) if family == 4 else (NORMAL,):  # kea-dhcp6 ignores hints of another subnet
        known = site.enroll(site.client(**where, **kind))
        assert wish in subnets_of(tries(site, known, wished(site, known, wish)))
    site.registry.write()
    for client in (known, site.client(**where, **kind)):
        subnets = subnets_of(tries(site, client, wished(site, client, SIBLING)))
        assert NORMAL in subnets and subnets <= allowed
        assert site.acquire(client).subnets <= allowed
    assert {int(row["subnet_id"]) for row in site.lease_rows(client)} <= allowed
    assert site.log("USER_CHK_LEASE_REFUSED") == []


def test_reservation_in_a_normal_subnet_does_not_take_an_unregistered_client_there(site, where, kind):
    client = site.client(**where, **kind)
    reserved = leases_in(site, client, SIBLING)
    unguarded(site, reservations=[reservation(site, client, reserved)])
    assert_kept(site, client, tries(site, client, held(site, client, reserved)), {RESTRICTED})
    site.enroll(client)
    assert site.acquire(client).leases == reserved


def test_reservation_in_the_restricted_subnet_does_not_take_a_registered_client_there(site, where, kind):
    client = site.client(**where, **kind)
    reserved = leases_in(site, client, RESTRICTED)
    unguarded(site, in_restricted={"reservations": [reservation(site, client, reserved)]})
    assert site.acquire(client).leases == reserved
    site.enroll(client)
    assert site.acquire(client).subnets <= {NORMAL, SIBLING}


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
def test_reservation_keeps_nobody_from_the_restricted_subnet_whatever_it_is_by(site, by, make_client):
    client = make_client(site)
    reserved = leases_in(site, client, SIBLING)
    unguarded(site, reservations=[reservation(site, client, reserved, **by)])
    assert_kept(site, client, tries(site, client, held(site, client, reserved)), {RESTRICTED})
    site.enroll(client)
    assert site.acquire(client).leases == reserved


def test_unregistered_client_gets_no_normal_lease_when_the_restricted_pool_is_full(site, kind):
    restricted = next(unused)
    unguarded(site, restricted, full=True)
    first, second = site.client(**kind), site.client(**kind)
    assert site.acquire(first).subnets == {restricted}
    assert subnets_of(tries(site, second, wished(site, second, NORMAL))) == set()
    assert site.lease_rows(second) == []
    assert site.log("USER_CHK_LEASE_REFUSED") == []
    # A registered client has room elsewhere.
    assert site.acquire(site.enroll(second)).subnets.isdisjoint({restricted})


def test_registered_client_gets_no_restricted_lease_when_the_normal_pools_are_full(site, kind):
    normal = next(unused)
    site.change_to(
        networks=[
            network(site.family, place(site.family, normal, full=True), place(site.family, normal + 50), interface=IFACE)
        ]
    )
    first, second = (site.enroll(site.client(**kind)) for _ in range(2))
    assert site.acquire(first).subnets == {normal}
    assert subnets_of(tries(site, second, wished(site, second, normal + 50))) == set()


def test_address_and_prefix_come_each_from_where_it_can_be_had(site6):
    """The restricted subnet has no prefixes: the client gets its address, and the status NoPrefixAvail."""
    bare = place(6, RESTRICTED)
    del bare["pd-pools"]
    site6.change_to(networks=[network(6, place(6, NORMAL), bare, interface=IFACE)])
    site6.acquire(site6.enroll(site6.client(na=[1, 2], pd=[3])))
    client = site6.client(na=[1, 2], pd=[3, 4])
    response = site6.acquire(client)
    assert len(response.addresses) == 2 and response.subnets == {RESTRICTED}
    assert response.prefixes == []
    assert {status for (code, _), status in response.ia_status.items() if code == IA_PD} == {NO_PREFIX_AVAIL}


def shown_guards(world):
    """Returns the classes that guard each subnet of the network, as the server shows its configuration."""
    config = world.server.command("config-get")["arguments"][f"Dhcp{world.family}"]
    alone = config.get(f"subnet{world.family}", [])
    shared = [subnet for made in config["shared-networks"] for subnet in made[f"subnet{world.family}"]]
    return {
        subnet["id"]: set(subnet.get("client-classes") or ([subnet["client-class"]] if subnet.get("client-class") else []))
        for subnet in [*alone, *shared]
    }


# --- what the configuration shows -------------------------------------------------------------------------


def test_guards_are_told_of_once_and_shown_by_config_get(site):
    unguarded(site)
    (message,) = site.log("USER_CHK_SUBNETS_GUARDED")
    assert message.level == "INFO" and message.text.endswith(": campus")
    assert shown_guards(site) == {NORMAL: {"USER_CHK_NORMAL"}, SIBLING: {"USER_CHK_NORMAL"}, RESTRICTED: {"USER_CHK_RESTRICTED"}}


def test_configuration_that_config_write_wrote_works_as_before(site, where, kind):
    unguarded(site)
    site.server.command("config-write")
    site.server.reload()
    known, unknown = site.enroll(site.client(**where, **kind)), site.client(**where, **kind)
    assert site.acquire(known).subnets <= {NORMAL, SIBLING}
    assert site.acquire(unknown).subnets == {RESTRICTED}


def test_networks_without_both_sides_are_not_guarded(site):
    family = site.family
    site.change_to(subnets=[place(family, RESTRICTED)], networks=[network(family, place(family, NORMAL), place(family, SIBLING))])
    assert site.log("USER_CHK_SUBNETS_GUARDED") == []
    assert shown_guards(site) == {NORMAL: set(), SIBLING: set(), RESTRICTED: set()}
