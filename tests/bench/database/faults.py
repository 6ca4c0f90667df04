# SPDX-License-Identifier: MPL-2.0
"""Counts the queries that are lost while the database is down, and checks that it is followed again afterwards."""

import contextlib
import signal
import threading
import time

import perfdhcp
from lab.process import wait_until
from registry import Psql, give_boot_file

_RATE = 2_000
_CLIENTS = 10_000
_BEFORE, _AWAY, _AFTER = 3, 8, 3  # seconds; the server gives up on the database after 5


def killed(registry, _):
    registry.stop()
    time.sleep(_AWAY)
    registry.start()


def stopped(registry, _):
    registry.signal(signal.SIGSTOP)
    time.sleep(_AWAY)
    registry.signal(signal.SIGCONT)


def restarted(registry, _):
    registry.stop()
    registry.start()


def failed_over(registry, standby):
    registry.stop()
    time.sleep(1)
    standby.promote()


HARMS = {"killed": killed, "stopped": stopped, "restarted": restarted, "failed over": failed_over}


def measure(server, registry, standby, runs):
    """For each fault: runs without it and with it, alternately. The failover comes last, and happens only once."""
    perfdhcp.timed(server, 2, _CLIENTS, _RATE)
    found = {}
    for name, harm in HARMS.items():
        found[name] = []
        for _ in range(1 if harm is failed_over else runs):
            left = _run(server)
            with _harmed(harm, registry, standby):
                changed = _run(server)
            _assert_followed(server, standby if harm is failed_over else registry)
            found[name].append({"left": left, "harmed": changed})
    return found


def _run(server):
    report = perfdhcp.timed(server, _BEFORE + _AWAY + _AFTER, _CLIENTS, _RATE)
    return {"sent": report.sent, "lost": report.sent - report.received, "slowest": report.slowest}


@contextlib.contextmanager
def _harmed(harm, registry, standby):
    """Disturbs the database during a with statement; it is healthy again at the end."""
    failures = []

    def run():
        time.sleep(_BEFORE)
        try:
            harm(registry, standby)
        except Exception as failure:  # pylint: disable=broad-exception-caught
            failures.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    assert not failures, failures


def _assert_followed(server, registry):
    """Checks that the server still follows, since otherwise the measurement would be worthless."""
    name = f"/boot/{time.time_ns()}"
    with Psql(registry) as psql:
        psql.type(give_boot_file(0, name))
    client = {"type": "HW_ADDR", "id": "000c01020304"}

    def is_in_force():
        answer = server.kea.command("user-chk-get", **client)
        return answer.get("arguments", {}).get("user", {}).get("bootfile") == name

    wait_until(is_in_force, "the change to be in force", timeout=60)


