# SPDX-License-Identifier: MPL-2.0
"""A machine whose servers are configured from the package's samples, on a LAN with clients; packages made of packages."""

import json
import re
import shutil
from ipaddress import ip_address, ip_network

from lab import config, dhcp4, dhcp6
from lab.machine import InstalledKea, Machine
from lab.net import Lan
from lab.process import run
from lab.registry import Registry

EXAMPLES = "/usr/share/doc/kea-user-chk-hook/examples"
REGISTRY = "/var/lib/kea/user-chk/user_chk_registry.txt"
OUTCOME = "/var/log/kea/user_chk_outcome.txt"
KEA = ["kea-common", "kea-dhcp4-server", "kea-dhcp6-server"]

# What a client of the sample registry is, and one that is in none.
KNOWN = {4: "0c0e0a01ff04", 6: "0001000119efe63b000c01020304"}
STRANGER = {4: "0c0e0a01ffff", 6: "0001000119efe63b000c0102ffff"}


class Site:
    def __init__(self, machine, home):
        self.machine = machine
        self._lan = Lan(f"{config.SERVER4}/16")
        self.on_lan = Machine(machine.root, self._lan.server)  # the same with its interfaces
        self._wires = {4: dhcp4.Wire4(self._lan.plug()), 6: dhcp6.Wire6(self._lan.plug())}
        self.servers = {family: InstalledKea(family, self._lan.server, home / str(family), machine) for family in (4, 6)}
        self.registry = Registry(machine.path(REGISTRY))

    def set_up(self):
        """As the samples say."""
        for family in (4, 6):
            sample = f"{EXAMPLES}/packaged/kea-dhcp{family}.conf"
            for line in re.findall(r"^//   (install .*)$", self.machine.path(sample).read_text(encoding="utf-8"), re.MULTILINE):
                self.machine.run("sh", "-c", f"cd {EXAMPLES}/packaged && {line}")

    def configure_without_library(self):
        """A configuration of Kea's own features."""
        for family in (4, 6):
            name = f"kea-dhcp{family}"
            logger = {"name": name, "severity": "INFO", "output_options": [{"output": f"/var/log/kea/{name}.log"}]}
            text = {"interfaces-config": {"interfaces": ["eth0"]}, "loggers": [logger]}
            self.machine.path(f"/etc/kea/{name}.conf").write_text(json.dumps({f"Dhcp{family}": text}), encoding="utf-8")

    def start(self):
        for server in self.servers.values():
            server.start()

    def stop(self):
        for server in self.servers.values():
            server.stop()

    def close(self):
        self.stop()
        for wire in self._wires.values():
            wire.close()
        self._lan.close()

    def client(self, family, identifiers):
        identifier = bytes.fromhex(identifiers[family])
        return (dhcp4.Client4 if family == 4 else dhcp6.Client6)(self._wires[family], identifier)

    def subnet_given(self, family, identifiers):
        """A whole exchange of a client: the id of the sample's subnet that its address is of."""
        client = self.client(family, identifiers)
        answer = client.get_lease() if family == 4 else client.get_leases()
        address = ip_address(answer.leases[0].split("/")[0])
        text = self.machine.path(f"/etc/kea/kea-dhcp{family}.conf").read_text(encoding="utf-8")
        subnets = re.findall(r'"id": (\d+),.*?"subnet": "([^"]+)"', text, re.DOTALL)
        return next(int(number) for number, subnet in subnets if address in ip_network(subnet))

    def serves(self):
        """Both servers give registered clients subnet 1, others subnet 2."""
        given = [self.subnet_given(family, who) for family in (4, 6) for who in (KNOWN, STRANGER)]
        return given == [1, 2, 1, 2]


def apt(machine, *arguments, good=(0,)):
    """Runs apt-get on a machine, with the packages that repository() has put there, and no others."""
    options = ["-o", "Dir::Etc::sourceparts=/dev/null", "-o", "Dir::Etc::sourcelist=/repository/list"]
    options += ["-o", "APT::Sandbox::User=root", "-o", "Dpkg::Use-Pty=0", "-o", "Dir::State::lists=/repository/lists"]
    environment = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"]
    return machine.run(*environment, "apt-get", "--yes", *options, *arguments, good=good)


def repository(machine, *files):
    """Lets the machine's apt know of packages."""
    place = machine.path("/repository")
    shutil.rmtree(place, ignore_errors=True)
    (place / "lists" / "partial").mkdir(parents=True)
    for file in files:
        shutil.copy(file, place)
    (place / "list").write_text("deb [trusted=yes] file:/repository ./\n", encoding="utf-8")
    index = run("sh", "-c", f"cd {place} && dpkg-scanpackages --multiversion . 2>/dev/null")
    (place / "Packages").write_text(index, encoding="utf-8")
    apt(machine, "update")


def install(machine, *files):
    """Installs packages with apt, as somebody who has the files."""
    repository(machine, *files)
    apt(machine, "install", "--no-install-recommends", *(f"/repository/{file.name}" for file in files))


def next_package(stage, replaced):
    """Makes a package of its unpacked files, with some text of its control file replaced; returns the file."""
    control = stage / "DEBIAN" / "control"
    text = control.read_text(encoding="utf-8")
    for old, new in replaced.items():
        text = text.replace(old, new)
    control.write_text(text, encoding="utf-8")
    package, version = (re.search(rf"^{name}: (.*)$", text, re.MULTILINE)[1] for name in ("Package", "Version"))
    file = stage.parent / f"{package}_{version}_test.deb"
    run("dpkg-deb", "--root-owner-group", "-Znone", "--build", str(stage), str(file))
    return file


def next_of_file(file, home, replaced):
    """The next version of a package."""
    stage = home / file.name.split("_")[0]
    run("dpkg-deb", "--raw-extract", str(file), str(stage))
    return next_package(stage, replaced)


def next_of_installed(machine, package, home, replaced):
    """The next version of a package that is installed, made of its files there."""
    stage = home / package
    (stage / "DEBIAN").mkdir(parents=True)
    files = [name for name in machine.run("dpkg", "--listfiles", package).splitlines() if not machine.path(name).is_dir()]
    archive = str(home / f"{package}.tar")
    run("tar", "--create", "--file", archive, "--directory", str(machine.root), *(name.lstrip("/") for name in files))
    run("tar", "--extract", "--file", archive, "--directory", str(stage))
    status = machine.run("dpkg-query", "--status", package)
    status = re.sub(r"^Status: .*\n", "", re.sub(r"^Conffiles:\n( .*\n)*", "", status, flags=re.MULTILINE), flags=re.MULTILINE)
    (stage / "DEBIAN" / "control").write_text(status, encoding="utf-8")
    for script in ("preinst", "postinst", "prerm", "postrm", "conffiles", "triggers", "shlibs"):
        kept = machine.path(f"/var/lib/dpkg/info/{package}.{script}")
        if kept.exists():
            shutil.copy(kept, stage / "DEBIAN" / script)
    return next_package(stage, replaced)
