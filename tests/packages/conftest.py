# SPDX-License-Identifier: MPL-2.0
"""Where the packages are installed: on this machine, or on one that is made of Kea's servers and the packages."""

import contextlib
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from lab.machine import Layers, Machine  # noqa: E402
from lab.net import remove_leftovers  # noqa: E402
from site_of_packages import Site, install  # noqa: E402


def pytest_addoption(parser):
    group = parser.getgroup("kea-user-chk")
    group.addoption("--packages", type=Path, metavar="DIR", help="the packages to install; without it, on this machine they are")
    group.addoption("--servers", type=Path, metavar="DIR", help="the root of a machine that has Kea's servers (scripts/release-root)")


def pytest_configure():
    if os.geteuid() != 0:
        raise pytest.UsageError("tests/packages makes network namespaces and installs packages: run it as root")


def pytest_unconfigure():
    remove_leftovers()


@pytest.fixture(scope="session")
def layers(tmp_path_factory):
    with contextlib.closing(Layers(tmp_path_factory.mktemp("machines"))) as made:
        yield made


@pytest.fixture(scope="session")
def packages(pytestconfig):
    """The files of the packages by their names, those for debuggers left out."""
    files = sorted(pytestconfig.option.packages.glob("*.deb"))
    found = {file.name.split("_")[0]: file for file in files if "-dbgsym_" not in file.name}
    assert list(found) == ["kea-user-chk-hook", "kea-user-chk"], f"in {pytestconfig.option.packages} there are {list(found)}"
    return found


@pytest.fixture(scope="session")
def bare(pytestconfig):
    """A machine with Kea's servers, never to be changed."""
    return Machine(pytestconfig.option.servers)


@pytest.fixture(scope="session")
def installed(layers, bare, packages):
    """The same with the packages, never to be changed."""
    machine = layers.on(bare.root)
    install(machine, *packages.values())
    return machine


@pytest.fixture(scope="module")
def machine(request, pytestconfig):
    """A machine with the packages, for the tests of a file."""
    if pytestconfig.option.packages is None:
        return Machine("/")
    made, below = (request.getfixturevalue(name) for name in ("layers", "installed"))
    return made.on(below.changes, request.getfixturevalue("bare").root)


@pytest.fixture(scope="module")
def site(machine, tmp_path_factory):
    """The machine on a LAN, with the samples of the package as its configuration."""
    with contextlib.closing(Site(machine, tmp_path_factory.mktemp("site"))) as made:
        yield made
