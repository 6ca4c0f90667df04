# SPDX-License-Identifier: MPL-2.0
"""A DHCPv4 client and relay: builds queries with Scapy, sends them as raw frames, parses the responses."""

import contextlib
import random
import select
import socket
import struct
import time

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether

from lab import config
from lab.layers import stacked
from lab.net import IFACE, SERVER_MAC

DISCOVER, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE, INFORM = range(1, 9)

HOSTNAME, TFTP_SERVER, BOOTFILE, FQDN, VENDOR_CLASS, VENDOR_OPTS = 12, 66, 67, 81, 124, 125

CLIENT_ID, AGENT = 61, 82
CIRCUIT_ID, REMOTE_ID, SUBSCRIBER_ID = 1, 2, 6  # in option 82

_ETH_P_IP = 0x0800
_BROADCAST_MAC = "ff:ff:ff:ff:ff:ff"
_BROADCAST_FLAG = 0x8000
_BOOTREPLY = b"\2"


def agent(**by_code):
    """Builds option 82 as a relay adds it, from bytes, by the lower-case names of the codes."""
    codes = {"circuit_id": CIRCUIT_ID, "remote_id": REMOTE_ID, "subscriber_id": SUBSCRIBER_ID}
    return AGENT, b"".join(bytes([codes[name], len(data)]) + data for name, data in by_code.items())


class Response:
    """A response, as far as the tests need it; options are raw bytes by code, with split options joined (RFC 3396)."""

    def __init__(self, message):
        self.xid = int.from_bytes(message[4:8], "big")
        self.yiaddr, self.siaddr = (socket.inet_ntoa(message[at : at + 4]) for at in (16, 20))
        self.file = message[108:236].rstrip(b"\0").decode()
        self.raw_options = _read_options(message[240:])
        self.options = {}
        for code, data in self.raw_options:
            self.options[code] = self.options.get(code, b"") + data
        by_bootp = 53 not in self.options
        self.type = None if by_bootp else self.options[53][0]
        self.server_id = None if by_bootp else socket.inet_ntoa(self.options[54])

    def text(self, code):
        """Returns an option as text, None when the response does not have it."""
        return self.options[code].decode() if code in self.options else None

    def vendors(self):
        """Returns the options of each enterprise by their codes (option 125)."""
        vendors, data = {}, self.options.get(VENDOR_OPTS, b"")
        while data:
            enterprise, length = struct.unpack_from("!IB", data)
            assert enterprise not in vendors, f"enterprise {enterprise} has two parts"
            vendors[enterprise] = dict(_read_options(data[5 : 5 + length]))
            data = data[5 + length :]
        return vendors

    @property
    def leases(self):
        """Returns the address as a list, like DHCPv6."""
        return [self.yiaddr]

    @property
    def subnet(self):
        """Returns the id of the subnet of the address."""
        return config.subnet_of(self.yiaddr)

    @property
    def subnets(self):
        """The same as a set, like DHCPv6."""
        return {self.subnet}


def _read_options(data):
    """Returns (code, bytes) for every option, in order."""
    options = []
    while data and data[0] != 255:
        if data[0] == 0:
            data = data[1:]
            continue
        code, length = data[0], data[1]
        options.append((code, data[2 : 2 + length]))
        data = data[2 + length :]
    return options


def _sent_by_server(frame):
    """Returns the message in an IPv4 frame from a server's port; empty if there is none."""
    udp = 14 + 4 * (frame[14] & 0x0F)
    is_it = frame[23] == socket.IPPROTO_UDP and int.from_bytes(frame[udp : udp + 2], "big") == 67
    return frame[udp + 8 :] if is_it else b""


class Wire4:
    """A raw socket on a client's interface; it receives every frame, so it can speak for many clients."""

    def __init__(self, namespace):
        self.mac = namespace.mac()
        self._socket = namespace.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_IP))
        self._socket.bind((IFACE, _ETH_P_IP))
        self._socket.setblocking(False)

    def close(self):
        self._socket.close()

    def exchange(self, frame, timeout):
        """Sends a query and returns the response with its transaction id; None after `timeout` seconds."""
        xid = frame[BOOTP].xid.to_bytes(4, "big")
        self._forget()
        self._socket.send(bytes(frame))
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([self._socket], [], [], left)[0]:
                break
            message = _sent_by_server(self._socket.recv(65536))
            if message[:1] == _BOOTREPLY and message[4:8] == xid:
                return Response(message)
        return None

    def _forget(self):
        """Makes room for the response: broadcasts to others may have filled the socket's buffer meanwhile."""
        with contextlib.suppress(BlockingIOError):
            while True:
                self._socket.recv(1)

    def send(self, frame):
        self._socket.send(bytes(frame))


class Client4:
    """A client with its own hardware address; `relay` is the address of its relay.

    All its queries carry `options`: (code, bytes).
    """

    identifiers = ()  # the identifiers for the look-up, in the form of `user-chk-explain`; none for its id alone

    def __init__(self, wire, hardware, htype=1, relay=None, ask=(), client_id=None, options=()):
        self.hardware = hardware
        self.htype = htype
        self._wire = wire
        self._relay = relay
        self._ask = list(ask)
        self._client_id = client_id
        self._options = list(options)

    @property
    def id(self):
        """Returns the hardware address as in the registry and the outcome file."""
        return ":".join(f"{byte:02x}" for byte in self.hardware)

    def frame(self, message, *options, ciaddr="0.0.0.0", unicast=False):
        """Builds a query as a frame, for BOOTP if `message` is None. A relay and a renewing client send unicast frames."""
        relayed = self._relay is not None
        source, target = ciaddr, config.SERVER4 if unicast else "255.255.255.255"
        if relayed:
            source, target = self._relay, config.SERVER4
        listed = [*([("message-type", message)] if message else []), *options, *self._options]
        if self._client_id is not None:
            listed.append((61, self._client_id))
        if self._ask:
            listed.append(("param_req_list", self._ask))
        return stacked(
            Ether(dst=SERVER_MAC if unicast or relayed else _BROADCAST_MAC, src=self._wire.mac),
            IP(src=source, dst=target),
            UDP(sport=67 if relayed else 68, dport=67),
            BOOTP(
                op=1,
                htype=self.htype,
                hlen=len(self.hardware),
                hops=1 if relayed else 0,
                xid=random.getrandbits(32),
                flags=0 if unicast else _BROADCAST_FLAG,
                ciaddr=ciaddr,
                giaddr=self._relay or "0.0.0.0",
                chaddr=self.hardware.ljust(16, b"\0"),
            ),
            DHCP(options=[*listed, "end"]),
        )

    def exchange(self, message, *options, timeout=5, **header):
        return self._wire.exchange(self.frame(message, *options, **header), timeout)

    def discover(self, **how):
        return self.exchange(DISCOVER, **how)

    def request(self, offer, **how):
        """Accepts an offer."""
        return self.exchange(
            REQUEST, ("requested_addr", offer.yiaddr), ("server_id", offer.server_id), **how
        )

    def get_lease(self):
        """DISCOVER, OFFER, REQUEST, ACK. Returns the ACK."""
        offer = self.discover()
        assert offer is not None, f"no answer to the DISCOVER of {self.id}"
        assert offer.type == OFFER
        ack = self.request(offer)
        assert ack is not None, f"no answer to the REQUEST of {self.id}"
        assert ack.type == ACK
        return ack

    def bootp(self, **how):
        """Sends a BOOTP query, which has a single answer."""
        return self.exchange(None, **how)

    def reboot(self, address, **how):
        """Requests an address that it believes to have (INIT-REBOOT)."""
        return self.exchange(REQUEST, ("requested_addr", address), **how)

    def renew(self, ack, **how):
        return self.exchange(REQUEST, ciaddr=ack.yiaddr, unicast=True, **how)

    def rebind(self, ack, **how):
        return self.exchange(REQUEST, ciaddr=ack.yiaddr, **how)

    def inform(self, address, **how):
        return self.exchange(INFORM, ciaddr=address, unicast=True, **how)

    def release(self, ack):
        """Releases the lease; nobody answers that. Returns the transaction id."""
        return self._tell(RELEASE, ("server_id", ack.server_id), ciaddr=ack.yiaddr, unicast=True)

    def decline(self, ack):
        """Declines the address, since another machine uses it; nobody answers that. Returns the transaction id."""
        return self._tell(DECLINE, ("server_id", ack.server_id), ("requested_addr", ack.yiaddr))

    def _tell(self, message, *options, **header):
        frame = self.frame(message, *options, **header)
        self._wire.send(frame)
        return frame[BOOTP].xid
