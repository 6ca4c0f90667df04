# SPDX-License-Identifier: MPL-2.0
"""The identifiers by which clients are looked up: each of them, local and through relays, and which one decides."""

import pytest

from lab import clients, dhcp4, dhcp6
from lab.config import NORMAL, RELAYED, RESTRICTED, guarded_place, network, place, relay_address, subnet_of
from lab.control import ERROR, SUCCESS, ask
from lab.kea import errors, shipped
from lab.net import IFACE
from lab.other_hooks import libraries
from lab.registry import duid, hw_addr, record
from lab.rules import mark, mark_of

PORT, LINE, SUBSCRIBER = b"ge-0/0/1", b"cpe-4711", b"alice"
ENTERPRISE = bytes([0, 0, 0, 9])  # precedes a DHCPv6 remote ID
MAC = bytes.fromhex("02de00000001")

# Where a relay identifies a switch port, for each protocol.
PORT_NAME = {4: "circuit-id", 6: "interface-id"}
PORT_TYPE = {4: "CIRCUIT_ID", 6: "INTERFACE_ID"}


def lay_out(world, *identifiers, **parameters):
    """Subnets on the link and behind a relay, and one for unregistered clients."""
    family = world.family
    subnets = [place(family, NORMAL, interface=IFACE), place(family, RELAYED), place(family, RESTRICTED)]
    if identifiers:
        parameters["identifiers"] = list(identifiers)
    world.change_to(subnets=subnets, restricted_subnet_id=RESTRICTED, **parameters)


def relayed(world, beyond=(), mac=None, **said):
    """A client behind a relay that adds these options; `beyond` are relays between that one and the server."""
    address = relay_address(world.family, RELAYED)
    if world.family == 4:
        return world.client(relay=address, options=[dhcp4.agent(**said)] if said else [])
    codes = {"port": dhcp6.INTERFACE_ID, "remote_id": dhcp6.REMOTE_ID, "subscriber_id": dhcp6.SUBSCRIBER_ID}
    options = [(codes[name], data) for name, data in said.items()]
    if mac is not None:
        options.append((dhcp6.CLIENT_LINKLAYER_ADDRESS, b"\0\1" + mac))
    return world.client(relays=[(address, options), *beyond])


def at_port(world, port, **more):
    """A client at a switch port."""
    return relayed(world, **{"circuit_id" if world.family == 4 else "port": port}, **more)


def subnets_of(world, client):
    return world.acquire(client).subnets


# --- each identifier -------------------------------------------------------------------------------------


def test_whatever_is_plugged_into_a_registered_switch_port_is_registered(site):
    lay_out(site, PORT_NAME[site.family])
    site.registry.write(record(PORT_TYPE[site.family], PORT))
    for _ in range(2):  # another device on the same port
        assert subnets_of(site, at_port(site, PORT)) == {RELAYED}
    assert subnets_of(site, at_port(site, b"ge-0/0/2")) == {RESTRICTED}
    assert subnets_of(site, relayed(site)) == {RESTRICTED}
    assert subnets_of(site, site.client()) == {RESTRICTED}


@pytest.mark.parametrize(
    "name, kind, said, value",
    [
        ("remote-id", "REMOTE_ID", "remote_id", {4: LINE, 6: ENTERPRISE + LINE}),
        ("subscriber-id", "SUBSCRIBER_ID", "subscriber_id", {4: SUBSCRIBER, 6: SUBSCRIBER}),
    ],
)
def test_line_or_subscriber_that_a_relay_names_is_registered(site, name, kind, said, value):
    lay_out(site, name)
    known = value[site.family]
    site.registry.write(record(kind, known))
    assert subnets_of(site, relayed(site, **{said: known})) == {RELAYED}
    assert subnets_of(site, relayed(site, **{said: known + b"x"})) == {RESTRICTED}


def test_of_several_relays_the_one_nearest_to_the_client_names_the_port(site6):
    lay_out(site6, "interface-id")
    site6.registry.write(record("INTERFACE_ID", PORT))
    outer = (relay_address(6, NORMAL), [(dhcp6.INTERFACE_ID, b"uplink")])
    assert subnets_of(site6, at_port(site6, PORT, beyond=[outer])) == {RELAYED}
    wrong_way_round = (relay_address(6, NORMAL), [(dhcp6.INTERFACE_ID, PORT)])
    assert subnets_of(site6, at_port(site6, b"ge-0/0/2", beyond=[wrong_way_round])) == {RESTRICTED}


@pytest.mark.parametrize("identifier", [b"\xff\0\0\0\1\0\3\0\1\2\3\4\5\6\7", b"\1\2\3\4\5\6\7", b"\0camera 7"])
def test_client_identifier_is_registered(site4, identifier):
    lay_out(site4, "client-id")
    site4.registry.write(record("CLIENT_ID", identifier))
    assert subnets_of(site4, site4.client(client_id=identifier)) == {NORMAL}
    assert subnets_of(site4, site4.client(client_id=identifier + b"x")) == {RESTRICTED}
    assert subnets_of(site4, site4.client()) == {RESTRICTED}


# --- one record for both protocols -----------------------------------------------------------------------

DUIDS = {
    "LLT": bytes.fromhex("0001000119efe63b") + MAC,
    "LL": bytes.fromhex("00030001") + MAC,
    "UUID": bytes.fromhex("0004") + bytes(range(16)),
}


@pytest.mark.parametrize("kind", DUIDS)
def test_duid_in_a_client_identifier_is_the_one_that_dhcpv6_has(site, kind):
    lay_out(site, "duid")
    site.registry.write(record("DUID", DUIDS[kind]))
    if site.family == 4:
        known, stranger = (site.client(client_id=b"\xff\0\0\0\7" + it) for it in (DUIDS[kind], DUIDS[kind] + b"x"))
    else:
        known, stranger = (site.client_with(it) for it in (DUIDS[kind], DUIDS[kind] + b"x"))
    assert subnets_of(site, known) == {NORMAL}
    assert subnets_of(site, stranger) == {RESTRICTED}


def test_hardware_address_is_known_by_what_kea_finds_it_in(site6):
    lay_out(site6, "hw-address")
    site6.registry.write(hw_addr(MAC.hex(":")))
    for kind in ("LLT", "LL"):
        assert subnets_of(site6, site6.client_with(DUIDS[kind])) == {NORMAL}
    assert subnets_of(site6, site6.client_with(DUIDS["UUID"])) == {RESTRICTED}, "its DUID has none"
    assert subnets_of(site6, relayed(site6, mac=MAC)) == {RELAYED}, "the relay tells it (RFC 6939)"
    assert subnets_of(site6, relayed(site6, mac=MAC[::-1])) == {RESTRICTED}


def test_one_record_gives_each_protocol_its_own_options(site):
    lay_out(site, "hw-address")
    site.registry.write(
        hw_addr(MAC.hex(":"), bootfile="both.img", **{"option.ntp-servers": "10.0.0.1", "option.224": "0x01"})
    )
    assert site.problems() == []
    if site.family == 4:
        response = site.acquire(site.client_with(MAC))
        assert (response.options[42], response.options[224]) == (bytes([10, 0, 0, 1]), b"\1")
    else:
        response = site.acquire(site.client_with(DUIDS["LL"]))
        assert 42 not in response.options and response.options[224] == b"\1"
    assert response.subnets == {NORMAL}


def test_one_laptop_has_one_record_whichever_client_asks(make_both, tmp_path):
    """dhcpcd sends a DUID for both protocols, which contains the hardware address; udhcpc sends that address alone."""
    worlds = make_both()
    hosts = [world.lan.plug() for world in worlds]
    hosts[1].ip(f"link set {IFACE} down", f"link set {IFACE} address {hosts[0].mac()}", f"link set {IFACE} up")
    hosts[1].link_local()
    for world in worlds:
        world.hook["parameters"]["identifiers"] = ["hw-address", "duid"]
        world.start()

    def subnet(number, client):
        home = tmp_path / f"{number}-{client.__name__}-{len(list(tmp_path.iterdir()))}"
        home.mkdir()
        return subnet_of(client(hosts[number], home).address)

    worlds[0].registry.write(hw_addr(hosts[0].mac()))
    assert [subnet(0, clients.udhcpc), subnet(0, with_duid), subnet(1, clients.dhcpcd6)] == [NORMAL] * 3
    worlds[0].registry.write(duid(clients.duid_of(hosts[0])))
    assert [subnet(0, clients.udhcpc), subnet(0, with_duid), subnet(1, clients.dhcpcd6)] == [RESTRICTED, NORMAL, NORMAL]


def with_duid(namespace, directory):
    return clients.dhcpcd4(namespace, directory, "duid ll\n")


# --- flex-id ---------------------------------------------------------------------------------------------

# As in Kea's own example for its library flex_id: the port of the relay, and a vendor's text.
EXPRESSION = {
    4: "concat(relay4[1].hex, concat('/', option[60].hex))",
    6: "concat(relay6[0].option[18].hex, concat('/', option[16].hex))",
}


def flexible(world, port, vendor):
    client = at_port(world, port)
    client._options.append((60, vendor) if world.family == 4 else (16, vendor))
    return client


def test_expression_makes_the_identifier(site):
    lay_out(site, "flex-id", identifier_expression=EXPRESSION[site.family])
    site.registry.write(record("FLEX_ID", PORT + b"/" + b"\0\0\1\1\0\1x"))
    assert subnets_of(site, flexible(site, PORT, b"\0\0\1\1\0\1x")) == {RELAYED}
    assert subnets_of(site, flexible(site, PORT, b"\0\0\1\1\0\1y")) == {RESTRICTED}
    assert subnets_of(site, at_port(site, b"ge-0/0/2")) == {RESTRICTED}


@pytest.mark.skipif("flex_id" not in libraries(), reason="this release has no package with flex_id")
@pytest.mark.parametrize("first", [True, False], ids=["ours first", "ours last"])
def test_expression_may_be_that_of_the_library_flex_id_beside_it(own, first):
    expression = {"identifier-expression": EXPRESSION[own.family]}
    other = {"library": own.server.install(shipped("libdhcp_flex_id.so")), "parameters": expression}
    own.hook["parameters"].update(expression, identifiers=["flex-id"])
    own.hooks = [own.hook, other] if first else [other, own.hook]
    own.start()
    own.registry.write(record("FLEX_ID", PORT + b"/" + b"\0\0\1\1\0\1x"))
    assert subnets_of(own, flexible(own, PORT, b"\0\0\1\1\0\1x")) == {RELAYED}
    assert subnets_of(own, flexible(own, PORT, b"\0\0\1\1\0\1y")) == {RESTRICTED}
    assert errors(own.log()) == []


def test_expression_that_fails_leaves_the_others_to_decide(site):
    own = {4: "hw-address", 6: "duid"}[site.family]
    lay_out(site, "flex-id", own, identifier_expression="uint32totext(pkt.iface)")  # does not have 4 bytes
    known = site.enroll(site.client())
    assert subnets_of(site, known) == {NORMAL}
    assert subnets_of(site, site.client()) == {RESTRICTED}


@pytest.mark.parametrize(
    "parameters, reason",
    [
        ({"identifiers": ["serial-number"]}, "invalid identifiers: 'serial-number', must be one of hw-address, duid, "),
        ({"identifiers": ["flex-id"]}, "identifier-expression is missing"),
        ({"identifiers": ["flex-id"], "identifier-expression": "option[1"}, "invalid identifier-expression: 'option[1', "),
        ({"identifier-expression": "'a'"}, "identifier-expression "),
    ],
)
def test_bad_configuration_is_refused_with_the_reason(own, parameters, reason):
    own.hook["parameters"].update(parameters)
    own.configure()
    (error,) = [line for line in own.server.start_refused() if line.id == "USER_CHK_HOOK_LOAD_ERROR"]
    assert reason in error.text


# --- which one decides -----------------------------------------------------------------------------------


def test_first_identifier_with_a_record_decides_on_everything(site):
    own = {4: "hw-address", 6: "duid"}[site.family]
    lay_out(site, PORT_NAME[site.family], own)
    client = at_port(site, PORT)
    by_port = record(PORT_TYPE[site.family], PORT, **mark(site, "by port"))
    by_id = site.entry(client, access="deny")
    site.registry.write(by_port, by_id)
    response = site.acquire(client)
    assert (response.subnets, mark_of(site, response)) == ({RELAYED}, "by port")
    site.registry.write(by_id)
    assert site.ask(client, timeout=0.5) is None, "denied by its own record, once the port has none"


def test_guards_see_what_another_identifier_decides(site):
    """Up to Kea 3.0.3, the subnet for a client on the link is selected before the query has been parsed."""
    for what in ("subnets", "pools"):
        family = site.family
        site.registry.write(record("CLIENT_ID", b"known") if family == 4 else hw_addr(MAC.hex(":")))
        site.change_to(
            networks=[
                network(
                    family,
                    guarded_place(family, NORMAL, "USER_CHK_REGISTERED", what),
                    guarded_place(family, RESTRICTED, "USER_CHK_UNREGISTERED", what),
                    interface=IFACE,
                )
            ],
            restricted_subnet_id=RESTRICTED,
            identifiers=["client-id"] if family == 4 else ["hw-address"],
        )
        known = site.client(client_id=b"known") if family == 4 else site.client_with(DUIDS["LL"])
        assert subnets_of(site, known) == {NORMAL}
        assert subnets_of(site, site.client()) == {RESTRICTED}


# --- what is reported ------------------------------------------------------------------------------------


def test_record_is_about_the_client_and_names_the_identifier_that_decided(make_world, family):
    world = make_world(family)
    world.record_as("json")
    world.hook["parameters"]["identifiers"] = ["remote-id", {4: "hw-address", 6: "duid"}[family]]
    world.start()
    line = {4: LINE, 6: ENTERPRISE + LINE}[family]
    known, at_line, stranger = world.client(), relayed(world, remote_id=line), world.client()
    world.registry.write(world.entry(known), record("REMOTE_ID", line))
    for client in (known, at_line, stranger):
        world.acquire(client)
    told = {
        it["id"]: (it["registered"], it.get("matched-type"), it.get("matched-id")) for it in world.outcome.objects()
    }
    assert told == {
        known.id: (True, None, None),
        at_line.id: (True, "REMOTE_ID", line.hex(":")),
        stranger.id: (False, None, None),
    }


def explained(world, *ids):
    """Returns the explanation of a client with these identifiers."""
    identifiers = [{"type": kind, "id": value} for kind, value in ids]
    return ask(world.server, "explain", {"identifiers": identifiers})


def test_explanation_names_the_one_that_decides_and_the_records_that_were_passed_over(site):
    own, own_type = {4: ("hw-address", "HW_ADDR"), 6: ("duid", "DUID")}[site.family]
    lay_out(site, "remote-id", PORT_NAME[site.family], own)
    client = site.client()
    site.registry.write(record(PORT_TYPE[site.family], PORT), site.entry(client, access="restrict"))
    port = (PORT_TYPE[site.family], PORT.hex(":"))
    answer = explained(site, (own_type, client.id), port, ("REMOTE_ID", "aa"))
    assert answer.result == SUCCESS, answer
    assert answer.text.startswith(f"{own_type}={client.id.replace(':', '')} ({port[0]}={PORT.hex()}): ")
    assert (answer.arguments["standing"], answer.arguments["type"]) == ("registered", own_type)
    assert [(it["type"], it["found"], it["decides"]) for it in answer.arguments["identifiers"]] == [
        ("REMOTE_ID", False, False),
        (port[0], True, True),
        (own_type, True, False),
    ]
    alone = ask(site.server, "explain", {"type": port[0], "id": port[1]})
    assert (alone.result, alone.arguments["standing"]) == (SUCCESS, "registered")
    assert ask(site.server, "explain", {"type": own_type, "id": client.id}).arguments["standing"] == "restricted"


def test_explanation_names_the_record_whose_id_is_another_one(site):
    own_type = {4: "HW_ADDR", 6: "DUID"}[site.family]
    main, other, third = site.client(), site.client(), site.client()
    prefix = third.id[:-3]  # all but the last byte
    site.registry.write(
        site.entry(main, **{"other-ids": f"{own_type}={other.id}, {own_type}={prefix}:*"}),
    )
    for client, record_id in [(main, None), (other, main.id), (third, main.id)]:
        told = ask(site.server, "explain", {"type": own_type, "id": client.id}).arguments
        assert told["registered"] and told["id"] == client.id
        assert told.get("record") == (record_id and {"type": own_type, "id": record_id})


def test_explanation_takes_identifiers_that_the_server_looks_up(site):
    own_type = {4: "HW_ADDR", 6: "DUID"}[site.family]
    lay_out(site, {4: "hw-address", 6: "duid"}[site.family], "subscriber-id")
    for ids, reason in [
        ([("REMOTE_ID", "aa")], f"invalid type: 'REMOTE_ID', must be one of {own_type}, SUBSCRIBER_ID on kea-dhcp"),
        ([(own_type, "aa"), (own_type, "bb")], f"invalid type: '{own_type}', "),
        ([], "give type and id, or identifiers"),
    ]:
        answer = explained(site, *ids)
        assert (answer.result, answer.text[: len(reason)]) == (ERROR, reason)


def test_row_19_records_of_a_type_that_is_not_looked_up_match_nobody_and_are_remarked_on(site):
    lay_out(site)
    site.registry.write(record(PORT_TYPE[site.family], PORT))
    assert subnets_of(site, at_port(site, PORT)) == {RESTRICTED}
    (remark,) = site.problems()
    assert f"clients are not looked up by {PORT_TYPE[site.family]}: {PORT_NAME[site.family]} is not in identifiers" in (
        remark.text
    )


def test_commands_and_status_know_all_types(site):
    lay_out(site, "remote-id")
    user = {"type": "REMOTE_ID", "id": LINE.hex(":"), "access": "allow"}
    assert ask(site.server, "add", {"user": user}).result == SUCCESS
    assert ask(site.server, "get", {"type": "REMOTE_ID", "id": LINE.hex()}).arguments["user"] == user
    told = ask(site.server, "status").arguments
    assert told["users"] == {"HW_ADDR": 0, "DUID": 0, "REMOTE_ID": 1}
    assert told["parameters"]["identifiers"] == ["remote-id"]
    assert ask(site.server, "del", {"type": "REMOTE_ID", "id": LINE.hex()}).result == SUCCESS
