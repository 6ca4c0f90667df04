# SPDX-License-Identifier: MPL-2.0
"""A PostgreSQL server for tests, on a UNIX socket, and also in a namespace if a test wants that."""

import atexit
import contextlib
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


def as_user(*command):
    """Returns the command line that runs a command as the PostgreSQL user."""
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", *map(str, command)]


def make_folder(parent=None):
    """Creates a directory that the PostgreSQL user owns; by default in memory, since a cluster has a thousand files."""
    folder = tempfile.mkdtemp(prefix="uchk-pg-", dir=parent or "/run")
    shutil.chown(folder, USER, USER)
    os.chmod(folder, 0o755)
    return folder


def make_cluster(data):
    """Creates a database cluster, which takes some seconds of processor time."""
    run(*as_user(_BINARIES / "initdb", "--auth=trust", "--no-sync", "--wal-segsize=1", "-D", data), timeout=120)


@functools.cache
def _template():
    """Returns a cluster to copy."""
    folder = make_folder()
    atexit.register(shutil.rmtree, folder)
    make_cluster(f"{folder}/data")
    return f"{folder}/data"


class Postgres:
    """A context manager: a running server with an empty database."""

    def __init__(self, name, parent=None, namespace=None):
        """`parent` is the directory for its own directory of files, see make_folder().

        In a `namespace` it listens on 127.0.0.1.
        """
        self.name = name
        self._parent = parent
        self._namespace = namespace
        self._process = None

    def __enter__(self):
        self.home = make_folder(self._parent)
        self._make_data()
        self.start()
        self.psql("-c", f"CREATE DATABASE {self.name}", database="postgres")
        return self

    def __exit__(self, *_):
        if self._process is not None:
            self.signal(signal.SIGCONT)
            self.stop()  # with SIGTERM it would wait for servers that are connected
        shutil.rmtree(self.home)

    @property
    def _data(self):
        return f"{self.home}/data"

    def _make_data(self):
        run("cp", "-a", _template(), self._data)

    def start(self):
        listen = "listen_addresses=" + ("127.0.0.1" if self._namespace else "")
        command = as_user(_BINARIES / "postgres", "-D", self._data, "-k", self.home, "-c", listen, "-F")
        self._process = spawn(
            self._namespace.command(*command) if self._namespace else command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: os.path.exists(f"{self.home}/.s.PGSQL.5432") and self._is_ready(), "PostgreSQL", timeout=30)

    def stop(self):
        """Like SIGQUIT: all connections end at once, and the next start is a recovery."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(30)
        self._process = None

    def signal(self, number):
        """Sends a signal to all of its processes."""
        os.kill(self._process.pid, number)  # first, so that it does not start more children
        for pid in self._children():
            with contextlib.suppress(ProcessLookupError):
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
        return run(str(_BINARIES / "psql"), "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *where, *what)

    def run(self, statements):
        """Runs SQL statements. Returns what they print."""
        return self.psql("-c", statements)
