# SPDX-License-Identifier: MPL-2.0
"""Parses outcome files of both formats, and builds the expected records."""

import functools
import gzip
import json
import re
import time
from collections import namedtuple
from datetime import datetime
from pathlib import Path

import jsonschema

Record = namedtuple("Record", "id_type client addr registered")

# The content of a record of either format: the client's id, its address or "address/length", True or False.
Grant = namedtuple("Grant", "client lease registered")

SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "docs" / "outcome-record.schema.json").read_bytes())

_RECORD = re.compile(r"id_type=(.*)\nclient=(.*)\naddr=(.*)\nregistered=(.*)\n\n")
_VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

# Records that conform to the schema, as _shape() returns them: a validation takes long.
_conforming = set()


def expected4(client, addr, registered):
    """Returns the bytes of the record for a Client4 and an address."""
    return _text("HW_ADDR", f"hwtype={client.htype} {client.id}", addr, registered)


def expected6(client, lease, registered):
    """Returns the bytes of the record for a Client6 and an address, or a prefix with its length."""
    return _text("DUID", client.id, lease, registered)


def _text(id_type, client, addr, registered):
    return f"id_type={id_type}\nclient={client}\naddr={addr}\nregistered={'yes' if registered else 'no'}\n\n"


def parse(text):
    """Returns the records in a text of whole records; AssertionError for other texts."""
    records, position = [], 0
    while position < len(text):
        match = _RECORD.match(text, position)
        assert match, f"not a record: {text[position : position + 200]!r}"
        records.append(Record(*match.groups()))
        position = match.end()
    return records


def parse_json(text):
    """Returns the objects in a text of whole lines, parsed independently of our code; AssertionError for other texts.

    Each must conform to docs/outcome-record.schema.json.
    """
    *lines, rest = text.split("\n")
    assert rest == "", f"a line without an end: {rest[:500]!r}"
    return [dict(_parse_line(line)) for line in lines]


@functools.lru_cache(maxsize=10_000)  # tests that wait for a record read all of them each time
def _parse_line(line):
    """Returns the keys and values of the object in a line."""
    assert not re.search(r"[\x00-\x1f\x7f]", line), f"control characters: {line!r}"
    try:
        pairs = json.loads(line, object_pairs_hook=list)
    except ValueError as error:
        raise AssertionError(f"not JSON, {error}: {line[:500]!r}") from error
    names = [name for name, _ in pairs]
    assert names == [name for name in SCHEMA["properties"] if name in names], f"keys not in order: {line}"
    shape = _shape(pairs)
    if shape not in _conforming:
        wrong = [f"{error.json_path}: {error.message}" for error in _VALIDATOR.iter_errors(dict(pairs))]
        assert wrong == [], f"{line}: {'; '.join(wrong)}"
        _conforming.add(shape)
    return pairs


def _shape(pairs):
    """Returns all that the schema sees of a record: of each value the schema's patterns that it matches, or else itself."""
    return tuple((name, (_matched(value) if isinstance(value, str) else ()) or repr(value)) for name, value in pairs)


@functools.lru_cache(maxsize=10_000)  # most values occur several times
def _matched(text):
    return tuple(pattern for pattern in _PATTERNS if pattern.search(text))


def _patterns(part):
    """Returns the patterns in a part of the schema."""
    own = [re.compile(part["pattern"])] if isinstance(part, dict) and "pattern" in part else []
    parts = part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
    return set(own).union(*map(_patterns, parts))


_PATTERNS = _patterns(SCHEMA)


def grant_of(record):
    """Returns the Grant in a Record of a text file, or in an object of a JSON file."""
    if isinstance(record, Record):
        return Grant(record.client.split()[-1], record.addr, record.registered == "yes")
    return Grant(record["id"], record.get("address", record.get("prefix")), record["registered"])


def _parse_grants(form, text):
    return [grant_of(record) for record in (parse_json if form == "json" else parse)(text)]


def _salvage_grants(form, text):
    """Returns what a reader finds who splits text at empty lines, or JSON at lines: (grants, pieces that are no records)."""
    end = "\n" if form == "json" else "\n\n"
    grants, pieces = [], []
    for piece in re.split(rf"{end}\n*", text):
        if not piece.strip("\n"):
            continue
        try:
            grants += _parse_grants(form, piece + end)
        except AssertionError:
            pieces.append(piece)
    return grants, pieces


class Outcome:
    """An outcome file; its content at the last mark() is ignored."""

    def __init__(self, path, form="text"):
        """`form` is the server's outcome-format."""
        self.path = path
        self.form = form
        self._mark = 0
        self._since = time.time()

    def mark(self):
        self._mark = len(self._read())
        self._since = time.time()

    def _read(self):
        try:
            with open(self.path, "rb") as file:
                return file.read()
        except FileNotFoundError:
            return b""

    def text(self):
        return self._read()[self._mark :].decode()

    def records(self):
        """Returns the records of a text file."""
        return parse(self.text())

    def objects(self):
        """Returns the objects of a JSON file without their times, which are checked here."""
        records = parse_json(self.text())
        for record in records:
            made = datetime.fromisoformat(record.pop("time").replace("Z", "+00:00")).timestamp()
            assert self._since - 0.01 <= made <= time.time(), f"made at {made}: {record}"
        return records

    def grants(self):
        """Returns the grants in a file of whole records."""
        return _parse_grants(self.form, self.text())

    def grants_so_far(self):
        """Returns the grants in a file that is being written, in which a reader may see only part of the last record."""
        end = "\n" if self.form == "json" else "\n\n"
        whole, found, _ = self.text().rpartition(end)
        return _parse_grants(self.form, whole + found)

    def salvaged_grants(self):
        """Returns what a reader finds in the file and in all its rotated files: (grants, pieces that are no records)."""
        found = [_salvage_grants(self.form, text) for text in self._texts()]
        return sum((grants for grants, _ in found), []), sum((pieces for _, pieces in found), [])

    def all_grants(self):
        """Returns the grants in the file and in all its rotated files, each of which must have whole records only."""
        return sum((_parse_grants(self.form, text) for text in self._texts()), [])

    def _texts(self):
        for path in sorted(Path(self.path).parent.glob(f"{Path(self.path).name}*")):
            content = path.read_bytes()
            yield (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
