# SPDX-License-Identifier: MPL-2.0
"""The pages of the commands match the code: their list, arguments, texts and results."""

import errno
import json
import os
import re
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
sys.path.append(str(TOP / "tests" / "e2e"))

from lab.pages import bad_arguments, command_pages, pieces  # noqa: E402

PAGES = command_pages()
REFERENCE = (TOP / "docs/reference.md").read_text(encoding="utf-8")
SOURCES = [path.read_text(encoding="utf-8") for path in sorted((TOP / "src").rglob("*.cc"))]
REGISTERED = dict(
    re.findall(
        r'registerCommandCallout\("(user-chk-[\w-]+)",[^;]*?command<(\w+)', (TOP / "src/hooks/commands.cc").read_text()
    )
)
CHANGES = {"user-chk-add", "user-chk-update", "user-chk-del", "user-chk-reload"}
HEADINGS = ["Syntax", "Arguments", "Example", "Results", "Notes"]

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


class Source:
    """A source file of src/commands: what its functions check."""

    def __init__(self, text):
        self._keywords = dict(re.findall(r"const SimpleKeywords (\w+) = \{(.*?)\};", text, re.DOTALL))
        self.functions = dict(re.findall(r"^\S.*? (\w+)\([^;{]*\) \{\n(.*?)^\}$", text, re.MULTILINE | re.DOTALL))

    def arguments(self, function):
        """Returns name, type and need of each argument that a function takes, itself or through those that it calls."""
        found = set()
        body = self.functions[function]
        for keywords, required in re.findall(r"\bchecked\(\w+, (\w+), \{(.*?)\}\)", body):
            for name, kind in re.findall(r'\{"([\w-]+)", Element::(\w+)\}', self._keywords[keywords]):
                found.add((name, kind, f'"{name}"' in required))
        for called in self.functions:
            if called != function and re.search(rf"\b{called}\b[(<]", body):
                found |= self.arguments(called)
        return found


def arguments_in_code(function):
    sources = [Source(path.read_text(encoding="utf-8")) for path in (TOP / "src" / "commands").glob("*.cc")]
    (source,) = [source for source in sources if function in source.functions]
    return source.arguments(function)


def test_every_command_has_a_page_and_a_row_in_the_reference():
    rows = re.findall(r"^\| \[`([^`]+)`\]\(commands/([\w-]+)\.md\) \|", REFERENCE, re.MULTILINE)
    assert len(REGISTERED) > 1
    assert sorted(REGISTERED) == [page.name for page in PAGES] == sorted(row[0] for row in rows)
    assert all(name == file for name, file in rows)


@each_page
def test_page_has_the_form_of_all(page):
    assert page.headings() == [page.name, *HEADINGS]
    access = "write" if page.name in CHANGES else "read"
    assert f"Supported by: `kea-dhcp4` and `kea-dhcp6` of Kea 2.2 and later. Access: {access}." in page.introduction()
    assert f'"command": "{page.name}"' in page.section("Syntax")
    assert page.examples()
    assert all(command["command"] == page.name for command, _ in page.examples())


@each_page
def test_arguments_are_those_that_the_code_takes(page):
    documented = {(row.name.rpartition(".")[2], row.type, row.required) for row in page.arguments()}
    assert documented == arguments_in_code(REGISTERED[page.name])
    assert bool(documented) == ("None." not in page.section("Arguments"))
    for row in page.arguments():
        assert f'"{row.name.rpartition(".")[2]}":' in page.section("Syntax")


def literals():
    """Returns all quoted strings of the sources, and Kea's own texts about arguments."""
    kea = ["spurious '", "' parameter", "' parameter is not a "]
    quoted = re.compile(r'"(?:[^"\\\n]|\\[\\"nrt])*"')
    joined = [re.sub(r'"\n\s*"', "", source) for source in SOURCES]
    return kea + [json.loads(found) for source in joined for found in quoted.findall(source)]


# Parts that are inserted into a text, and that no quoted string has together with the rest.
INSERTED = r"HW_ADDR|DUID|[A-Z]+_ID|kea-dhcp[46]|\b\d+\b|: "


@pytest.mark.parametrize(
    "text", sorted({row.text for page in PAGES for row in page.results()} | {row.text for row in bad_arguments()})
)
def test_text_of_a_result_occurs_in_the_code(text):
    known = literals()
    for piece in [part for whole in pieces(text) for part in re.split(INSERTED, whole)]:
        assert not re.search(r"\w", piece) or any(piece.strip() in literal for literal in known), piece


def test_results_are_those_that_the_code_gives():
    codes = {"CONTROL_RESULT_SUCCESS": 0, "CONTROL_RESULT_ERROR": 1, "CONTROL_RESULT_EMPTY": 3, "RESULT_CONFLICT": 4}
    commands = "".join(path.read_text(encoding="utf-8") for path in (TOP / "src" / "commands").glob("*.cc"))
    given = {codes[name] for name in re.findall(r"\b((?:CONTROL_)?RESULT_\w+)", commands)}
    (table,) = re.findall(r"^\| result \| meaning \|\n(.*?)\n\n", REFERENCE, re.MULTILINE | re.DOTALL)
    assert {int(code) for code in re.findall(r"^\| (\d) \|", table, re.MULTILINE)} == given
    assert {row.code for page in PAGES for row in page.results()} == given


def test_errors_that_the_task_explains_are_those_of_the_code_or_of_the_system():
    known = [*literals(), *map(os.strerror, errno.errorcode)]
    named = re.findall(r"`\.\.\. ([^`]+)`", (TOP / "docs/tasks/enroll.md").read_text(encoding="utf-8"))
    assert len(named) > 5
    for text in named:
        assert any(text in whole for whole in known), text
