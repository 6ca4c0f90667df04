# SPDX-License-Identifier: MPL-2.0
"""Attributes with effects: what the tests read from responses, and how a server must reject bad ones."""

import ipaddress
import struct
from collections import namedtuple
from datetime import datetime, timezone

from lab.config import NORMAL, RESTRICTED, place
from lab.dhcp6 import IA_NA, IA_PD, IAADDR, IAPREFIX, read_options
from lab.net import IFACE

# An option of each protocol that holds any text and has no effect here: the TZDB time zone.
MARK = {4: 101, 6: 42}

Timers4 = namedtuple("Timers4", "valid t1 t2")
Timers6 = namedtuple("Timers6", "valid preferred t1 t2")


def mark(world, text):
    """Returns the attribute that marks the responses of a user."""
    return {f"option.{MARK[world.family]}": text}


def mark_of(world, response):
    """Returns the mark in a response, None for none."""
    return response.text(MARK[world.family])


def address(family, number):
    """Returns an address for an option's value; nobody has it."""
    return f"10.0.0.{number}" if family == 4 else f"2001:db8::{number}"


def packed(*addresses):
    """Returns addresses as options carry them."""
    return b"".join(ipaddress.ip_address(text).packed for text in addresses)


def lay_out_options(site, **options):
    """Prepares a configuration with these options, and some definitions; the server does not get it yet."""
    site.lay_out([place(site.family, NORMAL, interface=IFACE), place(site.family, RESTRICTED)])
    del site.config["option-data"]
    site.config |= {name.replace("_", "-"): value for name, value in options.items()}


def offer_options(site, **options):
    """Makes a server send these options, and know these definitions."""
    lay_out_options(site, **options)
    site.configure()
    site.server.reload()


def rfc3339(moment):
    """Returns a time, in seconds since the epoch, as registries have it."""
    return datetime.fromtimestamp(moment, timezone.utc).isoformat()


def timers4(response):
    """Returns how long a lease lasts, and when to renew and rebind; None for what the response does not say."""
    return Timers4(*(_number(response.options.get(code)) for code in (51, 58, 59)))


def _number(data):
    return None if data is None else int.from_bytes(data, "big")


def timers6(response):
    """The same for each address and prefix, with T1 and T2 of its IA."""
    timers = []
    for code, ia in response.raw_options:
        if code not in (IA_NA, IA_PD):
            continue
        t1, t2 = struct.unpack_from("!II", ia, 4)
        for inner, data in read_options(ia[12:]):
            if inner in (IAADDR, IAPREFIX):
                preferred, valid = struct.unpack_from("!II", data, 16 if inner == IAADDR else 0)
                timers.append(Timers6(valid, preferred, t1, t2))
    return timers


def refusal_at_start(world, *lines):
    """Returns the error of a server, which is not yet running, for a registry of these lines, which it must reject."""
    world.registry.write(*lines)
    world.configure()
    (error,) = [line for line in world.server.start_refused() if line.id == "USER_CHK_HOOK_LOAD_ERROR"]
    assert error.level == "ERROR"
    return error.text


def refusal_of(world, **attributes):
    """Returns the error of a running server for an added user that it must reject: the last good registry stays in force."""
    known, stranger = world.enroll(world.client()), world.client()
    assert world.offered_subnet(known) == NORMAL
    world.enroll(stranger, **attributes)
    for _ in range(2):
        assert [world.offered_subnet(client) for client in (known, stranger)] == [NORMAL, RESTRICTED]
    (warning,) = world.log("USER_CHK_REGISTRY_LOAD_FAILED")
    assert warning.level == "WARN"
    _, reason = warning.text.split(f"{world.registry.path}:2: ")
    return reason
