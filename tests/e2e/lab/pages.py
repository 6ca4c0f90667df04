# SPDX-License-Identifier: MPL-2.0
"""Reads the pages of the commands: their arguments, examples and results."""

import json
import re
from collections import namedtuple
from pathlib import Path

DOCS = Path(__file__).resolve().parents[3] / "docs"

# A row of the table of arguments; the name of a member of a map is `map.member`.
Argument = namedtuple("Argument", "name type required")
# A text that a result may have; what it leaves open is in angle brackets.
Result = namedtuple("Result", "code text")

_VARYING = {"revision", "time", "milliseconds", "valid-lifetime-at-most"}
_OPEN = r"<([^>]+)>"
_LIKE = {"place": r"/[^:]+(?::\d+)?", "number": r"\d+"}  # others are any text


class CommandPage:
    """The page of one command."""

    def __init__(self, path):
        self.name = path.stem
        self._text = path.read_text(encoding="utf-8")

    def section(self, heading):
        """What is below a heading of the second level."""
        return re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", self._text, re.MULTILINE | re.DOTALL)[1]

    def introduction(self):
        """What is above all these."""
        return self._text.split("\n## ")[0].splitlines()

    def headings(self):
        """The title, and the headings of the second level."""
        return re.findall(r"^##? (.*)$", self._text, re.MULTILINE)

    def arguments(self):
        rows = re.findall(r"^\| `([^`]+)` \| (\w+) \| (\w+)", self.section("Arguments"), re.MULTILINE)
        return [Argument(name, kind, need == "required") for name, kind, need in rows]

    def examples(self):
        """Pairs of a command and its answer."""
        blocks = re.findall(r"^```json\n(.*?)^```$", self._text, re.MULTILINE | re.DOTALL)
        shown = [json.loads(block) for block in blocks]
        return list(zip(shown[::2], shown[1::2], strict=True))

    def results(self):
        """The results in its own table; those of bad arguments are in the reference."""
        rows = re.findall(r"^\| (\d) \| `([^`]+)` \|", self.section("Results"), re.MULTILINE)
        return [Result(int(code), text) for code, text in rows]


def command_pages():
    """The pages of all commands, in the order of their names."""
    return [CommandPage(path) for path in sorted((DOCS / "commands").glob("*.md"))]


def bad_arguments():
    """The results that the reference has for the bad arguments of any command."""
    reference = (DOCS / "reference.md").read_text(encoding="utf-8")
    part = re.search(r"^### Bad arguments$(.*?)^### ", reference, re.MULTILINE | re.DOTALL)[1]
    return [Result(1, text) for text in re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)]


def pieces(text):
    """What a text says for certain, between what it leaves open."""
    return re.split(_OPEN, text)[::2]


def is_text(given, text):
    """True when what a server says is this text, with something fitting where it is left open."""
    parts = re.split(_OPEN, text)
    parts[::2] = map(re.escape, parts[::2])
    parts[1::2] = [_LIKE.get(name, ".+") for name in parts[1::2]]
    return re.fullmatch("".join(parts), given, re.DOTALL) is not None


def shape(value):
    """An answer with the type in the place of what is not the same each time."""
    if isinstance(value, dict):
        return {name: type(part).__name__ if name in _VARYING else shape(part) for name, part in value.items()}
    return [shape(part) for part in value] if isinstance(value, list) else value
