# SPDX-License-Identifier: MPL-2.0
"""The page of the program: its examples that ask a server show what the program prints."""

import re

from lab.pages import DOCS

PAGE = (DOCS / "program.md").read_text(encoding="utf-8").split("\n## Ask a server\n")[1].split("\n## kea-user-chk check\n")[0]
EXAMPLES = re.findall(r"^```text\n\$ (kea-user-chk [^\n]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)

CAMERA = "0c0e0a01ff08"
# What varies.
OPEN = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z|(?<=milliseconds  )\d+|\b[0-9a-f]{32}\b"


def test_examples_of_the_page_print_what_it_shows(sample, program):
    assert len(EXAMPLES) > 8
    sample.grant(sample.client({4: CAMERA}, client_id=b"\1camera", options=[(12, b"camera"), (60, b"Maker of cameras")]))
    printed = []
    for command, _ in EXAMPLES:
        script = f"PATH={program.path.parent}:$PATH; {{ {command}; }} 2>&1"
        printed.append(re.sub(OPEN, "...", sample.shell(script)))
    assert printed == [re.sub(OPEN, "...", shown) for _, shown in EXAMPLES]
