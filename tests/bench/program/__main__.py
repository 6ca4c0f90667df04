# SPDX-License-Identifier: MPL-2.0
"""Measures what the program takes for large files; the part of scripts/bench-program that is not installing and building."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median

import histories

MILLION = 1_000_000


def measured(program, *arguments):
    """Runs the program once. Returns seconds, seconds of processor time, and the maximum memory in MB."""
    began = time.monotonic()
    with subprocess.Popen([program, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        errors = process.stderr.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{program} {arguments[0]} has failed: {errors}")
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def measure_who(options, folder):
    """who: rows of what is asked, in what, and the calls to measure it by."""
    plain = folder / "outcome"
    # In another process, whose memory is not counted as that of this one's children.
    with ProcessPoolExecutor(1) as other:
        known = other.submit(histories.write, plain, options.records).result()
    told = f"{options.records:,} records, {plain.stat().st_size / 1e9:.1f} GB"
    yield f"who, an address of IPv4, {told}", ("who", known.address4, plain)
    yield f"who, an address of IPv6, {told}", ("who", known.address6, plain)
    yield f"who, a client, {told}", ("who", "--client", known.client, plain)
    packed = folder / "outcome.gz"
    with open(packed, "wb") as file:
        subprocess.run(["gzip", "-1", "--stdout", plain], stdout=file, check=True)
    yield f"who, an address of IPv4, {told}, gzip", ("who", known.address4, packed)


def measure_check(options, folder):
    """check: a registry of a million users, who share a hundred boot files."""
    registry = folder / "registry"
    with open(registry, "w", encoding="ascii") as file:
        for number in range(options.users):
            mac = ":".join(f"{byte:02x}" for byte in (0x02AA << 32 | number).to_bytes(6, "big"))
            file.write(f'{{ "type" : "HW_ADDR", "id" : "{mac}", "bootfile" : "/boot/image-{number % 100}.img" }}\n')
    yield f"check, {options.users:,} users", ("check", registry)


# Each part yields a name and the arguments of the program.
PARTS = {"who": measure_who, "check": measure_check}


def main():
    parser = argparse.ArgumentParser(prog="bench-program", description=__doc__)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=PARTS, action="append")
    options = parser.parse_args()
    options.records = MILLION // 4 if options.quick else 10 * MILLION
    options.users = MILLION // 100 if options.quick else MILLION
    found = []
    print(f"{'seconds':>8} {'CPU':>8} {'MB':>6}")
    for part in options.only or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            for name, arguments in PARTS[part](options, Path(folder)):
                runs = [measured(options.program, *arguments) for _ in range(3)]
                seconds, processor, memory = (median(values) for values in zip(*runs))
                print(f"{seconds:8.2f} {processor:8.2f} {memory:6.0f}  {name}", flush=True)
                found.append({"name": name, "seconds": seconds, "processor": processor, "megabytes": memory})
    options.output.write_text(json.dumps(found, indent=4), encoding="utf-8")


if __name__ == "__main__":
    main()
