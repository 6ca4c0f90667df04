# SPDX-License-Identifier: MPL-2.0
"""Bad arguments: each is named, and nothing changes."""

import json
import re

import pytest

from lab.config import NORMAL, RESTRICTED
from lab.control import COMMANDS, ERROR, ID_TYPE, ask, status, user_of

GOOD_ID = "0c:0e:0a:01:ff:04"
VALUES = {"string": "0c0e", "integer": 7, "list": [], "map": {}, "boolean": True, "null": None}
KEYED = ("get", "del", "explain")
CHANGES = ("add", "update")


def key(**changes):
    """Returns good arguments with the given changes; one that is ... is omitted."""
    return {k: v for k, v in {"type": "HW_ADDR", "id": GOOD_ID, **changes}.items() if v is not ...}


def suited(world, arguments):
    """The same with the type of the server's own clients: user-chk-explain accepts no other."""
    return {**arguments, "type": ID_TYPE[world.family]} if "type" in arguments else arguments


def set_in(arguments, path, value):
    """Returns arguments with another value in one place: `user.id` is the id of the user."""
    first, _, rest = path.partition(".")
    return {**arguments, first: set_in(arguments[first], rest, value) if rest else value}


@pytest.fixture
def unimpressed(either):
    """A server with one user; whatever the test asks of it, everything is the same afterwards."""
    known, stranger = either.client(), either.client()
    either.registry.write("# one", either.entry(known))
    before = either.registry.path.read_bytes()

    def state():
        subnets = [either.offered_subnet(client) for client in (known, stranger)]
        told = status(either)
        return subnets, {name: told[name] for name in ("users", "last-load")}

    assert (held := state())[0] == [NORMAL, RESTRICTED]
    yield either
    assert state() == held
    assert either.registry.path.read_bytes() == before
    assert either.problems() == []


def refusal(world, command, arguments=None):
    """Returns the text of an answer that rejects a command."""
    result, text, more = ask(world.server, command, arguments)
    assert (result, more) == (ERROR, None), text
    return text


@pytest.mark.parametrize(
    "command, good",
    [
        *((command, key()) for command in KEYED),
        *((command, {"user": key()}) for command in CHANGES),
        *((command, {}) for command in ("list", "reload", "status")),
    ],
    ids=[*KEYED, *CHANGES, "list", "reload", "status"],
)
def test_argument_that_is_not_known_is_named(unimpressed, command, good):
    assert "'force'" in refusal(unimpressed, command, {**suited(unimpressed, good), "force": True})


@pytest.mark.parametrize("value", [7, "x", [], [{}], True], ids=repr)
def test_arguments_that_are_no_map_are_refused(unimpressed, value):
    for name in sorted(COMMANDS):
        assert "argument" in refusal(unimpressed, name.removeprefix("user-chk-"), value)


def test_argument_that_is_missing_is_named(unimpressed):
    kind = ID_TYPE[unimpressed.family]
    for command in KEYED:
        assert refusal(unimpressed, command, key(type=kind, id=...)) == "'id' is missing"
        assert refusal(unimpressed, command, key(type=...)) == "'type' is missing"
        for nothing in ({}, None):
            assert refusal(unimpressed, command, nothing) in ("'id' is missing", "'type' is missing")
    for command in CHANGES:
        for nothing in ({}, None):
            assert refusal(unimpressed, command, nothing) == "'user' is missing"
        assert "'id' is missing" in refusal(unimpressed, command, {"user": key(id=...)})
        assert "'type' is missing" in refusal(unimpressed, command, {"user": key(type=...)})
    assert "'id' is missing" in refusal(unimpressed, "list", {"from": key(id=...)})
    assert "'type' is missing" in refusal(unimpressed, "list", {"from": key(type=...)})


TYPED = [
    *((command, key(), name, "string") for command in KEYED for name in ("type", "id")),
    ("explain", key(), "subnet-id", "integer"),
    ("list", {}, "limit", "integer"),
    ("list", {}, "from", "map"),
    *(("list", {"from": key()}, name, "string") for name in ("from.type", "from.id")),
    *((command, {}, "user", "map") for command in CHANGES),
    *(
        (command, {"user": key()}, name, "string")
        for command in CHANGES
        for name in ("user.type", "user.id", "user.bootfile", "user.access", "user.owner")
    ),
]


@pytest.mark.parametrize("command, good, name, kind", TYPED, ids=[f"{row[0]}-{row[2]}" for row in TYPED])
def test_argument_of_another_type_is_named(unimpressed, command, good, name, kind):
    named = f"'{name.rpartition('.')[2]}'"
    for value in (value for what, value in VALUES.items() if what != kind):
        assert named in refusal(unimpressed, command, set_in(suited(unimpressed, good), name, value))


BAD_IDS = ["", " ", "0c0", "0c:0", ":0c0e", "0c0e:", "0:c0e", "0c::0e", "0g", "zz:zz", "0x0c0e", "0c-0e:0a", "0c 0e", "0c0e.0a"]
ID_PLACES = [(command, key(), "id") for command in KEYED]
ID_PLACES += [("list", {"from": key()}, "from.id"), *((command, {"user": key()}, "user.id") for command in CHANGES)]


@pytest.mark.parametrize("command, good, name", ID_PLACES, ids=[row[0] for row in ID_PLACES])
def test_id_that_is_none_is_named(unimpressed, command, good, name):
    for bad in BAD_IDS:
        text = refusal(unimpressed, command, set_in(suited(unimpressed, good), name, bad))
        assert re.search(r"\bid\b", text) and bad in text


TYPES = ["HW_ADDR", "DUID", "CLIENT_ID", "CIRCUIT_ID", "INTERFACE_ID", "REMOTE_ID", "SUBSCRIBER_ID", "FLEX_ID"]


@pytest.mark.parametrize(
    "command, good, name",
    [(command, good, name.replace("id", "type")) for command, good, name in ID_PLACES],
    ids=[row[0] for row in ID_PLACES],
)
def test_type_that_is_none_is_named_with_those_there_are(unimpressed, command, good, name):
    for bad in ("", "hw_addr", "DUID ", "CLIENT-ID"):
        text = refusal(unimpressed, command, set_in(suited(unimpressed, good), name, bad))
        assert f"invalid type: '{bad}', must be " in text
        if command != "explain":
            assert text.endswith("one of " + ", ".join(TYPES))


BAD_ATTRIBUTES = [
    ({"access": "maybe"}, "invalid access: 'maybe', must be one of allow, restrict, deny"),
    ({"expires": "tomorrow"}, "invalid expires: 'tomorrow'"),
    ({"client-classes": "a,,b"}, "client-classes"),
    ({"": "nameless"}, "name"),
    ({"note": "x" * 70_000}, "must be at most"),
]
BAD_OPTIONS = {
    4: {"option.ntp-servers": "nowhere", "next-server": "192.0.2.256"},
    6: {"option.sntp-servers": "192.0.2.1"},
}


@pytest.mark.parametrize("command", CHANGES)
def test_attribute_whose_value_is_bad_is_named(unimpressed, command):
    _, there = unimpressed.registry.path.read_text().splitlines()
    target = json.loads(there) if command == "update" else user_of(unimpressed, unimpressed.client())
    options = [({name: value}, name) for name, value in BAD_OPTIONS[unimpressed.family].items()]
    for attributes, error in BAD_ATTRIBUTES + options:
        text = refusal(unimpressed, command, {"user": {**target, **attributes}})
        assert text.startswith("invalid user: ") and error in text


@pytest.mark.parametrize("limit", [0, -1, 10_001, 2**32 + 1, 2**63 - 1])
def test_limit_that_is_out_of_range_is_named(unimpressed, limit):
    text = refusal(unimpressed, "list", {"limit": limit})
    assert "limit" in text and str(limit) in text and "1 to 10000" in text


@pytest.mark.parametrize("number", [77, 0, -1, 2**32 + NORMAL, 2**63 - 1])
def test_subnet_that_is_not_configured_is_named(unimpressed, number):
    text = refusal(unimpressed, "explain", {**suited(unimpressed, key()), "subnet-id": number})
    assert str(number) in text
    if number == 77:
        assert text == "subnet 77 is not configured"
