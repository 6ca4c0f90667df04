# SPDX-License-Identifier: MPL-2.0
"""Parameters and user contexts: what is wrong is rejected by name and place, what is good takes effect."""

import contextlib
import functools
import json

import pytest

from lab import dhcp4
from lab.config import DNS, client_class, context, dns_server, network, place
from lab.kea import release
from lab.net import IFACE
from lab.tries import SILENCE
from lab.world import World

NORMAL, RESTRICTED, ALTERNATIVE = 1, 8, 9
NOBODY = 77  # an id that no subnet has

# Cases for the parameter, and for the entry with the same name in a user context.
BAD_SETTINGS = [
    ("unregistered-clients", "dorp", "invalid unregistered-clients: 'dorp', must be one of restrict, drop, classify"),
    ("unregistered-clients", "", "invalid unregistered-clients: '', must be one of"),
    ("unregistered-clients", 7, "'unregistered-clients' parameter is not a string"),
    ("unregistered-clients", ["drop"], "'unregistered-clients' parameter is not a string"),
    ("restricted-subnet-id", 0, "invalid restricted-subnet-id: 0, must be 1 to 4294967294"),
    ("restricted-subnet-id", -1, "invalid restricted-subnet-id: -1, must be 1 to 4294967294"),
    ("restricted-subnet-id", 4294967295, "invalid restricted-subnet-id: 4294967295, must be 1 to 4294967294"),
    ("restricted-subnet-id", "9", "'restricted-subnet-id' parameter is not an integer"),
    ("restricted-subnet-id", NOBODY, f"invalid restricted-subnet-id: {NOBODY}, must be the id of a subnet"),
    ("nak-moved-clients", "yes", "'nak-moved-clients' parameter is not a boolean"),
    ("nak-moved-clients", 1, "'nak-moved-clients' parameter is not a boolean"),
    ("nak-moved-client", True, "spurious 'nak-moved-client' parameter"),
]
BAD_CLASSES = [
    ("registered-class", "", "invalid registered-class: '', must be the name of a client class"),
    ("registered-class", " ", "invalid registered-class: ' ', must be the name of a client class"),
    ("registered-class", 7, "'registered-class' parameter is not a string"),
    ("unregistered-class", "", "invalid unregistered-class: '', must be the name of a client class"),
    ("unregistered-class", True, "'unregistered-class' parameter is not a string"),
    ("unregistered-class", "USER_CHK_REGISTERED", "'USER_CHK_REGISTERED', must differ from registered-class"),
]


def cases(rows):
    return pytest.mark.parametrize("name, value, error", rows, ids=[f"{name}={value!r}" for name, value, _ in rows])


def layout(family, in_network=None, in_subnet=None, **parameters):
    """For World.lay_out(): a shared network and two subnets, one in the network, one on its own."""
    networks = [network(family, place(family, NORMAL, **(in_subnet or {})), interface=IFACE, **(in_network or {}))]
    return {"networks": networks, "subnets": [place(family, id) for id in (RESTRICTED, ALTERNATIVE)], **parameters}


def subnet_name(family):
    return f"subnet 10.{NORMAL}.0.0/16 (id {NORMAL})" if family == 4 else f"subnet 2001:db8:{NORMAL}::/64 (id {NORMAL})"


# --- a server that starts --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def make_refusing(tmp_path_factory, settings):
    """Creates, once for each protocol, a server that never gets to serve."""
    with contextlib.ExitStack() as worlds:

        @functools.cache
        def make(family):
            world = World(family, tmp_path_factory.mktemp(f"refusing{family}"), settings)
            worlds.callback(world.close)
            return world

        yield make


@pytest.fixture
def refusing(make_refusing, family):
    return make_refusing(family).begin()


def refusal(world, message):
    """Returns the library's messages when the server must reject its configuration."""
    world.configure()
    world.server.start_refused()
    (error,) = world.log(message)
    assert error.level == "ERROR"
    return error.text


@cases(BAD_SETTINGS[:8] + BAD_SETTINGS[9:] + BAD_CLASSES)
def test_bad_parameter_is_refused(refusing, name, value, error):
    refusing.lay_out(**layout(refusing.family, **{name: value}))
    assert error in refusal(refusing, "USER_CHK_HOOK_LOAD_ERROR")


def test_parameter_that_names_no_subnet_is_refused(refusing):
    refusing.lay_out(**layout(refusing.family, restricted_subnet_id=NOBODY))
    text = refusal(refusing, "USER_CHK_CONFIGURATION_REFUSED")
    assert f"parameters: invalid restricted-subnet-id: {NOBODY}, must be the id of a subnet" in text


@cases(BAD_SETTINGS)
def test_bad_context_of_a_subnet_is_refused_with_the_subnet(refusing, name, value, error):
    refusing.lay_out(**layout(refusing.family, in_subnet=context(**{name: value})))
    text = refusal(refusing, "USER_CHK_CONFIGURATION_REFUSED")
    assert f"user-context of {subnet_name(refusing.family)}: " in text
    assert error in text


@cases(BAD_SETTINGS[0::4])
def test_bad_context_of_a_shared_network_is_refused_with_the_network(refusing, name, value, error):
    refusing.lay_out(**layout(refusing.family, in_network=context(**{name: value})))
    text = refusal(refusing, "USER_CHK_CONFIGURATION_REFUSED")
    assert "user-context of shared network 'campus': " in text
    assert error in text


@pytest.mark.parametrize("place_of", ["in_network", "in_subnet"])
def test_context_that_is_no_map_is_refused(refusing, place_of):
    refusing.lay_out(**layout(refusing.family, **{place_of: {"user-context": {"user-chk": "drop"}}}))
    text = refusal(refusing, "USER_CHK_CONFIGURATION_REFUSED")
    assert 'invalid user-chk: "drop", must be a map' in text


@pytest.mark.skipif(release() < (2, 6), reason="the server does not load its libraries to check a configuration")
@pytest.mark.parametrize(
    "bad, error",
    [
        ({"unregistered_clients": "dorp"}, "hook libraries failed to load"),
        ({"in_subnet": context(nak_moved_clients=1)}, "'nak-moved-clients' parameter is not a boolean"),
        ({"in_network": context(restricted_subnet_id=NOBODY)}, f"invalid restricted-subnet-id: {NOBODY}"),
    ],
    ids=["parameter", "subnet", "shared network"],
)
def test_check_of_a_configuration_tells_the_error(refusing, bad, error):
    refusing.lay_out(**layout(refusing.family, **bad))
    refusing.configure()
    told = refusing.server.check()
    assert "Error encountered: " in told
    assert error in told


# --- a server that runs ----------------------------------------------------------------------------------


def reload(world):
    return world.server.command("config-reload")


def set_config(world):
    return world.server.command("config-set", **json.loads((world.server.home / "conf").read_text()))


@pytest.mark.parametrize("put_in_force", [reload, set_config], ids=["config-reload", "config-set"])
@pytest.mark.parametrize(
    "bad, error",
    [
        ({"unregistered_clients": "dorp"}, "hook libraries failed to load"),
        ({"restricted_subnet_id": NOBODY}, f"user_chk: parameters: invalid restricted-subnet-id: {NOBODY}"),
        ({"in_subnet": context(nak_moved_clients=1)}, "'nak-moved-clients' parameter is not a boolean"),
        ({"in_network": context(unregistered_clients="dorp")}, "invalid unregistered-clients: 'dorp'"),
    ],
    ids=["parameter", "unknown subnet", "subnet", "shared network"],
)
def test_bad_reconfiguration_lets_nobody_in_until_there_is_a_good_one(site, put_in_force, bad, error):
    site.change_to(**layout(site.family))
    known, stranger = site.enroll(site.client()), site.client()
    site.lay_out(**layout(site.family, **bad))
    site.configure()
    answer = put_in_force(site)
    assert answer["result"] != 0
    assert error in answer["text"]
    assert site.ask(stranger, timeout=SILENCE) is None
    assert site.ask(known, timeout=SILENCE) is None
    site.change_to(**layout(site.family))
    assert [site.offered_subnet(client) for client in (known, stranger)] == [NORMAL, ALTERNATIVE]


def test_unregistered_clients_follows_the_configuration(site):
    stranger = site.client()
    for setting, subnets in (
        ({"unregistered_clients": "drop"}, None),
        ({"unregistered_clients": "classify"}, {NORMAL}),
        ({"in_network": context(unregistered_clients="drop")}, None),
        ({"in_subnet": context(unregistered_clients="classify")}, {NORMAL}),
        ({}, {ALTERNATIVE}),
    ):
        site.change_to(**layout(site.family, **setting))
        answer = site.ask(stranger, timeout=SILENCE if subnets is None else 5)
        assert (answer and answer.subnets) == subnets


def test_restricted_subnet_id_follows_the_configuration(site):
    stranger = site.client()
    for setting, subnet in (
        ({"restricted_subnet_id": RESTRICTED}, RESTRICTED),
        ({"in_network": context(restricted_subnet_id=ALTERNATIVE)}, ALTERNATIVE),
        ({"in_subnet": context(restricted_subnet_id=RESTRICTED)}, RESTRICTED),
        ({}, ALTERNATIVE),
    ):
        site.change_to(**layout(site.family, **setting))
        assert site.offered_subnet(stranger) == subnet


def test_class_names_follow_the_configuration(site):
    known, stranger = site.enroll(site.client(ask=[DNS[site.family]])), site.client(ask=[DNS[site.family]])
    for names in (("MEMBERS", "GUESTS"), ("GUESTS", "MEMBERS")):
        classes = [client_class(site.family, "MEMBERS", dns=1), client_class(site.family, "GUESTS", dns=2)]
        site.change_to(**layout(site.family, classes=classes, registered_class=names[0], unregistered_class=names[1]))
        servers = [dns_server(site.family, site.ask(client)) for client in (known, stranger)]
        assert servers == ([1, 2] if names[0] == "MEMBERS" else [2, 1])


def test_nak_moved_clients_follows_the_configuration(site4):
    client = site4.client()
    site4.change_to(**layout(4))
    lease = client.get_lease()
    site4.enroll(client)
    for setting, kind in (
        ({"nak_moved_clients": True}, dhcp4.NAK),
        ({}, None),
        ({"in_network": context(nak_moved_clients=True)}, dhcp4.NAK),
        ({"nak_moved_clients": True, "in_network": context(nak_moved_clients=False)}, None),
        ({"in_network": context(nak_moved_clients=False), "in_subnet": context(nak_moved_clients=True)}, dhcp4.NAK),
    ):
        site4.change_to(**layout(4, **setting))
        answer = client.rebind(lease, timeout=SILENCE if kind is None else 5)
        assert (answer and answer.type) == kind
