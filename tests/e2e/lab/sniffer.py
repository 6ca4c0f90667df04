# SPDX-License-Identifier: MPL-2.0
"""Captures the DHCPv4 messages of a client on its own interface, and shows the outcome of its requests."""

import contextlib
import socket
import struct
from collections import namedtuple

from lab.fuzz_wire import room_for_all
from lab.net import IFACE

# A message: its type, transaction id, ciaddr, yiaddr and the requested address (option 50), None for those it does not
# have.
Message = namedtuple("Message", "type xid ciaddr yiaddr requested server_id")

_ETH_P_ALL = 3
OFFER, REQUEST, ACK, NAK = 2, 3, 5, 6


class Sniffer:
    """Captures everything on an interface from now on."""

    def __init__(self, namespace):
        self._socket = namespace.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL))
        self._socket.bind((IFACE, _ETH_P_ALL))
        room_for_all(self._socket)
        self._messages = []

    def close(self):
        self._socket.close()

    def messages(self):
        """Returns all DHCPv4 messages so far, oldest first."""
        with contextlib.suppress(BlockingIOError):
            while True:
                message = _read(self._socket.recv(65536))
                if message is not None:
                    self._messages.append(message)
        return list(self._messages)

    def refused_offers(self):
        """Returns the rejected requests for what had just been offered."""
        refused, offered, asked = [], {}, {}
        for message in self.messages():
            if message.type == OFFER:
                offered[message.xid] = message.yiaddr
            elif message.type == REQUEST:
                asked[message.xid] = message
            elif message.type == NAK and message.xid in asked:
                request = asked[message.xid]
                if request.server_id is not None and request.requested in offered.values():
                    refused.append(request)
        return refused


def _read(frame):
    if frame[12:14] != b"\x08\0" or len(frame) < 34 or frame[23] != 17:
        return None
    udp = frame[14 + (frame[14] & 15) * 4 :]
    if len(udp) < 8 + 240 or 67 not in struct.unpack_from("!HH", udp):
        return None
    bootp, options, data = udp[8:], {}, udp[8 + 240 :]
    while len(data) > 1 and data[0] != 255:
        if data[0] == 0:
            data = data[1:]
            continue
        options[data[0]] = data[2 : 2 + data[1]]
        data = data[2 + data[1] :]
    if not options.get(53):
        return None
    requested = socket.inet_ntoa(options[50]) if len(options.get(50, b"")) == 4 else None
    addresses = [socket.inet_ntoa(bootp[start : start + 4]) for start in (12, 16)]
    return Message(options[53][0], struct.unpack_from("!I", bootp, 4)[0], *addresses, requested, options.get(54))
