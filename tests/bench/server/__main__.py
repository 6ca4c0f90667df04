# SPDX-License-Identifier: MPL-2.0
"""Measures what the hook costs a real server; the part of scripts/bench-server that runs in namespaces of its own."""

import itertools
import shutil
import tempfile
from pathlib import Path
from statistics import median

import commands
import instructions
import parts
import registries
import replacement
import report
import sampling
import saturation
from servers import Variant

MILLION = 1_000_000

# The workload of each part: for real measurements, and for a quick check that it works.
REAL = {"users": MILLION, "lengths": (200, 1200), "pairs": 5, "seconds": 4, "replaced": 2, "replaced seconds": 20,
        "series": (0, 10, 100, 1_000, 20_000, MILLION), "series pairs": 3, "rounds": 3,
        "commands": (1_000, 10_000, 100_000, MILLION), "unhurried": 5, "unhurried seconds": 10}  # fmt: skip
QUICK = {"users": 1_000, "lengths": (20, 60), "pairs": 1, "seconds": 2, "replaced": 1, "replaced seconds": 8,
         "series": (0, 1_000), "series pairs": 1, "rounds": 1,
         "commands": (100, 1_000), "unhurried": 1, "unhurried seconds": 2}  # fmt: skip


def main():
    options = parts.options("bench-server", __doc__, PARTS, empty="libempty_hook.so")
    parts.run(options, PARTS, QUICK if options.quick else REAL, report.server_rows)


def _variants(options):
    """Returns the servers to compare without a registry: no hook, and the empty one."""
    return Variant("none", None), Variant("empty", options.empty)


def _ours(options, users, name="", **more):
    return Variant(f"ours, {users} users{name and ', '}{name}", options.hook, users, **more)


def measure_instructions(options, sizes, home):
    """instructions an exchange, in kea-dhcp4 under callgrind"""
    nothing, empty = _variants(options)
    must_reach = [_ours(options, 60), _ours(options, sizes["users"])]
    # Any command leaves the allocator in another state.
    afterwards = {empty.name: "list-commands", **{variant.name: "user-chk-reload" for variant in must_reach}}
    variants = [
        nothing,
        empty,
        *must_reach,
        _ours(options, 60, attributes=registries.BOOT, name="with boot files"),
        _ours(
            options, 60, attributes=registries.POLICY, parameters={"nak-moved-clients": True}, guarded=True, name="all of policy"
        ),
        Variant("ours, no users", options.hook, 0),
    ]
    identifiers = _identifiers(options)
    variants += [variant for compared in identifiers for variant in compared if variant not in variants]
    found, profiles = {}, []
    for variant in variants:
        folder = home / "instructions"
        counted = instructions.measure(variant, folder, sizes["lengths"], afterwards.get(variant.name))
        profiles += [f"== {variant.name}: instructions an exchange, inclusive and own", *counted.pop("tree")]
        found[variant.name] = counted
        print(f"   {variant.name}: {counted}", flush=True)
        shutil.rmtree(folder)
    options.output.with_suffix(".profile.txt").write_text("\n".join(profiles) + "\n", encoding="utf-8")
    return {
        "lengths": sizes["lengths"],
        "reach": [variant.name for variant in must_reach],
        "variants": found,
        "identifiers": [(ours.name, base.name, len(ours.parameters["identifiers"]) - 1) for ours, base in identifiers],
    }


_CIRCUIT_ID = "-o 82,010467652d30"  # in a relay's option 82 (RFC 3046)


def _identifiers(options):
    """Looked up by more than the hardware address, and by that alone: first by what no query has, then what no user has."""
    absent = {"identifiers": ["circuit-id", "remote-id", "subscriber-id", "hw-address"]}
    missed = {"identifiers": ["circuit-id", "hw-address"]}
    return [
        (_ours(options, 60, name="identifiers that queries do not have", parameters=absent), _ours(options, 60)),
        (
            _ours(options, 60, name="a circuit-id, looked up", parameters=missed, query_options=_CIRCUIT_ID),
            _ours(options, 60, name="a circuit-id, not looked up", query_options=_CIRCUIT_ID),
        ),
    ]


def measure_saturation(options, sizes, home):
    """four-way exchanges a second, when more are offered than the server can do"""
    nothing, empty = _variants(options)
    ours = _ours(options, sizes["users"])
    found = []
    # A bare server shows the maximum impact of the hook; the others show what an operator experiences.
    for family, threads, bare in [(4, False, True), *itertools.product((4, 6), (False, True), (False,))]:
        compared = saturation.compare(family, threads, (empty, ours), home, sizes["pairs"], sizes["seconds"], bare=bare)
        found.append({"family": family, "threads": threads, "bare": bare, **_summary(compared, ours, empty)})
    series, offered = [], None
    for users in sizes["series"]:
        ours = _ours(options, users)
        compared = saturation.compare(
            4, False, (nothing, ours), home, sizes["series pairs"], sizes["seconds"], offered, bare=False
        )
        offered = compared["offered"]
        series.append({"users": users, "threads": False, **_summary(compared, ours, nothing)})
    return {"users": sizes["users"], "comparisons": found, "series": series}


def _summary(compared, variant, base):
    """Returns a comparison with its medians."""
    summary = {
        "rate": saturation.middle(compared, variant.name),
        "base rate": saturation.middle(compared, base.name),
        "ratio": saturation.ratio(compared, variant.name, base.name),
        "busy": saturation.middle(compared, base.name, "busy"),
        "processor ratio": saturation.ratio(compared, variant.name, base.name, "processor"),
    }
    print(f"   {variant.name} / {base.name}:", {name: round(value, 3) for name, value in summary.items()}, flush=True)
    return {**summary, **compared}


def measure_replacement(options, sizes, home):
    """queries lost and slowest answers while the registry changes"""
    found = []
    for refresh, change in (("background", "replaced"), ("packet", "replaced"), ("packet", "appended")):
        ours = _ours(options, sizes["users"], attributes=registries.BOOT, parameters={"registry-refresh": refresh})
        pairs = replacement.measure(ours, home / refresh, sizes["replaced"], sizes["replaced seconds"], change)
        found.append({"refresh": refresh, "change": change, "pairs": pairs})
        for pair in pairs:
            print(f"   {refresh}, {change}: {pair}", flush=True)
    return {"users": sizes["users"], "found": found}


def measure_profile(options, sizes, home):
    """what the saturated server's processor time is spent on, by perf"""
    empty, ours = _variants(options)[1], _ours(options, sizes["users"])
    setups = {}
    for name, bare in (("bare", True), ("default", False)):
        found = sampling.measure(4, (empty, ours), home / "profile", sizes["rounds"], sizes["seconds"], bare)
        setups[name] = {"empty": found[empty.name], "ours": found[ours.name]}
        print(f"   {name}: {setups[name]}", flush=True)
    return {"setups": setups}


def measure_commands(options, sizes, home):
    """how long the server is busy with a command, by number of users"""
    found = {}
    for users in sizes["commands"]:
        found[users] = commands.measure(_ours(options, users), home / "commands")
        print(f"   {users} users: {found[users]}", flush=True)
    return {"users": found}


def measure_processor(options, sizes, home):
    """processor time an exchange at 2,000 exchanges/s, files on a disk"""
    empty = _variants(options)[1]
    forms = {"text": {}, "json": {"outcome-format": "json"}, "none": {"outcome-events": "none"}}
    ours = [_ours(options, 10_000, name=name, parameters=parameters) for name, parameters in forms.items()]
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/var/tmp") as disk:
        found = saturation.unhurried(
            4, (empty, *ours), Path(disk), sizes["unhurried"], sizes["unhurried seconds"], 2_000, 10_000
        )
    more = {
        form: sorted(round_[variant.name]["processor"] - round_[empty.name]["processor"] for round_ in found)
        for form, variant in zip(forms, ours)
    }
    print(f"   {more}", flush=True)
    return {"empty": median(round_[empty.name]["processor"] for round_ in found), "more": more}


PARTS = {
    "A": measure_instructions,
    "B": measure_saturation,
    "C": measure_replacement,
    "D": measure_profile,
    "E": measure_commands,
    "F": measure_processor,
}

if __name__ == "__main__":
    main()
