# SPDX-License-Identifier: MPL-2.0
"""One round of fuzzing a server: a random configuration, bursts of random queries, and the findings."""

import random
import time
from collections import Counter, deque

from lab import registry
from lab.fuzz_checks import complaints, leaks, unlike
from lab.fuzz_hooks import beside
from lab.fuzz_layout import Layout
from lab.fuzz_queries4 import Queries4
from lab.fuzz_queries6 import Queries6
from lab.fuzz_service import Service

BURSTS, QUERIES, EXCHANGES = 3, 150, 12
SOON = 0.002  # most answers arrive sooner; later ones are taken with those of the next query
QUIET = 0.1
PATIENCE = 10
ONE_SECOND = 1.1  # a released lease is free for others after the second in which Kea keeps it


class Round:
    """A round with a seed; every second one is wild, see lab/fuzz_layout.py."""

    def __init__(self, world, seed, number):
        self._world = world
        self.rng = random.Random(f"{seed}-{world.family}-{number}")
        self.layout = Layout(world.family, self.rng, wild=number % 2 == 0)
        self.counts = Counter()
        self.last = deque(maxlen=20)  # what was sent last, for analysis after a crash
        self._queries = (Queries4 if world.family == 4 else Queries6)(self.rng, self.layout)
        self._sent = {}
        self._standing = {}
        self._fresh = 0

    def configure(self):
        """Writes the configuration, before the server is started."""
        world, rng = self._world, self.rng
        self._events = rng.choice(["all", "all", "leases"])
        world.lay_out(**self.layout.make(), **self.layout.identifiers(), outcome_events=self._events)
        world.record_as(rng.choice(["text", "json"]))
        world.hooks, self.beside = beside(world, rng, world.hook)
        self._register()
        world.configure()

    def _register(self):
        """Changes who is registered, some with `access`; the client that checks for life always is registered."""
        self._sentinel = self._new_client()
        says = {person.id: self.rng.choice(["allow"] * 4 + ["restrict", "deny"] + [None] * 4) for person in self.layout.people}
        self._standing = {**{client: None for client in self._standing}, **says, self._sentinel: "allow"}
        self._write()

    def _write(self):
        make = registry.hw_addr if self._world.family == 4 else registry.duid
        known = [(client, says) for client, says in self._standing.items() if says is not None]
        # The default, "allow", is omitted.
        lines = [make(client.hex(":"), **({"access": says} if says != "allow" else {})) for client, says in known]
        self._world.registry.write(*lines)

    def _new_client(self):
        self._fresh += 1
        mac = bytes([2, 0xEF, 0, 0, self._fresh >> 8, self._fresh & 255])
        return mac if self._world.family == 4 else b"\0\3\0\1" + mac

    def findings(self, wire):
        """Runs the round. Returns the findings as texts. Ends early when the server does."""
        self._wire = wire
        for burst in range(BURSTS):
            if burst and self.rng.random() < 0.3:
                self._world.server.reload()
            self._register()
            self._world.outcome.mark()
            answers = []
            for _ in range(QUERIES):
                answers += self._send(self._queries.make())
            late, alive = self._settle()
            answers += late
            if not alive:
                yield self._death()
                return
            answered = [(self._sent.get(answer.xid), answer) for answer in answers]
            self._count(answers)
            yield from leaks(self.layout, self._standing, answered)
            yield from unlike(self._world, self._standing, answers, self._events)
        if not self.layout.wild:
            yield from self._serve()
        yield from complaints(self._world)

    def _send(self, query, wait=SOON):
        self.last.append(query)
        self._sent[query.xid] = query
        self._wire.send(query)
        answers = self._wire.receive(wait)
        for answer in answers:
            self._queries.note(answer.client, [each for each in answer.leases if each != "0.0.0.0"], answer.server_id)
        return answers

    def _settle(self):
        """Waits until everything is answered. Returns (what arrived meanwhile, whether a registered client is answered)."""
        sentinel = self._queries.sentinel(self._sentinel)
        answers = self._send(sentinel)
        deadline = time.monotonic() + PATIENCE
        while not any(answer.xid == sentinel.xid for answer in answers):
            if time.monotonic() > deadline or not self._world.server.is_running():
                return answers, False
            answers += self._wire.receive(QUIET)
        while late := self._wire.receive(QUIET):
            answers += late
        return answers, True

    def _death(self):
        running = self._world.server.is_running()
        sent = "\n".join(f"  {query.link and query.link.name} {query.payload.hex()}" for query in self.last)
        return f"{'silent at' if running else 'CRASHED before'} the last query, beside {self.beside}\n{self._last_words()}\nsent last:\n{sent}"

    def _last_words(self):
        return "\n".join(self._world.server.log_text().splitlines()[-5:] + [self._world.server.stdout_text()[-500:]])

    def _count(self, answers):
        for answer in answers:
            said = "registered" if self._standing.get(answer.client) == "allow" else "stranger"
            self.counts[said, "granted" if set(answer.leases) - {"0.0.0.0"} else "answered"] += 1

    def _serve(self):
        """Checks that everyone whose side has room is served: new clients, and those of the random queries."""
        time.sleep(ONE_SECOND)
        service = Service(self._world, self.layout, self._standing)
        clients = [(self._new_client(), self.rng.random() < 0.5) for _ in range(EXCHANGES)]
        self._standing.update({client: "allow" if known else None for client, known in clients})
        self._write()
        asking = [client for client, _ in clients] + [person.id for person in self.layout.people]
        self.rng.shuffle(asking)
        for client in asking:
            link = self.rng.choice(self.layout.links)
            if self._world.server.is_running():
                self.counts["registered" if self._standing[client] == "allow" else "stranger", "asked for service"] += 1
                yield from service.check(client, link)
        if not self._world.server.is_running():
            yield f"CRASHED while clients were to be served, beside {self.beside}\n{self._last_words()}"
