# SPDX-License-Identifier: MPL-2.0
"""Kea gets an update: apt leaves it, until there are packages for it, and takes all together then. The servers serve throughout.

The update is made of the packages that are installed, with the next version: a revision, as a security update is one.
"""

import pytest

from site_of_packages import KEA, apt, next_of_file, next_of_installed, repository

OURS = ["kea-user-chk", "kea-user-chk-hook"]


def versions(machine):
    return [machine.version(package) for package in KEA + OURS]


@pytest.fixture(scope="module")
def update(machine, packages, tmp_path_factory):
    """The files of Kea's update, and of our packages for it."""
    kea = machine.version("kea-common")
    home = tmp_path_factory.mktemp("update")
    replaced = {f"Version: {kea}": f"Version: {kea}+1", f"(= {kea})": f"(= {kea}+1)"}
    files = [next_of_installed(machine, package, home, replaced) for package in KEA]
    label = f"+kea{kea.replace('-', '.')}"
    ours = {f"(= {kea})": f"(= {kea}+1)", label: f"{label}+1"}
    return files, [next_of_file(packages[package], home, ours) for package in OURS]


@pytest.fixture(scope="module")
def served(site):
    site.set_up()
    return site


@pytest.mark.parametrize("command", ["upgrade", "dist-upgrade"])
def test_without_packages_for_it_an_update_is_held_back(machine, served, update, command):
    repository(machine, *update[0])
    before = versions(machine)
    told = apt(machine, command, good=(0, 100))
    assert versions(machine) == before, told
    assert machine.run("dpkg", "--audit") == ""
    served.start()
    assert served.serves()
    served.stop()


def test_nobody_is_asked_for_the_update_and_our_packages_stay(machine, served, update):
    """Somebody who names Kea's packages has it refused while a configuration loads the library."""
    repository(machine, *update[0])
    before = versions(machine)
    told = apt(machine, "install", *KEA, good=(0, 100))
    assert versions(machine) == before, told
    served.start()
    assert served.serves()
    served.stop()


def test_with_packages_for_it_the_update_is_taken_together_with_them(machine, served, update):
    before = versions(machine)
    repository(machine, *update[0], *update[1])
    apt(machine, "upgrade")
    assert all(new != old for new, old in zip(versions(machine), before))
    served.start()
    assert served.serves()
