# SPDX-License-Identifier: MPL-2.0
"""The registry is in a database: the server knows a client once it is committed there, and while the database is down it
serves each registered client as before, and no other.
"""

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from lab import postgres
from lab.config import NORMAL, RESTRICTED
from lab.control import CONFLICT, EMPTY, ERROR, SUCCESS, ask, key_of, name_of, statistics, status, user_of
from lab.kea import release
from lab.pages import DOCS
from lab.process import wait_until
from lab.registry_database import Registry
from lab.sample import DATA, Sample

LOST, RESUMED = "USER_CHK_DATABASE_LOST", "USER_CHK_DATABASE_RESUMED"
COPY_USED, LOAD_ERROR = "USER_CHK_REGISTRY_COPY_USED", "USER_CHK_HOOK_LOAD_ERROR"
SKIPPED = "USER_CHK_REGISTRY_RECORD_SKIPPED"


@pytest.fixture
def database():
    with Registry() as made:
        yield made


class Site:
    """A server that is not running yet, with one client that is registered in the database."""

    def __init__(self, world, database):
        self.world, self.database = world, database
        self.copy = database.keeps_registry_of(world)
        self.parameters = world.hook["parameters"]
        self.known = database.add(world.client())

    def start(self):
        self.world.start()
        self.assert_served(self.known)
        return self

    def assert_served(self, *known):
        """Checks that these users and no others are in force."""
        for client in known:
            assert self.world.grant(client)[1] == NORMAL
        assert self.world.grant(self.world.client())[1] == RESTRICTED

    def await_subnet(self, client, subnet):
        wait_until(lambda: self.world.offered_subnet(client) == subnet, f"{client.id} in subnet {subnet}", timeout=30)

    def enroll(self):
        """Registers a client, and checks that it is served as such."""
        client = self.database.add(self.world.client())
        self.await_subnet(client, NORMAL)
        return client

    def await_log(self, name):
        wait_until(lambda: self.world.log(name), name, timeout=30)

    def await_copy_of(self, client):
        wait_until(lambda: self.copy.exists() and client.id in self.copy.read_text(), "the copy", timeout=30)


@pytest.fixture
def site(own, database):
    return Site(own, database)


def test_what_is_committed_is_in_force_soon(site):
    site.start()
    client = site.enroll()
    site.database.add(client, access="restrict")
    site.await_subnet(client, RESTRICTED)
    site.database.add(client, access="allow")
    site.await_subnet(client, NORMAL)
    site.database.remove(client)
    site.await_subnet(client, RESTRICTED)
    site.database.run("TRUNCATE user_chk.users")
    site.await_subnet(site.known, RESTRICTED)


def test_a_bad_row_concerns_its_user_only(site):
    site.start()
    site.database.add(site.known, expires="never")
    site.await_log(SKIPPED)
    client = site.enroll()
    site.assert_served(site.known, client)
    (record,) = status(site.world)["skipped"]["records"]
    assert record["place"].endswith("=" + site.known.id.replace(":", ""))
    assert "expires" in record["reason"]


@pytest.mark.parametrize("harm", ["killed", "stopped"])
def test_nobody_is_lost_while_the_database_is_away(site, harm):
    site.start()
    client = site.enroll()
    if harm == "killed":
        site.database.stop()
    else:
        site.database.signal(signal.SIGSTOP)
    site.assert_served(site.known, client)
    site.await_log(LOST)
    site.assert_served(site.known, client)
    told = status(site.world)
    assert told["database"]["state"] == "away"
    assert told["last-error"].startswith("database registry on ")
    assert statistics(site.world)["registry-connected"] == 0
    refused = ask(site.world.server, "reload")
    assert (refused.result, "users stay in force" in refused.text or "is being read" in refused.text) == (ERROR, True)
    if harm == "killed":
        site.database.start()
    else:
        site.database.signal(signal.SIGCONT)
    another = site.enroll()
    site.assert_served(site.known, client, another)
    site.await_log(RESUMED)
    assert len(site.world.log(LOST)) == 1
    assert status(site.world)["database"]["state"] == "connected"
    assert statistics(site.world)["registry-connected"] == 1


def test_server_starts_from_its_copy_while_the_database_is_away(site):
    site.start()
    client = site.enroll()
    site.await_copy_of(client)
    site.world.server.stop()
    site.database.stop()
    site.world.begin_log()
    site.world.server.start()
    site.assert_served(site.known, client)
    (message,) = site.world.log(COPY_USED)
    assert "of database registry on " not in message.text and str(site.copy) in message.text
    assert status(site.world)["copy"]["file"] == str(site.copy)
    site.database.start()
    another = site.enroll()
    site.assert_served(site.known, client, another)
    assert "copy" not in status(site.world)


def test_copy_is_kept_in_the_data_directory_of_kea_where_no_place_is_named(site):
    del site.parameters["registry-copy"]
    server = site.world.server
    directory = server.seen_as
    if release() < (2, 3):  # that release takes no other from its environment
        directory = "/var/lib/kea"
        server.mounts = [*server.mounts, "mount -t tmpfs tmpfs /var/lib", f"mkdir {directory}"]
    site.start()
    place = status(site.world)["parameters"]["registry-copy"]
    assert place == f"{directory}/user-chk-dhcp{site.world.family}-copy.txt"
    site.copy = Path(server.path(place))
    site.await_copy_of(site.known)


def test_a_row_is_for_the_servers_with_its_tag(site):
    site.world.config["server-tag"] = "building-7"
    site.start()
    site.database.run("UPDATE user_chk.users SET server_tag = 'elsewhere'")
    site.await_subnet(site.known, RESTRICTED)
    site.database.run("UPDATE user_chk.users SET server_tag = 'building-7'")
    site.await_subnet(site.known, NORMAL)


def test_server_that_is_configured_anew_goes_on_with_who_was_registered(site):
    site.start()
    client = site.enroll()
    site.database.signal(signal.SIGSTOP)
    site.world.server.reload()
    site.assert_served(site.known, client)
    site.database.signal(signal.SIGCONT)
    site.enroll()


def test_first_start_without_a_database_is_refused(site):
    site.database.stop()
    site.world.configure()
    (error,) = [line for line in site.world.server.start_refused() if line.id == LOAD_ERROR]
    assert f"database registry on {site.database.home}: " in error.text


def test_first_start_without_a_database_is_closed_where_it_is_to_be(site):
    site.database.stop()
    site.parameters["registry-database"]["retry-on-startup"] = True
    site.world.start()
    assert site.world.ask(site.known, timeout=1) is None
    assert site.world.ask(site.world.client(), timeout=1) is None
    site.database.start()
    wait_until(lambda: site.world.ask(site.known, timeout=1) is not None, "an answer", timeout=30)
    site.assert_served(site.known)


def test_commands_tell_of_the_database(site):
    site.start()
    told = status(site.world)
    assert told["source"] == f"database registry on {site.database.home}"
    assert told["users"] in ({"DUID": 0, "HW_ADDR": 1}, {"DUID": 1, "HW_ADDR": 0})
    assert told["database"]["state"] == "connected"
    assert told["database"]["schema"] == "1.0"
    assert told["database"]["listening"] and not told["database"]["standby"]
    assert "secret" not in str(told)
    assert told["parameters"]["registry-database"]["user"] == "kea_server"
    assert told["parameters"]["registry-refresh"] == "background"
    site.database.run("ALTER TABLE user_chk.users DISABLE TRIGGER ALL")
    quiet = site.database.add(site.world.client())
    answer = ask(site.world.server, "reload")
    assert (answer.result, answer.text) == (SUCCESS, "2 users loaded, 0 bad records skipped")
    site.assert_served(site.known, quiet)


class Editor:
    """Changes by command a client of a site that is not registered yet."""

    def __init__(self, site):
        self.site, self.client = site, site.world.client()
        self.user = user_of(site.world, self.client)
        self.name = f"user {name_of(self.user)}"

    def ask(self, command, **arguments):
        return ask(self.site.world.server, command, arguments)

    def add(self):
        return self.ask("add", user=self.user)

    def refusal(self, reason):
        """Returns the answer when the database cannot be changed, which is also logged."""
        database = self.site.database
        text = f"database {database.name} on {database.home}: {reason}"
        assert any(text in line.text for line in self.site.world.log("USER_CHK_REGISTRY_CHANGE_FAILED"))
        return (ERROR, text, None)


@pytest.fixture
def editor(site):
    site.database.run("GRANT user_chk_editor TO kea_server")
    return Editor(site)


def test_commands_change_the_database_and_what_is_in_force(editor, site):
    # So only the command itself can make the server look.
    site.parameters["registry-database"]["fetch-wait-time"] = 60000
    site.database.run("ALTER TABLE user_chk.users DISABLE TRIGGER ALL; ALTER TABLE user_chk.users ENABLE TRIGGER a_row")
    site.database.run("CREATE FUNCTION quiet() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
                      " $$ BEGIN INSERT INTO user_chk.changes (type, id)"
                      " SELECT coalesce(NEW.type, OLD.type), coalesce(NEW.id, OLD.id); RETURN NULL; END $$;"
                      " CREATE TRIGGER quiet AFTER INSERT OR UPDATE OR DELETE ON user_chk.users"
                      " FOR EACH ROW EXECUTE FUNCTION quiet()")
    site.start()
    assert editor.add() == (SUCCESS, f"{editor.name} added", None)
    site.assert_served(site.known, editor.client)
    assert editor.add().result == CONFLICT
    assert editor.ask("get", **key_of(editor.user)) == (
        SUCCESS, f"{editor.name} found", {"user": editor.user, "version": 1})
    restricted = {**editor.user, "access": "restrict"}
    assert editor.ask("update", user=restricted) == (SUCCESS, f"{editor.name} updated", None)
    assert site.world.grant(editor.client)[1] == RESTRICTED
    changed = editor.ask("update", user=editor.user, version=1)
    assert changed.result == CONFLICT and changed.text.endswith(" 2")
    assert editor.ask("get", **key_of(editor.user)).arguments == {"user": restricted, "version": 2}
    assert editor.ask("update", user=editor.user, version=2) == (SUCCESS, f"{editor.name} updated", None)
    site.assert_served(site.known, editor.client)
    assert editor.ask("del", **key_of(editor.user)) == (SUCCESS, f"{editor.name} deleted", None)
    site.assert_served(site.known)
    assert site.world.grant(editor.client)[1] == RESTRICTED
    assert editor.ask("del", **key_of(editor.user)) == (EMPTY, f"{editor.name} not found", None)
    assert editor.ask("update", user=editor.user, version=2) == (EMPTY, f"{editor.name} not found", None)
    assert len(site.world.log("USER_CHK_REGISTRY_CHANGED")) == 4


def test_commands_do_not_change_a_database_that_may_not_be(editor, site):
    site.database.run("REVOKE user_chk_editor FROM kea_server")
    site.start()
    refused = editor.add()
    assert refused == editor.refusal(refused.text.partition(": ")[2])
    assert "permission denied for table users; " in refused.text and "role user_chk_editor;" in refused.text
    site.database.run("GRANT user_chk_editor TO kea_server")
    assert editor.ask("update", user=editor.user, version=0) == (
        ERROR, "invalid version: 0, must be 1 or more", None)
    site.parameters["registry-database"]["readonly"] = True
    site.world.configure()
    site.world.server.reload()
    refused = editor.add()
    assert refused.result == ERROR and "read-only" in refused.text
    site.assert_served(site.known)
    assert site.world.grant(editor.client)[1] == RESTRICTED


def test_commands_do_not_wait_for_a_database_that_is_away(editor, site):
    site.start()
    site.database.signal(signal.SIGSTOP)
    assert editor.add() == editor.refusal("does not answer in time; nothing was changed")
    site.await_log(LOST)
    refused = editor.add()
    assert refused.result == ERROR
    assert re.search(r" since \S+Z: does not answer; nothing was changed$", refused.text)
    site.database.signal(signal.SIGCONT)
    site.await_log(RESUMED)
    site.assert_served(site.known)
    assert site.world.grant(editor.client)[1] == RESTRICTED, "it was said that nothing was changed"
    assert editor.add().result == SUCCESS
    site.assert_served(site.known, editor.client)


# --- the task of the guide -------------------------------------------------------------------------------


def scripts_of_the_page():
    """Returns what the page tells the reader to type: its code blocks that are not configurations."""
    page = (DOCS / "tasks/many-servers.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^    .*\n|^ *\n(?=    ))+", page, re.MULTILINE)
    return [re.sub(r"^    ", "", block, flags=re.MULTILINE) for block in blocks if "psql" in block]


def type_in(database, script):
    """Runs it in a shell on the database's host, with the sample registry."""
    script = script.replace("/usr/share/kea-user-chk", str(DATA))
    environment = {**os.environ, "PGHOST": database.home, "PGUSER": postgres.USER}
    subprocess.run(["bash", "-e", "-c", script], check=True, cwd=DATA, env=environment, stdin=subprocess.DEVNULL)


def test_the_page_makes_a_registry_for_many_servers(tmp_path, settings):
    make, insert, let_commands, take_over = scripts_of_the_page()
    with postgres.Postgres("other", "/mnt") as database:
        type_in(database, make)
        text = (DATA / "tasks/many-servers/kea-dhcp4.conf").read_text(encoding="utf-8")
        sample = Sample(4, tmp_path, settings, text.replace("192.0.2.53", database.home), "")
        try:
            sample.file("/etc/kea/registry-password").write_text("choose another\n", encoding="utf-8")
            sample.server.start()
            known = sample.client({4: "0c0e0a01ff04"})
            assert sample.subnet(sample.ask(known)) == 2
            type_in(database, insert)
            wait_until(lambda: sample.subnet(sample.ask(known)) == 1, "the user", timeout=30)
            type_in(database, let_commands)
            assert ask(sample.server, "del", {"type": "HW_ADDR", "id": "0c0e0a01ff04"}).result == SUCCESS
            assert sample.subnet(sample.ask(known)) == 2
            type_in(database, take_over)
            wait_until(lambda: sample.subnet(sample.ask(known)) == 1, "the user", timeout=30)
            other = sample.client({4: "0c0e0a01ff06"})
            assert sample.subnet(sample.ask(other)) == 1
            lines = (DATA / "user_chk_registry.txt").read_text(encoding="utf-8").splitlines()
            count = database.psql("-c", "SELECT count(*) FROM user_chk.users", database="kea")
            assert int(count) == len([line for line in lines if line.startswith("{")])
        finally:
            sample.close()
