# SPDX-License-Identifier: MPL-2.0
"""The library in its server: rejected configurations, reconfiguration, the end."""

import os
import re
import stat
from pathlib import Path

import pytest

from lab.config import NORMAL, RESTRICTED


def refusal(world):
    """Returns the messages of a server that must reject its configuration."""
    world.configure()
    lines = world.server.start_refused()
    (error,) = [line for line in lines if line.id == "USER_CHK_HOOK_LOAD_ERROR"]
    assert error.level == "ERROR"
    assert world.outcome.text() == ""
    return error.text


def test_missing_registry_is_refused(own):
    own.registry.delete()
    text = refusal(own)
    assert str(own.registry.path) in text
    assert "No such file or directory" in text


def test_bad_registry_is_refused_with_file_and_line(own):
    own.registry.write("# fine", own.entry(own.client()), '{"type": "HW_ADDR", "id": "xy"}')
    assert f"{own.registry.path}:3: " in refusal(own)


def test_outcome_file_that_cannot_be_opened_is_refused(own):
    path = own.server.home / "nowhere" / "outcome"
    own.hook["parameters"]["outcome-file"] = str(path)
    text = refusal(own)
    assert str(path) in text
    assert "No such file or directory" in text


def plant(path, what):
    """What may be in the place of the outcome file."""
    if what == "link":
        path.symlink_to(path.with_name("target"))
    elif what == "FIFO":
        os.mkfifo(path)
    else:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))  # like /dev/null


@pytest.mark.parametrize(
    "what, reason",
    [
        ("link", "is a symbolic link, must be a regular file"),
        ("FIFO", "is not a regular file"),
        ("device", "is not a regular file"),
    ],
)
def test_outcome_file_that_is_no_file_is_refused(own, what, reason):
    path = own.server.home / "planted"
    plant(path, what)
    own.hook["parameters"]["outcome-file"] = str(path)
    assert f"{path}: {reason}" in refusal(own)
    assert not path.with_name("target").exists()


def test_outcome_file_is_made_for_owner_and_group_only_and_closed_to_other_programs(own):
    old = os.umask(0)
    try:
        own.start()
    finally:
        os.umask(old)
    assert own.offer_to_stranger() is not None
    assert stat.S_IMODE(own.outcome.path.stat().st_mode) == 0o640
    process = Path(f"/proc/{own.server.pid}")
    opened = [name for name in os.listdir(process / "fd") if (process / "fd" / name).resolve() == own.outcome.path]
    assert opened != []
    for name in opened:
        flags = re.search(r"^flags:\s+(\d+)", (process / "fdinfo" / name).read_text(), re.MULTILINE)[1]
        assert int(flags, 8) & os.O_CLOEXEC


def test_unknown_parameter_is_refused_by_name(own):
    own.hook["parameters"]["registry-flie"] = "/tmp/x"
    assert "registry-flie" in refusal(own)


@pytest.mark.parametrize("parameter", ["registry-file", "outcome-file"])
@pytest.mark.parametrize("value", [7, ""], ids=["number", "empty"])
def test_parameter_that_is_no_path_is_refused_by_name(own, parameter, value):
    own.hook["parameters"][parameter] = value
    assert parameter in refusal(own)


@pytest.mark.parametrize(
    "parameter, value, choices",
    [
        ("registry-refresh", "often", "packet, background"),
        ("registry-errors", "ignore", "refuse, skip"),
        ("outcome-format", "xml", "text, json"),
        ("outcome-events", "some", "all, leases, lifecycle, none"),
        ("outcome-failure", "retry", "continue, drop"),
    ],
)
def test_value_that_is_no_choice_is_refused_with_those_there_are(own, parameter, value, choices):
    own.hook["parameters"][parameter] = value
    assert f"invalid {parameter}: '{value}', must be one of {choices}" in refusal(own)
    assert not own.outcome.path.exists()


@pytest.mark.parametrize(
    "parameter", ["registry-refresh", "registry-errors", "outcome-format", "outcome-events", "outcome-failure"]
)
def test_choice_that_is_no_string_is_refused_by_name(own, parameter):
    own.hook["parameters"][parameter] = True
    assert parameter in refusal(own)


def test_load_is_reported(own):
    own.enroll(own.client())
    own.enroll(own.client())
    own.start()
    (loaded,) = own.log("USER_CHK_HOOK_LOADED")
    assert loaded.level == "INFO"
    assert f"2 users from {own.registry.path}" in loaded.text
    assert str(own.outcome.path) in loaded.text


def test_reconfiguration_keeps_the_library_working_and_leaks_no_files(own):
    own.start()
    client = own.enroll(own.client())
    open_files = []
    for _ in range(3):
        own.server.reload()
        assert [own.offered_subnet(who) for who in (client, own.client())] == [NORMAL, RESTRICTED]
        open_files.append(len(os.listdir(f"/proc/{own.server.pid}/fd")))
    assert len(own.outcome.records()) == 6
    assert len(set(open_files)) == 1


def test_parameters_change_with_the_configuration(own):
    own.start()
    client = own.client()
    elsewhere = own.server.home / "other_registry.txt"
    elsewhere.write_text(own.entry(client) + "\n")
    assert own.offered_subnet(client) == RESTRICTED
    own.hook["parameters"]["registry-file"] = str(elsewhere)
    own.configure()
    own.server.reload()
    assert own.offered_subnet(client) == NORMAL


def test_reconfiguration_with_a_bad_registry_lets_nobody_in(own):
    own.start()
    client = own.client()
    assert own.offered_subnet(client) == RESTRICTED
    good = own.registry.path.read_bytes()
    own.registry.write("{ broken")
    own.server.reload()
    assert own.ask(client, timeout=1) is None

    own.registry.write_bytes(good)
    assert own.offered_subnet(client) == RESTRICTED


def test_query_that_could_not_be_placed_is_dropped_and_not_let_in(own):
    own.hooks.insert(0, own.meddler("hide-subnets"))
    own.start()
    client = own.client()
    answer = client.discover(timeout=1) if own.family == 4 else client.solicit(timeout=1)
    assert answer is None
    (error,) = own.log(f"USER_CHK_SUBNET{own.family}_SELECT_ERROR")
    assert error.level == "ERROR"
    assert "query dropped" in error.text and f"subnet{own.family}collection" in error.text
    assert own.outcome.text() == ""
    # Registered clients need no placement.
    assert own.offered_subnet(own.enroll(client)) == NORMAL


def test_server_ends_in_order(own):
    own.start()
    own.grant(own.client())
    assert own.server.stop() == 0
    assert own.log("USER_CHK_HOOK_UNLOAD_ERROR") == []
