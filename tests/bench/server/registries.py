# SPDX-License-Identifier: MPL-2.0
"""Registry files in which perfdhcp's clients are the first users."""

_FIRST_MAC = 0x000C01020304  # of perfdhcp's clients, which count up
_DUID_LL = "00:03:00:01:"

_TYPE = {4: "HW_ADDR", 6: "DUID"}
_BOOTFILES = 100


def client_id(family, number):
    """The id of the client of that number, as the registry writes it."""
    mac = ":".join(f"{byte:02x}" for byte in (_FIRST_MAC + number).to_bytes(6, "big"))
    return mac if family == 4 else _DUID_LL + mac


def write(path, family, users, attributes=False):
    """A registry of `users` clients; with attributes each has a boot file, one of a hundred."""
    with open(path, "w", encoding="ascii") as file:
        file.writelines(_line(family, number, attributes) for number in range(users))


def _line(family, number, attributes):
    more = f', "bootfile" : "/boot/image-{number % _BOOTFILES}.img"' if attributes else ""
    return f'{{ "type" : "{_TYPE[family]}", "id" : "{client_id(family, number)}"{more} }}\n'
