# SPDX-License-Identifier: MPL-2.0
"""Counts the instructions that an exchange takes in kea-dhcp4 with each hook, by callgrind."""

import re

import perfdhcp
from callgrind import Profile
from lab.process import run
from servers import Server

_CLIENTS = 60  # each has its lease before counting begins, so every exchange is the same work
_WARM_UP = 4, _CLIENTS, 20  # seconds, clients, rate: slow at first, while valgrind translates
_RATE = 100


def measure(variant, home, lengths):
    """Instructions an exchange: the slope between runs of two lengths, so that what is not an exchange drops out.

    Returns them as "instructions", those after another load of the registry as "after a load" where the hook has one,
    those within the hook's callouts as "callouts", and what these are spent on as "tree". "consolidating" is what the allocator spends on merging free memory: whether it does depends on where its
    blocks happen to lie, so servers are only comparable when it is the same for both.
    """
    profile = home / "callgrind"
    wrapper = f"valgrind --tool=callgrind --vgdb-prefix={home}/vgdb --callgrind-out-file={profile}"
    with Server(4, variant, home, wrapper=wrapper) as server:
        perfdhcp.timed(server, *_WARM_UP)
        _dump(server, home)
        runs = [_run(server, home, exchanges, profile.with_suffix(f".{part}")) for part, exchanges in enumerate(lengths, 2)]
        after = {}
        if variant.users:
            server.kea.command("user-chk-reload")
            _dump(server, home)
            again = [
                _run(server, home, exchanges, profile.with_suffix(f".{part}")) for part, exchanges in enumerate(lengths, 5)
            ]
            after = {"after a load": _slope(again, lengths)}
    profiled = Profile(runs[1], lengths[1])
    return {
        "instructions": _slope(runs, lengths),
        **after,
        "callouts": profiled.callouts(),
        "consolidating": profiled.own("malloc_consolidate"),
        "tree": profiled.tree(),
    }


def _slope(runs, lengths):
    return (_total(runs[1]) - _total(runs[0])) / (lengths[1] - lengths[0])


def _run(server, home, exchanges, dump):
    """Some exchanges; returns the dump of what they took."""
    perfdhcp.counted(server, exchanges, _CLIENTS, _RATE)
    _dump(server, home)
    return dump.read_text()


def _dump(server, home):
    """Writes the counts since the last dump, and begins anew."""
    run("callgrind_control", f"--vgdb-prefix={home}/vgdb", "--dump", str(server.kea.pid), timeout=600)


def _total(dump):
    return int(re.search(r"^(?:totals|summary): (\d+)", dump, re.MULTILINE)[1])
