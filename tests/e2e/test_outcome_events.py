# SPDX-License-Identifier: MPL-2.0
"""Which responses are recorded, according to outcome-events."""

from pathlib import Path

import pytest

from lab.config import allow_rapid_commit
from lab.outcome import Grant


def exchanges(world, client):
    """Every kind of exchange that grants something: (what it grants, whether that is a lease)."""
    offer = world.ask(client)
    yield offer.leases, False
    response = client.request(offer)
    yield response.leases, True
    yield client.renew(response).leases, True
    yield client.rebind(response).leases, True
    if world.family == 4:
        yield client.reboot(response.yiaddr).leases, True
        yield client.inform("10.1.250.1").leases, False
    else:
        yield client.solicit(rapid=True).leases, True


@pytest.mark.parametrize(
    "form, events", [("text", "all"), ("text", "leases"), ("json", "all"), ("json", "leases"), ("json", "lifecycle")]
)
def test_responses_are_recorded_that_outcome_events_names(own, form, events):
    own.record_as(form)
    own.hook["parameters"]["outcome-events"] = events
    allow_rapid_commit(own.config)
    own.start()
    client = own.client()
    expected = [
        Grant(client.id, lease, False)
        for leases, is_lease in exchanges(own, client)
        if is_lease or events == "all"
        for lease in leases
    ]
    assert own.outcome.grants() == expected


@pytest.fixture(params=["default", "named", "unusable"])
def recording_nothing(request, tmp_path, make_world, family):
    """A server that must record nothing; with the default file, another one, or one that cannot be opened."""
    home = tmp_path / "tmp"
    world = make_world(family, home, seen_as=Path("/tmp"), mounts=[f"mount --bind {home} /tmp"])
    world.hook["parameters"] |= {"outcome-events": "none", "outcome-failure": "drop"}
    allow_rapid_commit(world.config)
    if request.param == "default":
        del world.hook["parameters"]["outcome-file"]
    elif request.param == "unusable":
        world.record_into("/tmp/nowhere/outcome")
    return world.start()


def test_no_file_is_opened_when_nothing_is_to_be_recorded(recording_nothing):
    world = recording_nothing
    for client in (world.enroll(world.client()), world.client()):
        assert all(leases for leases, _ in exchanges(world, client))
    assert not world.outcome.path.exists()
    assert [path.name for path in world.files.iterdir() if "outcome" in path.name] == []
    assert world.problems() == []


def test_lifecycle_is_refused_as_text(own):
    own.hook["parameters"]["outcome-events"] = "lifecycle"
    own.configure()
    (error,) = [line for line in own.server.start_refused() if line.id == "USER_CHK_HOOK_LOAD_ERROR"]
    assert "invalid outcome-events: 'lifecycle', " in error.text
