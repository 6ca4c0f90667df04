# SPDX-License-Identifier: MPL-2.0
"""The registry file while the server runs: edited, replaced, broken, deleted and repaired.

Each step is followed by one query, which must be judged by what the file says then.
"""

import os

import pytest

from lab.config import NORMAL, RESTRICTED
from lab.halting_writer import halting_writer
from lab.process import wait_until

LOADED, LOAD_FAILED = "USER_CHK_REGISTRY_LOADED", "USER_CHK_REGISTRY_LOAD_FAILED"


def test_client_is_enrolled_by_a_line_appended_to_the_file(either):
    client = either.client()
    assert either.offered_subnet(client) == RESTRICTED
    either.registry.append(either.entry(client))
    assert either.offered_subnet(client) == NORMAL


def test_client_that_is_enrolled_gets_a_lease_of_the_normal_subnet_next(either):
    client = either.client()
    first, subnet = either.grant(client)
    assert subnet == RESTRICTED
    either.enroll(client)
    second, subnet = either.grant(client)
    assert subnet == NORMAL
    assert either.outcome.text() == either.record(client, first, False) * 2 + either.record(client, second, True) * 2


def test_client_is_removed_by_rewriting_the_file_in_place(either):
    client = either.enroll(either.client())
    assert either.offered_subnet(client) == NORMAL
    either.registry.write("# nobody")
    assert either.offered_subnet(client) == RESTRICTED


def test_file_is_replaced_by_rename(either):
    first, second = either.client(), either.client()
    either.registry.replace(either.entry(first))
    assert [either.offered_subnet(client) for client in (first, second)] == [NORMAL, RESTRICTED]
    either.registry.replace(either.entry(second))
    assert [either.offered_subnet(client) for client in (first, second)] == [RESTRICTED, NORMAL]


@pytest.mark.parametrize("how", ["write", "replace"])
def test_edits_of_the_same_length_in_quick_succession_are_all_seen(either, how):
    """Neither the size nor, within one tick of the file system's clock, the time distinguishes these contents."""
    first, second = either.client(), either.client()
    edit = getattr(either.registry, how)
    for _ in range(25):
        edit(either.entry(first))
        assert either.offered_subnet(first) == NORMAL
        edit(either.entry(second))
        assert either.offered_subnet(first) == RESTRICTED


def test_registry_of_the_other_protocol_is_no_registration(either):
    client = either.client()
    other = "DUID" if either.family == 4 else "HW_ADDR"
    either.registry.write(either.entry(client).replace("HW_ADDR" if either.family == 4 else "DUID", other))
    assert either.offered_subnet(client) == RESTRICTED


BROKEN = {
    "no JSON": ("{ not json", ""),
    "trailing data": ('{"type": "HW_ADDR", "id": "010203040506"} trailing', ""),
    "no object": ('["HW_ADDR", "010203040506"]', ""),
    "no id": ('{"type": "HW_ADDR"}', "id"),
    "no type": ('{"id": "010203040506"}', "type"),
    "unknown type": ('{"type": "hw_addr", "id": "010203040506"}', "hw_addr"),
    "empty id": ('{"type": "DUID", "id": ""}', "id"),
    "odd id": ('{"type": "DUID", "id": "010"}', "010"),
    "id not hex": ('{"type": "HW_ADDR", "id": "01:02:03:04:05:0g"}', "01:02:03:04:05:0g"),
    "attribute not a string": ('{"type": "HW_ADDR", "id": "010203040506", "bootfile": 7}', "bootfile"),
    "NUL byte": ('{"type": "HW_ADDR", "id": "0102\0"}', "NUL byte at column 32, must be text"),
    "byte order mark": ('\ufeff{"type": "HW_ADDR", "id": "0102"}', "byte order mark"),
    "control character": ('{"type": "HW\x1b[1m", "id": "0102"}', r"invalid type: 'HW\x1b[1m'"),
    "comment not in column 1": ("  # x", "a comment line starts with #"),
    "comment behind the record": ('{"type": "HW_ADDR", "id": "0102"} # x', "must be one JSON object "),
    "comma behind the record": ('{"type": "HW_ADDR", "id": "0102"},', "must be one JSON object "),
    "id twice": ('{"type": "HW_ADDR", "id": "0a0b"}\n{"type": "HW_ADDR", "id": "0A:0B"}', "0a0b"),
}


@pytest.mark.parametrize("content, named", BROKEN.values(), ids=BROKEN)
def test_last_good_registry_stays_in_force_when_the_file_is_bad(either, content, named):
    known, stranger = either.enroll(either.client()), either.client()
    assert either.offered_subnet(known) == NORMAL
    either.outcome.mark()
    either.registry.append(content)
    offers = [either.offer(client) for client in (known, stranger, known)]
    assert [subnet for _, subnet in offers] == [NORMAL, RESTRICTED, NORMAL]
    assert either.outcome.text() == "".join(
        either.record(client, lease, client is known)
        for client, (lease, _) in zip((known, stranger, known), offers)
    )
    (warning,) = either.log(LOAD_FAILED)
    assert warning.level == "WARN"
    assert f"{either.registry.path}:{content.count(chr(10)) + 2}: " in warning.text
    assert named in warning.text.split(f"{either.registry.path}:", 1)[1]


def test_last_good_registry_stays_in_force_when_the_file_is_gone(either):
    known, stranger = either.enroll(either.client()), either.client()
    assert either.offered_subnet(known) == NORMAL
    either.registry.delete()
    for _ in range(3):
        assert [either.offered_subnet(client) for client in (known, stranger)] == [NORMAL, RESTRICTED]
    (warning,) = either.log(LOAD_FAILED)
    assert warning.level == "WARN"
    assert str(either.registry.path) in warning.text


def test_there_is_one_warning_for_each_change_and_the_next_good_version_is_taken(either):
    first, second = either.enroll(either.client()), either.client()
    good = either.registry.path.read_text()

    def warnings_after_queries():
        for _ in range(5):
            assert [either.offered_subnet(client) for client in (first, second)] == [NORMAL, RESTRICTED]
        return len(either.log(LOAD_FAILED))

    assert warnings_after_queries() == 0
    either.registry.append("{ broken")
    assert warnings_after_queries() == 1
    either.registry.append("{ broken in another way")
    assert warnings_after_queries() == 2
    either.registry.delete()
    assert warnings_after_queries() == 3
    either.registry.write("{ back, but broken")
    assert warnings_after_queries() == 4
    loads = len(either.log(LOADED))
    either.registry.write(good.strip(), either.entry(second))
    assert [either.offered_subnet(client) for client in (first, second)] == [NORMAL, NORMAL]
    assert len(either.log(LOAD_FAILED)) == 4
    loaded = either.log(LOADED)[loads:]
    assert [line.level for line in loaded] == ["INFO"]
    assert "2" in loaded[0].text and str(either.registry.path) in loaded[0].text


def test_query_awaits_the_end_of_a_line_that_somebody_is_writing(either):
    for at in (1, 15, 30):
        client = either.client()
        with halting_writer(either.registry.path, either.entry(client), at):
            assert either.offered_subnet(client) == NORMAL
    assert either.log(LOAD_FAILED) == []


def test_server_that_starts_awaits_the_end_of_a_line_that_somebody_is_writing(own):
    client = own.client()
    with halting_writer(own.registry.path, own.entry(client), 15):
        own.start()
    assert own.offered_subnet(client) == NORMAL


def test_mended_registry_that_is_again_what_it_was_is_reported(either):
    client = either.enroll(either.client())
    good = either.registry.path.read_bytes()
    assert either.offered_subnet(client) == NORMAL
    loads = len(either.log(LOADED))
    either.registry.append("{ broken")
    assert either.offered_subnet(client) == NORMAL
    either.registry.write_bytes(good)
    assert either.offered_subnet(client) == NORMAL
    assert len(either.log(LOADED)) == loads + 1


SHAPES = {
    "CRLF": "{entry}\r\n",
    "no newline at the end": "{entry}",
    "blank lines and comments": "\n\n  \n# a comment\n{entry}\n\n#",
    "CRLF with blank lines and comments": "# a comment\r\n\r\n{entry}\r\n",
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_file_may_be_written_like_this(either, shape):
    client, stranger = either.client(), either.client()
    either.registry.write_bytes(shape.replace("{entry}", either.entry(client)).encode())
    assert [either.offered_subnet(who) for who in (client, stranger)] == [NORMAL, RESTRICTED]
    assert either.log(LOAD_FAILED) == []


@pytest.mark.parametrize("delimiter, upper", [("", False), ("", True), (":", True)])
def test_id_may_be_written_like_this(either, delimiter, upper):
    client, stranger = either.client(), either.client()
    written = client.id.replace(":", delimiter)
    either.registry.write(either.entry(client).replace(client.id, written.upper() if upper else written))
    assert [either.offered_subnet(who) for who in (client, stranger)] == [NORMAL, RESTRICTED]


def test_attribute_that_is_given_twice_keeps_the_last_value(v4):
    client = v4.client()
    v4.registry.write(v4.entry(client, bootfile="last").replace('"bootfile"', '"bootfile": "first", "bootfile"'))
    assert client.discover().file == "last"


@pytest.fixture
def background(own):
    """A server whose registry is loaded by a thread."""
    own.hook["parameters"]["registry-refresh"] = "background"
    return own.start()


def test_background_thread_brings_a_change_into_force_beside_the_packets(background):
    first, second = background.client(), background.client()
    for known, stranger in ((first, second), (second, first)):
        background.registry.replace(background.entry(known))
        wait_until(lambda: background.offered_subnet(known) == NORMAL, "the change to be in force")
        assert background.offered_subnet(stranger) == RESTRICTED
    wait_until(lambda: len(background.log(LOADED)) == 2, "the messages, which follow the changes")


def test_background_thread_keeps_the_last_good_registry(background):
    known, stranger = background.enroll(background.client()), background.client()
    wait_until(lambda: background.log(LOADED), "the registry to be loaded")
    background.registry.append("{ broken")
    wait_until(lambda: background.log(LOAD_FAILED), "the registry to be refused")
    assert [background.offered_subnet(client) for client in (known, stranger)] == [NORMAL, RESTRICTED]
    background.registry.delete()
    wait_until(lambda: len(background.log(LOAD_FAILED)) == 2, "the registry to be missed")
    assert [background.offered_subnet(client) for client in (known, stranger)] == [NORMAL, RESTRICTED]


def test_background_thread_ends_and_starts_with_reconfiguration(background):
    def threads():
        return len(os.listdir(f"/proc/{background.server.pid}/task"))

    before = threads()
    for _ in range(3):
        background.server.reload()
    assert threads() == before
    client = background.enroll(background.client())
    wait_until(lambda: background.offered_subnet(client) == NORMAL, "the change to be in force")
    assert background.server.stop() == 0


def test_registry_that_others_can_change_is_loaded_with_a_warning(either):
    client = either.enroll(either.client())
    either.registry.path.chmod(0o666)
    assert either.offered_subnet(client) == NORMAL
    (warning,) = either.log("USER_CHK_REGISTRY_EXPOSED")
    assert warning.level == "WARN"
    assert str(either.registry.path) in warning.text
    either.registry.append("# another line")
    assert either.offered_subnet(client) == NORMAL
    assert len(either.log("USER_CHK_REGISTRY_EXPOSED")) == 1
    either.registry.path.chmod(0o644)
