# SPDX-License-Identifier: MPL-2.0
"""Times the commands that find, list and change users, by the number of users, on an otherwise idle server."""

import time
from statistics import median

from servers import Server

_RUNS = 9
_PAGE = 1_000


def measure(variant, home):
    """Returns the median of each command's times, in seconds."""
    with Server(4, variant, home) as server:
        added = [{"type": "HW_ADDR", "id": f"0f0f0f{number:02x}"} for number in range(_RUNS)]
        return {
            "user-chk-get": _time(server, "user-chk-get", added),
            "user-chk-list": _time(server, "user-chk-list", [{"limit": _PAGE}] * _RUNS),
            "user-chk-add": _time(server, "user-chk-add", [{"user": user} for user in added]),
            "user-chk-del": _time(server, "user-chk-del", added),
        }


def _time(server, name, arguments):
    times = []
    for each in arguments:
        began = time.perf_counter()
        answer = server.kea.command(name, **each)
        times.append(time.perf_counter() - began)
        assert answer["result"] in (0, 3), answer  # 3: there is no such user, or none at all
    return median(times)
