# SPDX-License-Identifier: MPL-2.0
"""user-chk-add, -update and -del and the registry file: what they preserve, and what happens on errors."""

import fcntl
import grp
import json
import os
import pwd
import random
import stat
import time

import pytest

from lab.config import NORMAL, RESTRICTED
from lab.enrollment import Enrollment, enroll, enroll_all, identity, newcomers, users_in
from lab.halting_writer import halting_writer
from lab.process import at_once, wait_until
from lab.registry_faults import FAULTS, FileLocked, RegistryFolder, lock_of


def done(world, command, **arguments):
    """Sends a command that must succeed."""
    answer = world.server.command(command, **arguments)
    assert answer["result"] == 0, answer
    return answer


def key(user):
    """Returns the arguments that identify a user."""
    return {"type": user["type"], "id": user["id"]}


def changes(new, old):
    """The commands that change the registry: one more user, one visibly changed, one less."""
    return [
        ("user-chk-add", {"user": new}),
        ("user-chk-update", {"user": {**old, "access": "restrict"}}),
        ("user-chk-del", key(old)),
    ]


# --- other lines -----------------------------------------------------------------------------------------

# Three users, 0edc01 to 0edc03, however they and what is between them may be written.
FORMS = {
    "plain": b"""\
{ "type" : "HW_ADDR", "id" : "0EDC01" }
{ "type" : "HW_ADDR", "id" : "0e:dc:02", "bootfile" : "old.img" }
{ "type" : "HW_ADDR", "id" : "0edC03" }
""",
    "comments and blank lines": b"""
# the lab {

{"id":"0EDC01","type":"HW_ADDR"}
  \t
#{"id":"0EDC01","type":"HW_ADDR"}
# caf\xe9 \xff
{"type":"HW_ADDR","id":"0e:dc:02"}
\t{"type":"HW_ADDR","id":"0edC03"} \t
# the end

""",
    "CRLF": b"""# the lab\r
{"type":"HW_ADDR","id":"0EDC01"}\r
\r
{"type":"HW_ADDR","id":"0e:dc:02"}\r
{"type":"HW_ADDR","id":"0edC03"}\r
""",
    "no newline at the end": b"""# the lab
{"type":"HW_ADDR","id":"0EDC01"}
{"type":"HW_ADDR","id":"0e:dc:02"}
{"type":"HW_ADDR","id":"0edC03"}""",
    "other spellings": b"""\
{"note":"1","note":"2","id":"0EDC01","type":"HW_ADDR"}
{"type":"HW_ADDR","id":"\\u0030e:dc:02"}
{"\\u0074ype":"HW_ADDR","id":"0edC03","note":"\xc3\xa9\\n\\u00e9"}
""",
}
NUMBERS = [1, 2, 3]


@pytest.fixture(params=FORMS.values(), ids=FORMS)
def written(request, either):
    """A server whose registry has three users, in each notation in turn, and the registry's bytes."""
    either.registry.write_bytes(request.param)
    return either, request.param


def test_user_is_added_in_a_line_of_its_own_and_all_other_bytes_stay(written):
    world, before = written
    (user,) = newcomers(world, 1, bootfile="boot.img", note='quoted " and \\ and a\ttab')
    enroll(world, user)
    after = world.registry.path.read_bytes()
    line = after[len(before) :].strip()
    assert after.startswith(before)
    assert json.loads(line) == user
    assert users_in(after) == [*users_in(before), user]


@pytest.mark.parametrize("number", NUMBERS)
def test_user_is_changed_in_its_line_and_all_other_lines_stay(written, number):
    world, before = written
    user = {"type": "HW_ADDR", "id": f"0e:dc:0{number}", "bootfile": "boot.img"}
    done(world, "user-chk-update", user=user)
    old, new = (content.split(b"\n") for content in (before, world.registry.path.read_bytes()))
    assert len(new) == len(old)
    (changed,) = [line for line in range(len(old)) if new[line] != old[line]]
    assert identity(json.loads(old[changed])) == identity(user)
    assert json.loads(new[changed]) == user


@pytest.mark.parametrize("number", NUMBERS)
def test_user_is_deleted_with_its_line_and_all_other_lines_stay(written, number):
    world, before = written
    gone = {"type": "HW_ADDR", "id": f"0EDC0{number}"}
    done(world, "user-chk-del", **gone)
    after = world.registry.path.read_bytes()
    kept = [line for line in before.splitlines(keepends=True) if identity(gone) not in map(identity, users_in(line))]
    assert after == b"".join(kept)


def test_user_with_a_value_that_is_not_ascii_leaves_a_file_that_others_can_read(either):
    """Most programs that write JSON escape such characters, and Kea takes the escapes for bytes."""
    (user,) = newcomers(either, 1, note="caf\u00e9")
    enroll(either, user)
    assert users_in(either.registry.path.read_bytes()) == [user]
    assert done(either, "user-chk-get", **key(user))["arguments"]["user"] == user


def test_command_awaits_the_end_of_a_line_that_somebody_is_writing(either):
    (old,) = newcomers(either, 1)
    enroll(either, old)
    others = []
    for new in newcomers(either, 5):
        for command, arguments in changes(new, old):
            others += newcomers(either, 1)
            with halting_writer(either.registry.path, json.dumps(others[-1]), 15):
                done(either, command, **arguments)
        old = new
    others += newcomers(either, 1)
    with halting_writer(either.registry.path, json.dumps(others[-1]), 15):
        done(either, "user-chk-reload")
    found = users_in(either.registry.path.read_bytes())
    assert sorted(map(identity, found)) == sorted(map(identity, [*others, old]))
    assert done(either, "user-chk-reload")["arguments"]["users"] == len(found)
    assert either.problems() == []


# --- the file itself ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "owner, group, mode", [("_kea", "_kea", 0o640), ("root", "_kea", 0o640), ("nobody", "root", 0o604)]
)
def test_owner_group_and_mode_of_the_file_stay(own, owner, group, mode):
    old = os.umask(0o027)
    try:
        own.start()
    finally:
        os.umask(old)
    os.chown(own.registry.path, pwd.getpwnam(owner).pw_uid, grp.getgrnam(group).gr_gid)
    own.registry.path.chmod(mode)
    before = own.registry.path.stat()
    (user,) = newcomers(own, 1)
    for command, arguments in changes(user, user):
        done(own, command, **arguments)
        after = own.registry.path.stat()
        assert after.st_ino != before.st_ino
        assert (after.st_uid, after.st_gid, stat.S_IMODE(after.st_mode)) == (before.st_uid, before.st_gid, mode)
        before = after


@pytest.mark.parametrize("steps", ["absolute", "relative", "two"])
def test_registry_behind_a_link_is_replaced_where_it_is_and_the_link_stays(own_unprivileged, steps):
    """The directory of the link, where the server may write nothing, is left alone."""
    world = own_unprivileged
    folder = RegistryFolder(world)
    links = world.files / "links"
    links.mkdir()
    target = folder.file if steps == "absolute" else "../registry/users"
    (links / "last").symlink_to(target)
    (links / "first").symlink_to("last")
    world.hook["parameters"]["registry-file"] = world.seen(links / ("first" if steps == "two" else "last"))
    folder.start()
    os.chown(links, 0, 0)
    client = world.client()
    user = json.loads(world.entry(client))
    inode = world.registry.path.stat().st_ino

    enroll(world, user)
    assert users_in(world.registry.path.read_bytes()) == [user]
    assert world.registry.path.stat().st_ino != inode
    assert world.offered_subnet(client) == NORMAL
    done(world, "user-chk-del", **key(user))
    assert world.registry.path.read_bytes() == b""
    assert world.offered_subnet(client) == RESTRICTED
    assert [os.readlink(links / name) for name in ("first", "last")] == ["last", target]
    assert sorted(os.listdir(links)) == ["first", "last"]
    assert folder.names() == [lock_of("users"), "users"]


# --- faults ------------------------------------------------------------------------------------------------


@pytest.fixture(params=FAULTS, ids=lambda fault: fault.__name__)
def fault(request, own_unprivileged):
    """Each fault in turn, and a server that will meet it, which does not run as root: root may write anywhere."""
    return request.param(own_unprivileged)


def test_nothing_changes_and_the_answer_says_why_until_the_cause_is_gone(fault):
    world = fault.world
    known, new = world.enroll(world.client(), bootfile="boot.img"), world.client()
    world.registry.append("# a comment", *map(json.dumps, newcomers(world, 200)))
    old_user, new_user = (json.loads(world.entry(client)) for client in (known, new))
    old_user["bootfile"] = "boot.img"
    fault.start()
    enroll_all(world, newcomers(world, 3))
    fault.begin()
    names = fault.folder.names()
    content = bytes_of(world.registry.path)
    for command, arguments in changes(new_user, old_user):
        answer = world.server.command(command, **arguments)
        assert answer["result"] == 1, answer
        assert fault.folder.file in answer["text"] and fault.reason in answer["text"]
        assert bytes_of(world.registry.path) == content
        assert fault.folder.names() == names
        assert [world.offered_subnet(client) for client in (known, new)] == [NORMAL, RESTRICTED]
        assert done(world, "user-chk-get", **key(old_user))["arguments"]["user"] == old_user
        assert world.server.command("user-chk-get", **key(new_user))["result"] == 3
    told = world.log("USER_CHK_REGISTRY_CHANGE_FAILED")
    assert [(line.level, fault.reason in line.text) for line in told] == [("WARN", True)] * 3
    fault.end()

    subnets = []
    for command, arguments in changes(new_user, old_user):
        done(world, command, **arguments)
        subnets.append([world.offered_subnet(client) for client in (known, new)])
    assert subnets == [[NORMAL, NORMAL], [RESTRICTED, NORMAL], [RESTRICTED, NORMAL]]
    users = users_in(bytes_of(world.registry.path))
    assert len(users) == 204
    assert users[-1] == new_user


def bytes_of(path):
    """Returns none when there is no file."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def test_reader_who_locks_the_registry_holds_up_no_command(own_unprivileged):
    """A user who may only read the file can lock that, but cannot open the servers' lock file."""
    world = own_unprivileged
    folder = RegistryFolder(world).start()
    (user,) = newcomers(world, 1)
    for command, arguments in changes(user, user):
        with open(world.registry.path, "rb") as reader:
            fcntl.flock(reader, fcntl.LOCK_EX)
            done(world, command, **arguments)
    lock, registry = folder.path(lock_of("users")).stat(), world.registry.path.stat()
    assert (lock.st_uid, stat.S_IMODE(lock.st_mode)) == (registry.st_uid, 0o600)
    assert world.log("USER_CHK_REGISTRY_CHANGE_FAILED") == []


@pytest.mark.parametrize("fault", [FileLocked], indirect=True)
def test_lock_of_somebody_else_does_not_keep_the_server_from_queries_for_ever(fault):
    world = fault.start()
    known = world.enroll(world.client())
    content = world.registry.path.read_bytes()
    (user,) = newcomers(world, 1)
    fault.begin()
    answer, subnet = at_once(
        lambda: world.server.command("user-chk-add", user=user), lambda: world.offered_subnet(known)
    )
    assert subnet == NORMAL
    assert answer["result"] == 1 and f"{fault.folder.file}: {fault.reason}" in answer["text"]
    assert world.registry.path.read_bytes() == content
    fault.end()
    enroll(world, user)


# --- crashes -----------------------------------------------------------------------------------------------

ROUNDS, ADDS = 20, 200


def test_killed_server_leaves_the_registry_of_before_or_after_an_add(own, pytestconfig):
    """The file is large, so that an add spends much of its time writing it."""
    luck = random.Random(pytestconfig.option.seed)
    own.registry.write("# the lab", *map(json.dumps, newcomers(own, 5000)), "# those who came later")
    base = own.registry.path.read_bytes()
    own.server.quiet = True
    own.start()
    enrolled = []
    for _ in range(ROUNDS):
        users = newcomers(own, ADDS, bootfile="boot.img")
        answered = add_until_killed(own, users, luck)
        content = own.registry.path.read_bytes()
        assert content.startswith(base)
        came = users_in(content[len(base) :])
        assert content.endswith(b"\n") and len(came) == content[len(base) :].count(b"\n")
        added = len(came) - len(enrolled)
        assert answered <= added <= answered + 1
        enrolled += users[:added]
        assert came == enrolled
        own.server.start()
    enroll_all(own, newcomers(own, 1))
    name = own.registry.path.name
    assert sorted(found for found in os.listdir(own.files) if "registry" in found) == [lock_of(name), name]


def add_until_killed(world, users, luck):
    """Kills the server at some time during the adds of these users. Returns how many it has answered."""
    enough, delay = luck.randrange(len(users) // 4), luck.uniform(0, 0.02)
    with Enrollment(world, users) as enrollment:
        wait_until(lambda: enrollment.answered >= enough, f"{enough} adds", timeout=60, interval=0.0005)
        time.sleep(delay)
        world.server.kill()
    assert enrollment.answered < len(users), "it has all been over before the server was killed"
    return enrollment.answered


# --- in force when answered ----------------------------------------------------------------------------------


@pytest.mark.parametrize("refresh, linked", [("packet", False), ("packet", True), ("background", False)])
def test_change_is_in_force_when_it_is_answered(own, refresh, linked):
    """The registry is so large that the thread is still loading the previous change."""
    folder = RegistryFolder(own, room="16m")
    own.registry.write(*map(json.dumps, newcomers(own, 2000)))
    own.hook["parameters"]["registry-refresh"] = refresh
    if linked:
        # Files behind a symbolic link are not watched but polled.
        link = own.files / "linked"
        link.symlink_to(folder.folder)
        own.hook["parameters"]["registry-file"] = f"{link}/users"
    own.server.quiet = True
    folder.start()
    for _ in range(100):
        client = own.client()
        user = json.loads(own.entry(client))
        enroll(own, user)
        assert own.offered_subnet(client) == NORMAL
        done(own, "user-chk-update", user={**user, "access": "restrict"})
        assert own.offered_subnet(client) == RESTRICTED
        done(own, "user-chk-update", user=user)
        assert own.offered_subnet(client) == NORMAL
        done(own, "user-chk-del", **key(user))
        assert own.offered_subnet(client) == RESTRICTED
    assert own.problems() == []
