# SPDX-License-Identifier: MPL-2.0
"""The attribute `expires`: when a registration ends, and that no lease outlives it."""

import math
import time
from datetime import datetime, timedelta, timezone

import pytest

from lab.config import NORMAL, RESTRICTED
from lab.process import wait_until
from lab.rules import mark, mark_of, refusal_at_start, refusal_of, rfc3339, timers4, timers6

SOON, LATE = 100, 3 * 24 * 3600

# What the server grants without the library: lab/config.py.
VALID, PREFERRED, T1, T2 = 3600, 3000, 1000, 2000


def valid_lifetimes(world, response):
    """Returns how long the leases of a response last, in seconds."""
    return {timers.valid for timers in ([timers4(response)] if world.family == 4 else timers6(response))}


def until(end, world, query, *arguments):
    """Sends a query and checks that its leases last until `end`. Returns the response and how long that is."""
    most = math.floor(end - time.time())
    response = query(*arguments)
    least = math.floor(end - time.time())
    (seconds,) = valid_lifetimes(world, response)
    assert least <= seconds <= most
    return response, seconds


def test_registration_ends_at_its_time_and_not_at_the_next_load(either):
    end = time.time() + 4.2
    either.registry.write(either.default_entry(**mark(either, "default")))
    client = either.enroll(either.client(), expires=rfc3339(end), **mark(either, "own"))
    before, _ = until(end, either, either.acquire, client)
    (lease,) = before.leases
    assert before.subnets == {NORMAL}
    assert mark_of(either, before) == "own"
    assert either.outcome.text() == either.record(client, lease, True) * 2
    loads = len(either.log("USER_CHK_REGISTRY_LOADED"))

    either.outcome.mark()
    wait_until(lambda: either.offered_subnet(client) == RESTRICTED, "the registration to end", interval=0.1)
    assert end - 1 <= time.time() <= end + 3
    either.outcome.mark()
    after = either.acquire(client)
    (lease,) = after.leases
    assert mark_of(either, after) == "default"
    assert either.outcome.text() == either.record(client, lease, False) * 2
    assert valid_lifetimes(either, after) == {VALID}
    assert len(either.log("USER_CHK_REGISTRY_LOADED")) == loads


def test_client_whose_registration_has_ended_is_a_stranger(either):
    either.registry.write(either.default_entry(**mark(either, "default")))
    client = either.enroll(either.client(), expires="2020-02-29T00:00:00Z", **mark(either, "own"))
    response = either.acquire(client)
    assert either.outcome.text() == either.record(client, response.leases[0], False) * 2
    assert mark_of(either, response) == "default"
    assert valid_lifetimes(either, response) == {VALID}
    assert either.offered_subnet(client) == RESTRICTED


def test_dhcpv4_lease_and_its_timers_are_capped(v4):
    end = time.time() + SOON
    client = v4.enroll(v4.client(), expires=rfc3339(end))
    offer, seconds = until(end, v4, client.discover)
    assert timers4(offer) == (seconds, seconds // 2, seconds * 7 // 8)
    ack, _ = until(end, v4, client.request, offer)
    for query, *what in ([client.renew, ack], [client.rebind, ack], [client.reboot, ack.yiaddr]):
        again, seconds = until(end, v4, query, *what)
        assert again.leases == ack.leases
        assert timers4(again) == (seconds, seconds // 2, seconds * 7 // 8)


def test_dhcpv6_leases_and_their_timers_are_capped(v6):
    end = time.time() + SOON
    client = v6.enroll(v6.client(na=[1, 2], pd=[3]), expires=rfc3339(end))
    advertise, seconds = until(end, v6, client.solicit)
    assert timers6(advertise) == [(seconds, seconds, seconds // 2, seconds * 4 // 5)] * 3
    reply, _ = until(end, v6, client.request, advertise)
    for query in (client.renew, client.rebind):
        again, seconds = until(end, v6, query, reply)
        assert again.leases == reply.leases
        assert timers6(again) == [(seconds, seconds, seconds // 2, seconds * 4 // 5)] * 3


def test_lease_that_a_client_has_already_is_capped_when_it_is_renewed(either):
    client = either.enroll(either.client())
    held = either.acquire(client)
    assert valid_lifetimes(either, held) == {VALID}
    end = time.time() + SOON
    either.registry.write(either.entry(client, expires=rfc3339(end)))
    renewed, _ = until(end, either, client.renew, held)
    assert renewed.leases == held.leases


def test_timers_that_are_short_enough_are_kept(v4, v6):
    """The lease is capped nevertheless."""
    end = time.time() + 2500
    first, second = v4.enroll(v4.client(), expires=rfc3339(end)), v6.enroll(v6.client(), expires=rfc3339(end))
    offer, seconds = until(end, v4, first.discover)
    assert timers4(offer) == (seconds, T1, T2)
    advertise, seconds = until(end, v6, second.solicit)
    assert timers6(advertise) == [(seconds, seconds, T1, seconds * 4 // 5)]

    end = time.time() + 3300
    v6.registry.write(v6.entry(second, expires=rfc3339(end)))
    advertise, seconds = until(end, v6, second.solicit)
    assert timers6(advertise) == [(seconds, PREFERRED, T1, T2)]


def test_lease_that_ends_before_the_registration_is_left_alone(v4, v6):
    end = rfc3339(time.time() + LATE)
    assert timers4(v4.enroll(v4.client(), expires=end).get_lease()) == (VALID, T1, T2)
    client = v6.enroll(v6.client(pd=[2]), expires=end)
    assert timers6(client.get_leases()) == [(VALID, PREFERRED, T1, T2)] * 2


@pytest.mark.parametrize("calculate", [True, False], ids=["calculated", "not sent"])
def test_timers_that_the_server_calculates(make_world, calculate):
    world = make_world(4)
    del world.config["renew-timer"], world.config["rebind-timer"]
    world.config["calculate-tee-times"] = calculate
    world.start()
    end = time.time() + SOON
    client = world.enroll(world.client(), expires=rfc3339(end))
    ack, seconds = until(end, world, client.get_lease)
    assert timers4(ack) == (seconds, *((seconds // 2, seconds * 7 // 8) if calculate else (None, None)))
    world.registry.write(world.entry(client, expires=rfc3339(time.time() + LATE)))
    assert timers4(client.renew(ack)) == (VALID, *((VALID // 2, VALID * 7 // 8) if calculate else (None, None)))


def test_record_tells_the_lifetime_that_is_sent(own):
    own.record_as("json")
    own.config["valid-lifetime"] = 0xFFFFFFFF
    own.start()
    end = time.time() + SOON
    client = own.enroll(own.client(), expires=rfc3339(end))
    offer, offered = until(end, own, own.ask, client)
    _, granted = until(end, own, client.request, offer)
    assert [record["valid-lifetime"] for record in own.outcome.objects()] == [offered, granted]


def test_default_users_time_ends_what_it_lends_and_caps_the_leases_of_strangers(either):
    end = time.time() + SOON
    either.registry.write(either.default_entry(expires=rfc3339(end), **mark(either, "default")))
    response, _ = until(end, either, either.acquire, either.client())
    assert mark_of(either, response) == "default"
    assert valid_lifetimes(either, either.acquire(either.enroll(either.client()))) == {VALID}

    either.registry.write(either.default_entry(expires=rfc3339(time.time() - 1), **mark(either, "default")))
    response = either.acquire(either.client())
    assert mark_of(either, response) is None
    assert valid_lifetimes(either, response) == {VALID}


def forms_of(moment):
    """One point in time, a whole second, in the forms of RFC 3339."""
    utc = datetime.fromtimestamp(moment, timezone.utc)

    def at(hours, minutes=0):
        return utc.astimezone(timezone(timedelta(hours=hours, minutes=minutes)))

    plain = utc.strftime("%Y-%m-%dT%H:%M:%S")
    return [
        f"{plain}Z",
        f"{plain.replace('T', 't')}z",
        f"{plain}.0Z",
        f"{plain}.000000000Z",
        f"{plain}+00:00",
        f"{plain}-00:00",
        at(1).isoformat(),
        at(5, 45).isoformat(),
        at(-9, -30).isoformat(),
        at(-23, -59).isoformat(),
    ]


def test_time_may_be_written_in_all_forms_of_rfc_3339(v4):
    end = int(time.time()) + SOON
    client = v4.client()
    for form in forms_of(end):
        v4.registry.write(v4.entry(client, expires=form))
        until(end, v4, client.discover)
    assert v4.problems() == []


def test_fractions_of_a_second_count(v4):
    client = v4.client()
    for _ in range(5):
        end = time.time() + SOON + 0.1
        v4.registry.write(v4.entry(client, expires=rfc3339(end)))
        until(end, v4, client.discover)


def test_leap_second_is_the_first_one_of_the_next_minute(v4):
    end = (int(time.time()) // 60 + 3) * 60
    leap = datetime.fromtimestamp(end - 60, timezone.utc).strftime("%Y-%m-%dT%H:%M:60Z")
    client = v4.enroll(v4.client(), expires=leap)
    until(end, v4, client.discover)


BAD = [
    "",
    "tomorrow",
    "1893456000",
    "2030-01-01",
    "2030-01-01T00:00:00",
    "2030-01-01 00:00:00Z",
    "2030-01-01T00:00Z",
    "2030-1-1T00:00:00Z",
    "2030-06-31T00:00:00Z",
    "2030-01-01T24:00:00Z",
    "2030-01-01T00:00:00+1",
    "2030-01-01T00:00:00+24:00",
    "2030-01-01T00:00:00ZZ",
]


def bad_expires(value):
    return f"invalid expires: '{value}', "


def test_server_does_not_start_with_a_time_that_is_none(own):
    text = refusal_at_start(own, "# fine", own.entry(own.client(), expires="tomorrow"))
    assert f"{own.registry.path}:2: {bad_expires('tomorrow')}" in text


@pytest.mark.parametrize("value", BAD)
def test_last_good_registry_stays_where_a_time_is_none(v4, value):
    assert refusal_of(v4, expires=value).startswith(bad_expires(value))
