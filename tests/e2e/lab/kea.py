# SPDX-License-Identifier: MPL-2.0
"""Runs one real kea-dhcp4 or kea-dhcp6 in a namespace, with its own directories."""

import csv
import functools
import json
import os
import re
import shutil
import socket
import subprocess
from collections import namedtuple
from pathlib import Path

from lab.process import spawn, stop, wait_until

LogLine = namedtuple("LogLine", "level logger id text")

_LOG_LINE = re.compile(r"^\S+ \S+ (\w+) +\[([\w.-]+)/\S+\] (\w+) ?(.*)$")


@functools.cache
def release():
    """Returns the version of the installed Kea, as a tuple."""
    version = subprocess.run(["kea-dhcp4", "-v"], capture_output=True, text=True, check=True).stdout
    return tuple(int(number) for number in re.match(r"(\d+)\.(\d+)\.(\d+)", version).groups())


def shipped(name):
    """Returns the path of a hook library in Kea's packages."""
    (path,) = Path("/usr/lib").glob(f"*/kea/hooks/{name}")
    return path


def parse_log(text):
    """Returns the messages of a log; continuation lines are part of their message."""
    lines = []
    for line in text.splitlines():
        match = _LOG_LINE.match(line)
        if match:
            lines.append(LogLine(*match.groups()))
        elif lines:
            lines[-1] = lines[-1]._replace(text=f"{lines[-1].text}\n{line}")
    return lines


# kea-dhcp4's error for a frame that is not an IPv4 packet, such as ARP.
_FOREIGN_FRAME = "length of the IP header must not be lower than 5 words"


def errors(lines):
    """Returns the errors among messages, without those about frames that are not for the server.

    Until kea-dhcp4 has set its filter, its raw socket receives all frames of all interfaces. Each frame that arrives in
    this moment of a start or a reconfiguration causes a receive error.
    """
    return [line for line in lines if line.level in ("ERROR", "FATAL") and _FOREIGN_FRAME not in line.text]


def as_service(user, capabilities=("net_bind_service", "net_raw")):
    """The command that runs a server as a user, with what Debian's services let that do."""
    capabilities = ",".join(["-all", *(f"+{name}" for name in capabilities)])
    return (
        f"setpriv --reuid {user} --regid {user} --clear-groups --pdeathsig KILL"
        f" --inh-caps={capabilities} --ambient-caps={capabilities}"
    )


class Kea:
    """A server. `home` has its files; `seen_as` is where `mounts` show them to the server, if elsewhere.

    `logs` is the directory of its log file, by default `home`. Since Kea 2.6.3 all files that the configuration names and
    the server writes are in or below one of the two.
    """

    def __init__(self, family, namespace, home, seen_as=None, mounts=(), logs=None):
        self.family = family
        self.daemon = f"kea-dhcp{family}"
        self.home = home
        self.seen_as = seen_as or home
        self._log_file = (logs or home) / f"{home.name}.log"
        self._namespace = namespace
        # Commands for the server's own mount namespace; their mounts go away with it.
        self.mounts = list(mounts)
        self.quiet = False  # True: the log has nothing of each query
        self.options = ""  # of its command line
        self.inside = ""  # a command that runs the server, such as "setarch --addr-no-randomize"
        self.user = None  # the user to run as, with the privileges of Debian's services; None: root
        self.beside = None  # another running server, whose mounts it sees and adds its own to
        self.http_port = None  # of a control socket that speaks HTTP, since Kea 3.0; on loopback
        self._process = None
        self._log_before = 0
        home.mkdir(mode=0o750, parents=True, exist_ok=True)
        home.chmod(0o750)  # Kea 2.6 requires exactly this for its socket's directory

    @property
    def pid(self):
        return self._process.pid

    def install(self, library):
        """Puts a hook library where the server may load it from. Returns the path for the configuration."""
        place = self.home / os.path.basename(library)
        place.unlink(missing_ok=True)
        try:
            os.link(library, place)  # libraries are large, and servers many
        except OSError:  # on another file system
            shutil.copy(library, place)
        return str(self.seen_as / os.path.basename(library))

    def configure(self, config):
        """Writes the configuration, with logging and control socket added."""
        root = f"Dhcp{self.family}"
        logger = {
            "name": self.daemon,
            "severity": "WARN" if self.quiet else "INFO",
            "output_options": [{"output": self.seen(self._log_file), "flush": True, "maxsize": 0}],
        }
        ours = {**logger, "name": f"{self.daemon}.user_chk"}
        ours.update({"severity": "INFO"} if self.quiet else {"severity": "DEBUG", "debuglevel": 99})
        config = {
            **config,
            **self._control_sockets(),
            "loggers": [logger, ours],
        }
        (self.home / "conf").write_text(json.dumps({root: config}, indent=1))

    def _control_sockets(self):
        unix = {"socket-type": "unix", "socket-name": str(self.seen_as / "ctl")}
        if self.http_port is None:
            return {"control-socket": unix}
        http = {"socket-type": "http", "socket-address": "127.0.0.1", "socket-port": self.http_port}
        return {"control-sockets": [unix, http]}

    def start(self):
        """Starts the server and waits until it serves. Raises AssertionError with the log when it does not."""
        self.launch()
        wait_until(self._started_or_dead, f"{self.daemon} to start", timeout=30)
        assert self._process.poll() is None, f"{self.daemon} did not start:\n{self.log_text()}\n{self.stdout_text()}"
        return self

    def start_refused(self):
        """Starts a server that must reject its configuration. Returns its log, whatever happens then."""
        self.launch()
        wait_until(self._started_or_dead, f"{self.daemon} to refuse", timeout=30)
        started = self._process.poll() is None
        self.stop()
        assert not started, f"{self.daemon} started, though it was to refuse:\n{self.log_text()}"
        return self.log()

    def check(self):
        """Runs the server's configuration check (-T). Returns what it prints."""
        script = " && ".join([*self.mounts, f"exec {self.daemon} -T {self.config_file()}"])
        command = self._namespace.command("sh", "-c", script)
        done = subprocess.run(
            command, env={**os.environ, **self.environment()}, capture_output=True, text=True, timeout=30, check=False
        )
        return done.stdout + done.stderr

    def config_file(self):
        return self.seen_as / "conf"

    def environment(self):
        """Returns the variables that point Kea to directories other than the packaged ones."""
        names = ["PIDFILE_DIR", "LOCKFILE_DIR", "DHCP_DATA_DIR", "CONTROL_SOCKET_DIR", "HOOKS_PATH"]
        names += ["HOOK_SCRIPTS_PATH", "LEGAL_LOG_DIR"]  # of other hook libraries
        variables = {f"KEA_{name}": str(self.seen_as) for name in names}
        return {**variables, "KEA_LOG_FILE_DIR": self.seen(self._log_file.parent)}

    def seen(self, path):
        """Returns the path by which the server sees a file in `home`, or beside it."""
        return os.path.normpath(self.seen_as / os.path.relpath(path, self.home))

    def launch(self):
        """Starts the process and does not wait."""
        server = f"{self._as_user()} {self.inside} {self.daemon} {self.options} -c {self.config_file()}"
        script = " && ".join([*self.mounts, f"exec {server}"])
        command = self._namespace.command("sh", "-c", script)
        self._log_before = self.log_size()
        with open(self.home / "stdout", "ab") as output:
            self._process = spawn(
                self.beside.within(*command) if self.beside else command,
                env={**os.environ, **self.environment()},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def _as_user(self):
        if self.user is None:
            return ""
        for path in (self.home, *self.home.iterdir()):
            shutil.chown(path, self.user, self.user)
        return as_service(self.user)

    def _started_or_dead(self):
        started = f" DHCP{self.family}_STARTED " in self.log_text(self._log_before)
        return started or self._process.poll() is not None or (self.quiet and self._answers())

    def _answers(self):
        try:
            return self.command("version-get")["result"] == 0
        except OSError:
            return False

    def stop(self):
        """Stops the server and returns its exit code."""
        if self._process is None:
            return None
        return stop(self._process)

    def kill(self):
        """Kills the server, whatever it is doing."""
        self._process.kill()
        self._process.wait()

    def within(self, *command):
        """Returns the command line that runs a command where it sees the server's own mounts."""
        return ["nsenter", f"--mount=/proc/{self.pid}/ns/mnt", *command]

    def reload(self):
        """Makes the server read its configuration again; it is in force when this returns."""
        answer = self.command("config-reload")
        assert answer["result"] == 0, answer

    def is_running(self):
        return self._process.poll() is None

    def path(self, inside):
        """Returns where the test finds a file that the server sees as `inside`, including private mounts."""
        return f"/proc/{self.pid}/root{inside}"

    def command(self, name, /, **arguments):
        """Sends a command over the control channel and returns the answer."""
        return self.send({"command": name, **({"arguments": arguments} if arguments else {})})

    def send(self, request):
        """Sends a command unchanged, well-formed or not, over the control channel and returns the answer."""
        return self.send_text(json.dumps(request))

    def send_text(self, request):
        """Sends a command as text over the control channel, and returns the answer."""
        with socket.socket(socket.AF_UNIX) as channel:
            channel.settimeout(10)
            channel.connect(self.control_socket())
            channel.sendall(request.encode())
            answer = b""
            while True:
                part = channel.recv(65536)
                if not part:
                    return json.loads(answer)
                answer += part

    def control_socket(self):
        """Returns where the test finds the control channel."""
        return str(self.home / "ctl")

    def statistic(self, name):
        """Returns the value of one of Kea's counters."""
        return self.command("statistic-get", name=name)["arguments"][name][0][0]

    def log_text(self, begin=0):
        """Returns the log, from an offset on."""
        return self._logged()[begin:].decode(errors="replace")

    def stdout_text(self):
        return _read(self.home / "stdout")

    def log(self, begin=0):
        """Returns the messages of the log, from an offset on: what earlier tests left there takes long to parse."""
        return parse_log(self.log_text(begin))

    def log_size(self):
        """Returns where the log ends, an offset for log() and log_text()."""
        return len(self._logged())

    def _logged(self):
        return b"".join(file.read_bytes() for file in self._log_files() if file.exists())

    def _log_files(self):
        return [self._log_file]

    def lease_file(self):
        return str(self.seen_as / "leases.csv")

    def leases(self):
        """Returns the leases in force: for every address the last row of the lease file, unless that ends the lease."""
        rows = {(row["address"], row.get("prefix_len")): row for row in self.lease_rows()}
        return [row for row in rows.values() if row["valid_lifetime"] != "0"]

    def lease_rows(self):
        """Returns the rows of the lease file: one for each change of a lease, oldest first."""
        return list(csv.DictReader(self._lease_text().splitlines()))

    def _lease_text(self):
        return _read(self.home / "leases.csv")

    def bytes_read(self):
        """Returns how much the process has read so far, in bytes."""
        return self._io("rchar")

    def writes(self):
        """Returns how often the process has called write(2) so far; sending does not count."""
        return self._io("syscw")

    def _io(self, counter):
        with open(f"/proc/{self.pid}/io") as counters:
            return int(re.search(rf"{counter}: (\d+)", counters.read())[1])


class PackagedKea(Kea):
    """A server with an unchanged configuration file, and private versions of all directories of Debian's package."""

    # What the server sees of the directories below `home`. /tmp is last, since `home` itself may be there.
    DIRECTORIES = {"etc": "/etc/kea", "log": "/var/log", "lib": "/var/lib", "run": "/run", "tmp": "/tmp"}

    def __init__(self, family, namespace, home, config, hook):
        """`hook` is the library; it is put where `config` loads it from, with those of Kea's packages."""
        super().__init__(family, namespace, home)
        text = config.read_text(encoding="utf-8")
        libraries = re.findall(r'"library"\s*:\s*"([^"]+)"', text)
        (library,) = [path for path in libraries if path.endswith("/libdhcp_user_chk.so")]
        for name in ("etc", "log/kea", "lib/kea", "run/kea", "run/lock/kea", "tmp", "hooks"):
            (home / name).mkdir(mode=0o750, parents=True)
        for other in libraries:
            shutil.copy(hook if other == library else shipped(os.path.basename(other)), home / "hooks")
        shutil.copy(config, home / "etc")
        self._config_file = f"/etc/kea/{config.name}"
        directories = {"hooks": os.path.dirname(library), **self.DIRECTORIES}
        self.mounts = [f"mount --bind {home / name} {inside}" for name, inside in directories.items()]

    def config_file(self):
        return self._config_file

    def environment(self):
        return {}

    def control_socket(self):
        """Where Debian's configuration has it; the path through `home` may be too long for a socket."""
        return self.path(f"/run/kea/kea{self.family}-ctrl-socket")

    def _log_files(self):
        """Wherever the configuration makes the server log to, except syslog."""
        return [self.home / "stdout", *sorted((self.home / "log" / "kea").glob("kea-dhcp*.log"))]

    def _lease_text(self):
        return _read(self.home / "lib" / "kea" / f"kea-leases{self.family}.csv")


def _read(path):
    try:
        return path.read_text(errors="replace")
    except FileNotFoundError:
        return ""
