# SPDX-License-Identifier: MPL-2.0
"""A configuration backend of Kea: PostgreSQL of the test's own, on a UNIX socket."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from lab.kea import release
from lab.process import run, spawn, stop, wait_until

_BINARIES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
_HOOKS = next(Path("/usr/lib").glob("*/kea/hooks"))
_LIBRARY = _HOOKS / ("libdhcp_pgsql.so" if release() >= (2, 7) else "libdhcp_pgsql_cb.so")
_SCHEMA = "/usr/share/kea/scripts/pgsql/dhcpdb_create.pgsql"
_USER, _NAME = "postgres", "kea"

# Kea's number of an option's type in its schema.
_STRING = 14


def is_there():
    """Whether this machine has what it takes."""
    return _BINARIES is not None and _LIBRARY.exists()


class Backend:
    """For a with statement: the database with Kea's schema, without any configuration in it."""

    def __init__(self):
        self._changes = 0

    def __enter__(self):
        self._home = tempfile.mkdtemp(prefix="uchk-pg-")
        shutil.chown(self._home, _USER, _USER)
        os.chmod(self._home, 0o755)
        data = f"{self._home}/data"
        run(*self._as_user(_BINARIES / "initdb", "--auth=trust", "--no-sync", "-D", data))
        self._process = spawn(
            self._as_user(_BINARIES / "postgres", "-D", data, "-k", self._home, "-c", "listen_addresses=", "-F"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: os.path.exists(f"{self._home}/.s.PGSQL.5432") and self._is_ready(), "PostgreSQL", timeout=30)
        self._psql("postgres", "-c", f"CREATE DATABASE {_NAME}")
        self._psql(_NAME, "-f", _SCHEMA)
        return self

    def __exit__(self, *_):
        stop(self._process)
        shutil.rmtree(self._home)

    @staticmethod
    def _as_user(*command):
        return ["setpriv", f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups", *map(str, command)]

    def _is_ready(self):
        asked = subprocess.run([_BINARIES / "pg_isready", "-q", "-h", self._home], check=False)
        return asked.returncode == 0

    def _psql(self, database, *what):
        return run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-h", self._home, "-U", _USER, "-d", database, *what)

    def serve(self, world):
        """Lets a server, which is not yet running, take its configuration from here too, looking each second."""
        database = {"type": "postgresql", "name": _NAME, "user": _USER, "host": self._home}
        world.config["config-control"] = {"config-databases": [database], "config-fetch-wait-time": 1}
        world.hooks.append({"library": world.server.install(_LIBRARY)})

    def define_option(self, family, name, code):
        """Defines an option of the protocol's own space that holds a text.

        Kea tells changes apart by whole seconds: each is dated two seconds behind the one before.
        """
        table = f"dhcp{family}_option_def"
        self._changes += 1
        date = f"now() + interval '{2 * self._changes} seconds'"
        self._psql(
            _NAME,
            "-c",
            f"BEGIN; SELECT createAuditRevisionDHCP{family}({date}, 'all', 'a test', false);"
            f" INSERT INTO {table} (code, name, space, type, is_array, encapsulate, modification_ts)"
            f" VALUES ({code}, '{name}', 'dhcp{family}', {_STRING}, false, '', {date});"
            f" INSERT INTO {table}_server (option_def_id, server_id) SELECT id, 1 FROM {table} WHERE code = {code};"
            " COMMIT;",
        )
