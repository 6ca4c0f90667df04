# SPDX-License-Identifier: MPL-2.0
"""The registry is bad or unavailable when a server is started or reconfigured: what the server does with a last good copy
of the registry, and without one. A registered client is served as soon as it is known, and no other is let in.
"""

import os
import signal
import threading

import pytest

from lab.clients import perfdhcp_ids, perfdhcp_meanwhile
from lab.config import NORMAL, RELAYED, RESTRICTED
from lab.control import ERROR, SUCCESS, ask, user_of
from lab.kea import release
from lab.process import at_once, run, wait_until

COPY_USED, COPY_FAILED = "USER_CHK_REGISTRY_COPY_USED", "USER_CHK_REGISTRY_COPY_FAILED"
CLOSED, OPENED = "USER_CHK_REGISTRY_CLOSED", "USER_CHK_REGISTRY_OPENED"
LOAD_ERROR = "USER_CHK_HOOK_LOAD_ERROR"
MAGIC = "# user-chk registry copy, written "


def break_line(path):
    path.write_text(path.read_text() + "{ broken\n")


def take_rights(path):
    path.chmod(0)


def make_utf16(path):
    path.write_bytes(path.read_text().encode("utf-16"))


# Faults of the registry, and what the messages say.
HARMS = {
    "bad line": (break_line, ":3: "),
    "missing": (lambda path: path.unlink(), ": No such file or directory"),
    "no rights": (take_rights, ": Permission denied"),
    "UTF-16": (make_utf16, ": is UTF-16"),
}
each_harm = pytest.mark.parametrize("harm, reason", HARMS.values(), ids=HARMS)


class Site:
    """A server that is not running yet, with two registered clients and unregistered ones."""

    def __init__(self, world, has_copy):
        self.world = world
        self.copy = world.files / "copy.txt"
        if has_copy:
            world.hook["parameters"]["registry-copy"] = world.seen(self.copy)
        self.known = world.enroll(world.client())
        world.enroll(world.client())
        self._good = world.registry.path.read_bytes()

    def start(self):
        self.world.start()
        self.assert_served()
        return self

    def start_with_copy(self):
        self.start()
        self.await_copy_of(self.known)
        return self

    def await_copy_of(self, client):
        wait_until(lambda: self.copy.exists() and client.id in self.copy.read_text(), "the copy", timeout=30)

    def assert_served(self):
        for client in (self.known, self.world.client()):
            _, subnet = self.world.grant(client)
            assert subnet == (NORMAL if client is self.known else RESTRICTED)

    def assert_closed(self):
        for client in (self.known, self.world.client()):
            assert self.world.ask(client, timeout=1) is None

    def mend(self):
        """Repairs the registry, with another client that is registered from now on."""
        path, newcomer = self.world.registry.path, self.world.client()
        path.unlink(missing_ok=True)
        path.write_bytes(self._good + self.world.entry(newcomer).encode() + b"\n")
        path.chmod(0o644)
        assert self.world.offered_subnet(newcomer) == NORMAL
        self.assert_served()


@pytest.fixture
def closable(own_unprivileged):
    return Site(own_unprivileged, has_copy=False)


@pytest.fixture
def copied(own_unprivileged):
    return Site(own_unprivileged, has_copy=True)


# --- without a copy --------------------------------------------------------------------------------------


@each_harm
def test_first_start_is_refused(closable, harm, reason):
    world = closable.world
    harm(world.registry.path)
    world.configure()
    (error,) = [line for line in world.server.start_refused() if line.id == LOAD_ERROR]
    assert f"{world.seen(world.registry.path)}{reason}" in error.text


@each_harm
def test_reconfigured_server_is_closed_until_the_registry_is_mended(closable, harm, reason):
    world = closable.start().world
    harm(world.registry.path)
    world.begin_log()
    assert world.server.command("config-reload")["result"] == SUCCESS
    world.outcome.mark()
    closable.assert_closed()
    assert world.outcome.text() == ""
    errors = world.log(CLOSED)
    assert errors and {line.level for line in errors} == {"ERROR"}
    assert all(f"{world.seen(world.registry.path)}{reason}" in line.text for line in errors)
    assert world.log(OPENED) == []
    closable.mend()
    (opened,) = world.log(OPENED)
    assert opened.level == "INFO" and "3 users" in opened.text
    assert len(world.log("USER_CHK_REGISTRY_LOADED")) == 1


def test_closed_server_opens_by_itself_in_the_background(closable):
    world = closable.world
    world.hook["parameters"]["registry-refresh"] = "background"
    closable.start()
    good = world.registry.path.read_bytes()
    world.registry.delete()
    assert world.server.command("config-reload")["result"] == SUCCESS
    closable.assert_closed()
    world.registry.write_bytes(good)
    wait_until(lambda: world.log(OPENED), "the server to open")
    closable.assert_served()


def test_errors_of_dropped_queries_are_limited(closable):
    world = closable.start().world
    world.registry.delete()
    world.server.reload()
    for _ in range(5):
        assert world.ask(world.client(), timeout=0.3) is None
    assert 1 <= len(world.log(CLOSED)) <= 4  # at the start, and once for each minute that has begun since


def test_commands_of_a_closed_server_say_that_it_is(closable):
    world = closable.start().world
    world.registry.append("{ broken")
    world.server.reload()
    where = f"{world.seen(world.registry.path)}:3: "
    user = user_of(world, closable.known)
    for command, arguments in {"get": user, "explain": user, "list": None}.items():
        answer = ask(world.server, command, arguments)
        assert answer.result == ERROR and answer.text.startswith(f"there is no registry yet: {where}")
    answer = ask(world.server, "reload")
    assert answer.result == ERROR and answer.text.startswith(where)
    assert ask(world.server, "add", {"user": user_of(world, world.client())}).result == ERROR
    status = ask(world.server, "status")
    assert status.result == SUCCESS
    assert status.arguments["closed"] is True
    assert status.arguments["last-error"].startswith(where)
    assert "last-load" not in status.arguments
    assert status.arguments["users"] == {"HW_ADDR": 0, "DUID": 0}
    closable.mend()
    assert "closed" not in ask(world.server, "status").arguments


def test_reload_of_a_closed_server_is_closed_again(closable):
    world = closable.start().world
    world.registry.delete()
    for _ in range(3):
        world.server.reload()
        closable.assert_closed()
    closable.mend()


# --- with a copy -----------------------------------------------------------------------------------------


@each_harm
@pytest.mark.parametrize("when", ["start", "reload"])
def test_copy_is_in_force_until_the_registry_is_mended(copied, when, harm, reason):
    world = copied.start_with_copy().world
    text = copied.copy.read_text()
    assert text.startswith(MAGIC) and f", users 2, of file {world.seen(world.registry.path)}\n" in text
    assert copied.copy.stat().st_mode & 0o137 == 0
    if when == "start":
        world.server.stop()
    world.begin_log()
    harm(world.registry.path)
    if when == "start":
        world.server.start()
    else:
        world.server.reload()
    copied.assert_served()
    (warning,) = world.log(COPY_USED)
    assert warning.level == "WARN"
    assert f" {world.seen(copied.copy)} of 20" in warning.text and "2 users" in warning.text
    assert f"{world.seen(world.registry.path)}{reason}" in warning.text
    status = ask(world.server, "status").arguments
    assert status["users"][user_of(world, copied.known)["type"]] == 2
    assert status["copy"] == {"file": world.seen(copied.copy), "time": text[len(MAGIC) :].split(",")[0]}
    assert status["last-error"].startswith(world.seen(world.registry.path) + reason)
    copied.mend()
    assert world.log(CLOSED, OPENED) == []
    assert "copy" not in ask(world.server, "status").arguments


def cut_short(site):
    site.copy.write_text("".join(site.copy.read_text().splitlines(keepends=True)[:-1]))


def spoil(site):
    site.copy.write_text(site.copy.read_text().replace('"type"', '"tpye"'))


def take_of_another_source(site):
    site.copy.write_text(site.copy.read_text().replace(", of file ", ", of file /another", 1))


def replace_by_link(site):
    site.copy.rename(site.copy.with_suffix(".away"))
    site.copy.symlink_to(site.copy.with_suffix(".away"))


BAD_COPIES = {
    "cut short": (cut_short, ": is damaged"),
    "spoilt": (spoil, ":2: 'type' is missing"),
    "empty": (lambda site: site.copy.write_text(""), ": is not a copy"),
    "of another source": (take_of_another_source, ": is a copy of another source: file /another"),
    "a link": (replace_by_link, ": is a symbolic link"),
    "no rights": (lambda site: site.copy.chmod(0), ": Permission denied"),
    "missing": (lambda site: site.copy.unlink(), ": No such file or directory"),
}


@pytest.mark.parametrize("harm, reason", BAD_COPIES.values(), ids=BAD_COPIES)
def test_copy_that_is_not_good_is_not_taken(copied, harm, reason):
    """As without one: a reconfigured server is closed, and one that starts fails."""
    world = copied.start_with_copy().world
    world.registry.append("{ broken")
    harm(copied)
    world.begin_log()
    world.server.reload()
    copied.assert_closed()
    named = f"{world.seen(world.registry.path)}:3: "
    unused = f"the copy cannot be used either: {world.seen(copied.copy)}{reason}"
    errors = world.log(CLOSED)
    assert errors and named in errors[0].text and unused in errors[0].text
    world.server.stop()
    (error,) = [line for line in world.server.start_refused() if line.id == LOAD_ERROR][-1:]
    assert named in error.text and unused in error.text
    copied.copy.unlink(missing_ok=True)
    world.registry.write_bytes(world.registry.path.read_bytes().replace(b"{ broken\n", b""))
    copied.start_with_copy()


def test_copy_is_written_after_changes_and_when_the_server_ends(copied):
    world = copied.start_with_copy().world
    added = world.client()
    assert ask(world.server, "add", {"user": user_of(world, added)}).result == SUCCESS
    copied.await_copy_of(added)
    late = world.enroll(world.client())
    assert world.offered_subnet(late) == NORMAL
    world.server.stop()
    assert late.id in copied.copy.read_text()
    assert sorted(path.name for path in world.files.iterdir() if "user-chk-new" in path.name) == []


def test_copy_is_not_replaced_by_a_bad_registry(copied):
    world = copied.start_with_copy().world
    world.server.stop()
    world.registry.write("{ broken")
    before = copied.copy.read_bytes()
    world.server.start()
    copied.assert_served()
    world.server.reload()
    copied.assert_served()
    world.server.stop()
    assert copied.copy.read_bytes() == before


def test_copy_that_cannot_be_written_is_told_once_and_written_when_there_is_room(own):
    folder = own.server.seen_as / "disk"
    (own.server.home / "disk").mkdir()
    own.server.mounts.append(f"mount -t tmpfs -o size=64k none {folder}")
    own.server.mounts.append(f"dd if=/dev/zero of={folder}/ballast bs=4096 2>/dev/null || true")
    own.hook["parameters"]["registry-copy"] = f"{folder}/copy.txt"
    known = own.enroll(own.client())
    own.start()
    wait_until(lambda: own.server.statistic("user-chk.copy-failures") > 0, "the copy to fail", timeout=30)
    assert [own.offered_subnet(client) for client in (known, own.client())] == [NORMAL, RESTRICTED]
    (warning,) = wait_until(lambda: own.log(COPY_FAILED), "the message")
    assert warning.level == "WARN"
    assert f"{folder}/copy.txt: No space left on device" in warning.text
    run(*own.server.within("rm", f"{folder}/ballast"))
    wait_until(lambda: known.id in _text(own.server.path(f"{folder}/copy.txt")), "the copy", timeout=60)
    assert len(own.log(COPY_FAILED)) == 1


def _text(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


@pytest.mark.parametrize("same", ["registry-file", "outcome-file"])
def test_copy_must_be_a_file_of_its_own(own, same):
    own.hook["parameters"]["registry-copy"] = own.hook["parameters"][same]
    own.configure()
    (error,) = [line for line in own.server.start_refused() if line.id == LOAD_ERROR]
    assert error.text.endswith(f" {'registry-file' if same == 'registry-file' else 'registry-copy'}")


@pytest.mark.skipif(release() < (2, 6), reason="this Kea has no -T that loads libraries")
def test_check_of_a_configuration_leaves_the_copy_alone(own):
    site = Site(own, has_copy=True)
    own.configure()
    assert "rror" not in own.server.check()
    assert not site.copy.exists()
    site.start_with_copy()
    own.server.stop()
    before = site.copy.read_bytes()
    own.enroll(own.client())
    assert "rror" not in own.server.check()
    assert site.copy.read_bytes() == before
    own.registry.append("{ broken")
    assert "rror encountered" not in own.server.check()


def test_clients_are_served_over_reloads_with_a_bad_registry(copied):
    """A client that gets no answer meanwhile asks again, as clients do; none gets a subnet of the other side."""
    world = copied.start_with_copy().world
    wires = [world.wire, world.another_wire()]
    ended = threading.Event()

    def keep_asking(wire, registered):
        subnets = set()
        while not ended.is_set():
            client = copied.known if registered else world.client(wire=wire)
            for _ in range(20):
                response = world.ask(client, timeout=1)
                if response is not None:
                    subnets |= set(response.subnets)
                    break
            else:
                raise AssertionError("a client got no answer for 20 s")
        return subnets

    def reload():
        try:
            world.registry.append("{ broken")
            for _ in range(5):
                world.server.reload()
        finally:
            ended.set()

    known, strangers, _ = at_once(lambda: keep_asking(wires[0], True), lambda: keep_asking(wires[1], False), reload)
    assert (known, strangers) == ({NORMAL}, {RESTRICTED})
    assert len(world.log(COPY_USED)) == 5


@pytest.mark.parametrize("how", ["config-reload", "SIGHUP"])
def test_crowd_is_served_over_reloads_with_a_bad_registry(copied, how):
    """A server that reloads takes no queries, so one may be lost; but the client is served when it asks again."""
    world = copied.world
    ids = perfdhcp_ids(world.family, 200)
    known, strangers = set(ids[:150]), set(ids[150:])
    world.registry.append(*map(world.entry_of, sorted(known)))
    world.server.quiet = True
    copied.start_with_copy()
    clients = world.lan.plug(address4=f"10.{RELAYED}.0.1/16")

    def reload():
        before = len(world.log(COPY_USED))
        if how == "SIGHUP":
            os.kill(world.server.pid, signal.SIGHUP)
        else:
            world.server.reload()
        wait_until(lambda: len(world.log(COPY_USED)) > before, "the copy to be in force", timeout=30)

    def await_all():
        before = len(world.outcome.grants_so_far())
        wait_until(
            lambda: set(ids) <= {grant.client for grant in world.outcome.grants_so_far()[before:]}, "all clients", timeout=90
        )

    with perfdhcp_meanwhile(clients, world.family, len(ids), 200):
        await_all()
        world.registry.append("{ broken")
        for _ in range(3):
            reload()
            await_all()
    column = "hwaddr" if world.family == 4 else "duid"
    subnets = {(row[column] in known, int(row["subnet_id"])) for row in world.server.lease_rows() if row[column] in ids}
    assert subnets <= {(True, NORMAL), (True, RELAYED), (False, RESTRICTED)}
    grants = [grant for grant in world.outcome.grants_so_far() if grant.client in ids]
    assert {grant.registered for grant in grants if grant.client in known} == {True}
    assert {grant.registered for grant in grants if grant.client in strangers} == {False}
    assert world.log(CLOSED) == []
