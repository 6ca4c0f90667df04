# SPDX-License-Identifier: MPL-2.0
"""Subnets and shared networks that come, go and change while the server runs, by Kea's own commands."""

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
    """A server with two subnets, which takes commands that change them."""
    own.hooks.insert(0, {"library": own.server.install(SUBNET_COMMANDS)})
    family = own.family
    own.lay_out([place(family, NORMAL, interface=IFACE), place(family, RESTRICTED)])
    return own.start()


def change(world, command, **arguments):
    """Sends a command of this protocol: subnet-add is subnet4-add or subnet6-add."""
    answer = world.server.command(command.replace("-", f"{world.family}-", 1), **arguments)
    assert answer["result"] == 0, answer


def change_subnet(world, command, number, **more):
    change(world, command, **{f"subnet{world.family}": [place(world.family, number, **more)]})


def test_last_subnet_may_come_and_go(running):
    stranger, known = running.client(), running.enroll(running.client())
    change_subnet(running, "subnet-add", LATER)
    assert running.offered_subnet(stranger) == LATER
    change(running, "subnet-del", id=LATER)
    assert running.offered_subnet(stranger) == RESTRICTED
    assert running.offered_subnet(known) == NORMAL


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
        ({"restricted_subnet_id": 77}, "restricted subnet with id 77 is not configured"),
    ],
)
def test_bad_context_lets_no_stranger_in_and_is_told(running, bad, error):
    change_subnet(running, "subnet-update", NORMAL, interface=IFACE, **context(**bad))
    assert running.ask(running.client(), timeout=SILENCE) is None
    (told, *_) = running.log(f"USER_CHK_SUBNET{running.family}_SELECT_ERROR")
    assert error in told.text


def test_restricted_subnet_that_is_gone_lets_no_stranger_in(running):
    running.hook["parameters"]["restricted-subnet-id"] = RESTRICTED
    running.configure()
    running.server.reload()
    change(running, "subnet-del", id=RESTRICTED)
    assert running.ask(running.client(), timeout=SILENCE) is None
    assert running.offered_subnet(running.enroll(running.client())) == NORMAL


def test_stranger_gets_no_sibling_lease_in_a_network_that_was_made_later(running):
    change(running, "network-add", **{"shared-networks": [{"name": "campus", "interface": IFACE}]})
    for number in (NORMAL, RESTRICTED):
        change(running, "network-subnet-add", name="campus", id=number)
    known, stranger = running.enroll(running.client()), running.client()
    running.acquire(known)
    wish = held(running, stranger, leases_in(running, stranger, NORMAL))
    assert subnets_of(tries(running, stranger, wish)) <= {RESTRICTED}
    assert {row["subnet_id"] for row in running.lease_rows(stranger)} <= {str(RESTRICTED)}
