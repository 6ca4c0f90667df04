# SPDX-License-Identifier: MPL-2.0
"""Faults that keep a server from its database: each registered client is served nevertheless, and no other."""

from pathlib import Path

import pytest

from lab.config import NORMAL
from lab.control import ERROR, ask, statistics, status
from lab.names import NameServer
from lab.process import run, wait_until
from lab.registry_database import Registry
from test_database import COPY_USED, LOST, RESUMED, Site

COPY_FAILED = "USER_CHK_REGISTRY_COPY_FAILED"
NAME = "db.example.net"


@pytest.fixture
def site(own):
    with Registry() as database:
        yield Site(own, database)


# --- what the database refuses

ANEW = "; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kea-user-chk'"

REFUSALS = {
    "rights": (
        "REVOKE user_chk_reader FROM kea_server",
        "GRANT user_chk_reader TO kea_server",
        "role user_chk_reader",
    ),
    "schema": (
        "ALTER SCHEMA user_chk RENAME TO aside",
        "ALTER SCHEMA aside RENAME TO user_chk",
        "create.sql",
    ),
    "version": (
        "UPDATE user_chk.schema_version SET version = 2" + ANEW,
        "UPDATE user_chk.schema_version SET version = 1",
        "version 2, must be 1",
    ),
    "login": (
        "ALTER ROLE kea_server NOLOGIN" + ANEW,
        "ALTER ROLE kea_server LOGIN",
        'role "kea_server" is not permitted to log in',
    ),
}


@pytest.mark.parametrize("harm, mending, reason", REFUSALS.values(), ids=REFUSALS)
def test_what_the_database_refuses_is_told_and_nobody_is_lost(site, harm, mending, reason):
    site.start()
    client = site.enroll()
    site.database.run(harm)
    wait_until(lambda: reason in status(site.world)["database"].get("error", ""), reason, timeout=30)
    site.assert_served(site.known, client)
    (lost,) = wait_until(lambda: site.world.log(LOST), "the message")
    assert lost.level == "WARN" and "2 users stay in force" in lost.text
    site.database.run(mending)
    site.await_log(RESUMED)
    another = site.enroll()
    site.assert_served(site.known, client, another)
    assert len(site.world.log(LOST)) == 1


# --- a copy without room


def test_a_copy_without_room_keeps_nobody_from_being_served(site):
    world, folder = site.world, site.world.server.seen_as / "disk"
    (world.server.home / "disk").mkdir()
    world.server.mounts.append(f"mount -t tmpfs -o size=64k none {folder}")
    world.server.mounts.append(f"dd if=/dev/zero of={folder}/ballast bs=4096 2>/dev/null || true")
    site.parameters["registry-copy"] = f"{folder}/copy.txt"
    site.start()
    wait_until(lambda: statistics(world)["copy-failures"] > 0, "the copy to fail", timeout=30)
    client = site.enroll()
    site.assert_served(site.known, client)
    (warning,) = wait_until(lambda: world.log(COPY_FAILED), "the message")
    assert warning.level == "WARN"
    assert f"{folder}/copy.txt: No space left on device" in warning.text
    run(*world.server.within("rm", f"{folder}/ballast"))
    site.copy = Path(world.server.path(f"{folder}/copy.txt"))
    site.await_copy_of(client)
    assert len(world.log(COPY_FAILED)) == 1
    assert status(world)["database"]["state"] == "connected"


# --- names


class NamedSite(Site):
    """Its server knows the database by a host name."""

    def __init__(self, world, database, names):
        super().__init__(world, database)
        self.names = names
        resolver = world.files / "resolv.conf"
        resolver.write_text(names.RESOLVER)
        world.server.mounts = [*world.server.mounts, f"mount --bind {resolver} /etc/resolv.conf"]
        self.parameters["registry-database"].update({"host": NAME, "connect-timeout": 3600})

    def lose_both(self):
        """The database and the name server are down, and a look-up is in progress."""
        self.names.be_silent()
        self.database.stop()
        self.await_look_up()

    def await_look_up(self):
        wait_until(lambda: self.names.kept, "a look-up", timeout=30)


@pytest.fixture
def named_site(own):
    with Registry(namespace=own.namespace) as database, NameServer(own.namespace) as names:
        yield NamedSite(own, database, names)


def test_nobody_waits_for_a_name_server(named_site):
    site = named_site.start()
    client = site.enroll()
    site.lose_both()
    site.await_log(LOST)
    site.assert_served(site.known, client)
    assert status(site.world)["database"]["state"] == "away"
    refused = ask(site.world.server, "reload")
    assert (refused.result, "is being read" in refused.text) == (ERROR, True)
    site.database.start()
    another = site.database.add(site.world.client())
    site.names.answer()
    site.await_subnet(another, NORMAL)
    site.assert_served(site.known, client, another)
    site.await_log(RESUMED)


def test_a_look_up_under_way_keeps_no_library_from_being_unloaded(named_site):
    site = named_site.start()
    site.await_copy_of(site.known)
    site.lose_both()
    site.world.server.reload()
    assert site.world.log(COPY_USED)
    site.assert_served(site.known)
    # The look-up that the unloaded library began comes to its end, and so does the one that the new library began.
    wait_until(lambda: site.names.kept >= 2, "a look-up", timeout=30)
    site.database.start()
    site.names.answer()
    client = site.enroll()
    site.assert_served(site.known, client)
    site.lose_both()
    site.world.server.reload()
    assert site.world.server.stop() == 0


def test_a_server_starts_while_the_name_server_is_silent(named_site):
    site = named_site.start()
    site.await_copy_of(site.known)
    site.world.server.stop()
    site.names.be_silent()
    site.world.begin_log()
    site.world.server.start()
    assert site.world.log(COPY_USED)
    site.assert_served(site.known)
    site.names.answer()
    client = site.enroll()
    site.assert_served(site.known, client)


def test_a_name_that_nobody_knows_is_told(named_site):
    site = named_site
    site.parameters["registry-database"]["host"] = "unknown." + NAME
    site.world.configure()
    errors = [line.text for line in site.world.server.start_refused()]
    assert any(f"host unknown.{NAME} cannot be looked up: " in text for text in errors), errors
