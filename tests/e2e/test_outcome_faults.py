# SPDX-License-Identifier: MPL-2.0
"""What happens to records that cannot be written, and to their responses.

The servers do not run as root here: root may write anywhere.
"""

import os
import re
import time
from collections import Counter

import pytest

from lab.faults import FAULTS, FullDisk, PlantedLink
from lab.load import Load
from lab.outcome import Grant
from lab.process import wait_until

FAILED, RESUMED = "USER_CHK_OUTCOME_WRITE_FAILED", "USER_CHK_OUTCOME_WRITE_RESUMED"


def offered_until_it_fails(world, **how):
    """Returns the offers until the first record that cannot be written.

    That may take a while: a full disk still has room in the last page of the file, and a change to a directory above the
    file is noticed within a second.
    """
    grants = []
    deadline = time.monotonic() + 5
    while True:
        grant = world.offer_to_stranger(**how)
        if world.log(FAILED):
            return grants
        grants.append(grant)
        assert time.monotonic() < deadline, "nothing is reported"


def lost_records(world):
    """Returns the counts of the messages that recording continues."""
    return [int(re.search(r"\b(\d+) records", line.text)[1]) for line in world.log(RESUMED)]


# The messages of a server whose record is complete.
OTHERWISE = ("USER_CHK_OUTCOME_REOPENED", "USER_CHK_STRANGER_SEEN", "USER_CHK_MESSAGES_LEFT_OUT")


def assert_reported_once(world, fault, lost):
    """One error and one message of its end; and no others except for a new file, and for unregistered clients."""
    loud = [
        line
        for line in world.log()
        if line.level in ("WARN", "ERROR", "FATAL") or (line.level == "INFO" and line.logger.endswith(".user_chk"))
    ]
    loud = [line for line in loud if line.id not in OTHERWISE]
    assert [(line.level, line.id) for line in loud] == [("ERROR", FAILED), ("INFO", RESUMED)]
    assert f"{fault.file}: {fault.reason}" in loud[0].text
    assert lost_records(world) == [lost]


def assert_recorded(world, grants):
    """In the file and in what it was renamed to; a full disk may also have truncated a record."""
    found, pieces = world.outcome.salvaged_grants()
    assert Counter(found) == Counter(grants)
    assert len(pieces) <= 1


@pytest.fixture(params=FAULTS, ids=lambda fault: fault.__name__)
def fault(request, own_unprivileged):
    """Each fault in turn, and a server that will meet it."""
    return request.param(own_unprivileged)


def test_failure_is_reported_once_and_recording_goes_on_when_its_cause_is_gone(fault, form):
    world = fault.world
    world.record_as(form)
    world.start().begin()
    recorded = [world.offer_to_stranger() for _ in range(3)]
    fault.begin()
    recorded += offered_until_it_fails(world)
    for _ in range(4):
        assert world.offer_to_stranger() is not None
    fault.end()
    recorded += [world.offer_to_stranger() for _ in range(3)]
    assert_reported_once(world, fault, lost=5)
    assert_recorded(world, recorded)


def test_response_that_is_to_be_dropped_without_a_record_is_sent_when_its_cause_is_gone(fault):
    world = fault.world
    world.hook["parameters"]["outcome-failure"] = "drop"
    world.start().begin()
    client = world.client()
    offer = world.ask(client)
    recorded = [Grant(client.id, offer.leases[0], False)]
    fault.begin()
    recorded += offered_until_it_fails(world, timeout=1)
    assert None not in recorded
    for _ in range(2):
        assert client.request(offer, timeout=0.2) is None
    assert world.offer_to_stranger(timeout=0.2) is None
    fault.end()

    response = client.request(offer)
    assert response.leases == offer.leases
    recorded.append(Grant(client.id, response.leases[0], False))
    assert_reported_once(world, fault, lost=4)
    assert_recorded(world, recorded)
    # Kea had the lease when the response was dropped; the retry did not create another one.
    assert [row["address"] for row in world.server.leases()] == response.leases


def test_client_that_sends_no_id_to_record_it_by_is_not_answered_when_there_must_be_a_record(make_world):
    v4 = make_world(4)
    v4.hook["parameters"]["outcome-failure"] = "drop"
    v4.start().begin()
    nobody = v4.client_with(b"", client_id=b"\xffno-hardware-address")
    assert nobody.discover(timeout=0.5) is None
    grant = v4.offer_to_stranger()
    assert v4.outcome.grants() == [grant]
    assert v4.problems() == []


@pytest.mark.parametrize("cut", [0, 1], ids=["v4-then-v6", "v6-then-v4"])
def test_record_that_was_cut_short_does_not_spoil_the_next_one_whichever_server_writes_it(both_unprivileged, form, cut):
    first, other = both_unprivileged[cut], both_unprivileged[1 - cut]
    disk = FullDisk(first, other)
    for world in (first, other):
        world.record_as(form)
        world.start()
    recorded = [first.offer_to_stranger()]
    disk.begin()
    recorded += offered_until_it_fails(first)
    disk.end()
    recorded += [world.offer_to_stranger() for world in (other, first, other)]
    found, pieces = first.outcome.salvaged_grants()
    assert found == recorded
    assert len(pieces) == 1


def test_no_response_without_a_record_while_the_disk_of_two_busy_servers_fills_and_is_freed(both_unprivileged, form):
    disk = FullDisk(*both_unprivileged, room="4m")
    for world in both_unprivileged:
        world.record_as(form)
        world.hook["parameters"]["outcome-failure"] = "drop"
        world.start()
    rounds = 5
    with Load(*both_unprivileged, timeout=0.4) as load:
        for _ in range(rounds):
            load.wait_for(50)
            until_both_say(FAILED, both_unprivileged, disk.begin)
            until_both_say(RESUMED, both_unprivileged, disk.end)
    load.received.update(world.offer_to_stranger() for world in both_unprivileged)
    grants, pieces = disk.world.outcome.salvaged_grants()
    load.assert_recorded(grants)
    assert len(pieces) <= rounds
    for world in both_unprivileged:
        # A thread may report a failure after another thread has written again.
        assert rounds <= len(world.log(FAILED)) == len(world.log(RESUMED)) <= 2 * rounds
    # A response may also have been late.
    assert sum(sum(lost_records(world)) for world in both_unprivileged) <= load.unanswered.total()


def until_both_say(message, worlds, act):
    """Does something and waits until each server has logged the message once more."""
    before = [len(world.log(message)) for world in worlds]
    act()
    wait_until(
        lambda: all(len(world.log(message)) > count for world, count in zip(worlds, before)), f"{message} of both"
    )


@pytest.mark.parametrize("fault", [PlantedLink], indirect=True)
def test_response_that_is_not_to_be_recorded_is_not_dropped(fault):
    world = fault.world
    world.hook["parameters"] |= {"outcome-failure": "drop", "outcome-events": "leases"}
    world.start()
    fault.begin()
    client = world.client()
    offer = world.ask(client)
    assert offer is not None
    assert client.request(offer, timeout=0.2) is None
    fault.end()
    assert client.request(offer).leases == offer.leases


def test_killed_server_has_recorded_every_response_that_was_received(both_unprivileged, form):
    for world in both_unprivileged:
        world.record_as(form)
        world.start()
    with Load(*both_unprivileged, timeout=0.2) as load:
        for world in both_unprivileged * 3:
            load.wait_for(60)
            world.server.kill()
            world.server.start()
        load.wait_for(60)
    load.assert_recorded(both_unprivileged[0].outcome.all_grants())


def test_part_of_a_record_that_a_crash_has_left_does_not_spoil_the_next_one(own, form):
    own.record_as(form)
    own.start()
    own.offer_to_stranger()
    own.server.kill()
    os.truncate(own.outcome.path, own.outcome.path.stat().st_size - 10)
    own.server.start()
    grant = own.offer_to_stranger()
    found, pieces = own.outcome.salvaged_grants()
    assert found == [grant]
    assert len(pieces) == 1
