# SPDX-License-Identifier: MPL-2.0
"""The documents match the code: parameters, attributes, messages, configurations, links, files."""

import json
import re
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([TOP / "README.md", TOP / "CHANGELOG.md", *(TOP / "docs").rglob("*.md")])
OTHER_THAN_COMMANDS = [path for path in DOCUMENTS if path.parent.name != "commands"]
SAMPLES = sorted((TOP / "data").rglob("*.conf"))
REGISTRIES = sorted((TOP / "data").rglob("user_chk_registry.txt"))


def text(name):
    return (TOP / name).read_text(encoding="utf-8")


def section(document, heading):
    """Returns the part of a document below a second-level heading."""
    return re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", document, re.MULTILINE | re.DOTALL)[1]


def named_in_table(part):
    """Returns the first column of a table, where it has code."""
    return re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)


def test_messages_are_those_of_the_message_file():
    made = subprocess.run([TOP / "scripts" / "messages-doc"], capture_output=True, text=True, check=True).stdout
    assert text("docs/messages.md").strip() == made.strip()


def test_every_message_is_used_and_has_a_paragraph():
    rooms = [(TOP / "src" / room).iterdir() for room in ("hooks", "library", "exchange")]
    sources = "".join(path.read_text(encoding="utf-8") for room in rooms for path in room)
    for block in re.split(r"^% ", text("src/messages/user_chk_messages.mes"), flags=re.MULTILINE)[1:]:
        name = block.split()[0]
        assert len(block.split("\n", 1)[1].split()) > 10, f"{name} has no paragraph"
        assert name in sources, f"{name} is never logged"


def code(name):
    """Returns a source file, with named strings replaced by their values."""
    source = text(name)
    for constant, literal in re.findall(r'const std::string (\w+) = ("[^"]*");', source):
        source = re.sub(rf"\b{constant}\b", literal, source)
    return source


def keywords(source):
    """Returns the settings that a source file parses, with their types."""
    return set(re.findall(r'\{"([a-z-]+)", Element::(\w+)\}', code(source)))


def typed_rows(part):
    """Returns the names and types of the settings in a table."""
    return re.findall(r"^\| `([^`]+)` \| (\w+)", part, re.MULTILINE)


def settings_of_the_reference():
    """Returns the settings in the reference, for parameters and for user contexts."""
    parameters, contexts = section(text("docs/reference.md"), "Parameters").split("### User contexts")
    parameters = parameters.split("### Identifiers")[0]
    return parameters, contexts.split("\n### ")[0]


def test_parameters_of_the_reference_are_those_of_the_code():
    documented, _ = settings_of_the_reference()
    known = set().union(*(keywords(f"src/config/{name}.cc") for name in ("parameters", "placement_settings", "identifier_settings")))
    assert sorted(typed_rows(documented)) == sorted(known)


def test_defaults_of_the_reference_are_those_of_the_code():
    documented, _ = settings_of_the_reference()
    rows = dict(re.findall(r"^\| `([^`]+)` \|[^|]*\| ([^|]+) \|", documented, re.MULTILINE))
    headers = text("src/config/parameters.h") + text("src/config/placement_settings.h")
    members = r"^    [\w:]+(?:<[\w:]+>)? (\w+)(?: = ([^;]+))?;"
    for member, value in re.findall(members, headers, re.MULTILINE):
        name = member.replace("_", "-")
        if name in rows and value:
            assert rows.pop(name).lower() == f"`{value.rpartition('::')[2].strip(chr(34)).lower()}`"
    assert rows == {
        "identifiers": '`[ "hw-address" ]` on kea-dhcp4, `[ "duid" ]` on kea-dhcp6',
        "identifier-expression": "none",
        "registry-copy": "none",
        "registry-database": "none",
        "restricted-subnet-id": "the highest id of the subnets that the server was configured with",
    }


def test_words_of_the_reference_are_those_that_the_code_takes():
    documented, _ = settings_of_the_reference()
    rows = dict(re.findall(r"^\| `([^`]+)` \| string, ([^|]+) \|", documented, re.MULTILINE))
    rows |= {"access": re.search(r"^\| `access` \| ([^|]+) \|", text("docs/reference.md"), re.MULTILINE)[1]}
    files = ("config/parameters", "config/placement_settings", "policy/user_rules")
    sources = "".join(code(f"src/{name}.cc") for name in files)
    choices = re.findall(r'(?:parseChoice\(\w+,|choose<\w+>\()\s*"([a-z-]+)",[^{]*\{(\{.*?\})\}', sources, re.DOTALL)
    assert {name for name, _ in choices} == {name for name, words in rows.items() if "`" in words}
    for name, words in choices:
        assert re.findall(r"`(\w+)`", rows[name]) == re.findall(r'\{"(\w+)",', words), name


def test_settings_of_a_database_in_the_reference_are_those_of_the_code():
    parameters = section(text("docs/reference.md"), "Parameters")
    documented = re.search(r"^### The registry in a database$(.*?)^### ", parameters, re.MULTILINE | re.DOTALL)[1]
    rows = re.findall(r"^\| (`[^|]+`) \| (\w+)", documented, re.MULTILINE)
    named = [(name, kind) for names, kind in rows for name in re.findall(r"`([a-z-]+)`", names)]
    assert sorted(named) == sorted(keywords("src/config/database_settings.cc"))


def test_user_contexts_of_the_reference_are_those_of_the_code():
    _, documented = settings_of_the_reference()
    assert sorted(typed_rows(documented)) == sorted(keywords("src/config/placement_settings.cc"))


def attributes_of_the_code():
    """Returns the names of meaningful attributes; NAME and N stand for what the user chooses."""
    rules, parser = (code(f"src/{name}.cc") for name in ("policy/user_rules", "options/user_options_parser"))
    rules += code("src/policy/scope.cc")
    names = re.findall(r'inline constexpr const char\* \w+ = "(\w+)"', text("src/options/boot_options.h"))
    names += re.findall(r'attributes(?:\.find\(|, )"([\w-]+)"\)', rules + parser)
    names += re.findall(r'constexpr const char\* \w+ = "([\w-]+)"', text("src/registry/other_ids.h"))
    prefixes = r'^const std::string \w*PREFIX = "([^"]+)";'
    option, vendor = re.findall(prefixes, text("src/options/user_options_parser.cc"), re.MULTILINE)
    return sorted([*names, f"{option}NAME", f"{option}{vendor}N.NAME"])


def test_attributes_of_the_reference_are_those_of_the_code():
    documented = section(text("docs/reference.md"), "Attributes")
    assert sorted(named_in_table(documented)) == attributes_of_the_code()


def test_attributes_that_stock_gives_no_meaning_are_among_the_differences():
    documented = section(text("docs/differences.md"), "Names that have a meaning now")
    named = set(re.findall(r"`([a-z-]+\.?)`", documented))
    for name in set(attributes_of_the_code()) - {"bootfile", "tftp_server"}:
        assert name.split(".")[0] + "." * ("." in name) in named, name


def test_reserved_options_of_the_reference_are_those_of_the_code():
    (codes,) = re.findall(r"bool isReserved.*?\n}", text("src/options/user_options_parser.cc"), re.DOTALL)
    documented = section(text("docs/reference.md"), "Attributes")
    for family, prefix in ((4, "DHO_"), (6, "D6O_")):
        (row,) = re.findall(rf"^\| DHCPv{family} \| ([\d, ]+) \|$", documented, re.MULTILINE)
        assert len(row.split(", ")) == len(re.findall(rf"\b{prefix}\w+", codes))


def test_text_record_of_the_reference_is_what_the_formatter_writes():
    fields = re.findall(r'(?:"|\\n)(\w+)=', text("src/audit/record_forms.cc"))
    documented = section(text("docs/reference.md"), "Outcome record").split("### As JSON")[0]
    assert named_in_table(documented) == [name for name in dict.fromkeys(fields) if name != "hwtype"]


def test_json_record_of_the_reference_is_what_the_formatter_writes():
    (add_lease, records) = re.findall(r"\n\S[^\n]* (?:addLease|writeJsonRecord)\(.*?\n}\n", text("src/audit/record_forms.cc"), re.DOTALL)
    members = r'(?:json\.\w+\(|addNonEmpty\(json, )"([\w-]+)"|addId\(json, "([\w-]+)", "([\w-]+)"|(addLease\(json)'
    written = []
    for *names, lease in re.findall(members, records):
        written += re.findall(r'json\.\w+\("([\w-]+)"', add_lease) if lease else filter(None, names)
    documented = section(text("docs/reference.md"), "Outcome record").split("### As JSON")[1]
    assert named_in_table(documented) == written
    (example,) = re.findall(r"^{.*}$", documented, re.MULTILINE)
    assert list(json.loads(example)) == [name for name in written if name not in ("prefix", "matched-type", "matched-id", "reason")]
    schema = json.loads(text("docs/outcome-record.schema.json"))
    assert list(schema["properties"]) == written


def test_reasons_of_the_reference_are_those_of_the_code():
    sources = "".join(text(f"src/hooks/{name}") for name in ("callout.h", "select.cc", "send.cc"))
    calls = re.findall(r"\brecordRefusal\((.*?)\);", sources, re.DOTALL)
    reason_of = text("src/policy/verdict.cc").partition("reasonOf(")[2]
    (of_denied,) = re.findall(r"\n    default:\n(.*?)\n    }", reason_of, re.DOTALL)
    (table,) = re.findall(r"^\| reason \| when \|\n\| --- \| --- \|\n((?:\|.*\n)+)", text("docs/reference.md"), re.MULTILINE)
    documented = re.findall(r"^\| (.*?) \|", table, re.MULTILINE)
    written = re.findall(r'"(.*?)"', " ".join([*calls, of_denied]))
    assert sorted(documented) == sorted(written)


def test_statistics_of_the_reference_are_those_of_the_code():
    source = text("src/library/statistics.cc") + text("src/library/statistics.h")
    (prefix,) = re.findall(r'PREFIX = "([^"]+)"', source)
    lists = re.findall(r"(?:COUNTER|GAUGE)_NAMES = \{(.*?)\};", source, re.DOTALL)
    known = [prefix + name for names in lists for name in re.findall(r'"([\w-]+)"', names)]
    assert sorted(named_in_table(section(text("docs/reference.md"), "Statistics"))) == sorted(known)


def test_configuration_of_the_readme_is_the_minimal_sample():
    (shown,) = re.findall(r"```json\n(.*?)```", text("README.md"), re.DOTALL)
    assert shown == text("data/kea-dhcp4-minimal.conf")


def stripped(lines):
    """Returns lines without indentation and comments, to compare a fragment with the configuration that it comes from."""
    return "\n".join(line.strip() for line in lines if line.strip() and not line.strip().startswith("//"))


@pytest.mark.parametrize("document", OTHER_THAN_COMMANDS, ids=lambda path: path.name)
def test_configurations_that_the_documents_show_are_taken_from_the_samples(document):
    samples = [stripped(sample.read_text(encoding="utf-8").splitlines()) for sample in SAMPLES]
    shown = document.read_text(encoding="utf-8")
    for fragment in re.findall(r"^ *```json\n(.*?)^ *```$", shown, re.MULTILINE | re.DOTALL):
        assert any(stripped(fragment.splitlines()) in sample for sample in samples), fragment


@pytest.mark.parametrize("document", sorted((TOP / "docs" / "tasks").glob("*.md")), ids=lambda path: path.name)
def test_records_that_the_tasks_show_are_those_of_the_sample_registries(document):
    known = [line for registry in REGISTRIES for line in registry.read_text(encoding="utf-8").splitlines()]
    for line in document.read_text(encoding="utf-8").splitlines():
        if line.startswith('{ "type"') and not re.search(r'"id" : "00000000", "access"', line):
            assert line in known


def test_every_task_is_in_the_index():
    index = text("docs/guide.md").split("\n## ")[0]
    for document in (TOP / "docs" / "tasks").glob("*.md"):
        assert f"(tasks/{document.name})" in index


def test_every_sample_of_a_task_is_named_by_a_task():
    pages = "".join(document.read_text(encoding="utf-8") for document in (TOP / "docs" / "tasks").glob("*.md"))
    for sample in [path for path in SAMPLES + REGISTRIES if "tasks" in path.parts]:
        assert f"(../../{sample.relative_to(TOP)})" in pages


def test_record_of_the_readme_is_one_of_the_sample_registry():
    (shown,) = [line for line in text("README.md").splitlines() if line.startswith('{ "type"')]
    assert shown in text("data/user_chk_registry.txt").splitlines()


def test_man_page_is_set_without_a_warning():
    command = ["groff", "-man", "-Tutf8", "-ww", "-z", TOP / "docs" / "kea-user-chk.8"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""


def test_every_difference_has_a_test():
    rows = re.findall(r"^\| (\d+) \|", text("docs/differences.md"), re.MULTILINE)
    files = [*(TOP / "tests").glob("*/*.cc"), *(TOP / "tests").glob("*/*.py")]
    tests = "".join(path.read_text(encoding="utf-8") for path in files)
    assert rows == [str(number) for number in range(1, 24)]
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
    known |= set(re.findall(r'_class = "(USER_CHK_\w+)"', text("src/config/parameters.h")))
    known |= set(re.findall(r'GUARD = "(USER_CHK_\w+)"', text("src/policy/guards.h")))
    known |= {"USER_CHK_RESTRICTED_2"}
    for document in DOCUMENTS:
        named = set(re.findall(r"USER_CHK_[A-Z0-9_]+", document.read_text(encoding="utf-8")))
        options = set(re.findall(r"USER_CHK_[A-Z_]+", text("CMakeLists.txt") + text("cmake/Sanitizers.cmake")))
        assert named - options <= known, f"{document.name} names {named - options - known}"
