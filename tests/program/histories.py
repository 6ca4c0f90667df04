# SPDX-License-Identifier: MPL-2.0
"""Creates outcome files in JSON: records by hand, and those of a modeled server."""

import gzip
import json
import random
from collections import namedtuple
from datetime import datetime, timedelta, timezone

# Who had the address in the model, as the server's clock showed it; `ended` is the program's word, `latest` the end of
# the lifetime.
Held = namedtuple("Held", "client begin end ended registered latest")

START = datetime(2026, 3, 1, tzinfo=timezone.utc).timestamp()

FOREVER = 0xFFFFFFFF


def moment(seconds):
    """Returns a time as in records, so many seconds after March 1."""
    shown = datetime.fromtimestamp(START, timezone.utc) + timedelta(milliseconds=round(seconds * 1000))
    return shown.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_of(text):
    """The inverse."""
    return round(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() - START, 3)


def mac(number):
    return f"02:aa:00:00:00:{number:02x}"


def record(at, message, client, lease, lifetime=3600, registered=True, **more):
    """Returns a line of the outcome file; a client is a number, or an id of DHCPv6."""
    is_v6 = ":" in lease
    members = {"time": moment(at), "server": f"kea-dhcp{6 if is_v6 else 4}", "message": message}
    if message != "expire":
        members["transaction-id"] = "0x1a2b3c"
    members |= {"id-type": "DUID" if is_v6 else "HW_ADDR", "id": client if isinstance(client, str) else mac(client)}
    members |= {} if is_v6 else {"hw-type": 1}
    members |= {"prefix" if "/" in lease else "address": lease, "valid-lifetime": lifetime, "subnet-id": 1}
    members |= {"registered": registered} if message != "expire" else {}
    members |= {"interface": "eth0"} if message != "expire" else {}
    members |= {name.replace("_", "-"): value for name, value in more.items()}
    text = json.dumps(members, ensure_ascii=False)
    return f"{{ {text[1:-1]} }}\n"


def write(path, *lines):
    """Writes lines to a file, with gzip if its name says so."""
    content = "".join(lines).encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


class Model:
    """A server with few addresses and more clients; in each second someone wants something.

    `lines` are its records, in order. It goes by its clock, which may be set back: then an hour occurs twice.
    """

    ADDRESSES = ["192.0.2.1", "192.0.2.2", "192.0.2.10"]
    CLIENTS = 6

    def __init__(self, seed, with_ends=True, steps=0):
        self.random = random.Random(seed)
        self.with_ends = with_ends
        self.clock = 0.0
        self.lines = []
        self.went = []  # what the clock has shown: spans between two steps
        self.history = {address: [] for address in self.ADDRESSES}  # closed spans of holding, by address
        self._leases = {}  # by address: [client, begin, end of the lifetime, registered]
        self._since = 0.0
        self._steps = sorted(self.random.sample(range(100, 500), steps))
        self._registered = {client: self.random.random() < 0.5 for client in range(self.CLIENTS)}
        for turn in range(600):
            self._turn(turn)
        self.now = self.clock
        self.went.append((self._since, self.clock))

    def _turn(self, turn):
        self.clock = round(self.clock + self.random.choice([0.5, 7, 60, 500]), 3)
        if turn in self._steps:
            self._set_back(self.random.choice([600, 5000]))
        self._reclaim()
        address = self.random.choice(self.ADDRESSES)
        lease = self._leases.get(address)
        if lease is None:
            self._grant(address, self.random.randrange(self.CLIENTS))
        elif (what := self.random.random()) < 0.6:
            self._grant(address, lease[0])
        elif what < 0.75:
            self._end(address, "release")
        elif what < 0.8:
            self._end(address, "decline")

    def _set_back(self, by):
        self.went.append((self._since, self.clock))
        self.lines.append(record(self.clock, "ack", 99, "192.0.2.99"))
        # For this view, open spans are closed; they continue at the time that is shown now.
        for address, lease in self._leases.items():
            self._close(address, lease, self.clock, None)
            lease[1] = self.clock - by
        self.clock = self._since = round(self.clock - by, 3)
        self.lines.append(record(self.clock, "ack", 99, "192.0.2.99"))  # the next record shows when it was set

    def _say(self, message, client, address, lifetime):
        if message in ("ack", "offer") or self.with_ends:
            self.lines.append(record(self.clock, message, client, address, lifetime, self._registered[client]))

    def _grant(self, address, client):
        lifetime = self.random.choice([600, 3600])
        if self.random.random() < 0.5:
            self._say("offer", self.random.randrange(self.CLIENTS), address, lifetime)
        lease = self._leases.setdefault(address, [client, self.clock, 0, self._registered[client]])
        lease[2] = round(self.clock + lifetime, 3)
        self._say("ack", client, address, lifetime)

    def _end(self, address, message):
        lease = self._leases.pop(address)
        self._close(address, lease, self.clock, {"release": "released", "decline": "declined"}[message])
        self._say(message, lease[0], address, 3600)

    def _reclaim(self):
        """Like Kea: some time after a lease has ended; its record comes late."""
        for address, lease in list(self._leases.items()):
            if lease[2] < self.clock:
                self._close(address, lease, lease[2], "expired" if self.with_ends else "lapsed")
                del self._leases[address]
                self._say("expire", lease[0], address, 3600)

    def _close(self, address, lease, end, ended):
        self.history[address].append(Held(mac(lease[0]), lease[1], end, ended, lease[3], lease[2]))

    def held(self, address):
        """Returns all spans of an address."""
        lease = self._leases.get(address)
        open_span = [Held(mac(lease[0]), lease[1], lease[2], "lapsed", lease[3], lease[2])] if lease else []
        return self.history[address] + open_span

    def held_at_most(self, address):
        """The same, as far as one can tell from grants only."""
        found = []
        for held in self.held(address):
            last = found[-1] if found else None
            if last and last.client == held.client and held.begin <= last.end:
                found[-1] = last._replace(end=held.latest)
                continue
            if last and held.begin <= last.end:
                found[-1] = last._replace(end=held.begin, ended="given")
            found.append(held._replace(end=held.latest, ended="lapsed"))
        return found

    def holders(self, address, at):
        """Returns who had an address while the clock showed a time."""
        return {held.client for held in self.held(address) if held.begin <= at < held.end}

    def must_be_found(self, address, at, lines):
        """Returns those of these who had it by the newest of some of the lines, whatever the others say."""
        found = set()
        for held in self.held(address):
            if held.begin <= at < held.end:
                grants = [(seconds_of(it["time"]), it["valid-lifetime"]) for it in map(json.loads, lines)
                          if (it["message"], it["id"], it["address"]) == ("ack", held.client, address)]  # fmt: skip
                last = max((it for it in grants if held.begin <= it[0] <= at), default=(0, 0))
                found |= {held.client} if sum(last) > at else set()
        return found

    def is_doubtful(self, at):
        """Whether the clock has shown a time twice."""
        return sum(begin <= at <= end for begin, end in self.went) > 1


def scattered(folder, lines, chance):
    """Splits lines into files as rotation does, with older ones compressed. Returns them in random order."""
    cuts = sorted(chance.sample(range(1, len(lines)), 3))
    parts = [lines[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(lines)])]
    names = ["outcome.txt.3.gz", "outcome.txt.2.gz", "outcome.txt.1", "outcome.txt"]
    files = [write(folder / name, *part) for name, part in zip(names, parts)]
    chance.shuffle(files)
    return files
