# SPDX-License-Identifier: MPL-2.0
"""The sample files in data/ work as they stand, at the places where the guide puts them."""

import contextlib
import re
import shutil
from pathlib import Path

import pytest

from lab import dhcp4, dhcp6
from lab.kea import PackagedKea
from lab.net import Lan
from lab.outcome import Outcome

DATA = Path(__file__).resolve().parents[2] / "data"
SAMPLES = sorted(DATA.glob("*.conf"))

# Devices of the sample registry, and others.
KNOWN4, STRANGER4 = bytes.fromhex("0c0e0a01ff04"), bytes.fromhex("0c0e0a01ffff")
KNOWN6, STRANGER6 = (bytes.fromhex(f"0001000119efe63b000c0102{end}") for end in ("0304", "ffff"))

CAPTIVE_PORTAL = {4: 114, 6: 103}


def test_there_are_samples_for_both_servers():
    assert {"kea-dhcp4.conf", "kea-dhcp6.conf"} <= {sample.name for sample in SAMPLES}


@pytest.fixture
def undo():
    """What is to be undone after the test."""
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture
def lan(undo):
    network = Lan("192.0.2.1/24")
    undo.callback(network.close)
    return network


@pytest.mark.parametrize("config", SAMPLES, ids=lambda config: config.name)
def test_sample_configuration_works_as_it_stands(tmp_path, settings, lan, undo, config):
    text = config.read_text(encoding="utf-8")
    family = 4 if '"Dhcp4"' in text else 6
    server = PackagedKea(family, lan.server, tmp_path / "kea", config, settings.hook)
    for place in ("etc", "tmp"):
        shutil.copy(DATA / "user_chk_registry.txt", server.home / place)
    undo.callback(server.stop)
    server.start()
    assert [line for line in server.log() if line.level in ("ERROR", "FATAL")] == []
    (loaded,) = [line for line in server.log() if line.id == "USER_CHK_HOOK_LOADED"]
    assert "with 4 users" in loaded.text

    wire = (dhcp4.Wire4 if family == 4 else dhcp6.Wire6)(lan.plug())
    undo.callback(wire.close)
    ask = [CAPTIVE_PORTAL[family]]
    if family == 4:
        known, stranger = (dhcp4.Client4(wire, mac, ask=ask) for mac in (KNOWN4, STRANGER4))
        answers = [client.get_lease() for client in (known, stranger)]
        assert answers[0].text(dhcp4.BOOTFILE) == "/tmp/v4bootfile"
    else:
        known, stranger = (dhcp6.Client6(wire, duid, ask=ask) for duid in (KNOWN6, STRANGER6))
        answers = [client.get_leases() for client in (known, stranger)]
    column = "hwaddr" if family == 4 else "duid"
    subnets = {row[column]: row["subnet_id"] for row in server.leases()}
    assert subnets == {known.id: "1", stranger.id: "2"}
    assert CAPTIVE_PORTAL[family] not in answers[0].options
    assert (CAPTIVE_PORTAL[family] in answers[1].options) == ("captive-portal" in text)

    named = re.search(r'"outcome-file"\s*:\s*"([^"]+)"', text)
    outcome = Outcome(server.path(named[1] if named else "/tmp/user_chk_outcome.txt"))
    assert [record.registered for record in outcome.records()] == ["yes", "yes", "no", "no"]
