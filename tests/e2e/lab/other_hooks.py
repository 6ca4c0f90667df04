# SPDX-License-Identifier: MPL-2.0
"""Kea's own hook libraries: how each is configured, and how to see that it works beside ours."""

import contextlib
import itertools
from collections import namedtuple
from pathlib import Path

from scapy.layers.dhcp import BOOTP, DHCP

from lab import config, dhcp4, radius
from lab.config import NORMAL, RESTRICTED
from lab.dhcp4 import HOSTNAME
from lab.process import wait_until
from lab.world import World

HOOKS = next(Path("/usr/lib").glob("*/kea/hooks"))

# A hook library beside ours. `prepare(site)` sets its parameters and what it needs of the server; `effect(site)`
# asserts that it has its effect. When it is listed before ours, that is `refused_first`, or `warned_of`, or fine.
# `beside` are other libraries that it needs to be listed before it.
Other = namedtuple(
    "Other", "name prepare effect families refused_first warned_of beside", defaults=[(4, 6), False, False, ()]
)

DOMAIN_NAME, BOOTFILE_URL = 15, 59
LEASEQUERY, LEASEACTIVE = 10, 13


def libraries():
    """Returns the hook libraries of the release's packages, with the names in Others."""
    return {path.name.removeprefix("libdhcp_").removesuffix(".so") for path in HOOKS.glob("libdhcp_*.so")}


def nothing(_):
    """For a library that needs no parameters, or whose effect would need more than a server and clients."""


def command(site, name, /, **arguments):
    """Sends a command that must succeed. Returns its arguments."""
    answer = site.server.command(name.replace("N", str(site.family)), **arguments)
    assert answer["result"] == 0, f"{name}: {answer}"
    return answer.get("arguments")


def by_client(site, client):
    """Returns what identifies a client in a reservation."""
    return {"hw-address" if site.family == 4 else "duid": client.id}


_suffixes = itertools.count(50)  # of addresses that no earlier test of the server has reserved


def unused(site, subnet):
    """Returns an address of a subnet's pool that nobody has."""
    return config.late_host(site.family, subnet, next(_suffixes))


def reserved(site, client_names, address):
    """Returns a reservation of an address."""
    return {**client_names, **({"ip-address": address} if site.family == 4 else {"ip-addresses": [address]})}


def subnet_of_config(site, number):
    return next(subnet for subnet in site.config[f"subnet{site.family}"] if subnet["id"] == number)


# --- bootp -----------------------------------------------------------------------------------------------


def bootp_effect(site):
    """A BOOTP client gets a lease like others, and the registry's boot file."""
    client = site.enroll(site.client(), bootfile="bootp.img")
    frame = client.frame(dhcp4.REQUEST)
    frame[BOOTP].remove_payload()
    frame = frame / DHCP(options=["end"]) / bytes(60)  # BOOTP has 64 bytes of vendor information (RFC 951)
    response = site.wire.exchange(frame, timeout=5)
    assert response is not None, "no answer to BOOTP"
    assert response.type is None, "no answer of BOOTP"
    assert (response.subnet, response.file) == (NORMAL, "bootp.img")
    records = [record for record in site.outcome.objects() if record["id"] == client.id]
    assert [(record["address"], record["registered"]) for record in records] == [(response.yiaddr, True)]


# --- class_cmds ------------------------------------------------------------------------------------------


def class_cmds_effect(site):
    command(site, "class-add", **{"client-classes": [{"name": "another"}]})
    names = [found["name"] for found in command(site, "class-list")["client-classes"]]
    assert names == ["another"]
    command(site, "class-del", name="another")


# --- ddns_tuning -----------------------------------------------------------------------------------------


def ddns_tuning_prepare(site):
    site.other["parameters"] = {"hostname-expr": "'tuned'"}
    site.config["ddns-qualifying-suffix"] = "example.org"


def ddns_tuning_effect(site):
    if site.family == 4:
        client = site.client(ask=[HOSTNAME], options=[(HOSTNAME, b"mine")])
        assert client.get_lease().text(HOSTNAME).startswith("tuned")
    else:
        fqdn = b"\x01\x04mine"  # flag S, and a partial name (RFC 4704)
        client = site.client(ask=[39], options=[(39, fqdn)])
        assert b"\x05tuned" in client.get_leases().options[39]


# --- flex_id ---------------------------------------------------------------------------------------------


def _identifier(site):
    return {4: "pkt4.mac", 6: "option[1].hex"}[site.family]


def flex_id_prepare(site):
    site.other["parameters"] = {"identifier-expression": f"concat(0x0f, {_identifier(site)})"}
    site.config["host-reservation-identifiers"] = ["flex-id"]
    site.flexible, site.reserved = site.client(), unused(site, NORMAL)
    names = {"flex-id": "0f" + site.flexible.id.replace(":", "")}
    subnet_of_config(site, NORMAL)["reservations"] = [reserved(site, names, site.reserved)]


def flex_id_effect(site):
    site.enroll(site.flexible)
    assert site.acquire(site.flexible).leases == [site.reserved]


def flex_id_replacing_prepare(site):
    """The server, and all libraries after it, see a DUID that the expression has produced."""
    site.other["parameters"] = {"identifier-expression": _identifier(site), "replace-client-id": True}


# --- flex_option -----------------------------------------------------------------------------------------


def flex_option_prepare(site):
    code = DOMAIN_NAME if site.family == 4 else BOOTFILE_URL
    site.other["parameters"] = {"options": [{"code": code, "add": "'flex'"}]}


def flex_option_effect(site):
    assert site.acquire(site.client()).text(DOMAIN_NAME if site.family == 4 else BOOTFILE_URL) == "flex"


# --- host_cache, host_cmds -------------------------------------------------------------------------------


def host_cache_prepare(site):
    site.other["parameters"] = {"maximum": 100}


def host_cache_effect(site):
    """An unregistered client with an address of the normal subnet in the cache does not get it."""
    client = site.client()
    in_normal = reserved(site, by_client(site, client), unused(site, NORMAL))
    command(site, "cache-insert", **{f"subnet-id{site.family}": NORMAL, **in_normal})
    assert command(site, "cache-size")["size"] >= 1
    assert site.acquire(client).subnets == {RESTRICTED}


def host_cmds_effect(site):
    """A reservation applies in the subnet where the client is placed, and in no other."""
    registered, stranger, elsewhere = site.enroll(site.client()), site.client(), site.client()
    addresses = [unused(site, subnet) for subnet in (NORMAL, RESTRICTED, NORMAL)]
    for client, address in zip((registered, stranger, elsewhere), addresses):
        host = {"subnet-id": config.subnet_of(address), **reserved(site, by_client(site, client), address)}
        command(site, "reservation-add", reservation=host, **{"operation-target": "memory"})
    assert site.acquire(registered).leases == [addresses[0]]
    assert site.acquire(stranger).leases == [addresses[1]]
    assert site.acquire(elsewhere).subnets == {RESTRICTED}


# --- lease_cmds, stat_cmds, subnet_cmds ------------------------------------------------------------------


def lease_cmds_effect(site):
    client = site.client()
    (address,) = site.acquire(client).leases
    lease = command(site, "leaseN-get", **{"ip-address": address})
    assert lease["hw-address" if site.family == 4 else "duid"] == client.id
    assert lease["subnet-id"] == RESTRICTED


def stat_cmds_effect(site):
    client = site.client()
    site.acquire(client)
    table = command(site, "stat-leaseN-get", **{"subnet-id": RESTRICTED})["result-set"]
    row = dict(zip(table["columns"], table["rows"][0]))
    assert row["assigned-addresses" if site.family == 4 else "assigned-nas"] >= 1


def subnet_cmds_effect(site):
    """A subnet that gets a user context for our library at run time: it is in force at once."""
    name = f"subnet{site.family}"
    changed = {
        "id": NORMAL,
        "subnet": subnet_of_config(site, NORMAL)["subnet"],
        **config.context(unregistered_clients="drop"),
    }
    command(site, "subnetN-delta-add", **{name: [changed]})
    assert site.ask(site.client(), timeout=0.5) is None
    assert site.acquire(site.enroll(site.client())).subnets == {NORMAL}
    changed["user-context"] = {}
    site.server.reload()


# --- lease_query -----------------------------------------------------------------------------------------


def lease_query_prepare(site):
    site.other["parameters"] = {"requesters": [config.RELAY4 if site.family == 4 else "::/0"]}
    if site.family == 6:
        site.other["parameters"] = {"requesters": ["fe80::1"], "prefix-lengths": [56]}


def lease_query_effect(site):
    """A relay that asks who has an address gets an answer, and nothing is recorded for that. DHCPv6: loads only."""
    if site.family == 6:
        return
    ack = site.client().get_lease()
    before = site.outcome.text()
    relay = site.client_with(b"", htype=0, relay=config.RELAY4)  # it asks by the address (RFC 4388)
    answer = relay.exchange(LEASEQUERY, ciaddr=ack.yiaddr)
    assert answer is not None, site.log()[-3:]
    assert answer.type == LEASEACTIVE
    assert site.outcome.text() == before


# --- legal_log -------------------------------------------------------------------------------------------


def legal_log_prepare(site):
    site.other["parameters"] = {"path": str(site.server.seen_as), "base-name": "legal"}
    parameters = site.hook["parameters"]
    parameters["outcome-failure"] = "drop"  # so it may log what is not sent, when it comes first
    site.during.callback(parameters.pop, "outcome-failure")


def legal_log_effect(site):
    (address,) = site.acquire(site.client()).leases

    def logged():
        return any(f"Address: {address} has been assigned" in text for text in _texts(site, "legal*"))

    wait_until(logged, "a line in the legal log")


def _texts(site, pattern):
    return [path.read_text() for path in site.server.home.glob(pattern)]


# --- limits ----------------------------------------------------------------------------------------------


def limits_prepare(site):
    """Room for a few more unregistered clients than there have been."""
    there = [row for row in site.server.leases() if row.get("lease_type", "0") == "0"]
    there = [row for row in there if config.subnet_of(row["address"]) == RESTRICTED]
    subnet_of_config(site, RESTRICTED)["user-context"] = {"limits": {"address-limit": len(there) + 3}}


def limits_effect(site):
    """The restricted subnet is full at its limit, to which registered clients do not count."""
    granted, refused = 0, False
    for _ in range(5):
        response = site.ask(client := site.client(), timeout=0.5)
        if response is None or not response.leases:
            refused = True
            break
        assert client.request(response).subnets == {RESTRICTED}
        granted += 1
    assert refused, f"{granted} more strangers"
    assert granted > 0
    assert site.acquire(site.enroll(site.client())).subnets == {NORMAL}


# --- perfmon ---------------------------------------------------------------------------------------------


def perfmon_prepare(site):
    site.other["parameters"] = {"enable-monitoring": True, "interval-width-secs": 1, "stats-mgr-reporting": True}


def perfmon_effect(site):
    def durations():
        site.ask(site.client())  # an interval is reported when a later one has begun
        return [name for name in command(site, "statistic-get-all") if ".perfmon." in f".{name}"]

    wait_until(durations, "durations", interval=0.2)


# --- ping_check ------------------------------------------------------------------------------------------


def ping_check_prepare(site):
    parameters = {"enable-ping-check": True, "min-ping-requests": 1, "reply-timeout": 100, "ping-cltt-secs": 0}
    site.other["parameters"] = parameters


def ping_check_effect(site):
    """An address that answers is neither offered nor recorded; any other is, if nobody has answered."""
    client = site.enroll(site.client())
    offered = site.ask(client).yiaddr
    site.lan.plug(address4=f"{offered}/16")
    offers = (site.ask(client, timeout=1) for _ in range(4))  # the first query may be the one that finds out
    other = next(offer for offer in offers if offer is not None and offer.yiaddr != offered)
    assert other.subnets == {NORMAL}
    assert client.request(other).yiaddr == other.yiaddr


# --- run_script ------------------------------------------------------------------------------------------


def run_script_prepare(site):
    script = site.server.home / "script"
    script.write_text('#!/bin/sh\nenv >"$0.$$"\necho "$1" >>"$0.$$"\n')
    script.chmod(0o755)
    site.other["parameters"] = {"name": str(site.server.seen_as / "script"), "sync": False}


def run_script_effect(site):
    (address,) = site.acquire(site.client()).leases

    def ran():
        return any(address in text and f"leases{site.family}_committed" in text for text in _texts(site, "script.*"))

    wait_until(ran, "the script to run")


# --- radius ----------------------------------------------------------------------------------------------


def radius_prepare(site, address=None, **parameters):
    """A RADIUS server that accepts everyone, and may assign an address."""
    server = {"name": "127.0.0.1", "port": radius.PORT, "secret": radius.SECRET.decode()}
    site.other["parameters"] = {name: {"servers": [server]} for name in ("access", "accounting")}
    site.other["parameters"].update({"identifier-type4": "hw-address", **parameters})
    site.radius_requests = site.during.enter_context(radius.accepting(site.lan.server, address))


def radius_elsewhere_prepare(site):
    """RADIUS gives everyone an address of the normal subnet, and radius would look for that address's subnet."""
    address = config.host(4, NORMAL, 99)
    radius_prepare(site, address, **{f"reselect-subnet-{how}": True for how in ("pool", "address")})


def radius_elsewhere_effect(site):
    """No unregistered client is sent a lease outside of the restricted subnet: it gets one of that subnet, or nothing."""
    stranger = site.client()
    for _ in range(3):
        response = site.ask(stranger, timeout=0.5)
        assert response is None or response.subnets == {RESTRICTED}
    assert site.radius_requests
    assert {record["subnet-id"] for record in site.outcome.objects() if record["id"] == stranger.id} <= {RESTRICTED}


def radius_effect(site):
    assert site.radius_requests


OTHERS = [
    Other("bootp", nothing, bootp_effect, families=(4,), refused_first=True),
    Other("class_cmds", nothing, class_cmds_effect),
    Other("ddns_tuning", ddns_tuning_prepare, ddns_tuning_effect),
    Other("flex_id", flex_id_prepare, flex_id_effect),
    Other("flex_option", flex_option_prepare, flex_option_effect),
    Other("host_cache", host_cache_prepare, host_cache_effect),
    Other("host_cmds", nothing, host_cmds_effect),
    Other("lease_cmds", nothing, lease_cmds_effect),
    Other("lease_query", lease_query_prepare, lease_query_effect),
    Other("legal_log", legal_log_prepare, legal_log_effect, warned_of=True),
    Other("limits", limits_prepare, limits_effect, warned_of=True),
    Other("perfmon", perfmon_prepare, perfmon_effect),
    Other("ping_check", ping_check_prepare, ping_check_effect, families=(4,)),
    Other("radius", radius_prepare, radius_effect, refused_first=True, beside=("host_cache",)),
    Other("run_script", run_script_prepare, run_script_effect),
    Other("stat_cmds", nothing, stat_cmds_effect),
    Other("subnet_cmds", nothing, subnet_cmds_effect),
    # These need a database: checks that they load side by side with ours, and clients are served.
    *(Other(name, nothing, nothing) for name in ("mysql", "pgsql", "mysql_cb", "pgsql_cb")),
]

# More variants of libraries in the list.
FLEX_ID_REPLACING = Other("flex_id", flex_id_replacing_prepare, nothing, families=(6,), warned_of=True)
RADIUS_ELSEWHERE = Other("radius", radius_elsewhere_prepare, radius_elsewhere_effect, beside=("host_cache",))

# See test_high_availability.py.
ELSEWHERE = {"ha"}


class Site(World):
    """A server in the small network of config.py, with records in JSON, which include the subnet."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.record_as("json")
        self.lan.server.ip(*self._routes())
        self.other = None  # the entry of the other library in hooks-libraries
        self.during = None  # what must end when the other library is unloaded

    def _routes(self):
        """Sends to all clients, which ping_check pings."""
        return ["route add 10.0.0.0/8 dev eth0"] if self.family == 4 else []

    def lay_out_usual(self):
        """Returns the initial configuration of the server."""
        self.config = self._make_config()


@contextlib.contextmanager
def beside(site, other, first):
    """Makes a running server load another library beside ours, with ours first or last. Returns Kea's answer."""
    hooks = [{"library": site.server.install(HOOKS / f"libdhcp_{name}.so")} for name in (*other.beside, other.name)]
    site.lay_out_usual()
    site.other = hooks[-1]
    with contextlib.ExitStack() as site.during:
        other.prepare(site)
        site.hooks = [site.hook, *hooks] if first else [*hooks, site.hook]
        site.configure()
        try:
            yield site.server.command("config-reload")
        finally:
            site.hooks = [site.hook]
            site.lay_out_usual()
            site.configure()
            site.server.reload()
