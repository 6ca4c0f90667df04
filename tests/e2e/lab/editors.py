# SPDX-License-Identifier: MPL-2.0
"""Programs that change a registry file besides the servers. Each is a process of its own; this module is the program."""

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from lab.enrollment import Span
from lab.process import spawn


def append(path, line):
    """Appends like `echo LINE >>FILE`."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND)
    os.write(file, line)
    os.close(file)


def move(path, line):
    """Edits a copy of the file, and renames it over the file."""
    with open(path, "rb") as file:
        content = file.read()
    with open(f"{path}.edited", "wb") as copy:
        copy.write(content + line)
    os.rename(f"{path}.edited", path)


@contextlib.contextmanager
def editing(change, path, lines, pause):
    """During a with statement, a process adds lines, one after another, with a pause in seconds after each.
    It is ready when the statement begins.

    `change` is append or move. Yields a function that waits for the end and returns the Span of each change.
    """
    process = spawn(
        [sys.executable, "-m", "lab.editors", change.__name__, str(path), str(pause)],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        process.stdin.writelines(f"{line}\n".encode() for line in lines)
        process.stdin.close()
        assert process.stdout.readline() == b"ready\n"

        def spans():
            printed = process.stdout.read()
            assert process.wait(timeout=30) == 0
            return [Span(*pair) for pair in json.loads(printed)]

        yield spans
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def main(change, path, pause):
    spans = []
    todo = sys.stdin.buffer.readlines()
    print("ready", flush=True)
    for line in todo:
        begin = time.monotonic()
        {"append": append, "move": move}[change](path, line)
        spans.append(Span(begin, time.monotonic()))
        time.sleep(float(pause))
    json.dump(spans, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
