# SPDX-License-Identifier: MPL-2.0
"""PostgreSQL of the test's own, on a UNIX socket, and where a test wants that in a namespace too."""

import atexit
import functools
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from lab.process import run, spawn, wait_until

_BINARIES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)

USER = "postgres"


def is_there():
    """Whether this machine has it."""
    return _BINARIES is not None


def _as_user(*command):
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", *map(str, command)]


def _directory(parent=None):
    """A folder of the user that PostgreSQL runs as, where all may look for its socket."""
    path = tempfile.mkdtemp(prefix="uchk-pg-", dir=parent)
    shutil.chown(path, USER, USER)
    os.chmod(path, 0o755)
    return path


@functools.cache
def _initialized():
    """A data directory that was just made, for all servers of this process."""
    path = _directory()
    atexit.register(shutil.rmtree, path)
    run(*_as_user(_BINARIES / "initdb", "--auth=trust", "--no-sync", "-D", f"{path}/data"))
    return f"{path}/data"


class Postgres:
    """For a with statement: a server that runs, with an empty database."""

    def __init__(self, name, parent=None, namespace=None):
        """`parent` is the folder where its files lie in one of their own; the system's for such things by default.

        In a `namespace` it listens at 127.0.0.1.
        """
        self.name = name
        self._parent = parent
        self._namespace = namespace
        self._process = None

    def __enter__(self):
        self.home = _directory(self._parent)
        run("cp", "-a", _initialized(), self._data)
        self.start()
        self.psql("-c", f"CREATE DATABASE {self.name}", database="postgres")
        return self

    def __exit__(self, *_):
        if self._process is not None:
            self.signal(signal.SIGCONT)
            self.stop()  # by SIGTERM it would wait for servers that are connected
        shutil.rmtree(self.home)

    @property
    def _data(self):
        return f"{self.home}/data"

    def start(self):
        listen = "listen_addresses=" + ("127.0.0.1" if self._namespace else "")
        command = _as_user(_BINARIES / "postgres", "-D", self._data, "-k", self.home, "-c", listen, "-F")
        self._process = spawn(
            self._namespace.command(*command) if self._namespace else command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: os.path.exists(f"{self.home}/.s.PGSQL.5432") and self._is_ready(), "PostgreSQL", timeout=30)

    def stop(self):
        """As by SIGQUIT: all connections end at once, and the next start is a recovery."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(30)
        self._process = None

    def signal(self, number):
        """Sends a signal to all of its processes."""
        for pid in [*self._children(), self._process.pid]:
            os.kill(pid, number)

    def _children(self):
        path = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return map(int, path.read_text().split())

    def _is_ready(self):
        asked = subprocess.run([_BINARIES / "pg_isready", "-q", "-h", self.home], check=False)
        return asked.returncode == 0

    def psql(self, *what, database=None):
        """Runs psql; -c and a statement, or -f and a file."""
        where = ["-h", self.home, "-U", USER, "-d", database or self.name]
        return run("psql", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *where, *what)

    def run(self, statements):
        """Runs statements of SQL; what they print."""
        return self.psql("-c", statements)
