# SPDX-License-Identifier: MPL-2.0
"""Counts the queries that are lost while a large registry is replaced under load, and the slowest answer."""

import contextlib
import itertools
import os
import shutil
import threading

import perfdhcp
import registries
from servers import Server

_RATE = 2_000
_CLIENTS = 10_000
_EVERY = 3  # seconds
_LOADED = "USER_CHK_REGISTRY_LOADED"


def measure(variant, home, pairs, seconds):
    """Runs without and with replacing by turns, on one server."""
    with Server(4, variant, home) as server:
        perfdhcp.timed(server, 2, _CLIENTS, _RATE)
        contents = _two_contents(server, variant.users)
        return [
            {"left": _run(server, seconds), "replaced": _run_replaced(server, seconds, contents)} for _ in range(pairs)
        ]


def _two_contents(server, users):
    """Registries to take by turns, of the same users with boot files and without: each replacement is a change."""
    contents = {
        server.registry.with_suffix(".plain"): registries.PLAIN,
        server.registry.with_suffix(".boot"): registries.BOOT,
    }
    for path, attributes in contents.items():
        registries.write(path, server.family, users, attributes)
    return itertools.cycle(contents)


def _run(server, seconds):
    report = perfdhcp.timed(server, seconds, _CLIENTS, _RATE)
    return {"sent": report.sent, "lost": report.sent - report.received, "slowest": report.slowest}


def _run_replaced(server, seconds, contents):
    before = _loads(server)
    with _replacing(server.registry, contents) as times:
        found = _run(server, seconds)
    return {**found, "replaced": len(times), "loaded": _loads(server) - before}


def _loads(server):
    return sum(line.id == _LOADED for line in server.kea.log())


@contextlib.contextmanager
def _replacing(path, contents):
    """Meanwhile another content takes the name every few seconds; gives a list that has an entry for each."""
    end, times = threading.Event(), []

    def replace():
        while not end.wait(_EVERY):
            aside = path.with_suffix(".new")
            shutil.copyfile(next(contents), aside)
            os.replace(aside, path)
            times.append(aside)

    thread = threading.Thread(target=replace)
    thread.start()
    try:
        yield times
    finally:
        end.set()
        thread.join()
