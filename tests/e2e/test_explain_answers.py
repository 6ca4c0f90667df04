# SPDX-License-Identifier: MPL-2.0
"""The answers of user-chk-explain, member by member."""

from datetime import datetime, timezone

import pytest

from lab.config import NORMAL, RESTRICTED, context, network, place
from lab.control import ERROR, ID_TYPE, OTHER_TYPE, SUCCESS, ask, key_of, name_of, user_of
from lab.net import IFACE
from lab.rules import MARK, mark, rfc3339

# The word that a reason is about.
REASONS = {
    "registered": "registry",
    "unknown": "not",
    "restricted": "restricted",
    "expired": "expired",
    "denied": "denied",
}


def explain(world, client, **more):
    """Returns the explanation of a client; checks its subject and its reason."""
    key = key_of(user_of(world, client))
    result, text, told = ask(world.server, "explain", {**key, **more})
    reason = told.pop("reason")
    assert (result, text) == (SUCCESS, f"{name_of(key)}: {reason}")
    assert REASONS[told["standing"]] in reason
    assert {name: told.pop(name) for name in key} == key
    return told


def subnet(world, number):
    return {"id": number, "subnet": f"10.{number}.0.0/16" if world.family == 4 else f"2001:db8:{number}::/64"}


def test_registered_client_is_explained(either):
    client = either.enroll(either.client(), **{"client-classes": "phones,blue"}, **mark(either, "its own"))
    told = explain(either, client)
    (option,) = told.pop("options")
    assert option.pop("name")
    assert option == {"code": MARK[either.family], "data": "0x" + b"its own".hex()}
    assert sorted(told.pop("client-classes")) == ["USER_CHK_REGISTERED", "blue", "phones"]
    assert told == {
        "found": True,
        "standing": "registered",
        "registered": True,
        "placement": "selected",
        "placement-decided-by": "registration",
    }
    assert explain(either, client, **{"subnet-id": NORMAL})["subnet"] == subnet(either, NORMAL)
    assert either.offered_subnet(client) == NORMAL


@pytest.mark.parametrize(
    "attributes, standing",
    [(None, "unknown"), ({"access": "restrict"}, "restricted"), ({"expires": "2020-01-01T00:00:00Z"}, "expired")],
    ids=["unknown", "restricted", "expired"],
)
def test_client_that_is_not_registered_is_explained(either, attributes, standing):
    either.registry.write(either.default_entry(**mark(either, "for strangers")))
    client = either.client()
    if attributes is not None:
        either.enroll(client, **attributes)
    for more in ({}, {"subnet-id": NORMAL}):
        told = explain(either, client, **more)
        (option,) = told.pop("options")
        assert option["data"] == "0x" + b"for strangers".hex()
        assert told == {
            "found": attributes is not None,
            "standing": standing,
            "registered": False,
            "client-classes": ["USER_CHK_UNREGISTERED"],
            "placement": "restricted",
            "placement-decided-by": "default",
            "subnet": subnet(either, RESTRICTED),
        }
    assert either.offered_subnet(client) == RESTRICTED


def test_client_that_is_denied_is_explained(either):
    client = either.enroll(either.client(), access="deny")
    for more in ({}, {"subnet-id": NORMAL}):
        assert explain(either, client, **more) == {
            "found": True,
            "standing": "denied",
            "registered": False,
            "client-classes": [],
            "placement": "dropped",
            "placement-decided-by": "access",
        }
    assert either.ask(client, timeout=0.3) is None


def test_lifetime_and_boot_fields_are_explained(v4):
    client = v4.client()
    ends = datetime.now(timezone.utc).timestamp() + 600
    v4.enroll(client, bootfile="boot.img", **{"next-server": "192.0.2.1", "expires": rfc3339(ends)})
    told = explain(v4, client)
    assert 590 <= told["valid-lifetime-at-most"] <= 600
    assert (told["next-server"], told["boot-file-name"]) == ("192.0.2.1", "boot.img")
    assert told["options"] == [{"code": 67, "name": "boot-file-name", "data": "0x" + b"boot.img".hex()}]


def test_options_are_explained_in_order_and_vendors_by_what_is_in_them(either):
    vendor = {4: 125, 6: 17}[either.family]
    attributes = {"option.vendor-9999.20": "0x0a0b", "option.vendor-9999.3": "0x0c", **mark(either, "zone")}
    client = either.enroll(either.client(), **attributes)
    options = explain(either, client)["options"]
    assert [option["code"] for option in options] == sorted([vendor, MARK[either.family]])
    (found,) = [option for option in options if option["code"] == vendor]
    assert [(inner["code"], inner["data"]) for inner in found["options"]] == [(3, "0x0c"), (20, "0x0a0b")]


def test_client_of_the_other_protocol_is_not_explained(either):
    other = OTHER_TYPE[either.family]
    result, text, arguments = ask(either.server, "explain", {"type": other, "id": "0c0e"})
    assert (result, arguments) == (ERROR, None)
    assert text == f"invalid type: '{other}', must be {ID_TYPE[either.family]} on kea-dhcp{either.family}"


def test_what_decides_on_the_place_of_a_stranger_is_explained(site):
    family = site.family
    site.change_to(
        subnets=[place(family, 5, **context(unregistered_clients="drop")), place(family, 6), place(family, 8)],
        networks=[network(family, place(family, 3), interface=IFACE, **context(unregistered_clients="classify"))],
        restricted_subnet_id=8,
    )
    stranger = site.client()

    def told(number):
        found = explain(site, stranger, **{"subnet-id": number})
        return tuple(found.get(name) for name in ("placement", "subnet", "placement-decided-by"))

    assert told(3) == ("selected", subnet(site, 3), "user-context of shared network 'campus'")
    assert told(5) == ("dropped", None, f"user-context of subnet {subnet(site, 5)['subnet']} (id 5)")
    assert told(6) == ("restricted", subnet(site, 8), "parameters")
    site.enroll(stranger)
    assert [told(number) for number in (3, 5, 8)] == [
        ("selected", subnet(site, number), "registration") for number in (3, 5, 8)
    ]
