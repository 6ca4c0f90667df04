# SPDX-License-Identifier: MPL-2.0
"""A Debian machine that is a folder: packages are installed in it, and Kea's servers run in it as systemd would run them."""

import re
import shlex
import shutil
from pathlib import Path

from lab.kea import Kea, as_service
from lab.process import run

# Where systemd makes the directories of a unit, by its settings.
_DIRECTORIES = {"RuntimeDirectory": "/run", "StateDirectory": "/var/lib", "LogsDirectory": "/var/log"}


class Machine:
    """`root` is the folder; "/" is the machine that runs the tests. Its interfaces are those of a namespace, if one is given."""

    def __init__(self, root, namespace=None):
        self.root = Path(root)
        self._namespace = namespace

    def path(self, inside):
        """Where the test finds what the machine has at a path."""
        return self.root / str(inside).lstrip("/")

    def command(self, *command):
        """The command line that runs a command on the machine."""
        command = ["chroot", str(self.root), *map(str, command)]
        return self._namespace.command(*command) if self._namespace else command

    def run(self, *command, good=(0,)):
        """Runs a command on the machine; returns what it prints."""
        return run(*self.command(*command), timeout=120, good=good)

    def version(self, package):
        """The version of a package that is installed, None when it is not."""
        told = self.run("dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Version}", package, good=(0, 1))
        status, _, version = told.partition(" ")
        return version if status == "installed" else None


class Layers:
    """Machines that begin as others were left, in folders below `home`."""

    def __init__(self, home):
        self._home = home
        self._machines = []

    def on(self, *below):
        """A machine upon the folders of others, the topmost first, which stay as they are."""
        place = self._home / str(len(self._machines))
        upper, work, root = (place / name for name in ("upper", "work", "root"))
        for folder in (upper, work, root):
            folder.mkdir(parents=True)
        folders = f"lowerdir={':'.join(map(str, below))},upperdir={upper},workdir={work}"
        run("mount", "-t", "overlay", "overlay", "-o", folders, str(root))
        run("mount", "-t", "proc", "proc", str(root / "proc"))
        run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(root / "run"))
        run("mount", "--bind", "/dev", str(root / "dev"))
        machine = Machine(root)
        machine.changes = upper
        self._machines.append(machine)
        return machine

    def close(self):
        while self._machines:
            run("umount", "--recursive", "--lazy", str(self._machines.pop().root))
        shutil.rmtree(self._home)


class InstalledKea(Kea):
    """The server of a machine, by its own configuration: user, directories and environment are those of Debian's unit."""

    def __init__(self, family, namespace, home, machine):
        super().__init__(family, Machine(machine.root, namespace), home)
        self._machine = machine
        self._unit = machine.path(f"/usr/lib/systemd/system/{self.daemon}-server.service").read_text(encoding="utf-8")

    def _set(self, name, default=None):
        found = re.search(rf"^{name}=(.*)$", self._unit, re.MULTILINE)
        return found[1] if found else default

    def launch(self):
        user = self._set("User")
        for setting, place in _DIRECTORIES.items():
            mode = self._set(f"{setting}Mode", "0755")
            for name in self._set(setting).split():
                self._machine.run("install", "-d", "-m", mode, "-o", user, "-g", user, f"{place}/{name}")
        super().launch()

    def environment(self):
        return dict(setting.split("=", 1) for setting in shlex.split(self._set("Environment")))

    def _as_user(self):
        capabilities = self._set("AmbientCapabilities").lower().split()
        return as_service(self._set("User"), [name.removeprefix("cap_") for name in capabilities])

    def config_file(self):
        return self._set("ExecStart").split()[-1]

    def control_socket(self):
        return str(self._machine.path(f"/run/kea/kea{self.family}-ctrl-socket"))

    def _log_files(self):
        """Wherever the configuration has the server log to, syslog apart."""
        return [self.home / "stdout", self._machine.path(f"/var/log/kea/{self.daemon}.log")]
