# SPDX-License-Identifier: MPL-2.0
"""`registry-errors` set to `skip`: a bad record affects that record only, at start, at reload, and when it appears.

No bad line lets anyone in, and none takes away what its user had.
"""

import os

import pytest

from lab.config import NORMAL, RESTRICTED
from lab.control import CONFLICT, EMPTY, ERROR, STATISTICS, SUCCESS, ask, key_of, statistics, status, user_of

LOADED, LOAD_FAILED = "USER_CHK_REGISTRY_LOADED", "USER_CHK_REGISTRY_LOAD_FAILED"
SKIPPED, MANY_SKIPPED = "USER_CHK_REGISTRY_RECORD_SKIPPED", "USER_CHK_REGISTRY_RECORDS_SKIPPED"

# Errors in a line that still tells whose it is.
BAD = {
    "value of an attribute": lambda entry: entry.replace("}", ', "access": "maybe"}'),
    "attribute that is no string": lambda entry: entry.replace("}", ', "x": 1}'),
    "comma behind the last member": lambda entry: entry.replace("}", ",}"),
    "end that is missing": lambda entry: entry.rstrip(" }"),
    "something behind it": lambda entry: entry + " # my phone",
}


@pytest.fixture
def skipping(own):
    """A server that skips bad records, not running yet."""
    own.hook["parameters"]["registry-errors"] = "skip"
    return own


def subnets(world, *clients):
    return [world.offered_subnet(client) for client in clients]


def place(world, line):
    return f"{world.registry.path}:{line}"


def skipped(world):
    """Returns the places of the skipped records in the status; checks that their number is the same everywhere."""
    told = status(world)["skipped"]
    assert told["count"] == statistics(world)["registry-skipped"]
    assert all(record["reason"] for record in told["records"])
    return told["count"], [record["place"] for record in told["records"]]


@pytest.mark.parametrize("spoil", BAD.values(), ids=BAD)
def test_user_whose_line_turns_bad_keeps_what_it_had(skipping, spoil):
    one, other, stranger = (skipping.client() for _ in range(3))
    lines = [skipping.entry(one), skipping.entry(other)]
    skipping.registry.write(*lines)
    skipping.start()
    assert subnets(skipping, one, other, stranger) == [NORMAL, NORMAL, RESTRICTED]
    enrolled = skipping.client()
    skipping.registry.write(spoil(lines[0]), lines[1], skipping.entry(enrolled))
    assert subnets(skipping, one, other, stranger, enrolled) == [NORMAL, NORMAL, RESTRICTED, NORMAL]
    (warning,) = skipping.log(SKIPPED)
    assert warning.level == "WARN" and f"{place(skipping, 1)}: " in warning.text
    assert skipped(skipping) == (1, [place(skipping, 1)])
    assert skipping.log(LOAD_FAILED) == []


@pytest.mark.parametrize("spoil", BAD.values(), ids=BAD)
def test_user_whose_line_is_bad_when_the_server_starts_is_a_stranger(skipping, spoil):
    one, other = skipping.client(), skipping.client()
    skipping.registry.write("no record", spoil(skipping.entry(one)), skipping.entry(other))
    skipping.start()
    assert subnets(skipping, one, other) == [RESTRICTED, NORMAL]
    assert [warning.level for warning in skipping.log(SKIPPED)] == ["WARN", "WARN"]
    assert skipped(skipping) == (2, [place(skipping, 1), place(skipping, 2)])
    skipping.registry.write(skipping.entry(one), skipping.entry(other))
    assert subnets(skipping, one, other) == [NORMAL, NORMAL]
    assert skipped(skipping) == (0, [])


def test_line_that_does_not_tell_its_user_leaves_it_nothing(skipping):
    one, other = skipping.client(), skipping.client()
    skipping.registry.write(skipping.entry(one), skipping.entry(other))
    skipping.start()
    assert subnets(skipping, one, other) == [NORMAL, NORMAL]
    skipping.registry.write("// " + skipping.entry(one), skipping.entry(other))
    assert subnets(skipping, one, other) == [RESTRICTED, NORMAL]
    assert skipped(skipping) == (1, [place(skipping, 1)])


def test_bad_line_that_is_deleted_ends_the_registration(skipping):
    one, other = skipping.client(), skipping.client()
    skipping.registry.write(skipping.entry(one), skipping.entry(other))
    skipping.start()
    skipping.registry.write(skipping.entry(one, access="maybe"), skipping.entry(other))
    assert subnets(skipping, one, other) == [NORMAL, NORMAL]
    skipping.registry.write(skipping.entry(other))
    assert subnets(skipping, one, other) == [RESTRICTED, NORMAL]


def test_denied_client_stays_denied_when_its_line_turns_bad(skipping):
    client = skipping.client()
    skipping.registry.write(skipping.entry(client, access="deny"))
    skipping.start()
    assert skipping.ask(client, timeout=0.3) is None
    skipping.registry.write(skipping.entry(client, access="dney"))
    assert skipping.ask(client, timeout=0.3) is None
    assert skipped(skipping) == (1, [place(skipping, 1)])


def test_lines_of_one_user_that_differ_are_all_bad_and_those_that_agree_are_one_user(skipping):
    first, second = skipping.client(), skipping.client()
    skipping.registry.write(skipping.entry(first), skipping.entry(first))
    skipping.start()
    assert subnets(skipping, first) == [NORMAL]
    assert (status(skipping)["users"], skipped(skipping)[0]) == (
        {kind: int(kind == user_of(skipping, first)["type"]) for kind in ("HW_ADDR", "DUID")},
        0,
    )
    skipping.registry.append(skipping.entry(second), skipping.entry(second, access="restrict"))
    assert subnets(skipping, first, second) == [NORMAL, RESTRICTED]
    assert skipped(skipping) == (2, [place(skipping, 3), place(skipping, 4)])


def test_each_version_of_a_bad_line_is_told_once_and_of_many_the_first(skipping):
    client = skipping.client()
    skipping.start()
    skipping.registry.append("one")
    skipping.offered_subnet(client)
    skipping.registry.append(skipping.entry(client))
    assert subnets(skipping, client) == [NORMAL]
    assert len(skipping.log(SKIPPED)) == 1
    skipping.registry.append(*(f"another one {number}" for number in range(30)))
    assert subnets(skipping, client) == [NORMAL]
    assert len(skipping.log(SKIPPED)) == 1 + 20
    (many,) = skipping.log(MANY_SKIPPED)
    assert many.level == "WARN" and str(skipping.registry.path) in many.text and "30 bad records" in many.text
    count, first = skipped(skipping)
    assert (count, len(first)) == (31, 20)


@pytest.mark.parametrize("refresh", ["packet", "background"])
def test_reload_takes_what_is_good(skipping, refresh):
    skipping.hook["parameters"]["registry-refresh"] = refresh
    one, other = skipping.client(), skipping.client()
    skipping.registry.write(skipping.entry(one))
    skipping.start()
    skipping.registry.replace(skipping.entry(one, access="maybe"), skipping.entry(other), "no record")
    for _ in range(2):
        answer = ask(skipping.server, "reload")
        assert answer == (SUCCESS, "2 users loaded, 2 bad records skipped", {"users": 2, "skipped": 2})
    assert subnets(skipping, one, other) == [NORMAL, NORMAL]
    assert skipped(skipping) == (2, [place(skipping, 1), place(skipping, 3)])
    skipping.registry.replace(skipping.entry(other))
    assert ask(skipping.server, "reload") == (SUCCESS, "1 users loaded, 0 bad records skipped", {"users": 1, "skipped": 0})


def test_server_takes_its_configuration_again_beside_a_bad_line(skipping):
    one, other = skipping.client(), skipping.client()
    skipping.registry.write("no record", skipping.entry(other))
    skipping.start()
    assert skipping.server.command("config-reload")["result"] == SUCCESS
    assert subnets(skipping, one, other) == [RESTRICTED, NORMAL]
    assert skipped(skipping) == (1, [place(skipping, 1)])


def test_commands_change_the_file_beside_bad_lines_and_leave_those_alone(skipping):
    client, spoilt = skipping.client(), skipping.client()
    bad = ["no record", skipping.entry(spoilt, access="maybe")]
    skipping.registry.write(*bad)
    skipping.start()
    user = user_of(skipping, client)
    assert ask(skipping.server, "add", {"user": user}).result == SUCCESS
    assert subnets(skipping, client, spoilt) == [NORMAL, RESTRICTED]
    assert ask(skipping.server, "add", {"user": user}).result == CONFLICT
    assert ask(skipping.server, "update", {"user": {**user, "access": "restrict"}}).result == SUCCESS
    assert subnets(skipping, client) == [RESTRICTED]
    assert ask(skipping.server, "del", key_of(user)).result == SUCCESS
    assert ask(skipping.server, "get", key_of(user)).result == EMPTY
    assert skipping.registry.path.read_text().splitlines() == bad
    for name, arguments in (("add", {"user": user_of(skipping, spoilt)}), ("del", key_of(user_of(skipping, spoilt)))):
        answer = ask(skipping.server, name, arguments)
        assert answer.result == ERROR and answer.text.startswith(f"{place(skipping, 2)}: "), answer
    assert skipping.registry.path.read_text().splitlines() == bad


def test_what_is_skipped_is_told_right_after_statistics_are_reset(skipping):
    skipping.registry.write("one", "two")
    skipping.start()
    name = f"{STATISTICS}registry-skipped"
    assert skipping.server.statistic(name) == 2
    assert skipping.server.command("statistic-reset-all")["result"] == SUCCESS
    assert skipping.server.statistic(name) == 2
    skipping.registry.write("two")
    skipping.offered_subnet(skipping.client())
    assert skipping.server.statistic(name) == 1


@pytest.mark.parametrize("spoil", ["delete", "no text", "no rights"])
def test_file_that_cannot_be_read_as_a_whole_is_not_taken(own_unprivileged, spoil):
    world = own_unprivileged
    world.hook["parameters"]["registry-errors"] = "skip"
    client = world.enroll(world.client())
    world.start()
    assert subnets(world, client) == [NORMAL]
    if spoil == "delete":
        world.registry.delete()
    elif spoil == "no text":
        world.registry.write_bytes(world.entry(client).encode("utf-16"))
    else:
        os.chmod(world.registry.path, 0)
    assert subnets(world, client) == [NORMAL]
    assert len(world.log(LOAD_FAILED)) == 1
    assert skipped(world) == (0, [])
