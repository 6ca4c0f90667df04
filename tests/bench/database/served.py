# SPDX-License-Identifier: MPL-2.0
"""A real server that follows a database: its processor time, and a client that asks it for what is in force."""

import contextlib
import glob
import os
import socket
import struct
import threading
import time

import registries
from registry import Psql, give_boot_file
from servers import Server

_HEADER = struct.Struct("!4BI2H4s4s4s4s16s64s128s")
_COOKIE = b"\x63\x82\x53\x63"
_DISCOVER = bytes([53, 1, 1, 255])
_CLIENT = 1  # the number of the client whose boot file changes
_BETWEEN = 0.001  # seconds from an answer to the next query


class DatabaseServer(Server):
    """A server whose users are in a database."""

    def _hooks(self, variant):
        files = {"outcome-file": str(self.kea.home / "outcome.txt"), "registry-copy": str(self.kea.home / "copy.txt")}
        return [{"library": self.kea.install(variant.library), "parameters": {**files, **variant.parameters}}]

    def processor_seconds(self):
        """Returns the processor time of all threads of the server so far."""
        return sum(map(_spent, glob.glob(f"/proc/{self.kea.pid}/task/*/schedstat")))

    def seconds_beside(self):
        """Returns the processor time of all threads but the one that serves, in a server without multi-threading."""
        return self.processor_seconds() - _spent(f"/proc/{self.kea.pid}/task/{self.kea.pid}/schedstat")

    @contextlib.contextmanager
    def copies(self):
        """Yields a set that gets an entry for each copy that is written meanwhile."""
        end, written, path = threading.Event(), set(), self.kea.home / "copy.txt"
        before = path.stat().st_mtime_ns

        def look():
            while not end.wait(0.5):
                written.add(path.stat().st_mtime_ns)

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield written
        finally:
            end.set()
            thread.join()
            written.discard(before)

    def relay(self):
        """Returns a socket that receives the clients' answers."""
        with self._clients.entered():
            relay = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        relay.bind(("10.0.0.2", 67))
        relay.settimeout(5)
        return relay


def seconds_until_served(server, registry, changes, pause):
    """Returns for each change the time from a statement in psql until a client is offered the boot file that it sets."""
    found = []
    with Psql(registry) as psql, server.relay() as relay:
        for number in range(changes):
            name = f"/boot/{time.time_ns()}-{number}"
            time.sleep(next(pause))
            begin = time.perf_counter()
            psql.type(give_boot_file(_CLIENT, name))
            while _offered_boot_file(relay, number) != name:
                time.sleep(_BETWEEN)
            found.append(time.perf_counter() - begin)
    return found


def _offered_boot_file(relay, number):
    mac = bytes.fromhex(registries.client_id(4, _CLIENT).replace(":", ""))
    none = bytes(4)
    relay_address = socket.inet_aton("10.0.0.2")
    query = _HEADER.pack(1, 1, 6, 1, number, 0, 0, none, none, none, relay_address, mac, b"", b"")
    relay.sendto(query + _COOKIE + _DISCOVER, ("10.0.0.1", 67))
    answer = relay.recv(65536)
    return _HEADER.unpack_from(answer)[-1].rstrip(b"\0").decode()


def _spent(schedstat):
    with open(schedstat, encoding="ascii") as file:
        return int(file.read().split()[0]) / 1e9


def shared_cores():
    """Returns the cores other than the server's own, for its clients and the database."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[1:] or cores
