# SPDX-License-Identifier: MPL-2.0
"""A registry in a database: a PostgreSQL server for tests with the library's schema."""

from lab import postgres
from lab.sample import DATA

SCHEMA = DATA / "pgsql/create.sql"


class Registry(postgres.Postgres):
    """A context manager: the database with the library's schema."""

    def __init__(self, name="registry", **how):
        super().__init__(name, **how)

    def __enter__(self):
        super().__enter__()
        self.psql("-f", str(SCHEMA))
        self.run("CREATE ROLE kea_server LOGIN IN ROLE user_chk_reader")
        return self

    def add(self, client, **attributes):
        """Registers a client and returns it."""
        kind = "HW_ADDR" if len(client.id) == len("00:00:00:00:00:00") else "DUID"
        values = "".join(f", '{name}', '{value}'" for name, value in attributes.items()).removeprefix(", ")
        self.run(
            "INSERT INTO user_chk.users (type, id, attributes)"
            f" VALUES ('{kind}', decode('{client.id.replace(':', '')}', 'hex'), jsonb_build_object({values}))"
            " ON CONFLICT (type, id, server_tag) DO UPDATE SET attributes = excluded.attributes"
        )
        return client

    def remove(self, client):
        self.run(f"DELETE FROM user_chk.users WHERE id = decode('{client.id.replace(':', '')}', 'hex')")

    def keeps_registry_of(self, world):
        """Makes a server that is not running yet keep its registry here, with its own copy. Returns that copy's path."""
        copy = world.server.home / "copy.txt"
        parameters = world.hook["parameters"]
        del parameters["registry-file"]
        parameters["registry-copy"] = str(copy)
        parameters["registry-database"] = {
            "type": "postgresql",
            "name": self.name,
            "host": self.home,
            "user": "kea_server",
            "password": "secret",
            "reconnect-wait-time": 100,
        }
        return copy
