# SPDX-License-Identifier: MPL-2.0
"""The servers' configurations: the same small network for DHCPv4 and DHCPv6.

There is one link. Kea itself selects the "normal" subnet for a client on the link, and, by the relay's address, the
"relayed" or the "full" one, which has prefixes to delegate but no address. The hook moves unregistered clients to
"restricted", which has the highest id although it is configured first.

The functions at the end create other networks, for either protocol: many VLANs, shared networks, guards, user contexts.
"""

from lab.kea import release
from lab.net import IFACE

NORMAL, RELAYED, FULL, RESTRICTED = 1, 2, 3, 9
NOWHERE = 0  # the "subnet" of 0.0.0.0, the address in a DHCPNAK

SERVER4 = "10.1.0.1"
PARTNER4 = "10.1.0.2"  # the address of the other server of a pair
RELAY4 = "10.2.0.1"
RELAY6 = {RELAYED: "2001:db8:2::1", FULL: "2001:db8:3::1"}


def subnet_of(lease):
    """Returns the subnet id that an address or a prefix contains: 10.9.1.0, 2001:db8:9::1, 2001:db8:901::/56."""
    if "." in lease:
        return int(lease.split(".")[1])
    group = lease.split(":")[2]
    return int(group[:-2] if len(group) > 2 else group)


# What the server itself sends, so that the hook has something to replace.
SERVER_TFTP = "server.example.com"
SERVER_TFTP6 = "2001:db8::ff"
SERVER_BOOTFILE = "server-bootfile"
SERVER_FILE_FIELD = "server-file"


def _common(server, threads):
    return {
        "interfaces-config": {"interfaces": [IFACE]},
        "lease-database": {"type": "memfile", "persist": True, "name": server.lease_file(), "lfc-interval": 0},
        # A queue without a limit: a server that was delayed would drop queries.
        "multi-threading": {"enable-multi-threading": threads, "thread-pool-size": 4, "packet-queue-size": 0},
        "valid-lifetime": 3600,
        "renew-timer": 1000,
        "rebind-timer": 2000,
    }


def subnet4(subnet, last, **more):
    return {
        "id": subnet,
        "subnet": f"10.{subnet}.0.0/16",
        "pools": [{"pool": f"10.{subnet}.1.0 - 10.{subnet}.{last}"}],
        **more,
    }


def dhcp4(server, threads):
    return {
        **_common(server, threads),
        "authoritative": True,
        "boot-file-name": SERVER_FILE_FIELD,
        "option-data": [
            {"name": "tftp-server-name", "data": SERVER_TFTP},
            {"name": "boot-file-name", "data": SERVER_BOOTFILE},
        ],
        "subnet4": [
            subnet4(RESTRICTED, "200.255"),
            subnet4(NORMAL, "200.255", interface=IFACE),
            subnet4(RELAYED, "200.255"),
        ],
    }


def subnet6(subnet, last, **more):
    return {
        "id": subnet,
        "subnet": f"2001:db8:{subnet}::/64",
        "pools": [{"pool": f"2001:db8:{subnet}::1:0 - 2001:db8:{subnet}::{last}"}],
        "pd-pools": [{"prefix": f"2001:db8:{subnet}00::", "prefix-len": 40, "delegated-len": 56}],
        **more,
    }


def dhcp6(server, threads):
    return {
        **_common(server, threads),
        "preferred-lifetime": 3000,
        "server-id": {"type": "LLT", "persist": False},
        "option-data": [
            {"name": "vendor-opts", "data": "4491"},
            {"space": "vendor-4491", "name": "tftp-servers", "data": SERVER_TFTP6},
            {"space": "vendor-4491", "name": "config-file", "data": SERVER_BOOTFILE},
        ],
        "subnet6": [
            subnet6(RESTRICTED, "ffff:ffff"),
            subnet6(NORMAL, "ffff:ffff", interface=IFACE),
            subnet6(RELAYED, "ffff:ffff"),
            {**subnet6(FULL, "1:0"), "pools": []},
        ],
    }


def allow_rapid_commit(config):
    """Lets a DHCPv6 server answer a SOLICIT with Rapid Commit with the REPLY."""
    for subnet in config.get("subnet6", []):
        subnet["rapid-commit"] = True


def place(family, number, full=False, **more):
    """A subnet with room for everyone; with `full`, for just one client."""
    if family == 4:
        return subnet4(number, "1.0" if full else "200.255", **more)
    made = subnet6(number, "1:0" if full else "ffff:ffff", **more)
    if full:
        made["pd-pools"][0]["delegated-len"] = made["pd-pools"][0]["prefix-len"]
    return made


def network(family, *subnets, relay=None, **more):
    """A shared network; `relay` is the address of its relay, if the subnets' ranges do not determine it."""
    known = {"relay": {"ip-addresses": [relay]}} if relay else {}
    return {"name": "campus", f"subnet{family}": list(subnets), **known, **more}


def relay_address(family, number):
    """The address of a relay in a subnet."""
    return f"10.{number}.0.1" if family == 4 else f"2001:db8:{number}::1"


def behind(family, number):
    """For World.client(): behind a relay in a subnet."""
    return {"relay": relay_address(4, number)} if family == 4 else {"relays": [relay_address(6, number)]}


def context(**settings):
    """The user context of a subnet or a shared network for the library."""
    return {"user-context": {"user-chk": {name.replace("_", "-"): value for name, value in settings.items()}}}


def guard(client_class):
    """Closes a subnet or a pool to everyone outside of the class."""
    return {"client-classes": [client_class]} if release() >= (2, 7) else {"client-class": client_class}


def guarded_place(family, number, client_class, what, **more):
    """A subnet that is closed to everyone outside of the class: by a guard on itself, or on each of its pools."""
    if what == "subnets":
        return place(family, number, **guard(client_class), **more)
    made = place(family, number, **more)
    for pool in [*made["pools"], *made.get("pd-pools", [])]:
        pool.update(guard(client_class))
    return made


def host(family, number, suffix):
    """Returns an address in the subnet's pool; `suffix` is 0 to 99."""
    return f"10.{number}.1.{suffix}" if family == 4 else f"2001:db8:{number}::1:{suffix}"


def late_host(family, number, suffix):
    """An address that the server assigns after many thousand others of the subnet's pool; `suffix` is 0 to 99."""
    return f"10.{number}.200.{suffix}" if family == 4 else f"2001:db8:{number}::f000:{suffix}"


def prefix(number, suffix):
    """Returns a prefix in the subnet's pool; `suffix` is 0 to 99."""
    return f"2001:db8:{number}{suffix:02}::/56"


# The options that tell a client its DNS servers, and its captive portal (RFC 8910).
DNS = {4: 6, 6: 23}
PORTAL = {4: 114, 6: 103}


def client_class(family, name, dns=None, portal=None, **more):
    """The definition of a class that something else puts queries in: its DNS server is a number, its portal a URL."""
    options = []
    if dns is not None:
        data = f"192.0.2.{dns}" if family == 4 else f"2001:db8::{dns}"
        options.append({"code": DNS[family], "data": data})
    if portal is not None:
        options.append({"name": f"v{family}-captive-portal", "data": portal})
    return {"name": name, "option-data": options, **more}


def dns_server(family, response):
    """Returns the number of the DNS server in a response."""
    return response.options[DNS[family]][-1]
