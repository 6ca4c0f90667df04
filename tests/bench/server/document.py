# SPDX-License-Identifier: MPL-2.0
"""Writes docs/performance.md and its plots from the results of both benchmarks."""

import json
import sys
from datetime import date
from pathlib import Path

import machine
import plots
import report

_HEAD = """\
# Performance

Made by `scripts/bench-report` of what `scripts/bench-server` and `scripts/bench-stages` measured. An *empty hook* has
the same callouts, which return at once: what Kea itself spends on calling them is the floor. A figure without something
to reach is there to compare with. What depends on a registry in a database is in
[performance-database.md](performance-database.md).
"""

_METHOD = """\
## How it is measured

The server's figures, by `scripts/bench-server`, real servers and perfdhcp in network namespaces:

- All files are on a file system in memory, so that no disk hides what the hook costs. A *bare* server keeps its leases
  in memory and logs warnings only, which leaves the hook the largest share that it can have; *Kea as it is by default*
  has a lease file, and a line of log for each offer and each lease. Where nothing is said the server is bare; the rates
  by number of users are of Kea as it is by default. Everything else has its default.
- perfdhcp's clients are all registered, except where there are fewer users than clients. It speaks DHCPv4 as a relay.
- Instructions are counted by callgrind, from the slope between runs of two lengths, with clients that have a lease. Kea
  makes and destroys what a hook keeps with a query outside of the callouts. The allocator merges free memory or does
  not, by where its blocks happen to lie, which is worth some thousand instructions: a figure says so when that differs.
- Exchanges a second are those that were completed when 15 % more were offered than the most that the server it is
  compared with completes. The servers that are compared run side by side and are loaded by turns, each pair of runs on new ones; the
  figure is the median of the pairs' ratios. What is offered beyond its strength costs a server exchanges, so shares of
  processor time are nearer to each other than shares of rates. Without multi-threading the server has a core of its
  own; with it server and clients share all cores.
- Where the time goes was sampled by perf 2,000 times a second in saturated servers, 60 users, multi-threading off. Time in
  the kernel is counted by system call, other time by the library whose code ran. What sending a response costs holds
  much of what the network and the waking of perfdhcp cost.
- A command is timed from outside, over the UNIX socket of a server that does nothing else; the median of 9. A list is of 1,000
  users. A change copies the file; on a disk the syncing comes on top. What queries wait for meanwhile is in the table above.
- Stock's figures were measured separately, by the same method on two cores, under Kea 2.2.0, with 8,000 exchanges
  offered.
"""


_SETUPS = {"bare": "a bare server", "default": "Kea as it is by default"}


def write(docs, server, stages):
    """`server` and `stages` are the result files of the benchmarks; either may be missing."""
    results = json.loads(server.read_text(encoding="utf-8")) if server.exists() else {}
    parts = [_HEAD, _machine(results), *(_server_parts(docs, results) if results else [])]
    if stages.exists():
        parts += _stage_parts(docs, report.Stages(json.loads(stages.read_text(encoding="utf-8"))), results)
    path = docs / "performance.md"
    path.write_text("\n".join([*parts, _METHOD]), encoding="utf-8")
    return path


def _server_parts(docs, results):
    parts = ["## The server\n", report.table(report.server_rows(results)) + "\n"]
    if "B" in results:
        ours = {found["users"]: found["ratio"] for found in results["B"]["series"]}
        plots.rates(docs / "performance" / "rates.svg", ours, report.STOCK_SHARES)
        parts += [
            "## Rate against number of users\n",
            "![Rate against number of users](performance/rates.svg)\n",
            report.shares_table(ours) + "\n",
        ]
    for name, setup in results.get("D", {}).get("setups", {}).items():
        parts += [f"## Where the time goes, {_SETUPS[name]}\n", report.profile_table(setup) + "\n", report.limit_text(name, setup) + "\n"]
    if "E" in results:
        parts += ["## A change by command\n", report.commands_table(results["E"]) + "\n"]
    return parts


def _stage_parts(docs, stages, results):
    parts = ["## The stages\n", report.table(report.stage_rows(stages)) + "\n"]
    if seconds := stages.seconds("load_file"):
        plots.loading(docs / "performance" / "loading.svg", seconds)
        parts += ["## Time to load\n", "![Time to load against number of users](performance/loading.svg)\n"]
    parts += ["## The record\n", report.table(report.record_rows(stages, results)) + "\n"]
    return parts


def _machine(results):
    where = results.get("machine") or machine.describe()
    dates = sorted({results[part]["date"] for part in "ABCDEF" if part in results} or {date.today().isoformat()})
    worthless = "\n**Measured with `--quick`: these figures are worth nothing.**\n" if results.get("quick") else ""
    return (
        f"Measured on {' and '.join(dates)}: {where['processor']}, {where['cores']} cores, {where['memory']} of memory, "
        f"Linux {where['kernel']}, {where['system']}, Kea {where['kea']}.\n{worthless}"
    )


if __name__ == "__main__":
    print(write(*map(Path, sys.argv[1:])))
