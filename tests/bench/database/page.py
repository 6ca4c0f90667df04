# SPDX-License-Identifier: MPL-2.0
"""Writes docs/performance-database.md from the results of scripts/bench-database."""

import json
import sys
from pathlib import Path
from statistics import mean, median

import report
from report import Row

_HEAD = """\
# Performance with a database

`scripts/bench-report` makes this page from the measurements of `scripts/bench-database`.
[performance.md](performance.md) has all figures that do not depend on where the users are stored.
"""

_METHOD = """\
## How it is measured

- Database, server and clients run on one machine with two cores. PostgreSQL has its defaults, except that it syncs
  nothing to the disk (`fsync` off). The server connects to it over a UNIX socket. The users share a hundred boot files;
  if they are loaded, their identifiers are in no order.
- The load average is that of the machine while a part was measured. If it is above 2, other work was waiting for the
  cores too. Times are then upper bounds; what is compared was measured in turns.
- A *follower* is the part of a server that follows the database, running alone in a program of its own. It looks for
  the user as soon as a change is in force. A *query* comes from a client that queries a real server again and again
  until the offer reflects what was committed; the statement was entered in psql. Both times start when the statement is
  sent, so they include the commit. Changes are made at random times. "By polling only" means that the triggers send no
  notifications.
- "Reading alone" copies the rows out of the database and does nothing with them.
- Memory is the peak of the follower's resident memory during a second load, above that before the first load: the old
  table, the new one, and little else.
- Processor time is that of all threads of a server without clients, from `/proc/PID/task/*/schedstat`. The time that
  the server spends without changes is subtracted from the time with them; writing copies is included. A copy takes the
  same time whether one user has changed or many. It is written so rarely that this is at most half a percent of the
  time.
- Exchanges per second are those of a server that is offered 15 % more than it can complete, as in
  [performance.md](performance.md#how-it-is-measured). The server has a core of its own; the database shares the other
  one with the clients. Runs without and with changes take turns; the figure is the median of the ratios of the pairs.
- While the database is down, 10,000 registered clients complete 2,000 exchanges per second. Each run takes 14 seconds,
  and the database is killed or stopped for 8 of these. Afterwards, the benchmark checks that the server follows the
  database again. For a failover, the first host is killed, and its standby, the second one of `host`, is promoted.
"""

_LATENCY = {"notified": 0.05, "asking": 0.6}  # seconds, the median
_WORST = 1.0
_CHANGE = 0.005  # seconds of processor time
_IDLE_HOUR = 20.0
_LOADS = {1_000_000: 3.0, 10_000_000: 35.0}
_TABLES = 2.0
_COPY = 1.0  # of the time for a file
_NOISE = 0.1
_SHARE = 0.98
_BUSY = 0.9  # of its core: the load from which the server counts as saturated

_HOW = {"notified": "notified", "asking": "by polling only"}


def write(docs, measured):
    results = json.loads(measured.read_text(encoding="utf-8"))
    path = docs / "performance-database.md"
    path.write_text("\n".join([_HEAD, _machine(results), report.table(rows(results)) + "\n", _METHOD]), encoding="utf-8")
    return path


def _machine(results):
    where = results["machine"]
    parts = {name: found for name, found in results.items() if name in _ROWS}
    dates = sorted({part["date"] for part in parts.values()})
    loads = ", ".join(f"{name} {part['load']:.1f}" for name, part in parts.items())
    worthless = "\n**Measured with `--quick`: these figures are worth nothing.**\n" if results.get("quick") else ""
    return (
        f"Measured on {' and '.join(dates)}: {where['processor']}, {where['cores']} cores, {where['memory']} of memory, "
        f"Linux {where['kernel']}, {where['system']}, Kea {where['kea']}, PostgreSQL {where['postgresql']}. "
        f"Load average by part: {loads}.\n{worthless}"
    )


def spread(seconds):
    """The median, the 99th percentile, and the maximum."""
    ordered = sorted(seconds)
    late = ordered[int(0.99 * (len(ordered) - 1))]
    return f"{_ms(median(ordered))} median, {_ms(late)} for 99 of 100, {_ms(ordered[-1])} worst of {len(ordered):,}"


def _ms(seconds):
    return f"{seconds * 1e3:,.1f} ms"


def rows(results):
    return [row for part, make in _ROWS.items() if part in results for row in make(results[part])]


def _latency_row(measure, seconds, most, worst=_WORST):
    reach = f"median {_ms(most)}, worst {worst:.0f} s" if most else f"worst {worst:.0f} s"
    reached = max(seconds) <= worst and (not most or median(seconds) <= most)
    return Row(measure, spread(seconds), "", reach, reached)


def _change_rows(part):
    for how, found in part["found"].items():
        for name, what in (("seconds", "a follower"), ("served", "a query, kea-dhcp4")):
            measure = f"time from the commit of one row until it is in force, {what}, {_HOW[how]}, {part['users']:,} users"
            yield _latency_row(measure, found[name], _LATENCY[how])


def _crowd_rows(part):
    for how, found in part["found"].items():
        measure = f"time from the commit of one row until {part['followers']} followers have it in force, {_HOW[how]}, {part['users']:,} users each"
        yield _latency_row(measure, found["seconds"], None)


def _processor_rows(part):
    each = part["spent"] / part["changes"]
    yield Row(
        f"processor time of a server per change, {part['users']:,} users",
        _ms(each),
        f"{part['changes']:,} changes, 10 per second; copies written meanwhile: {part['copies']}",
        f"at most {_ms(_CHANGE)}",
        each <= _CHANGE,
    )
    hour = part["idle"] * 3600
    yield Row(
        "processor time of a server per idle hour",
        f"{hour:.1f} s, measured over {part['idle seconds']} seconds",
        "",
        f"less than {_IDLE_HOUR:.0f} s",
        hour < _IDLE_HOUR,
    )


def _load_rows(part):
    for users, found in part["users"].items():
        users = int(users)
        seconds, most = median(found["seconds"]), _LOADS.get(users)
        yield Row(
            f"full load of {users:,} users",
            f"{seconds:.2f} s, the first one {found['first seconds'][0]:.2f} s; {median(found['processor']):.2f} s of processor time",
            f"reading alone {median(found['reading']):.2f} s",
            *((f"at most {most:.0f} s", seconds <= most) if most else ()),
        )
        tables = max(found["peak"]) / found["table"][0]
        yield Row(
            f"peak memory during a full load of {users:,} users",
            f"{tables:.2f} tables, {max(found['peak']) / 2**20:,.0f} MiB",
            f"a table {found['table'][0] / 2**20:,.0f} MiB; the first load {max(found['first peak']) / 2**20:,.0f} MiB",
            f"at most {_TABLES:.0f} tables",
            tables <= _TABLES * (1 + _NOISE / 10),
        )


def _copy_rows(part):
    ratio = median(copy / file for copy, file in zip(part["copy"], part["file"]))
    yield Row(
        f"start from the copy while the database is down, {part['users']:,} users",
        f"{ratio:.2f} times the load of a file, {median(part['copy']):.2f} s",
        f"the file {median(part['file']):.2f} s; writing the copy takes {part['writing processor'][0]:.2f} s of processor time",
        f"at most {_COPY:.0f}, within noise",
        ratio <= _COPY + _NOISE,
    )


def _rate_rows(part):
    pairs = part["pairs"]
    ratios = sorted(pair["changed"]["rate"] / pair["left"]["rate"] for pair in pairs)
    processor = median(pair["left"]["processor"] / pair["changed"]["processor"] for pair in pairs)
    saturated = _middle(pairs, "left", "busy") > _BUSY
    yield Row(
        f"exchanges/s with {part['rate']} changes per second, {part['users']:,} users",
        f"{median(ratios):.3f} of the rate without (pairs: {ratios[0]:.3f} to {ratios[-1]:.3f}); {processor:.3f} by processor time",
        f"{_middle(pairs, 'left', 'rate'):,.0f} without, offered {part['offered']:,}{'' if saturated else ', **not saturated**'};"
        f" {_middle(pairs, 'changed', 'changes'):.0f} changes per second were committed;"
        f" following takes {mean(pair['changed']['beside'] for pair in pairs):.1%} of a core",
        f"at least {_SHARE}",
        median(ratios) >= _SHARE if saturated else None,
    )


def _middle(pairs, turn, figure):
    return median(pair[turn][figure] for pair in pairs)


def _fault_rows(part):
    for name, runs in part["found"].items():
        harmed = [run["harmed"] for run in runs]
        lost = sum(run["lost"] for run in harmed)
        yield Row(
            f"queries lost while the database is {name}, 2,000 exchanges/s",
            f"{lost:,} of {sum(run['sent'] for run in harmed):,}; slowest answer {max(run['slowest'] for run in harmed):.1f} ms",
            f"{sum(run['left']['lost'] for run in runs):,} without that, slowest {max(run['left']['slowest'] for run in runs):.1f} ms",
            "0",
            lost == 0,
        )


_ROWS = {
    "changes": _change_rows,
    "crowd": _crowd_rows,
    "processor": _processor_rows,
    "loads": _load_rows,
    "copy": _copy_rows,
    "rates": _rate_rows,
    "faults": _fault_rows,
}

if __name__ == "__main__":
    print(write(*map(Path, sys.argv[1:])))
