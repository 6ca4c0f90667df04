# SPDX-License-Identifier: MPL-2.0
"""The examples of `import` and `export` in the program's page match its output."""

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "program.md").read_text(encoding="utf-8")


def examples(call):
    """Returns the commands in a section, each with its input file and its output."""
    section = re.search(rf"^## kea-user-chk {call}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)[1]
    content = ""
    for block in re.findall(r"^```text\n(.*?)^```$", section, re.MULTILINE | re.DOTALL):
        if block.startswith("$ kea-user-chk "):
            command, _, shown = block.partition("\n")
            yield command.split()[2:], content, shown
        else:
            content = block


@pytest.mark.parametrize(("call", "count"), [("import", 2), ("export", 2)])
def test_each_call_has_examples(call, count):
    assert len(list(examples(call))) == count


@pytest.mark.parametrize(("arguments", "content", "shown"), [*examples("import"), *examples("export")])
def test_example_is_what_the_program_prints(program, tmp_path, arguments, content, shown):
    (tmp_path / arguments[-1]).write_text(content, encoding="utf-8")
    done = program(*arguments)
    assert done.stdout + done.stderr == shown
    assert done.returncode == bool(done.stderr)
