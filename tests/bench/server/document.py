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

`scripts/bench-report` makes this page from the measurements of `scripts/bench-server` and `scripts/bench-stages`. An
*empty hook* has the same callouts, which return at once: it shows what Kea itself spends on calling them. *Ours* is
this library. A figure without a target is there for comparison. [performance-database.md](performance-database.md) has
the figures that depend on a registry in a database.
"""

_METHOD = """\
## How it is measured

`scripts/bench-server` measures the server's figures with real servers and perfdhcp in network namespaces:

- All files are on a file system in memory, so that no disk hides the cost of the hook. A *bare* server keeps its leases
  in memory and logs only warnings, so the share of the hook is as large as it can be. *Kea with its defaults* has a
  lease file, and logs a line for each offer and each lease. The server is bare unless the table says otherwise; the
  rates by number of users are those of Kea with its defaults. All other settings have their defaults.
- All clients of perfdhcp are registered, except if there are fewer users than clients. With DHCPv4, perfdhcp acts as a
  relay.
- callgrind counts the instructions. The figure is the slope between runs of two lengths, with clients that have a
  lease. Kea creates and destroys outside the callouts what a hook stores with a query. The allocator merges free memory
  or not, depending on the positions of its blocks, which makes a difference of some thousand instructions. A figure
  says so if this differs. Any command to the server changes these positions.
- Exchanges per second are those that were completed when 15 % more were offered than the server that it is compared
  with can complete at most. The compared servers run side by side and take turns under load, with new servers for each
  pair of runs. The figure is the median of the ratios of the pairs. Load beyond the capacity of a server reduces its
  exchanges, so shares of processor time are closer to each other than shares of rates. Without multi-threading, the
  server has a core of its own; with multi-threading, server and clients share all cores.
- perf sampled 2,000 times per second where the time goes, in saturated servers with 1,000,000 users and without
  multi-threading. Time in the kernel is counted by system call, other time by the library whose code ran. The cost of
  sending a response includes much of the cost of the network and of waking perfdhcp.
- Processor time at 2,000 exchanges/s is what the kernel counts for the server. The servers take turns for 10 s each, in
  five rounds. Meanwhile a process of the lowest priority keeps the server's core from sleeping.
- A command is timed from outside, over the UNIX socket of a server that does nothing else; the figure is the median of
  9. A list has 1,000 users. A change copies the file; on a disk, the time of syncing is added. The table above shows
  how long queries wait meanwhile.
- The figures of stock were measured separately, with the same method on two cores, with Kea 2.2.0, and 8,000 exchanges
  offered.
"""


_SETUPS = {"bare": "a bare server", "default": "Kea with its defaults"}


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
