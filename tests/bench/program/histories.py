# SPDX-License-Identifier: MPL-2.0
"""Creates outcome files of any length: clients of both protocols that renew, in chronological order."""

import itertools
from collections import namedtuple
from datetime import datetime, timedelta, timezone

# A leased address of each protocol, and the client of the first one.
Known = namedtuple("Known", "address4 address6 client")

CLIENTS = 200_000
START = datetime(2026, 1, 1, tzinfo=timezone.utc)


def _record4(number):
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return (
        f'"server": "kea-dhcp4", "message": "ack", "transaction-id": "0x{number:x}", "id-type": "HW_ADDR", '
        f'"id": "02:aa:00:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}", "hw-type": 1, '
        f'"address": "{address}", "valid-lifetime": 3600, "subnet-id": 1, "registered": true, "interface": "eth0", '
        f'"hostname": "host-{number}"'
    )


def _record6(number):
    lease = f'"prefix": "2001:db8:{number & 0xFFFF:x}:{number >> 16}00::/56"'
    if number % 4:
        lease = f'"address": "2001:db8::{(number >> 16) + 1:x}:{number & 0xFFFF:x}"'
    return (
        f'"server": "kea-dhcp6", "message": "reply", "transaction-id": "0x{number:x}", "id-type": "DUID", '
        f'"id": "00:03:00:01:02:bb:00:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}", {lease}, '
        f'"valid-lifetime": 3600, "subnet-id": 1, "registered": false, "interface": "eth0"'
    )


def write(path, records):
    """Writes so many records. Returns what is among them."""
    rest = [(_record4 if number % 2 else _record6)(number) for number in range(CLIENTS)]
    with open(path, "w", encoding="ascii") as file:
        moments = (START + timedelta(milliseconds=10 * at) for at in itertools.count())
        for moment, at in zip(moments, range(records)):
            time = moment.isoformat(timespec="milliseconds")[:23]
            file.write(f'{{ "time": "{time}Z", {rest[at * 7919 % CLIENTS]} }}\n')
    return Known("10.0.0.7", "2001:db8::1:6", "02:aa:00:00:00:07")
