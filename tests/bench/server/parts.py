# SPDX-License-Identifier: MPL-2.0
"""Runs a benchmark part by part, and saves the results: the common part of bench-server and bench-database."""

import argparse
import json
import os
import tempfile
import time
from datetime import date
from pathlib import Path

import machine
import report
from lab.net import remove_leftovers


def options(program, description, parts, **files):
    """Parses the command line; `files` are the required files besides the hook, with their descriptions."""
    parser = argparse.ArgumentParser(prog=program, description=description)
    for name, what in {"hook": "libdhcp_user_chk.so", **files, "output": "where the figures go, as JSON"}.items():
        parser.add_argument(f"--{name}", type=Path, required=True, help=what)
    parser.add_argument("--only", action="append", choices=parts, help="a part; may be given again")
    parser.add_argument("--quick", action="store_true", help="tiny sizes: shows that it works, the figures are worthless")
    return parser.parse_args()


def run(given, parts, sizes, rows, **of_machine):
    """Runs the requested parts, saves their results, and prints the table of rows.

    `of_machine` describes the machine, in addition to what report.py does, to tell machines apart.
    """
    results = _earlier(given, {**machine.describe(), **of_machine})
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/run") as home:
        try:
            for part in given.only or parts:
                print(f"== {part}: {parts[part].__doc__}", flush=True)
                began = time.monotonic()
                found = parts[part](given, sizes, Path(home))
                results[part] = {"date": date.today().isoformat(), "load": os.getloadavg()[1], **found}
                given.output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
                print(f"   took {time.monotonic() - began:.0f} s, load average {os.getloadavg()[1]:.1f}", flush=True)
        finally:
            remove_leftovers()
    print(report.table(rows(results)))


def _earlier(given, here):
    """Returns earlier results, so that one part can be measured again; none from another machine."""
    here = {"machine": here, "quick": given.quick}
    if given.only and given.output.exists():
        found = json.loads(given.output.read_text(encoding="utf-8"))
        if all(found.get(name) == value for name, value in here.items()):
            return found
    return here
