# SPDX-License-Identifier: MPL-2.0
"""The outcome records with outcome-events set to lifecycle: how leases end, and what is refused."""

import time

import pytest

from lab import dhcp4, dhcp6
from lab.config import NORMAL, RELAYED, RESTRICTED, context, network, place, relay_address, subnet_of
from lab.control import ID_TYPE, statistics
from lab.kea import release
from lab.net import IFACE
from lab.process import wait_until
from lab.registry import record as registered_by
from lab.tries import SILENCE

VALID = 3600
SHORT = 1

# How often Kea looks for expired leases: every second; or never, but only when a client requests one.
BY_ITSELF = {"reclaim-timer-wait-time": 1, "hold-reclaimed-time": 3600, "flush-reclaimed-timer-wait-time": 25}
WHEN_ASKED = {**BY_ITSELF, "reclaim-timer-wait-time": 0}

PORT = b"ge-0/0/1"
PORT_NAME = {4: "circuit-id", 6: "interface-id"}
PORT_TYPE = {4: "CIRCUIT_ID", 6: "INTERFACE_ID"}

GRANT = {4: "ack", 6: "reply"}


def lasting(world, number, seconds, **more):
    """A subnet whose leases have this lifetime."""
    preferred = {"preferred-lifetime": seconds} if world.family == 6 else {}
    return place(world.family, number, **{"valid-lifetime": seconds}, **preferred, **more)


def record_lifecycle(world, strangers=VALID, reclaim=BY_ITSELF, **parameters):
    """Configures a server that records everything; the leases of unregistered clients have this lifetime, others an hour."""
    world.lay_out(
        [lasting(world, NORMAL, VALID, interface=IFACE), lasting(world, RELAYED, VALID), lasting(world, RESTRICTED, strangers)],
        server={"decline-probation-period": 1, "expired-leases-processing": reclaim},
        outcome_format="json",
        outcome_events="lifecycle",
        **parameters,
    )
    return world


@pytest.fixture
def recorded(own):
    """A server that records the lifecycle, not yet running."""
    return record_lifecycle(own)


def of_all_kinds(world, **how):
    """A client that requests all kinds of leases of its protocol."""
    return world.client(**how) if world.family == 4 else world.client(pd=[2], **how)


def at_port(world):
    """A client behind a relay that identifies its switch port."""
    address = relay_address(world.family, RELAYED)
    if world.family == 4:
        return world.client(relay=address, options=[dhcp4.agent(circuit_id=PORT)])
    return world.client(relays=[(address, [(dhcp6.INTERFACE_ID, PORT)])])


def named(world, name):
    """For World.client(): sends its host name."""
    if world.family == 4:
        return {"options": [(dhcp4.HOSTNAME, name)]}
    return {"options": [(dhcp6.FQDN, bytes([0, len(name)]) + name + b"\0")]}


def as_recorded(world, name):
    """Such a name in a record: for DHCPv6 it is a domain name."""
    return name if world.family == 4 else f"{name}."


def messages(world):
    """Returns the kinds of events in the records, oldest first."""
    return [record["message"] for record in world.outcome.objects()]


def wait_for(world, message, number=1):
    """Returns the records of a message, by lease, as soon as there are so many."""

    def found():
        records = [record for record in world.outcome.objects() if record["message"] == message]
        return len(records) >= number and by_lease(records)

    return wait_until(found, f"{number} '{message}'")


def by_lease(records):
    return sorted(records, key=lambda record: record.get("address") or record.get("prefix"))


def told(world, client, message, leases, valid=VALID, **more):
    """Returns the records of leases, by lease, without their times; `more` are other members."""
    common = {
        "server": world.server.daemon,
        "message": message,
        "id-type": ID_TYPE[world.family],
        "id": client.id,
        "valid-lifetime": valid,
        **({"hw-type": 1} if world.family == 4 else {}),
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    return by_lease(
        common | {"prefix" if "/" in lease else "address": lease, "subnet-id": subnet_of(lease)} for lease in leases
    )


def transaction(sent):
    """Returns the transaction id of a query in the form of records; `sent` is the id, or the response."""
    return hex(getattr(sent, "xid", sent))


# --- how leases end --------------------------------------------------------------------------------------


@pytest.mark.parametrize("registered", [True, False], ids=["registered", "stranger"])
def test_release_is_recorded_of_each_lease(recorded, registered):
    recorded.start()
    client = of_all_kinds(recorded)
    if registered:
        recorded.enroll(client)
    held = recorded.acquire(client)
    sent = client.release(held)
    assert wait_for(recorded, "release", len(held.leases)) == told(
        recorded, client, "release", held.leases, transaction_id=transaction(sent), registered=registered, interface=IFACE
    )
    kept = recorded.acquire(client)
    assert messages(recorded) == [message for message in (GRANT[recorded.family], "release") for _ in held.leases] + [
        GRANT[recorded.family] for _ in kept.leases
    ]


def test_decline_is_recorded(recorded):
    client = recorded.start().enroll(recorded.client())
    held = recorded.acquire(client)
    sent = client.decline(held)
    assert wait_for(recorded, "decline") == told(
        recorded, client, "decline", held.leases, transaction_id=transaction(sent), registered=True, interface=IFACE
    )


def test_end_names_the_identifier_that_has_decided(own):
    record_lifecycle(own, identifiers=[PORT_NAME[own.family]])
    own.registry.write(registered_by(PORT_TYPE[own.family], PORT))
    own.start()
    client = at_port(own)
    held = own.acquire(client)
    sent = client.release(held)
    assert wait_for(own, "release") == told(
        own,
        client,
        "release",
        held.leases,
        transaction_id=transaction(sent),
        registered=True,
        matched_type=PORT_TYPE[own.family],
        matched_id=PORT.hex(":"),
        interface=IFACE,
        relay=relay_address(own.family, RELAYED),
    )


def test_what_is_released_again_has_ended_before(recorded):
    """Kea keeps the lease for its client, which may release it as often as it likes."""
    client = recorded.start().enroll(recorded.client())
    held = recorded.acquire(client)
    for _ in range(3):
        client.release(held)
    recorded.acquire(client)  # Kea processes the queries of a client one after another
    assert messages(recorded) == [GRANT[recorded.family], "release", GRANT[recorded.family]]


def test_lease_that_another_library_has_the_server_keep_does_not_end(own):
    record_lifecycle(own, strangers=SHORT)
    own.hooks.insert(0, own.meddler("keep-leases"))
    client = own.start().enroll(own.client())
    held = own.acquire(client)
    client.decline(held)
    client.release(held)
    assert own.acquire(client).leases == held.leases
    assert messages(own) == [GRANT[own.family]] * 2


def test_lease_that_has_expired_is_recorded_and_each_lease_ends_once(own):
    """Later Kea also finds that a lease expired that was declined or released."""
    record_lifecycle(own, strangers=SHORT).start()
    released, declined = (own.enroll(own.client()) for _ in range(2))
    guest = of_all_kinds(own, **named(own, b"phone"))
    released.release(own.acquire(released))
    declined.decline(own.acquire(declined))
    held = own.acquire(guest)
    kept = 1 if release() >= (2, 3) else 0  # records of a released lease; Kea 2.2 deletes the lease
    ends = len(held.leases) + 1 + kept
    wait_until(lambda: own.server.statistic("reclaimed-leases") == ends, f"{ends} leases to be reclaimed")
    assert wait_for(own, "expire") == told(own, guest, "expire", held.leases, SHORT, hostname=as_recorded(own, "phone"))
    assert len(wait_for(own, "release")) == len(wait_for(own, "decline")) == 1


def test_lease_that_has_expired_while_the_server_was_down_is_recorded_when_it_is_back(own):
    record_lifecycle(own, strangers=SHORT, reclaim=WHEN_ASKED).start()
    client = of_all_kinds(own)
    held = own.acquire(client)
    own.server.stop()
    own.config["expired-leases-processing"] = BY_ITSELF
    time.sleep(SHORT + 1)
    own.start()
    records = wait_for(own, "expire", len(held.leases))
    assert records == told(own, client, "expire", held.leases, SHORT)


def test_lease_that_has_expired_and_is_renewed_has_ended_before(own):
    record_lifecycle(own, strangers=SHORT, reclaim=WHEN_ASKED).start()
    client = own.client()
    held = own.acquire(client)
    time.sleep(SHORT + 1.1)
    assert client.renew(held).leases == held.leases
    assert messages(own) == [GRANT[own.family], "expire", GRANT[own.family]]


# --- what is refused -------------------------------------------------------------------------------------


def refusal(world, client, reason, **more):
    """Returns the record of a refused query, without time and transaction id."""
    return {
        "server": world.server.daemon,
        "message": "refuse",
        "id-type": ID_TYPE[world.family],
        "id": client.id,
        **({"hw-type": 1} if world.family == 4 else {}),
        "registered": False,
        "interface": IFACE,
        "reason": reason,
        **more,
    }


def refusals(world):
    """Returns the records of refusals, without times and transaction ids."""
    records = [record for record in world.outcome.objects() if record["message"] == "refuse"]
    for record in records:
        assert record.pop("transaction-id").startswith("0x")
    return records


def test_client_that_is_denied_is_recorded_once_a_minute(recorded):
    recorded.start()
    first, second = (recorded.enroll(recorded.client(), access="deny") for _ in range(2))
    for client in (first, first, second, first, second):
        assert recorded.ask(client, timeout=SILENCE) is None
    served = recorded.acquire(recorded.client())
    assert served.subnets == {RESTRICTED}
    assert refusals(recorded) == [refusal(recorded, client, "its access is denied") for client in (first, second)]


def test_client_that_the_default_user_denies_is_recorded(recorded):
    recorded.registry.write(recorded.default_entry(access="deny"))
    client = recorded.start().client(**named(recorded, b"phone"))
    assert recorded.ask(client, timeout=SILENCE) is None
    wait_until(lambda: refusals(recorded), "a refusal")
    assert refusals(recorded) == [
        refusal(recorded, client, "clients that are not registered are denied", hostname=as_recorded(recorded, "phone"))
    ]


def test_client_that_is_dropped_is_recorded(own):
    record_lifecycle(own, unregistered_clients="drop").start()
    client, known = own.client(), own.enroll(own.client())
    assert own.ask(client, timeout=SILENCE) is None
    assert own.acquire(known).subnets == {NORMAL}
    assert refusals(own) == [refusal(own, client, "its subnet is for registered clients")]


def test_client_that_is_denied_is_recorded_where_subnets_are_guarded(own):
    """Kea up to 3.0.3 drops a DHCPv4 query for which no subnet is open before it calls the callouts."""
    record_lifecycle(own)
    own.config["shared-networks"] = [network(own.family, *own.config.pop(f"subnet{own.family}"), interface=IFACE)]
    own.start()
    client = own.enroll(own.client(), access="deny")
    assert own.ask(client, timeout=SILENCE) is None
    assert own.acquire(own.client()).subnets == {RESTRICTED}
    assert refusals(own) == [refusal(own, client, "its access is denied")]
    assert statistics(own)["denied-queries"] == 1


def test_lease_that_is_refused_is_recorded_with_its_subnet(own):
    record_lifecycle(own)
    own.hooks.append(own.meddler("first-subnet"))
    own.start()
    client = own.client()
    own.ask(client, timeout=SILENCE if own.family == 4 else 5)
    wait_until(lambda: refusals(own), "a refusal")
    (record,) = refusals(own)
    lease = record.pop("address")
    assert subnet_of(lease) == NORMAL
    assert record == refusal(
        own,
        client,
        "it is outside of the restricted subnet",
        **{"valid-lifetime": VALID, "subnet-id": NORMAL},
    )


# --- when something goes wrong ---------------------------------------------------------------------------


@pytest.mark.parametrize("failure", ["continue", "drop"])
def test_lease_ends_though_that_cannot_be_recorded(own, failure):
    record_lifecycle(own, outcome_failure=failure)
    own.start()
    client = own.enroll(own.client())
    held = own.acquire(client)
    own.outcome.path.rename(own.outcome.path.with_suffix(".1"))
    own.outcome.path.mkdir()
    sent = client.release(held)
    (error,) = wait_until(lambda: own.log("USER_CHK_OUTCOME_WRITE_FAILED"), "the failure to be told")
    assert str(own.outcome.path) in error.text
    if own.family == 6:
        assert sent is not None and sent.status == 0
    wait_until(lambda: own.server.leases() == [], "the lease to end")
    assert statistics(own)["outcome-failures"] == 1
    own.outcome.path.rmdir()
    assert own.acquire(client).leases
    assert own.log("USER_CHK_LIFECYCLE_ERROR") == []


def test_lease_ends_while_the_library_is_closed_which_the_log_tells(own):
    """A rejected configuration has closed the server, so nobody can record what it does by itself."""
    record_lifecycle(own, strangers=SHORT, reclaim=BY_ITSELF).start()
    own.acquire(own.client())
    own.config[f"subnet{own.family}"][0] |= context(restricted_subnet_id=77)
    own.configure()
    assert own.server.command("config-reload")["result"] == 1
    errors = wait_until(lambda: own.log("USER_CHK_LIFECYCLE_ERROR"), "the error")
    assert "the library is not loaded" in errors[0].text
    wait_until(lambda: own.server.statistic("reclaimed-leases") == 1, "the lease to end")
