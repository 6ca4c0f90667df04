# SPDX-License-Identifier: MPL-2.0
"""Registry files in which perfdhcp's clients are the first users."""

_FIRST_MAC = 0x000C01020304  # the first of perfdhcp's clients, which count up
_DUID_LL = "00:03:00:01:"

_TYPE = {4: "HW_ADDR", 6: "DUID"}
_BOOTFILES = 100

# What users may have besides their ids; a number selects one of the boot files.
PLAIN = ""
BOOT = ', "bootfile" : "/boot/image-{}.img"'
POLICY = (
    ', "client-classes" : "staff, printers", "expires" : "2099-12-31T23:59:59Z", "next-server" : "10.0.0.1"'
    ', "option.ntp-servers" : "10.0.0.2, 10.0.0.3", "option.vendor-4491.2" : "10.0.0.4"'
)


def client_id(family, number):
    """Returns the id of the client with this number, as in the registry."""
    mac = ":".join(f"{byte:02x}" for byte in (_FIRST_MAC + number).to_bytes(6, "big"))
    return mac if family == 4 else _DUID_LL + mac


def write(path, family, users, attributes=PLAIN):
    """Writes a registry of `users` clients with these attributes."""
    with open(path, "w", encoding="ascii") as file:
        file.writelines(_line(family, number, attributes) for number in range(users))


def append(path, family, number):
    """Appends a client to a registry."""
    with open(path, "a", encoding="ascii") as file:
        file.write(_line(family, number, PLAIN))


def _line(family, number, attributes):
    more = attributes.format(number % _BOOTFILES)
    return f'{{ "type" : "{_TYPE[family]}", "id" : "{client_id(family, number)}"{more} }}\n'
