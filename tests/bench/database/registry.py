# SPDX-License-Identifier: MPL-2.0
"""A registry in a PostgreSQL of the benchmark, its standby, and programs that change users."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import registries
from lab import postgres
from lab.process import run, spawn, stop

SCHEMA = Path(__file__).parents[3] / "data/pgsql/create.sql"

_BATCH = 100_000  # rows of a statement
_MINUTES = 10  # the most that a statement may take
_SCATTER = 0x9E3779B97F4A7C15  # multiplied by this odd number, no six-byte id is repeated
_NOTIFY = "PERFORM pg_notify('user_chk', '');"


class Registry(postgres.Postgres):
    """A context manager: the schema and users, who share a hundred boot files."""

    def __init__(self, users, scattered=False, notifies=True, cores=None):
        """The clients of perfdhcp are the first users, unless their ids are `scattered`. It runs on the `cores`."""
        super().__init__("registry")
        self.users = users
        self._scattered = scattered
        self._notifies = notifies
        self._cores = cores

    def __enter__(self):
        super().__enter__()
        self._make_schema()
        self.run("ALTER TABLE user_chk.users DISABLE TRIGGER z_insert")
        factor = _SCATTER if self._scattered else 1
        for first in range(0, self.users, _BATCH):
            last = min(first + _BATCH, self.users) - 1
            self._long(
                "INSERT INTO user_chk.users (type, id, attributes)"
                f" SELECT 'HW_ADDR', {_id(f'n * {factor}')}, {_boot_file('n')} FROM generate_series({first}, {last}) n"
            )
        self.run("ALTER TABLE user_chk.users ENABLE ALWAYS TRIGGER z_insert")
        self._long("VACUUM FREEZE ANALYZE user_chk.users")
        return self

    def _make_schema(self):
        text = SCHEMA.read_text(encoding="utf-8")
        assert _NOTIFY in text
        with tempfile.NamedTemporaryFile("w", suffix=".sql", dir=self.home) as script:
            script.write(text if self._notifies else text.replace(_NOTIFY, ""))
            script.flush()
            self.psql("-f", script.name)

    def _long(self, statement):
        run("psql", "-q", "-h", self.home, "-U", postgres.USER, "-d", self.name, "-c", statement, timeout=60 * _MINUTES)

    def start(self):
        super().start()
        if self._cores:
            for pid in [self._process.pid, *self._children()]:
                os.sched_setaffinity(pid, self._cores)

    @property
    def where(self):
        """The connection parameters for a program."""
        return [self.home, self.name]

    def parameter(self, *others):
        """The parameter registry-database; `others` are the hosts to try after this one."""
        hosts = ",".join(registry.home for registry in (self, *others))
        return {"type": "postgresql", "name": self.name, "host": hosts, "user": postgres.USER}

    @contextlib.contextmanager
    def changing(self, rate):
        """Meanwhile changes the boot file of so many users a second, each in a transaction of its own."""
        script = Path(self.home) / "change.sql"
        script.write_text(
            f"\\set n random(0, {self.users - 1})\n"
            f"UPDATE user_chk.users SET attributes = {_boot_file('(random() * 1000000)::int')}"
            f" WHERE type = 'HW_ADDR' AND id = {_id(':n')};\n",
            encoding="ascii",
        )
        command = ["pgbench", "-n", "-h", self.home, "-U", postgres.USER, "-f", str(script), "-R", str(rate), "-T", "86400"]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        cores = ["taskset", "--cpu-list", ",".join(map(str, self._cores))] if self._cores else []
        process = spawn([*cores, *command, self.name], **quiet)
        try:
            yield
            assert process.poll() is None, "pgbench has ended"
        finally:
            stop(process)

    def newest(self):
        """Returns how often the log of changes was written."""
        return int(self.run("SELECT max(seq) FROM user_chk.changes"))


class Standby(postgres.Postgres):
    """A context manager: follows another server, until it is promoted."""

    def __init__(self, primary):
        super().__init__(primary.name)
        self._primary = primary

    def __enter__(self):
        self.home = tempfile.mkdtemp(prefix="uchk-pg-")
        shutil.chown(self.home, postgres.USER, postgres.USER)
        os.chmod(self.home, 0o755)
        copy = ["pg_basebackup", "-R", "--no-sync", "-c", "fast", "-h", self._primary.home, "-U", postgres.USER]
        run(*self._as_user(*copy, "-D", self._data), timeout=60 * _MINUTES)
        self.start()
        return self

    def promote(self):
        self.run("SELECT pg_promote()")


class Psql:
    """A context manager: a psql session that takes statements."""

    def __init__(self, registry):
        self._command = ["psql", "-q", "-h", registry.home, "-U", postgres.USER, "-d", registry.name]

    def __enter__(self):
        self._process = spawn(self._command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(30)

    def type(self, statement):
        self._process.stdin.write(statement + ";\n")
        self._process.stdin.flush()


def give_boot_file(number, name):
    """Returns the statement that gives the client with this number another boot file."""
    return (
        f"UPDATE user_chk.users SET attributes = jsonb_build_object('bootfile', '{name}')"
        f" WHERE type = 'HW_ADDR' AND id = {_id(number)}"
    )


def _id(number):
    """Returns the id of the client with this number, in SQL."""
    first = int(registries.client_id(4, 0).replace(":", ""), 16)
    return f"decode(lpad(to_hex((({number} + {first}::numeric) % 281474976710656)::bigint), 12, '0'), 'hex')"


def _boot_file(number):
    return f"jsonb_build_object('bootfile', '/boot/image-' || {number} % 100 || '.img')"
