# SPDX-License-Identifier: MPL-2.0
"""Counts the instructions per exchange in kea-dhcp4 with each hook, with callgrind."""

import re

import perfdhcp
from callgrind import Profile
from lab.process import run
from servers import Server

_CLIENTS = 60  # each has its lease before counting begins, so that every exchange is the same work
_WARM_UP = 4, _CLIENTS, 20  # seconds, clients, rate: slow at first, while valgrind translates
_RATE = 40  # slow enough for a noisy machine


def measure(variant, home, lengths, command=None):
    """Returns the instructions per exchange: the slope between runs of two lengths, which eliminates everything else.

    The result has "instructions"; "afterwards", the same after the command, if there is one; "callouts", those within the
    hook's callouts; and "tree", what these are spent on. "consolidating" is what the allocator spends on merging free memory.
    Whether it does depends on where its blocks happen to be, so servers are comparable only when it is the same for both.
    """
    profile = home / "callgrind"
    wrapper = f"valgrind --tool=callgrind --vgdb-prefix={home}/vgdb --callgrind-out-file={profile}"
    with Server(4, variant, home, wrapper=wrapper) as server:
        perfdhcp.timed(server, *_WARM_UP)
        _dump(server, home)
        runs = [_run(server, home, exchanges, profile.with_suffix(f".{part}")) for part, exchanges in enumerate(lengths, 2)]
        afterwards = {}
        if command:
            server.kea.command(command)
            _dump(server, home)
            again = [
                _run(server, home, exchanges, profile.with_suffix(f".{part}")) for part, exchanges in enumerate(lengths, 5)
            ]
            afterwards = {"afterwards": _slope(again, lengths)}
    profiled = Profile(runs[1], lengths[1])
    return {
        "instructions": _slope(runs, lengths),
        **afterwards,
        "callouts": profiled.callouts(),
        "consolidating": profiled.own("malloc_consolidate"),
        "tree": profiled.tree(),
    }


def _slope(runs, lengths):
    return (_total(runs[1]) - _total(runs[0])) / (lengths[1] - lengths[0])


def _run(server, home, exchanges, dump):
    """Runs some exchanges. Returns the dump of their counts."""
    perfdhcp.counted(server, exchanges, _CLIENTS, _RATE)
    _dump(server, home)
    return dump.read_text()


def _dump(server, home):
    """Writes the counts since the last dump, and starts again from 0."""
    run("callgrind_control", f"--vgdb-prefix={home}/vgdb", "--dump", str(server.kea.pid), timeout=600)


def _total(dump):
    return int(re.search(r"^(?:totals|summary): (\d+)", dump, re.MULTILINE)[1])
