# SPDX-License-Identifier: MPL-2.0
"""The man page and the completion have exactly the subcommands and options of the program."""

import re
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
COMPLETION = TOP / "data" / "completion" / "kea-user-chk"
REFERENCE = TOP / "docs" / "reference.md"

# Options that all subcommands have; the completion offers no short form of another.
COMMON = {"-h", "--help", "--json", "--version"}


def plain(source):
    """Returns the text of a man page, without its markup."""
    source = re.sub(r"\\f[BIRP]", "", source).replace(r"\-", "-")
    return re.sub(r"^\.(?:[BI]|[BIR]{2}) ", "", source, flags=re.MULTILINE)


MANUAL = plain((TOP / "docs" / "kea-user-chk.8").read_text(encoding="utf-8"))


def chapter(heading):
    return re.search(rf"^\.SH {heading}$(.*?)(?=^\.SH |\Z)", MANUAL, re.MULTILINE | re.DOTALL)[1]


def sections(text):
    """Returns the parts of a section, by their headings."""
    _, *parts = re.split(r"^\.SS (.*)$", text, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def documented(section):
    """Returns the options that have a paragraph of their own."""
    heads = re.findall(r"^\.TP\n(.*)$", section, re.MULTILINE)
    return {option for head in heads for option in re.findall(r"(?<![\w-])--?[a-z0-9][\w-]*", head)}


CALLS = {heading.split()[0]: documented(text) for heading, text in sections(chapter("CALLS")).items()}
SHARED = {heading: documented(text) for heading, text in sections(chapter("OPTIONS")).items()}
OF_SERVERS = SHARED["Calls that ask a server"]


def options_of(help_text):
    """Returns the options in `--help`; newer releases of CLI11 have a separate column for long names."""
    heads = re.findall(r"^ {2,12}((?:--?[a-z0-9][\w-]*,? *)+)", help_text, re.MULTILINE)
    return {option for head in heads for option in re.split("[, ]+", head) if option}


def calls_of(help_text):
    listed = re.split(r"^subcommands:\n", help_text, flags=re.MULTILINE | re.IGNORECASE)[1]
    return re.findall(r"^  (\w+)", listed, re.MULTILINE)


@pytest.fixture
def helps(program):
    """Returns the program's description of each subcommand."""
    return {call: program(call, "--help").stdout for call in calls_of(program("--help").stdout)}


def complete(*words):
    """Returns what bash offers for the last of these words."""
    script = f"""source {COMPLETION}
        COMP_WORDS=(kea-user-chk "$@"); COMP_CWORD=$#; _kea_user_chk; printf '%s\\n' "${{COMPREPLY[@]}}" """
    done = subprocess.run(["bash", "-euc", script, "bash", *words], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return set(done.stdout.split())


def test_calls_are_those_of_the_program(helps):
    assert len(helps) > 1
    assert sorted(CALLS) == sorted(helps)
    assert {word for word in complete("") if not word.startswith("-")} == set(helps)


def test_options_are_those_of_the_program(program, helps):
    assert options_of(program("--help").stdout) == SHARED["All calls"] == COMMON
    for call, text in helps.items():
        offered = options_of(text)
        shared = OF_SERVERS if OF_SERVERS <= offered else set()
        assert shared or not OF_SERVERS & offered, call
        assert offered - {"-h", "--help"} == CALLS[call] | shared, call
        assert complete(call, "-") == offered - {"-h"} | {"--json"}, call


def test_completion_of_the_program_itself():
    assert {"--json", "--help", "--version"} <= complete("")
    assert complete("st") == {"status", "strangers"}
    assert complete("--json", "sta") == {"status"}


def test_types_are_completed_where_an_id_is_expected():
    types = set(re.findall(r"^\| `[a-z-]+` \| `([A-Z_]+)` \|", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE))
    assert len(types) > 1
    for words in (["get", ""], ["-6", "del", ""], ["add", "-6", ""], ["explain", ""], ["update", ""], ["list", "--from", ""]):
        assert complete(*words) == types, words
    assert all(re.search(rf"\b{name}\b", chapter("USERS AND RECORDS")) for name in types)
    assert complete("status", "") == set()


def test_forms_are_those_that_the_program_takes(helps):
    for call, option in (("import", "--from"), ("export", "--to")):
        (taken,) = re.findall(rf"{option} TEXT:\{{([\w,]+)\}}", helps[call])
        assert complete(call, option, "") == set(taken.split(","))
        assert all(re.search(rf"\b{form}\b", sections(chapter("CALLS"))[f"{call} FILE"]) for form in taken.split(","))


def test_files_are_left_to_bash():
    for words in (["get", "--socket", ""], ["strangers", "--since", ""], ["get", "HW_ADDR", "0c:"]):
        assert complete(*words) == set(), words


def test_defaults_that_the_man_page_names_are_those_of_the_program(program):
    for path in re.findall(r"^(/run/kea/\S+)$", MANUAL, re.MULTILINE):
        assert path in program("status", "--help").stdout
