# SPDX-License-Identifier: MPL-2.0
"""A name server for tests, which answers when it is told to, and the resolver configuration that uses it."""

import socket
import threading

ADDRESS = "127.0.0.53"


class NameServer:
    """A context manager: resolves every name to 127.0.0.1, except for the names in UNKNOWN.

    While it is silent, it keeps queries for later.
    """

    UNKNOWN = b"unknown"  # the first label

    # A resolver that waits for minutes.
    RESOLVER = f"nameserver {ADDRESS}\noptions timeout:30 attempts:5\n"

    def __init__(self, namespace):
        self._socket = namespace.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._lock = threading.Lock()
        self._silent = False
        self._kept = []

    def __enter__(self):
        self._socket.bind((ADDRESS, 53))
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._socket.sendto(b"", (ADDRESS, 53))
        self._thread.join()
        self._socket.close()

    @property
    def kept(self):
        """Returns how many queries wait for their answers."""
        with self._lock:
            return len(self._kept)

    def be_silent(self):
        with self._lock:
            self._silent = True

    def answer(self):
        """Answers from now on, including the queries that it has kept."""
        with self._lock:
            self._silent = False
            for query, asker in self._kept:
                self._socket.sendto(_answer(query), asker)
            self._kept.clear()

    def _run(self):
        while True:
            query, asker = self._socket.recvfrom(4096)
            if not query:  # from __exit__()
                return
            with self._lock:
                if self._silent:
                    self._kept.append((query, asker))
                else:
                    self._socket.sendto(_answer(query), asker)


def _answer(query):
    """RFC 1035, section 4: repeats the question, and adds an address if an IPv4 address is requested."""
    end = query.index(b"\0", 12) + 5
    question = query[12:end]
    if query[13:].startswith(NameServer.UNKNOWN):
        return query[:2] + b"\x81\x83" + b"\0\1\0\0\0\0\0\0" + question
    is_a = question[-4:-2] == b"\0\1"
    record = b"\xc0\x0c" + question[-4:] + (0).to_bytes(4, "big") + b"\0\4" + socket.inet_aton("127.0.0.1")
    counts = b"\0\1" + (b"\0\1" if is_a else b"\0\0") + b"\0\0\0\0"
    return query[:2] + b"\x81\x80" + counts + question + (record if is_a else b"")
