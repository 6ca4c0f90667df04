# SPDX-License-Identifier: MPL-2.0
"""The statistics, as returned by Kea's own commands: each counts what it says, once."""

import json

import pytest

from lab.clients import perfdhcp, perfdhcp_ids
from lab.config import RELAYED, RESTRICTED
from lab.control import STATISTICS, SUCCESS, ask, key_of, statistics, status, user_of
from lab.faults import PlantedLink
from lab.registry import duid, hw_addr
from lab.rules import rfc3339

NAMES = {
    *("users", "registry-loads", "registry-failures", "registered-queries", "unregistered-queries"),
    *("denied-queries", "refused-leases", "outcome-records", "outcome-failures"),
    *("registry-skipped", "registry-changes", "copy-failures", "strangers"),
}
GAUGES = {"users", "registry-skipped", "strangers"}


class Moved:
    """A context manager: yields the changes of statistics, without those that stay the same.

    The number of unregistered clients in a shared server's memory is left out, since other tests affect it.
    """

    def __init__(self, world):
        self._world = world

    def __enter__(self):
        self._before = statistics(self._world)
        assert self._before.keys() == NAMES
        return self

    def __exit__(self, *_):
        after = statistics(self._world)
        names = NAMES - {"strangers"}
        self.by = {name: after[name] - self._before[name] for name in names if after[name] != self._before[name]}


@pytest.fixture
def settled(either):
    """The shared server, which has read its empty registry."""
    assert either.offered_subnet(either.client()) == RESTRICTED
    return either


def test_exchange_of_a_registered_client(settled):
    client = settled.client()
    with Moved(settled) as moved:
        settled.grant(settled.enroll(client))
    assert moved.by == {"users": 1, "registry-loads": 1, "registered-queries": 2, "outcome-records": 2}


@pytest.mark.parametrize(
    "attributes",
    [{}, {"access": "restrict"}, {"expires": rfc3339(0)}],
    ids=["unknown", "restricted", "expired"],
)
def test_exchange_of_a_client_that_is_not_registered(settled, attributes):
    client = settled.client()
    settled.enroll(client if attributes else settled.client(), **attributes)
    with Moved(settled) as moved:
        settled.grant(client)
    assert moved.by == {"users": 1, "registry-loads": 1, "unregistered-queries": 2, "outcome-records": 2}


def test_query_that_is_denied(settled):
    client = settled.enroll(settled.client(), access="deny")
    with Moved(settled) as moved:
        assert settled.ask(client, timeout=0.3) is None
    assert moved.by == {"users": 1, "registry-loads": 1, "denied-queries": 1}


def test_query_of_a_client_that_sends_no_id(v4):
    v4.offered_subnet(v4.client())
    with Moved(v4) as moved:
        assert v4.client_with(b"", client_id=b"\xffno-hardware-address").discover() is not None
    assert moved.by == {"unregistered-queries": 1}


def test_response_with_several_leases(v6):
    v6.offered_subnet(v6.client())
    with Moved(v6) as moved:
        v6.client(na=[1, 2], pd=[3]).get_leases()
    assert moved.by == {"unregistered-queries": 2, "outcome-records": 6}
    assert len(v6.outcome.records()) == 7


def test_registry_that_turns_bad_and_good_again(settled):
    good = settled.registry.path.read_bytes()
    for content in ("{ broken", "{ broken otherwise"):
        settled.registry.write(content)
        with Moved(settled) as moved:
            for _ in range(3):
                settled.offered_subnet(settled.client())
        assert moved.by == {"registry-failures": 1, "unregistered-queries": 3, "outcome-records": 3}
    settled.registry.write_bytes(good)
    with Moved(settled) as moved:
        for _ in range(3):
            settled.offered_subnet(settled.client())
    assert moved.by == {"registry-loads": 1, "unregistered-queries": 3, "outcome-records": 3}


def test_user_who_is_added_and_removed_by_a_command(settled):
    user = user_of(settled, settled.client())
    for name, arguments, users in (("add", {"user": user}, 1), ("del", key_of(user), -1)):
        with Moved(settled) as moved:
            assert ask(settled.server, name, arguments).result == SUCCESS
        assert moved.by["users"] == users
        assert moved.by.keys() <= {"users", "registry-loads"}


def test_users_who_are_changed_without_a_full_load(settled):
    settled.registry.write(*(settled.entry(settled.client()) for _ in range(20)))
    settled.offered_subnet(settled.client())
    with Moved(settled) as moved:
        for _ in range(2):
            settled.enroll(settled.client())
            settled.offered_subnet(settled.client())
    assert moved.by == {
        "users": 2,
        "registry-loads": 2,
        "registry-changes": 2,
        "unregistered-queries": 2,
        "outcome-records": 2,
    }


def test_record_that_cannot_be_written(own_unprivileged):
    fault = PlantedLink(own_unprivileged)
    world = fault.world.start()
    world.offer_to_stranger()
    fault.begin()
    with Moved(world) as moved:
        for _ in range(3):
            assert world.offer_to_stranger() is not None
    assert moved.by == {"unregistered-queries": 3, "outcome-failures": 3}
    fault.end()
    with Moved(world) as moved:
        assert world.offer_to_stranger() is not None
    assert moved.by == {"unregistered-queries": 1, "outcome-records": 1}


def test_statistics_are_there_from_load_to_unload(own):
    own.registry.write(hw_addr("0c0e"), duid("0001"))
    own.start()
    fresh = {**dict.fromkeys(NAMES, 0), "users": 2, "registry-loads": 1}
    assert statistics(own) == fresh
    own.grant(own.client())
    for hooks, found in (([], {}), ([own.hook], fresh), ([own.hook], fresh)):
        own.hooks = hooks
        own.configure()
        own.server.reload()
        assert statistics(own) == found


def test_configuration_that_is_only_tested_leaves_the_statistics_alone(own):
    own.start()
    own.grant(own.client())
    before = statistics(own)
    configuration = json.loads((own.server.home / "conf").read_text())
    assert own.server.command("config-test", **configuration)["result"] == SUCCESS
    assert statistics(own) == before and before["unregistered-queries"] == 2


def test_statistic_that_is_reset_counts_on_from_0_and_the_others_as_they_were(own):
    client = own.enroll(own.client())
    own.start()
    own.grant(client)
    own.grant(own.client())
    before = {**dict.fromkeys(NAMES, 0), "users": 1, "registry-loads": 1}
    before |= {"registered-queries": 2, "unregistered-queries": 2, "outcome-records": 4, "strangers": 1}
    own.offered_subnet(client)  # counted, but not yet reported when it is reset
    assert own.server.command("statistic-reset", name=f"{STATISTICS}registered-queries")["result"] == SUCCESS
    assert statistics(own) == {**before, "registered-queries": 0, "outcome-records": 5}
    own.offered_subnet(client)
    assert statistics(own) == {**before, "registered-queries": 1, "outcome-records": 6}


def test_statistics_that_are_all_reset_count_on_from_0(own):
    client = own.enroll(own.client())
    own.start()
    own.grant(client)
    assert own.server.command("statistic-reset-all")["result"] == SUCCESS
    zero = {**dict.fromkeys(NAMES, 0), "users": 1}
    assert statistics(own) == zero
    own.offered_subnet(own.client())
    own.offered_subnet(own.enroll(own.client()))
    after = {"users": 2, "strangers": 1, "registry-loads": 1, "registered-queries": 1}
    after |= {"unregistered-queries": 1, "outcome-records": 2}
    assert statistics(own) == {**zero, **after}
    # user-chk-status counts since the library was loaded.
    since = {"registry-loads": 2, "registered-queries": 3, "unregistered-queries": 1, "outcome-records": 4}
    assert status(own)["counters"] == {name: since.get(name, 0) for name in NAMES - GAUGES}


def test_statistics_are_given_one_by_one_too(settled):
    for name, value in statistics(settled).items():
        assert settled.server.statistic(STATISTICS + name) == value
    before = settled.server.statistic(f"{STATISTICS}unregistered-queries")
    settled.offered_subnet(settled.client())
    assert settled.server.statistic(f"{STATISTICS}unregistered-queries") == before + 1


def test_commands_for_statistics_answer_as_without_the_library(own):
    own.start()
    for _ in range(3):
        own.offered_subnet(own.client())
    received, declined = f"pkt{own.family}-received", f"pkt{own.family}-decline-received"

    def answers():
        return [
            own.server.command(command, **arguments)
            for command, arguments in (
                ("statistic-get", {"name": received}),
                ("statistic-get", {"name": "nothing"}),
                ("statistic-get", {"name": 7}),
                ("statistic-get", {}),
                ("statistic-reset", {"name": "nothing"}),
                ("statistic-reset", {}),
                ("statistic-remove", {"name": "nothing"}),
                ("statistic-remove", {}),
                ("statistic-sample-count-set", {"name": declined, "max-samples": 3}),
            )
        ]

    with_it = answers()
    own.hooks = []
    own.configure()
    own.server.reload()
    assert answers() == with_it
    assert with_it[0]["arguments"][received][0][0] == 3


def test_statistic_that_is_removed_leaves_the_others_at_work(own):
    own.start()
    assert own.server.command("statistic-remove", name=f"{STATISTICS}denied-queries")["result"] == SUCCESS
    own.grant(own.client())
    assert {name: statistics(own)[name] for name in ("unregistered-queries", "outcome-records")} == {
        "unregistered-queries": 2,
        "outcome-records": 2,
    }


@pytest.mark.parametrize("command", ["reset", "remove"])
@pytest.mark.parametrize("which", [f"{STATISTICS}users", None])
def test_users_in_force_are_told_whatever_was_done_to_the_statistic(own, command, which):
    own.enroll(own.enroll(own.client()) and own.client())
    own.start()
    request = (f"statistic-{command}", {"name": which}) if which else (f"statistic-{command}-all", {})
    assert own.server.command(request[0], **request[1])["result"] == SUCCESS
    assert own.server.statistic(f"{STATISTICS}users") == 2
    assert statistics(own)["users"] == 2


@pytest.mark.parametrize("command", ["statistic-remove", "statistic-remove-all"])
def test_statistic_that_is_removed_counts_from_0_when_it_is_back(own, command):
    own.start()
    own.grant(own.client())  # counted, but not yet reported when it is removed
    name = f"{STATISTICS}unregistered-queries"
    assert own.server.command(command, **({"name": name} if command == "statistic-remove" else {}))["result"] == SUCCESS
    assert "unregistered-queries" not in statistics(own)
    own.offered_subnet(own.client())
    assert statistics(own)["unregistered-queries"] == 1


# A client's first query, and the response to it.
FIRST = {4: ("discover", "offer"), 6: ("solicit", "advertise")}


def test_sums_are_exact_under_load(own):
    """A third of the clients is registered, a third is denied; each sends its queries once."""
    clients = 900
    entry = hw_addr if own.family == 4 else duid
    ids = perfdhcp_ids(own.family, clients)
    own.registry.write(*map(entry, ids[::3]), *(entry(client, access="deny") for client in ids[1::3]))
    own.server.quiet = True
    own.start()
    host = own.lan.plug(address4=f"10.{RELAYED}.0.1/16")
    assert perfdhcp(host, own.family, clients=clients, rate=1000) > clients
    query, response = FIRST[own.family]
    asked = own.server.statistic(f"pkt{own.family}-{query}-received")
    offered = own.server.statistic(f"pkt{own.family}-{response}-sent")
    records = own.outcome.records()
    registered = sum(record.registered == "yes" for record in records)
    found = statistics(own)
    assert found == {
        "users": 2 * clients // 3,
        "registry-loads": 1,
        "registry-failures": 0,
        "registry-changes": 0,
        "registry-skipped": 0,
        "registered-queries": registered,
        "unregistered-queries": len(records) - registered,
        "denied-queries": asked - offered,
        "refused-leases": 0,
        "copy-failures": 0,
        "outcome-records": len(records),
        "outcome-failures": 0,
        "strangers": 2 * clients // 3,
    }
    queries = sum(found[f"{standing}-queries"] for standing in ("registered", "unregistered", "denied"))
    assert queries == own.server.statistic(f"pkt{own.family}-received")
    assert min(registered, len(records) - registered, found["denied-queries"]) > clients // 4
