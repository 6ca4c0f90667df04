# SPDX-License-Identifier: MPL-2.0
"""A Kea configuration backend, in PostgreSQL."""

from pathlib import Path

from lab import postgres
from lab.kea import release

_HOOKS = next(Path("/usr/lib").glob("*/kea/hooks"))
_LIBRARY = _HOOKS / ("libdhcp_pgsql.so" if release() >= (2, 7) else "libdhcp_pgsql_cb.so")
_SCHEMA = "/usr/share/kea/scripts/pgsql/dhcpdb_create.pgsql"

# Kea's number for an option type in its schema.
_STRING = 14


def is_there():
    """Whether this machine has what it needs."""
    return postgres.is_there() and _LIBRARY.exists()


class Backend(postgres.Postgres):
    """A context manager: the database with Kea's schema, without any configuration."""

    def __init__(self):
        super().__init__("kea")
        self._changes = 0

    def __enter__(self):
        super().__enter__()
        self.psql("-f", _SCHEMA)
        return self

    def serve(self, world):
        """Makes a server, which is not yet running, also take its configuration from here, polling every second."""
        database = {"type": "postgresql", "name": self.name, "user": postgres.USER, "host": self.home}
        world.config["config-control"] = {"config-databases": [database], "config-fetch-wait-time": 1}
        world.hooks.append({"library": world.server.install(_LIBRARY)})

    def define_option(self, family, name, code):
        """Defines an option of the protocol's own space that holds a text.

        Kea distinguishes changes by whole seconds: each is dated two seconds after the one before.
        """
        table = f"dhcp{family}_option_def"
        self._changes += 1
        date = f"now() + interval '{2 * self._changes} seconds'"
        self.run(
            f"BEGIN; SELECT createAuditRevisionDHCP{family}({date}, 'all', 'a test', false);"
            f" INSERT INTO {table} (code, name, space, type, is_array, encapsulate, modification_ts)"
            f" VALUES ({code}, '{name}', 'dhcp{family}', {_STRING}, false, '', {date});"
            f" INSERT INTO {table}_server (option_def_id, server_id) SELECT id, 1 FROM {table} WHERE code = {code};"
            " COMMIT;",
        )
