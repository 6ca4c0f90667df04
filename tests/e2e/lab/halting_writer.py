# SPDX-License-Identifier: MPL-2.0
"""Appends to a file in two writes, with a pause in between that lasts until someone has read the first part."""

import contextlib
import ctypes
import os
import select
import threading

_libc = ctypes.CDLL(None, use_errno=True)
_IN_CLOSE_NOWRITE = 0x10


@contextlib.contextmanager
def halting_writer(path, line, at):
    """A context manager: `line` is written up to `at` when it begins, and completed when it ends."""
    content = f"{line}\n".encode()
    watch = _libc.inotify_init1(os.O_CLOEXEC)
    try:
        _append(path, content[:at])
        assert _libc.inotify_add_watch(watch, os.fsencode(path), _IN_CLOSE_NOWRITE) >= 0, os.strerror(ctypes.get_errno())
        seen = []

        def finish():
            seen.extend(select.select([watch], [], [], 10)[0])
            _append(path, content[at:])

        thread = threading.Thread(target=finish)
        thread.start()
        try:
            yield
        finally:
            thread.join()
        assert seen, "nobody has read the first part"
    finally:
        os.close(watch)


def _append(path, content):
    with open(path, "ab", buffering=0) as file:
        file.write(content)
