# SPDX-License-Identifier: MPL-2.0
"""`kea-user-chk check` finds what a server logs for the same registry, given the server's own configuration file."""

import json
import re
from collections import Counter

import pytest

from lab.config import guarded_place, network, place
from lab.registry import duid, hw_addr, record

SKIPPED, REMARK = "USER_CHK_REGISTRY_RECORD_SKIPPED", "USER_CHK_REGISTRY_REMARK"
HOME, AWAY, GUARDED, POOLS = 30, 31, 40, 41

# Attributes, of which some are bad and some have no effect.
ATTRIBUTES = [
    {"option.badge": "blue", "option.spot": "7", "option.no-such": "x"},
    {"option.spot": "none"},
    {"option.badge": "blue", "acces": "deny"},
    {"client-classes": "DEFINED, SUBNET, POOL, ALL, NAMED"},
    {"client-classes": "NOBODY, DEFINED"},
    {"subnets": f"{HOME}, {AWAY}, {GUARDED}, 77", "shared-networks": "campus"},
    {"shared-networks": "campus, yard"},
    {"subnets": "none"},
    {"access": "maybe"},
    {"expires": "soon"},
    {"tftp_server": "boot.example.com"},
    {"other-ids": "REMOTE_ID=01, FLEX_ID=02"},
    {"other-ids": "REMOTE_ID=01"},
    {"other-ids": "CLIENT_ID"},
]


@pytest.fixture
def checked(own, program):
    """Runs the program on the registry of a server. Returns place, severity and reason of its findings."""
    def checked():
        done = program.run("check", "--json", "--config", own.server.home / "conf")
        assert done.errors == ""
        return [json.loads(line) for line in done.output.splitlines()]

    return checked


def test_program_finds_what_a_server_logs(own, checked):
    family = own.family
    definitions = [{"name": "badge", "code": 222, "type": "string"}, {"name": "spot", "code": 223, "type": "uint16"}]
    own.lay_out(
        subnets=[guarded_place(family, GUARDED, "SUBNET", "subnets"), guarded_place(family, POOLS, "POOL", "pools")],
        networks=[network(family, place(family, HOME), place(family, AWAY))],
        classes=[{"name": "DEFINED"}],
        server={"option-def": definitions},
        registry_errors="skip",
        identifiers=["hw-address", "duid"],
        registered_class="NAMED",
    )
    made = {"HW_ADDR": hw_addr, "DUID": duid, "REMOTE_ID": lambda id, **more: record("REMOTE_ID", bytes.fromhex(id), **more)}
    lines = [
        make(f"0c0e0a{kind:02x}{number:04x}", **attributes)
        for kind, make in enumerate(made.values())
        for number, attributes in enumerate(ATTRIBUTES)
    ]
    default = [make("00000000", **{"client-classes": "NAMED"}) for make in (hw_addr, duid)]
    odd = [hw_addr("010c0e0a01ff04"), duid("0001"), record("CIRCUIT_ID", b"x"), '{ "type" : none }', "{", hw_addr("0c0")]
    twice = [hw_addr("0c0e0a010001"), hw_addr("0c0e0aff0001", bootfile="a"), hw_addr("0c0e0aff0001", bootfile="b")]
    content = ["# users", *lines, *default, *odd, *twice, hw_addr("0c0e0aff0002")]
    own.registry.write(*content)
    own.start()
    found = checked()
    errors = [(one["line"], one["reason"]) for one in found if one["severity"] == "error"]
    assert len(errors) > len(own.log(SKIPPED)) == 20
    assert own.log("USER_CHK_REGISTRY_RECORDS_SKIPPED")[0].text.startswith(f"{len(errors)} bad records ")
    said = [line.text.partition(f"{own.registry.path}:")[2].split(": ", 1) for line in own.log(SKIPPED)]
    without_column = [(int(line), re.sub(r"^error: | at column \d+", "", reason)) for line, reason in said]
    assert without_column == errors[: len(said)]
    # The attributes of the other protocol's records are left to the other server.
    others = ("DUID", "INTERFACE_ID") if family == 4 else ("HW_ADDR", "CIRCUIT_ID")
    warnings = [
        (one["line"], one["reason"])
        for one in found
        if one["severity"] == "warning"
        and (one["reason"].startswith("the id ") or json.loads(content[one["line"] - 1])["type"] not in others)
    ]
    first = {reason: line for line, reason in reversed(warnings)}
    count = Counter(reason for _, reason in warnings)
    logged = [line.text for line in own.log(REMARK)]
    assert len(logged) >= 8
    assert sorted(logged) == sorted(
        f"{own.registry.path}:{first[reason]}: {reason} (users like this: {count[reason]})" for reason in first
    )
