# SPDX-License-Identifier: MPL-2.0
"""Runs common DHCP clients, once each, and reports what lease they got.

Each run has its own process and mount namespaces, so it leaves no process and no file behind.
"""

import contextlib
import re
import signal
import subprocess
from collections import namedtuple

from lab.config import subnet_of
from lab.net import IFACE
from lab.process import Program, run, spawn, wait_until

# What a client passed to its script; None for what it did not pass.
Lease = namedtuple("Lease", "address prefix file bootfile tftp_server")

# A DUID-LL of the interface's address: the clients are configured to use it, so a test can register it beforehand.
_DUID_LL = "00:03:00:01:"

_PERFDHCP_BASE = "02:cc:{crowd:02x}:00:00:00"

_DHCPCD_CONF = f"""
duid ll
noipv6rs
interface {IFACE}
  iaid 1
  ia_na 1
  ia_pd 2/{IFACE}/1
"""


def duid_of(namespace):
    """Returns the DUID of a DHCPv6 client in the namespace."""
    return _DUID_LL + namespace.mac()


def udhcpc(namespace, directory):
    env = _run(namespace, directory, "bound", f"udhcpc -i {IFACE} -f -n -q -t 5 -T 1 -s {directory}/script")
    return _lease(env, address="ip", file="boot_file", bootfile="bootfile", tftp_server="tftp")


def dhclient4(namespace, directory):
    return _dhclient(namespace, directory, "-4", "BOUND", address="new_ip_address")


def dhclient6(namespace, directory):
    return _dhclient(namespace, directory, "-6 -D LL", "BOUND6", address="new_ip6_address")


def dhclient6_prefix(namespace, directory):
    return _dhclient(namespace, directory, "-6 -P -D LL", "BOUND6", prefix="new_ip6_prefix")


def _dhclient(namespace, directory, options, reason, **names):
    files = f"-sf {directory}/script -cf /dev/null -lf {directory}/leases -pf {directory}/pid"
    env = _run(namespace, directory, reason, f"dhclient {options} -1 -v {files} {IFACE}")
    return _lease(
        env, file="new_filename", bootfile="new_bootfile_name", tftp_server="new_tftp_server_name", **names
    )


def dhcpcd4(namespace, directory, config=""):
    env = _dhcpcd(namespace, directory, "-4", "BOUND", config)
    return _lease(
        env,
        address="new_ip_address",
        file="new_filename",
        bootfile="new_bootfile_name",
        tftp_server="new_tftp_server_name",
    )


def dhcpcd6(namespace, directory):
    env = _dhcpcd(namespace, directory, "-6", "BOUND6", _DHCPCD_CONF)
    prefix = "new_dhcp6_ia_pd1_prefix1"
    env[prefix] += "/" + env[f"{prefix}_length"]
    return _lease(env, address="new_dhcp6_ia_na1_ia_addr1", prefix=prefix)


def _dhcpcd(namespace, directory, protocol, reason, config):
    (directory / "conf").write_text(config)
    files = f"-c {directory}/script -f {directory}/conf"
    return _run(namespace, directory, reason, f"dhcpcd {protocol} -1 -B -d -A -t 20 {files} {IFACE}")


class Resident(Program):
    """A DHCPv4 client that keeps running, like a device's: its script sets the address and logs the events."""

    def __init__(self, namespace, directory, command):
        """`command` runs it in the foreground; `{directory}` is where it may keep its files."""
        self._events = directory / "events"
        self._events.touch()
        script = directory / "script"
        script.write_text(_RESIDENT_SCRIPT.format(events=self._events, device=IFACE))
        script.chmod(0o755)
        command = namespace.command(*command.format(directory=directory, device=IFACE).split())
        super().__init__(command, directory / "printed")

    def renew(self):
        """Makes half of the lease pass: udhcpc, whose minimum is a minute, does not notice the difference."""
        self._process.send_signal(signal.SIGUSR1)

    def events(self):
        """Returns the events so far, oldest first."""
        return [Event(*line.split("|")) for line in self._events.read_text().splitlines()]

    def wait_for(self, what, condition):
        """Returns the first event from here on, or the last one so far, that meets a condition."""
        first = max(0, len(self.events()) - 1)
        return wait_until(lambda: next(filter(condition, self.events()[first:]), None), what, timeout=15, interval=0.05)

    def wait_for_subnet(self, subnet):
        """Waits until the client has an address of a subnet."""
        return self.wait_for(
            f"an address of subnet {subnet}", lambda event: event.address and subnet_of(event.address) == subnet
        )


# What a resident client passes to its script: bound or BOUND, the address, the captive portal in hex digits.
Event = namedtuple("Event", "reason address portal")

# The address gets the widest prefix, so that the server is on-link wherever the client is placed.
_RESIDENT_SCRIPT = """#!/bin/sh
reason=${{reason:-$1}}
address=${{new_ip_address:-$ip}}
case $reason in
    bound | renew | BOUND | RENEW | REBIND | REBOOT)
        ip addr flush dev {device} scope global
        ip addr add $address/8 dev {device} ;;
    *)
        address=
        ip addr flush dev {device} scope global ;;
esac
echo "$reason|$address|$opt114" >>{events}
"""


def resident_udhcpc(namespace, directory):
    """A context manager: udhcpc, which requests the captive portal (option 114)."""
    return contextlib.closing(
        Resident(namespace, directory, "udhcpc -i {device} -f -t 5 -T 1 -A 1 -O 114 -s {directory}/script")
    )


def resident_dhclient(namespace, directory):
    """A context manager: dhclient, which renews when the server says."""
    (directory / "leases").touch()
    files = "-sf {directory}/script -cf /dev/null -lf {directory}/leases -pf {directory}/pid"
    return contextlib.closing(Resident(namespace, directory, f"dhclient -4 -d -v {files} {{device}}"))


def perfdhcp_ids(family, clients):
    """Returns the ids of perfdhcp's clients: hardware addresses that count up, or the DUIDs made of them."""
    base = _PERFDHCP_BASE.format(crowd=0)[:-5]
    prefix = base if family == 4 else _DUID_LL + base
    return [f"{prefix}{number >> 8:02x}:{number & 255:02x}" for number in range(clients)]


def perfdhcp(namespace, family, clients, rate=500, more="", crowd=0):
    """Runs a four-way exchange for each of many clients. Returns how many responses they received.

    Lost queries are not sent again. At the end it may start a few more exchanges, for the first clients again.
    Another crowd has other clients.
    """
    command = _perfdhcp(namespace, family, clients, rate, f"-n {clients} -d 10 {more}", crowd)
    some_lost = 3
    return _packets("received", run(*command, timeout=60, good=(0, some_lost)))


@contextlib.contextmanager
def perfdhcp_meanwhile(namespace, family, clients, rate, more=""):
    """Runs four-way exchanges for many clients, over and over, during a with statement.

    Yields a function that returns, afterwards, how many responses they received, or how many queries they "sent".
    """
    process = spawn(
        _perfdhcp(namespace, family, clients, rate, more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield lambda what="received": _packets(what, printed)
        process.send_signal(signal.SIGINT)
        printed, _ = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()


def _perfdhcp(namespace, family, clients, rate, more="", crowd=0):
    base = _PERFDHCP_BASE.format(crowd=crowd)
    options = f"-{family} -l {IFACE} -r {rate} -R {clients} -W 500000 -b mac={base} {more}"
    if family == 6:
        options += f" -b duid={(_DUID_LL + base).replace(':', '')}"
    return namespace.command("perfdhcp", *options.split())


def _packets(what, report):
    return sum(int(count) for count in re.findall(rf"^{what} packets: (\d+)", report, re.MULTILINE))


def _lease(env, **names):
    found = {field: env.get(name) for field, name in names.items()}
    return Lease(**{field: found.get(field) for field in Lease._fields})


def _run(namespace, directory, reason, command):
    """Runs a client until it ends with a lease. Returns the environment of its script for `reason`."""
    result, script = directory / "result", directory / "script"
    script.write_text(
        f'#!/bin/sh\n[ "${{reason:-$1}}" != {reason} ] || env -0 > {result}\n'  # udhcpc has an argument, not a variable
    )
    script.chmod(0o755)
    (directory / "leases").touch()
    # dhcpcd keeps its state in a place that no option changes.
    state = "for dir in /run /var/lib; do mount -t tmpfs none $dir || exit; done; mkdir /var/lib/dhcpcd"
    process = spawn(
        namespace.command(
            "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
            "sh", "-c", f"{state}; timeout 30 {command}",
        ),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    try:
        printed, _ = process.communicate(timeout=40)
    finally:
        process.kill()
        process.wait()
    assert result.exists(), f"'{command}' got no lease:\n{printed}"
    return dict(line.split("=", 1) for line in result.read_text().split("\0") if line)
