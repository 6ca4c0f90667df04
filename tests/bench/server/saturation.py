# SPDX-License-Identifier: MPL-2.0
"""Compares how many exchanges a second two variants of a server complete under overload."""

import contextlib
import os
import subprocess
import sys
from collections import namedtuple
from statistics import median

import perfdhcp
from servers import Server, core_of_a_server, on

CLIENTS = 1_000_000
_LEAST = 4_000  # the rate, in exchanges a second, at which the search for an overload starts
_STEP = 1.3
_COLLAPSED = 0.8  # of the offered load
_ABOVE = 1.15  # the offered load, relative to the maximum of the first variant's server

# The result of one run: four-way exchanges a second, the server's processor time for one in microseconds, and how many
# processors it kept busy.
Run = namedtuple("Run", "rate processor busy")


def compare(family, threads, variants, home, pairs, seconds, offered=None, bare=True):
    """Alternates runs of two variants, each pair on new servers. Returns {"offered": ..., "pairs": [...]}.

    `offered` is determined when it is not given.
    """
    found = []
    for number in range(pairs):
        with contextlib.ExitStack() as stack:
            servers = [
                stack.enter_context(Server(family, variant, home / str(place), threads, bare=bare))
                for place, variant in enumerate(variants)
            ]
            offered = offered or saturating(servers[0])
            for server in servers:
                perfdhcp.timed(server, 1, CLIENTS, offered)
            # They take turns in running first, in case that is an advantage.
            turns = range(2) if number % 2 == 0 else (1, 0)
            runs = {variants[turn].name: run(servers[turn], seconds, offered) for turn in turns}
        found.append({name: run._asdict() for name, run in runs.items()})
    return {"offered": offered, "seconds": seconds, "pairs": found}


def unhurried(family, variants, home, rounds, seconds, rate, clients):
    """Alternates runs of variants at a rate below saturation. Returns {name: Run} of each round."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(_awake(core_of_a_server()))
        servers = {
            variant.name: stack.enter_context(Server(family, variant, home / str(place)))
            for place, variant in enumerate(variants)
        }
        for server in servers.values():
            perfdhcp.timed(server, 5, clients, rate)
        return [
            {name: run(server, seconds, rate, clients)._asdict() for name, server in servers.items()} for _ in range(rounds)
        ]


def middle(comparison, variant, figure="rate"):
    """Returns the median of a variant's runs."""
    return median(pair[variant][figure] for pair in comparison["pairs"])


def ratio(comparison, variant, base, figure="rate"):
    """Returns the median of the pairs' ratios."""
    return median(pair[variant][figure] / pair[base][figure] for pair in comparison["pairs"])


def saturating(server):
    """Returns a rate just above the server's maximum: a far higher one would measure how it drops queries."""
    offered, most, rate = _LEAST, 0, _LEAST
    while rate > _COLLAPSED * offered:
        offered = int(offered * _STEP)
        rate = perfdhcp.timed(server, 2, CLIENTS, offered).exchanges / 2
        most = max(most, rate)
    return int(_ABOVE * most)


def run(server, seconds, offered, clients=CLIENTS):
    before = _processor_seconds(server)
    report = perfdhcp.timed(server, seconds, clients, offered)
    used = _processor_seconds(server) - before
    return Run(report.exchanges / seconds, used / (report.received / 2) * 1e6, used / seconds)


@contextlib.contextmanager
def _awake(core):
    """Keeps a core from sleeping, at the lowest priority: waking up would take time of the server that differs each time."""
    command = f"{on([core])} chrt --idle 0 {sys.executable} -c".split()
    spinner = subprocess.Popen([*command, "while True: pass"])
    try:
        yield
    finally:
        spinner.kill()
        spinner.wait()


def _processor_seconds(server):
    with open(f"/proc/{server.kea.pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
