# SPDX-License-Identifier: MPL-2.0
"""Kea's own hook libraries that a server may load beside ours, in the order of the guide, if the release has them."""

from pathlib import Path

# Those before ours, and those after it, by protocol; each with the parameters that it needs.
_BEFORE = {"lease_cmds": {}}
_AFTER = {
    "stat_cmds": {},
    "class_cmds": {},
    "host_cmds": {},
    "subnet_cmds": {},
    "perfmon": {"enable-monitoring": True},
    "host_cache": {"maximum": 100},
    "limits": {},
    "ddns_tuning": {"hostname-expr": "'fuzz-host'"},
}
_AFTER4 = {
    "flex_option": {"options": [{"code": 67, "supersede": "'fuzz.img'"}]},
    "flex_id": {"identifier-expression": "relay4[2].hex"},
    "lease_query": {"requesters": ["10.1.0.9"]},
    "ping_check": {"min-ping-requests": 1, "reply-timeout": 20},
}
_AFTER6 = {
    "flex_option": {"options": [{"code": 59, "add": "'fuzz'"}]},
    "flex_id": {"identifier-expression": "relay6[0].option[37].hex"},
    "lease_query": {"requesters": ["2001:db8::9"]},
}
# It packs the responses to BOOTP clients itself, so no library that looks at responses may come after it.
_LAST = {4: {"bootp": {}}}


def beside(world, rng, ours):
    """Returns a list for `hooks-libraries` with `ours` in it, and the names of the others."""
    after = {**_AFTER, **(_AFTER4 if world.family == 4 else _AFTER6)}
    chosen = [name for name in after if rng.random() < 0.25 and _path(name)]
    rng.shuffle(chosen)
    chosen += [name for name in _LAST.get(world.family, {}) if rng.random() < 0.4]
    before = [name for name in _BEFORE if rng.random() < 0.3 and _path(name)]
    known = {**_BEFORE, **after, **_LAST.get(world.family, {})}
    made = {name: _entry(world, name, known[name]) for name in before + chosen}
    script = [_run_script(world)] if rng.random() < 0.15 and _path("run_script") else []
    libraries = [made[name] for name in before] + [ours] + script + [made[name] for name in chosen]
    return libraries, before + chosen + (["run_script"] if script else [])


def _path(name):
    return next(Path("/usr/lib").glob(f"*/kea/hooks/libdhcp_{name}.so"), None)


def _entry(world, name, parameters):
    library = world.server.install(_path(name))
    return {"library": library, **({"parameters": parameters} if parameters else {})}


def _run_script(world):
    script = world.server.home / "script"
    script.write_text("#!/bin/sh\nexit 0\n")
    script.chmod(0o755)
    return _entry(world, "run_script", {"name": str(world.server.seen_as / "script"), "sync": False})
