# SPDX-License-Identifier: MPL-2.0
"""Runs kea-user-chk, the program, for a server."""

import json
import subprocess
from collections import namedtuple

# Its exit statuses.
DONE, FOUND, FAILED = 0, 1, 2

Done = namedtuple("Done", "status output errors")


class Program:
    """The program that was built with the library under test."""

    def __init__(self, hook):
        self.path = hook.resolve().parent / "kea-user-chk"

    def run(self, *arguments, given=None, inside=()):
        """Runs it with arguments; `inside` is a command prefix to run it elsewhere. Its output is UTF-8."""
        command = [*inside, self.path, *map(str, arguments)]
        done = subprocess.run(command, input=given, capture_output=True, encoding="utf-8", timeout=60, check=False)
        return Done(done.returncode, done.stdout, done.stderr)

    def call(self, server, name, *arguments, given=None):
        """Has it ask a server."""
        return self.run(name, "--socket", server.control_socket(), *arguments, given=given)

    def json(self, server, name, *arguments):
        """The same with --json. Returns its output, one value per line."""
        done = self.call(server, name, "--json", *arguments)
        return [json.loads(line) for line in done.output.splitlines()]
