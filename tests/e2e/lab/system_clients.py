# SPDX-License-Identifier: MPL-2.0
"""The DHCPv4 clients that manage a machine's interface: they keep running, renew when the server says, and set the address.

Each has its own process and mount namespaces and an empty /run, so it meets no service of the machine that runs the
tests.
"""

import contextlib
import re
import shutil
from pathlib import Path

from lab.config import subnet_of
from lab.net import IFACE
from lab.process import Program, run, wait_until

# Nothing of the machine's own state, and no udev: programs that find /sys read-only use interfaces as they are.
_ALONE = """set -e
for place in /run /var/lib; do mount -t tmpfs none $place; done
mount -o remount,bind,ro /sys
"""

_DHCPCD = """mkdir /var/lib/dhcpcd
exec dhcpcd -4 -B -d -A -f {home}/dhcpcd.conf -c /bin/true {device}
"""
_DHCPCD_CONF = "option classless_static_routes\n"

_DHCLIENT = """mkdir /var/lib/dhcp
touch /var/lib/dhcp/leases
exec dhclient -4 -d -v -sf {home}/script -cf /dev/null -lf /var/lib/dhcp/leases -pf /run/pid {device}
"""
# It knows no time of renewal but half of the lease: it is told when, being the first process here.
_UDHCPC = """(while sleep 4; do kill -USR1 1; done) &
exec udhcpc -f -i {device} -t 5 -T 1 -A 1 -s {home}/script
"""
# The address is given the widest prefix, so that the server is on the link wherever the client is put.
_SCRIPT = """#!/bin/sh
case ${reason:-$1} in
    bound | renew | BOUND | RENEW | REBIND | REBOOT)
        ip addr flush dev ${interface} scope global
        ip addr add ${new_ip_address:-$ip}/8 dev ${interface} ;;
    *) ip addr flush dev ${interface} scope global ;;
esac
"""

_NETWORKD = """mkdir -p /run/systemd/network /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp
mkdir -p /var/lib/systemd/network
chown -R systemd-network: /run/systemd/netif /var/lib/systemd/network
cp {home}/networkd.network /run/systemd/network/10-wired.network
SYSTEMD_LOG_LEVEL=debug exec /usr/lib/systemd/systemd-networkd
"""
_NETWORKD_NETWORK = f"""[Match]
Name={IFACE}
[Network]
DHCP=ipv4
IPv6AcceptRA=no
[DHCPv4]
ClientIdentifier=mac
"""

_NETWORK_MANAGER = """mkdir -p /run/dbus /run/NetworkManager /var/lib/NetworkManager /run/connections
install -m 600 {home}/wired.nmconnection /run/connections
dbus-daemon --system --nofork --nopidfile &
while [ ! -S /run/dbus/system_bus_socket ]; do sleep 0.05; done
exec NetworkManager --debug --log-level=DEBUG --log-domains=DHCP4,DEVICE,IP4 --config={home}/NetworkManager.conf --config-dir=/run/none \\
    --system-config-dir=/run/none --intern-config=/run/NetworkManager/intern.conf
"""
_NETWORK_MANAGER_CONF = """[main]
plugins=keyfile
dhcp=internal
dns=none
rc-manager=unmanaged
no-auto-default=*
auth-polkit=false
[keyfile]
path=/run/connections
"""
_NETWORK_MANAGER_CONNECTION = f"""[connection]
id=wired
uuid=6a1f3a0e-6c3f-4d0f-9d63-0f6f3d1f0001
type=ethernet
interface-name={IFACE}
autoconnect=true
[ipv4]
method=auto
dhcp-client-id=mac
[ipv6]
method=disabled
"""


class SystemClient(Program):
    """A client that manages an interface until it is closed. Its log is in `printed`."""

    def __init__(self, namespace, home, script):
        self._namespace, self._printed = namespace, home / "printed"
        command = namespace.command(
            *["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"],
            *["sh", "-c", _ALONE + script.format(home=home, device=IFACE)],
        )
        super().__init__(command, self._printed)

    def printed(self):
        return self._printed.read_text(errors="replace")

    def addresses(self):
        """Returns the IPv4 addresses of the interface, except for those that it assigns itself."""
        shown = run("ip", "-n", self._namespace.name, "-4", "-o", "addr", "show", "dev", IFACE, "scope", "global")
        return re.findall(r"inet ([\d.]+)/", shown)

    def wait_for_subnet(self, subnet):
        """Waits until the interface has an address of a subnet, and no other."""
        try:
            return wait_until(
                lambda: {subnet_of(address) for address in self.addresses()} == {subnet},
                f"an address of subnet {subnet}",
                timeout=25,
                interval=0.1,
            )
        except AssertionError as error:
            raise AssertionError(f"{error}; there are {self.addresses()}\n{self.printed()[-6000:]}") from error


def _started(namespace, home, script, files):
    for name, content in files.items():
        (home / name).write_text(content)
        (home / name).chmod(0o755)
    return contextlib.closing(SystemClient(namespace, home, script))


def network_manager(namespace, home):
    """A context manager: NetworkManager with its internal client, and its own bus."""
    files = {"NetworkManager.conf": _NETWORK_MANAGER_CONF, "wired.nmconnection": _NETWORK_MANAGER_CONNECTION}
    return _started(namespace, home, _NETWORK_MANAGER, files)


def systemd_networkd(namespace, home):
    return _started(namespace, home, _NETWORKD, {"networkd.network": _NETWORKD_NETWORK})


def dhcpcd(namespace, home):
    return _started(namespace, home, _DHCPCD, {"dhcpcd.conf": _DHCPCD_CONF})


def dhclient(namespace, home):
    return _started(namespace, home, _DHCLIENT, {"script": _SCRIPT})


def udhcpc(namespace, home):
    return _started(namespace, home, _UDHCPC, {"script": _SCRIPT})


# The program of each client.
PROGRAMS = {
    network_manager: "NetworkManager",
    systemd_networkd: "/usr/lib/systemd/systemd-networkd",
    dhcpcd: "dhcpcd",
    dhclient: "dhclient",
    udhcpc: "udhcpc",
}


def is_installed(client):
    return shutil.which(PROGRAMS[client]) is not None or Path(PROGRAMS[client]).is_file()
