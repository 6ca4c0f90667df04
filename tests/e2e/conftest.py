# SPDX-License-Identifier: MPL-2.0
"""Options of the suite, its requirements, and the fixtures that create servers."""

import contextlib
import itertools
import os
import shutil
import signal
from collections import Counter, namedtuple
from pathlib import Path

import pytest

from lab.explained import watched
from lab.kea import release
from lab.net import remove_leftovers
from lab.process import missing, run
from lab.program import Program
from lab.races import runtime
from lab.sample import DATA, Sample
from lab.world import World

Settings = namedtuple("Settings", "hook helper multi_threading")

SERVICE_USER = "_kea"
# pytest's directories are closed to everyone but the user who runs it.
OPEN = Path("/mnt")

# The tests whose queries are explained beforehand, see lab/explained.py.
EXPLAINED = ("test_policy_", "test_rules_", "test_v4_attributes", "test_v6_attributes", "test_commands_explain", "test_scope")

# Files that take half a minute or more, the longest first: a run in several processes starts with them, so that none of
# them is left alone at the end.
SLOW = [
    *["test_registry_copy", "test_database", "test_database_faults", "test_outcome_faults", "test_scope", "test_samples"],
    *["test_policy_system_clients", "test_inventory", "test_rules_lease_ends", "test_commands_durable", "test_fuzz_servers"],
    *["test_outcome_rotation", "test_high_availability_database"],
]

# dhclient is not in this list: Debian after 13 does not have it, and its tests say so when they are skipped.
TOOLS = [
    *["ip", "unshare", "nsenter", "setpriv", "mount", "kea-dhcp4", "kea-dhcp6", "kea-ctrl-agent", "curl"],
    *["perfdhcp", "udhcpc", "dhcpcd", "logrotate"],
]


def pytest_addoption(parser):
    group = parser.getgroup("kea-user-chk")
    group.addoption("--hook", type=Path, metavar="PATH", help="libdhcp_user_chk.so, the library to test")
    group.addoption("--helper", type=Path, metavar="PATH", help="libmeddler.so, the library that gets in the way of others")
    group.addoption("--multi-threading", choices=["on", "off"], default="off", help="Kea's packet threads")
    group.addoption("--seed", type=int, default=1, help="of tests that make random configurations and queries")
    group.addoption("--fuzz-seconds", type=int, default=20, help="how long random queries go on, for each protocol")
    group.addoption("--fuzz-round", type=int, metavar="N", help="runs this round of random queries alone")


def pytest_configure(config):
    config.addinivalue_line("markers", "thread_sanitizer: for a hook that was built with ThreadSanitizer")
    config.addinivalue_line("markers", "unexplained: no command is to come before the queries of this test")
    config.option.loadscopereorder = False  # otherwise pytest-xdist would start with the files with the most tests
    if config.option.collectonly or config.option.help:
        return
    if os.geteuid() != 0:
        raise pytest.UsageError("tests/e2e makes network namespaces and starts servers: run it as root")
    if absent := missing(TOOLS):
        raise pytest.UsageError(f"tests/e2e needs these tools, which are not installed: {', '.join(absent)}")
    for option in ("hook", "helper"):
        path = config.getoption(option)
        if path is None:
            raise pytest.UsageError(f"tests/e2e needs --{option} PATH, see --help")
        if not path.is_file():
            raise pytest.UsageError(f"--{option}: there is no library {path}")
    try:
        remove_leftovers()
        probe = f"uchk-{os.getpid()}-0"
        run("ip", "netns", "add", probe)
        run("ip", "netns", "delete", probe)
    except RuntimeError as error:
        raise pytest.UsageError(f"tests/e2e needs network namespaces: {error}") from error
    # A terminated run removes its namespaces and servers, just like an interrupted one.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(config, items):
    """Slow files come first. A hook with ThreadSanitizer loads only where a test asks for it, and then must be given."""
    items.sort(key=lambda item: SLOW.index(item.path.stem) if item.path.stem in SLOW else len(SLOW))
    sanitized = config.option.hook is not None and runtime(config.option.hook) is not None
    chosen = [item for item in items if bool(item.get_closest_marker("thread_sanitizer")) == sanitized]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


def pytest_unconfigure(config):
    if os.geteuid() == 0 and not missing(["ip"]):
        remove_leftovers()


def pytest_report_header(config):
    return (
        f"Kea {'.'.join(map(str, release()))}, multi-threading {config.option.multi_threading}, "
        f"hook {config.option.hook}"
    )


@pytest.fixture(scope="session")
def settings(pytestconfig, tmp_path_factory):
    """Copies the libraries to where servers can have hard links to them."""
    option, folder = pytestconfig.option, tmp_path_factory.mktemp("hooks")
    hook, helper = (Path(shutil.copy(library, folder)) for library in (option.hook, option.helper))
    return Settings(hook, helper, option.multi_threading == "on")


@pytest.fixture(scope="session")
def shared_world4(tmp_path_factory, settings):
    yield from _running(World(4, tmp_path_factory.mktemp("v4"), settings))


@pytest.fixture(scope="session")
def shared_world6(tmp_path_factory, settings):
    yield from _running(World(6, tmp_path_factory.mktemp("v6"), settings))


@pytest.fixture(scope="session")
def program(pytestconfig):
    """The program that was built with the library."""
    return Program(pytestconfig.option.hook)


@pytest.fixture
def sample(tmp_path, settings):
    """A kea-dhcp4 that runs the sample of the task "Enroll by command", with the registry of the pages."""
    conf, registry = (DATA / name for name in ("tasks/enroll/kea-dhcp4.conf", "user_chk_registry.txt"))
    made = Sample(4, tmp_path, settings, *(path.read_text(encoding="utf-8") for path in (conf, registry)))
    try:
        made.server.start()
        yield made
    finally:
        made.close()


@pytest.fixture(scope="session")
def shared_site4(tmp_path_factory, settings):
    yield from _running(World(4, tmp_path_factory.mktemp("site4"), settings))


@pytest.fixture(scope="session")
def shared_site6(tmp_path_factory, settings):
    yield from _running(World(6, tmp_path_factory.mktemp("site6"), settings))


@pytest.fixture(autouse=True)
def explained(request, monkeypatch):
    """Has queries explained and compared with their answers, and counts the queries of each kind."""
    counts = Counter()
    if request.module.__name__.startswith(EXPLAINED) and request.node.get_closest_marker("unexplained") is None:
        monkeypatch.setattr(World, "client_with", watched(World.client_with, counts))
    return counts


def _running(world):
    try:
        yield world.start()
    finally:
        world.close()


@pytest.fixture
def v4(shared_world4):
    """The kea-dhcp4 that most tests share, with an empty registry."""
    assert shared_world4.server.is_running(), "an earlier test has brought kea-dhcp4 down"
    return shared_world4.begin()


@pytest.fixture
def v6(shared_world6):
    """The kea-dhcp6 that most tests share, with an empty registry."""
    assert shared_world6.server.is_running(), "an earlier test has brought kea-dhcp6 down"
    return shared_world6.begin()


@pytest.fixture
def site4(shared_site4):
    """The kea-dhcp4 that the policy tests share: each of them applies its own configuration."""
    assert shared_site4.server.is_running(), "an earlier test has brought kea-dhcp4 down"
    return shared_site4.begin()


@pytest.fixture
def site6(shared_site6):
    """The kea-dhcp6 that the policy tests share: each of them applies its own configuration."""
    assert shared_site6.server.is_running(), "an earlier test has brought kea-dhcp6 down"
    return shared_site6.begin()


@pytest.fixture(params=[4, 6], ids=["v4", "v6"])
def family(request):
    """Each protocol in turn, for behavior that they have in common."""
    return request.param


@pytest.fixture(params=["text", "json"])
def form(request):
    """Each format of the outcome file in turn, for behavior that they have in common."""
    return request.param


@pytest.fixture
def either(request, family):
    """The shared server of each protocol in turn."""
    return request.getfixturevalue(f"v{family}")


@pytest.fixture
def site(request, family):
    """The server of each protocol in turn that is configured by the test."""
    return request.getfixturevalue(f"site{family}")


@pytest.fixture
def make_world(tmp_path, settings):
    """Creates servers for a single test, not yet running; they end with the test."""
    numbers = itertools.count(1)
    with contextlib.ExitStack() as worlds:

        def make(family, home=None, **how):
            world = World(family, home or tmp_path / f"{family}-{next(numbers)}", settings, **how)
            worlds.callback(world.close)
            return world

        yield make


@pytest.fixture
def own(make_world, family):
    """A server for a single test, not yet running, for each protocol in turn."""
    return make_world(family)


@pytest.fixture
def own_unprivileged(tmp_path, make_world, family):
    """Like `own`, run by the user that runs the servers on Debian; it sees its files in a place that is open to all."""
    home = tmp_path / "own"
    return make_world(family, home, seen_as=OPEN, mounts=[f"mount --bind {home} {OPEN}"], user=SERVICE_USER)


@pytest.fixture
def make_both(tmp_path, make_world):
    """Creates kea-dhcp4 and kea-dhcp6 with one registry and one outcome file, not yet running."""
    files = tmp_path / "both"

    def make(seen_as=files, **how):
        """`seen_as` is where they see the directory of those files, which also has all their other files."""
        mounts = [f"mount --bind {files} {seen_as}"] if seen_as != files else []
        return [
            make_world(
                family,
                home=files / f"kea{family}",
                files=files,
                seen_as=seen_as / f"kea{family}",
                mounts=mounts,
                **how,
            )
            for family in (4, 6)
        ]

    return make


@pytest.fixture
def both_unprivileged(make_both):
    """The same, run by the user that runs the servers on Debian."""
    return make_both(seen_as=OPEN, user=SERVICE_USER)


@pytest.fixture
def both_on_defaults(make_both):
    """kea-dhcp4 and kea-dhcp6 without any parameters, on one private /tmp."""
    worlds = make_both(seen_as=Path("/tmp"))
    for world in worlds:
        del world.hook["parameters"]
        world.start()
    return worlds
