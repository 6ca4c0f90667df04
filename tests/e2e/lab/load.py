# SPDX-License-Identifier: MPL-2.0
"""Clients that keep servers busy while something happens to them, and that record what each response granted."""

import functools
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from lab.outcome import Grant
from lab.process import wait_until


class Load:
    """Threads of clients, each a new one that makes one four-way exchange; they run during a with statement.

    A DHCPv6 client requests two addresses, which makes two records for one response.
    """

    def __init__(self, *worlds, threads=2, timeout=1):
        """`threads` is per world; the client of a query gives up after `timeout` seconds."""
        self._asks = [
            functools.partial(self._ask, world, world.another_wire()) for world in worlds for _ in range(threads)
        ]
        self._timeout = timeout
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self.received = Counter()  # what clients were granted
        self.unanswered = Counter()  # how many leases a client requested in unanswered queries

    def __enter__(self):
        self._stopped.clear()
        self._pool = ThreadPoolExecutor(len(self._asks))
        self._running = [self._pool.submit(ask) for ask in self._asks]
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Lets the exchanges that have begun complete."""
        self._stopped.set()
        self._pool.shutdown()
        for thread in self._running:
            thread.result()

    def _ask(self, world, wire):
        how = {"na": [1, 2]} if world.family == 6 else {}
        while not self._stopped.is_set():
            client = world.client(wire=wire, **how)
            response = self._take(client, world.ask(client, timeout=self._timeout), len(how) + 1)
            if response is not None:
                self._take(client, client.request(response, timeout=self._timeout), len(how) + 1)

    def _take(self, client, response, asked):
        with self._lock:
            if response is None:
                self.unanswered[client.id] += asked
            else:
                self.received.update(Grant(client.id, lease, False) for lease in response.leases)
        return response

    def wait_for(self, grants):
        """Waits until clients have been granted that many more leases."""
        enough = self.received.total() + grants
        wait_until(lambda: self.received.total() >= enough, f"{grants} grants under load")

    def assert_recorded(self, grants):
        """Checks that there is exactly one record for each grant that a client received, and none without a query."""
        recorded = Counter(grants)
        lost = self.received - recorded
        assert not lost, f"{lost.total()} of {self.received.total()} have no record: {lost.most_common(5)}"
        # A recorded response may still have been lost on its way, for example together with its server.
        unreceived = Counter(grant.client for grant in (recorded - self.received).elements())
        assert unreceived <= self.unanswered, f"recorded, but not received: {unreceived - self.unanswered}"
