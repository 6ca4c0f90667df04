# SPDX-License-Identifier: MPL-2.0
"""The page of the program: its examples that ask a server show what the program prints."""

import re

import pytest

from lab.pages import DOCS
from lab.sample import DATA, Sample

PAGE = (DOCS / "program.md").read_text(encoding="utf-8").split("\n## Ask a server\n")[1].split("\n## kea-user-chk check\n")[0]
EXAMPLES = re.findall(r"^```text\n\$ (kea-user-chk [^\n]*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)

CAMERA = "0c0e0a01ff08"
# What varies.
OPEN = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z|(?<=milliseconds  )\d+|\b[0-9a-f]{32}\b"


@pytest.fixture
def sample(tmp_path, settings):
    """The server of the page, which has seen a camera that nobody has enrolled."""
    conf, registry = (DATA / name for name in ("tasks/enroll/kea-dhcp4.conf", "user_chk_registry.txt"))
    made = Sample(4, tmp_path, settings, *(path.read_text(encoding="utf-8") for path in (conf, registry)))
    try:
        made.server.start()
        made.grant(made.client({4: CAMERA}, client_id=b"\1camera", options=[(12, b"camera"), (60, b"Maker of cameras")]))
        yield made
    finally:
        made.close()


def test_examples_of_the_page_print_what_it_shows(sample, program):
    assert len(EXAMPLES) > 8
    printed = []
    for command, _ in EXAMPLES:
        script = f"PATH={program.path.parent}:$PATH; {{ {command}; }} 2>&1"
        printed.append(re.sub(OPEN, "...", sample.shell(script)))
    assert printed == [re.sub(OPEN, "...", shown) for _, shown in EXAMPLES]
