# SPDX-License-Identifier: MPL-2.0
"""Subnets and shared networks that are added, removed and changed while the server runs, by Kea's own commands."""

from pathlib import Path

import pytest

from lab.config import context, place
from lab.net import IFACE
from lab.tries import SILENCE, held, leases_in, subnets_of, tries

SUBNET_COMMANDS = next(Path("/usr/lib").glob("*/kea/hooks/libdhcp_subnet_cmds.so"), None)
NORMAL, RESTRICTED, LATER = 1, 32, 39

pytestmark = pytest.mark.skipif(
    SUBNET_COMMANDS is None, reason="this release of Kea has no commands that change subnets (libdhcp_subnet_cmds)"
)


@pytest.fixture
def running(own):
    """A server with two subnets, which accepts commands that change them."""
    return with_commands(own).start()


def with_commands(world, **parameters):
    world.hooks.insert(0, {"library": world.server.install(SUBNET_COMMANDS)})
    family = world.family
    world.lay_out([place(family, NORMAL, interface=IFACE), place(family, RESTRICTED)], **parameters)
    return world


def change(world, command, **arguments):
    """Sends a command of this protocol: subnet-add is subnet4-add or subnet6-add."""
    answer = world.server.command(command.replace("-", f"{world.family}-", 1), **arguments)
    assert answer["result"] == 0, answer


def change_subnet(world, command, number, **more):
    change(world, command, **{f"subnet{world.family}": [place(world.family, number, **more)]})


def test_subnet_that_is_added_does_not_become_the_restricted_one(running):
    unregistered, known = running.client(), running.enroll(running.client())
    change_subnet(running, "subnet-add", LATER)
    assert running.offered_subnet(unregistered) == RESTRICTED
    change(running, "subnet-del", id=LATER)
    assert running.offered_subnet(unregistered) == RESTRICTED
    assert running.offered_subnet(known) == NORMAL


def test_restricted_subnet_that_is_deleted_leaves_unregistered_clients_without_an_answer(running):
    unregistered, known = running.client(), running.enroll(running.client())
    change_subnet(running, "subnet-add", LATER)
    change(running, "subnet-del", id=RESTRICTED)
    for _ in range(3):
        assert running.ask(unregistered, timeout=SILENCE) is None
    assert running.offered_subnet(known) == NORMAL
    (message,) = running.log("USER_CHK_RESTRICTED_SUBNET_GONE")
    assert message.level == "ERROR" and f"with id {RESTRICTED} is gone" in message.text
    change_subnet(running, "subnet-add", RESTRICTED)
    assert running.offered_subnet(unregistered) == RESTRICTED


def test_refusal_where_the_restricted_subnet_was_deleted_is_recorded(own):
    with_commands(own, outcome_format="json", outcome_events="lifecycle").start()
    unregistered = own.client()
    change(own, "subnet-del", id=RESTRICTED)
    assert own.ask(unregistered, timeout=SILENCE) is None
    (record,) = own.outcome.objects()
    assert (record["message"], record["id"]) == ("refuse", unregistered.id)
    assert record["reason"] == "its restricted subnet is gone"


def test_server_without_subnets_takes_the_last_of_those_that_its_first_unregistered_client_meets(own):
    own.hooks.insert(0, {"library": own.server.install(SUBNET_COMMANDS)})
    own.lay_out([])
    own.start()
    change_subnet(own, "subnet-add", NORMAL, interface=IFACE)
    change_subnet(own, "subnet-add", RESTRICTED)
    assert own.offered_subnet(own.client()) == RESTRICTED
    change_subnet(own, "subnet-add", LATER)
    assert own.offered_subnet(own.client()) == RESTRICTED
    assert own.offered_subnet(own.enroll(own.client())) == NORMAL


def test_context_is_followed(running):
    stranger, known = running.client(), running.enroll(running.client())
    change_subnet(running, "subnet-add", LATER)
    for settings, subnets in (
        ({"restricted_subnet_id": RESTRICTED}, {RESTRICTED}),
        ({"unregistered_clients": "classify"}, {NORMAL}),
        ({"unregistered_clients": "drop"}, None),
    ):
        change_subnet(running, "subnet-update", NORMAL, interface=IFACE, **context(**settings))
        answer = running.ask(stranger, timeout=SILENCE if subnets is None else 5)
        assert (answer and answer.subnets) == subnets
        assert running.offered_subnet(known) == NORMAL


@pytest.mark.parametrize(
    "bad, error",
    [
        ({"unregistered_clients": "dorp"}, "invalid unregistered-clients: 'dorp'"),
        ({"restrict": True}, "restrict"),
    ],
)
def test_bad_context_lets_no_stranger_in_and_is_told(running, bad, error):
    change_subnet(running, "subnet-update", NORMAL, interface=IFACE, **context(**bad))
    assert running.ask(running.client(), timeout=SILENCE) is None
    for message in ("USER_CHK_UPDATE_ERROR", f"USER_CHK_SUBNET{running.family}_SELECT_ERROR"):
        (told, *_) = running.log(message)
        assert error in told.text


def test_context_that_names_a_subnet_which_is_not_there_lets_no_stranger_in_and_is_told(running):
    change_subnet(running, "subnet-update", NORMAL, interface=IFACE, **context(restricted_subnet_id=77))
    assert running.ask(running.client(), timeout=SILENCE) is None
    (told,) = running.log("USER_CHK_RESTRICTED_SUBNET_GONE")
    assert "with id 77 is gone" in told.text


def test_restricted_subnet_that_is_gone_lets_no_stranger_in(running):
    running.hook["parameters"]["restricted-subnet-id"] = RESTRICTED
    running.configure()
    running.server.reload()
    change(running, "subnet-del", id=RESTRICTED)
    assert running.ask(running.client(), timeout=SILENCE) is None
    assert running.offered_subnet(running.enroll(running.client())) == NORMAL


def test_network_that_is_made_later_is_guarded(running):
    change(running, "network-add", **{"shared-networks": [{"name": "campus", "interface": IFACE}]})
    for number in (NORMAL, RESTRICTED):
        change(running, "network-subnet-add", name="campus", id=number)
    assert running.log("USER_CHK_SUBNETS_GUARDED")[-1].text.endswith(": campus")
    for _ in range(2):
        known, unregistered = running.enroll(running.client()), running.client()
        assert running.acquire(known).subnets == {NORMAL}
        wish = held(running, unregistered, leases_in(running, unregistered, NORMAL))
        assert subnets_of(tries(running, unregistered, wish)) == {RESTRICTED}
        assert running.acquire(unregistered).subnets == {RESTRICTED}
        assert {row["subnet_id"] for row in running.lease_rows(unregistered)} == {str(RESTRICTED)}
    change(running, "network-subnet-del", name="campus", id=RESTRICTED)
    change(running, "network-del", name="campus", **{"subnets-action": "keep"})
    change_subnet(running, "subnet-update", NORMAL, interface=IFACE)
    assert running.acquire(running.enroll(running.client())).subnets == {NORMAL}
