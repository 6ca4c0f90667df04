# SPDX-License-Identifier: MPL-2.0
"""Sends arbitrary bytes as DHCP queries and receives every response: what it grants, and to which client."""

import contextlib
import select
import socket
import struct
from collections import namedtuple

from lab import dhcp6
from lab.net import IFACE, SERVER_MAC

# A response: `client` is the hardware address or DUID, `name` its form in the outcome file (None: it has nothing to be
# recorded by), `leases` what is granted, as text; `kind` is the message type, None for BOOTP.
Answer = namedtuple("Answer", "xid kind client name leases server_id")

_ETH_P_IP = 0x0800
_SO_RCVBUFFORCE = 33
_ROOM = 64 << 20


def room_for_all(sock):
    """Makes a socket buffer what arrives, and never block."""
    sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _ROOM)
    sock.setblocking(False)


class _Wire:
    """Sockets with room for everything that arrives before it is read."""

    def __init__(self, sockets):
        self._sockets = sockets
        for each in sockets:
            room_for_all(each)

    def close(self):
        for each in self._sockets:
            each.close()

    def receive(self, wait):
        """Returns the responses that have arrived; waits that long for the first one."""
        answers = []
        while select.select(self._sockets, [], [], 0 if answers else wait)[0]:
            read = [self._read(data) for data in self._datagrams()]
            answers += [answer for answer in read if answer is not None]
            if not answers and wait == 0:
                break
        return answers

    def _datagrams(self):
        for each in self._sockets:
            with contextlib.suppress(BlockingIOError):
                while True:
                    yield each.recv(65536)


class FuzzWire4(_Wire):
    """A raw socket on a client's interface."""

    def __init__(self, namespace):
        self._mac = bytes.fromhex(namespace.mac().replace(":", ""))
        raw = namespace.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_IP))
        raw.bind((IFACE, _ETH_P_IP))
        super().__init__([raw])

    def send(self, query):
        broadcast = query.target == "255.255.255.255"
        target_mac = b"\xff" * 6 if broadcast else bytes.fromhex(SERVER_MAC.replace(":", ""))
        udp = struct.pack("!HHHH", query.port, 67, 8 + len(query.payload), 0) + query.payload
        addresses = socket.inet_aton(query.source) + socket.inet_aton(query.target)
        header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0) + addresses
        header = header[:10] + struct.pack("!H", _checksum(header)) + header[12:]
        with contextlib.suppress(OSError):  # corrupt beyond what fits in a frame
            self._sockets[0].send(target_mac + self._mac + b"\x08\0" + header + udp)

    @staticmethod
    def _read(frame):
        ip = frame[14:]
        if len(ip) < 28 or ip[9] != 17:
            return None
        bootp = ip[(ip[0] & 15) * 4 + 8 :]
        sport = struct.unpack_from("!H", ip, (ip[0] & 15) * 4)[0]
        if sport != 67 or len(bootp) < 236 or bootp[0] != 2:
            return None
        options = _options4(bootp[240:])
        htype, length = bootp[1], min(bootp[2], 16)
        client, address = bytes(bootp[28 : 28 + length]), socket.inet_ntoa(bootp[16:20])
        kind = options[53][0] if options.get(53) else None
        name = f"hwtype={htype} {client.hex(':')}" if client else None
        # A DHCPNAK. The BOOTP equivalent has no type, but no address either.
        leases = [] if kind == 6 or (kind is None and address == "0.0.0.0") else [address]
        return Answer(struct.unpack_from("!I", bootp, 4)[0], kind, client, name, leases, options.get(54))


class FuzzWire6(_Wire):
    """Sockets on a client's interface: one as a client, one as a relay."""

    def __init__(self, namespace):
        self._scope, address = namespace.index(), namespace.link_local()
        self._by_port = {}
        for port in (546, 547):
            sock = namespace.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, self._scope)
            sock.bind((address, port, 0, self._scope))
            self._by_port[port] = sock
        super().__init__(list(self._by_port.values()))

    def send(self, query):
        with contextlib.suppress(OSError):
            self._by_port[query.port].sendto(query.payload, ("ff02::1:2", 547, 0, self._scope))

    @staticmethod
    def _read(data):
        while data and data[0] == dhcp6.RELAY_REPLY:
            data = dict(dhcp6.read_options(data[34:])).get(dhcp6.RELAY_MSG, b"")
        if len(data) < 4 or data[0] not in (dhcp6.ADVERTISE, dhcp6.REPLY):
            return None
        response = dhcp6.Response(data)
        client = response.options.get(dhcp6.CLIENT_ID)
        return Answer(
            response.xid, response.type, client, client and client.hex(":"), response.leases, response.server_id
        )


def _options4(data):
    options = {}
    while data and data[0] != 255:
        if data[0] == 0:
            data = data[1:]
            continue
        options[data[0]] = options.get(data[0], b"") + data[2 : 2 + data[1]]
        data = data[2 + data[1] :]
    return options


def _checksum(header):
    total = sum(struct.unpack("!10H", header))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF
