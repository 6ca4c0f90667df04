# SPDX-License-Identifier: MPL-2.0
"""Pairs of kea-dhcp4 and of kea-dhcp6 with High Availability, all on one database: a client that is registered there is
registered with all of them, whichever of them is down, and whether or not the database is available.
"""

import contextlib

import pytest

from lab.config import NORMAL, RESTRICTED
from lab.control import EMPTY, SUCCESS, ask, key_of, status, user_of
from lab.pair import Pair, records_of
from lab.process import wait_until
from lab.registry_database import Registry

LOST, RESUMED = "USER_CHK_DATABASE_LOST", "USER_CHK_DATABASE_RESUMED"
COPY_USED = "USER_CHK_REGISTRY_COPY_USED"


class Pairs:
    """The two pairs, with threads, and their database; `known` are registered before they start."""

    def __init__(self, make_world, folder, mode, database):
        self.database = database
        self.pairs = [Pair(make_world, family, folder / f"v{family}", mode, threads=True) for family in (4, 6)]
        self.copies = {}
        for world in self.worlds():
            world.config["multi-threading"]["enable-multi-threading"] = True
            self.copies[world] = database.keeps_registry_of(world)
        self.known = self.enroll()

    def worlds(self):
        return [world for pair in self.pairs for world in (pair.one, pair.two)]

    def ones(self):
        return [pair.one for pair in self.pairs]

    def twos(self):
        return [pair.two for pair in self.pairs]

    def start(self):
        for pair in self.pairs:
            pair.start()
        return self

    def close(self):
        for pair in self.pairs:
            pair.close()

    def wait_for(self, worlds, state):
        for world in worlds:
            self.pairs[0].wait_for(world, state)

    def enroll(self):
        """Registers a client of each protocol by SQL."""
        return [self.database.add(world.client()) for world in self.ones()]

    def strangers(self):
        return [world.client() for world in self.ones()]

    def serve(self, clients, subnet):
        """Runs a whole exchange for a client of each protocol. Returns their leases, which are in that subnet."""
        granted = [world.grant(client) for world, client in zip(self.ones(), clients)]
        assert [number for _, number in granted] == [subnet, subnet]
        return [lease for lease, _ in granted]

    def await_known(self, clients, worlds=None):
        """Waits until these servers, all by default, have clients in force."""
        for world in worlds or self.worlds():
            wait_until(lambda: self.is_known(clients, world), "them to be known", timeout=30)

    def await_unknown(self, clients):
        for world in self.worlds():
            wait_until(lambda: not self.is_known(clients, world), "them to be gone", timeout=30)

    def await_copies_of(self, clients):
        for world, copy in self.copies.items():
            client = clients[world.family == 6]
            wait_until(lambda: copy.exists() and client.id in copy.read_text(), "a copy", timeout=30)

    def await_same_users(self):
        def revisions():
            return {status(world)["revision"] for world in self.worlds()}

        wait_until(lambda: len(revisions()) == 1, "the same users everywhere", timeout=30)

    def await_log(self, name, worlds):
        for world in worlds:
            wait_until(lambda: world.log(name), name, timeout=30)

    def is_known(self, clients, world):
        key = key_of(user_of(world, clients[world.family == 6]))
        result = ask(world.server, "get", key).result
        assert result in (SUCCESS, EMPTY)
        return result == SUCCESS


@pytest.fixture
def pairs(request, make_world, tmp_path):
    """They serve clients; hot-standby unless a test says otherwise."""
    mode = getattr(request, "param", "hot-standby")
    with Registry() as database, contextlib.closing(Pairs(make_world, tmp_path, mode, database)) as made:
        yield made.start()


@pytest.mark.parametrize("pairs", ["load-balancing"], indirect=True)
def test_who_is_enrolled_by_sql_is_known_to_both_servers_and_to_the_one_that_answers(pairs):
    answered_by = set()
    for _ in range(12):
        known, strangers = pairs.enroll(), pairs.strangers()
        pairs.await_known(known)
        for clients, subnet in ((known, NORMAL), (strangers, RESTRICTED)):
            pairs.serve(clients, subnet)
            for world in pairs.worlds():
                records = records_of(world, clients[world.family == 6])
                assert {registered for _, _, registered in records} <= {subnet == NORMAL}
                answered_by |= {world} if records else set()
    assert answered_by == set(pairs.worlds())
    pairs.await_same_users()


def test_who_is_enrolled_by_command_at_either_server_is_known_to_both(pairs):
    pairs.database.run("GRANT user_chk_editor TO kea_server")
    for asked, partners in ((pairs.ones(), pairs.twos()), (pairs.twos(), pairs.ones())):
        clients = pairs.strangers()
        for world, client in zip(asked, clients):
            assert ask(world.server, "add", {"user": user_of(world, client)}).result == SUCCESS
            assert pairs.is_known(clients, world)
        pairs.await_known(clients, partners)
        pairs.serve(clients, NORMAL)
        # The partner may change what the other server has added, and remove it.
        for world, client in zip(partners, clients):
            update = {"user": user_of(world, client, access="restrict"), "version": 1}
            assert ask(world.server, "update", update).result == SUCCESS
            assert ask(world.server, "del", key_of(user_of(world, client))).result == SUCCESS
            assert not pairs.is_known(clients, world)
        pairs.await_unknown(clients)
        pairs.serve(clients, RESTRICTED)


def test_partner_and_database_may_go_and_come_back(pairs):
    ones, twos = pairs.ones(), pairs.twos()
    known = pairs.known
    held = pairs.serve(known, NORMAL)
    pairs.await_copies_of(known)

    for world in ones:
        world.server.kill()
        world.begin_log()
    pairs.wait_for(twos, "partner-down")
    assert pairs.serve(known, NORMAL) == held
    pairs.serve(pairs.strangers(), RESTRICTED)
    later = pairs.enroll()
    pairs.await_known(later, twos)
    pairs.serve(later, NORMAL)

    pairs.database.stop()
    pairs.await_log(LOST, twos)
    assert pairs.serve(known, NORMAL) == held
    pairs.serve(later, NORMAL)
    pairs.serve(pairs.strangers(), RESTRICTED)

    # One of them starts from its copy, which is older, and serves again.
    for world in ones:
        world.server.start()
        assert len(world.log(COPY_USED)) == 1
    pairs.wait_for(pairs.worlds(), "hot-standby")
    before = [len(records_of(world, client)) for world, client in zip(ones, known)]
    assert pairs.serve(known, NORMAL) == held
    assert [len(records_of(world, client)) for world, client in zip(ones, known)] == [count + 2 for count in before]
    pairs.serve(pairs.strangers(), RESTRICTED)
    assert [pairs.is_known(later, world) for world in (*ones, *twos)] == [False, False, True, True]

    pairs.database.start()
    pairs.await_known(later)
    pairs.await_log(RESUMED, twos)
    pairs.serve(later, NORMAL)
    pairs.serve(pairs.strangers(), RESTRICTED)
    pairs.await_known(pairs.enroll())
    pairs.await_same_users()
