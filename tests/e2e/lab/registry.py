# SPDX-License-Identifier: MPL-2.0
"""Writes registry files in the ways that operators do: in place, appended, renamed over, removed."""

import json
import os


def hw_addr(identifier, **attributes):
    """Returns a registry line for a hardware address."""
    return json.dumps({"type": "HW_ADDR", "id": identifier, **attributes})


def duid(identifier, **attributes):
    """Returns a registry line for a DUID."""
    return json.dumps({"type": "DUID", "id": identifier, **attributes})


def record(kind, identifier, **attributes):
    """Returns a registry line for an identifier of another type, given as bytes."""
    return json.dumps({"type": kind, "id": identifier.hex(":"), **attributes})


def prefix(kind, identifier, **attributes):
    """Returns a registry line for all identifiers of a type that begin with these bytes."""
    return json.dumps({"type": kind, "id": f"{identifier.hex(':')}:*", **attributes})


class Registry:
    """A registry file."""

    def __init__(self, path):
        self.path = path

    def write(self, *lines):
        """Rewrites the whole file in place: same file, other content."""
        self.write_bytes("".join(f"{line}\n" for line in lines).encode())

    def write_bytes(self, content):
        self.path.write_bytes(content)

    def append(self, *lines):
        with open(self.path, "a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)

    def replace(self, *lines):
        """Replaces the file by another one in one step, as editors and configuration management do."""
        aside = self.path.with_suffix(".new")
        aside.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        os.replace(aside, self.path)

    def delete(self):
        self.path.unlink()
