# SPDX-License-Identifier: MPL-2.0
"""Enrolls users by commands, and finds out who is enrolled: in the file, and in a server's memory."""

import json
import re
import threading
import time
from collections import Counter, namedtuple
from concurrent.futures import ThreadPoolExecutor

# When something began and ended, by a clock that all processes share (time.monotonic).
Span = namedtuple("Span", "begin end")


def newcomers(world, count, **attributes):
    """Returns users of the server's protocol that no registry has yet, as commands accept them."""
    return [json.loads(world.entry(world.client(), **attributes)) for _ in range(count)]


def identity(user):
    """Returns what identifies a user, however the id is written."""
    return user["type"], user["id"].replace(":", "").lower()


def identities(users):
    return [identity(user) for user in users]


def users_in(content):
    """Returns the users in the bytes of a registry file, in order."""
    lines = (line.strip() for line in content.split(b"\n"))
    return [json.loads(line) for line in lines if line and not line.startswith(b"#")]


def users_in_memory(server, limit=1000):
    """Returns the users of a server, page by page."""
    users, start = [], {}
    while True:
        answer = server.command("user-chk-list", limit=limit, **start)
        page = answer["arguments"]
        assert answer["result"] == (0 if page["users"] else 3), answer["text"]
        assert page["count"] == len(page["users"]) <= limit
        users += page["users"]
        if "next" not in page:
            return users
        start = {"from": page["next"]}


def enroll(world, user):
    """Adds a user by a command. Returns when it was sent and answered."""
    begin = time.monotonic()
    answer = world.server.command("user-chk-add", user=user)
    assert answer["result"] == 0, answer
    return Span(begin, time.monotonic())


# The errors after which a command must be sent again: others kept the file busy for longer than a server waits.
HELD_UP = re.compile(r": [^:]*another process[^:]*$")


def enroll_among_rivals(world, user):
    """The same, sent again as long as other writers keep the file busy."""
    begin = time.monotonic()
    answer = world.server.command("user-chk-add", user=user)
    while answer["result"] == 1 and HELD_UP.search(answer["text"]) and time.monotonic() < begin + 60:
        answer = world.server.command("user-chk-add", user=user)
        if answer["text"].endswith("already exists"):  # someone who had read it meanwhile has restored it
            break
    else:
        assert answer["result"] == 0, answer
    return Span(begin, time.monotonic())


def enroll_in_turn(world, users, pause):
    """Adds users by commands, with a pause in seconds after each."""
    for user in users:
        enroll(world, user)
        time.sleep(pause)


def enroll_all(world, users, connections=2, how=enroll):
    """Adds users by commands, over several connections at once. Returns the Span of each."""
    with ThreadPoolExecutor(connections) as pool:
        return list(pool.map(lambda user: how(world, user), users))


def assert_in_force(world, expected):
    """Checks that exactly these users, without duplicates, are in the file and in the server's memory, there in order."""
    counted = Counter(identities(expected))
    in_file = Counter(identities(users_in(world.registry.path.read_bytes())))
    assert in_file == counted, difference("the file", in_file, counted)
    world.offered_subnet(world.client())  # makes the server see the current file
    listed = users_in_memory(world.server)
    in_memory = Counter(identities(listed))
    assert in_memory == counted, difference("the memory", in_memory, counted)
    ranks = [(user["type"] != "HW_ADDR", bytes.fromhex(identity(user)[1])) for user in listed]
    assert ranks == sorted(ranks)
    told = world.server.command("user-chk-status")["arguments"]["users"]
    assert told == {kind: sum(found == kind for found, _ in counted) for kind in ("HW_ADDR", "DUID")}


def difference(place, found, expected):
    """Returns a message for users that are not where they should be."""
    lost, surplus = expected - found, found - expected
    return f"{place} lacks {lost.total()} {list(lost)[:5]} and has {surplus.total()} too many {list(surplus)[:5]}"


class Enrollment:
    """Adds users one after another, in a thread, until all are added or the server is gone."""

    def __init__(self, world, users):
        self.answered = 0  # how many additions were answered
        self._world = world
        self._users = users
        self._thread = threading.Thread(target=self._enroll)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._thread.join()

    def _enroll(self):
        for user in self._users:
            try:
                enroll(self._world, user)
            except (OSError, ValueError):  # no connection, or it ended without an answer
                return
            self.answered += 1
