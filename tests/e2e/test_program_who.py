# SPDX-License-Identifier: MPL-2.0
"""The program's `who`, with what a server has recorded: who had a lease, from when, until when, how it ended."""

import json
import time
from datetime import datetime

import pytest

from lab.process import wait_until
from lab.program import DONE

LIFETIME = 3600


@pytest.fixture
def who(program):
    """Asks the program."""

    def ask(*arguments):
        done = program.run("who", "--json", *arguments)
        assert (done.status, done.errors) == (DONE, "")
        return json.loads(done.output)

    return ask


def seconds(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


@pytest.fixture
def recording(own):
    """A server of each protocol in turn that records how leases end."""
    own.record_as("json")
    own.hook["parameters"]["outcome-events"] = "lifecycle"
    return own.start()


def client_of(world):
    return world.client() if world.family == 4 else world.client(pd=[1])


def test_lease_that_runs_and_is_released(recording, who):
    client, stranger = recording.enroll(client_of(recording)), client_of(recording)
    began = time.time()
    response, other = recording.acquire(client), recording.acquire(stranger)
    path = recording.outcome.path
    for lease in response.leases:
        (found,) = who(lease, path)
        assert (found["id"], found["ended"], found["registered"]) == (client.id, "running", True)
        assert found.get("address", found.get("prefix")) == lease
        assert began - 0.01 <= seconds(found["from"]) <= time.time()
        assert seconds(found["until"]) - seconds(found["from"]) == pytest.approx(LIFETIME, abs=0.01)
    client.release(response)
    wait_until(lambda: recording.outcome.text().count('"release"') == len(response.leases), "the records of the release")
    for lease in response.leases:
        (found,) = who(lease, path)
        assert (found["id"], found["ended"], found["registered"], found["notes"]) == (client.id, "released", True, [])
        assert seconds(found["from"]) <= seconds(found["until"]) <= time.time()
    assert [it["ended"] for it in who("--client", client.id, path)] == ["released"] * len(response.leases)
    assert {it["registered"] for it in who("--client", stranger.id, path)} == {False}
    assert {it["ended"] for it in who("--client", stranger.id, path)} == {"running"}
    assert len(who("--client", stranger.id, path)) == len(other.leases)


def test_prefix_that_was_delegated_holds_addresses(make_world, who):
    world = make_world(6)
    world.record_as("json")
    world.start()
    client = world.client(pd=[1])
    (prefix,) = [lease for lease in world.acquire(client).leases if "/" in lease]
    within = prefix.split("::")[0].rstrip(":") + "::5"
    (found,) = who(within, world.outcome.path)
    assert (found["id"], found["prefix"]) == (client.id, prefix)
