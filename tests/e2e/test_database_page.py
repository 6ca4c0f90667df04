# SPDX-License-Identifier: MPL-2.0
"""The commands in the page for the database's administrator do what it says, while a server follows."""

import os
import re
import shutil
import subprocess

import pytest

from lab import postgres
from lab.config import NORMAL, RESTRICTED
from lab.control import EMPTY, SUCCESS, ask, key_of, status, user_of
from lab.pages import DOCS
from lab.process import wait_until
from lab.registry_database import Registry
from lab.sample import DATA

PAGE = (DOCS / "database.md").read_text(encoding="utf-8")
REGISTRY = "user_chk_registry.txt"


def section(heading):
    return re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)[1]


def scripts(heading):
    """Returns the shell commands in a section."""
    blocks = re.findall(r"(?:^    .*\n)+", section(heading), re.MULTILINE)
    return [re.sub(r"^    ", "", block, flags=re.MULTILINE) for block in blocks]


def statements(heading):
    """Returns the psql commands in a section."""
    return re.findall(r"^```sql\n(.*?)^```$", section(heading), re.MULTILINE | re.DOTALL)


class Cluster(postgres.Postgres):
    """A context manager: PostgreSQL without the library's schema, and its administrator."""

    def __init__(self, folder):
        super().__init__("unused")
        self._folder = folder

    def _make_data(self):
        postgres.make_cluster(self._data)  # not a copy, so its system identifier is different

    def shell(self, script):
        environment = {**os.environ, "PGHOST": self.home, "PGUSER": postgres.USER}
        script = script.replace("/usr/share/kea-user-chk", str(DATA))
        subprocess.run(["bash", "-e", "-c", script], check=True, cwd=self._folder, env=environment, timeout=60)

    def sql(self, text):
        return self.psql("-c", text, database="kea")


@pytest.fixture
def cluster(tmp_path):
    """The administrator's directory has the sample registry."""
    shutil.copy(DATA / REGISTRY, tmp_path)
    with Cluster(tmp_path) as made:
        yield made


def follow(world, cluster):
    """Makes a server keep its registry in a cluster."""
    world.hook["parameters"]["registry-database"] = {
        "type": "postgresql",
        "name": "kea",
        "host": cluster.home,
        "user": "kea_server",
        "reconnect-wait-time": 100,
    }


def is_known(world, client):
    result = ask(world.server, "get", key_of(user_of(world, client))).result
    assert result in (SUCCESS, EMPTY)
    return result == SUCCESS


def test_the_registry_is_made_filled_dumped_restored_moved_and_removed(make_world, cluster, tmp_path):
    make, drop = scripts("Make it")
    take, give = scripts("Registry files")
    dump, restore, move = scripts("Back it up")
    roles, users = statements("Roles")[0], statements("Users")[0]

    cluster.shell(make)
    cluster.sql(roles)
    assert cluster.sql(statements("Upgrade it")[0]) == "1|0\n"
    cluster.shell(take)

    world = make_world(4)
    world.hook["parameters"].pop("registry-file")
    world.hook["parameters"]["registry-copy"] = str(world.server.home / "copy.txt")
    follow(world, cluster)
    world.start()
    told = status(world)
    assert told["users"] == {"DUID": 2, "HW_ADDR": 2}
    known = world.client_with(bytes.fromhex("0c0e0a01ff04"))
    assert world.offered_subnet(known) == NORMAL
    world.registry.replace(*(DATA / REGISTRY).read_text(encoding="utf-8").splitlines())
    cluster.shell(give)
    exported = (tmp_path / "exported.txt").read_text(encoding="utf-8")
    assert len(exported.splitlines()) == 4

    # The page's statements on users, in reverse order: the last one removes the user that the first one adds.
    cluster.sql(users.split(";")[2])
    wait_until(lambda: not is_known(world, known), "the user to be gone", timeout=30)
    cluster.shell(take)
    wait_until(lambda: is_known(world, known), "the user", timeout=30)

    cluster.shell(dump)
    later = world.client()
    cluster.sql(f"INSERT INTO user_chk.users (type, id) VALUES ('HW_ADDR', '\\x{later.id.replace(':', '')}')")
    wait_until(lambda: is_known(world, later), "the user", timeout=30)
    cluster.shell(restore)
    wait_until(lambda: not is_known(world, later), "the user to be as before", timeout=30)
    wait_until(lambda: world.log("USER_CHK_DATABASE_HISTORY"), "the message")
    assert status(world)["revision"] == told["revision"]
    assert world.offered_subnet(world.client()) == RESTRICTED

    with Cluster(tmp_path) as other:
        other.shell(make.splitlines()[0])
        other.shell(move)
        other.sql(roles)
        other.sql(f"INSERT INTO user_chk.users (type, id) VALUES ('HW_ADDR', '\\x{later.id.replace(':', '')}')")
        follow(world, other)
        world.configure()
        world.server.reload()
        wait_until(lambda: is_known(world, later), "the user of the other cluster", timeout=30)
        assert is_known(world, known)
        other.shell(drop)
        assert other.sql("SELECT count(*) FROM pg_namespace WHERE nspname = 'user_chk'") == "0\n"
    assert world.offered_subnet(known) == NORMAL


@pytest.fixture
def registry():
    with Registry() as made:
        yield made


def test_an_inventory_in_the_same_database_keeps_the_users(registry):
    made, kept = statements("An inventory in the same database")
    registry.run(
        "INSERT INTO user_chk.users (type, id, attributes)"
        """ VALUES ('HW_ADDR', '\\x0c0e0a01ff01', '{"access": "deny"}')"""
    )
    registry.run(made)
    registry.run("INSERT INTO inventory.devices VALUES ('0c:0e:0a:01:ff:01', 'a'), ('0c:0e:0a:01:ff:02', 'b')")
    registry.run(kept)

    def users():
        rows = registry.run("SELECT encode(id, 'hex'), attributes FROM user_chk.users ORDER BY id").splitlines()
        return dict(row.split("|") for row in rows)

    def of(owner, **more):
        names = {**more, "note": owner, "source": "inventory"}
        ordered = sorted(names, key=lambda name: (len(name), name))
        return "{" + ", ".join(f'"{name}": "{names[name]}"' for name in ordered) + "}"

    denied = {"0c0e0a01ff01": '{"access": "deny"}'}
    assert users() == {**denied, "0c0e0a01ff02": of("b")}
    registry.run("CREATE ROLE clerk; GRANT USAGE ON SCHEMA inventory TO clerk")
    registry.run("GRANT SELECT, INSERT, UPDATE, DELETE ON inventory.devices TO clerk")
    as_clerk = "SET ROLE clerk; "
    registry.run(as_clerk + "INSERT INTO inventory.devices VALUES ('0c:0e:0a:01:ff:03', 'c', '2099-01-01 02:00+02')")
    assert users() == {**denied, "0c0e0a01ff02": of("b"), "0c0e0a01ff03": of("c", expires="2099-01-01T00:00:00Z")}
    registry.run(as_clerk + "UPDATE inventory.devices SET owner = 'd'")
    assert users() == {**denied, "0c0e0a01ff02": of("d"), "0c0e0a01ff03": of("d", expires="2099-01-01T00:00:00Z")}
    registry.run(as_clerk + "UPDATE inventory.devices SET mac = '0c:0e:0a:01:ff:04' WHERE mac = '0c:0e:0a:01:ff:02'")
    registry.run(as_clerk + "DELETE FROM inventory.devices WHERE mac <> '0c:0e:0a:01:ff:04'")
    assert users() == {**denied, "0c0e0a01ff04": of("d")}
