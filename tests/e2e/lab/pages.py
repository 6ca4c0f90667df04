# SPDX-License-Identifier: MPL-2.0
"""Parses the pages of the commands: their arguments, examples and results."""

import json
import re
from collections import namedtuple
from pathlib import Path

DOCS = Path(__file__).resolve().parents[3] / "docs"

# A row in the table of arguments; the name of a member of a map is `map.member`.
Argument = namedtuple("Argument", "name type required")
# A text that a result may have; placeholders are in angle brackets.
Result = namedtuple("Result", "code text")

_VARYING = {"revision", "time", "milliseconds", "valid-lifetime-at-most"}
_OPEN = r"<([^>]+)>"
_LIKE = {"place": r"/[^:]+(?::\d+)?", "number": r"\d+"}  # other placeholders stand for any text


class CommandPage:
    """The page of one command."""

    def __init__(self, path):
        self.name = path.stem
        self._text = path.read_text(encoding="utf-8")

    def section(self, heading):
        """Returns what is below a second-level heading."""
        return re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", self._text, re.MULTILINE | re.DOTALL)[1]

    def introduction(self):
        """Returns what is above all of these."""
        return self._text.split("\n## ")[0].splitlines()

    def headings(self):
        """Returns the title, and the second-level headings."""
        return re.findall(r"^##? (.*)$", self._text, re.MULTILINE)

    def arguments(self):
        rows = re.findall(r"^\| `([^`]+)` \| (\w+) \| (\w+)", self.section("Arguments"), re.MULTILINE)
        return [Argument(name, kind, need == "required") for name, kind, need in rows]

    def examples(self):
        """Returns pairs of a command and its answer."""
        blocks = re.findall(r"^```json\n(.*?)^```$", self._text, re.MULTILINE | re.DOTALL)
        shown = [json.loads(block) for block in blocks]
        return list(zip(shown[::2], shown[1::2], strict=True))

    def results(self):
        """Returns the results in its own table; those of bad arguments are in the reference."""
        rows = re.findall(r"^\| (\d) \| `([^`]+)` \|", self.section("Results"), re.MULTILINE)
        return [Result(int(code), text) for code, text in rows]


def command_pages():
    """Returns the pages of all commands, ordered by name."""
    return [CommandPage(path) for path in sorted((DOCS / "commands").glob("*.md"))]


def bad_arguments():
    """Returns the results in the reference for bad arguments of any command."""
    reference = (DOCS / "reference.md").read_text(encoding="utf-8")
    part = re.search(r"^### Bad arguments$(.*?)^### ", reference, re.MULTILINE | re.DOTALL)[1]
    return [Result(1, text) for text in re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)]


def pieces(text):
    """Returns the fixed parts of a text, between its placeholders."""
    return re.split(_OPEN, text)[::2]


def is_text(given, text):
    """True when what a server says is this text, with something suitable for each placeholder."""
    parts = re.split(_OPEN, text)
    parts[::2] = map(re.escape, parts[::2])
    parts[1::2] = [_LIKE.get(name, ".+") for name in parts[1::2]]
    return re.fullmatch("".join(parts), given, re.DOTALL) is not None


def shape(value):
    """Returns an answer in which the type replaces everything that varies."""
    if isinstance(value, dict):
        return {name: type(part).__name__ if name in _VARYING else shape(part) for name, part in value.items()}
    return [shape(part) for part in value] if isinstance(value, list) else value
