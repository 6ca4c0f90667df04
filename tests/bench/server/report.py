# SPDX-License-Identifier: MPL-2.0
"""Creates tables of the results, and docs/performance.md from the tables."""

import re
from collections import namedtuple
from statistics import median

# One result: its reference in the same run, its limit, and whether it meets the limit; None means there is no limit.
Row = namedtuple("Row", "measure figure compared reach reached", defaults=("", "", None))

_INSTRUCTIONS = 12_000
_AFTER_A_LOAD = 500  # instructions more or less
_ABSENT, _MISSED = 300, 1_500  # extra instructions for an identifier that queries do not have, or the registry does not
_SHARES = {True: 0.95, False: 0.93}  # of a bare server, and of Kea with its defaults
_SATURATED = 0.98  # the maximum fraction of the offered load that an overloaded server completes
_BUSY = 0.9  # of its core: the load from which a server without threads counts as saturated
_LOOKUP = 130  # nanoseconds
_LOOKUP_UNDER_CHANGES = 180
_LOADING = {1_000_000: 400, 10_000_000: 5_000}  # milliseconds by number of users
_APPENDED = {1_000_000: 60, 10_000_000: 600}
_CHANGED = {1_000_000: 120}
_MEMORY = 75  # bytes per user
_COMMAND = 100  # milliseconds

# For stock's user_chk, on two cores, Kea 2.2.0, 8,000 exchanges/s offered: the fraction of the rate without a hook, by
# users.
STOCK_SHARES = {0: 0.97, 10: 0.41, 100: 0.10, 1_000: 0.0024, 20_000: 0.0}
_STOCK_INSTRUCTIONS = {0: 67_000, 10: 1_090_000}

_SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1}


def server_rows(results):
    """Returns the rows of build/bench/server.json, as far as it has them."""
    makers = {"A": _instruction_rows, "B": _saturation_rows, "C": _replacement_rows, "F": _processor_rows}
    return [row for part, make in makers.items() if part in results for row in make(results[part])]


def _instruction_rows(part):
    variants = {name: found["instructions"] for name, found in part["variants"].items()}
    empty = variants["empty"]
    for name, count in variants.items():
        if name in ("none", "empty"):
            continue
        above, found = count - empty, part["variants"][name]
        reach = _at_most(above, _INSTRUCTIONS, ",") if name in part["reach"] else ()
        yield Row(
            f"instructions per exchange above an empty hook: {_named(name)}",
            f"{above:,.0f}, of which {found['callouts']:,.0f} in the callouts{_luck(found, part['variants']['empty'])}",
            f"empty hook {empty:,.0f}, no hook {variants['none']:,.0f}",
            *reach,
        )
    for name in part["reach"] if "afterwards" in part["variants"]["empty"] else ():
        more = _increase(part["variants"][name])
        yield Row(
            f"increase in instructions per exchange after another load: {_named(name)}",
            f"{more:+,.0f}",
            f"{_increase(part['variants']['empty']):+,.0f} with an empty hook after Kea's `list-commands`",
            f"at most {_AFTER_A_LOAD} more or less",
            abs(more) <= _AFTER_A_LOAD,
        )
    for what, reach, (ours, base, count) in zip(
        ("that queries do not have", "that the registry does not have"), (_ABSENT, _MISSED), part.get("identifiers", ())
    ):
        more = (variants[ours] - variants[base]) / count
        yield Row(f"instructions per exchange for each identifier {what}", f"{more:+,.0f}", "", *_at_most(more, reach, ","))
    for users, above in _STOCK_INSTRUCTIONS.items():
        yield Row(f"instructions per exchange above an empty hook: stock user_chk, {users} users, measured separately", f"{above:,}")


def _increase(found):
    return found["afterwards"] - found["instructions"]


def _luck(found, empty):
    """Says when the allocator's luck is part of a difference."""
    differs = abs(found["consolidating"] - empty["consolidating"]) > 100
    return "; not comparable, because the allocator behaved differently" if differs else ""


def _named(name):
    """Formats a number with thousands separators."""
    return re.sub(r"\d+", lambda match: f"{int(match[0]):,}", name)


def _saturation_rows(part):
    what = "four-way exchanges/s at saturation"
    for found in part["comparisons"]:
        ratios = sorted(pair[ours] / pair["empty"] for pair in _rates(found) for ours in pair if ours != "empty")
        yield Row(
            f"{what}, {part['users']:,} users, v{found['family']}, multi-threading {'on' if found['threads'] else 'off'}, "
            f"{_setup(found)}",
            f"{found['ratio']:.3f} of the rate with an empty hook (pairs: {ratios[0]:.3f} to {ratios[-1]:.3f}); "
            f"{1 / found['processor ratio']:.3f} by processor time",
            f"ours {found['rate']:,.0f}, empty hook {found['base rate']:,.0f}, offered {_offered(found)}",
            f"at least {_SHARES[found['bare']]}",
            found["ratio"] >= _SHARES[found["bare"]] if _saturated(found) else None,
        )
    for found in part["series"]:
        yield Row(
            f"{what}, {found['users']:,} users, v4, multi-threading off, Kea with its defaults",
            f"{found['ratio']:.3f} of the rate without a hook",
            f"ours {found['rate']:,.0f}, no hook {found['base rate']:,.0f}, offered {_offered(found)}",
        )


def _offered(found):
    return f"{found['offered']:,}" + ("" if _saturated(found) else ", **not saturated**")


def _saturated(found):
    """Whether the server was the bottleneck; otherwise rates mean nothing."""
    return found["base rate"] < _SATURATED * found["offered"] and (found["threads"] or found["busy"] > _BUSY)


def _rates(found):
    return [{name: run["rate"] for name, run in pair.items()} for pair in found["pairs"]]


_CHANGES = {"replaced": "{users:,} users are replaced every 3 s", "appended": "a line is appended to {users:,} users every second"}


def _replacement_rows(part):
    for found in part["found"]:
        refresh, change, pairs = found["refresh"], found["change"], found["pairs"]
        # With "packet" a query waits for the registry by which it is judged.
        must = refresh == "background" or change == "appended"
        left, changed = ([pair[how] for pair in pairs] for how in ("left", "changed"))
        what = f"while {_CHANGES[change].format(users=part['users'])}, 2,000 exchanges/s, refresh `{refresh}`"
        lost = _total(changed, "lost")
        yield Row(
            f"queries lost {what}",
            f"{lost:,} of {_total(changed, 'sent'):,}, {_total(changed, 'loaded')} loads",
            f"{_total(left, 'lost'):,} without changes",
            *(_at_most(lost, 0, "") if must else ()),
        )
        yield Row(
            f"slowest answer {what}",
            f"{_slowest(changed)} ms",
            f"{_slowest(left)} ms without changes",
            "no later, within noise" if refresh == "background" else "",
        )


_PROCESSOR = {"text": 9, "json": 12, "none": 2}  # microseconds by format of the record


def _processor_rows(part):
    for form, more in part["more"].items():
        yield Row(
            f"processor time per exchange above an empty hook, 2,000 exchanges/s, files on a disk, record: {form}",
            f"{median(more):.1f} us (rounds: {more[0]:.1f} to {more[-1]:.1f})",
            f"empty hook {part['empty']:.1f} us",
            *_at_most(median(more), _PROCESSOR[form], ""),
        )


def _total(runs, name):
    return sum(run[name] for run in runs)


def _slowest(runs):
    """Returns the slowest answer of each run."""
    return ", ".join(f"{run['slowest']:.1f}" for run in runs)


def _at_most(value, reach, form):
    return f"at most {reach:{form}}", value <= reach


def _in_time(seconds, most):
    """Returns the limit for a time, if it has one, in milliseconds."""
    return _at_most(seconds * 1e3, most, ",") if most else ()


class Stages:
    """The results in build/bench/stages.json, as Google Benchmark writes them."""

    def __init__(self, written):
        self._found = written["benchmarks"]

    def seconds(self, name):
        """Returns the real time by argument of the benchmark with that name: the median, if it was repeated."""
        return {
            argument: found["real_time"] * _SECONDS[found["time_unit"]] for argument, found in self._by_argument(name)
        }

    def one(self, name):
        """Returns the real time in seconds of the benchmark with that name and no argument; None if it was not run."""
        for found in self._found:
            if re.match(rf"{name}(/iterations|/repeats|$)", found.get("run_name", found["name"])):
                if found.get("aggregate_name", "median") == "median":
                    return found["real_time"] * _SECONDS[found["time_unit"]]
        return None

    def counter(self, name, counter):
        return {argument: found[counter] for argument, found in self._by_argument(name)}

    def _by_argument(self, name):
        for found in sorted(self._found, key=lambda found: found.get("aggregate_name") == "median"):
            match = re.match(rf"{name}/(\d+)(/|$)", found.get("run_name", found["name"]))
            if match and found.get("aggregate_name", "median") == "median" and not found.get("error_occurred"):
                yield int(match[1]), found


def stage_rows(stages):
    """Returns the rows of the stages that have a limit, and how the load time grows."""
    for name, what in (("lookup_hit", "hit"), ("lookup_miss", "miss")):
        for users, seconds in stages.seconds(name).items():
            reach = _at_most(seconds * 1e9, _LOOKUP, "") if users == 1_000_000 else ()
            yield Row(f"look-up, {what}, {users:,} users", f"{seconds * 1e9:.0f} ns", "", *reach)
    for users, seconds in stages.seconds("lookup_hit_under_changes").items():
        reach = _at_most(seconds * 1e9, _LOOKUP_UNDER_CHANGES, "")
        yield Row(f"look-up, hit, {users:,} users, 4,000 changes over them", f"{seconds * 1e9:.0f} ns", "", *reach)
    for users, seconds in stages.seconds("lookup_miss_of_prefixes").items():
        yield Row(f"look-up, miss, {users:,} users and 100 prefixes of 3 lengths", f"{seconds * 1e9:.0f} ns")
    for users, seconds in stages.seconds("load_file").items():
        yield Row(
            f"loading {users:,} users from a warm file",
            f"{seconds * 1e3:,.1f} ms, {seconds / users * 1e9:.0f} ns per user",
            "",
            *_in_time(seconds, _LOADING.get(users)),
        )
    for name, what, most in (
        ("follow_appended_line", "a line appended", _APPENDED),
        ("follow_changed_line", "a line changed in the middle", _CHANGED),
        ("follow_replaced_file", "another content", {}),
    ):
        for users, seconds in stages.seconds(name).items():
            yield Row(
                f"{what}, {users:,} users, until it is in force",
                f"{seconds * 1e3:,.1f} ms",
                "",
                *_in_time(seconds, most.get(users)),
            )
    for users, size in stages.counter("memory_per_user", "bytes_per_user").items():
        yield Row(f"memory per user, {users:,} users with boot files", f"{size:.0f} bytes", "", *_at_most(size, _MEMORY, ""))


_STEPS = {
    "format_text": "a record, formatted as text",
    "format_json": "a record, formatted as JSON",
    "append": "a record, appended",
    "bare_write": "a bare write of a record",
}


def record_rows(stages, results):
    """Returns the cost of a record, and the fraction of processor time for the two records of an exchange."""
    seconds = {name: stages.one(name) for name in _STEPS}
    for name, what in _STEPS.items():
        if seconds[name]:
            yield Row(what, f"{seconds[name] * 1e9:,.0f} ns")
    if not all(seconds.values()):
        return
    for found in results.get("B", {}).get("comparisons", ()):
        if found["family"] == 4 and not found["threads"]:
            exchange = median(run["processor"] for pair in found["pairs"] for name, run in pair.items() if name != "empty")
            for form in ("text", "json"):
                share = 2e6 * (seconds[f"format_{form}"] + seconds["append"]) / exchange
                yield Row(
                    f"the two records of an exchange, as {form}, {_setup(found)}",
                    f"{share:.1%} of the server's processor time",
                    f"{exchange:.1f} us per exchange",
                )


def _setup(found):
    return "a bare server" if found["bare"] else "Kea with its defaults"


_LEAST_SHOWN = 0.15  # the minimum difference, in microseconds per exchange, that is shown


def profile_table(setup):
    """Returns the cost of an exchange with the empty hook and with ours, by where the time is spent."""
    empty, ours = setup["empty"], setup["ours"]
    differences = {place: ours.get(place, 0) - empty.get(place, 0) for place in {*empty, *ours} - {"total"}}
    shown = sorted((place for place, more in differences.items() if abs(more) >= _LEAST_SHOWN), key=differences.get, reverse=True)
    lines = ["| us of processor time per exchange | empty hook | ours | more |", "| --- | --- | --- | --- |"]
    for place in shown:
        lines.append(f"| {place} | {empty.get(place, 0):.2f} | {ours.get(place, 0):.2f} | {differences[place]:+.2f} |")
    rest = [sum(found[place] for place in found if place not in (*shown, "total")) for found in (empty, ours)]
    lines.append(f"| everything else | {rest[0]:.2f} | {rest[1]:.2f} | {rest[1] - rest[0]:+.2f} |")
    lines.append(f"| all | {empty['total']:.2f} | {ours['total']:.2f} | {ours['total'] - empty['total']:+.2f} |")
    return "\n".join(lines)


def commands_table(part):
    """Returns how long a command takes, by number of users."""
    names = list(next(iter(part["users"].values())))
    lines = [f"| users | {' | '.join(f'`{name}`' for name in names)} |", f"| --- |{' --- |' * len(names)}"]
    for users, times in part["users"].items():
        lines.append(f"| {int(users):,} | {' | '.join(f'{times[name] * 1e3:,.1f} ms' for name in names)} |")
    return "\n".join([*lines, "", f"A change is to take at most {_COMMAND} ms."])


def limit_text(name, setup):
    """Returns what the limit on the rate allows for, compared with what the contract alone costs."""
    empty, ours = setup["empty"], setup["ours"]
    share = _SHARES[name == "bare"]
    left = (1 / share - 1) * empty["total"]
    writing, looking = (ours.get(call, 0) - empty.get(call, 0) for call in ("write()", "epoll_wait()"))
    return (
        f"A rate of {share} of the empty hook's leaves {left:.1f} us per exchange. The two records that the contract requires"
        f" take {writing:.1f} us, with one write(2) each. Asking the kernel whether one of the two files has changed, once"
        f" for each query, takes another {looking:.1f} us."
    )


def shares_table(ours):
    """Returns the fractions of the rate without a hook, for ours and for stock's."""
    lines = ["| users | share of the rate without a hook | stock user_chk, measured separately |", "| --- | --- | --- |"]
    for users in sorted({*ours, *STOCK_SHARES}):
        lines.append(f"| {users:,} | {_share(ours, users)} | {_share(STOCK_SHARES, users)} |")
    return "\n".join(lines)


def _share(shares, users):
    return f"{shares[users]:.2g}" if users in shares else "not measured"


def table(rows):
    """Formats rows as a Markdown table."""
    verdicts = {True: "yes", False: "**no**", None: ""}
    lines = ["| measure | figure | compared with | target | met |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        lines.append(f"| {' | '.join(row[:4])} | {verdicts[row.reached]} |")
    return "\n".join(lines)
