# SPDX-License-Identifier: MPL-2.0
"""DHCPv4: which subnet a client gets in every kind of exchange, and what is recorded."""

from lab import dhcp4
from lab.config import NORMAL, RELAY4, RELAYED, RESTRICTED
from lab.process import wait_until


def test_registered_client_stays_in_the_subnet_that_kea_selects(v4):
    client = v4.enroll(v4.client())
    offer = client.discover()
    ack = client.request(offer)
    assert (offer.type, ack.type) == (dhcp4.OFFER, dhcp4.ACK)
    assert offer.subnet == ack.subnet == NORMAL
    assert v4.outcome.text() == v4.record(client, ack.yiaddr, True) * 2


def test_unregistered_client_gets_the_subnet_with_the_highest_id(v4):
    client = v4.client()
    offer = client.discover()
    ack = client.request(offer)
    assert (offer.type, ack.type) == (dhcp4.OFFER, dhcp4.ACK)
    assert offer.subnet == ack.subnet == RESTRICTED
    assert v4.outcome.text() == v4.record(client, ack.yiaddr, False) * 2


def test_renewal_and_rebinding_keep_the_address_and_are_recorded(v4):
    for client, registered in ((v4.enroll(v4.client()), True), (v4.client(), False)):
        ack = client.get_lease()
        v4.outcome.mark()
        for again in (client.renew(ack), client.rebind(ack)):
            assert again.type == dhcp4.ACK
            assert again.yiaddr == ack.yiaddr
        assert v4.outcome.text() == v4.record(client, ack.yiaddr, registered) * 2


def test_client_that_reboots_confirms_its_address(v4):
    for client, registered in ((v4.enroll(v4.client()), True), (v4.client(), False)):
        ack = client.get_lease()
        v4.outcome.mark()
        again = client.reboot(ack.yiaddr)
        assert (again.type, again.yiaddr) == (dhcp4.ACK, ack.yiaddr)
        assert v4.outcome.text() == v4.record(client, ack.yiaddr, registered)


def test_release_ends_the_lease_and_is_not_recorded(v4):
    client = v4.enroll(v4.client())
    ack = client.get_lease()
    assert [row["address"] for row in leases_of(v4, client)] == [ack.yiaddr]
    v4.outcome.mark()
    client.release(ack)
    wait_until(lambda: not leases_of(v4, client), "the lease to end")
    # A record of the release would come before this one.
    bystander = v4.client()
    lease, _ = v4.offer(bystander)
    assert v4.outcome.text() == v4.record(bystander, lease, False)


def test_inform_is_answered_and_recorded_without_an_address(v4):
    registered = v4.enroll(v4.client(), bootfile="boot.img")
    stranger = v4.client()
    answers = [registered.inform("10.1.250.1"), stranger.inform("10.1.250.2")]
    assert [answer.type for answer in answers] == [dhcp4.ACK] * 2
    assert answers[0].text(dhcp4.BOOTFILE) == "boot.img"
    assert v4.outcome.text() == v4.record(registered, "0.0.0.0", True) + v4.record(stranger, "0.0.0.0", False)


def test_nak_is_left_alone(v4):
    client = v4.enroll(v4.client(), bootfile="boot.img", tftp_server="tftp.example.com")
    nak = client.reboot("192.0.2.77")
    assert nak.type == dhcp4.NAK
    assert dhcp4.BOOTFILE not in nak.options
    assert dhcp4.TFTP_SERVER not in nak.options
    assert nak.file == ""
    assert v4.outcome.text() == ""


def test_relayed_client_gets_the_relays_subnet_when_registered_the_restricted_one_when_not(v4):
    registered = v4.enroll(v4.client(relay=RELAY4))
    stranger = v4.client(relay=RELAY4)
    granted, restricted = registered.get_lease(), stranger.get_lease()
    assert (granted.subnet, restricted.subnet) == (RELAYED, RESTRICTED)
    assert v4.outcome.text() == (
        v4.record(registered, granted.yiaddr, True) * 2 + v4.record(stranger, restricted.yiaddr, False) * 2
    )


def test_hardware_address_is_looked_up_whatever_its_type_and_length(v4):
    for htype, length in ((6, 6), (32, 8), (1, 16)):
        client = v4.enroll(v4.client_with(v4.client().hardware.ljust(length, b"\x07"), htype=htype))
        ack = client.get_lease()
        assert ack.subnet == NORMAL
        assert v4.outcome.text().endswith(v4.record(client, ack.yiaddr, True))


def test_client_identifier_does_not_make_a_client_registered(v4):
    known = v4.enroll(v4.client())
    impostor = v4.client(client_id=b"\x01" + known.hardware)
    assert impostor.get_lease().subnet == RESTRICTED


def leases_of(world, client):
    return [row for row in world.server.leases() if row["hwaddr"] == client.id]
