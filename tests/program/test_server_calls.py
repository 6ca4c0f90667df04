# SPDX-License-Identifier: MPL-2.0
"""The subcommands that ask a server, with fake servers: what they send, what they print, what can go wrong."""

import contextlib
import json
import re
import socket
import threading

import pytest

DONE, FOUND, FAILED = 0, 1, 2
HW = {"type": "HW_ADDR", "id": "0c:0e:0a:01:ff:04"}
DUID = {"type": "DUID", "id": "00:03:00:01:02"}
PORT = {"type": "CIRCUIT_ID", "id": "67:65"}

# What must not reach a terminal, from any source: C0, DEL, C1, as UTF-8 or as bytes; direction changes.
HARMFUL = "\x1b]0;title\x07\x1b[2J \r\n\b\x7f \x9b31m \u202e\u2066\u2028 \0"
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@contextlib.contextmanager
def serving(folder, *answers):
    """A context manager: a server that takes one command per connection, and sends these bytes. Yields what it received."""
    taken = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "ctl"))
        listener.listen()

        def serve():
            for answer in answers:
                connection, _ = listener.accept()
                with connection:
                    taken.append(json.loads(connection.recv(65536)))
                    connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield taken
        thread.join(10)
        assert not thread.is_alive(), "the server was not asked so often"


def told(result=0, text="done", **arguments):
    """Returns an answer as the library writes it: its escapes are Latin-1, since Kea's parser accepts no others."""
    answer = {"result": result, "text": text, **({"arguments": arguments} if arguments else {})}
    return re.sub("[\x7f-\xff]", lambda found: f"\\u{ord(found[0]):04x}", json.dumps(answer, ensure_ascii=False)).encode()


@pytest.mark.parametrize(
    "words, command, arguments",
    [
        (["get", "HW_ADDR", HW["id"]], "get", HW),
        (["get", f"HW_ADDR={HW['id']}"], "get", HW),
        (["del", "CIRCUIT_ID", "'a=b'"], "del", {"type": "CIRCUIT_ID", "id": "'a=b'"}),
        (["del", "CIRCUIT_ID='a=b'"], "del", {"type": "CIRCUIT_ID", "id": "'a=b'"}),
        (
            ["add", "HW_ADDR", HW["id"], "bootfile=/boot/a b", "note=", "option.ntp-servers=192.0.2.1"],
            "add",
            {"user": {**HW, "bootfile": "/boot/a b", "note": "", "option.ntp-servers": "192.0.2.1"}},
        ),
        (["add", f"HW_ADDR={HW['id']}", 'note="ü"\\ €=\t'], "add", {"user": {**HW, "note": '"ü"\\ €=\t'}}),
        (["add", json.dumps({**HW, "note": "ü€"})], "add", {"user": {**HW, "note": "ü€"}}),
        (["update", "HW_ADDR", HW["id"]], "update", {"user": HW}),
        (["update", "--if-version", "7", "HW_ADDR", HW["id"]], "update", {"user": HW, "version": 7}),
        (["explain", "HW_ADDR", HW["id"], "--subnet-id", "4"], "explain", {**HW, "subnet-id": 4}),
        (["explain", "DUID", DUID["id"], f"HW_ADDR={HW['id']}"], "explain", {"identifiers": [DUID, HW]}),
        (["list"], "list", {"limit": 100}),
        (["list", "--limit", "7", "--from", "DUID", DUID["id"]], "list", {"limit": 7, "from": DUID}),
        (["list", "--from", f"DUID={DUID['id']}", "--all"], "list", {"limit": 1000, "from": DUID}),
        (["strangers"], "strangers", {"limit": 100}),
        (
            ["strangers", "--limit", "3", "--since", "2026-11-22T03:32:34Z"],
            "strangers",
            {"limit": 3, "since": "2026-11-22T03:32:34Z"},
        ),
        (["status"], "status", None),
        (["reload"], "reload", None),
    ],
)
def test_words_of_a_call_become_the_arguments_of_its_command(program, tmp_path, words, command, arguments):
    with serving(tmp_path, told(1, "no")) as taken:
        program(*words, "--socket", "ctl")
    assert taken == [{"command": f"user-chk-{command}", **({} if arguments is None else {"arguments": arguments})}]


@pytest.mark.parametrize(
    "words",
    [
        ["get"],
        ["get", HW["id"]],
        ["get", "HW_ADDR", HW["id"], "more"],
        ["del", f"HW_ADDR={HW['id']}", f"HW_ADDR={HW['id']}"],
        ["add", "HW_ADDR", HW["id"], "deny"],
        ["add", "HW_ADDR", HW["id"], "=deny"],
        ["add", "HW_ADDR", HW["id"], "note=a", "note=b"],
        ["add", "HW_ADDR", HW["id"], "id=b"],
        ["update", "--if-version", "0", "HW_ADDR", HW["id"]],
        ["explain", "HW_ADDR", HW["id"], "DUID"],
        ["list", "--limit", "0"],
        ["list", "--limit", "10001"],
        ["list", "--from", "HW_ADDR"],
        ["strangers", "--limit", "many"],
        ["status", "now"],
        ["status", "--timeout", "0"],
        ["status", "-4", "-6"],
    ],
)
def test_wrong_words_ask_nobody(program, words):
    done = program(*words)
    assert (done.returncode, done.stdout) == (FAILED, "")
    assert "Run with --help" in done.stderr


def test_refusals_are_told_and_counted_as_found(program, tmp_path):
    for result in (1, 3, 4):
        with serving(tmp_path, told(result, "it is so")):
            done = program("get", "--socket", "ctl", "HW_ADDR", HW["id"])
        assert (done.returncode, done.stdout, done.stderr) == (FOUND, "", "kea-user-chk: it is so\n")
        (tmp_path / "ctl").unlink()


@pytest.mark.parametrize(
    "answer, reason",
    [
        (told(2, "'user-chk-status' command not supported."), "the server at ctl does not know user-chk-status"),
        (b"", "the server at ctl has closed the connection without an answer"),
        (b"SSH-2.0-OpenSSH\r\n", "what answers at ctl is not "),
        (b'{ "result": }', "what answers at ctl is not "),
        (b"[ 0 ]", "what answers at ctl is not "),
        (b'{ "result": "0" }', "what answers at ctl is not "),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else value.removeprefix("the server at ctl "),
)
def test_a_server_that_does_not_answer_as_one_with_the_library_is_named(program, tmp_path, answer, reason):
    with serving(tmp_path, answer):
        done = program("status", "--socket", "ctl")
    assert (done.returncode, done.stdout) == (FAILED, "")
    assert done.stderr.startswith(f"kea-user-chk: {reason}")


def test_who_is_not_there_or_silent_is_named(program, tmp_path):
    done = program("status", "--socket", "ctl")
    assert (done.returncode, done.stdout) == (FAILED, "")
    assert done.stderr.startswith("kea-user-chk: cannot reach the server at ctl: No such file or directory. Is the server ")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "ctl"))
        refused = program("status", "--socket", "ctl")
        listener.listen()
        silent = program("status", "--socket", "ctl", "--timeout", "1")
    assert refused.stderr.startswith("kea-user-chk: cannot reach the server at ctl: Connection refused. Is the server ")
    assert silent.stderr == "kea-user-chk: the server at ctl has not answered within 1 s\n"
    too_long = program("status", "--socket", "x" * 200)
    assert "File name too long" in too_long.stderr
    assert [done.returncode for done in (refused, silent, too_long)] == [FAILED] * 3


STRANGER = {
    **HW,
    "identifiers": [PORT, DUID],
    "first-seen": "2026-11-22T03:32:34.007Z",
    "last-seen": "2026-11-22T03:32:35.007Z",
    "queries": 2,
    "standing": "unknown",
    "reason": "it is not in the registry",
    "subnet-id": 2,
    "relay": "192.0.2.1",
    "interface": "eth0",
    "hostname": "phone",
    "vendor-class": "Maker",
    "leases": ["192.0.2.7", "192.0.2.8"],
}
BARE = {**{name: STRANGER[name] for name in ("type", "id", "last-seen", "queries", "standing")}, "leases": [], "identifiers": []}


def test_tables_have_what_servers_say_in_columns(program, tmp_path):
    users = [{**HW, "bootfile": "/boot/a", "note": "a b"}, DUID]
    with serving(tmp_path, told(users=users, count=2), told(strangers=[STRANGER, BARE], count=2, kept=2)):
        listed = program("list", "--socket", "ctl")
        strangers = program("strangers", "--socket", "ctl")
    assert listed.stdout.splitlines() == [
        "USER                       ATTRIBUTES",
        "HW_ADDR=0c:0e:0a:01:ff:04  bootfile=/boot/a 'note=a b'",
        "DUID=00:03:00:01:02",
    ]
    heads, full, bare = strangers.stdout.splitlines()
    starts = [heads.index(head) for head in ("LAST SEEN", "CLIENT", "STANDING", "LEASES", "OTHER IDENTIFIERS", "HOST NAME")]
    shown = [full[at:].split("  ")[0] for at in starts]
    told_of = "2026-11-22T03:32:35.007Z|HW_ADDR=0c:0e:0a:01:ff:04|unknown|192.0.2.7 192.0.2.8|CIRCUIT_ID=67:65 DUID=00:03:00:01:02|phone"
    assert shown == told_of.split("|")
    assert bare.split()[-1] == "-" and bare.split()[1] == "HW_ADDR=0c:0e:0a:01:ff:04"


def test_list_goes_on_to_the_end_when_told_so(program, tmp_path):
    pages = [told(users=[HW], count=1, next=HW), told(users=[DUID], count=1)]
    with serving(tmp_path, *pages) as taken:
        done = program("list", "--all", "--limit", "1", "--socket", "ctl")
    assert (done.returncode, done.stderr) == (DONE, "")
    assert [line.strip() for line in done.stdout.splitlines()[1:]] == [f"{it['type']}={it['id']}" for it in (HW, DUID)]
    assert [request["arguments"] for request in taken] == [{"limit": 1}, {"limit": 1, "from": HW}]


def test_list_tells_how_to_go_on(program, tmp_path):
    with serving(tmp_path, told(users=[HW], count=1, next=HW)):
        done = program("list", "--socket", "ctl")
    assert done.returncode == DONE
    assert f"--from HW_ADDR={HW['id']} " in done.stderr


def test_last_page_that_is_empty_by_now_is_no_failure(program, tmp_path):
    with serving(tmp_path, told(users=[HW], count=1, next=HW), told(3, "0 users returned", users=[], count=0)):
        done = program("list", "--all", "--socket", "ctl")
    assert (done.returncode, done.stderr) == (DONE, "")


def test_json_is_the_answer_whatever_it_is(program, tmp_path):
    texts = {"note": "ü € \x1b \x9b"}
    for answer, status in ((told(user={**HW, **texts}), DONE), (told(3, "not found"), FOUND)):
        with serving(tmp_path, answer):
            done = program("get", "--json", "--socket", "ctl", "HW_ADDR", HW["id"])
        assert done.returncode == status
        assert json.loads(done.stdout) == json.loads(answer)
        assert CONTROL.findall(done.stdout) == []
        (tmp_path / "ctl").unlink()


EVERYWHERE = {**{name: HARMFUL for name in STRANGER if name != "queries"}, "queries": 1, "leases": [HARMFUL], "identifiers": [PORT]}


@pytest.mark.parametrize(
    "words, answer",
    [
        (["get", "HW_ADDR", HW["id"]], told(user={**HW, HARMFUL: HARMFUL, "note": HARMFUL})),
        (["list"], told(users=[{**HW, HARMFUL: HARMFUL}], count=1)),
        (["list"], told(users=[{"type": HARMFUL, "id": HARMFUL}], count=1, next={"type": HARMFUL, "id": HARMFUL})),
        (["strangers"], told(strangers=[EVERYWHERE], count=1)),
        (["explain", "HW_ADDR", HW["id"]], told(text=HARMFUL, standing=HARMFUL, **{HARMFUL: [HARMFUL]}, options=[{"name": HARMFUL}])),
        (["status"], told(source=HARMFUL, parameters={HARMFUL: HARMFUL}, **{HARMFUL: {"a": [HARMFUL]}})),
        (["reload"], told(text=HARMFUL)),
        (["reload"], told(1, HARMFUL)),
        (["add", "HW_ADDR", HW["id"]], told(text=HARMFUL, remarks=[HARMFUL])),
        (["del", "HW_ADDR", HW["id"]], told(text=HARMFUL)),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_nothing_that_anybody_has_written_controls_the_terminal(program, tmp_path, words, answer):
    with serving(tmp_path, answer):
        done = program(*words, "--socket", "ctl")
    printed = done.stdout + done.stderr
    assert r"\x1b]0;title\x07\x1b[2J" in printed and r"\u202e" in printed
    assert CONTROL.findall(printed) == []
    assert r"title\x07\x1b[2J \x0d\x0a\x08" in printed  # and so no line is longer than it should be
