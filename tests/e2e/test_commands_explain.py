# SPDX-License-Identifier: MPL-2.0
"""Who decides what user-chk-explain says, and that explaining leaves no trace.

lab/explained.py checks, in these tests and in those of policies and rules, that queries get what is explained.
"""

import math
import time

import pytest

from lab.config import NORMAL, context, network, place
from lab.control import ERROR, SUCCESS
from lab.explained import explain
from lab.net import IFACE
from lab.process import wait_until
from lab.rules import mark, packed, rfc3339
from lab.tries import SILENCE

# The normal subnet is in a shared network, the others are not. Unregistered clients are moved to the last one by
# default.
OTHER, LAST = 8, 9
NOBODY = 77  # an id that no subnet has

PAST = "2020-02-29T00:00:00Z"


def lay_out(world, in_network=None, in_subnet=None, **parameters):
    family = world.family
    world.change_to(
        networks=[network(family, place(family, NORMAL, **(in_subnet or {})), interface=IFACE, **(in_network or {}))],
        subnets=[place(family, number) for number in (OTHER, LAST)],
        **parameters,
    )


def told(world, client, selected=None):
    """Returns the explanation of a client for which Kea selects a subnet."""
    answer = explain(world, client, **({} if selected is None else {"subnet-id": selected}))
    assert answer.result == SUCCESS, answer
    return answer.arguments


def placed(world, client, selected=None):
    """Returns where a client is said to be placed, with the subnet's id, and who decided that."""
    said = told(world, client, selected)
    subnet = said["subnet"]["id"] if "subnet" in said else None
    return said["placement"], subnet, said["placement-decided-by"]


def assert_gets(world, client, subnet):
    """A query of the client is answered from this subnet, or not at all when it is None."""
    answer = world.ask(client, timeout=SILENCE if subnet is None else 5)
    assert (answer and answer.subnets) == (subnet and {subnet})


# --- who decides -----------------------------------------------------------------------------------------

PLACES = {
    4: {"subnet": f"user-context of subnet 10.{NORMAL}.0.0/16 (id {NORMAL})"},
    6: {"subnet": f"user-context of subnet 2001:db8:{NORMAL}::/64 (id {NORMAL})"},
}


def name_of(family, decider):
    """Returns how explanations name who decided."""
    return {**PLACES[family], "network": "user-context of shared network 'campus'"}.get(decider, decider)


@pytest.mark.parametrize(
    "layout, placement, subnet, decider",
    [
        ({}, "restricted", LAST, "default"),
        ({"unregistered_clients": "drop"}, "dropped", None, "parameters"),
        ({"unregistered_clients": "classify"}, "selected", NORMAL, "parameters"),
        ({"restricted_subnet_id": OTHER}, "restricted", OTHER, "parameters"),
        ({"in_network": context(unregistered_clients="drop")}, "dropped", None, "network"),
        ({"in_network": context(unregistered_clients="classify")}, "selected", NORMAL, "network"),
        ({"in_network": context(restricted_subnet_id=OTHER)}, "restricted", OTHER, "network"),
        ({"in_subnet": context(unregistered_clients="drop")}, "dropped", None, "subnet"),
        ({"in_subnet": context(unregistered_clients="classify")}, "selected", NORMAL, "subnet"),
        ({"in_subnet": context(restricted_subnet_id=OTHER)}, "restricted", OTHER, "subnet"),
    ],
)
def test_who_decides_on_strangers_is_named(site, layout, placement, subnet, decider):
    lay_out(site, **layout)
    stranger = site.client()
    assert placed(site, stranger, NORMAL) == (placement, subnet, name_of(site.family, decider))
    assert_gets(site, stranger, subnet)


@pytest.mark.parametrize(
    "layout, subnet, decider",
    [
        (
            {"unregistered_clients": "drop", "in_network": context(unregistered_clients="classify")},
            NORMAL,
            "network",
        ),
        (
            {
                "restricted_subnet_id": LAST,
                "in_network": context(restricted_subnet_id=LAST),
                "in_subnet": context(restricted_subnet_id=OTHER),
            },
            OTHER,
            "subnet",
        ),
        # The network decides, since it names the restricted subnet; the subnet only restricts them.
        (
            {"in_network": context(restricted_subnet_id=OTHER), "in_subnet": context(unregistered_clients="restrict")},
            OTHER,
            "network",
        ),
        # None of them names one, but the subnet restricts them, while the parameters would drop them.
        ({"unregistered_clients": "drop", "in_subnet": context(unregistered_clients="restrict")}, LAST, "subnet"),
    ],
)
def test_who_overrides_others_is_named(site, layout, subnet, decider):
    lay_out(site, **layout)
    stranger = site.client()
    _, *decided = placed(site, stranger, NORMAL)
    assert decided == [subnet, name_of(site.family, decider)]
    assert_gets(site, stranger, subnet)


@pytest.mark.parametrize(
    "layout",
    [{}, {"unregistered_clients": "drop"}, {"in_subnet": context(unregistered_clients="drop")}],
    ids=["default", "parameters", "subnet"],
)
def test_registration_and_access_go_before_what_is_said_of_strangers(site, layout):
    lay_out(site, **layout)
    known, denied = site.enroll(site.client()), site.enroll(site.client(), access="deny")
    assert placed(site, known, NORMAL) == ("selected", NORMAL, "registration")
    assert placed(site, denied, NORMAL) == ("dropped", None, "access")
    assert_gets(site, known, NORMAL)
    assert_gets(site, denied, None)


def test_without_a_subnet_it_is_what_the_parameters_alone_say(site):
    lay_out(site, in_subnet=context(unregistered_clients="drop"), restricted_subnet_id=OTHER)
    stranger, known = site.client(), site.enroll(site.client())
    assert placed(site, stranger) == ("restricted", OTHER, "parameters")
    assert placed(site, known) == ("selected", None, "registration")
    assert placed(site, stranger, NORMAL) == ("dropped", None, name_of(site.family, "subnet"))
    assert_gets(site, stranger, None)


def test_last_subnet_is_that_of_the_configuration_in_force(site):
    stranger = site.client()
    for last in (LAST, OTHER):
        site.change_to(subnets=[place(site.family, number, interface=IFACE) for number in (NORMAL, last)])
        assert placed(site, stranger, NORMAL) == ("restricted", last, "default")
        assert_gets(site, stranger, last)


def test_default_user_that_is_denied_decides_on_all_who_are_not_registered(either):
    denied = either.enroll(either.client(), access="deny")
    own_reason = told(either, denied)["reason"]
    either.registry.write(either.default_entry(access="deny"))
    restricted = either.enroll(either.client(), access="restrict")
    for client, found in ((either.client(), False), (restricted, True)):
        said = told(either, client, NORMAL)
        assert (said["found"], said["standing"], said["client-classes"]) == (found, "denied", [])
        assert said["reason"] != own_reason
        assert placed(either, client, NORMAL) == ("dropped", None, "access")
        assert_gets(either, client, None)


def test_client_with_the_id_of_the_default_user_is_a_stranger(either):
    either.registry.write(either.default_entry(**mark(either, "default")))
    said = told(either, either.client_with(bytes(4)))
    assert (said["found"], said["standing"]) == (False, "unknown")


# --- what is in force ------------------------------------------------------------------------------------


def test_registry_is_that_of_a_query_that_would_come_now(either):
    client = either.client()
    assert told(either, client)["standing"] == "unknown"
    either.enroll(client)
    assert told(either, client)["standing"] == "registered"
    either.registry.append("not a record")
    assert told(either, client)["standing"] == "registered"
    either.registry.write(either.entry(client, access="deny"))
    assert told(either, client)["standing"] == "denied"


def test_classes_are_those_of_the_parameters_and_of_who_lends_them(site):
    lay_out(site, registered_class="MEMBERS", unregistered_class="GUESTS")
    site.registry.write(site.default_entry(**{"client-classes": "visitors"}))
    own = {"client-classes": "gold"}
    known, restricted = site.enroll(site.client(), **own), site.enroll(site.client(), access="restrict", **own)
    assert sorted(told(site, known)["client-classes"]) == ["MEMBERS", "gold"]
    for client in (restricted, site.client()):
        assert sorted(told(site, client)["client-classes"]) == ["GUESTS", "visitors"]


def test_time_of_the_default_user_caps_the_leases_of_strangers_until_it_ends(either):
    end = time.time() + 100
    either.registry.write(either.default_entry(expires=rfc3339(end), **mark(either, "default")))
    most = math.floor(end - time.time())
    said = told(either, either.client())
    assert math.floor(end - time.time()) <= said["valid-lifetime-at-most"] <= most
    assert len(said["options"]) == 1
    either.registry.write(either.default_entry(expires=PAST, **mark(either, "default")))
    said = told(either, either.client())
    assert "valid-lifetime-at-most" not in said
    assert said["options"] == []


# --- boot attributes -------------------------------------------------------------------------------------


def options_of(world, client):
    options = told(world, client)["options"]
    return {option["code"]: bytes.fromhex(option["data"].removeprefix("0x")) for option in options}


@pytest.mark.parametrize(
    "attributes, options, file",
    [
        (
            {"bootfile": "boot.img", "tftp_server": "boot.example"},
            {66: b"boot.example", 67: b"boot.img"},
            "boot.img",
        ),
        ({"bootfile": "boot.img", "option.67": "other.img"}, {67: b"other.img"}, "boot.img"),
        ({"bootfile": "b" * 129}, {67: b"b" * 129}, None),
        ({"option.67": "other.img"}, {67: b"other.img"}, None),
    ],
    ids=["both", "with an option", "too long for the header", "option"],
)
def test_boot_attributes_of_a_dhcpv4_user(v4, attributes, options, file):
    client = v4.enroll(v4.client(), **attributes)
    assert options_of(v4, client) == options
    assert told(v4, client).get("boot-file-name") == file
    v4.acquire(client)


def test_boot_attributes_of_a_dhcpv6_user_are_options_of_docsis(v6):
    client = v6.enroll(v6.client(), bootfile="boot.img", tftp_server="2001:db8::8")
    (vendor,) = told(v6, client)["options"]
    assert (vendor["code"], vendor["name"]) == (17, "vendor-opts")
    assert vendor["options"] == [
        {"code": 32, "name": "tftp-servers", "data": f"0x{packed('2001:db8::8').hex()}"},
        {"code": 33, "name": "config-file", "data": f"0x{b'boot.img'.hex()}"},
    ]
    v6.acquire(client)


# --- what it leaves behind -------------------------------------------------------------------------------


def test_subnet_that_is_not_configured_is_refused(either):
    for client in (either.client(), either.enroll(either.client()), either.enroll(either.client(), access="deny")):
        answer = explain(either, client, **{"subnet-id": NOBODY})
        assert answer == (ERROR, f"subnet {NOBODY} is not configured", None)


def traces(world):
    """Returns the traces of queries, by where they are left."""
    statistics = world.server.command("statistic-get-all")["arguments"]
    return {
        "statistics": {name: samples[0][0] for name, samples in statistics.items()},
        "leases": world.server.lease_rows(),
        "record": world.outcome.text(),
        "log": [line for line in world.log() if line.logger.endswith(".user_chk")],
    }


def test_explaining_leaves_no_trace(either):
    attributes = [{}, {"access": "restrict"}, {"access": "deny"}, {"expires": PAST}]
    unseen = either.client()
    clients = [either.enroll(either.client(), **rules) for rules in attributes] + [unseen]
    sent = [f"pkt{either.family}-sent", f"pkt{either.family}-{'offer' if either.family == 4 else 'advertise'}-sent"]
    counted = [either.server.statistic(name) for name in sent]
    either.offered_subnet(clients[0])  # so that the registry is loaded
    wait_until(  # a response is counted after it was sent
        lambda: [either.server.statistic(name) for name in sent] == [number + 1 for number in counted], "the count"
    )
    before = traces(either)
    for client in clients:
        told(either, client)
        told(either, client, NORMAL)
    assert traces(either) == before
    either.acquire(unseen)
    after = traces(either)
    assert [place for place in before if after[place] == before[place]] == []
