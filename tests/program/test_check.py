# SPDX-License-Identifier: MPL-2.0
"""`kea-user-chk check`: every error and warning of a registry, each with line and column; also against configurations."""

import json
import os
import re
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
FUZZ_CORPUS = sorted((TOP / "tests/fuzz/corpus").glob("*/*"))
CLEAN, FOUND, FAILED = 0, 1, 2

GOOD = '{ "type" : "HW_ADDR", "id" : "0c:0e:0a:01:ff:04" }'
DIGITS = "must be pairs of hex digits with nothing, ':' or '-' between bytes, or groups of four with '.', or a text in single quotes"
TYPES = "HW_ADDR, DUID, CLIENT_ID, CIRCUIT_ID, INTERFACE_ID, REMOTE_ID, SUBSCRIBER_ID, FLEX_ID"


def record(more="", kind="HW_ADDR", id="0c:0e:0a:01:ff:04"):
    return f'{{ "type" : "{kind}", "id" : "{id}"{", " if more else ""}{more} }}'


@pytest.fixture
def write(tmp_path):
    """Writes a file, from lines or from bytes. Returns its name."""

    def write(*lines, name="users.txt"):
        if len(lines) == 1 and isinstance(lines[0], bytes):
            (tmp_path / name).write_bytes(lines[0])
        else:
            (tmp_path / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return name

    return write


@pytest.fixture
def configure(write):
    """Writes a server's configuration. Returns its name."""

    def configure(version=4, parameters=None, name=None, library="/usr/lib/kea/hooks/libdhcp_user_chk.so", **members):
        hooks = members.pop("libraries", [])
        if library:
            hooks = [{"library": library, "parameters": parameters or {}}, *hooks]
        content = {f"Dhcp{version}": {"hooks-libraries": hooks, **{key.replace("_", "-"): value for key, value in members.items()}}}
        return write(json.dumps(content, indent=4), name=name or f"kea-dhcp{version}.conf")

    return configure


@pytest.fixture
def findings(program):
    """Returns the findings of a check: line, what is at the column, severity and reason of each."""

    def findings(file, *more, at=True):
        done = program("check", file, *more)
        assert done.stderr == ""
        lines = (program("check", file, *more, "--json").stdout).splitlines()
        found = [json.loads(line) for line in lines]
        texts = [f"{one['file']}:{one['line']}:{one['column']}: {one['severity']}: {one['reason']}\n" for one in found]
        assert done.stdout == "".join(texts)
        assert done.returncode == (FOUND if found else CLEAN)
        return [(one["line"], one["column"], one["severity"], one["reason"]) for one in found]

    return findings


ERRORS = [
    (record('"access" : "maybe"'), '"maybe"', "invalid access: 'maybe', must be one of allow, restrict, deny"),
    (record('"expires" : "soon"'), '"soon"', "invalid expires: 'soon', "),
    (
        record('"expires" : "2026-01-01T00:00:00Z", "starts" : "2026-02-01T00:00:00Z"'),
        '"2026-02',
        "invalid starts: '2026-02-01T00:00:00Z', must not be after expires, '2026-01-01T00:00:00Z'",
    ),
    (record('"subnets" : "1, none"'), '"1, none"', "invalid subnets: '1, none', must be ids of subnets"),
    (record('"shared-networks" : "a,,b"'), '"a,,b"', "invalid shared-networks: 'a,,b', "),
    (record('"client-classes" : "A,,B"'), '"A,,B"', "invalid client-classes: 'A,,B', must be names of classes"),
    (
        record('"client-classes" : "USER_CHK_REGISTERED"', id="00000000"),
        '"USER_CHK',
        "invalid client-classes: ",
    ),
    (record('"next-server" : "2001:db8::1"'), '"2001', "invalid next-server: '2001:db8::1', must be an IPv4 address"),
    (record('"option.ntp-servers" : "none"'), '"none"', "invalid option.ntp-servers: 'none': "),
    (record('"option.51" : "7"'), '"7"', "invalid option.51: "),
    (record('"option.sntp-servers" : "none"', "DUID"), '"none"', "invalid option.sntp-servers: 'none': "),
    (
        record(f'"option.vendor-32473.1" : "0x{"0a" * 200}", "option.vendor-32473.2" : "0x{"0a" * 200}"'),
        '"0x',
        "invalid option.vendor-32473: its options take ",
    ),
    (record(f'"note" : "x", "option.224" : "0x{"0a" * 1300}"'), '"0x', "invalid attributes: their options take "),
    (record('"other-ids" : "DUID"'), '"DUID"', "invalid other-ids: 'DUID', must be <type>=<id>"),
    (record('"other-ids" : "DUID=00000000"'), '"DUID=', "invalid other-ids: DUID=00000000 "),
    (record(kind="MAC"), '"MAC"', f"invalid type: 'MAC', must be one of {TYPES}"),
    (record(id="0c:0"), '"0c:0"', f"invalid id '0c:0', {DIGITS}"),
    (record(id=""), '""', "an id may not be blank"),
    (record(id="*"), '"*"', "invalid id '*', a prefix may not be empty"),
    ('{ "id" : "0c0e0a01ff04" }', "{", "'type' is missing"),
    ('{ "type" : "DUID", "access" : "deny" }', "{", "'id' is missing"),
    (record('"expires" : 7'), "7", "the value of 'expires' is not a JSON string"),
    (record('"note" : { "a" : [ "b", "}" ] }, "x" : "y"'), '{ "a"', "the value of 'note' is not a JSON string"),
    (record('"" : "x"'), '"x"', "the name of an attribute may not be blank"),
    ("[]", "[", "not a JSON object"),
    (" # a comment", "#", "a comment line starts with #"),
    ('{ "type" : "HW_ADDR", "id" : "0c0e', "", "Unterminated string"),
    ('{ "type" : none }', "none", ""),
    ('{ "type" : "DUID" "id" : "0001" }', '"id"', "read, one of "),
    (record() + " " + record(), "{ ", "Extra data, "),
    ("\ufeff" + GOOD, "\ufeff", "starts with a byte order mark, "),
    ("{" * 100, "{", "nested too deeply, "),
    (record(f'"note" : "{"x" * 65536}"'), "{", "the line is 65599 bytes long, must be at most 65536"),
]


@pytest.mark.parametrize(("line", "place", "reason"), ERRORS, ids=[str(number) for number in range(len(ERRORS))])
def test_error_is_told_with_its_place(findings, write, line, place, reason):
    ((number, column, severity, told),) = findings(write("# comment", "", line, record(id="0c:0e:0a:01:ff:99")))
    assert (number, severity) == (3, "error")
    assert reason in told
    assert "at column" not in told
    assert not told.startswith("error: ")
    assert line.encode()[column - 1 :].startswith(place.encode()), column
    assert column > 1 or line.startswith(place)


WARNINGS = [
    (record('"option.no-such" : "1"'), '"option.no', "option.no-such is left out: Kea has no definition of it"),
    (record('"option.no-such" : "1"', "DUID"), '"option.no', "option.no-such is left out: Kea has no definition of it"),
    (record('"option.no-such" : "1"', "REMOTE_ID"), '"option.no', "option.no-such is left out: Kea has no definition of it"),
    (record('"option.domain-name" : "a, b"'), '"option.d', "option.domain-name is sent without "),
    (record('"acces" : "deny"'), '"acces"', "the attribute acces does nothing; "),
    (record('"Expires" : "x"'), '"Expires"', "the attribute Expires does nothing; "),
    (record('"tftp_server" : "a.example"', "DUID"), '"a.example"', "tftp_server 'a.example' is not a list of IPv6 addresses"),
    (record(id="010c0e0a01ff04"), '"010c', "the id looks like a client identifier, which is 01 and the hardware address"),
    (record(id="0c0e0a01ff"), '"0c0e', "the id has 5 bytes, "),
    (record(kind="DUID", id="0001"), '"0001"', "the id has 2 bytes, "),
    (record('"other-ids" : "DUID=0001"'), '"DUID=0001"', "the id has 2 bytes, "),
    (record(f'"note" : "x", "option.224" : "0x{"0a" * 1000}"'), '"0x', "the options take 1008 bytes of a response"),
]


@pytest.mark.parametrize(("line", "place", "reason"), WARNINGS, ids=[str(number) for number in range(len(WARNINGS))])
def test_warning_is_told_with_its_place(findings, write, line, place, reason):
    ((number, column, severity, told),) = findings(write("# comment", line))
    assert (number, severity) == (2, "warning")
    assert told.startswith(reason)
    assert line[column - 1 :].startswith(place), column


def test_good_registries_are_clean(program, write):
    byte_order_mark_and_crlf = "\ufeff# ours\r\n".encode() + GOOD.encode() + b"\r\n\r\n"
    for content in (b"", byte_order_mark_and_crlf, GOOD.encode(), "# 🏠\n".encode() + record('"note" : "🏠"').encode() + b"\n"):
        done = program("check", write(content))
        assert (done.returncode, done.stdout, done.stderr) == (CLEAN, "", "")


def test_what_is_of_one_protocol_is_right_for_records_of_both(findings, write):
    remote = [record(f'"{name}" : "{value}"', "REMOTE_ID", f"0{number}") for number, (name, value) in enumerate(
        [("option.ntp-servers", "192.0.2.1"), ("option.bootfile-url", "tftp://boot"), ("tftp_server", "a.example"),
         ("next-server", "192.0.2.1")])]
    assert findings(write(*remote)) == []


def test_all_findings_of_a_file_are_told_in_the_order_of_lines_and_columns(findings, write):
    lines = []
    for number in range(3):
        lines += [
            record('"access" : "maybe"', id=f"0c0e0a01f{number}01"),
            record('"acces" : "x", "Starts" : "y"', id=f"0c0e0a01f{number}02"),
            record(id=f"0c0e0a01f{number}03"),
            record(id=f"0c0e0a01{number}"),
            "{",
        ]
    found = findings(write(*lines))
    assert [(line, severity) for line, _, severity, _ in found] == [
        (first + more, severity)
        for first in (1, 6, 11)
        for more, severity in ((0, "error"), (1, "warning"), (1, "warning"), (3, "error"), (4, "error"))
    ]
    assert found == sorted(found, key=lambda one: one[:2])


def test_more_warnings_than_a_server_logs_are_told(findings, write):
    lines = [record(f'"option.no-such-{number}" : "x"', id=f"0c0e0a01ff{number:02x}") for number in range(60)]
    same = [record('"acces" : "x"', id=f"0c0e0a01fe{number:02x}") for number in range(60)]
    assert [line for line, *_ in findings(write(*lines, *same))] == list(range(1, 121))


def test_user_with_two_different_records_is_an_error_in_both(findings, write):
    found = findings(write(GOOD, record(id="0c-0e-0a-01-ff-05"), record('"access" : "deny"')))
    assert found == [
        (1, GOOD.index('"0c') + 1, "error", "duplicate user: HW_ADDR=0c0e0a01ff04, also in line 3"),
        (3, GOOD.index('"0c') + 1, "error", "duplicate user: HW_ADDR=0c0e0a01ff04, also in line 1"),
    ]


def test_user_with_the_same_record_twice_is_an_error_where_servers_refuse_it(findings, write, configure):
    file = write(GOOD, GOOD.replace(":04", "-04").replace("-", ":"), record(id="0c:0e:0a:01:ff:05"), GOOD)
    reason = "duplicate user: HW_ADDR=0c0e0a01ff04, already in line 1, with the same attributes"
    column = GOOD.index('"0c') + 1
    for more in ((), ("--config", configure(parameters={"registry-errors": "refuse"}))):
        assert findings(file, *more) == [(2, column, "error", reason), (4, column, "error", reason)]
    skips = ("--config", configure(parameters={"registry-errors": "skip"}))
    assert findings(file, *skips) == [(2, column, "warning", reason), (4, column, "warning", reason)]


def test_other_id_that_two_records_have_is_an_error_at_that_id(findings, write):
    lines = [
        record('"other-ids" : "DUID=00030001"'),
        record(id="00:03:00:01", kind="DUID"),
        record('"other-ids" : "CLIENT_ID=01, CIRCUIT_ID=\'a, b\'"', id="0c0e0a01ff05"),
        record('"other-ids" : "CIRCUIT_ID=\'a, b\'"', id="0c0e0a01ff06"),
    ]
    found = findings(write(*lines))
    assert [(line, severity) for line, _, severity, _ in found] == [(1, "error"), (2, "error"), (3, "error"), (4, "error")]
    assert [reason for *_, reason in found] == [
        "duplicate user: DUID=00030001, also in line 2",
        "duplicate user: DUID=00030001, also in line 1",
        "duplicate user: CIRCUIT_ID=612c2062, also in line 4",
        "duplicate user: CIRCUIT_ID=612c2062, also in line 3",
    ]
    places = ['"DUID=', '"00:03', '"CLIENT_ID=', '"CIRCUIT_ID=']
    assert all(lines[line - 1][column - 1 :].startswith(place) for (line, column, *_), place in zip(found, places))


def test_utf_16_is_told_once(findings, write):
    content = f"{GOOD}\n{GOOD}\n"
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        assert findings(write(content.encode(encoding))) == [(1, 1, "error", "is UTF-16, save the file as UTF-8")]


def test_bytes_of_0_do_not_hide_other_errors(findings, write):
    lines = ["# \0", GOOD, record(id="0c0e0a0\0"), record(id="0c")[:-1], ""]
    found = findings(write("\n".join(lines).encode()))
    assert [(line, severity) for line, _, severity, _ in found] == [(3, "error"), (4, "error")]
    assert found[0][1] == lines[2].index("\0") + 1
    assert found[0][3] == "NUL byte, must be text"


def test_last_line_that_is_cut_off_is_said_to_have_no_end(findings, write):
    cut = record('"access" : "deny"', id="0c0e0a01ff05")[:40]
    ((line, _, severity, reason),) = findings(write(f"{GOOD}\n{cut}".encode()))
    assert (line, severity) == (2, "error")
    assert "cut off" in reason
    ((_, _, _, reason),) = findings(write(f"{GOOD}\n{cut}\n".encode()))
    assert "cut off" not in reason


def test_control_characters_are_made_visible(findings, write):
    ((_, _, _, reason),) = findings(write(record('"access" : "\\u001b[31m"')))
    assert reason.startswith("invalid access: '\\x1b[31m', ")


def test_files_are_read_from_standard_input_and_from_pipes(program, write, tmp_path):
    for name in ("-", "/dev/stdin"):
        done = program("check", name, given=record('"acces" : "x"') + "\n")
        assert done.returncode == FOUND
        assert done.stdout.startswith(f"{'<stdin>' if name == '-' else name}:1:")
    assert program("check", "-", given=GOOD).returncode == CLEAN


def test_several_files_are_checked_each_for_itself(program, write):
    for number in (1, 2):
        write(GOOD, record('"acces" : "x"', id="0c0e0a01ff05"), name=f"{number}.txt")
    done = program("check", "1.txt", "2.txt")
    assert done.returncode == FOUND
    assert re.findall(r"^(\S+?:\d+):", done.stdout, re.MULTILINE) == ["1.txt:2", "2.txt:2"]


def test_file_that_cannot_be_read_is_told_and_the_others_are_checked(program, write, tmp_path):
    write("{", name="bad.txt")
    (tmp_path / "folder").mkdir()
    for name, error in (("none.txt", "No such file or directory"), ("folder", "Is a directory")):
        done = program("check", name, "bad.txt")
        assert done.returncode == FAILED
        assert done.stderr == f"kea-user-chk: {name}: {error}\n"
        assert done.stdout.startswith("bad.txt:1:")


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads all")
def test_file_without_rights_is_told(program, write, tmp_path):
    (tmp_path / write(GOOD)).chmod(0)
    done = program("check", "users.txt")
    assert (done.returncode, done.stderr) == (FAILED, "kea-user-chk: users.txt: Permission denied\n")


def test_warnings_can_be_left_out(program, write):
    file = write(record('"acces" : "x"'), "{")
    assert ": warning: " in program("check", file).stdout
    done = program("check", "--no-warnings", file)
    assert done.returncode == FOUND
    assert re.findall(r": (error|warning): ", done.stdout) == ["error"]
    assert program("check", write(record('"acces" : "x"')), "--no-warnings").returncode == CLEAN


def test_something_to_check_must_be_named(program):
    done = program("check")
    assert (done.returncode, done.stdout) == (FAILED, "")
    assert "name a FILE to check" in done.stderr


# Against configurations


def test_options_of_the_configuration_are_known(findings, write, configure):
    definitions = [
        {"name": "door", "code": 230, "type": "uint8", "comment": "of ours"},
        {"name": "config-url", "code": 1, "space": "vendor-32473", "type": "string"},
    ]
    config4 = configure(4, option_def=definitions)
    config6 = configure(6, option_def=[{"name": "gate", "code": 1000, "type": "ipv6-address"}])
    file = write(
        record('"option.door" : "7", "option.vendor-32473.config-url" : "x"', id="0c0e0a01ff01"),
        record('"option.door" : "seven"', id="0c0e0a01ff02"),
        record('"option.gate" : "2001:db8::1"', "DUID", "00030001"),
        record('"option.gate" : "192.0.2.1"', "DUID", "00030002"),
        record('"option.gate" : "2001:db8::1", "option.door" : "7"', "REMOTE_ID", "01"),
    )
    guess = ", unless the server's configuration has one"
    left_out = [(line, reason) for line, _, _, reason in findings(file)]
    assert len(left_out) == 7
    assert all(reason.endswith(f"is left out: Kea has no definition of it{guess}") for _, reason in left_out)
    only4 = findings(file, "--config", config4)
    assert [(line, severity) for line, _, severity, _ in only4] == [(2, "error"), (3, "warning"), (4, "warning"), (5, "warning")]
    assert only4[0][3].startswith("invalid option.door: 'seven': ")
    assert only4[1][3].endswith(guess)
    assert only4[3][3] == "option.gate is left out: Kea has no definition of it"
    both = findings(file, "--config", config4, "--config", config6)
    assert [(line, severity) for line, _, severity, _ in both][:2] == [(2, "error"), (4, "error")]
    assert {reason for *_, reason in both[2:]} == {
        "option.gate is left out: Kea has no definition of it (kea-dhcp4)",
        "option.door is left out: Kea has no definition of it (kea-dhcp6)",
    }


def test_subnets_and_shared_networks_that_are_not_configured_are_told(findings, write, configure):
    v4 = configure(
        4,
        shared_networks=[{"name": "hall", "subnet4": [{"id": 10, "subnet": "192.0.2.0/25"}, {"subnet": "192.0.2.128/25"}]}],
        subnet4=[{"subnet": "198.51.100.0/24"}, {"id": 20, "subnet": "203.0.113.0/24"}],
    )
    v6 = configure(6, subnet6=[{"id": 30, "subnet": "2001:db8::/64"}])
    file = write(
        record('"subnets" : "10, 1, 2, 20", "shared-networks" : "hall"', id="0c0e0a01ff01"),
        record('"subnets" : "10, 3, 30", "shared-networks" : "hall, yard"', id="0c0e0a01ff02"),
        record('"subnets" : "30"', "DUID", "00030001"),
        record('"subnets" : "10", "shared-networks" : "hall"', "DUID", "00030002"),
    )
    assert findings(file) == []
    reasons4 = [
        (2, "the subnet 3 in subnets is not configured"),
        (2, "the subnet 30 in subnets is not configured"),
        (2, "the shared network yard in shared-networks is not configured"),
    ]
    reasons6 = [(4, "the subnet 10 in subnets is not configured"), (4, "the shared network hall in shared-networks is not configured")]
    assert [(line, reason) for line, _, _, reason in findings(file, "--config", v4)] == reasons4
    assert [(line, reason) for line, _, _, reason in findings(file, "--config", v6)] == reasons6
    assert [(line, reason) for line, _, _, reason in findings(file, "--config", v4, "--config", v6)] == reasons4 + reasons6
    (first, *_, last) = findings(file, "--config", v4)
    line = record('"subnets" : "10, 3, 30", "shared-networks" : "hall, yard"', id="0c0e0a01ff02")
    assert (first[1], last[1]) == (line.index('"10, 3') + 1, line.index('"hall') + 1)


def test_subnets_that_may_come_and_go_are_not_told(findings, write, configure):
    file = write(record('"subnets" : "3", "client-classes" : "NONE"'))
    for more in ({"libraries": [{"library": "/hooks/libdhcp_subnet_cmds.so"}]}, {"config_control": {"config-databases": []}}):
        assert findings(file, "--config", configure(**more)) == []
    (found,) = findings(file, "--config", configure(libraries=[{"library": "/hooks/libdhcp_class_cmds.so"}]))
    assert found[3] == "the subnet 3 in subnets is not configured"


def test_classes_that_do_nothing_are_told(findings, write, configure):
    guards = {"subnet": "192.0.2.0/24", "client-class": "SUBNET", "pools": [{"pool": "192.0.2.1-192.0.2.9", "client-class": "POOL"}]}
    config = configure(
        4,
        {"registered-class": "KNOWN_HERE"},
        client_classes=[{"name": "DEFINED"}],
        shared_networks=[{"name": "hall", "client-classes": ["NETWORK"], "subnet4": [guards]}],
        libraries=[{"library": "/hooks/libdhcp_other.so", "parameters": {"class": "IN_PARAMETERS"}}],
    )
    names = "DEFINED, SUBNET, POOL, NETWORK, KNOWN_HERE, IN_PARAMETERS, ALL"
    line = record(f'"client-classes" : "{names}, NOBODY"')
    assert findings(write(line)) == []
    ((number, column, severity, reason),) = findings(write(line), "--config", config)
    assert (number, column, severity) == (1, line.index('"DEFINED') + 1, "warning")
    assert reason.startswith("the client class NOBODY does nothing: ")


def test_default_user_may_not_have_the_class_of_registered_clients(findings, write, configure):
    file = write(record('"client-classes" : "KNOWN"', id="00000000"))
    assert findings(file) == []
    ((_, _, severity, reason),) = findings(file, "--config", configure(4, {"registered-class": "KNOWN"}))
    assert (severity, reason.split(": ")[0]) == ("error", "invalid client-classes")


def test_types_that_clients_are_not_looked_up_by_are_told(findings, write, configure):
    file = write(record(kind="CIRCUIT_ID"), record(kind="INTERFACE_ID"), record(kind="DUID", id="00030001"), GOOD)
    assert findings(file) == []
    found = findings(file, "--config", configure(4, {"identifiers": ["hw-address"]}), "--config", configure(6))
    assert [(line, reason) for line, _, _, reason in found] == [
        (1, "clients are not looked up by CIRCUIT_ID: circuit-id is not in identifiers"),
        (2, "clients are not looked up by INTERFACE_ID: interface-id is not in identifiers"),
    ]
    assert record(kind="CIRCUIT_ID")[found[0][1] - 1 :].startswith('"CIRCUIT_ID"')
    ports = {"identifiers": ["hw-address", "circuit-id"]}, {"identifiers": ["duid", "interface-id"]}
    assert findings(file, "--config", configure(4, ports[0]), "--config", configure(6, ports[1])) == []


def test_registry_that_a_configuration_names_is_checked(program, write, configure):
    write("{", name="bad.txt")
    config4, config6 = (configure(version, {"registry-file": "bad.txt"}) for version in (4, 6))
    done = program("check", "--config", config4, "--config", config6)
    assert done.returncode == FOUND
    assert re.findall(r"^\S+", done.stdout, re.MULTILINE) == [done.stdout.split(" ")[0]]
    assert done.stdout.startswith("bad.txt:1:")
    database = {"type": "postgresql", "name": "kea"}
    for options, reason in (
        ({"library": None}, "kea-dhcp4.conf: does not list libdhcp_user_chk.so, name a FILE to check"),
        ({"parameters": {"registry-database": database}}, "kea-dhcp4.conf: the registry is in a database, name a FILE to check"),
    ):
        done = program("check", "--config", configure(4, **options))
        assert (done.returncode, done.stderr) == (FAILED, f"kea-user-chk: {reason}\n")


def test_configuration_is_read_as_servers_read_it(findings, write):
    write('{ "name": "door", "code": 230, "type": "uint8" },\n', name="included.json")
    config = write(
        "# a comment",
        '{ "Dhcp4": { // another "one"',
        '/* and {',
        'one */ "option-def": [ <?include "included.json"?>',
        '{ "name": "bell", "code": 231, "type": "uint8", "comment": "//#/*\\"#" }, ], # a comma more',
        '"subnet4": [ { "id": 7, "subnet": "192.0.2.0/24", } ],',
        "} }",
        name="kea.conf",
    )
    file = write(record('"option.door" : "7", "subnets" : "7"'), record('"option.230" : "x"', id="0c0e0a01ff05"))
    ((line, _, severity, _),) = findings(file, "--config", config)
    assert (line, severity) == (2, "error")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "kea.conf: "),
        ("{}", "kea.conf: must have one of Dhcp4 and Dhcp6"),
        ('{ "Dhcp4": [] }', "kea.conf: "),
        ('{ "Dhcp4": { <?include "none.json"?> } }', "kea.conf: none.json: No such file or directory"),
        ('{ "Dhcp4": { <?include "kea.conf"?> } }', "kea.conf: "),
        ('{ "Dhcp4": { "option-def": [ { "name": "x" } ] } }', "kea.conf: "),
        (
            '{ "Dhcp4": { "hooks-libraries": [ { "library": "libdhcp_user_chk.so", "parameters": { "registry-errors": "no" } } ] } }',
            "kea.conf: invalid registry-errors: 'no', must be one of refuse, skip",
        ),
    ],
)
def test_configuration_that_is_bad_is_no_finding(program, write, content, reason):
    done = program("check", write(GOOD), "--config", write(content, name="kea.conf"))
    assert (done.returncode, done.stdout) == (FAILED, "")
    assert done.stderr.startswith(f"kea-user-chk: {reason}")


def test_two_configurations_must_be_for_two_servers(program, write, configure):
    config = configure(4)
    done = program("check", write(GOOD), "--config", config, "--config", config)
    assert (done.returncode, done.stdout) == (FAILED, "")
    assert done.stderr == "kea-user-chk: kea-dhcp4.conf and kea-dhcp4.conf are for the same server\n"


@pytest.mark.parametrize("registry", sorted((TOP / "data").glob("tasks/*/user_chk_registry.txt")), ids=lambda path: path.parent.name)
def test_sample_registries_are_clean_by_their_configurations(program, registry):
    configurations = sorted(registry.parent.glob("kea-dhcp[46].conf"))
    done = program("check", registry, *(word for path in configurations for word in ("--config", path)))
    assert (done.returncode, done.stdout, done.stderr) == (CLEAN, "", "")


def test_fuzz_corpus_never_ends_the_program_otherwise(program):
    assert len(FUZZ_CORPUS) > 100
    done = program("check", *FUZZ_CORPUS)
    assert done.returncode == FOUND
    assert done.stderr == ""
    told = {line.split(":")[0] for line in done.stdout.splitlines()}
    assert told <= set(map(str, FUZZ_CORPUS))


def test_example_of_the_page_is_what_the_program_prints(program, write):
    page = (TOP / "docs/program.md").read_text(encoding="utf-8").split("\n## kea-user-chk check\n")[1].split("\n## ")[0]
    content, shown = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    command, told = shown.split("\n", 1)
    write(content.encode(), name="new.txt")
    assert command == "$ kea-user-chk check new.txt"
    done = program(*command.split()[2:])
    assert (done.returncode, done.stdout) == (FOUND, told)
