# SPDX-License-Identifier: MPL-2.0
"""What keeps a server from its database, and nobody from being served: who is registered is, and nobody else."""

import pytest

from lab.config import NORMAL
from lab.control import ERROR, ask, status
from lab.names import NameServer
from lab.process import wait_until
from lab.registry_database import Registry
from test_database import COPY_USED, LOST, RESUMED, Site

NAME = "db.example.net"


class NamedSite(Site):
    """Its server knows the database by name."""

    def __init__(self, world, database, names):
        super().__init__(world, database)
        self.names = names
        resolver = world.files / "resolv.conf"
        resolver.write_text(names.RESOLVER)
        world.server.mounts = [*world.server.mounts, f"mount --bind {resolver} /etc/resolv.conf"]
        self.parameters["registry-database"].update({"host": NAME, "connect-timeout": 3600})

    def lose_both(self):
        """The database and the name server are away, and a look-up is under way."""
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
    # What the library began that was unloaded comes to its end; so does what the new one has begun.
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
