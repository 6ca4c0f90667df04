# SPDX-License-Identifier: MPL-2.0
"""The program kea-user-chk with real servers: each subcommand does what it says, and reports what goes wrong."""

import json
import os
import time
from pathlib import Path


from lab.config import NORMAL, RELAYED, RESTRICTED, relay_address
from lab.control import ID_TYPE, ask
from lab.program import DONE, FAILED, FOUND
from lab.rules import rfc3339

# Deceptive host names: one clears the screen, one begins a line, one changes the writing direction.
NAME = "\x1b[2J\r\nHW_ADDR=00:00:00:00:00:01\u202e \x9b31mü".encode()
SHOWN = r"\x1b[2J\x0d\x0aHW_ADDR=00:00:00:00:00:01\u202e"


def rows(done):
    """Returns the cells of a printed table: its first two columns; the rest is one cell."""
    return [line.split(maxsplit=2) for line in done.output.splitlines()]


def members(done):
    """Returns the printed parts of an answer, by name."""
    pairs = [line.split(maxsplit=1) for line in done.output.splitlines() if line.strip()]
    return {pair[0]: pair[1] if len(pair) > 1 else "" for pair in pairs}


def name_of(world, client):
    """Returns a client as the program names it, in a word that it accepts."""
    return f"{ID_TYPE[world.family]}={client.id}"


def test_stranger_is_enrolled_by_what_the_list_says(own, program):
    own.start()  # a separate server, since there may be more unregistered clients than are shown
    relay = relay_address(own.family, RELAYED)
    client = own.client(**({"relay": relay} if own.family == 4 else {"relays": [(relay, [])]}))
    lease = own.acquire(client)
    done = program.call(own.server, "strangers")
    assert (done.status, done.errors) == (DONE, "")
    heads, *strangers = done.output.splitlines()
    assert heads.split()[:3] == ["LAST", "SEEN", "CLIENT"]
    (line,) = [line for line in strangers if client.id in line]
    seen, word, *others = line.split()
    assert word == name_of(own, client)
    assert {"unknown", str(RESTRICTED), relay, lease.leases[0]} <= set(others)
    since = program.call(own.server, "strangers", "--since", rfc3339(time.time() + 10))
    assert (since.status, since.output, since.errors) == (FOUND, "", "kea-user-chk: 0 clients returned\n")
    assert client.id in program.call(own.server, "strangers", "--since", seen).output

    added = program.call(own.server, "add", word, "note=from the list")
    assert (added.status, added.errors) == (DONE, "")
    assert added.output == f"user {word.replace(':', '')} added\n"
    assert client.id not in program.call(own.server, "strangers").output
    assert own.acquire(client).subnets == {RELAYED}


def test_name_of_a_client_does_nothing_to_the_terminal(either, program):
    name = [(12, NAME)] if either.family == 4 else []
    vendor = (60, NAME) if either.family == 4 else (16, b"\0\0\x11\x8b" + len(NAME).to_bytes(2, "big") + NAME)
    client = either.client(options=[*name, vendor])
    either.ask(client)
    done = program.call(either.server, "strangers")
    (line,) = [line for line in done.output.split("\n") if client.id in line]
    assert line.count(SHOWN) == (2 if either.family == 4 else 1)
    assert line.endswith("31mü")
    assert not set(done.output) & {*map(chr, range(10)), *map(chr, range(11, 32)), "\x7f", "\x9b", "\u202e"}
    (answer,) = program.json(either.server, "strangers")
    (found,) = [stranger for stranger in answer["arguments"]["strangers"] if stranger["id"] == client.id]
    assert found["vendor-class"] == NAME.decode()


def test_user_is_looked_up_replaced_and_removed(either, program):
    client = either.enroll(either.client(), bootfile="/boot/a", note="a b ü€")
    key = [ID_TYPE[either.family], client.id]
    got = program.call(either.server, "get", *key)
    assert (got.status, got.errors) == (DONE, "")
    assert members(got) == {"user": name_of(either, client), "bootfile": "/boot/a", "note": "a b ü€"}
    (whole,) = program.json(either.server, "get", *key)
    assert whole["arguments"]["user"] == json.loads(either.entry(client, bootfile="/boot/a", note="a b ü€"))

    updated = program.call(either.server, "update", *key, "access=restrict")
    assert (updated.status, updated.errors) == (DONE, "")
    assert members(program.call(either.server, "get", *key)) == {"user": name_of(either, client), "access": "restrict"}
    assert ask(either.server, "get", {"type": key[0], "id": key[1]}).arguments["user"].keys() == {"type", "id", "access"}

    deleted = program.call(either.server, "del", *key)
    assert deleted.status == DONE and deleted.output.endswith(" deleted\n")
    for call in ("get", "del", "update"):
        gone = program.call(either.server, call, *key)
        assert (gone.status, gone.output) == (FOUND, "") and gone.errors.endswith(" not found\n")


def test_record_that_cannot_be_is_refused_and_remarks_are_told(either, program):
    client = either.client()
    word = name_of(either, client)
    refused = program.call(either.server, "add", word, "access=maybe")
    assert refused.status == FOUND and refused.errors.startswith("kea-user-chk: invalid user: ")
    remarked = program.call(either.server, "add", word, "option.no-such-option=1")
    assert remarked.status == DONE and "no-such-option" in remarked.errors
    again = program.call(either.server, "add", word)
    assert again.status == FOUND and again.errors.endswith(" already exists\n")
    assert program.call(either.server, "get", "MAC", client.id).status == FOUND


def test_lines_of_a_registry_are_added_and_bad_ones_named(either, program):
    clients = [either.client() for _ in range(3)]
    lines = [either.entry(client, note="ü€") for client in clients]
    one = program.call(either.server, "add", lines.pop())
    assert one.status == DONE
    given = "\n".join(["# a comment", "", lines[0], "no record", lines[1] + "\r", lines[1]])
    done = program.call(either.server, "add", "-", given=given)
    assert done.status == FOUND
    assert len(done.output.splitlines()) == 2
    bad, twice = done.errors.splitlines()
    assert bad.startswith("kea-user-chk: line 4: ") and twice.endswith(" already exists")
    assert {user["id"] for user in ask(either.server, "list").arguments["users"]} == {client.id for client in clients}
    assert members(program.call(either.server, "get", name_of(either, clients[1])))["note"] == "ü€"


def test_users_are_listed_over_several_pages(either, program):
    empty = program.call(either.server, "list")
    assert (empty.status, empty.output, empty.errors) == (FOUND, "", "kea-user-chk: 0 users returned\n")
    clients = [either.client() for _ in range(7)]
    either.registry.write(*[either.entry(client, note="a b") for client in clients])
    names = [[name_of(either, client), "'note=a", "b'"] for client in clients]
    first = program.call(either.server, "list", "--limit", 3)
    assert first.status == DONE and rows(first)[1:] == names[:3]
    word = first.errors.split("--from ")[1].split()[0]
    second = program.call(either.server, "list", "--limit", 3, "--from", word)
    assert rows(second)[1:] == names[3:6]
    everything = program.call(either.server, "list", "--limit", 3, "--all")
    assert (everything.status, everything.errors) == (DONE, "") and rows(everything)[1:] == names
    pages = program.json(either.server, "list", "--limit", 3, "--all")
    assert [page["arguments"]["count"] for page in pages] == [3, 3, 1]


def test_explanation_and_status_are_told(either, program):
    client = either.enroll(either.client(), **{"bootfile": "/boot/a", "client-classes": "phones"})
    known = program.call(either.server, "explain", name_of(either, client), "--subnet-id", NORMAL)
    assert (known.status, known.errors) == (DONE, "")
    told = members(known)
    assert told["standing"] == "registered"
    assert (told["placement"], told["placement-decided-by"]) == ("selected", "registration")
    assert told["subnet"].startswith(f"id {NORMAL}, ")
    assert told["client-classes"] == "USER_CHK_REGISTERED, phones"
    assert f" 0x{b'/boot/a'.hex()} '/boot/a'\n" in known.output
    unknown = program.call(either.server, "explain", ID_TYPE[either.family], either.client().id)
    assert members(unknown)["standing"] == "unknown"
    assert unknown.output.splitlines()[0].startswith(f"{ID_TYPE[either.family]}=")

    status = program.call(either.server, "status")
    assert (status.status, status.errors) == (DONE, "")
    told, answer = members(status), ask(either.server, "status").arguments
    assert (told["source"], told["revision"]) == (answer["source"], answer["revision"])
    assert told[ID_TYPE[either.family]] == "1"
    assert {*answer["counters"], *answer["parameters"], "counters", "parameters"} <= told.keys()


def test_reload_tells_what_is_bad_and_where(either, program):
    either.registry.write(either.entry(either.client()))
    done = program.call(either.server, "reload")
    assert (done.status, done.output, done.errors) == (DONE, "1 users loaded\n", "")
    either.registry.append("no record")
    bad = program.call(either.server, "reload")
    assert (bad.status, bad.output) == (FOUND, "")
    assert bad.errors.startswith(f"kea-user-chk: {either.registry.path}:2:")
    assert members(program.call(either.server, "status"))["last-error"] in bad.errors


def test_server_is_found_where_debian_has_it(either, program):
    """Kea 2.6 and later accept a name without a directory, which is in /run/kea."""
    option, socket = f"-{either.family}", f"/run/kea/kea{either.family}-ctrl-socket"
    packaged = Path(f"/etc/kea/kea-dhcp{either.family}.conf").read_text(encoding="utf-8")
    assert f'"socket-name": "{socket}"' in packaged or f'"socket-name": "{Path(socket).name}"' in packaged
    place = f"mount -t tmpfs none /run && mkdir /run/kea && ln -s {either.server.control_socket()} {socket} && exec "
    inside = ["unshare", "--mount", "sh", "-c", f'{place} "$0" "$@"']
    done = program.run("status", option, inside=inside)
    assert (done.status, done.errors) == (DONE, "")
    assert str(either.registry.path) in done.output
    other = program.run("status", f"-{10 - either.family}", inside=inside)
    assert other.status == FAILED
    assert other.errors.startswith(f"kea-user-chk: cannot reach kea-dhcp{10 - either.family} at /run/kea/kea")
    default = program.run("status", inside=inside)
    assert default.status == (DONE if either.family == 4 else FAILED)


def test_who_may_not_ask_is_told_so(v4, program, tmp_path):
    """A superuser without the capability to go anywhere stands for an ordinary user."""


    socket = Path(v4.server.control_socket())
    before = socket.stat()
    os.chown(socket, 65534, 65534)
    socket.chmod(0o600)
    try:
        inside = ["setpriv", "--bounding-set", "-dac_override", "--inh-caps", "-dac_override"]
        done = program.run("status", "--socket", socket, inside=inside)
    finally:
        os.chown(socket, before.st_uid, before.st_gid)
        socket.chmod(before.st_mode)
    assert (done.status, done.output) == (FAILED, "")
    assert "Permission denied. Only root " in done.errors


def test_server_without_the_library_is_named(own, program):
    own.hooks = []
    own.start()
    done = program.call(own.server, "get", "HW_ADDR", "0c:0e:0a:01:ff:04")
    assert (done.status, done.output) == (FAILED, "")
    assert "does not know user-chk-get" in done.errors and "libdhcp_user_chk.so" in done.errors
    own.server.stop()
    gone = program.call(own.server, "status")
    assert gone.status == FAILED and "Is the server running" in gone.errors


def test_closed_registry_is_told(own, program):
    own.start()
    own.registry.append("no record")
    own.server.command("config-reload")
    done = program.call(own.server, "list")
    assert (done.status, done.output) == (FOUND, "")
    assert str(own.registry.path) in done.errors
    status = members(program.call(own.server, "status"))
    assert status["closed"] == "true" and ":1:" in status["last-error"]
