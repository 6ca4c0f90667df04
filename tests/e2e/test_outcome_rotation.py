# SPDX-License-Identifier: MPL-2.0
"""The outcome file is renamed, removed, replaced and truncated while servers record into it: no record is lost.

Nobody tells the servers. The records in all files together are compared with what clients received.
"""

import contextlib
import os
import shutil
import stat
from collections import Counter
from pathlib import Path

import pytest

from lab.load import Load
from lab.outcome import Outcome
from lab.process import run

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "logrotate" / "kea-user-chk"


@pytest.fixture
def servers(both_unprivileged, form):
    """kea-dhcp4 and kea-dhcp6 with one outcome file, in each format in turn."""
    for world in both_unprivileged:
        world.record_as(form)
        world.start()
    return both_unprivileged


@pytest.fixture
def outcome(servers):
    """The outcome file that the servers share."""
    return servers[0].outcome


@pytest.fixture
def logrotate(servers):
    """Rotates at once with the sample, with its path replaced; also like logrotate when it creates or copies the file."""
    world = servers[0]
    sample = SAMPLE.read_text(encoding="utf-8")

    def rotate(making="nocreate"):
        assert sample.count("\n    nocreate\n") == 1
        text = sample.replace("/var/log/kea/user_chk_outcome.txt", world.seen(world.outcome.path))
        config, state = world.files / "logrotate.conf", world.files / "logrotate.state"
        config.write_text(text.replace("\n    nocreate\n", f"\n    {making}\n"), encoding="utf-8")
        run(*world.server.within("logrotate", "--force", "--state", world.seen(state), world.seen(config)))

    return rotate


@pytest.mark.parametrize("how", ["renamed", "removed", "replaced"])
def test_next_record_is_in_a_new_file_at_once(servers, outcome, how):
    path, expected = outcome.path, []
    for number in range(20):
        expected.append([world.offer_to_stranger() for world in servers])
        assert outcome.grants() == expected[-1]
        file = path.stat()
        assert stat.S_IMODE(file.st_mode) == 0o640
        assert path.owner() == servers[0].server.user
        if how == "renamed":
            path.rename(f"{path}.{number:02}")
        elif how == "removed":
            path.unlink()
        else:
            aside = path.with_suffix(".new")
            aside.touch(mode=0o640)
            shutil.chown(aside, servers[0].server.user)
            os.replace(aside, path)
    if how == "renamed":
        assert outcome.all_grants() == sum(expected, [])


def test_renaming_in_mid_load_loses_nothing(servers, outcome):
    with Load(*servers) as load:
        for number in range(100):
            load.wait_for(20)
            outcome.path.rename(f"{outcome.path}.{number}")
    load.assert_recorded(outcome.all_grants())


def test_removal_in_mid_load_loses_what_was_recorded_before_it_and_nothing_else(servers, outcome):
    with Load(*servers) as load, contextlib.ExitStack() as removed:
        files = []
        for _ in range(100):
            load.wait_for(20)
            files.append(removed.enter_context(open(outcome.path, "rb")))
            outcome.path.unlink()
        load.stop()
        paths = [f"/proc/self/fd/{file.fileno()}" for file in files]
        found = [Outcome(path, outcome.form).grants() for path in [*paths, outcome.path]]
    load.assert_recorded(sum(found, []))


def test_logrotate_in_mid_load_loses_nothing(servers, outcome, logrotate):
    with Load(*servers) as load:
        for _ in range(4):
            load.wait_for(60)
            logrotate()
        load.wait_for(60)
    load.assert_recorded(outcome.all_grants())
    rotated = {path.name.removeprefix(outcome.path.name) for path in outcome.path.parent.glob(f"{outcome.path.name}*")}
    assert rotated == {"", ".1", ".2.gz", ".3.gz", ".4.gz"}


def test_logrotate_that_makes_the_new_file_in_mid_load_loses_nothing(servers, outcome, logrotate):
    """Only once: logrotate moves aside a file that a server has created first, but only one per hour."""
    with Load(*servers) as load:
        load.wait_for(60)
        logrotate("create 0640 _kea _kea")
        load.wait_for(60)
    load.assert_recorded(outcome.all_grants())


def test_logrotate_that_copies_and_truncates_between_records_loses_nothing_and_leaves_no_hole(
    servers, outcome, logrotate
):
    """What is written between logrotate's copy and its truncation is in neither file, so nothing is written then."""
    load = Load(*servers)
    files = set()
    for _ in range(3):
        with load:
            load.wait_for(60)
        files.add(outcome.path.stat().st_ino)
        logrotate("copytruncate")
        assert outcome.path.stat().st_size == 0
        last = [world.offer_to_stranger() for world in servers]
        assert outcome.grants() == last
        load.received.update(last)
    assert files == {outcome.path.stat().st_ino}
    load.assert_recorded(outcome.all_grants())


def test_truncation_in_mid_load_leaves_whole_records(servers, outcome, logrotate):
    with Load(*servers) as load:
        for _ in range(3):
            load.wait_for(60)
            logrotate("copytruncate")
        load.wait_for(60)
    left = Counter(outcome.grants())
    assert left.total() > 0 and not left - load.received
