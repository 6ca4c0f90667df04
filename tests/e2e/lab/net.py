# SPDX-License-Identifier: MPL-2.0
"""Creates network namespaces, and a LAN of them on a bridge; all traffic of the tests stays inside."""

import contextlib
import ctypes
import itertools
import os
import re
import socket

from lab.process import run, wait_until

# The interface name at both ends of every link: clients and the server each see one "eth0".
IFACE = "eth0"
SERVER_MAC = "02:00:00:00:00:01"

_PREFIX = "uchk"
_CLONE_NEWNET = 0x40000000
_IFA_F_TENTATIVE = 0x40
_numbers = itertools.count(1)


def _setns(descriptor):
    if hasattr(os, "setns"):  # Python 3.12 and later
        os.setns(descriptor, _CLONE_NEWNET)
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, _CLONE_NEWNET) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def _remove(names):
    run("ip", "-batch", "-", text_input="".join(f"netns delete {name}\n" for name in names))


def remove_leftovers():
    """Removes the remaining namespaces of this run, and those of runs that were killed."""
    names = re.findall(rf"^({_PREFIX}-(\d+)-\d+)\b", run("ip", "netns", "list"), re.MULTILINE)
    _remove(name for name, pid in names if pid == str(os.getpid()) or not os.path.exists(f"/proc/{pid}"))


class Namespace:
    """A network namespace whose name has the pid of the test run."""

    def __init__(self):
        self.name = f"{_PREFIX}-{os.getpid()}-{next(_numbers)}"
        run("ip", "netns", "add", self.name)
        with self.entered():
            # Link-local addresses are usable at once, since there is nobody else on these links.
            for scope in ("all", "default"):
                with open(f"/proc/sys/net/ipv6/conf/{scope}/accept_dad", "w") as knob:
                    knob.write("0")

    def ip(self, *lines):
        """Runs iproute2 commands in the namespace."""
        run("ip", "-n", self.name, "-batch", "-", text_input="\n".join(lines) + "\n")

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


class Lan:
    """A bridge in the server's namespace; every client has its own namespace, plugged into it."""

    def __init__(self, server_address4):
        self._namespaces = []
        self._ports = itertools.count(1)
        self.server = self._add()
        self.server.ip(
            "link set lo up",
            f"link add name {IFACE} address {SERVER_MAC} type bridge mcast_snooping 0",
            f"link set {IFACE} up",
            f"addr add {server_address4} dev {IFACE}",
        )
        self._spare = self._plug()  # a bridge is up only while something is plugged in, and servers use no other
        self.server.link_local()

    def _add(self):
        namespace = Namespace()
        self._namespaces.append(namespace)
        return namespace

    def plug(self, address4=None):
        """Returns a new client namespace on the LAN."""
        client, self._spare = self._spare or self._plug(), None
        if address4:
            client.ip(f"addr add {address4} dev {IFACE}")
        return client

    def _plug(self):
        client = self._add()
        port = f"port{next(self._ports)}"
        self.server.ip(
            f"link add name {port} type veth peer name {IFACE} netns {client.name}",
            f"link set {port} master {IFACE} up",
        )
        client.ip("link set lo up", f"link set {IFACE} promisc on up")
        client.link_local()
        return client

    def close(self):
        _remove(namespace.name for namespace in self._namespaces)
        self._namespaces.clear()
