# SPDX-License-Identifier: MPL-2.0
"""Servers under ThreadSanitizer, while everything that the library reads and writes changes beside the packet threads."""

import itertools
import os
import time

import pytest

from lab.clients import perfdhcp_ids, perfdhcp_meanwhile
from lab.config import RELAYED
from lab.process import wait_until
from lab.races import Watch
from lab.registry import duid, hw_addr

pytestmark = pytest.mark.thread_sanitizer

LOADED, LOAD_FAILED = "USER_CHK_REGISTRY_LOADED", "USER_CHK_REGISTRY_LOAD_FAILED"
REOPENED, WRITE_FAILED = "USER_CHK_OUTCOME_REOPENED", "USER_CHK_OUTCOME_WRITE_FAILED"
WRITE_RESUMED = "USER_CHK_OUTCOME_WRITE_RESUMED"

CLIENTS, RATE = 300, 800

# How often everything changes, by registry-refresh: about what a machine with two processors does in five seconds. And the
# minimum number of responses meanwhile, and when to give up.
ROUNDS = {"packet": 12, "background": 2}
RESPONSES, SECONDS = 1000, 120


@pytest.mark.parametrize(
    "refresh, form, watched",
    [("packet", "text", True), ("packet", "json", False), ("background", "json", True)],
    ids=["packet", "unwatched", "background"],
)
def test_no_data_race_is_found_while_everything_changes(own, settings, refresh, form, watched):
    # Every third client stays unregistered.
    entry = hw_addr if own.family == 4 else duid
    users = [entry(client, bootfile="boot.img") for client in perfdhcp_ids(own.family, CLIENTS * 2 // 3)]
    own.registry.write(*users)
    own.hook["parameters"].update({"registry-refresh": refresh, "outcome-failure": "drop"})
    own.record_as(form)
    if not watched:
        # Files behind a symbolic link are not watched but polled.
        link = own.server.home / "linked"
        link.symlink_to(own.server.home)
        for name in ("registry-file", "outcome-file"):
            own.hook["parameters"][name] = str(link / os.path.basename(own.hook["parameters"][name]))
    own.hooks.insert(0, own.meddler("race"))
    own.config["multi-threading"]["enable-multi-threading"] = True
    own.server.quiet = True  # a log message takes a lock that all threads use, which hides races
    watch = Watch(own.server, settings.hook)
    own.start()
    clients = own.lan.plug(address4=f"10.{RELAYED}.0.1/16")
    try:
        with perfdhcp_meanwhile(clients, own.family, CLIENTS, RATE) as received:
            rounds = itertools.count(1)

            def is_enough():
                change_everything(own, users)
                return next(rounds) >= ROUNDS[refresh] and own.server.statistic(f"pkt{own.family}-sent") >= RESPONSES

            wait_until(is_enough, f"{ROUNDS[refresh]} rounds of changes, {RESPONSES} responses", timeout=SECONDS)
            assert own.server.is_running()
            watch.end()
    finally:
        races = watch.reports(settings.hook)
        print("\n\n".join(races))  # whatever else may have failed

    assert not races, f"{len(races)} reports, see below"
    # The sanitizer was at work: it found the deliberate race in the other library.
    assert watch.reports(settings.helper)
    # So was the server: every answer was recorded.
    assert len(own.outcome.all_grants()) >= received() > 0


def change_everything(world, users):
    """Changes everything that can change under a server, and waits each time until the server has noticed."""

    def until(message, change, *what):
        before = len(world.log(message))
        change(*what)
        wait_until(lambda: len(world.log(message)) > before, f"{message} after {change.__name__}")

    outcome = world.outcome.path

    def rotate():
        outcome.rename(f"{outcome}.{time.monotonic_ns()}")

    def plant_link():
        os.link(outcome, f"{outcome}.{time.monotonic_ns()}")
        link = outcome.with_name("planted")
        link.symlink_to("nowhere")
        link.replace(outcome)

    until(LOADED, world.registry.replace, *users[::2])
    until(LOADED, world.registry.append, users[1])
    until(LOAD_FAILED, world.registry.append, "{ broken")
    until(LOAD_FAILED, world.registry.delete)
    until(LOADED, world.registry.write, *users)
    send_every_command(world)
    until(REOPENED, rotate)
    until(WRITE_FAILED, plant_link)
    until(WRITE_RESUMED, outcome.unlink)
    world.server.reload()


def send_every_command(world):
    """All of them succeed, and the registry ends as it began."""
    key = {"type": "HW_ADDR" if world.family == 4 else "DUID", "id": "0f:0f:0f:0f"}
    for name, arguments in (
        ("user-chk-add", {"user": key}),
        ("user-chk-update", {"user": {**key, "bootfile": "other.img"}}),
        ("user-chk-get", key),
        ("user-chk-list", {}),
        ("user-chk-explain", key),
        ("user-chk-status", {}),
        ("user-chk-reload", {}),
        ("statistic-get-all", {}),
        ("user-chk-del", key),
    ):
        answer = world.server.command(name, **arguments)
        assert answer["result"] == 0, answer
