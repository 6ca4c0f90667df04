# SPDX-License-Identifier: MPL-2.0
"""What the packages bring: a hardened library that Kea finds, for this Kea alone, and what AppArmor has to let it do."""

import re
import stat

import pytest

from lab.process import run
from site_of_packages import KEA

DOCUMENTS = "/usr/share/doc/kea-user-chk-hook"
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")  # in Markdown, to another file
RULES = ["/var/lib/kea/user-chk/** r,", "owner /var/lib/kea/user-chk/** rwk,", "owner /var/log/kea/user_chk_outcome.txt rw,"]


def field(file, name):
    return run("dpkg-deb", "--field", str(file), name).strip()


@pytest.mark.parametrize("package", ["kea-user-chk", "kea-user-chk-hook"])
def test_a_package_is_for_the_kea_that_it_was_built_for_and_for_no_other(packages, bare, package):
    kea = bare.version("kea-common")
    assert f"kea-common (= {kea})" in field(packages[package], "Depends").split(", ")
    assert field(packages[package], "Version").rpartition("-")[0].endswith(f"+kea{kea.replace('-', '.')}")


def test_library_and_program_are_hardened_and_find_their_libraries_where_all_are(installed):
    (library,) = installed.path("/usr/lib").glob("*/kea/hooks/libdhcp_user_chk.so")
    for file in (library, installed.path("/usr/sbin/kea-user-chk")):
        dynamic = run("readelf", "--wide", "--dynamic", "--program-headers", str(file))
        assert "BIND_NOW" in dynamic and "GNU_RELRO" in dynamic and "Elf file type is DYN" in dynamic
        assert not re.search(r"\((RPATH|RUNPATH)\)", dynamic)
        assert "__stack_chk_fail" in run("readelf", "--wide", "--dyn-syms", str(file))
        assert "not found" not in installed.run("ldd", f"/{file.relative_to(installed.root)}")


def test_the_directory_of_the_registry_is_that_of_the_service_user(installed):
    told = installed.run("stat", "--format", "%U %G %a", "/var/lib/kea/user-chk").split()
    assert told == ["_kea", "_kea", "750"]


@pytest.mark.parametrize("server", ["kea-dhcp4", "kea-dhcp6"])
def test_profiles_let_the_servers_use_the_files(installed, server):
    """Where the kernel has no AppArmor this cannot be tried; the parser tells what the profile comes to, and whether it is one."""
    profile = f"/etc/apparmor.d/usr.sbin.{server}"
    before = installed.run("dpkg", "--verify", *KEA)
    text = installed.run("apparmor_parser", "--preprocess", profile)
    for rule in RULES:
        assert rule in text
    installed.run("apparmor_parser", "--skip-kernel-load", "--skip-cache", profile)
    assert before == "", "a file of Kea's packages was changed"


def test_samples_and_outcome_rotation_are_there(installed):
    assert stat.S_ISREG(installed.path("/etc/logrotate.d/kea-user-chk").stat().st_mode)
    for name in ("README.md", "docs/packages.md", "examples/packaged/kea-dhcp4.conf", "examples/packaged/kea-dhcp6.conf"):
        assert installed.path(f"{DOCUMENTS}/{name}").exists()
    for name in ("pgsql/create.sql", "pgsql/import.sql", "pgsql/export.sql", "registry-lines"):
        assert installed.path(f"/usr/share/kea-user-chk/{name}").exists()
    assert "kea-user-chk" in installed.run("kea-user-chk", "--help")


def test_links_of_the_documents_lead_to_installed_files(installed):
    top = installed.path(DOCUMENTS)
    documents = [path for path in top.rglob("*.md") if path.name != "developers.md"]
    assert len(documents) > 30
    links = {(path, target) for path in documents for target in LINK.findall(path.read_text(encoding="utf-8"))}
    assert [f"{path}: {target}" for path, target in links if not (path.parent / target).exists()] == []
