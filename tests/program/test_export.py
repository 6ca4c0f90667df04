# SPDX-License-Identifier: MPL-2.0
"""A registry is exported as a table, or as Kea's reservations; importing these again gives the same registry."""

import csv
import io
import json
import os
import random
import subprocess
from operator import itemgetter

import pytest

DONE, SOME_LEFT_OUT, FAILED = 0, 1, 2
SIX_BYTES = "0c:0e:0a:01:ff:"
TYPES = ("HW_ADDR", "DUID", "CLIENT_ID", "CIRCUIT_ID", "INTERFACE_ID", "REMOTE_ID", "SUBSCRIBER_ID", "FLEX_ID")
DUID = "00:01:00:01:19:ef:e6:3b:00:0c:01:02:03:04"


def line_of(**members):
    return json.dumps({name if name == "tftp_server" else name.replace("_", "-"): members[name] for name in members}) + "\n"


def hw(number, **attributes):
    return line_of(type="HW_ADDR", id=f"{SIX_BYTES}{number:02x}", **attributes)


@pytest.fixture
def exported(program):
    """Exports a registry. Returns exit status, output and remarks by line."""

    def run(form, registry):
        done = program("export", "--to", form, given=registry)
        remarks = dict(line.removeprefix("-:").split(": ", 1) for line in done.stderr.splitlines())
        return done.returncode, done.stdout, {int(number): reason for number, reason in remarks.items()}

    return run


def text_of(source, letters, most):
    return "".join(source.choices(letters, k=source.randint(1, most)))


def random_id(source):
    """Returns a type and an id of it, in its usual notation."""
    kind = source.choice(TYPES)
    text = source.randbytes(source.randint(6, 20)).hex(":")
    if kind == "HW_ADDR":
        text = source.choice((text[:17], text[:17], text[:8] + ":*"))
    return kind, text


def random_registry(seed):
    """Returns records of all kinds, with values that are hard to write into a table."""
    source = random.Random(f"registry {seed}")
    letters = "abc ÄÖ€'\",;\t|=\\/:#{}[]0123\r\n\u2028😀"
    names = ["note", "Room", "mac", "duid", "Type", "ID", "a,b", "c;d", 'e"f', "g\th", " i ", "j\r\nk", "ü", "sep=", "#l"]
    records = {("HW_ADDR", "random"): {}}
    for _ in range(60):
        attributes = {name: text_of(source, letters, 12) for name in source.sample(names, k=source.randint(0, 4))}
        attributes |= dict(source.sample([("access", "deny"), ("bootfile", "/tmp/a,b"), ("client-classes", "a, b"),
                                          ("expires", "2031-01-01T00:00:00Z"), ("subnets", "1,2"),
                                          ("option.vendor-32473.1", "0x0a000001")], k=source.randint(0, 2)))
        if source.random() < 0.2:
            attributes["other-ids"] = f"SUBSCRIBER_ID='{source.randrange(10**9)}', FLEX_ID={source.randbytes(7).hex()}"
        records[random_id(source)] = attributes
    return [{"type": kind, "id": text, **attributes} for (kind, text), attributes in records.items()]


@pytest.mark.parametrize("seed", range(8))
def test_registry_exported_to_a_table_and_imported_is_the_same(program, seed):
    registry = random_registry(seed)
    lines = "".join(json.dumps(record) + "\n" for record in registry)
    table = program("export", "--to", "csv", given=lines.encode(), text=False)
    assert (table.returncode, table.stderr) == (DONE, b"")
    back = program("import", "--from", "csv", given=table.stdout, text=False)
    assert (back.returncode, back.stderr) == (DONE, b"")
    assert [json.loads(line) for line in back.stdout.split(b"\n")[:-1]] == registry


def test_table_is_as_rfc_4180_has_it(exported):
    registry = hw(4, note='say "a, b"') + "# a comment\n\n" + line_of(type="DUID", id=DUID, expires="2031-01-01T00:00:00Z")
    status, table, _ = exported("csv", registry)
    assert status == DONE
    assert list(csv.reader(io.StringIO(table, newline=""), strict=True)) == [
        ["type", "id", "expires", "note"],
        ["HW_ADDR", SIX_BYTES + "04", "", 'say "a, b"'],
        ["DUID", DUID, "2031-01-01T00:00:00Z", ""],
    ]


def test_what_a_table_cannot_say_is_named(exported):
    status, table, remarks = exported("csv", hw(1) + "nonsense\n" + hw(3, note=""))
    assert status == SOME_LEFT_OUT
    assert len(table.splitlines()) == 3
    assert set(remarks) == {2, 3}


def reservations(text):
    """Returns those of both servers, by identifier."""
    configuration = json.loads(text)
    return [one for server in configuration.values() for one in server.get("reservations", [])]


def test_record_becomes_a_reservation(exported):
    registry = hw(
        4, bootfile="/tmp/boot", next_server="10.0.0.1", client_classes="a, b", hostname="name", room="Büro",
        tftp_server="tftp.example.com",
        **{"option.ntp-servers": "10.0.0.2", "option.224": "0x0a0b", "option.vendor-4491.2": "0x0a000001"})
    status, text, remarks = exported("kea", registry)
    assert (status, remarks) == (DONE, {})
    (made,) = reservations(text)
    options = {(option.get("space"), option.get("name") or option["code"]): option for option in made.pop("option-data")}
    assert made == {
        "hw-address": SIX_BYTES + "04", "boot-file-name": "/tmp/boot", "next-server": "10.0.0.1", "client-classes": ["a", "b"],
        "hostname": "name", "user-context": {"room": "Büro"}}
    assert {key: (option["data"], option["csv-format"]) for key, option in options.items()} == {
        (None, "ntp-servers"): ("10.0.0.2", True), (None, 224): ("0a0b", False),
        ("vendor-4491", 2): ("0a000001", False), (None, "tftp-server-name"): ("tftp.example.com", True)}


@pytest.mark.parametrize(("members", "reason"), [
    ({"access": "deny"}, "access"),
    ({"access": "restrict"}, "access"),
    ({"expires": "2031-01-01T00:00:00Z"}, "expires"),
    ({"starts": "2021-01-01T00:00:00Z"}, "starts"),
    ({"shared-networks": "a"}, "shared-networks"),
    ({"id": "0c:0e:*"}, "many clients"),
    ({"id": "random"}, "many clients"),
    ({"id": "00000000"}, "default user"),
    ({"type": "REMOTE_ID"}, "REMOTE_ID"),
    ({"type": "SUBSCRIBER_ID"}, "SUBSCRIBER_ID"),
])
def test_record_that_no_reservation_can_be_is_named(exported, members, reason):
    status, text, remarks = exported("kea", hw(1) + json.dumps(json.loads(hw(2)) | members) + "\n")
    assert status == SOME_LEFT_OUT
    assert [one["hw-address"] for one in reservations(text)] == [SIX_BYTES + "01"]
    assert list(remarks) == [2]
    assert reason in remarks[2]


@pytest.mark.parametrize(("registry", "left_out"), [
    (hw(1, **{"option.no-such-option": "x"}), "option.no-such-option"),
    (line_of(type="DUID", id=DUID, bootfile="x"), "bootfile"),
])
def test_attribute_that_no_reservation_has_is_named(exported, registry, left_out):
    status, text, remarks = exported("kea", registry)
    assert status == SOME_LEFT_OUT
    assert len(reservations(text)) == 1
    assert left_out in remarks[1]


def test_texts_that_kea_would_read_otherwise_are_bytes(exported):
    _, text, _ = exported("kea", hw(1, tftp_server="a,b", bootfile="x" * 128))
    (made,) = reservations(text)
    assert "boot-file-name" not in made
    assert {option["name"]: option["data"] for option in made["option-data"]} == {
        "boot-file-name": "x" * 128, "tftp-server-name": b"a,b".hex()}


def test_each_id_of_a_record_has_a_reservation(exported):
    status, text, remarks = exported("kea", hw(4, room="7", other_ids=f"DUID={DUID}, CIRCUIT_ID='port', REMOTE_ID=01"))
    configuration = json.loads(text)
    assert [set(one) - {"client-classes", "user-context"} for one in configuration["Dhcp4"]["reservations"]] == [
        {"hw-address"}, {"circuit-id"}]
    assert [one["duid"] for one in configuration["Dhcp6"]["reservations"]] == [DUID]
    assert status == SOME_LEFT_OUT
    assert "REMOTE_ID" in remarks[1]


def test_record_of_subnets_has_its_reservations_there(exported):
    _, text, _ = exported("kea", hw(4, subnets="10, 20"))
    subnets = json.loads(text)["Dhcp4"]["subnet4"]
    assert [(subnet["id"], len(subnet["reservations"])) for subnet in subnets] == [(10, 1), (20, 1)]


def reservable(seed):
    """Returns a registry of what reservations can express."""
    source = random.Random(f"reservations {seed}")
    letters = "abc ÄÖ€'\",;\t|=\\/:#{}[]0123\r\n😀"
    own = {
        "HW_ADDR": [("option.ntp-servers", "10.0.0.1, 10.0.0.2"), ("option.224", "0x0a0b"), ("bootfile", "/tmp/x y"),
                    ("next-server", "10.0.0.9"), ("option.host-name", "a\\,b"),
                    ("option.vendor-4491.tftp-servers", "10.0.0.3")],
        "DUID": [("option.dns-servers", "2001:db8::1"), ("option.vendor-4491.33", "0x616263"), ("option.1000", "0x00")],
    }
    records = {}
    for _ in range(40):
        kind = source.choice(("HW_ADDR", "DUID", "CLIENT_ID", "CIRCUIT_ID"))
        usual = own.get(kind, own["HW_ADDR"])
        attributes = dict(source.sample(usual, k=source.randint(0, 3)))
        attributes |= {text_of(source, letters, 5) + "~": text_of(source, letters, 9) for _ in range(source.randint(0, 2))}
        attributes |= dict(source.sample([("client-classes", "a, b"), ("hostname", "host"), ("subnets", "1,2")],
                                         k=source.randint(0, 2)))
        records[source.randbytes(6 if kind == "HW_ADDR" else 12).hex(":")] = (kind, attributes)
    return [{"type": kind, "id": text, **attributes} for text, (kind, attributes) in records.items()]


@pytest.mark.parametrize("seed", range(6))
def test_registry_exported_to_reservations_and_imported_is_the_same(program, exported, seed):
    registry = reservable(seed)
    status, text, remarks = exported("kea", "".join(json.dumps(record) + "\n" for record in registry))
    assert (status, remarks) == (DONE, {})
    back = program("import", "--from", "kea", given=text)
    assert (back.returncode, back.stderr) == (DONE, "")
    records = map(json.loads, back.stdout.split("\n")[:-1])
    assert sorted(records, key=itemgetter("type", "id")) == sorted(registry, key=itemgetter("type", "id"))


@pytest.mark.parametrize("family", [4, 6])
def test_kea_takes_the_reservations(exported, tmp_path, family):
    bare = hw(1) + hw(2, subnets="1") + line_of(type="DUID", id=DUID) + line_of(type="DUID", id=DUID + ":05", subnets="2")
    registry = bare + "".join(json.dumps(record) + "\n" for record in reservable("for Kea"))
    _, text, _ = exported("kea", registry)
    section = json.loads(text)[f"Dhcp{family}"]
    assert len(section["reservations"]) > 3
    for subnet in section[f"subnet{family}"]:
        subnet["subnet"] = f"10.{subnet['id']}.0.0/16" if family == 4 else f"2001:db8:{subnet['id']}::/48"
    section |= {
        "interfaces-config": {"interfaces": []},
        "lease-database": {"type": "memfile", "persist": False},
        "host-reservation-identifiers": ["hw-address", "client-id", "circuit-id"] if family == 4 else ["duid"],
    }
    if family == 6:
        section["server-id"] = {"type": "LLT", "persist": False}
    configuration = tmp_path / "kea.conf"
    configuration.write_text(json.dumps({f"Dhcp{family}": section}, ensure_ascii=False), encoding="utf-8")
    own = tmp_path / "kea"
    own.mkdir(mode=0o750)
    places = ("PIDFILE_DIR", "LOCKFILE_DIR", "LOG_FILE_DIR", "DHCP_DATA_DIR", "CONTROL_SOCKET_DIR")
    done = subprocess.run([f"kea-dhcp{family}", "-t", configuration], capture_output=True, text=True, timeout=60, check=False,
                          env=os.environ | {f"KEA_{place}": str(own) for place in places})
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_cannot_be_done_is_status_2(program):
    for arguments in (["export"], ["export", "--to", "xml"], ["export", "--to", "csv", "missing"]):
        done = program(*arguments)
        assert (done.returncode, done.stdout) == (FAILED, "")
        assert done.stderr
