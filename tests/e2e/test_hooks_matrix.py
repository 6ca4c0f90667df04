# SPDX-License-Identifier: MPL-2.0
"""Beside each of Kea's hook libraries in the release, with ours before or after it, clients are served as usual."""

import contextlib
import re

import pytest

from lab.config import NORMAL, RESTRICTED, subnet_of
from lab.dhcp4 import BOOTFILE
from lab.dhcp6 import ASKS_DOCSIS, DOCSIS_CONFIG_FILE
from lab.kea import errors
from lab.other_hooks import ELSEWHERE, FLEX_ID_REPLACING, OTHERS, RADIUS_ELSEWHERE, Site, beside, libraries

PRESENT = [other for other in OTHERS if other.name in libraries()]
CASES = [
    pytest.param(other, family, first, id=f"{other.name}-v{family}-ours_{'first' if first else 'last'}")
    for family in (4, 6)
    for other in PRESENT
    for first in (True, False)
    if family in other.families
]


@pytest.fixture(scope="module")
def sites(tmp_path_factory, settings):
    """A server of each protocol, which applies one configuration after another."""
    made = {family: Site(family, tmp_path_factory.mktemp(f"beside{family}"), settings) for family in (4, 6)}
    try:
        yield {family: site.start() for family, site in made.items()}
    finally:
        for site in made.values():
            site.close()


def test_no_library_of_the_release_is_unknown_here():
    assert libraries() - {other.name for other in OTHERS} - ELSEWHERE == set(), "hooks that this test does not know"


@pytest.mark.parametrize("other, family, first", CASES)
def test_clients_are_served_and_recorded_beside(sites, other, family, first):
    site = sites[family]
    assert site.server.is_running(), "an earlier test has brought the server down"
    site.begin()
    with beside(site, other, first) as answer:
        if other.refused_first and not first:
            assert_refused(answer, other)
            return
        assert answer["result"] == 0, "\n".join(line.text for line in errors(site.log()))
        assert_warned_of(site, other, first)
        serves_and_records(site)
        other.effect(site)
        assert errors(site.log()) == []
    assert site.server.is_running()


@pytest.mark.skipif("radius" not in libraries(), reason="this release has no package with radius")
def test_no_stranger_gets_the_subnet_that_radius_finds(tmp_path, settings):
    """Uses its own server: radius asks nobody if the same process has loaded it with other parameters before."""
    with contextlib.closing(Site(4, tmp_path, settings)) as site:
        site.start().begin()
        with beside(site, RADIUS_ELSEWHERE, first=True) as answer:
            assert answer["result"] == 0, answer
            RADIUS_ELSEWHERE.effect(site)


@pytest.mark.skipif("flex_id" not in libraries(), reason="this release has no package with flex_id")
@pytest.mark.parametrize("first", [True, False], ids=["ours_first", "ours_last"])
def test_library_that_replaces_duids_is_warned_of_unless_it_comes_after_ours(sites, first):
    site = sites[6].begin()
    with beside(site, FLEX_ID_REPLACING, first) as answer:
        assert answer["result"] == 0, answer
        assert_warned_of(site, FLEX_ID_REPLACING, first)
        if first:
            serves_and_records(site)


def assert_warned_of(site, other, first):
    """A warning names the library that is listed before ours and should not be."""
    warnings = [line.text for line in site.log("USER_CHK_LIBRARY_ORDER")]
    assert len(warnings) == (1 if other.warned_of and not first else 0)
    assert all(re.search(rf"libdhcp_{other.name}\.so .*before libdhcp_user_chk\.so", warning) for warning in warnings), warnings


def assert_refused(answer, other):
    """The text names the order."""
    assert answer["result"] != 0, answer
    assert f"hooks-libraries: libdhcp_{other.name}.so " in answer["text"]
    assert "user_chk, then all others" in answer["text"]


def serves_and_records(site):
    """A registered device is in the normal subnet with its boot file, an unregistered one in the restricted subnet."""
    how = {} if site.family == 4 else {"pd": (2,), **ASKS_DOCSIS}
    device = site.enroll(site.client(**how), bootfile="device.img")
    for client, subnet, registered in ((device, NORMAL, True), (site.client(**how), RESTRICTED, False)):
        response = site.acquire(client)
        assert response.subnets == {subnet}
        assert len(response.leases) == (1 if site.family == 4 else 2)
        if registered:
            assert boot_file(response) == b"device.img"
        told = [record for record in site.outcome.objects() if record["id"] == client.id]
        # Offered, then granted, once each.
        messages = ("offer", "ack") if site.family == 4 else ("advertise", "reply")
        expected = [(message, lease, subnet, registered) for message in messages for lease in response.leases]
        assert [
            (it["message"], it.get("address", it.get("prefix")), it["subnet-id"], it["registered"]) for it in told
        ] == expected
        assert {subnet_of(lease) for _, lease, _, _ in expected} == {subnet}


def boot_file(response):
    return response.options[BOOTFILE] if hasattr(response, "yiaddr") else response.docsis()[DOCSIS_CONFIG_FILE]
