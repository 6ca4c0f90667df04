# SPDX-License-Identifier: MPL-2.0
"""Creates network namespaces, and a LAN of them on a bridge; all traffic of the tests stays inside."""

import contextlib
import ctypes
import fcntl
import itertools
import os
import re
import socket
import struct

from lab.process import run, wait_until

# The interface name at both ends of every link: clients and the server each see one "eth0".
IFACE = "eth0"
SERVER_MAC = "02:00:00:00:00:01"

_PREFIX = "uchk"
_CLONE_NEWNET = 0x40000000
_IFA_F_TENTATIVE = 0x40
_SIOCGIFFLAGS, _SIOCSIFFLAGS = 0x8913, 0x8914  # netdevice(7)
_IFF_UP, _IFF_PROMISC = 0x1, 0x100
_numbers = itertools.count(1)


def _setns(descriptor):
    if hasattr(os, "setns"):  # Python 3.12 and later
        os.setns(descriptor, _CLONE_NEWNET)
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, _CLONE_NEWNET) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def _ip(lines, *options):
    run("ip", *options, "-batch", "-", text_input="".join(f"{line}\n" for line in lines))


def remove_leftovers():
    """Removes the remaining namespaces of this run, and those of runs that were killed."""
    names = re.findall(rf"^({_PREFIX}-(\d+)-\d+)\b", run("ip", "netns", "list"), re.MULTILINE)
    _ip(f"netns delete {name}" for name, pid in names if pid == str(os.getpid()) or not os.path.exists(f"/proc/{pid}"))


def create(number):
    """Returns new namespaces."""
    names = [f"{_PREFIX}-{os.getpid()}-{next(_numbers)}" for _ in range(number)]
    _ip(f"netns add {name}" for name in names)
    return [Namespace(name) for name in names]


class Namespace:
    """A network namespace whose name has the pid of the test run."""

    def __init__(self, name):
        self.name = name
        with self.entered():
            # Link-local addresses are usable at once, since there is nobody else on these links.
            for scope in ("all", "default"):
                with open(f"/proc/sys/net/ipv6/conf/{scope}/accept_dad", "w") as knob:
                    knob.write("0")
            _set_flags("lo", _IFF_UP)

    def ip(self, *lines):
        """Runs iproute2 commands in the namespace."""
        _ip(lines, "-n", self.name)

    def command(self, *command):
        """Returns the command line that runs a command inside."""
        return ["ip", "netns", "exec", self.name, *command]

    @contextlib.contextmanager
    def entered(self):
        """Moves the calling thread inside; sockets created there stay there."""
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(f"/run/netns/{self.name}", os.O_RDONLY)
        try:
            _setns(there)
            try:
                yield
            finally:
                _setns(home)
        finally:
            os.close(there)
            os.close(home)

    def set_up(self):
        """Sets the interface up, for packets to any address, since clients make up theirs."""
        with self.entered():
            _set_flags(IFACE, _IFF_UP | _IFF_PROMISC)
        self.link_local()

    def socket(self, *arguments):
        with self.entered():
            return socket.socket(*arguments)

    def link_local(self):
        """Returns the interface's link-local address, once it is usable."""

        def usable():
            with self.entered(), open("/proc/thread-self/net/if_inet6", encoding="ascii") as lines:
                for address, _, _, _, flags, interface in map(str.split, lines):
                    if interface == IFACE and address.startswith("fe80") and not int(flags, 16) & _IFA_F_TENTATIVE:
                        return socket.inet_ntop(socket.AF_INET6, bytes.fromhex(address))
            return None

        return wait_until(usable, f"a link-local address in {self.name}")

    def mac(self):
        with self.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
            sock.bind((IFACE, 0))
            return sock.getsockname()[4].hex(":")

    def index(self):
        """Returns the interface's index, for IPv6 scope ids."""
        with self.entered():
            return socket.if_nametoindex(IFACE)


def _set_flags(interface, flags):
    """Sets flags of an interface of the calling thread's namespace."""
    request = struct.Struct("16sH14x")
    name = interface.encode()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        _, present = request.unpack(fcntl.ioctl(sock, _SIOCGIFFLAGS, request.pack(name, 0)))
        fcntl.ioctl(sock, _SIOCSIFFLAGS, request.pack(name, present | flags))


class Lan:
    """A bridge in the server's namespace; every client has its own namespace, plugged into it."""

    def __init__(self, server_address4):
        self._ports = itertools.count(1)
        # A bridge is up only while something is plugged in, and servers use no other.
        self.server, self._spare = self._namespaces = create(2)
        self.server.ip(
            f"link add name {IFACE} address {SERVER_MAC} type bridge mcast_snooping 0",
            f"link set {IFACE} up",
            f"addr add {server_address4} dev {IFACE}",
            *self._cable(self._spare),
        )
        self._spare.set_up()
        self.server.link_local()

    def plug(self, address4=None):
        """Returns a new client namespace on the LAN."""
        client, self._spare = self._spare or self._plug(), None
        if address4:
            client.ip(f"addr add {address4} dev {IFACE}")
        return client

    def _plug(self):
        (client,) = create(1)
        self._namespaces.append(client)
        self.server.ip(*self._cable(client))
        client.set_up()
        return client

    def _cable(self, client):
        """The lines of iproute2, in the server's namespace, that plug a client in."""
        port = f"port{next(self._ports)}"
        return (
            f"link add name {port} type veth peer name {IFACE} netns {client.name}",
            f"link set {port} master {IFACE} up",
        )

    def close(self):
        _ip(f"netns delete {namespace.name}" for namespace in self._namespaces)
        self._namespaces.clear()
