# SPDX-License-Identifier: MPL-2.0
"""The commands over HTTP: through kea-ctrl-agent, the server's own socket, and HA's listener, which has its own threads."""

import contextlib
import functools
import itertools
import json
import threading
import time

import pytest

from lab.clients import perfdhcp_meanwhile
from lab.config import NORMAL, RELAYED, RESTRICTED
from lab.control import (
    SUCCESS, Http, add_high_availability, ask, ask_each, control_agent, key_of, name_of, statistics, status, user_of,
)  # fmt: skip
from lab.kea import release
from lab.process import at_once, run, wait_until
from lab.registry import duid, hw_addr
from lab.registry_faults import RegistryFolder

PORT = 8004
FORBIDDEN = 403


@pytest.fixture
def by_agent(own):
    """A running server, and the channel through kea-ctrl-agent."""
    with control_agent(own.start(), PORT) as channel:
        yield own, channel


@pytest.fixture
def by_own_socket(own):
    """A running server, and its own HTTP socket."""
    if release() < (2, 7):
        pytest.skip("this release of Kea has no control sockets for HTTP")
    own.server.http_port = PORT
    own.start()
    return own, Http(own.lan.server, PORT)


@pytest.fixture
def by_ha(own):
    """A running server that serves clients, since its partner is considered down, and the channel through HA's listener.

    Its registry is in memory: there are many changes at once, and a busy disk may take its time for each.
    """
    add_high_availability(own, PORT)
    RegistryFolder(own, room="1m").start()
    wait_until(lambda: own.offer_to_stranger(timeout=0.2), "HA to let the server serve", timeout=20)
    return own, Http(own.lan.server, PORT)


@pytest.fixture(params=["agent", "own_socket", "ha"])
def reached(request, family):
    """A running server, and each HTTP channel to it in turn."""
    return request.getfixturevalue(f"by_{request.param}")


def conversation(world, known, newcomer):
    """Returns commands and their arguments; some change the registry and some are rejected."""
    user, key = user_of(world, newcomer, owner="a"), key_of(user_of(world, newcomer))
    return [
        ("get", key_of(user_of(world, known))),
        ("get", key),
        ("get", {"type": "MAC", "id": 7}),
        ("list", None),
        ("list", {"limit": 1}),
        ("add", {"user": user}),
        ("add", {"user": user}),
        ("add", {"user": {**user, "access": "maybe"}}),
        ("explain", key),
        ("explain", {**key, "subnet-id": 77}),
        ("update", {"user": {**user, "owner": "b"}}),
        ("get", key),
        ("del", key),
        ("del", key),
        ("reload", {}),
        ("reload", {"now": True}),
    ]


def test_answers_are_those_of_the_unix_socket(reached):
    world, channel = reached
    known, newcomer = world.client(), world.client()
    talks = []
    for asked in (channel, world.server):
        world.registry.write("# one", world.entry(known, bootfile="b"))
        answers = [ask(asked, *question) for question in conversation(world, known, newcomer)]
        talks.append((answers, world.registry.path.read_bytes()))
    assert talks[0] == talks[1]
    assert {answer.result for answer in talks[0][0]} >= {0, 1, 3}
    assert ask(channel, "status") == ask(world.server, "status")


def test_change_is_in_force_with_the_next_query(reached):
    world, channel = reached
    client = world.client()
    assert world.offered_subnet(client) == RESTRICTED
    assert ask(channel, "add", {"user": user_of(world, client)}).result == SUCCESS
    assert world.offered_subnet(client) == NORMAL
    assert ask(channel, "del", key_of(user_of(world, client))).result == SUCCESS
    assert world.offered_subnet(client) == RESTRICTED


def test_statistics_are_exact(reached):
    world, channel = reached
    before = statistics(world, channel)["unregistered-queries"]
    for asked in range(1, 4):
        assert world.offered_subnet(world.client()) == RESTRICTED
        assert statistics(world, channel)["unregistered-queries"] == before + asked
    assert statistics(world) == statistics(world, channel)


def newcomers(family, count):
    """Users that nobody has met."""
    entry = hw_addr if family == 4 else duid
    return [json.loads(entry(f"0e:00:00:00:{number >> 8:02x}:{number & 255:02x}")) for number in range(count)]


def test_commands_over_several_channels_at_once_lose_no_change(by_ha):
    """HA's threads and the server's own add 200 users, while clients are served."""
    world, channel = by_ha
    batch = 40
    users = newcomers(world.family, 200)
    world.registry.write("# first", world.entry(world.client()), "# last")
    before = world.registry.path.read_text()

    def look():
        for name in ("list", "status", "reload"):
            assert {answer.result for answer in ask_each(channel, name, [{}] * 20)} == {SUCCESS}
            statistics(world, channel)

    parts = [[{"user": user} for user in users[at : at + batch]] for at in range(0, len(users), batch)]
    askers = itertools.cycle([channel, channel, world.server])
    adds = [functools.partial(ask_each, asked, "add", part) for asked, part in zip(askers, parts)]
    clients = world.lan.plug(address4=f"10.{RELAYED}.0.1/16")
    with perfdhcp_meanwhile(clients, world.family, clients=300, rate=300):
        wait_until(lambda: world.server.statistic(f"pkt{world.family}-sent") > 10, "clients who are served")
        *added, _ = at_once(*adds, look)
    assert sum(added, []) == [(SUCCESS, f"user {name_of(user)} added", None) for user in users]
    text = world.registry.path.read_text()
    assert text.startswith(before)
    lines = [json.loads(line) for line in text.removeprefix(before).splitlines()]
    assert sorted(lines, key=name_of) == users
    listed = ask(channel, "list", {"limit": 1000}).arguments["users"]
    assert [user for user in listed if user in users] == users and len(listed) == len(users) + 1
    told = status(world)
    assert sum(told["users"].values()) == len(users) + 1
    gauges = {"users": len(users) + 1, "registry-skipped": 0}
    wait_until(
        lambda: {**statistics(world), "strangers": None} == {**status(world)["counters"], **gauges, "strangers": None},
        "the last queries to be counted",
    )


@pytest.mark.skipif(
    release()[:2] == (2, 6), reason="HA of Kea 2.6 ends the server by a null pointer when it is asked meanwhile"
)
def test_commands_while_the_server_is_reconfigured_lose_no_change(by_ha):
    """HA ends its threads for the unload, and a command sent at that moment gets no answer."""
    world, channel = by_ha
    over = threading.Event()

    def add(part):
        added = []
        for user in itertools.takewhile(lambda _: not over.is_set(), part):
            with contextlib.suppress(RuntimeError):
                added += [user] if ask(channel, "add", {"user": user}).result == SUCCESS else []
        return added

    def reconfigure():
        for _ in range(10):
            time.sleep(0.1)
            world.server.reload()
        over.set()

    users = newcomers(world.family, 1500)
    *added, _ = at_once(*(functools.partial(add, users[first::3]) for first in range(3)), reconfigure)
    added = sum(added, [])
    assert added
    found = [json.loads(line) for line in world.registry.path.read_text().splitlines()]
    assert all(user in found for user in added)
    assert len({name_of(user) for user in found}) == len(found) == sum(status(world)["users"].values())


def test_ha_that_restricts_commands_takes_none_of_ours(own):
    add_high_availability(own, PORT)
    (pair,) = own.hooks[-1]["parameters"]["high-availability"]
    pair["restrict-commands"] = True
    RegistryFolder(own, room="1m").start()
    wait_until(lambda: own.offer_to_stranger(timeout=0.2), "HA to let the server serve", timeout=20)
    before = own.registry.path.read_bytes()
    command = json.dumps({"command": "user-chk-add", "arguments": {"user": user_of(own, own.client())}})
    curl = ["curl", "--silent", "--header", "Content-Type: application/json", "--data-binary", command]
    answer = json.loads(run(*own.lan.server.command(*curl, f"http://127.0.0.1:{PORT}/")))
    assert answer["result"] == FORBIDDEN
    assert own.registry.path.read_bytes() == before
