# SPDX-License-Identifier: MPL-2.0
"""The checks of attributes: the same in both servers, and true for what is sent."""

import json

import pytest

from lab.config import NORMAL, RELAYED, RESTRICTED, guard, place
from lab.control import ERROR, ID_TYPE, OTHER_TYPE, SUCCESS, ask
from lab.net import IFACE
from lab.rules import mark, mark_of, refusal_at_start, refusal_of

REMARK = "USER_CHK_REGISTRY_REMARK"

# Ids of users of the protocol that a server does not serve.
OTHER_ID = {4: "00:01:00:01:19:ef:e6:3b:00:0c:01:02:03:04", 6: "0c:0e:0a:01:ff:04"}

# What a server rejects for its own users, by protocol.
BAD4 = [
    ({"option.ntp-servers": "oops"}, "invalid option.ntp-servers: 'oops': "),
    ({"option.routers": ""}, "invalid option.routers: '': the option would be sent without a value"),
    ({"option.42": "0x0a00"}, "invalid option.42: '0x0a00': "),
    ({"next-server": "oops"}, "invalid next-server: 'oops', must be an IPv4 address"),
    ({"option.51": "60"}, "invalid option.51: "),
    (
        {"option.125": "0x0000055803010141", "option.vendor-1368.1": "0x01"},
        "invalid option.vendor-1368: another attribute sets the whole option with code 125",
    ),
    ({"option.224": "0x" + "ab" * 1220}, "invalid attributes: their options take 1230 bytes of a response"),
    ({"bootfile": "b" * 1300}, "invalid attributes: their options take 1312 bytes of a response"),
]
BAD6 = [
    ({"option.dns-servers": "oops"}, "invalid option.dns-servers: 'oops': "),
    ({"option.23": ""}, "invalid option.23: '': "),
    ({"option.94": ""}, "invalid option.94: '': "),
    ({"option.2": "0x0003"}, "invalid option.2: "),
]
# Longer than what one write to a file appends.
LONG6 = (
    {"option.dns-servers": ",".join(["::"] * 4092)},
    "invalid attributes: their options take 65476 bytes of a response, must be at most 65465",
)
ANY = [
    ({"client-classes": "voip, USER_CHK_NORMAL"}, "invalid client-classes: 'USER_CHK_NORMAL', "),
    ({"client-classes": "USER_CHK_RESTRICTED"}, "invalid client-classes: 'USER_CHK_RESTRICTED', "),
]


def bad_of(family):
    return (BAD4 if family == 4 else BAD6) + ANY


def other_user(world, **attributes):
    """A user of the protocol that this server does not serve."""
    return {"type": OTHER_TYPE[world.family], "id": OTHER_ID[world.family], **attributes}


def test_command_to_one_server_makes_no_registry_that_the_other_refuses(either):
    known = either.enroll(either.client())
    before = either.registry.path.read_bytes()
    for attributes, reason in [*bad_of(10 - either.family), *([LONG6] if either.family == 4 else [])]:
        for command in ("add", "update"):
            result, text, more = ask(either.server, command, {"user": other_user(either, **attributes)})
            assert (result, more) == (ERROR, None)
            if command == "add":
                assert reason in text
    assert either.registry.path.read_bytes() == before
    assert either.offered_subnet(known) == NORMAL


def test_bad_option_of_the_other_protocol_in_the_file_keeps_the_last_good_registry(either):
    for attributes, reason in bad_of(10 - either.family):
        either.begin()
        known, stranger = either.enroll(either.client()), either.client()
        assert either.offered_subnet(known) == NORMAL
        either.registry.append(json.dumps(other_user(either, **attributes)))
        either.enroll(stranger)
        assert [either.offered_subnet(client) for client in (known, stranger)] == [NORMAL, RESTRICTED]
        (warning,) = either.log("USER_CHK_REGISTRY_LOAD_FAILED")
        assert f"{either.registry.path}:2: {reason}" in warning.text


def test_server_does_not_start_with_a_bad_option_of_the_other_protocol(own):
    attributes, reason = bad_of(10 - own.family)[0]
    text = refusal_at_start(own, "# fine", json.dumps(other_user(own, **attributes)))
    assert f"{own.registry.path}:2: {reason}" in text


def test_what_the_other_server_may_define_is_left_to_it(either):
    users = other_user(either, **{"option.badge": "blue", "option.224": "7", "option.vendor-9.1": "x"})
    either.registry.write(json.dumps(users))
    assert either.offered_subnet(either.enroll(either.client())) == NORMAL
    assert either.problems() == []


def test_what_is_refused_of_a_users_own_protocol(either):
    for attributes, reason in bad_of(either.family):
        either.begin()
        assert refusal_of(either, **attributes).startswith(reason)


def test_class_of_registered_clients_is_refused_for_the_default_user(either):
    assert either.offered_subnet(known := either.enroll(either.client())) == NORMAL
    before = either.registry.path.read_bytes()
    reason = "invalid client-classes: "
    for kind in (ID_TYPE[either.family], OTHER_TYPE[either.family]):
        user = {"type": kind, "id": "00000000", "client-classes": "USER_CHK_REGISTERED"}
        result, text, _ = ask(either.server, "add", {"user": user})
        assert result == ERROR and reason in text
    assert either.registry.path.read_bytes() == before
    either.registry.replace(either.entry(known), json.dumps(user))
    assert either.offered_subnet(known) == NORMAL
    (warning,) = either.log("USER_CHK_REGISTRY_LOAD_FAILED")
    assert f"{either.registry.path}:2: {reason}" in warning.text


# --- bytes ---------------------------------------------------------------------------------------------------

# The comparison with user-chk-explain does not check what bytes in a vendor option mean.
BYTES4 = {
    "no suboptions": (43, "deadbeef"),
    "half a suboption": (43, "01"),
    "an end among suboptions": (43, "060108ff"),
    "two enterprises": pytest.param(125, "0000055803010141000009bf03020142", marks=pytest.mark.unexplained),
    "a NUL at the end": (67, "626f6f742e65666900"),
    "routes": (121, "100a09c000020100c0000201"),
    "more than one option": (43, "ab" * 300),
    "enterprises in more than one option": pytest.param(
        125, "00000558fa" + "01f8" + "ab" * 248 + "000009bf03020142", marks=pytest.mark.unexplained
    ),
}
BYTES6 = {
    "an enterprise": (17, "00000558000100024142"),
    "a container": (94, "00590010000a20000a000001002020010db800000000"),
    "no container": (94, "12340001ff"),
    "a NUL at the end": (59, "687474703a2f2f6100"),
}


def check_bytes(world, code, digits):
    client = world.enroll(world.client(), **{f"option.{code}": "0x" + digits})
    for response in (world.ask(client), world.acquire(client)):
        # A long option is sent in parts, which the client joins (RFC 3396).
        sent = b"".join(data for number, data in response.raw_options if number == code)
        assert sent.hex() == digits
        assert response.subnets == {NORMAL}
    assert world.problems() == []


@pytest.mark.parametrize("code, digits", BYTES4.values(), ids=BYTES4)
def test_hex_digits_are_sent_as_they_are_by_dhcpv4(v4, code, digits):
    check_bytes(v4, code, digits)


@pytest.mark.parametrize("code, digits", BYTES6.values(), ids=BYTES6)
def test_hex_digits_are_sent_as_they_are_by_dhcpv6(v6, code, digits):
    check_bytes(v6, code, digits)


def test_dhcpv4_options_that_are_taken_without_a_remark_are_sent(v4):
    client = v4.enroll(v4.client(), **{"option.224": "0x" + "ab" * 946})
    ack = v4.acquire(client)
    assert sum(len(data) for code, data in ack.raw_options if code == 224) == 946
    assert v4.problems() == []


def test_dhcpv4_options_that_leave_the_server_little_room_are_remarked_on(v4):
    v4.registry.write(v4.entry(v4.client(), **{"option.224": "0x" + "ab" * 1200}))
    assert v4.offered_subnet(v4.enroll(v4.client())) == NORMAL
    (remark,) = remarks(v4)
    assert "1210 bytes" in remark and "the 0 bytes" in remark


# --- remarks -------------------------------------------------------------------------------------------------


def remarks(world):
    assert [line.id for line in world.problems()] == [REMARK] * len(world.problems())
    return [line.text.partition(": ")[2] for line in world.problems()]


def test_remarks_on_ids_and_names_that_will_hardly_do_what_is_wanted(either):
    kind = ID_TYPE[either.family]
    ids = ["01:0c:0e:0a:01:ff:04", "0c:0e:0a:01:ff", "ab" * 21] if either.family == 4 else ["0001", "ab" * 131]
    good = "0c:0e:0a:01:ff:04" if either.family == 4 else "00:01:02"
    either.registry.write(
        *(json.dumps({"type": kind, "id": id_}) for id_ in ids),
        json.dumps({"type": kind, "id": good, "acces": "deny", "Option.routers": "x", "owner": "me"}),
        json.dumps({"type": kind, "id": "00000000"}),
    )
    assert either.offered_subnet(either.enroll(either.client())) == NORMAL
    texts = remarks(either)
    assert len(texts) == len(ids) + 2
    assert sum("the id " in text for text in texts) == len(ids)
    assert sum(" access?" in text for text in texts) == 1
    assert sum(" option.routers?" in text for text in texts) == 1
    # A command accepts them too.
    assert ask(either.server, "update", {"user": {"type": kind, "id": ids[0], "owner": "me"}}).result == SUCCESS


def test_remark_on_a_class_that_the_configuration_does_not_know(site):
    site.change_to(
        subnets=[
            place(site.family, NORMAL, interface=IFACE),
            place(site.family, RESTRICTED),
            place(site.family, RELAYED, **guard("guard")),
        ],
        classes=[{"name": "voip"}],
        restricted_subnet_id=RESTRICTED,
    )
    site.begin()
    client = site.enroll(
        site.client(), **{"client-classes": "voip, guard, vopi, USER_CHK_UNREGISTERED"}, **mark(site, "own")
    )
    assert mark_of(site, site.acquire(client)) == "own"
    (text,) = remarks(site)
    assert text.startswith("the client class vopi does nothing: ")


def test_classless_routes_are_not_remarked_on(v4):
    ways = "10.9.0.0/16 - 192.0.2.1, 0.0.0.0/0 - 192.0.2.1"
    client = v4.enroll(v4.client(), **{"option.classless-static-route": ways})
    response = v4.acquire(client)
    if 121 in response.options:  # Kea 2.2 has no definition of it
        assert response.options[121].hex() == "100a09c000020100c0000201"
        assert v4.problems() == []
    else:
        assert "Kea has no definition" in remarks(v4)[0]
