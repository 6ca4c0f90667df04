# SPDX-License-Identifier: MPL-2.0
"""The attribute `expires`: the leases in the server's database do not outlive a registration either."""

import time

import pytest

from lab.rules import rfc3339

SOON, LATE = 100, 3 * 24 * 3600
VALID = 3600  # what the server grants without the library


@pytest.fixture(params=["when it starts", "while it runs"])
def guests(request, own):
    """A server whose registry has, or gets, a registration that expires."""
    if request.param == "when it starts":
        own.enroll(own.client(), expires=rfc3339(time.time() + LATE))
    return own.start().begin()


def ends(world, leases=None):
    """Returns when the server's leases end, in seconds since the epoch; for all its clients, or for these leases."""
    wanted = leases and {lease.partition("/")[0] for lease in leases}
    return {int(row["expire"]) for row in world.server.leases() if wanted is None or row["address"] in wanted}


def granted_until(end, world, query, *arguments):
    """Sends a query whose leases end at `end`, to the second, in the server too. Returns the response."""
    before = time.time()
    response = query(*arguments)
    assert response is not None and response.leases
    least = end - (time.time() - before) - 2
    assert all(least <= kept <= end + 1 for kept in ends(world, response.leases)), (end, world.server.leases())
    assert len(ends(world, response.leases)) >= 1
    return response


def exchanges(client, held):
    """The queries by which a client requests again what it has."""
    if client.__class__.__name__ == "Client4":
        return [(client.renew, held), (client.rebind, held), (client.reboot, held.yiaddr), (client.get_lease,)]
    return [(client.renew, held), (client.rebind, held), (client.request, held), (client.get_leases,)]


def test_new_lease_ends_with_the_registration(guests):
    end = time.time() + SOON
    how = {"na": [1, 2], "pd": [3]} if guests.family == 6 else {}
    client = guests.enroll(guests.client(**how), expires=rfc3339(end))
    held = granted_until(end, guests, guests.acquire, client)
    assert len(guests.server.leases()) == len(held.leases)
    assert guests.problems() == []


def test_lease_that_was_capped_is_not_extended_past_the_end(guests):
    """Time passes between the queries, so the remaining time of an earlier one is too long for the next."""
    end = time.time() + SOON
    how = {"pd": [2]} if guests.family == 6 else {}
    client = guests.enroll(guests.client(**how), expires=rfc3339(end))
    held = granted_until(end, guests, guests.acquire, client)
    for query, *what in exchanges(client, held):
        time.sleep(2.5)  # longer than the tolerance for equal times
        assert granted_until(end, guests, query, *what).leases == held.leases
    assert guests.problems() == []


@pytest.mark.parametrize("number", range(4), ids=["renew", "rebind", "reboot or request", "from the beginning"])
def test_lease_from_before_ends_with_the_registration_when_it_is_asked_for(guests, number):
    how = {"pd": [2]} if guests.family == 6 else {}
    client = guests.enroll(guests.client(**how))
    held = guests.acquire(client)
    assert all(kept > time.time() + VALID - 60 for kept in ends(guests))
    end = time.time() + SOON
    guests.registry.write(guests.entry(client, expires=rfc3339(end)))
    query, *what = exchanges(client, held)[number]
    assert granted_until(end, guests, query, *what).leases == held.leases
    assert guests.problems() == []


def test_lease_that_the_server_would_use_again_as_it_is_ends_with_the_registration(own):
    """Kea's lease caching."""
    own.config["cache-threshold"] = 0.9
    own.enroll(own.client(), expires=rfc3339(time.time() + LATE))
    own.start()
    client = own.enroll(own.client())
    held = own.acquire(client)
    end = time.time() + SOON
    own.registry.write(own.entry(client, expires=rfc3339(end)))
    assert granted_until(end, own, client.renew, held).leases == held.leases


def test_lease_that_is_only_offered_is_not_stored(guests):
    client = guests.enroll(guests.client(), expires=rfc3339(time.time() + SOON))
    assert guests.ask(client).leases
    assert guests.server.leases() == []


def test_server_never_stores_more_where_a_registration_ends_from_the_start(own):
    """What the server passes to other libraries, and to its partners, is right as well."""
    client = own.enroll(own.client(), expires=rfc3339(time.time() + SOON))
    own.start()
    held = own.acquire(client)
    assert client.renew(held).leases == client.rebind(held).leases == held.leases
    assert max(int(row["valid_lifetime"]) for row in own.lease_rows(client)) <= SOON


def test_others_keep_their_time(guests):
    """For clients whose registration does not end, or later, and for unregistered ones."""
    clients = [
        guests.enroll(guests.client()),
        guests.enroll(guests.client(), expires=rfc3339(time.time() + LATE)),
        guests.client(),
    ]
    for client in clients:
        guests.acquire(client)
    assert {row["valid_lifetime"] for row in guests.server.leases()} == {str(VALID)}


def test_time_of_the_default_user_ends_the_leases_of_strangers(guests):
    end = time.time() + SOON
    guests.registry.write(guests.default_entry(expires=rfc3339(end)))
    granted_until(end, guests, guests.acquire, guests.client())
