# SPDX-License-Identifier: MPL-2.0
"""Runs a server under ThreadSanitizer, and separates reports on a hook library from those on Kea.

Only the hook libraries are built with the sanitizer, Debian's server is not. The sanitizer sees all threads and locks,
but it sees memory only when a hook library accesses it, or when it is allocated or freed. So it does not see Kea's
reference counting of a packet. When one thread has used a packet and another frees it as the last owner, it reports a
race. Therefore a race counts only when the library itself, not Kea, accesses the memory on both sides.
"""

import os
import re
import signal
from collections import namedtuple
from pathlib import Path

from lab.process import run, wait_until

Frame = namedtuple("Frame", "function module")

_FRAME = re.compile(r"^ +#\d+ (?P<function>.*) \((?P<module>[^()\s]+)\+0x[0-9a-f]+\)", re.MULTILINE)
_ACCESS = re.compile(r"^ .*\b(read|write) of size ", re.IGNORECASE)

# Functions that access memory on behalf of their callers.
_RUNTIME = re.compile(r"lib(tsan|stdc\+\+|gcc_s|c|m|simdjson)\.so")

# How Kea frees what a library has created: options of a response, the context of a query.
_FREES = re.compile(r"(^|::)(~\w+|destroy|dispose|_M_destroy|_M_dispose)(\(| |$)")


def runtime(library):
    """Returns the name of the sanitizer's runtime, if the library was built with it, otherwise None."""
    match = re.search(rb"\0(libtsan\.so\.\d+)\0", library.read_bytes())
    return match[1].decode() if match else None


class Stack:
    """A part of a report: what its stack belongs to, and its frames, innermost first."""

    def __init__(self, text):
        self.title, _, body = text.partition("\n")
        self.frames = [Frame(**match.groupdict()) for match in _FRAME.finditer(body)]
        self.is_access = bool(_ACCESS.match(self.title))

    def is_of(self, library):
        """True when this library does it itself, rather than Kea through the library's code."""
        doer = next((frame for frame in self.frames if not _RUNTIME.match(frame.module)), None)
        if doer is None or doer.module != library:
            return False
        entry = [frame for frame in self.frames if frame.module == library][-1]
        return not _FREES.search(entry.function)


class Report:
    """A report of the sanitizer."""

    def __init__(self, text):
        self.text = text.strip()
        stacks = [Stack(part) for part in re.split(r"\n\n+", self.text.partition("\n")[2])]
        self._accesses = [stack for stack in stacks if stack.is_access]
        self._others = [stack for stack in stacks if not stack.title.startswith("  Thread ")]

    def is_on(self, library):
        """True when it concerns this library: all accesses of a race, any stack of another report."""
        if self._accesses:
            return all(stack.is_of(library) for stack in self._accesses)
        return any(stack.is_of(library) for stack in self._others)


class Watch:
    """Makes a server, which is not yet running, run under the sanitizer, for which its library `hook` was built."""

    def __init__(self, server, hook):
        self._server = server
        self._hook = os.path.basename(hook)
        self._log = server.home / "races"
        options = f"log_path={self._log}:halt_on_error=0:history_size=7"
        # The sanitizer's shadow memory needs addresses that randomization may have used for something else.
        server.inside = f"setarch --addr-no-randomize env LD_PRELOAD={runtime(hook)} TSAN_OPTIONS={options}"

    def end(self):
        """Stops the server, after it has unloaded the library: on Debian 12 the runtime hangs in exit(3)."""
        os.kill(self._server.pid, signal.SIGTERM)
        wait_until(lambda: not self._is_loaded(), f"{self._server.daemon} to unload the library")
        self._server.kill()

    def _is_loaded(self):
        """True while its code is mapped; for its reports, the runtime maps other parts of the file."""
        maps = Path(f"/proc/{self._server.pid}/maps").read_text().splitlines()
        return any(" r-xp " in line and line.endswith(f"/{self._hook}") for line in maps)

    def reports(self, library):
        """Returns the texts of the reports on a library."""
        text = "".join(path.read_text(errors="replace") for path in self._log.parent.glob(f"{self._log.name}.*"))
        text = _with_names(text, library)
        reports = [Report(part) for part in re.split(r"^=+$", text, flags=re.MULTILINE) if part.strip()]
        return [report.text for report in reports if report.is_on(os.path.basename(library))]


def _with_names(text, library):
    """Resolves functions of a library that the runtime no longer knows, since it was reloaded at another address."""
    unnamed = re.compile(rf"<null> <null> \({re.escape(os.path.basename(library))}\+(0x[0-9a-f]+)\)")
    offsets = set(unnamed.findall(text))
    if not offsets:
        return text
    found = run("addr2line", "--addresses", "--demangle", "--functions", "--inlines", "--exe", str(library), *offsets)
    # For each address the functions that are inlined there, innermost first, each with its location.
    names = {}
    for part in re.split(r"^(?=0x)", found, flags=re.MULTILINE)[1:]:
        address, *lines = part.splitlines()
        names[int(address, 16)] = lines[-2]
    return unnamed.sub(lambda match: match[0].replace("<null>", names[int(match[1], 16)], 1), text)
