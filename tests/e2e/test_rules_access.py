# SPDX-License-Identifier: MPL-2.0
"""The attribute `access`: who is let in, who is treated as unregistered, who gets no answer."""

import pytest
from scapy.layers.dhcp6 import DHCP6_InfoRequest

from lab.config import NORMAL, RESTRICTED
from lab.rules import mark, mark_of, refusal_at_start, refusal_of

DENIED = "USER_CHK_QUERY_DENIED"

# How long to wait for an answer that should not come.
A_WHILE = {"timeout": 0.4}


def ask_for_parameters(world, client, **how):
    """A query that does not request a lease."""
    return client.inform("10.1.250.1", **how) if world.family == 4 else client.exchange(DHCP6_InfoRequest, **how)


def test_client_that_is_denied_gets_no_answer_and_leaves_no_record(either):
    client = either.enroll(either.client(), access="deny")
    assert either.ask(client, **A_WHILE) is None
    (denied,) = either.log(DENIED)
    assert denied.level == "INFO"
    assert client.id.replace(":", "") in denied.text
    assert either.outcome.text() == ""
    assert either.problems() == []


def test_client_that_is_denied_gets_no_parameters_either(either):
    client = either.enroll(either.client(), access="deny")
    assert ask_for_parameters(either, client, **A_WHILE) is None
    assert len(either.log(DENIED)) == 1
    either.registry.write(either.entry(client))
    assert ask_for_parameters(either, client) is not None


def test_client_is_denied_and_let_in_again_while_it_holds_a_lease(either):
    client = either.enroll(either.client())
    held = either.acquire(client)
    either.registry.write(either.entry(client, access="deny"))
    assert client.renew(held, **A_WHILE) is None
    either.registry.write(either.entry(client, access="allow"))
    assert client.renew(held).leases == held.leases
    assert len(either.log(DENIED)) == 1


def test_client_that_is_restricted_is_treated_as_a_stranger(either):
    either.registry.write(either.default_entry(**mark(either, "default")))
    client = either.enroll(either.client(), access="restrict", **mark(either, "own"))
    response = either.acquire(client)
    (lease,) = response.leases
    assert mark_of(either, response) == "default"
    assert either.outcome.text() == either.record(client, lease, False) * 2
    assert either.offered_subnet(client) == RESTRICTED
    assert either.problems() == []


def test_client_that_is_allowed_is_registered(either):
    client = either.enroll(either.client(), access="allow", **mark(either, "own"))
    response = either.acquire(client)
    (lease,) = response.leases
    assert mark_of(either, response) == "own"
    assert either.outcome.text() == either.record(client, lease, True) * 2
    assert either.offered_subnet(client) == NORMAL


def test_default_user_that_is_denied_keeps_out_all_who_are_not_registered(either):
    either.registry.write(either.default_entry(access="deny"))
    known = either.enroll(either.client())
    restricted = either.enroll(either.client(), access="restrict")
    for client in (either.client(), restricted):
        assert either.ask(client, **A_WHILE) is None
    lease, subnet = either.grant(known)
    assert subnet == NORMAL
    assert either.outcome.text() == either.record(known, lease, True) * 2
    assert len(either.log(DENIED)) == 2


def test_default_user_that_is_restricted_is_what_it_was(either):
    either.registry.write(either.default_entry(access="restrict", **mark(either, "default")))
    response = either.acquire(either.client())
    assert mark_of(either, response) == "default"


BAD = ["", "no", "Deny", "deny ", "allow,restrict"]


def bad_access(value):
    return f"invalid access: '{value}', must be one of allow, restrict, deny"


def test_server_does_not_start_with_an_access_that_is_none(own):
    text = refusal_at_start(own, "# fine", own.entry(own.client(), access="no"))
    assert f"{own.registry.path}:2: {bad_access('no')}" in text


@pytest.mark.parametrize("value", BAD)
def test_last_good_registry_stays_where_an_access_is_none(either, value):
    assert refusal_of(either, access=value).startswith(bad_access(value))
