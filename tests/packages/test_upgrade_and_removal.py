# SPDX-License-Identifier: MPL-2.0
"""The packages are upgraded while the servers serve, removed and purged. Kea goes on, registry and records stay."""

import pytest

from lab.kea import errors, release
from site_of_packages import OUTCOME, REGISTRY, apt, next_of_file, repository

HOOK = "kea-user-chk-hook"
ASKED = "/asked"  # what a package wants done with services


@pytest.fixture(scope="module")
def served(site):
    site.set_up()
    site.start()
    assert site.serves()
    policy = site.machine.path("/usr/sbin/policy-rc.d")
    policy.write_text(f'#!/bin/sh\necho "$@" >>{ASKED}\nexit 101\n', encoding="utf-8")
    return site


def asked(machine):
    return machine.path(ASKED).read_text(encoding="utf-8").split("\n") if machine.path(ASKED).exists() else []


def upgrade(site, packages, home):
    """Upgrades to the next version; returns what apt prints, and which servers were to be restarted."""
    machine = site.machine
    machine.path(ASKED).unlink(missing_ok=True)
    version = machine.version(HOOK)
    built = packages[HOOK].name.split("_")[1]
    files = [next_of_file(packages[name], home, {built: f"{version}.1"}) for name in packages]
    repository(machine, *files)
    told = apt(site.on_lan, "upgrade")
    assert machine.version(HOOK) == f"{version}.1"
    return told, [family for family in (4, 6) if f"kea-dhcp{family}-server (restart)" in asked(machine)]


def test_an_upgrade_leaves_running_servers_serving_and_has_them_restarted(served, packages, tmp_path):
    told, restarted = upgrade(served, packages, tmp_path)
    assert restarted == [4, 6], told
    assert served.serves()
    for server in served.servers.values():
        server.reload()
    assert served.serves()
    served.stop()
    served.start()
    assert served.serves()


@pytest.mark.skipif(release() < (2, 4), reason="this release of Kea has no check that loads libraries")
def test_an_upgrade_leaves_a_server_running_that_would_not_start_again(machine, served, packages, tmp_path):
    file = machine.path("/etc/kea/kea-dhcp4.conf")
    good = file.read_text(encoding="utf-8")
    file.write_text(good.replace('"restricted-subnet-id": 2', '"strangers-kept": -1'), encoding="utf-8")
    try:
        told, restarted = upgrade(served, packages, tmp_path)
    finally:
        file.write_text(good, encoding="utf-8")
    assert restarted == [6], told
    assert "kea-dhcp4 rejects /etc/kea/kea-dhcp4.conf with this version, so it is not restarted" in told
    assert served.serves()


def test_it_is_not_removed_from_servers_that_load_it(machine, served):
    version = machine.version(HOOK)
    told = apt(machine, "remove", HOOK, good=(100,))
    assert "/etc/kea/kea-dhcp4.conf loads libdhcp_user_chk.so" in told
    assert "/etc/kea/kea-dhcp6.conf loads libdhcp_user_chk.so" in told
    assert machine.version(HOOK) == version
    served.stop()
    served.start()
    assert served.serves()


@pytest.mark.parametrize("command", ["remove", "purge"])
def test_after_it_is_gone_kea_starts_and_registry_and_records_are_there(machine, served, command):
    files = [machine.path(REGISTRY), machine.path(OUTCOME)]
    before = [file.read_bytes() for file in files]
    served.stop()
    served.configure_without_library()
    apt(machine, command, HOOK, "kea-user-chk")
    assert machine.version(HOOK) is None
    assert list(machine.path("/usr/lib").glob("*/kea/hooks/libdhcp_user_chk.so")) == []
    served.start()
    assert all(errors(server.log()) == [] for server in served.servers.values())
    assert [file.read_bytes() for file in files] == before
    assert all(before)


def test_a_purge_leaves_nothing_else(machine, served):
    for place in ("/etc/apparmor.d/abstractions/mysql.d/kea-user-chk", "/etc/logrotate.d/kea-user-chk", "/usr/share/kea-user-chk"):
        assert not machine.path(place).exists()
