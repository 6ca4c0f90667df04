#!/usr/bin/python3
# SPDX-License-Identifier: MPL-2.0
"""Prints the figures of the stage benchmarks beside what each must reach: table.py RESULTS.json"""

import json
import math
import sys

TO_NS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
LOADS = [10**power for power in range(3, 8)]


def medians(report):
    """Returns for each benchmark, by name, its median nanoseconds (processor time for a stage, real time for a load)
    and its counters."""
    found = {}
    for run in report["benchmarks"]:
        if run.get("aggregate_name") == "median":
            name = "/".join(part for part in run["run_name"].split("/") if not part.startswith(("iter", "rep", "real")))
            clock = "real_time" if "real_time" in run["run_name"] else "cpu_time"
            found[name] = dict(run, ns=run[clock] * TO_NS[run["time_unit"]])
    return found


def growth(found):
    """Returns the exponent with which the load time grows with the number of users (least squares): 1 is linear."""
    points = [(math.log(count), math.log(found[f"load_file/{count}"]["ns"])) for count in LOADS]
    mean_x, mean_y = (sum(axis) / len(points) for axis in zip(*points))
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)


def rows(found):
    """Measurement, result, unit, limit (None for no limit)."""
    for outcome in ("hit", "miss"):
        for count in (60, 1000000):
            yield f"look-up of a query, {outcome}, {count:,} users", found[f"lookup_{outcome}/{count}"]["ns"], "ns", 130
    yield "  beside 4,000 changes, 1,000,000 users", found["lookup_hit_under_changes/1000000"]["ns"], "ns", 180
    yield "  miss, 100 prefixes of 3 lengths, 1,000,000 users", found["lookup_miss_of_prefixes/1000000"]["ns"], "ns", None
    for count in LOADS:
        name = f"load_file/{count}"
        yield f"load {count:,} users, warm file", found[name]["ns"] / 1e6, "ms", {1000000: 400, 10000000: 5000}.get(count)
        yield "  for each user", found[name]["ns"] / count, "ns", None
    yield "follow an appended line, 1,000,000 users", found["follow_appended_line/1000000"]["ns"] / 1e6, "ms", 60
    yield "follow a changed line, 1,000,000 users", found["follow_changed_line/1000000"]["ns"] / 1e6, "ms", 120
    yield "follow another content, 1,000,000 users", found["follow_replaced_file/1000000"]["ns"] / 1e6, "ms", None
    yield "growth of loading, as a power of the users", growth(found), "", 1.1
    yield "memory of 1,000,000 users, each", found["memory_per_user/1000000"]["bytes_per_user"], "bytes", 75
    for names in ("short", "long"):
        bytes_of_1000 = found[f"memory_of_strangers/{names}_names"]["bytes"]
        yield f"memory of 1,000 clients not registered, {names} names", bytes_of_1000, "bytes", 1e6
    yield "list a client that is not registered, known", found["stranger_known"]["ns"], "ns", None
    yield "  that pushes another one out", found["stranger_pushes_another_out"]["ns"], "ns", None
    for count in (60, 1000000):
        yield f"judge a client, {count:,} users", found[f"judge/{count}"]["ns"], "ns", None
        yield f"follow an unchanged file, {count:,} users", found[f"follow_unchanged/{count}"]["ns"], "ns", None
    yield "  compare: stat(2) alone", found["bare_stat"]["ns"], "ns", None
    yield "format a record", found["format_text"]["ns"], "ns", None
    yield "append a record", found["append"]["ns"], "ns", None
    yield "  compare: write(2) alone", found["bare_write"]["ns"], "ns", None


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        found = medians(json.load(file))
    line = "{:<46} {:>10} {:<6} {:>7}  {}".format
    print(line("measure (median)", "figure", "", "reach", "met"))
    for measure, figure, unit, most in rows(found):
        met = "" if most is None else "yes" if figure < most else "NO"
        print(line(measure, f"{figure:,.2f}", unit, "" if most is None else f"< {most:,}", met).rstrip())


main()
