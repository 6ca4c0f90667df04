# SPDX-License-Identifier: MPL-2.0
"""Commands enroll many users while servers are busy, share one file, and others edit it."""

import functools
import json
import time

import pytest

from lab.clients import perfdhcp_ids, perfdhcp_meanwhile
from lab.config import RELAYED
from lab.editors import append, editing, move
from lab.enrollment import (
    assert_in_force,
    enroll_all,
    enroll_among_rivals,
    enroll_in_turn,
    identities,
    newcomers,
    users_in,
)
from lab.process import at_once, wait_until
from lab.registry import hw_addr
from lab.registry_faults import RegistryFolder

CLIENTS, RATE = 200, 100


def busy(world):
    """A context manager: clients keep a DHCPv4 server busy, see perfdhcp_meanwhile()."""
    host = world.lan.plug(address4=f"10.{RELAYED}.0.1/16")
    return perfdhcp_meanwhile(host, 4, CLIENTS, RATE, more="-d 10")


def assert_none_lost(world, packets):
    """Checks that only perfdhcp sent queries to the server, and that it answered all of them, though perhaps late."""
    sent = packets("sent")
    assert sent > 10
    wait_until(lambda: world.server.statistic("pkt4-sent") == sent, f"answers to all {sent} queries")


def test_users_who_are_added_by_thousands_are_all_there_and_no_query_is_lost_meanwhile(make_world, settings):
    v4 = make_world(4)
    known = perfdhcp_ids(4, CLIENTS)
    lines = [hw_addr(client) for client in known]
    v4.registry.write("# the lab", *lines[:100], "", "# the office", *lines[100:], "# who came later")
    before = v4.registry.path.read_bytes()
    v4.server.quiet = True
    RegistryFolder(v4, room="16m").start()
    users = newcomers(v4, 4000 if settings.multi_threading else 1000)
    with busy(v4) as packets:
        # Kea executes commands first: a client that sends them without pause keeps it from its queries.
        enroll_in_turn(v4, users, pause=0.001)
    assert_none_lost(v4, packets)
    assert v4.registry.path.read_bytes().startswith(before)
    assert_in_force(v4, users_in(before) + users)
    # At no time was a user missing who had been there before.
    assert {grant.registered for grant in v4.outcome.grants() if grant.client in known} == {True}


@pytest.fixture
def both(make_both):
    """kea-dhcp4 and kea-dhcp6 with one registry, running."""
    worlds = make_both()
    worlds[0].registry.write("# the lab", hw_addr("0edc01"), "# the office")
    for world in worlds:
        world.server.quiet = True
    RegistryFolder(*worlds, room="16m").start()
    return worlds


def enroll_everywhere(worlds, users):
    """Each server adds its users, all at once, and repeats what was delayed. Returns the Span of each."""
    enroll_some = functools.partial(enroll_all, how=enroll_among_rivals)
    spans = at_once(*(functools.partial(enroll_some, world, some) for world, some in zip(worlds, users)))
    return [span for some in spans for span in some]


def test_two_servers_and_somebody_who_appends_to_their_file_lose_nobody(both, settings):
    each = 1000 if settings.multi_threading else 200
    before = both[0].registry.path.read_bytes()
    users = [newcomers(world, each) for world in both]
    appended = newcomers(both[0], each)
    with editing(append, both[0].registry.path, map(json.dumps, appended), pause=0.002) as finish:
        added = enroll_everywhere(both, users)
        appends = finish()
    during = [span for span in appends if span.end < max(span.end for span in added)]
    assert len(during) >= 5, "the adds were over before there was anything to lose"
    assert both[0].registry.path.read_bytes().startswith(before)
    for world in both:
        assert_in_force(world, users_in(before) + users[0] + users[1] + appended)


def test_file_that_somebody_puts_in_place_is_not_undone_nor_is_what_servers_add_to_it(both):
    """Renaming a changed copy over the file undoes what was added meanwhile; nothing else is lost."""
    users = [newcomers(world, 500) for world in both]
    brought = newcomers(both[0], 60)
    with editing(move, both[0].registry.path, map(json.dumps, brought), pause=0.03) as finish:
        adds = enroll_everywhere(both, users)
        moves = finish()
    kept = [
        user
        for user, add in zip(users[0] + users[1], adds)
        if not any(add.begin < move.end and move.begin < add.end for move in moves)
    ]
    assert len(kept) > 100, "too few adds to learn anything from"
    content = users_in(both[0].registry.path.read_bytes())
    assert set(identities(brought + kept)) <= set(identities(content))
    assert len(set(identities(content))) == len(content)
    for world in both:
        assert_in_force(world, content)


def test_user_whom_two_servers_add_at_once_is_added_by_one_of_them(both):
    users = newcomers(both[0], 100)
    for user in users:
        answers = at_once(*(functools.partial(world.server.command, "user-chk-add", user=user) for world in both))
        (refusal,) = [answer for answer in answers if answer["result"] != 0]
        assert refusal["text"].endswith("already exists")
    content = both[0].registry.path.read_bytes()
    assert identities(users_in(content))[1:] == identities(users)
    for world in both:
        assert_in_force(world, users_in(content))


MILLION = 1_000_000
PAGES, PAGE = 50, 1000


def test_pages_all_over_a_million_users_cost_no_query(make_world):
    v4 = make_world(4)

    def name(number):
        return f"02:dd:{number >> 24:02x}:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"

    v4.registry.path.write_text("".join(hw_addr(name(number)) + "\n" for number in range(MILLION)))
    v4.server.quiet = True
    v4.start()
    with busy(v4) as packets:
        for last_seen in range(0, MILLION, MILLION // PAGES):
            start = {"type": "HW_ADDR", "id": name(last_seen)}
            page = v4.server.command("user-chk-list", **{"limit": PAGE, "from": start})["arguments"]
            assert [user["id"] for user in page["users"]] == [name(last_seen + 1 + index) for index in range(PAGE)]
            assert page["next"]["id"] == name(last_seen + PAGE)
            time.sleep(0.03)
    assert_none_lost(v4, packets)
