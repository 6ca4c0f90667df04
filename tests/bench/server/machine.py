# SPDX-License-Identifier: MPL-2.0
"""Describes the machine that the results are from."""

import os
import platform
import re
from pathlib import Path

from lab.kea import release


def describe():
    return {
        "processor": _field("/proc/cpuinfo", r"^model name\s*: (.*)$"),
        "cores": os.cpu_count(),
        "memory": f"{int(_field('/proc/meminfo', r'^MemTotal: +([0-9]+)')) / 2**20:.0f} GiB",
        "kernel": platform.release(),
        "system": _field("/etc/os-release", r'^PRETTY_NAME="(.*)"$'),
        "kea": ".".join(map(str, release())),
    }


def _field(path, pattern):
    """Returns what the pattern finds in a file; "unknown" when the file does not have it, as on some processors."""
    match = re.search(pattern, Path(path).read_text(encoding="utf-8"), re.MULTILINE)
    return match[1] if match else "unknown"
