# SPDX-License-Identifier: MPL-2.0
"""Both servers serve with the installed packages, from the samples, as systemd would run them; clients get what they should.

debian/tests runs this on a machine that has the packages.
"""

import os

import pytest

from lab.kea import errors
from lab.outcome import Outcome
from site_of_packages import KNOWN, OUTCOME, STRANGER

FAMILIES = pytest.mark.parametrize("family", [4, 6], ids=["v4", "v6"])


@pytest.fixture(scope="module")
def served(site):
    site.set_up()
    site.start()
    return site


@FAMILIES
def test_a_registered_client_gets_its_subnet_and_a_stranger_the_restricted_one(served, family):
    assert [served.subnet_given(family, who) for who in (KNOWN, STRANGER)] == [1, 2]


@FAMILIES
def test_grants_are_recorded(served, family):
    outcome = Outcome(served.machine.path(OUTCOME))
    outcome.mark()
    for who in (KNOWN, STRANGER):
        served.subnet_given(family, who)
    records = {(record.client.split()[-1], record.registered) for record in outcome.records()}
    assert records == {(bytes.fromhex(who[family]).hex(":"), said) for who, said in ((KNOWN, "yes"), (STRANGER, "no"))}


@FAMILIES
def test_the_server_runs_as_the_service_user_without_a_complaint(served, family):
    server = served.servers[family]
    passwd = served.machine.path("/etc/passwd").read_text(encoding="utf-8")
    (uid,) = [int(line.split(":")[2]) for line in passwd.splitlines() if line.startswith("_kea:")]
    assert os.stat(f"/proc/{server.pid}").st_uid == uid
    assert [line for line in server.log() if line.logger.endswith(".user_chk") and line.level == "WARN"] == [
        line for line in server.log() if "'tftp.v6.example.com' is not a list of IPv6 addresses" in line.text
    ]
    assert errors(server.log()) == []


@FAMILIES
def test_the_server_changes_the_registry_and_keeps_its_copy_where_the_samples_have_them(served, family):
    socket = f"/run/kea/kea{family}-ctrl-socket"
    kind = "HW_ADDR" if family == 4 else "DUID"
    identifier = bytes.fromhex(STRANGER[family]).hex(":")
    program = ["kea-user-chk", f"-{family}"]
    assert served.machine.path(socket).is_socket()
    served.machine.run(*program[:1], "add", program[1], kind, identifier)
    assert served.subnet_given(family, STRANGER) == 1
    served.machine.run(*program[:1], "del", program[1], kind, identifier)
    assert served.subnet_given(family, STRANGER) == 2
    assert served.machine.path(f"/var/lib/kea/user-chk/last-good-copy{family}.txt").exists()
