# SPDX-License-Identifier: MPL-2.0
"""An LDAP server for tests, on a UNIX socket, with devices in it."""

import subprocess
from pathlib import Path
from urllib.parse import quote

from lab.process import Program, missing, run, wait_until

SUFFIX = "dc=example,dc=com"
ADMIN, READER, PASSWORD = f"cn=admin,{SUFFIX}", f"cn=kea,{SUFFIX}", "choose another"

_SCHEMAS = Path("/etc/ldap/schema")
_BASE = f"""
dn: {SUFFIX}
objectClass: dcObject
objectClass: organization
o: example
dc: example

dn: ou=devices,{SUFFIX}
objectClass: organizationalUnit
ou: devices

dn: {READER}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: kea
userPassword: {PASSWORD}
"""


def is_there():
    """Whether this machine has the server and its client."""
    return not missing(["slapd", "ldapsearch", "ldapmodify"])


class Directory:
    """A context manager. `folder` is a new one, `size_limit` the maximum number of entries that it returns."""

    def __init__(self, folder, size_limit=1000):
        folder.mkdir()
        (folder / "data").mkdir()
        self.url = f"ldapi://{quote(str(folder / 'socket'), safe='')}"
        self._folder = folder
        includes = "".join(f"include {_SCHEMAS}/{name}.schema\n" for name in ("core", "cosine", "nis"))
        (folder / "conf").write_text(
            f"{includes}modulepath /usr/lib/ldap\nmoduleload back_mdb\nsizelimit {size_limit}\n"
            f"database mdb\nsuffix {SUFFIX}\ndirectory {folder}/data\nrootdn {ADMIN}\nrootpw secret\n"
        )
        self._server = None

    def __enter__(self):
        run("slapadd", "-f", str(self._folder / "conf"), text_input=_BASE)
        command = ["slapd", "-d", "0", "-f", str(self._folder / "conf"), "-h", self.url]
        self._server = Program(command, self._folder / "printed")
        wait_until(self._answers, "slapd")
        return self

    def __exit__(self, *_):
        self._server.close()

    def _answers(self):
        command = ["ldapsearch", "-x", "-H", self.url, "-b", SUFFIX, "-s", "base"]
        asked = subprocess.run(command, capture_output=True, check=False)
        return asked.returncode == 0

    def add(self, name, **attributes):
        """Adds a device; values are texts, or lists of them."""
        lines = [f"dn: cn={name},ou=devices,{SUFFIX}", "changetype: add", f"cn: {name}"]
        lines += [f"objectClass: {kind}" for kind in ("device", "ieee802Device")]
        for attribute, values in attributes.items():
            lines += [f"{attribute}: {value}" for value in ([values] if isinstance(values, str) else values)]
        self.modify("\n".join(lines))

    def remove(self, name):
        self.modify(f"dn: cn={name},ou=devices,{SUFFIX}\nchangetype: delete")

    def modify(self, ldif):
        """Applies changes in LDIF."""
        run("ldapmodify", "-x", "-H", self.url, "-D", ADMIN, "-w", "secret", text_input=f"{ldif}\n")
