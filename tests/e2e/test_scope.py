# SPDX-License-Identifier: MPL-2.0
"""Where and when a registration is valid: the attributes `subnets`, `shared-networks` and `starts`.

A device is registered behind one relay, and unregistered behind the other. The link of the query decides. It is
determined before the query's classes are set, so guards cannot affect it.
"""

import ipaddress
import time

import pytest

from lab import dhcp4
from lab.config import behind, context, guard, guarded_place, network, place, relay_address
from lab.control import ERROR, SUCCESS
from lab.explained import explain
from lab.net import IFACE
from lab.process import wait_until
from lab.registry import duid, hw_addr
from lab.rules import mark, mark_of, refusal_of, rfc3339, timers4, timers6
from lab.tries import SILENCE

# Two VLANs, each with its own restricted subnet, and one for unregistered clients from anywhere.
HOME, HOME_RESTRICTED, AWAY, AWAY_RESTRICTED, LAST = 30, 31, 82, 83, 89
REGISTERED, UNREGISTERED = "USER_CHK_REGISTERED", "USER_CHK_UNREGISTERED"
ROUTERS = 3


def restricted_to(number):
    return context(unregistered_clients="restrict", restricted_subnet_id=number)


def alone(site, **parameters):
    """Subnets in no shared network; unregistered clients get the last one."""
    family = site.family
    site.change_to(subnets=[place(family, number) for number in (HOME, AWAY, LAST)], **parameters)


def shared(site, make=place, **parameters):
    """A shared network for each VLAN, including its restricted subnet."""
    family = site.family
    site.change_to(
        networks=[
            {
                **network(family, make(family, normal), make(family, restricted), relay=relay_address(family, normal)),
                "name": name,
                **restricted_to(restricted),
            }
            for name, normal, restricted in (("home", HOME, HOME_RESTRICTED), ("away", AWAY, AWAY_RESTRICTED))
        ],
        **parameters,
    )


def guarded(site, what):
    """The same, with guards of the configuration itself on each subnet, or each pool."""
    guards = {HOME: REGISTERED, AWAY: REGISTERED, HOME_RESTRICTED: UNREGISTERED, AWAY_RESTRICTED: UNREGISTERED}
    shared(site, lambda family, number: guarded_place(family, number, guards[number], what))


def apart(site, **parameters):
    """In no shared network, with a restricted subnet for each VLAN."""
    family = site.family
    site.change_to(
        subnets=[
            place(family, number, **restricted_to(restricted))
            for number, restricted in (
                (HOME, HOME_RESTRICTED),
                (HOME_RESTRICTED, HOME_RESTRICTED),
                (AWAY, AWAY_RESTRICTED),
                (AWAY_RESTRICTED, AWAY_RESTRICTED),
            )
        ],
        **parameters,
    )


LAYOUTS = {
    "alone": (alone, LAST),
    "apart": (apart, AWAY_RESTRICTED),
    "shared networks": (shared, AWAY_RESTRICTED),
    "guarded subnets": (lambda site: guarded(site, "subnets"), AWAY_RESTRICTED),
    "guarded pools": (lambda site: guarded(site, "pools"), AWAY_RESTRICTED),
}


@pytest.fixture(params=LAYOUTS)
def two_vlans(request, site):
    """A server of two VLANs, and the restricted subnet that a device gets when it is away from its own."""
    lay_out, restricted = LAYOUTS[request.param]
    lay_out(site)
    site.restricted_away = restricted
    return site


def router(site):
    """Returns the attribute for a router, which only DHCPv4 has."""
    return {"option.routers": f"10.{HOME}.0.2"} if site.family == 4 else {}


def moved(site, client, number):
    """Returns the same device behind another relay."""
    identifier = client.hardware if site.family == 4 else client.duid
    return site.client_with(identifier, **behind(site.family, number))


def at_home_and_away(site, **attributes):
    """Returns a device that is enrolled with a scope, in both of its places."""
    at_home = site.enroll(site.client(**behind(site.family, HOME)), **attributes)
    return at_home, moved(site, at_home, AWAY)


def assert_registered(site, client, subnet):
    """Returns the response."""
    site.outcome.mark()
    response = site.acquire(client)
    assert response.subnets == {subnet}
    assert mark_of(site, response) == "own"
    assert site.outcome.text() == site.record(client, response.leases[0], True) * 2
    return response


def assert_stranger(site, client, subnet):
    """Returns the response."""
    site.outcome.mark()
    response = site.acquire(client)
    assert response.subnets == {subnet}
    assert mark_of(site, response) == "default"
    assert site.outcome.text() == site.record(client, response.leases[0], False) * 2
    return response


# --- where -----------------------------------------------------------------------------------------------


def test_device_is_registered_on_its_own_vlan_only(two_vlans):
    site = two_vlans
    site.registry.write(site.default_entry(**mark(site, "default")))
    at_home, away = at_home_and_away(site, subnets=f"{HOME}", **mark(site, "own"), **router(site))
    for _ in range(2):  # there, away, and back
        response = assert_registered(site, at_home, HOME)
        if site.family == 4:
            assert response.options[ROUTERS] == ipaddress.ip_address(f"10.{HOME}.0.2").packed
        response = assert_stranger(site, away, site.restricted_away)
        assert site.family == 6 or ROUTERS not in response.options
    assert site.problems() == []


def test_device_without_a_scope_is_registered_everywhere(two_vlans):
    site = two_vlans
    at_home, away = at_home_and_away(site, **mark(site, "own"))
    assert_registered(site, at_home, HOME)
    assert_registered(site, away, AWAY)


def test_scope_may_have_several_subnets(two_vlans):
    at_home, away = at_home_and_away(two_vlans, subnets=f"{AWAY} , {HOME}", **mark(two_vlans, "own"))
    assert_registered(two_vlans, at_home, HOME)
    assert_registered(two_vlans, away, AWAY)


@pytest.mark.parametrize(
    "scope", [{"shared-networks": "home"}, {"subnets": f"{HOME_RESTRICTED}"}, {"subnets": "7", "shared-networks": "x,home"}]
)
def test_shared_network_is_one_place(site, scope):
    shared(site)
    site.registry.write(site.default_entry(**mark(site, "default")))
    at_home, away = at_home_and_away(site, **scope, **mark(site, "own"))
    assert_registered(site, at_home, HOME)
    assert_stranger(site, away, AWAY_RESTRICTED)


def test_classes_of_a_record_are_only_within_its_scope(site):
    """They open the guards of subnets, so they must be there, or not, before Kea selects a subnet."""
    family = site.family
    site.change_to(
        networks=[
            {
                **network(
                    family,
                    place(family, number, **guard("staff")),
                    place(family, number + 1),
                    relay=relay_address(family, relay),
                ),
                "name": f"vlan{number}",
            }
            for number, relay in ((HOME, 80), (AWAY, 81))
        ],
        unregistered_clients="classify",
    )
    identity = site.client()
    site.enroll(identity, subnets=f"{HOME}", **{"client-classes": "staff"})
    for relay, subnet in ((80, HOME), (81, AWAY + 1)):
        assert site.acquire(moved(site, identity, relay)).subnets == {subnet}


@pytest.mark.unexplained  # which is by one subnet
@pytest.mark.parametrize("what", ["subnets", "pools"])
def test_guarded_subnets_of_one_link_are_one_place(site, what):
    """They share no network; only their guards decide which of them a client on the link gets."""
    family = site.family
    site.change_to(
        subnets=[
            guarded_place(family, HOME, UNREGISTERED, "subnets", interface=IFACE),
            guarded_place(family, HOME + 1, REGISTERED, what, interface=IFACE),
            place(family, AWAY),
        ],
        unregistered_clients="classify",
    )
    client = site.enroll(site.client(), subnets=f"{HOME + 1}")
    other = site.enroll(site.client(), subnets=f"{AWAY}")
    assert site.acquire(client).subnets == {HOME + 1}
    assert site.acquire(other).subnets == {HOME}
    assert site.problems() == []


def test_denied_device_is_denied_in_its_scope(two_vlans):
    site = two_vlans
    site.registry.write(site.default_entry(**mark(site, "default")))
    at_home, away = at_home_and_away(site, subnets=f"{HOME}", access="deny")
    assert site.ask(at_home, timeout=SILENCE) is None
    assert_stranger(site, away, site.restricted_away)


def test_default_user_has_a_scope(two_vlans):
    site = two_vlans
    site.registry.write(site.default_entry(subnets=f"{AWAY}", **mark(site, "default")))
    stranger = site.client(**behind(site.family, HOME))
    assert mark_of(site, site.ask(stranger)) is None
    assert mark_of(site, site.ask(moved(site, stranger, AWAY))) == "default"
    site.registry.write(site.default_entry(subnets=f"{HOME}", access="deny"))
    assert site.ask(stranger, timeout=SILENCE) is None
    assert site.ask(moved(site, stranger, AWAY)).subnets == {site.restricted_away}


@pytest.mark.unexplained  # which is by a subnet
def test_query_from_an_unknown_link_is_out_of_each_scope(site):
    alone(site)
    client = site.enroll(site.client(**behind(site.family, 77)), subnets=f"{HOME}")
    site.registry.append(site.default_entry(access="deny"))
    assert site.ask(client, timeout=SILENCE) is None
    assert len(site.log("USER_CHK_QUERY_DENIED")) == 1


def test_device_that_comes_with_the_lease_of_its_vlan_loses_it_elsewhere(site):
    shared(site, nak_moved_clients=True)
    at_home, away = at_home_and_away(site, subnets=f"{HOME}")
    held = site.acquire(at_home)
    if site.family == 4:
        assert away.reboot(held.yiaddr).type == dhcp4.NAK
        assert away.rebind(held).type == dhcp4.NAK
    else:
        assert held.leases[0] in [address for _, address in away.rebind(held).withdrawn]
    assert site.acquire(away).subnets == {AWAY_RESTRICTED}
    # Back where it belongs.
    assert site.acquire(at_home).subnets == {HOME}


def test_dhcpv4_client_renews_past_the_relay_where_its_address_is(site4):
    for lay_out in (alone, apart, shared):
        lay_out(site4)
        at_home, _ = at_home_and_away(site4, subnets=f"{HOME}")
        held = site4.acquire(at_home)
        renewed = site4.client_with(at_home.hardware).renew(held)
        assert (renewed.type, renewed.leases) == (dhcp4.ACK, held.leases)
        assert site4.outcome.grants()[-1].registered


@pytest.mark.unexplained
@pytest.mark.parametrize("lay_out", [apart, shared])
def test_enrolled_dhcpv4_client_moves_when_it_renews_past_the_relay(site4, lay_out):
    """The restricted subnet of a VLAN is for unregistered clients of that VLAN alone, so the link is known."""
    lay_out(site4, nak_moved_clients=True)
    stranger = site4.client(**behind(4, HOME))
    held = site4.acquire(stranger)
    assert held.subnet == HOME_RESTRICTED
    renewing = site4.client_with(stranger.hardware)
    assert renewing.renew(held).leases == held.leases
    site4.registry.write(site4.entry(stranger, subnets=f"{AWAY}"))
    assert renewing.renew(held).leases == held.leases
    site4.registry.write(site4.entry(stranger, subnets=f"{HOME}"))
    assert renewing.renew(held).type == dhcp4.NAK
    assert stranger.get_lease().subnet == HOME


def test_dhcpv4_client_of_a_restricted_subnet_for_all_moves_when_it_rebinds(site4):
    alone(site4, nak_moved_clients=True)
    at_home = site4.client(**behind(4, HOME))
    held = site4.acquire(at_home)
    assert held.subnet == LAST
    site4.enroll(at_home, subnets=f"{HOME}")
    assert site4.client_with(at_home.hardware).renew(held).leases == held.leases
    assert at_home.rebind(held).type == dhcp4.NAK
    assert at_home.get_lease().subnet == HOME


@pytest.mark.unexplained
@pytest.mark.parametrize("option", [82, 118])
@pytest.mark.parametrize("lay_out, restricted", [(alone, LAST), (shared, HOME_RESTRICTED)])
def test_relay_tells_the_link_of_a_dhcpv4_client_by_link_selection(site4, lay_out, restricted, option):
    """With shared networks, before the server has parsed the query."""
    lay_out(site4)
    link = ipaddress.ip_address(f"10.{HOME}.0.0").packed
    options = [(option, link if option == 118 else b"\x05\x04" + link)]
    client = site4.client(**behind(4, AWAY), options=options)
    for scope, subnet in ((HOME, HOME), (AWAY, restricted)):
        site4.registry.write(site4.entry(client, subnets=f"{scope}"))
        assert client.get_lease().subnet == subnet


def test_relay_nearest_to_a_dhcpv6_client_tells_its_link(site6):
    alone(site6)
    client = site6.enroll(site6.client(), subnets=f"{HOME}")
    home, away = (behind(6, number)["relays"][0] for number in (HOME, AWAY))
    assert site6.client_with(client.duid, relays=[home, away]).solicit().subnets == {HOME}
    assert site6.client_with(client.duid, relays=[away, home]).solicit().subnets == {LAST}


# --- when ------------------------------------------------------------------------------------------------


def valid_lifetimes(world, response):
    """Returns how long the leases of a response last, in seconds."""
    return {timers.valid for timers in ([timers4(response)] if world.family == 4 else timers6(response))}


def kept_until(world):
    """Returns when the server's own leases end, in seconds since the epoch."""
    return {int(row["expire"]) for row in world.server.leases()}


@pytest.fixture(params=["when it starts", "while it runs"])
def guests(request, own):
    """A server whose registry has, or gets, a registration that starts."""
    if request.param == "when it starts":
        own.enroll(own.client(), starts=rfc3339(time.time() + 1000))
    return own.start().begin()


@pytest.mark.unexplained  # where it has a lease that was cut short, and asks anew, kea-dhcp6 gives it that
def test_registration_starts_and_ends(either):
    """No lease that was granted before one of these times outlives it."""
    now = time.time()
    starts, expires = now + 5.2, now + 15.4
    either.registry.write(either.default_entry(**mark(either, "default")))
    client = either.enroll(either.client(), starts=rfc3339(starts), expires=rfc3339(expires), **mark(either, "own"))
    steps = [("default", starts), ("own", expires), ("default", None)]
    for number, (marked, end) in enumerate(steps):
        # An exchange that spans one of the times may fail: what was offered then belongs to the other side.
        wait_until(lambda: mark_of(either, either.ask(client)) == marked, f"step {number}", 20, 0.1)
        before = time.time()
        assert number == 0 or before >= steps[number - 1][1]
        response = either.acquire(client)
        assert mark_of(either, response) == marked
        if end is None:
            response = client.renew(response)
        (lifetime,) = valid_lifetimes(either, response)
        assert lifetime == 3600 if end is None else 1 <= lifetime <= max(1, end - before)


def test_restricted_lease_ends_when_the_registration_starts(guests):
    starts = time.time() + 100
    how = {"pd": [2]} if guests.family == 6 else {}
    client = guests.enroll(guests.client(**how), starts=rfc3339(starts))
    held = guests.acquire(client)
    for query, *what in ((client.renew, held), (client.rebind, held), (lambda: guests.acquire(client),)):
        time.sleep(1.5)  # so that the earlier remaining time is too long now
        again = query(*what)
        assert again.leases == held.leases
        assert all(60 <= lifetime <= starts - time.time() + 1 for lifetime in valid_lifetimes(guests, again))
        assert all(starts - 40 <= end <= starts + 1 for end in kept_until(guests)), kept_until(guests)
    assert guests.problems() == []


def test_lease_from_before_ends_when_the_registration_starts(guests):
    client = guests.client()
    held = guests.acquire(client)
    assert valid_lifetimes(guests, held) == {3600}
    starts = time.time() + 100
    guests.enroll(client, starts=rfc3339(starts))
    assert all(lifetime <= 100 for lifetime in valid_lifetimes(guests, client.renew(held)))
    assert all(end <= starts + 1 for end in kept_until(guests))


def test_registration_that_has_started_has_no_end(either):
    client = either.enroll(either.client(), starts=rfc3339(time.time() - 1))
    response = either.acquire(client)
    assert valid_lifetimes(either, response) == {3600}
    assert response.subnets == {1}


def test_default_user_lends_from_its_start_on(either):
    either.registry.write(either.default_entry(starts=rfc3339(time.time() + 100), **mark(either, "default")))
    response = either.acquire(either.client())
    assert mark_of(either, response) is None
    assert all(lifetime <= 100 for lifetime in valid_lifetimes(either, response))
    either.registry.write(either.default_entry(starts=rfc3339(time.time() - 1), **mark(either, "default")))
    assert mark_of(either, either.acquire(either.client())) == "default"


# --- what is refused, and what is said -------------------------------------------------------------------


@pytest.mark.parametrize(
    "attributes, reason",
    [
        ({"starts": "soon"}, "invalid starts: 'soon', "),
        (
            {"starts": "2027-01-01T00:00:00Z", "expires": "2026-12-31T00:00:00Z"},
            "invalid starts: '2027-01-01T00:00:00Z', must not be after expires, '2026-12-31T00:00:00Z'",
        ),
        ({"subnets": "0"}, "invalid subnets: '0', must be ids of subnets, 1 to 4294967294, separated by commas"),
        ({"subnets": ""}, "invalid subnets: ''"),
        ({"shared-networks": ","}, "invalid shared-networks: ',', must be names of shared networks"),
    ],
)
def test_last_good_registry_stays_where_a_value_is_bad(either, attributes, reason):
    assert refusal_of(either, **attributes).startswith(reason)


def test_places_that_are_not_configured_are_remarked_on_by_the_records_own_server(site):
    shared(site)
    scope = {"subnets": f"{HOME},77", "shared-networks": "home, nowhere"}
    client = site.enroll(site.client(**behind(site.family, HOME)), **scope)
    other = (duid if site.family == 4 else hw_addr)("0c0e0a01ff04", **scope)
    site.registry.append(other)
    assert site.offered_subnet(client) == HOME
    texts = [line.text for line in site.log("USER_CHK_REGISTRY_REMARK")]
    assert len(texts) == 2
    assert "the subnet 77 in subnets is not configured" in texts[0]
    assert "the shared network nowhere in shared-networks is not configured" in texts[1]


def told(site, client, **more):
    answer = explain(site, client, **more)
    assert answer.result == SUCCESS, answer
    return answer.arguments


def test_scope_is_explained_by_the_subnet(site):
    shared(site)
    scope = {"subnets": f" {HOME} ,77", "shared-networks": "nowhere"}
    client = site.enroll(site.client(), **scope)
    for subnet in (None, HOME, HOME_RESTRICTED):
        said = told(site, client, **({"subnet-id": subnet} if subnet else {}))
        assert (said["standing"], said["registered"]) == ("registered", True)
        assert {name: said[name] for name in scope} == scope
    said = told(site, client, **{"subnet-id": AWAY})
    assert (said["found"], said["standing"], said["registered"]) == (True, "out-of-scope", False)
    assert said["client-classes"] == [UNREGISTERED]
    assert said["subnet"]["id"] == AWAY_RESTRICTED
    assert {name: said[name] for name in scope} == scope
    assert explain(site, client, **{"subnet-id": 77}).result == ERROR
    assert not {"subnets", "shared-networks"} & told(site, site.enroll(site.client())).keys()


def test_start_is_explained(either):
    client = either.enroll(either.client(), starts=rfc3339(time.time() + 100))
    said = told(either, client)
    assert (said["found"], said["standing"], said["registered"]) == (True, "not-yet", False)
    assert said["reason"] == "its registration has not started yet"
    assert 90 <= said["valid-lifetime-at-most"] <= 100


def test_json_record_tells_where_a_device_was_registered(own):
    family = own.family
    own.record_as("json")
    own.lay_out(subnets=[place(family, number) for number in (HOME, AWAY, LAST)])
    own.hook["parameters"]["outcome-format"] = "json"
    own.start()
    at_home, away = at_home_and_away(own, subnets=f"{HOME}")
    own.acquire(at_home)
    own.acquire(away)
    said = [(record["subnet-id"], record["registered"]) for record in own.outcome.objects()]
    assert said == [(HOME, True), (HOME, True), (LAST, False), (LAST, False)]
