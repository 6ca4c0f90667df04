# SPDX-License-Identifier: MPL-2.0
"""Reads outcome files, and says what a record is to look like."""

import re
from collections import namedtuple

Record = namedtuple("Record", "id_type client addr registered")

_RECORD = re.compile(r"id_type=(.*)\nclient=(.*)\naddr=(.*)\nregistered=(.*)\n\n")


def expected4(client, addr, registered):
    """The bytes of the record for a Client4 and an address."""
    return _text("HW_ADDR", f"hwtype={client.htype} {client.id}", addr, registered)


def expected6(client, lease, registered):
    """The bytes of the record for a Client6 and an address, or a prefix with its length."""
    return _text("DUID", client.id, lease, registered)


def _text(id_type, client, addr, registered):
    return f"id_type={id_type}\nclient={client}\naddr={addr}\nregistered={'yes' if registered else 'no'}\n\n"


def parse(text, cut_allowed=False):
    """The records of a text of whole records, whose last one may be cut short; AssertionError for other texts."""
    records, position = [], 0
    while position < len(text):
        match = _RECORD.match(text, position)
        if not match and cut_allowed and "\n\n" not in text[position:]:
            break
        assert match, f"not a record: {text[position : position + 200]!r}"
        records.append(Record(*match.groups()))
        position = match.end()
    return records


class Outcome:
    """An outcome file; what it held when mark() was called last is not looked at."""

    def __init__(self, path):
        self.path = path
        self._mark = 0

    def mark(self):
        self._mark = len(self._read())

    def _read(self):
        try:
            with open(self.path, "rb") as file:
                return file.read()
        except FileNotFoundError:
            return b""

    def text(self):
        return self._read()[self._mark :].decode()

    def records(self):
        return parse(self.text())
