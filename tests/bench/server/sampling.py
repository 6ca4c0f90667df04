# SPDX-License-Identifier: MPL-2.0
"""Finds out what a saturated server spends its processor time on, by sampling with perf."""

import re
import signal
import subprocess
from collections import Counter
from statistics import mean

import perfdhcp
import saturation
from lab.process import spawn
from servers import Server

_HERTZ = 2000
# The frames of a sample that name a system call: its handler, or what inlining left of it.
_CALL = re.compile(r"\b(?:__(?:x64|arm64)_sys_|ksys_)(\w+)")
_FRAME = re.compile(r"^\s+[0-9a-f]+ (.*) \((.*)\)$")


def measure(family, variants, home, rounds, seconds, bare):
    """Returns {variant: {place: microseconds of processor time per exchange}}; "total" is a place too."""
    found = {variant.name: [] for variant in variants}
    offered = None
    for number in range(rounds):
        for variant in variants if number % 2 == 0 else reversed(variants):
            with Server(family, variant, home, bare=bare) as server:
                offered = offered or saturation.saturating(server)
                perfdhcp.timed(server, 1, saturation.CLIENTS, offered)
                samples = home / "perf.data"
                run = _sampled(server, samples, seconds, offered)
                found[variant.name].append(_by_place(samples, run.processor))
    return {name: _mean(runs) for name, runs in found.items()}


def _sampled(server, samples, seconds, offered):
    perf = spawn(
        ["perf", "record", "-q", "-g", "-e", "cpu-clock", "-F", str(_HERTZ), "-o", str(samples), "-p", str(server.kea.pid)],
        stdin=subprocess.DEVNULL,
    )
    try:
        return saturation.run(server, seconds, offered)
    finally:
        perf.send_signal(signal.SIGINT)
        perf.wait()


def _by_place(samples, microseconds):
    script = subprocess.run(
        ["perf", "script", "-i", str(samples), "-F", "ip,sym,dso"], check=True, capture_output=True, text=True
    )
    counted = Counter(_place(sample.splitlines()) for sample in script.stdout.split("\n\n") if sample.strip())
    of_one = microseconds / counted.total()
    return {"total": microseconds, **{place: count * of_one for place, count in counted.items()}}


def _place(frames):
    """Attributes a sample, innermost frame first, to a system call, or to the library or program that was running."""
    found = [match.groups() for match in map(_FRAME.match, frames) if match]
    if not found or not _is_kernel(found[0][1]):
        return re.sub(r"^.*/|\.so.*", "", found[0][1]) if found else "unknown"
    for symbol, library in found:
        if call := _CALL.search(symbol):
            return f"{call[1]}()"
        if not _is_kernel(library):  # the C library's function stands for the call
            return f"{re.sub(r'^_*(GI_+)?(libc_)?|(64)?([@+].*)?$', '', symbol)}()"
    return "the kernel, outside of calls"


def _is_kernel(library):
    return library.startswith("[") and library != "[vdso]"


def _mean(runs):
    return {place: mean(run.get(place, 0) for run in runs) for place in {place for run in runs for place in run}}
