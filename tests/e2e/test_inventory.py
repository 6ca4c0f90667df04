# SPDX-License-Identifier: MPL-2.0
"""Users of a database from other sources: a registry file, LDAP, an inventory; and their export to a registry file."""

import json
import os
import re
import subprocess

import pytest

from lab import ldap
from lab.config import NORMAL, RESTRICTED
from lab.control import status
from lab.pages import DOCS
from lab.process import wait_until
from lab.registry_database import Registry
from lab.sample import DATA

IMPORT, EXPORT = (DATA / "pgsql" / f"{name}.sql" for name in ("import", "export"))

MINE = "0c:0e:0a:01:ff:00"
OURS = [f"0c:0e:0a:01:ff:{number:02x}" for number in range(1, 13)]


class Office(Registry):
    """The database, and an operator who may edit users, at a shell."""

    def __enter__(self):
        super().__enter__()
        self.run("CREATE ROLE office LOGIN IN ROLE user_chk_editor")
        return self

    def shell(self, script, folder):
        """Runs a script of a page. Returns its exit status, its output and its errors."""
        script = script.replace("/usr/share/kea-user-chk", str(DATA)).replace("-d kea", f"-d {self.name}")
        environment = {**os.environ, "PGHOST": self.home, "PGUSER": "office"}
        return subprocess.run(
            ["sh", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    def take(self, text, *variables):
        """Imports a registry file."""
        settings = [word for variable in variables for word in ("-v", variable)]
        command = ["psql", "-X", "-q", "-h", self.home, "-U", "office", "-d", self.name, *settings, "-f", str(IMPORT)]
        return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)

    def exported(self, *variables):
        """Returns the output of export.sql."""
        settings = [word for variable in variables for word in ("-v", variable)]
        return self.psql("-X", *settings, "-f", str(EXPORT))

    def users(self):
        """Returns the attributes of all users, by their ids."""
        rows = map(json.loads, self.exported().splitlines())
        return {row["id"]: {name: row[name] for name in row.keys() - {"type", "id"}} for row in rows}

    def noted(self):
        """Returns how many lines the log of changes has."""
        return int(self.run("SELECT count(*) FROM user_chk.changes"))


@pytest.fixture
def office():
    with Office() as made:
        yield made


def did(done, added=0, changed=0, removed=0, left=0):
    """Asserts what an import reports."""
    assert (done.returncode, done.stdout) == (
        0,
        f"{added} added, {changed} changed, {removed} removed, {left} left as somebody else has made them\n",
    ), done.stderr


def refused(done, reason):
    assert done.returncode != 0
    assert re.search(reason, done.stderr), done.stderr


def lines(ids, **attributes):
    return "".join(json.dumps({"type": "HW_ADDR", "id": it, **attributes}) + "\n" for it in ids)


# --- registry files --------------------------------------------------------------------------------------

# What a registry file may have: any notation of ids, escapes, comments, the default user, a line that stands twice.
MANY_FORMS = r"""# a comment

{ "type" : "HW_ADDR", "id" : "0C-0E-0A-01-FF-04", "note" : "\u00e4\u20ac \\ \" ' / \/ \t\n , }", "b" : "" }
{ "type" : "HW_ADDR", "id" : "0c0e.0a01.ff05", "option.domain-name" : "ü, \\. €" }
{ "id" : "0c0e0a01ff06", "x" : "first", "type" : "HW_ADDR", "x" : "\ud83d\ude00" }
{ "type" : "HW_ADDR", "id" : "0c:0e:0a:01:ff:07" }
{ "type" : "HW_ADDR", "id" : "0c:0e:0a:01:ff:07" }
{ "type" : "HW_ADDR", "id" : "0c0e.0a01.ff*", "note" : "a prefix" }
{ "type" : "HW_ADDR", "id" : "0C-0E-0A-01-FF-07-*" }
{ "type" : "HW_ADDR", "id" : "random", "client-classes" : "made-up" }
{ "type" : "HW_ADDR", "id" : "02" }
{ "type" : "HW_ADDR", "id" : "02*" }
{ "type" : "CIRCUIT_ID", "id" : "'ge-0/0/1 ü \\ \"*'" }
{ "type" : "REMOTE_ID", "id" : "'olt7/'*" }
{ "type" : "FLEX_ID", "id" : "00000000" }
{ "type" : "HW_ADDR", "id" : "00000000", "bootfile" : "/default" }
{ "type" : "DUID", "id" : "00000000", "access" : "restrict" }
{ "type" : "DUID", "id" : "00:01:00:01:19:ef:e6:3b:00:0c:01:02:03:04", "expires" : "2099-01-01T00:00:00Z" }
"""
START = re.compile(r'\{"type" : "(\w+)", "id" : "((?:[0-9a-f]{2}:)*(?:[0-9a-f]{2}|[*+]))"[,}]')
FILES = [DATA / "user_chk_registry.txt", *sorted(DATA.glob("tasks/*/user_chk_registry.txt"))]


def revision(world):
    """Returns what tells whether two servers know the same users."""
    told = status(world)
    assert "last-error" not in told and told.get("skipped", {}).get("count", 0) == 0, told
    return told["revision"]


def test_a_registry_file_that_is_imported_and_exported_holds_the_same_users(own, office):
    own.hook["parameters"]["registry-errors"] = "skip"  # accepts a repeated line
    own.start()
    for text in [*(path.read_text(encoding="utf-8") for path in FILES), MANY_FORMS]:
        own.registry.write_bytes(text.encode())
        assert "0 bad records" in own.server.command("user-chk-reload")["text"]
        before = revision(own)
        assert office.take(text, "most_gone=100").returncode == 0
        exported = office.exported()
        own.registry.write(*exported.splitlines())
        assert revision(own) == before
        # Types and ids are as in Kea's manual, at the start of the line, and in order.
        keys = [START.match(line.replace('"random"', '"02:+"')).groups() for line in exported.splitlines()]
        assert keys == sorted(keys)
        did(office.take(exported))
        assert office.exported() == exported
    del own.hook["parameters"]["registry-errors"]
    office.keeps_registry_of(own)
    own.configure()
    own.server.reload()
    assert revision(own) == before


def test_import_touches_what_differs_and_nothing_else(office):
    did(office.take(lines(OURS, a="b")), added=len(OURS))
    before = office.noted()
    did(office.take(lines(OURS, a="b")))
    assert office.noted() == before
    did(office.take(lines(OURS[:-2], a="b") + lines([OURS[-2]], a="c") + lines([MINE])), added=1, changed=1, removed=1)
    assert office.noted() == before + 3
    assert office.users() == {**{it: {"a": "b"} for it in OURS[:-2]}, OURS[-2]: {"a": "c"}, MINE: {}}


def test_import_leaves_alone_what_is_not_of_its_source(office):
    did(office.take(lines([MINE], access="deny")), added=1)
    did(office.take(lines([*OURS, MINE]), "source=ldap"), added=len(OURS), left=1)
    did(office.take(lines(OURS[1:]), "source=ldap"), removed=1)
    office.run("INSERT INTO user_chk.users (type, id, server_tag) VALUES ('HW_ADDR', '\\x0102', 'elsewhere')")
    did(office.take(lines(OURS), "source=csv"), added=1, left=len(OURS) - 1)
    did(office.take(lines(OURS[1:], note="x"), "source=ldap"), changed=len(OURS) - 1)
    users = office.users()
    assert users[MINE] == {"access": "deny"}
    assert users[OURS[0]] == {"source": "csv"}
    assert users[OURS[1]] == {"source": "ldap", "note": "x"}
    assert '"01:02"' in office.exported("server_tag=elsewhere")
    assert '"01:02"' not in office.exported()


def test_import_that_would_remove_many_is_refused(office):
    did(office.take(lines(OURS)), added=len(OURS))
    before = office.exported()
    for text in ("", "# nobody\n\n"):
        for variables in ([], ["most_gone=100"]):
            refused(office.take(text, *variables), "0 users are to be there, 12 of 12 would be removed")
    refused(office.take(lines(OURS[3:])), "9 users are to be there, 3 of 12 would be removed")
    assert office.exported() == before
    did(office.take(lines(OURS[2:])), removed=2)
    did(office.take(lines(OURS[-1:]), "most_gone=100"), removed=9)


BAD_LINES = [
    '{ "type" : "HW_ADDR", "id" : "01" "note" : "x" }',
    '{ "type" : "HW_ADDR", "id" : "0g" }',
    '{ "type" : "HW_ADDR", "id" : "" }',
    '{ "type" : "HW_ADDR", "id" : "*" }',
    '{ "type" : "HW_ADDR", "id" : "0c**" }',
    """{ "type" : "CIRCUIT_ID", "id" : "'a'b'" }""",
    """{ "type" : "CIRCUIT_ID", "id" : "''*" }""",
    '{ "type" : "HW_ADDR" }',
    '{ "type" : "mac", "id" : "01" }',
    '{ "type" : "HW_ADDR", "id" : "01", "note" : 7 }',
    '{ "type" : "HW_ADDR", "id" : "01", "a" : "1" }\n{ "type" : "HW_ADDR", "id" : "01", "a" : "2" }',
    '["HW_ADDR"]',
]


def test_import_of_a_bad_line_changes_nothing(office):
    did(office.take(lines(OURS)), added=len(OURS))
    before = office.exported()
    for bad in BAD_LINES:
        refused(office.take(lines([*OURS, MINE], note="x") + bad + "\n"), "ERROR")
        assert office.exported() == before


# --- the scripts of the guide ----------------------------------------------------------------------------


def scripts_of_the_page():
    """The page's scripts: from LDAP, from CSV."""
    page = (DOCS / "tasks/inventory.md").read_text(encoding="utf-8")
    return re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


@pytest.fixture
def from_ldap(office, tmp_path):
    """Runs the page's script with a directory server."""
    if not ldap.is_there():
        pytest.skip("slapd and ldap-utils are not installed, another release of a run has them")
    password = tmp_path / "password"
    password.touch(mode=0o600)
    password.write_text(ldap.PASSWORD, encoding="utf-8")

    def go(directory):
        script, _ = scripts_of_the_page()
        named = script.replace("ldaps://ldap.example.com", directory.url).replace("/etc/kea/ldap-password", str(password))
        assert named != script
        return office.shell(named, tmp_path)

    return go


def in_directory(directory, ids):
    for number, identifier in enumerate(ids):
        directory.add(f"device-{number}", macAddress=identifier)


LONG = "a name that is far too long for one line of LDIF so that it is folded and folded again " * 2 + "."


def test_devices_of_a_directory_are_the_registered_ones(make_world, office, from_ldap, tmp_path):
    world = make_world(4)
    office.keeps_registry_of(world)
    office.add(world.client())
    world.start()
    client = world.client_with(bytes.fromhex(MINE.replace(":", "")))
    with ldap.Directory(tmp_path / "ldap") as directory:
        in_directory(directory, OURS)
        directory.add(LONG, macAddress=[MINE.upper().replace(":", "-"), "0c0e.0a01.ffff"])
        directory.add("Bühne", macAddress="0c0e0a01fffe")
        directory.add("no address", macAddress="unknown")
        directory.add("nothing", description="no device of a network")
        done = from_ldap(directory)
        did(done, added=len(OURS) + 3)
        assert done.stderr == "registry-lines: unknown is no HW_ADDR\n"
        users = office.users()
        assert users[OURS[0]] == {"source": "ldap", "note": "device-0"}
        assert users[MINE] == users["0c:0e:0a:01:ff:ff"] == {"source": "ldap", "note": LONG}
        assert users["0c:0e:0a:01:ff:fe"] == {"source": "ldap", "note": "Bühne"}
        did(from_ldap(directory))
        wait_until(lambda: world.offered_subnet(client) == NORMAL, "the client", timeout=30)
        directory.remove(LONG)
        did(from_ldap(directory), removed=2)
        wait_until(lambda: world.offered_subnet(client) == RESTRICTED, "the client", timeout=30)


def test_devices_stay_registered_when_the_directory_tells_nothing(office, from_ldap, tmp_path):
    with ldap.Directory(tmp_path / "ldap") as directory:
        in_directory(directory, OURS)
        did(from_ldap(directory), added=len(OURS))
        before = office.exported()
        (tmp_path / "password").write_text("wrong", encoding="utf-8")
        refused(from_ldap(directory), "Invalid credentials")
        (tmp_path / "password").write_text(ldap.PASSWORD, encoding="utf-8")
        for number in range(len(OURS)):
            directory.remove(f"device-{number}")
        refused(from_ldap(directory), "0 users are to be there, 12 of 12 would be removed")
    refused(from_ldap(directory), "Can't contact LDAP server")
    with ldap.Directory(tmp_path / "limited", size_limit=11) as directory:
        in_directory(directory, OURS)
        refused(from_ldap(directory), "Size limit exceeded")
    assert office.exported() == before


INVENTORY = """\ufeffMAC,DUID,Name,Place,Until\r
0C:0E:0A:01:FF:01,00-01-00-01-19-ef,"a ""b"", c",here,\r
,0002,"two\r
lines",there,2099-01-01T00:00:00Z\r
0c0e.0a01.ff02,,,,\r
0c0e0a01ff02,,again,,\r
8:0:20:1:2:3,,"no address",,\r
00:00:00:00,,"no device",,\r
,""" + "00" * 131 + """,too long,,\r
0c0e0a01ff03,,\0NUL,,\r
"""


@pytest.mark.parametrize("separator", [",", ";"])
def test_devices_of_an_inventory_are_the_registered_ones(office, tmp_path, separator):
    _, script = scripts_of_the_page()
    text = INVENTORY.replace(",", separator).replace(f'"{separator} c', '", c')
    (tmp_path / "inventory.csv").write_bytes(text.encode())
    done = office.shell(script, tmp_path)
    did(done, added=5)
    assert done.stderr == (
        "registry-lines: HW_ADDR 0c0e0a01ff02 stands more than once\n"
        "registry-lines: 8:0:20:1:2:3 is no HW_ADDR\n"
        "registry-lines: 00:00:00:00 is no HW_ADDR\n"
        f"registry-lines: {'00' * 131} is no DUID\n"
    )
    assert office.users() == {
        "0c:0e:0a:01:ff:01": {"note": 'a "b", c', "source": "inventory"},
        "00:01:00:01:19:ef": {"note": 'a "b", c', "source": "inventory"},
        "00:02": {"note": "two\r\nlines", "expires": "2099-01-01T00:00:00Z", "source": "inventory"},
        "0c:0e:0a:01:ff:02": {"source": "inventory"},
        "0c:0e:0a:01:ff:03": {"note": "NUL", "source": "inventory"},
    }
    before = office.exported()
    for heading in ("MAC,DUID,Name,Place", ""):
        (tmp_path / "inventory.csv").write_text(heading, encoding="utf-8")
        refused(office.shell(script, tmp_path), "there is no field .*until")
    (tmp_path / "inventory.csv").unlink()
    refused(office.shell(script, tmp_path), "inventory.csv")
    assert office.exported() == before
