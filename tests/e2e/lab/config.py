# SPDX-License-Identifier: MPL-2.0
"""The servers' configurations: the same small world for DHCPv4 and DHCPv6.

One link. Kea itself selects the "normal" subnet for a client on the link and, by the relay's address, the
"relayed" or the "full" one, which has prefixes to give but no address; the hook moves strangers to
"restricted", whose id is the highest though it is configured first.
"""

from lab.net import IFACE

NORMAL, RELAYED, FULL, RESTRICTED = 1, 2, 3, 9

SERVER4 = "10.1.0.1"
RELAY4 = "10.2.0.1"
RELAY6 = {RELAYED: "2001:db8:2::1", FULL: "2001:db8:3::1"}


def subnet_of(lease):
    """The id of the subnet of an address or a prefix, which holds it: 10.9.1.0, 2001:db8:9::1, 2001:db8:901::/56."""
    if "." in lease:
        return int(lease.split(".")[1])
    group = lease.split(":")[2]
    return int(group[:-2] if len(group) > 2 else group)


# What the server itself would send, so that the hook has something to replace.
SERVER_TFTP = "server.example.com"
SERVER_TFTP6 = "2001:db8::ff"
SERVER_BOOTFILE = "server-bootfile"
SERVER_FILE_FIELD = "server-file"


def _common(server, threads):
    return {
        "interfaces-config": {"interfaces": [IFACE]},
        "lease-database": {"type": "memfile", "persist": True, "name": server.lease_file(), "lfc-interval": 0},
        "multi-threading": {"enable-multi-threading": threads, "thread-pool-size": 4},
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
    """Lets a DHCPv6 server answer a SOLICIT that asks for it with the REPLY."""
    for subnet in config.get("subnet6", []):
        subnet["rapid-commit"] = True
