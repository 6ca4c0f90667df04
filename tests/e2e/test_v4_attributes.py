# SPDX-License-Identifier: MPL-2.0
"""DHCPv4: how the attributes of users change responses."""

import pytest

from lab import dhcp4
from lab.config import SERVER_BOOTFILE, SERVER_FILE_FIELD, SERVER_TFTP

ASK_BOTH = (dhcp4.TFTP_SERVER, dhcp4.BOOTFILE)


def boot_of(response):
    """Returns (option 66, option 67, file field) of a response."""
    return response.text(dhcp4.TFTP_SERVER), response.text(dhcp4.BOOTFILE), response.file


@pytest.mark.parametrize("ask", [(), ASK_BOTH], ids=["not-asked-for", "asked-for"])
def test_attributes_replace_what_the_server_sends_and_need_not_be_asked_for(v4, ask):
    client = v4.enroll(v4.client(ask=ask), bootfile="/boot/a.img", tftp_server="tftp.example.com")
    offer = client.discover()
    ack = client.request(offer)
    assert boot_of(offer) == boot_of(ack) == ("tftp.example.com", "/boot/a.img", "/boot/a.img")


def test_attributes_are_in_the_answer_to_a_renewal_too(v4):
    client = v4.enroll(v4.client(), bootfile="/boot/a.img", tftp_server="tftp.example.com")
    ack = client.get_lease()
    assert boot_of(client.renew(ack)) == ("tftp.example.com", "/boot/a.img", "/boot/a.img")


def test_bootfile_alone_leaves_the_tftp_server_as_it_is(v4):
    client = v4.enroll(v4.client(ask=ASK_BOTH), bootfile="/boot/a.img")
    assert boot_of(client.get_lease()) == (SERVER_TFTP, "/boot/a.img", "/boot/a.img")


def test_tftp_server_alone_leaves_the_bootfile_as_it_is(v4):
    client = v4.enroll(v4.client(ask=ASK_BOTH), tftp_server="tftp.example.com")
    assert boot_of(client.get_lease()) == ("tftp.example.com", SERVER_BOOTFILE, SERVER_FILE_FIELD)


def test_user_without_attributes_gets_what_the_server_sends(v4):
    v4.registry.write(v4.default_entry(bootfile="default.img", tftp_server="default.example.com"))
    client = v4.enroll(v4.client(ask=ASK_BOTH), serial="1234")
    assert boot_of(client.get_lease()) == (SERVER_TFTP, SERVER_BOOTFILE, SERVER_FILE_FIELD)


def test_strangers_get_the_default_users_attributes(v4):
    v4.registry.write(v4.default_entry(bootfile="default.img", tftp_server="default.example.com"))
    assert boot_of(v4.client().get_lease()) == ("default.example.com", "default.img", "default.img")


def test_default_user_of_the_other_type_means_nothing(v4):
    v4.registry.write('{"type": "DUID", "id": "00000000", "bootfile": "default6.img"}')
    assert boot_of(v4.client(ask=ASK_BOTH).get_lease()) == (SERVER_TFTP, SERVER_BOOTFILE, SERVER_FILE_FIELD)


def test_strangers_get_what_the_server_sends_when_there_is_no_default_user(v4):
    assert boot_of(v4.client(ask=ASK_BOTH).get_lease()) == (SERVER_TFTP, SERVER_BOOTFILE, SERVER_FILE_FIELD)


@pytest.mark.parametrize("length", [1, 126, 127])
def test_bootfile_that_fits_is_in_option_and_field(v4, length):
    bootfile = "b" * length
    client = v4.enroll(v4.client(), bootfile=bootfile)
    assert boot_of(client.get_lease()) == (None, bootfile, bootfile)
