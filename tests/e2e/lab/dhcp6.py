# SPDX-License-Identifier: MPL-2.0
"""A DHCPv6 client and relay: builds queries with Scapy, sends them over UDP, parses the responses."""

import random
import select
import socket
import struct
import time

from scapy.layers.dhcp6 import (
    DHCP6_Confirm,
    DHCP6_Decline,
    DHCP6_InfoRequest,
    DHCP6_Rebind,
    DHCP6_RelayForward,
    DHCP6_Release,
    DHCP6_Renew,
    DHCP6_Request,
    DHCP6_Solicit,
    DHCP6OptElapsedTime,
    DHCP6OptIA_NA,
    DHCP6OptIA_PD,
    DHCP6OptOptReq,
    DHCP6OptRapidCommit,
    DHCP6OptRelayMsg,
    DHCP6OptUnknown,
)

from lab.config import subnet_of
from lab.layers import stacked

ADVERTISE, REPLY, RELAY_REPLY = 2, 7, 13
CLIENT_ID, SERVER_ID, IA_NA, IAADDR, STATUS, RAPID_COMMIT = 1, 2, 3, 5, 13, 14
RELAY_MSG, VENDOR_CLASS, VENDOR_OPTS, IA_PD, IAPREFIX, FQDN = 9, 16, 17, 25, 26, 39
INTERFACE_ID, REMOTE_ID, SUBSCRIBER_ID, CLIENT_LINKLAYER_ADDRESS = 18, 37, 38, 79
NO_ADDRS_AVAIL = 2

DOCSIS = 4491
DOCSIS_TFTP_SERVERS, DOCSIS_CONFIG_FILE = 32, 33

_SERVERS = "ff02::1:2"
_CLIENT_PORT, _SERVER_PORT = 546, 547


def read_options(data):
    """Returns (code, bytes) for every option, in order."""
    options = []
    while data:
        code, length = struct.unpack_from("!HH", data)
        options.append((code, data[4 : 4 + length]))
        data = data[4 + length :]
    return options


def _status(options):
    """Returns the status code among options; 0, success, when there is none."""
    return next((struct.unpack_from("!H", data)[0] for code, data in options if code == STATUS), 0)


class Response:
    """A response, as far as the tests need it."""

    def __init__(self, data):
        self.type = data[0]
        self.xid = int.from_bytes(data[1:4], "big")
        self.raw_options = read_options(data[4:])
        self.options = dict(self.raw_options)
        self.server_id = self.options.get(SERVER_ID)
        self.status = _status(self.raw_options)
        self.addresses = []  # (IAID, address) of those with a lifetime
        self.prefixes = []  # (IAID, "address/length") of those with a lifetime
        self.withdrawn = []  # the leases with a lifetime of zero
        self.ia_status = {}  # (option code, IAID) -> status code
        for code, ia in self.raw_options:
            if code in (IA_NA, IA_PD):
                self._read_ia(code, ia)

    def _read_ia(self, code, ia):
        iaid = int.from_bytes(ia[:4], "big")
        options = read_options(ia[12:])
        self.ia_status[code, iaid] = _status(options)
        for inner, data in options:
            if inner == IAADDR:
                text, valid = socket.inet_ntop(socket.AF_INET6, data[:16]), data[20:24]
                found = self.addresses
            elif inner == IAPREFIX:
                text, valid = f"{socket.inet_ntop(socket.AF_INET6, data[9:25])}/{data[8]}", data[4:8]
                found = self.prefixes
            else:
                continue
            (found if any(valid) else self.withdrawn).append((iaid, text))

    @property
    def leases(self):
        """Returns addresses and prefixes as text."""
        return [text for _, text in self.addresses + self.prefixes]

    @property
    def subnets(self):
        """Returns the ids of the subnets of the leases."""
        return {subnet_of(text) for text in self.leases}

    def text(self, code):
        """Returns an option as text, None when the response does not have it."""
        return self.options[code].decode() if code in self.options else None

    def vendors(self):
        """Returns the options of each enterprise by their codes (option 17)."""
        vendors = {}
        for code, data in self.raw_options:
            if code == VENDOR_OPTS:
                enterprise = int.from_bytes(data[:4], "big")
                assert enterprise not in vendors, f"enterprise {enterprise} has two options"
                vendors[enterprise] = dict(read_options(data[4:]))
        return vendors

    def docsis(self):
        """Returns the DOCSIS suboptions by code; None without a vendor-opts option of that enterprise."""
        return self.vendors().get(DOCSIS)


class Wire6:
    """Sockets on a client's interface: one as a client, one as a relay."""

    def __init__(self, namespace):
        self._scope = namespace.index()
        self.address = address = namespace.link_local()
        self._sockets = {}
        for port in (_CLIENT_PORT, _SERVER_PORT):
            sock = namespace.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, self._scope)
            sock.bind((address, port, 0, self._scope))
            self._sockets[port] = sock

    def close(self):
        for sock in self._sockets.values():
            sock.close()

    def exchange(self, message, relays=(), timeout=5):
        """Sends a query through `relays`, the last being closest to the server. Returns the response or None.

        A relay is its link address, or a pair of that and the options that it adds: (code, bytes).
        """
        sock = self._sockets[_SERVER_PORT if relays else _CLIENT_PORT]
        packet = message
        for hops, relay in enumerate(relays):
            link, options = (relay, ()) if isinstance(relay, str) else relay
            packet = stacked(
                DHCP6_RelayForward(hopcount=hops, linkaddr=link, peeraddr="fe80::1"),
                *(DHCP6OptUnknown(optcode=code, data=data) for code, data in options),
                DHCP6OptRelayMsg(message=packet),
            )
        sock.sendto(bytes(packet), (_SERVERS, _SERVER_PORT, 0, self._scope))
        deadline = time.monotonic() + timeout
        while (left := deadline - time.monotonic()) > 0:
            if not select.select([sock], [], [], left)[0]:
                break
            data = sock.recv(65536)
            for _ in relays:
                if data[0] == RELAY_REPLY:
                    data = dict(read_options(data[34:]))[RELAY_MSG]
            if data[0] in (ADVERTISE, REPLY) and int.from_bytes(data[1:4], "big") == message.trid:
                return Response(data)
        return None


class Client6:
    """A client with its own DUID (None sends none); `na` and `pd` are the IAIDs for which it requests leases.

    All its queries carry `options`: (code, bytes).
    """

    identifiers = ()  # the identifiers for the look-up, in the form of `user-chk-explain`; none for its id alone

    def __init__(self, wire, duid, na=(1,), pd=(), relays=(), ask=(), vendor=b"", options=()):
        self.duid = duid
        self.na, self.pd = list(na), list(pd)
        self._wire = wire
        self._relays = list(relays)
        self._ask = list(ask)
        self._vendor = vendor
        self._options = list(options)

    @property
    def id(self):
        """Returns the DUID as in the registry and the outcome file."""
        return ":".join(f"{byte:02x}" for byte in self.duid)

    def message(self, kind, server_id=None, rapid=False, leases=None):
        """Builds a query. `leases` is the response whose leases it holds; without one it requests new ones."""
        layers = [kind(trid=random.getrandbits(24))]
        if self.duid is not None:
            layers.append(DHCP6OptUnknown(optcode=CLIENT_ID, data=self.duid))
        if server_id is not None:
            layers.append(DHCP6OptUnknown(optcode=SERVER_ID, data=server_id))
        layers.append(DHCP6OptElapsedTime())
        if self._ask:
            layers.append(DHCP6OptOptReq(reqopts=self._ask))
        if self._vendor:
            layers.append(DHCP6OptUnknown(optcode=VENDOR_OPTS, data=struct.pack("!I", DOCSIS) + self._vendor))
        if rapid:
            layers.append(DHCP6OptRapidCommit())
        layers += [DHCP6OptUnknown(optcode=code, data=data) for code, data in self._options]
        if kind is not DHCP6_InfoRequest:
            layers += [DHCP6OptIA_NA(iaid=iaid, ianaopts=_held_addresses(leases, iaid)) for iaid in self.na]
            layers += [DHCP6OptIA_PD(iaid=iaid, iapdopt=_held_prefixes(leases, iaid)) for iaid in self.pd]
        return stacked(*layers)

    def exchange(self, kind, timeout=5, **content):
        return self._wire.exchange(self.message(kind, **content), self._relays, timeout)

    def solicit(self, **how):
        return self.exchange(DHCP6_Solicit, **how)

    def request(self, advertise, **how):
        """Accepts an advertised lease."""
        return self.exchange(DHCP6_Request, server_id=advertise.server_id, leases=advertise, **how)

    def get_leases(self):
        """SOLICIT, ADVERTISE, REQUEST, REPLY. Returns the REPLY."""
        advertise = self.solicit()
        assert advertise is not None, "no answer to the SOLICIT"
        assert advertise.type == ADVERTISE
        reply = self.request(advertise)
        assert reply is not None, "no answer to the REQUEST"
        assert reply.type == REPLY
        return reply

    def renew(self, reply, **how):
        return self.exchange(DHCP6_Renew, server_id=reply.server_id, leases=reply, **how)

    def rebind(self, reply, **how):
        return self.exchange(DHCP6_Rebind, leases=reply, **how)

    def confirm(self, reply, **how):
        return self.exchange(DHCP6_Confirm, leases=reply, **how)

    def release(self, reply, **how):
        return self.exchange(DHCP6_Release, server_id=reply.server_id, leases=reply, **how)

    def decline(self, reply, **how):
        return self.exchange(DHCP6_Decline, server_id=reply.server_id, leases=reply, **how)

    def information_request(self, **how):
        return self.exchange(DHCP6_InfoRequest, **how)


def docsis_ask(*codes):
    """Returns the DOCSIS option request (suboption 1) that makes a server send these suboptions."""
    asked = b"".join(struct.pack("!H", code) for code in codes)
    return struct.pack("!HH", 1, len(asked)) + asked


# For Client6: the server answers with a vendor-opts option that has both DOCSIS suboptions, with its own values.
ASKS_DOCSIS = {"vendor": docsis_ask(DOCSIS_TFTP_SERVERS, DOCSIS_CONFIG_FILE)}
# For Client6: the server answers with an empty vendor-opts option.
ASKS_EMPTY_DOCSIS = {"ask": [VENDOR_OPTS]}


def packed(*addresses):
    """Returns IPv6 addresses as in DOCSIS code 32."""
    return b"".join(socket.inet_pton(socket.AF_INET6, address) for address in addresses)


def _held_addresses(response, iaid):
    held = response.addresses if response else []
    return [
        DHCP6OptUnknown(optcode=IAADDR, data=socket.inet_pton(socket.AF_INET6, address) + bytes(8))
        for owner, address in held
        if owner == iaid
    ]


def _held_prefixes(response, iaid):
    held = response.prefixes if response else []
    options = []
    for owner, prefix in held:
        address, length = prefix.split("/")
        if owner == iaid:
            data = bytes(8) + bytes([int(length)]) + socket.inet_pton(socket.AF_INET6, address)
            options.append(DHCP6OptUnknown(optcode=IAPREFIX, data=data))
    return options
