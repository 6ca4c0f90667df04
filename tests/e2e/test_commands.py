# SPDX-License-Identifier: MPL-2.0
"""The commands: what they answer, what they change, and when the change is in force.

Each change is followed by one query, which must be judged by it.
"""

import json
import re
import time
from datetime import datetime, timedelta, timezone

import pytest

from lab.config import NORMAL, RELAYED, RESTRICTED, context
from lab.control import (
    COMMANDS, CONFLICT, EMPTY, ERROR, ID_TYPE, OTHER_TYPE, SUCCESS, UNSUPPORTED,
    Answer, ask, key_of, name_of, statistics, status, user_of,
)  # fmt: skip
from lab.faults import PlantedLink
from lab.registry import duid, hw_addr
from lab.rules import mark, mark_of

BOOT = {4: "bootfile", 6: "option.bootfile-url"}


def boot_file(world, response):
    """Returns the boot file in a response."""
    return response.file if world.family == 4 else response.text(59)


def lines_of(world):
    return world.registry.path.read_bytes().decode().splitlines(keepends=True)


# --- the list of commands --------------------------------------------------------------------------------


def test_server_lists_the_commands_while_the_library_is_loaded(own):
    def listed():
        return {name for name in own.server.command("list-commands")["arguments"] if name.startswith("user-chk")}

    own.start()
    assert listed() == COMMANDS
    for hooks, known in (([], set()), ([own.hook], COMMANDS)):
        own.hooks = hooks
        own.configure()
        own.server.reload()
        assert listed() == known
        assert ask(own.server, "status").result == (SUCCESS if known else UNSUPPORTED)


def test_commands_go_with_a_library_that_the_server_cannot_load(own):
    own.start()
    own.hook["parameters"]["registry-refresh"] = "often"
    own.configure()
    assert own.server.command("config-reload")["result"] == ERROR
    assert COMMANDS.isdisjoint(own.server.command("list-commands")["arguments"])
    assert ask(own.server, "status").result == UNSUPPORTED
    assert statistics(own) == {}
    del own.hook["parameters"]["registry-refresh"]
    own.configure()
    own.server.reload()
    assert ask(own.server, "status").result == SUCCESS


def test_commands_are_refused_while_a_bad_user_context_has_closed_the_library(own):
    own.start()
    (subnet, *_) = own.config[f"subnet{own.family}"]
    subnet |= context(unregistered_clients="dorp")
    own.configure()
    assert own.server.command("config-reload")["result"] == ERROR
    user = user_of(own, own.client())
    good = {"get": user, "del": user, "explain": user, "add": {"user": user}, "update": {"user": user}}
    for command in sorted(COMMANDS):
        name = command.removeprefix("user-chk-")
        assert ask(own.server, name, good.get(name)) == (ERROR, "the library is not loaded", None)
    assert own.registry.path.read_bytes() == b""
    del subnet["user-context"]
    own.configure()
    own.server.reload()
    assert ask(own.server, "add", good["add"]).result == SUCCESS


# --- user-chk-get ----------------------------------------------------------------------------------------


def test_user_is_given_with_its_attributes_whichever_server_is_asked(either):
    phone = {"type": "HW_ADDR", "id": "0c:0e:0a:01:ff:04", "bootfile": "/tmp/v4bootfile", "owner": ""}
    modem = {"type": "DUID", "id": "00:01:00:01:19:ef:e6:3b", "tftp_server": "tftp.example.com"}
    either.registry.write(json.dumps(phone), json.dumps(modem))
    for user in (phone, modem):
        assert ask(either.server, "get", key_of(user)) == (SUCCESS, f"user {name_of(user)} found", {"user": user})


def test_name_of_an_attribute_may_have_characters_that_json_escapes(either):
    user = {"type": "HW_ADDR", "id": "0c:0e", 'a"b': "1", "back\\slash": "2", "tab\t": "3"}
    either.registry.write(json.dumps(user))
    assert ask(either.server, "get", key_of(user)).arguments == {"user": user}
    assert ask(either.server, "list").arguments["users"] == [user]


@pytest.mark.parametrize("asked", ["0c0e0aff", "0C0E0AFF", "0C:0e:0a:FF", "0c:0e0a:ff"])
@pytest.mark.parametrize("registered", ["0c0e0aff", "0C:0E:0A:FF"])
def test_id_may_be_written_like_this_and_is_answered_in_one_form(either, registered, asked):
    either.registry.write(hw_addr(registered))
    answer = ask(either.server, "get", {"type": "HW_ADDR", "id": asked})
    assert answer == (SUCCESS, "user HW_ADDR=0c0e0aff found", {"user": {"type": "HW_ADDR", "id": "0c:0e:0a:ff"}})


def test_user_of_the_other_type_is_not_found(either):
    user = user_of(either, either.enroll(either.client()))
    other = {**user, "type": OTHER_TYPE[either.family]}
    assert ask(either.server, "get", other) == (EMPTY, f"user {name_of(other)} not found", None)
    assert ask(either.server, "get", user).result == SUCCESS


def test_default_user_is_one_like_any_other(either):
    either.registry.write(either.default_entry(owner="nobody"))
    user = {"type": ID_TYPE[either.family], "id": "00:00:00:00", "owner": "nobody"}
    assert ask(either.server, "get", key_of(user)).arguments == {"user": user}


# --- user-chk-list ---------------------------------------------------------------------------------------


def crowd(first, count):
    """Returns users of both types as in answers, ordered by id."""
    numbers = range(first, first + count)
    return [
        {"type": kind, "id": ":".join(f"{byte:02x}" for byte in number.to_bytes(3, "big")), "seat": str(number)}
        for kind in ("HW_ADDR", "DUID")
        for number in numbers
    ]


def write_shuffled(world, users):
    """A registry that is not ordered by id."""
    world.registry.write(*(json.dumps(user) for user in users[1::2] + users[-2::-2]))


def pages(world, between=lambda: None, **arguments):
    """Returns the answers of all requests that it takes to see every user."""
    start = {}
    while True:
        answer = ask(world.server, "list", {**arguments, **start})
        yield answer
        if "next" not in answer.arguments:
            return
        start = {"from": answer.arguments["next"]}
        between()


def test_list_pages_through_all_users_in_order(either):
    users = crowd(1000, 125)
    write_shuffled(either, users)
    found = list(pages(either))
    assert [answer[:2] for answer in found] == [(SUCCESS, f"{count} users returned") for count in (100, 100, 50)]
    assert [answer.arguments["count"] for answer in found] == [100, 100, 50]
    assert [answer.arguments.get("next") for answer in found] == [key_of(users[99]), key_of(users[199]), None]
    assert [user for answer in found for user in answer.arguments["users"]] == users


@pytest.mark.parametrize("limit, counts", [(1, [1] * 6), (5, [5, 1]), (6, [6]), (10_000, [6])])
def test_list_takes_a_limit(either, limit, counts):
    users = crowd(7, 3)
    write_shuffled(either, users)
    found = list(pages(either, limit=limit))
    assert [answer.arguments["count"] for answer in found] == counts
    assert [user for answer in found for user in answer.arguments["users"]] == users


def test_list_has_every_user_once_while_others_come_and_go(either):
    users = crowd(1000, 20)
    write_shuffled(either, users)
    early, late = crowd(1, 5)[:5], crowd(3000, 5)[5:]
    steps = zip(early, late, users[7::8])

    def change():
        """Users are added before and after all others; the page's last user, where the next page starts, is removed."""
        *comers, gone = next(steps)
        for user in comers:
            assert ask(either.server, "add", {"user": user}).result == SUCCESS
        assert ask(either.server, "del", key_of(gone)).result == SUCCESS

    assert [user for answer in pages(either, change, limit=8) for user in answer.arguments["users"]] == users + late


def test_list_of_nobody_is_empty(either):
    nobody = Answer(EMPTY, "0 users returned", {"users": [], "count": 0})
    assert ask(either.server, "list") == nobody
    user = {"type": "HW_ADDR", "id": "0c:0e"}
    either.registry.write(json.dumps(user))
    assert ask(either.server, "list").arguments == {"users": [user], "count": 1}
    assert ask(either.server, "list", {"from": user}) == nobody
    assert ask(either.server, "list", {"from": {"type": "HW_ADDR", "id": "0c"}}).arguments["users"] == [user]


# --- user-chk-add, user-chk-update, user-chk-del ---------------------------------------------------------

# The lines around a record, which must stay the same.
BEFORE = ["# The first floor.\n", "\n", '{ "type" : "HW_ADDR",  "id" : "0c0E0a01ff04" }\n', "# Below: guests\r\n"]
AFTER = ['{"id": "00:01:00:01", "type": "DUID", "owner": "a", "owner": "b"}\r\n', "#\n"]


def write_between(world, *lines):
    world.registry.write_bytes("".join([*BEFORE, *lines, *AFTER]).encode())


def test_user_who_is_added_is_registered_for_the_next_query(either):
    client = either.client()
    user = user_of(either, client, **{BOOT[either.family]: "http://boot"})
    write_between(either)
    assert either.offered_subnet(client) == RESTRICTED
    assert ask(either.server, "add", {"user": user}) == (SUCCESS, f"user {name_of(user)} added", None)
    response = either.acquire(client)
    assert response.subnets == {NORMAL}
    assert boot_file(either, response) == "http://boot"
    *others, added = lines_of(either)
    assert others == BEFORE + AFTER
    assert json.loads(added) == user and added.endswith("}\n")
    assert ask(either.server, "get", key_of(user)).arguments == {"user": user}


def test_attributes_of_any_characters_are_kept(either):
    client = either.client()
    strange = 'a "quoted"\\ line\nand\tanother\r\n, {}[]#\u001f/\u00e9'
    user = user_of(either, client, note=strange, **{" ": "", "\u00e9": "1", 'x": "", "access': "deny", "back\\": "slash"})
    assert ask(either.server, "add", {"user": user}).result == SUCCESS
    assert len(lines_of(either)) == 1
    assert ask(either.server, "get", key_of(user)).arguments == {"user": user}
    assert ask(either.server, "reload").result == SUCCESS
    assert ask(either.server, "get", key_of(user)).arguments == {"user": user}
    assert either.offered_subnet(client) == NORMAL


WRITTEN = ["M\u00fcller", "Dvo\u0159\u00e1k", "\U0001f600 a/b", "\u0000", "\u00c3\u00bc"]


@pytest.mark.parametrize("text", WRITTEN, ids=ascii)
def test_text_is_what_it_was_however_it_is_written_and_read(either, text):
    """As UTF-8 in a command and in the file; as escapes in the file."""
    by_command, raw, escaped = (user_of(either, either.client(), **{f"a{text}b": text}) for _ in range(3))
    sent = json.dumps({"command": "user-chk-add", "arguments": {"user": by_command}}, ensure_ascii=False)
    if text != "\u0000":  # no program writes it literally
        assert either.server.send_text(sent)["result"] == SUCCESS
        either.registry.append(json.dumps(raw, ensure_ascii=False))
        assert text.encode() in either.registry.path.read_bytes()
    else:
        either.registry.append(json.dumps(by_command), json.dumps(raw))
    either.registry.append(json.dumps(escaped))
    for user in (by_command, raw, escaped):
        assert ask(either.server, "get", key_of(user)).arguments == {"user": user}
    assert ask(either.server, "list").arguments["users"] == [by_command, raw, escaped]
    assert either.problems() == []


def test_escape_in_a_command_is_of_a_character_as_far_as_kea_reads_escapes(either):
    """Kea's own parser, which reads the command first, rejects escapes above U+00FF."""
    user = user_of(either, either.client(), owner="M\u00fcller")
    sent = json.dumps({"command": "user-chk-add", "arguments": {"user": user}})
    assert "M\\u00fcller" in sent
    assert either.server.send_text(sent)["result"] == SUCCESS
    assert "M\u00fcller".encode() in either.registry.path.read_bytes()
    assert ask(either.server, "get", key_of(user)).arguments == {"user": user}
    before = either.registry.path.read_bytes()
    answer = ask(either.server, "update", {"user": {**user, "owner": "Dvo\u0159\u00e1k"}})
    assert answer.result == 1 and "Unsupported unicode escape" in answer.text
    assert either.registry.path.read_bytes() == before


def test_what_an_operator_should_know_of_a_user_is_in_the_answer(either):
    user = user_of(either, either.client(), **{"option.no-such-option": "1", "option.nor-this": "2"})
    for command, done in (("add", "added"), ("update", "updated")):
        answer = ask(either.server, command, {"user": user})
        assert (answer.result, answer.text) == (SUCCESS, f"user {name_of(user)} {done}")
        remarks = answer.arguments.pop("remarks")
        assert answer.arguments == {}
        assert [name in remark for name, remark in zip(("no-such-option", "nor-this"), remarks)] == [True, True]
        told = [line.text for line in either.log("USER_CHK_REGISTRY_REMARK")[-2:]]
        assert [remark in text for remark, text in zip(sorted(remarks), sorted(told))] == [True, True]
    good = user_of(either, either.client())
    assert ask(either.server, "add", {"user": good}).arguments is None
    assert ask(either.server, "add", {"user": user}).arguments is None, "it is there already"


def test_revision_is_the_same_for_the_same_users_and_another_for_others(v4, v6):
    """Equal for equal users, however they are written, in whatever order, and whichever server is asked."""
    v4.registry.write(hw_addr("0c0e0a01ff04", a="M\u00fcller", b="2"), duid("0001"))
    v6.registry.write("# the same", json.dumps({"b": "2", "type": "DUID", "id": "00:01"}).replace('"b": "2", ', ""))
    v6.registry.append('{"b": "2", "id": "0C:0e:0A:01:FF:04", "a": "M\u00fcller", "type": "HW_ADDR"}')
    first = status(v4)["revision"]
    assert status(v6)["revision"] == first
    v6.registry.write(hw_addr("0c0e0a01ff04", a="M\u00fcller", b="3"), duid("0001"))
    assert status(v6)["revision"] != first
    user = {"type": "DUID", "id": "00:02", "a": "b"}
    assert ask(v4.server, "add", {"user": user}).result == SUCCESS
    assert status(v4)["revision"] != first
    assert ask(v4.server, "update", {"user": {**user, "a": "c"}}).result == SUCCESS
    assert ask(v4.server, "del", key_of(user)).result == SUCCESS
    assert status(v4)["revision"] == first
    v4.registry.append("{ broken")
    assert status(v4)["revision"] == first, "of the users in force"


def test_user_who_is_there_is_not_added(either):
    client = either.client()
    write_between(either, either.entry(client, owner="first") + "\n")
    before, user = either.registry.path.read_bytes(), user_of(either, client, owner="second")
    assert ask(either.server, "add", {"user": user}).result == CONFLICT
    assert either.registry.path.read_bytes() == before
    assert ask(either.server, "get", key_of(user)).arguments["user"]["owner"] == "first"


def test_user_who_is_updated_gets_its_new_boot_file_with_the_next_query(either):
    client, attribute = either.client(), BOOT[either.family]
    write_between(either, either.entry(client, **{attribute: "http://old", "owner": "somebody"}) + "\n")
    assert boot_file(either, either.acquire(client)) == "http://old"
    user = user_of(either, client, **{attribute: "http://new"})
    assert ask(either.server, "update", {"user": user}) == (SUCCESS, f"user {name_of(user)} updated", None)
    assert boot_file(either, either.acquire(client)) == "http://new"
    lines = lines_of(either)
    updated = lines.pop(len(BEFORE))
    assert lines == BEFORE + AFTER
    assert json.loads(updated) == user and updated.endswith("}\n")


def test_user_who_is_removed_is_a_stranger_with_the_next_query(either):
    client = either.client()
    user = user_of(either, client)
    write_between(either, either.entry(client) + "\n")
    assert either.offered_subnet(client) == NORMAL
    assert ask(either.server, "del", key_of(user)) == (SUCCESS, f"user {name_of(user)} deleted", None)
    assert either.offered_subnet(client) == RESTRICTED
    assert lines_of(either) == BEFORE + AFTER
    assert ask(either.server, "get", key_of(user)) == (EMPTY, f"user {name_of(user)} not found", None)


@pytest.mark.parametrize("command", ["update", "del"])
def test_user_who_is_not_there_is_neither_updated_nor_removed(either, command):
    write_between(either)
    before, user = either.registry.path.read_bytes(), user_of(either, either.client())
    arguments = {"user": user} if command == "update" else user
    assert ask(either.server, command, arguments) == (EMPTY, f"user {name_of(user)} not found", None)
    assert either.registry.path.read_bytes() == before


def test_record_is_found_and_changed_by_any_of_its_ids(either):
    clients = either.client(), either.client(), either.client()
    main, other, third = (user_of(either, client) for client in clients)
    port = {"type": "CIRCUIT_ID", "id": "'a, b'"}
    user = {**main, "other-ids": f"CIRCUIT_ID='a, b', {other['type']}={other['id']}"}

    def placed():
        return [either.offered_subnet(client) for client in clients]

    assert ask(either.server, "add", {"user": user}).result == SUCCESS
    assert placed() == [NORMAL, NORMAL, RESTRICTED]
    for key in (main, other, port):
        assert ask(either.server, "get", key).arguments["user"] == user
    assert ask(either.server, "list").arguments["users"] == [user]
    for taken in (other, {**third, "other-ids": user["other-ids"]}):
        answer = ask(either.server, "add", {"user": taken})
        assert answer.result == CONFLICT and answer.text.startswith(f"user {name_of(taken)} ")
        assert f"user {name_of(main)} " in answer.text
    assert ask(either.server, "add", {"user": third}).result == SUCCESS
    answer = ask(either.server, "update", {"user": {**third, "other-ids": "CIRCUIT_ID='a, b'"}})
    assert answer.result == ERROR and answer.text.startswith("invalid user: invalid other-ids: ")
    assert answer.text.endswith(name_of(main))
    assert ask(either.server, "update", {"user": {**port, "owner": "me"}}).result == SUCCESS
    assert ask(either.server, "get", main).arguments["user"] == {**main, "owner": "me"}
    assert placed() == [NORMAL, RESTRICTED, NORMAL]
    assert ask(either.server, "update", {"user": {**third, "other-ids": "CIRCUIT_ID='a, b'"}}).result == SUCCESS
    assert ask(either.server, "del", port).result == SUCCESS
    assert placed() == [NORMAL, RESTRICTED, RESTRICTED]


def test_default_user_may_be_changed_for_the_next_query(either):
    client = either.client()
    either.registry.write(either.default_entry(**mark(either, "before")))
    assert mark_of(either, either.ask(client)) == "before"
    user = json.loads(either.default_entry(**mark(either, "after")))
    assert ask(either.server, "update", {"user": user}).text == f"user {name_of(user)} updated"
    assert mark_of(either, either.ask(client)) == "after"
    assert ask(either.server, "del", key_of(user)).result == SUCCESS
    assert mark_of(either, either.ask(client)) is None


def test_command_is_about_the_file_as_it_is_and_not_as_it_was_read(either):
    first, second = either.client(), either.client()
    assert either.offered_subnet(first) == RESTRICTED
    either.enroll(first)
    assert ask(either.server, "add", {"user": user_of(either, first)}).result == CONFLICT
    either.enroll(second)
    assert ask(either.server, "update", {"user": user_of(either, first, owner="x")}).result == SUCCESS
    assert [json.loads(line) for line in lines_of(either)] == [
        user_of(either, first, owner="x"),
        user_of(either, second),
    ]
    assert [either.offered_subnet(client) for client in (first, second)] == [NORMAL, NORMAL]


def test_user_who_is_added_by_one_server_is_registered_with_the_other(make_both):
    both = [world.start() for world in make_both()]
    for world, other in (both, both[::-1]):
        client = other.client()
        assert other.offered_subnet(client) == RESTRICTED
        user = user_of(other, client)
        assert ask(world.server, "add", {"user": user}).result == SUCCESS
        assert other.offered_subnet(client) == NORMAL
        assert ask(other.server, "get", key_of(user)).arguments == {"user": user}
        assert ask(other.server, "add", {"user": user}).result == CONFLICT
        assert ask(other.server, "del", key_of(user)).result == SUCCESS
        assert ask(world.server, "get", key_of(user)).result == EMPTY


# --- user-chk-reload -------------------------------------------------------------------------------------


@pytest.fixture(params=["packet", "background"])
def refreshing(request, own):
    """A server that loads a changed registry, for each way of loading in turn."""
    own.hook["parameters"]["registry-refresh"] = request.param
    return own.start()


def test_reload_brings_what_is_in_the_file_into_force(refreshing):
    clients = [refreshing.client() for _ in range(3)]
    refreshing.registry.write(*(refreshing.entry(client) for client in clients[:2]))
    for _ in range(2):
        assert ask(refreshing.server, "reload", {}) == (SUCCESS, "2 users loaded", {"users": 2})
        assert [refreshing.offered_subnet(client) for client in clients] == [NORMAL, NORMAL, RESTRICTED]
    refreshing.registry.replace()
    assert ask(refreshing.server, "reload") == (SUCCESS, "0 users loaded", {"users": 0})
    assert refreshing.offered_subnet(clients[0]) == RESTRICTED


def test_reload_of_a_bad_file_says_where_it_is_bad_and_what_is_in_force(refreshing):
    known = refreshing.enroll(refreshing.client())
    assert ask(refreshing.server, "reload").result == SUCCESS
    refreshing.registry.append("# next", hw_addr("0c0"))
    place = f"{refreshing.registry.path}:3: "
    for _ in range(2):
        result, text, arguments = ask(refreshing.server, "reload")
        assert (result, arguments) == (ERROR, None)
        assert text.startswith(place) and text.endswith("; 1 users stay in force")
        assert "invalid id '0c0'" in text
    assert refreshing.offered_subnet(known) == NORMAL
    refreshing.registry.delete()
    result, text, arguments = ask(refreshing.server, "reload")
    assert (result, arguments) == (ERROR, None)
    assert text.startswith(f"{refreshing.registry.path}: ") and text.endswith("; 1 users stay in force")
    assert "No such file or directory" in text
    assert refreshing.offered_subnet(known) == NORMAL


# --- user-chk-status -------------------------------------------------------------------------------------

COUNTERS = {
    *("registry-loads", "registry-failures", "registered-queries", "unregistered-queries", "denied-queries"),
    *("refused-leases", "registry-changes", "copy-failures", "outcome-records", "outcome-failures"),
}
DEFAULTS = {
    "registry-refresh": "packet",
    "registry-errors": "refuse",
    "outcome-format": "text",
    "outcome-events": "all",
    "outcome-failure": "continue",
    "strangers-kept": 1000,
    "unregistered-clients": "restrict",
    "nak-moved-clients": False,
    "registered-class": "USER_CHK_REGISTERED",
    "unregistered-class": "USER_CHK_UNREGISTERED",
}
OTHERS = {
    "registry-refresh": "background",
    "registry-errors": "skip",
    "outcome-format": "json",
    "outcome-events": "leases",
    "outcome-failure": "drop",
    "strangers-kept": 5,
    "unregistered-clients": "classify",
    "nak-moved-clients": True,
    "registered-class": "IN",
    "unregistered-class": "OUT",
    "restricted-subnet-id": RELAYED,
}


@pytest.mark.parametrize("given, in_force", [({}, DEFAULTS), (OTHERS, OTHERS)], ids=["defaults", "given"])
def test_status_tells_everything(own, given, in_force):
    paths = dict(own.hook["parameters"])
    own.hook["parameters"].update(given)
    own.registry.write(hw_addr("0c0e"), duid("0001"), hw_addr("0c0f"))
    start = datetime.now(timezone.utc)
    own.start()
    told = status(own)
    assert re.fullmatch("[0-9a-f]{32}", told.pop("revision"))
    load = told.pop("last-load")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", load["time"])
    made = datetime.fromisoformat(load["time"].replace("Z", "+00:00"))
    assert start - timedelta(milliseconds=1) <= made <= datetime.now(timezone.utc)
    assert load.keys() == {"time", "milliseconds"} and 0 <= load["milliseconds"] < 5000
    skipped = {"skipped": {"count": 0, "records": []}} if in_force["registry-errors"] == "skip" else {}
    assert told == {
        **skipped,
        "source": paths["registry-file"],
        "users": {"HW_ADDR": 2, "DUID": 1},
        "outcome": {"file": paths["outcome-file"], "state": "writing"},
        "counters": {name: int(name == "registry-loads") for name in COUNTERS},
        "parameters": {**paths, "identifiers": [{4: "hw-address", 6: "duid"}[own.family]], **in_force},
    }


def test_status_tells_what_is_wrong_with_the_registry_until_it_is_right(either):
    known = either.enroll(either.client())
    assert either.offered_subnet(known) == NORMAL
    good = status(either)
    assert "last-error" not in good
    either.registry.append("{ broken")
    assert either.offered_subnet(known) == NORMAL
    bad = status(either)
    assert bad.pop("last-error").startswith(f"{either.registry.path}:2: ")
    assert (bad["last-load"], bad["users"]) == (good["last-load"], good["users"])
    either.registry.delete()
    assert either.offered_subnet(known) == NORMAL
    gone = status(either)["last-error"]
    assert str(either.registry.path) in gone and "No such file or directory" in gone
    either.registry.write(either.entry(known), either.entry(either.client()))
    assert either.offered_subnet(known) == NORMAL
    mended = status(either)
    assert "last-error" not in mended
    assert mended["last-load"]["time"] > good["last-load"]["time"]
    assert mended["users"] == {ID_TYPE[either.family]: 2, OTHER_TYPE[either.family]: 0}


def test_status_tells_how_long_the_load_took(v4):
    v4.registry.write(*(hw_addr(f"{number:08x}") for number in range(1, 50_000)))
    start = time.monotonic()
    assert ask(v4.server, "reload").result == SUCCESS
    elapsed = (time.monotonic() - start) * 1000
    assert 1 <= status(v4)["last-load"]["milliseconds"] <= elapsed


def test_status_tells_that_the_outcome_cannot_be_written(own_unprivileged):
    fault = PlantedLink(own_unprivileged)
    world = fault.world.start()
    assert status(world)["outcome"] == {"file": fault.file, "state": "writing"}
    for disturb, state, failures in ((fault.begin, "failing", 1), (fault.end, "writing", 1)):
        disturb()
        assert world.offer_to_stranger() is not None
        told = status(world)
        assert told["outcome"] == {"file": fault.file, "state": state}
        assert told["counters"]["outcome-failures"] == failures


def test_status_tells_that_nothing_is_recorded(own):
    own.hook["parameters"]["outcome-events"] = "none"
    own.start()
    assert own.offered_subnet(own.client()) == RESTRICTED
    assert status(own)["outcome"] == {"state": "none"}
    assert status(own)["counters"]["outcome-records"] == 0
