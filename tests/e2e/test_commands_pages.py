# SPDX-License-Identifier: MPL-2.0
"""The pages of the commands: their examples are answered as shown, and every result that they name can occur."""

import json

import pytest

from lab.control import CONFLICT, ERROR, ask
from lab.pages import bad_arguments, command_pages, is_text, shape
from lab.registry_database import Registry

PAGES = {page.name.removeprefix("user-chk-"): page for page in command_pages()}

# In this order, each example finds what its page assumes: the sample registry, changed by the examples before.
ORDER = ["status", "get", "list", "explain", "strangers", "add", "update", "del", "reload"]

KNOWN = {"type": "HW_ADDR", "id": "0c:0e:0a:01:ff:04"}
OTHER = {"type": "HW_ADDR", "id": "0c:0e:0a:01:ff:06"}
STRANGER = {"type": "HW_ADDR", "id": "0c:0e:0a:01:ff:ff"}

# For each command, the arguments that give all the results of its page; those with None come before the file turns bad.
ASKED = {
    "get": [KNOWN, STRANGER],
    "list": [{}, {"limit": 0}, {"from": {"type": "DUID", "id": "ff"}}],
    "add": [
        {"user": {**KNOWN, "type": "DUID"}},
        {"user": KNOWN},
        {"user": {**STRANGER, "access": "maybe"}},
        {"user": {**STRANGER, "other-ids": f"{KNOWN['type']}={KNOWN['id']}"}},
        None,
        {"user": STRANGER},
    ],
    "update": [{"user": KNOWN}, {"user": STRANGER}, {"user": {**KNOWN, "access": "maybe"}}, None, {"user": KNOWN}],
    "del": [OTHER, STRANGER, None, KNOWN],
    "reload": [{}, None, {}],
    "status": [{}],
    "strangers": [{}, {"limit": 0}, {"since": "yesterday"}],
    "explain": [
        *[KNOWN, STRANGER, {**KNOWN, "type": "DUID"}, {**KNOWN, "subnet-id": 77}],
        *[{"identifiers": [KNOWN, STRANGER]}, {"identifiers": []}, {**KNOWN, "id": "0c:*"}],
    ],
}
# Registries with one user for which user-chk-explain gives its other results.
EXPLAINED = [
    {**KNOWN, "access": "restrict"},
    {**KNOWN, "access": "deny"},
    {**KNOWN, "expires": "2020-01-01T00:00:00Z"},
    {**KNOWN, "starts": "2200-01-01T00:00:00Z"},
    {**KNOWN, "subnets": "2"},
    {**KNOWN, "id": "00000000", "access": "deny"},
]
BAD_ARGUMENTS = [
    {**KNOWN, "force": True},
    {"type": "HW_ADDR"},
    {**KNOWN, "id": 4},
    [KNOWN],
    {**KNOWN, "type": "MAC"},
    {**KNOWN, "id": "0c0"},
    {**KNOWN, "id": ""},
    {**KNOWN, "id": "*"},
    {"type": "DUID", "id": "random"},
]


def test_every_page_is_played():
    assert sorted(ORDER) == sorted(PAGES) == sorted(ASKED)


def test_examples_are_answered_as_the_pages_show(sample):
    for name in ORDER:
        for command, answer in PAGES[name].examples():
            assert shape(sample.server.send(command)) == shape(answer), command


def rows_had(answers, rows):
    """Returns the rows of a table that match answers; each answer must match one of them."""
    had = set()
    for answer in answers:
        found = [row for row in rows if code_of(row) == answer.result and is_text(answer.text, row.text)]
        assert found, answer
        had.update(found[:1])
    return had


def code_of(row):
    """Returns the code of a result on this release; what is a conflict on others is an error on Kea 2.2."""
    return CONFLICT if row.code == 4 else row.code


def configure(server, **parameters):
    """Makes the server continue with other parameters; None omits a parameter."""
    running = server.send({"command": "config-get"})["arguments"]
    (library,) = running["Dhcp4"]["hooks-libraries"]
    both = {**library["parameters"], **parameters}
    library["parameters"] = {name: value for name, value in both.items() if value is not None}
    answer = server.send({"command": "config-set", "arguments": {"Dhcp4": running["Dhcp4"]}})
    assert answer["result"] == 0, answer


def answer_to_other_version(sample):
    """Returns the answer to replacing a version that the database no longer has."""
    with Registry(parent="/mnt") as database:  # a directory that the server sees too
        database.run("GRANT user_chk_editor TO kea_server")
        values = f"'{KNOWN['type']}', decode('{KNOWN['id'].replace(':', '')}', 'hex')"
        database.run(f"INSERT INTO user_chk.users (type, id) VALUES ({values})")
        place = {"type": "postgresql", "name": database.name, "host": database.home, "user": "kea_server"}
        configure(sample.server, **{"registry-file": None, "registry-database": place})
        return ask(sample.server, "update", {"user": KNOWN, "version": 7})


@pytest.mark.parametrize("name", ORDER)
def test_every_result_of_a_page_can_be_had(sample, name):
    answers = []
    for arguments in ASKED[name]:
        if arguments is None:
            sample.registry.append("no record")
        else:
            answers.append(ask(sample.server, name, arguments))
    for user in EXPLAINED if name == "explain" else []:
        sample.registry.write(json.dumps(user))
        answers.append(ask(sample.server, name, {**KNOWN, "subnet-id": 1}))
    if name == "strangers":
        sample.ask(sample.client({4: STRANGER["id"].replace(":", "")}))
        answers.append(ask(sample.server, name))
    if name == "reload":
        configure(sample.server, **{"registry-errors": "skip"})
        answers.append(ask(sample.server, name))
    if name == "update":
        answers.append(answer_to_other_version(sample))
    rows = PAGES[name].results()
    assert rows_had(answers, rows) == set(rows)


def test_every_text_of_a_bad_argument_can_be_had(sample):
    rows = bad_arguments()
    answers = [ask(sample.server, "get", arguments) for arguments in BAD_ARGUMENTS]
    assert {answer.result for answer in answers} == {ERROR}
    assert rows_had(answers, rows) == set(rows)
