# SPDX-License-Identifier: MPL-2.0
"""The attribute `client-classes`: users get what Kea's own configuration has for their classes."""

import pytest

from lab.config import RESTRICTED, guard, place
from lab.net import IFACE
from lab.rules import MARK, mark_of, refusal_of, rfc3339, timers4, timers6

# The subnet for gold, and the one on the link for all others. No other test leaves leases there that expire: Kea 2.2
# reuses those without regard to a class's lifetime.
NORMAL, COMMON = 6, 7

# The lease time of a class, in seconds.
GOLD, GUESTS = 1200, 300


def of(names):
    """Returns the attribute that makes a user a member of classes."""
    return {"client-classes": names}


def define(family, name, lifetime):
    """A class whose members get its name as a mark, and a certain lease time."""
    return {
        "name": name,
        "option-data": [{"code": MARK[family], "data": name, "always-send": True}],
        "valid-lifetime": lifetime,
    }


def pool(family, number, name):
    """A pool of the common subnet for one class, which need not be defined."""
    first = f"10.{COMMON}.{number}.1" if family == 4 else f"2001:db8:{COMMON}::{number}:1"
    last = f"10.{COMMON}.{number}.99" if family == 4 else f"2001:db8:{COMMON}::{number}:99"
    return {"pool": f"{first} - {last}", **guard(name)}


@pytest.fixture
def classes(site, family):
    """A server whose normal subnet is for the class gold; its common one has a pool for printers, and one for phones."""
    pools = [pool(family, 1, "printers"), pool(family, 2, "phones")]
    site.change_to(
        subnets=[
            place(family, NORMAL, interface=IFACE, **guard("gold")),
            place(family, COMMON, interface=IFACE) | {"pools": pools},
            place(family, RESTRICTED),
        ],
        classes=[define(family, "gold", GOLD), define(family, "guests", GUESTS)],
    )
    return site


def lifetime(world, response):
    """How long a lease lasts, in seconds."""
    return timers4(response).valid if world.family == 4 else timers6(response)[0].valid


def pool_of(world, client):
    """Returns the number of the common subnet's pool from which a client gets an address."""
    lease, subnet = world.grant(client)
    assert subnet == COMMON
    return int(lease.split(".")[2]) if world.family == 4 else int(lease.split("::")[1].split(":")[0])


def test_guard_of_a_subnet(classes):
    gold, other = (classes.enroll(classes.client(), **of(name)) for name in ("gold", "printers"))
    assert classes.offered_subnet(gold) == NORMAL
    assert classes.offered_subnet(other) == COMMON


def test_guards_of_pools(classes):
    """Neither class is defined anywhere: guards do not require that."""
    phone, printer = (classes.enroll(classes.client(), **of(name)) for name in ("phones", "printers"))
    assert [pool_of(classes, client) for client in (phone, printer)] == [2, 1]


def test_options_and_lifetime_of_a_class(classes):
    client = classes.enroll(classes.client(), **of("gold"))
    first = classes.ask(client)
    last = client.request(first)
    for response in (first, last, client.renew(last)):
        assert response.subnets == {NORMAL}
        assert mark_of(classes, response) == "gold"
    # Kea 2.2 applies the lifetime of a class to new DHCPv6 leases only, not to renewed ones.
    assert lifetime(classes, first) == lifetime(classes, last) == GOLD


def test_several_classes(classes):
    """The guard is one of the classes, the options come from the other."""
    client = classes.enroll(classes.client(), **of(" phones ,guests"))
    response = classes.acquire(client)
    assert response.subnets == {COMMON}
    assert mark_of(classes, response) == "guests"


def test_classes_of_the_default_user_are_those_of_strangers(classes):
    classes.registry.write(classes.default_entry(**of("guests")))
    stranger = classes.client()
    expired = classes.enroll(classes.client(), expires=rfc3339(0), **of("gold"))
    restricted = classes.enroll(classes.client(), access="restrict", **of("gold"))
    for client in (stranger, expired, restricted):
        response = classes.acquire(client)
        assert response.subnets == {RESTRICTED}
        assert mark_of(classes, response) == "guests"
        assert lifetime(classes, response) == GUESTS

    known = classes.enroll(classes.client(), **of("phones"))
    assert mark_of(classes, classes.ask(known)) is None


def test_classes_change_with_the_registry(classes):
    client = classes.enroll(classes.client(), **of("gold"))
    assert classes.offered_subnet(client) == NORMAL
    classes.registry.write(classes.entry(client, **of("phones")))
    assert pool_of(classes, client) == 2


BAD = ["", " ", "gold,", ",gold", "gold,,phones"]


def bad_classes(value):
    return f"invalid client-classes: '{value}', must be names of classes, separated by commas"


@pytest.mark.parametrize("value", BAD)
def test_last_good_registry_stays_where_classes_are_none(v4, value):
    assert refusal_of(v4, **of(value)).startswith(bad_classes(value))
