# SPDX-License-Identifier: MPL-2.0
"""Runs kea-user-chk, the program, for a server."""

import json
import subprocess
from collections import namedtuple

# How it ends.
DONE, FOUND, FAILED = 0, 1, 2

Done = namedtuple("Done", "status output errors")


class Program:
    """The program beside the library that is tested."""

    def __init__(self, hook):
        self.path = hook.resolve().parent / "kea-user-chk"

    def run(self, *arguments, given=None, inside=()):
        """Runs it with arguments; `inside` is what runs a command elsewhere. What it prints is UTF-8."""
        command = [*inside, self.path, *map(str, arguments)]
        done = subprocess.run(command, input=given, capture_output=True, encoding="utf-8", timeout=60, check=False)
        return Done(done.returncode, done.stdout, done.stderr)

    def call(self, server, name, *arguments, given=None):
        """Has it ask a server."""
        return self.run(name, "--socket", server.control_socket(), *arguments, given=given)

    def json(self, server, name, *arguments):
        """The same with --json: what it prints, one value a line."""
        done = self.call(server, name, "--json", *arguments)
        return [json.loads(line) for line in done.output.splitlines()]
