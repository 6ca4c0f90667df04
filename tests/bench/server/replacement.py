# SPDX-License-Identifier: MPL-2.0
"""Counts the queries that are lost while a large registry changes under load, and finds the slowest answer."""

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
_REPLACED_EVERY = 3  # seconds
_APPENDED_EVERY = 1
_LOADED = "USER_CHK_REGISTRY_LOADED"


def measure(variant, home, pairs, seconds, change):
    """Alternates runs without and with changes, on one server: the whole file is "replaced", or a line is "appended"."""
    with Server(4, variant, home) as server:
        perfdhcp.timed(server, 2, _CLIENTS, _RATE)
        if change == "replaced":
            make_change, every = _replacement(server, variant.users), _REPLACED_EVERY
        else:
            make_change, every = _appending(server, variant.users), _APPENDED_EVERY
        return [
            {"left": _run(server, seconds), "changed": _run_changed(server, seconds, make_change, every)} for _ in range(pairs)
        ]


def _replacement(server, users):
    """Returns a function that replaces the file by another content."""
    contents = _two_contents(server, users)

    def replace():
        aside = server.registry.with_suffix(".new")
        shutil.copyfile(next(contents), aside)
        os.replace(aside, server.registry)

    return replace


def _appending(server, users):
    """Returns a function that appends a line."""
    numbers = itertools.count(users)

    def append():
        registries.append(server.registry, server.family, next(numbers))

    return append


def _two_contents(server, users):
    """Returns registries to alternate, with and without boot files for the same users: each replacement is a change."""
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


def _run_changed(server, seconds, change, every):
    before = _loads(server)
    with _meanwhile(change, every) as times:
        found = _run(server, seconds)
    return {**found, "changes": len(times), "loaded": _loads(server) - before}


def _loads(server):
    return sum(line.id == _LOADED for line in server.kea.log())


@contextlib.contextmanager
def _meanwhile(change, every):
    """Meanwhile changes the registry every few seconds. Yields a list that gets an entry for each change."""
    end, times = threading.Event(), []

    def keep_changing():
        while not end.wait(every):
            change()
            times.append(every)

    thread = threading.Thread(target=keep_changing)
    thread.start()
    try:
        yield times
    finally:
        end.set()
        thread.join()
