# SPDX-License-Identifier: MPL-2.0
"""DHCPv6: how the attributes of users change the DOCSIS vendor options of a response."""

import pytest

from lab.config import SERVER_BOOTFILE, SERVER_TFTP6
from lab.dhcp6 import (
    ASKS_DOCSIS,
    ASKS_EMPTY_DOCSIS,
    DOCSIS_CONFIG_FILE,
    DOCSIS_TFTP_SERVERS,
    VENDOR_OPTS,
    packed,
)

SERVER_TFTP = packed(SERVER_TFTP6)


@pytest.mark.parametrize("query", [ASKS_DOCSIS, ASKS_EMPTY_DOCSIS], ids=["replaces", "adds"])
def test_attributes_go_into_the_docsis_options(v6, query):
    client = v6.enroll(v6.client(**query), bootfile="/boot/6.img", tftp_server="2001:db8::42")
    advertise = client.solicit()
    reply = client.request(advertise)
    wanted = {DOCSIS_TFTP_SERVERS: packed("2001:db8::42"), DOCSIS_CONFIG_FILE: b"/boot/6.img"}
    assert advertise.docsis() == reply.docsis() == wanted


def test_attributes_are_in_the_answer_to_a_renewal_too(v6):
    client = v6.enroll(v6.client(**ASKS_DOCSIS), bootfile="/boot/6.img")
    reply = client.get_leases()
    assert client.renew(reply).docsis()[DOCSIS_CONFIG_FILE] == b"/boot/6.img"


def test_response_without_vendor_options_does_not_get_them(v6):
    client = v6.enroll(v6.client(), bootfile="/boot/6.img", tftp_server="2001:db8::42")
    reply = client.get_leases()
    assert VENDOR_OPTS not in reply.options
    assert v6.outcome.text() == v6.record(client, reply.leases[0], True) * 2


def test_one_attribute_leaves_the_option_of_the_other_as_it_is(v6):
    booting = v6.enroll(v6.client(**ASKS_DOCSIS), bootfile="/boot/6.img")
    assert booting.get_leases().docsis() == {DOCSIS_TFTP_SERVERS: SERVER_TFTP, DOCSIS_CONFIG_FILE: b"/boot/6.img"}
    loading = v6.enroll(v6.client(**ASKS_DOCSIS), tftp_server="2001:db8::42")
    assert loading.get_leases().docsis() == {
        DOCSIS_TFTP_SERVERS: packed("2001:db8::42"),
        DOCSIS_CONFIG_FILE: SERVER_BOOTFILE.encode(),
    }


def test_strangers_get_the_default_users_attributes(v6):
    v6.registry.write(v6.default_entry(bootfile="default.img", tftp_server="2001:db8::d"))
    assert v6.client(**ASKS_DOCSIS).get_leases().docsis() == {
        DOCSIS_TFTP_SERVERS: packed("2001:db8::d"),
        DOCSIS_CONFIG_FILE: b"default.img",
    }


def test_strangers_and_users_without_attributes_get_what_the_server_sends(v6):
    for client in (v6.client(**ASKS_DOCSIS), v6.enroll(v6.client(**ASKS_DOCSIS), serial="1234")):
        assert client.get_leases().docsis() == {
            DOCSIS_TFTP_SERVERS: SERVER_TFTP,
            DOCSIS_CONFIG_FILE: SERVER_BOOTFILE.encode(),
        }
