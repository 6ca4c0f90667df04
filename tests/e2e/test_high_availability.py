# SPDX-License-Identifier: MPL-2.0
"""A High Availability pair: the server that answers records the grant, once; when one is down, the other continues."""

import contextlib

import pytest

from lab.config import NORMAL, RESTRICTED, context
from lab.control import EMPTY, ERROR, SUCCESS, ask, key_of, status, user_of
from lab.pair import Pair, records_of
from lab.registry import Registry

MESSAGES = {4: ("offer", "ack"), 6: ("advertise", "reply")}


@pytest.fixture
def pair(request, make_world, family, tmp_path, settings):
    """A pair that serves clients; hot-standby unless a test says otherwise."""
    mode = getattr(request, "param", "hot-standby")
    made = Pair(make_world, family, tmp_path / "pair", mode, settings.multi_threading)
    with contextlib.closing(made):
        yield made.start()


@pytest.fixture
def apart(make_world, family, tmp_path, settings):
    """A pair that serves, in hot-standby, each with a registry of its own."""
    made = Pair(make_world, family, tmp_path / "pair", "hot-standby", settings.multi_threading)
    for world in (made.one, made.two):
        world.registry = Registry(world.server.home / "user_chk_registry.txt")
        world.registry.write()
        world.hook["parameters"]["registry-file"] = world.seen(world.registry.path)
    with contextlib.closing(made):
        yield made.start()


def granted(client, response, registered):
    """Returns the records of one exchange."""
    family = 4 if hasattr(response, "yiaddr") else 6
    return [(message, lease, registered) for message in MESSAGES[family] for lease in response.leases]


def someone(world, registered):
    client = world.client() if world.family == 4 else world.client(pd=(2,))
    return world.enroll(client) if registered else client


def served(world, client, registered):
    """Runs a whole exchange. Returns the response, which must be from the client's subnet."""
    response = world.acquire(client)
    assert response.subnets == {NORMAL if registered else RESTRICTED}
    assert len(response.leases) == (1 if world.family == 4 else 2)
    return response


@pytest.mark.parametrize("pair", ["hot-standby", "load-balancing"], indirect=True)
def test_the_server_that_answers_records_and_its_partner_does_not(pair):
    one, two = pair.one, pair.two
    answered_by = set()
    for number in range(16):
        registered = number % 2 == 0
        client = someone(one, registered)
        response = served(one, client, registered)
        expected = granted(client, response, registered)
        records = {world.server.home.name: records_of(world, client) for world in (one, two)}
        assert sorted(records.values()) == [[], expected]
        answered_by |= {name for name, found in records.items() if found}
        # Both have the lease: the partner received a lease update, which is not a grant of its own.
        address = response.leases[0]
        for world in (one, two):
            lease = world.server.command(f"lease{world.family}-get", **{"ip-address": address})
            assert lease["arguments"]["subnet-id"] == (NORMAL if registered else RESTRICTED)
    assert answered_by == ({"one"} if pair.mode == "hot-standby" else {"one", "two"})


def test_partner_takes_over_with_the_same_leases_registry_and_records(pair):
    one, two = pair.one, pair.two
    clients = {someone(one, registered): registered for registered in (True, False)}
    before = {client: served(one, client, registered) for client, registered in clients.items()}
    # Changed by command at one server, it is in force at the other at once.
    added = one.client() if one.family == 4 else one.client(pd=(2,))
    assert ask(one.server, "add", {"user": user_of(one, added)}).result == SUCCESS
    assert ask(two.server, "get", key_of(user_of(one, added))).result == SUCCESS

    one.server.kill()
    pair.wait_for(two, "partner-down")
    for client, registered in clients.items():
        response = served(one, client, registered)
        assert response.leases == before[client].leases
        assert records_of(two, client) == granted(client, response, registered)
    assert granted(added, served(one, added, True), True) == records_of(two, added)


def test_partner_takes_over_from_a_server_that_refuses_its_registry(pair):
    one, two = pair.one, pair.two
    client = someone(one, True)
    before = served(one, client, True)
    # A standby gets no queries, which would make it check the file; a command does that as well.
    assert ask(two.server, "get", key_of(user_of(one, client))).result == SUCCESS
    one.registry.append("{ broken")
    assert one.server.command("config-reload")["result"] == ERROR
    assert_taken_over(pair, client, before)


def test_partner_takes_over_from_a_server_that_refuses_a_user_context(pair):
    one = pair.one
    client = someone(one, True)
    before = served(one, client, True)
    assert ask(pair.two.server, "get", key_of(user_of(one, client))).result == SUCCESS
    subnet = one.config[f"subnet{one.family}"][0]
    subnet.update(context(restricted_subnet_id="not a number"))
    one.configure()
    assert one.server.command("config-reload")["result"] == ERROR
    assert_taken_over(pair, client, before)


def assert_taken_over(pair, client, before):
    """A client gets the same lease from the other server, which records it."""
    pair.wait_for(pair.two, "partner-down")
    response = served(pair.one, client, True)
    assert response.server_id != before.server_id
    assert response.leases == before.leases
    assert records_of(pair.two, client) == granted(client, response, True)
    assert records_of(pair.one, client) == granted(client, before, True)


def test_registries_that_differ_move_a_client_at_a_failover(apart):
    one, two = apart.one, apart.two
    client = one.client() if one.family == 4 else one.client(pd=(2,))
    user = user_of(one, client)
    assert status(one)["revision"] == status(two)["revision"]
    assert ask(one.server, "add", {"user": user}).result == SUCCESS
    assert ask(two.server, "get", key_of(user)).result == EMPTY
    revision = status(one)["revision"]
    assert status(two)["revision"] != revision
    served(one, client, True)

    one.server.kill()
    apart.wait_for(two, "partner-down")
    response = served(one, client, False)
    assert records_of(two, client) == granted(client, response, False)
    two.registry.replace(*one.registry.path.read_text(encoding="utf-8").splitlines())
    served(one, client, True)
    assert status(two)["revision"] == revision
