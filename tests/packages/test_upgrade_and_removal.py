# SPDX-License-Identifier: MPL-2.0
"""The packages are upgraded while the servers serve, removed and purged. Kea goes on, registry and records stay."""

import pytest

from lab.kea import errors
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


def test_an_upgrade_leaves_running_servers_serving_and_has_them_restarted(machine, served, packages, tmp_path):
    version = machine.version(HOOK)
    files = [next_of_file(packages[name], tmp_path, {version: f"{version}.1"}) for name in packages]
    repository(machine, *files)
    apt(machine, "upgrade")
    assert machine.version(HOOK) == f"{version}.1"
    assert served.serves()
    for family, server in served.servers.items():
        assert f"kea-dhcp{family}-server (restart)" in asked(machine)
        server.reload()
    assert served.serves()
    served.stop()
    served.start()
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
