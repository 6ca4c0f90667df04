# SPDX-License-Identifier: MPL-2.0
"""Measures how servers follow a database; the part of scripts/bench-database that runs in namespaces of its own."""

import contextlib
import itertools
import json
import random
import subprocess
import time

import faults
import page
import parts
import perfdhcp
import saturation
from lab import postgres
from lab.process import run
from registry import Registry, Standby
from served import DatabaseServer, seconds_until_served, shared_cores
from servers import Variant

MILLION = 1_000_000

# The workload of each part: for real measurements, and for a quick check that it works.
REAL = {"users": MILLION, "loads": {MILLION: 5, 10 * MILLION: 1}, "starts": 5, "changes": 1_000, "served": 100,
        "quiet": 300, "idle seconds": 300, "followers": 50, "crowd": 100, "pairs": 10, "seconds": 3, "rate": 100,
        "harmed": 2}  # fmt: skip
QUICK = {"users": 1_000, "loads": {1_000: 2, 10_000: 1}, "starts": 2, "changes": 20, "served": 5,
         "quiet": 10, "idle seconds": 5, "followers": 3, "crowd": 10, "pairs": 1, "seconds": 2, "rate": 100,
         "harmed": 1}  # fmt: skip

_LONGEST_PAUSE = 1.0  # seconds between changes


def main():
    options = parts.options("bench-database", __doc__, PARTS, follower="database_benchmarks")
    sizes = QUICK if options.quick else REAL
    parts.run(options, PARTS, sizes, page.rows, postgresql=_release())


def _release():
    return run("psql", "--version").split()[2]


def _follower(options, measure, registry, *more):
    """Returns what the program that only follows has measured."""
    command = [options.follower, measure, *registry.where, *more]
    done = subprocess.run([*map(str, command)], check=True, capture_output=True, text=True, timeout=3600)
    return json.loads(done.stdout)


def _variant(options, registry, *others):
    return Variant("ours", options.hook, parameters={"registry-database": registry.parameter(*others)})


def measure_loads(options, sizes, _):
    """full loads, and the memory for them"""
    found = {}
    for users, loads in sizes["loads"].items():
        with Registry(users, scattered=True) as registry:
            found[users] = _follower(options, "loads", registry, loads)
        print(f"   {users} users: {found[users]}", flush=True)
    return {"users": found}


def measure_copy(options, sizes, home):
    """a start from the copy while the database is away, and from a file of the same users"""
    with Registry(sizes["users"], scattered=True) as registry:
        found = _follower(options, "copy", registry, sizes["starts"], home)
    print(f"   {found}", flush=True)
    return {"users": sizes["users"], **found}


def measure_changes(options, sizes, home):
    """how long a change takes until it is in force, notified and by asking alone"""
    found = {}
    for name, notifies in (("notified", True), ("asking", False)):
        with Registry(sizes["users"], notifies=notifies) as registry:
            found[name] = _follower(options, "changes", registry, sizes["changes"])
            with DatabaseServer(4, _variant(options, registry), home / name) as server:
                found[name]["served"] = seconds_until_served(server, registry, sizes["served"], _pauses())
        print(f"   {name}: {page.spread(found[name]['seconds'])}; {page.spread(found[name]['served'])}", flush=True)
    return {"users": sizes["users"], "found": found}


def _pauses():
    """Irregular, so that each change comes at another moment between two polls."""
    numbers = random.Random(1)
    return (numbers.uniform(0, _LONGEST_PAUSE) for _ in itertools.count())


def measure_crowd(options, sizes, _):
    """how long a change takes until it is in force in many processes"""
    found = {}
    for name, notifies in (("notified", True), ("asking", False)):
        with Registry(sizes["users"], notifies=notifies) as registry:
            found[name] = _follower(options, "crowd", registry, sizes["crowd"], sizes["followers"])
        print(f"   {name}: {page.spread(found[name]['seconds'])}", flush=True)
    return {"users": sizes["users"], "followers": sizes["followers"], "found": found}


def measure_processor(options, sizes, home):
    """processor time of a server that nobody asks, and for changes"""
    with Registry(sizes["users"]) as registry, DatabaseServer(4, _variant(options, registry), home / "server") as server:
        time.sleep(5)  # the first copy is being written
        begin = server.processor_seconds()
        time.sleep(sizes["idle seconds"])
        idle = (server.processor_seconds() - begin) / sizes["idle seconds"]
        begin, began, first = server.processor_seconds(), time.monotonic(), registry.newest()
        with server.copies() as copies:
            with registry.changing(10):
                time.sleep(sizes["quiet"] / 10)
            time.sleep(15)  # the last copy is being written
        spent = server.processor_seconds() - begin - idle * (time.monotonic() - began)
        found = {"changes": registry.newest() - first, "spent": spent, "copies": len(copies)}
    found.update({"idle": idle, "idle seconds": sizes["idle seconds"]})
    print(f"   {found}", flush=True)
    return {"users": sizes["users"], **found}


def measure_rates(options, sizes, home):
    """exchanges a second with changes all the time, against none"""
    cores = shared_cores()
    with Registry(sizes["users"], cores=cores) as registry:
        with DatabaseServer(4, _variant(options, registry), home / "server") as server:
            offered = max(saturation.saturating(server) for _ in range(3))
            perfdhcp.timed(server, 1, saturation.CLIENTS, offered)
            pairs = []
            for number in range(sizes["pairs"]):
                # They take turns in running first, in case that is an advantage.
                turns = ("left", "changed") if number % 2 == 0 else ("changed", "left")
                pairs.append({turn: _rate(server, registry, sizes, offered, turn == "changed") for turn in turns})
                print(f"   {pairs[-1]}", flush=True)
    return {"users": sizes["users"], "rate": sizes["rate"], "offered": offered, "pairs": pairs}


def _rate(server, registry, sizes, offered, changes):
    with registry.changing(sizes["rate"]) if changes else contextlib.nullcontext():
        time.sleep(0.5)
        first, begin, beside = registry.newest(), time.monotonic(), server.seconds_beside()
        found = saturation.run(server, sizes["seconds"], offered)._asdict()
        seconds = time.monotonic() - begin
        beside = (server.seconds_beside() - beside) / seconds
        return {**found, "changes": (registry.newest() - first) / seconds, "beside": beside}


def measure_faults(options, sizes, home):
    """queries lost while the database is away, 2,000 exchanges/s"""
    cores = shared_cores()
    with Registry(sizes["users"], cores=cores) as registry, Standby(registry) as standby:
        with DatabaseServer(4, _variant(options, registry, standby), home / "server") as server:
            found = faults.measure(server, registry, standby, sizes["harmed"])
    for name, runs in found.items():
        print(f"   {name}: {runs}", flush=True)
    return {"users": sizes["users"], "found": found}


PARTS = {
    "loads": measure_loads,
    "copy": measure_copy,
    "changes": measure_changes,
    "crowd": measure_crowd,
    "processor": measure_processor,
    "rates": measure_rates,
    "faults": measure_faults,
}

if __name__ == "__main__":
    assert postgres.is_there()
    main()
