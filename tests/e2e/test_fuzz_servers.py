# SPDX-License-Identifier: MPL-2.0
"""Random queries to servers with random configurations: no crash, no leak, no grant without its record, no silence.

`--fuzz-seconds` is how long each protocol is tested, `--seed` starts another series of rounds, `--fuzz-round` runs a
single round of a series. Each finding names both.
"""

import contextlib
import time
from collections import Counter

from lab.fuzz_round import Round
from lab.fuzz_wire import FuzzWire4, FuzzWire6

LEAST = 2  # rounds, one of each kind
SHOWN = 30  # findings


def test_random_queries_to_random_configurations(make_world, family, pytestconfig):
    seed, only = pytestconfig.option.seed, pytestconfig.option.fuzz_round
    deadline = time.monotonic() + pytestconfig.option.fuzz_seconds
    found, counts, number = [], Counter(), only or 1
    while True:
        findings, counted = run(make_world(family), seed, number)
        found += [f"--seed {seed} --fuzz-round {number}: {each}" for each in findings]
        counts += counted
        if only or (number >= LEAST and time.monotonic() > deadline):
            break
        number += 1
    print(f"seed {seed}, {number} rounds: {dict(counts)}")
    assert not found, "\n".join([f"{len(found)} findings, the first of them:", *found[:SHOWN]])
    # The result is meaningful: there was enough of each.
    if not only:
        for who in ("registered", "stranger"):
            assert counts[who, "granted"] > 20 * number and counts[who, "asked for service"] > 2 * (number // 2)


def run(world, seed, number):
    """Runs one round with its own server. Returns (findings, counts)."""
    with contextlib.closing(world):
        world.server.quiet = True
        round_ = Round(world, seed, number)
        round_.configure()
        world.server.start()
        world.begin()
        assert "INIT_FAIL" not in world.server.log_text(), world.server.log_text()
        with contextlib.closing((FuzzWire4 if world.family == 4 else FuzzWire6)(world.lan.plug())) as wire:
            return list(round_.findings(wire)), round_.counts
