# SPDX-License-Identifier: MPL-2.0
"""The documents say what the code does: parameters, attributes, messages, configurations, links, files."""

import json
import re
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([TOP / "README.md", *(TOP / "docs").glob("*.md")])


def text(name):
    return (TOP / name).read_text(encoding="utf-8")


def section(document, heading):
    """The part of a document below a heading of the second level."""
    return re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", document, re.MULTILINE | re.DOTALL)[1]


def named_in_table(part):
    """The first column of a table, where it holds code."""
    return re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)


def test_messages_are_those_of_the_message_file():
    made = subprocess.run([TOP / "scripts" / "messages-doc"], capture_output=True, text=True, check=True).stdout
    assert text("docs/messages.md").strip() == made.strip()


def test_every_message_is_used_and_has_a_paragraph():
    sources = "".join(path.read_text(encoding="utf-8") for path in (TOP / "src" / "hooks").iterdir())
    for block in re.split(r"^% ", text("src/messages/user_chk_messages.mes"), flags=re.MULTILINE)[1:]:
        name = block.split()[0]
        assert len(block.split("\n", 1)[1].split()) > 10, f"{name} has no paragraph"
        assert name in sources, f"{name} is never logged"


def test_parameters_of_the_reference_are_those_of_the_code():
    keywords = re.search(r"KEYWORDS = \{(.*?)\};", text("src/config/parameters.cc"), re.DOTALL)[1]
    known = re.findall(r'"([a-z-]+)"', keywords)
    documented = section(text("docs/reference.md"), "Parameters")
    assert named_in_table(documented) == known
    for default in re.findall(r'std::string \w+ = "([^"]+)"', text("src/config/parameters.h")):
        assert f"`{default}`" in documented


def test_attributes_of_the_reference_are_those_of_the_code():
    known = re.findall(r'inline constexpr const char\* \w+ = "(\w+)"', text("src/response/boot_options.h"))
    assert named_in_table(section(text("docs/reference.md"), "Attributes")) == known


def test_text_record_of_the_reference_is_what_the_formatter_writes():
    fields = re.findall(r'(?:"|\\n)(\w+)=', text("src/outcome/text_records.cc"))
    documented = section(text("docs/reference.md"), "Outcome record").split("### As JSON")[0]
    assert named_in_table(documented) == [name for name in dict.fromkeys(fields) if name != "hwtype"]


def test_json_record_of_the_reference_is_what_the_formatter_writes():
    (add_lease, records) = re.findall(r"\n\S[^\n]* (?:addLease|jsonRecords)\(.*?\n}\n", text("src/outcome/json_records.cc"), re.DOTALL)
    members = r'(?:json\.\w+\(|addNonEmpty\(json, )"([\w-]+)"|(addLease\(json)'
    written = []
    for name, lease in re.findall(members, records):
        written += re.findall(r'json\.\w+\("([\w-]+)"', add_lease) if lease else [name]
    documented = section(text("docs/reference.md"), "Outcome record").split("### As JSON")[1]
    assert named_in_table(documented) == written
    (example,) = re.findall(r"^{.*}$", documented, re.MULTILINE)
    assert list(json.loads(example)) == [name for name in written if name != "prefix"]
    schema = json.loads(text("docs/outcome-record.schema.json"))
    assert list(schema["properties"]) == written


def test_configuration_of_the_readme_is_the_minimal_sample():
    (shown,) = re.findall(r"```json\n(.*?)```", text("README.md"), re.DOTALL)
    assert shown == text("data/kea-dhcp4-minimal.conf")


def test_record_of_the_readme_is_one_of_the_sample_registry():
    (shown,) = [line for line in text("README.md").splitlines() if line.startswith('{ "type"')]
    assert shown in text("data/user_chk_registry.txt").splitlines()


def test_every_difference_has_a_test():
    rows = re.findall(r"^\| (\d+) \|", text("docs/differences.md").split("## Not here yet")[0], re.MULTILINE)
    files = [*(TOP / "tests").glob("*/*.cc"), *(TOP / "tests").glob("*/*.py")]
    tests = "".join(path.read_text(encoding="utf-8") for path in files)
    assert rows == [str(number) for number in range(1, 16)]
    for row in rows:
        assert re.search(rf"row_{int(row):02}_\w+", tests), f"no test shows row {row}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_something(document):
    for target in re.findall(r"\]\(([^)]+)\)", document.read_text(encoding="utf-8")):
        name, _, anchor = target.partition("#")
        path = (document.parent / name).resolve() if name else document
        assert path.exists(), f"{document.name}: {target}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = [re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings]
            assert anchor in anchors, f"{document.name}: {target}"


def test_messages_that_the_documents_name_exist():
    known = set(re.findall(r"^% (USER_CHK_\w+)", text("src/messages/user_chk_messages.mes"), re.MULTILINE))
    for document in DOCUMENTS:
        named = set(re.findall(r"USER_CHK_[A-Z0-9_]+", document.read_text(encoding="utf-8")))
        options = set(re.findall(r"USER_CHK_[A-Z]+", text("CMakeLists.txt") + text("cmake/Sanitizers.cmake")))
        assert named - options <= known, f"{document.name} names {named - options - known}"
