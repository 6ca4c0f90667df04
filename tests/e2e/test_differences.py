# SPDX-License-Identifier: MPL-2.0
"""One test or more for each row of docs/differences.md: the deliberate differences from stock user_chk.

Rows that no running server can show are elsewhere: row 15 (other daemons reject the library) in tests/load. More on
row 5 is in test_outcome_*.py: full disks and other faults, rotation, load.
"""

import functools
import json
import re
import threading
import time
from collections import Counter

import pytest

from lab import dhcp4, dhcp6
from lab.config import FULL, NORMAL, RELAY6, RESTRICTED, SERVER_BOOTFILE, SERVER_FILE_FIELD
from lab.kea import release
from lab.outcome import parse
from lab.process import at_once, wait_until
from lab.rules import refusal_at_start
from lab.tries import SILENCE

LOAD_FAILED = "USER_CHK_REGISTRY_LOAD_FAILED"


@pytest.mark.parametrize("harm", ["deleted", "broken"])
def test_row_01_last_good_registry_stays_in_force(either, harm):
    known, stranger = either.enroll(either.client()), either.client()
    assert either.offered_subnet(known) == NORMAL
    if harm == "deleted":
        either.registry.delete()
    else:
        either.registry.append("{ broken")
    either.outcome.mark()
    wanted = ""
    for client in (known, stranger, known, stranger):
        lease, subnet = either.grant(client)
        assert subnet == (NORMAL if client is known else RESTRICTED)
        wanted += either.record(client, lease, client is known) * 2
    assert either.outcome.text() == wanted
    (warning,) = either.log(LOAD_FAILED)
    assert warning.level == "WARN"
    assert f"{either.registry.path}:" in warning.text
    either.registry.write(either.entry(stranger))
    assert [either.offered_subnet(client) for client in (known, stranger)] == [RESTRICTED, NORMAL]


def test_row_02_registry_is_read_only_when_it_changed(either):
    """Counted by what the process reads, which neither a clock nor other load on the machine can disturb."""
    client, stranger = either.client(), either.client()
    crowd = [either.entry(client).replace(client.id, f"a0{number:012x}") for number in range(20_000)]
    either.registry.replace(either.entry(client), *crowd)
    size = either.registry.path.stat().st_size

    def read_by(queries):
        before = either.server.bytes_read()
        for _ in range(queries):
            assert [either.offered_subnet(who) for who in (client, stranger)] == [NORMAL, RESTRICTED]
        return either.server.bytes_read() - before

    assert read_by(1) >= size
    # A file that changed a moment ago may change again within a tick of the clock, so it is read again to be sure; and
    # again two seconds after its change, in case its writer was delayed.
    time.sleep(2.1)
    read_by(1)
    wait_until(lambda: read_by(1) < size, "the file to be left alone")
    assert read_by(50) < size


def test_row_02_query_after_a_change_is_decided_on_the_new_content(either):
    client = either.client()
    for _ in range(10):
        either.registry.write(either.entry(client))
        assert either.offered_subnet(client) == NORMAL
        either.registry.write()
        assert either.offered_subnet(client) == RESTRICTED


def test_row_03_packet_threads_are_accepted(own):
    """Four clients send queries at once, each right after the registry was changed for it."""
    own.config["multi-threading"]["enable-multi-threading"] = True
    own.start()
    (mode,) = own.log(f"DHCP{own.family}_MULTI_THREADING_INFO")
    assert "enabled: yes, number of threads: 4" in mode.text
    users = [own.entry(own.client()) for _ in range(1000)]
    editing = threading.Lock()

    def ask(wire):
        subnets = []
        for _ in range(40):
            known, stranger = own.client(wire=wire), own.client(wire=wire)
            with editing:
                users.append(own.entry(known))
                own.registry.replace(*users)
            subnets += [own.offered_subnet(known), own.offered_subnet(stranger)]
        return subnets

    wires = [own.another_wire() for _ in range(4)]
    answers = at_once(*(functools.partial(ask, wire) for wire in wires))
    assert answers == [[NORMAL, RESTRICTED] * 40] * 4
    assert Counter(record.registered for record in own.outcome.records()) == {"yes": 160, "no": 160}


def test_row_04_nothing_is_printed_on_standard_output(own):
    own.start()
    for client in (own.enroll(own.client()), own.client()):
        own.grant(client)
    own.registry.append("{ broken")
    own.grant(own.client())
    own.server.stop()
    assert len(own.outcome.records()) == 6
    # Kea itself logs there until it has read its logging configuration.
    keas = re.compile(rf"\S+ \S+ \w+ +\[kea-dhcp{own.family}\.(dhcp{own.family}|commands|dctl)/\S+\] [A-Z0-9_]+ ")
    printed = own.server.stdout_text().splitlines()
    assert [line for line in printed if line and not keas.match(line)] == []


def test_row_05_records_of_two_servers_in_one_file_stay_whole(both_on_defaults):
    v4, v6 = both_on_defaults

    def ask4():
        clients = [v4.client() for _ in range(150)]
        return [v4.records(client, [client.discover().yiaddr], False) for client in clients]

    def ask6():
        clients = [v6.client(na=[1, 2], pd=[3]) for _ in range(150)]
        return [v6.records(client, client.solicit().leases, False) for client in clients]

    responses4, responses6 = at_once(ask4, ask6)
    text = v4.outcome.text()
    assert len(parse(text)) == 150 + 150 * 3
    # Nor are the records of one response split.
    assert [records for records in responses4 + responses6 if records not in text] == []


def test_row_05_all_records_of_a_response_are_one_write(own):
    own.config["multi-threading"]["enable-multi-threading"] = False  # Kea's threads wake each other with write(2)
    own.server.quiet = True
    own.hook["parameters"]["strangers-kept"] = 0  # none is logged
    own.start()
    clients = [own.client() if own.family == 4 else own.client(na=[1, 2], pd=[3]) for _ in range(20)]
    before = own.server.writes()
    for client in clients:
        assert (client.discover() if own.family == 4 else client.solicit()) is not None
    assert len(own.outcome.records()) == 20 * (1 if own.family == 4 else 3)
    assert own.server.writes() - before == 20


def test_row_05_renamed_file_is_left_for_a_new_one(either):
    before, after = either.client(), either.client()
    first, _ = either.offer(before)
    rotated = either.outcome.path.with_suffix(".1")
    either.outcome.path.rename(rotated)
    second, _ = either.offer(after)
    assert rotated.read_text().endswith(either.record(before, first, False))
    assert either.outcome.path.read_text() == either.record(after, second, False)


def test_row_06_blank_lines_and_comments_are_skipped(either):
    client, stranger = either.client(), either.client()
    either.registry.write("", "# the lab", "   ", either.entry(client), "#" + either.entry(stranger), "")
    assert [either.offered_subnet(who) for who in (client, stranger)] == [NORMAL, RESTRICTED]
    assert either.problems() == []


def test_row_06_byte_order_mark_is_passed_over_and_kept(either):
    client, stranger = either.client(), either.client()
    mark = b"\xef\xbb\xbf"
    either.registry.write_bytes(mark + either.entry(client).encode() + b"\r\n")
    assert [either.offered_subnet(who) for who in (client, stranger)] == [NORMAL, RESTRICTED]
    user = {**json.loads(either.entry(client)), "note": "changed"}
    assert either.server.command("user-chk-update", user=user)["result"] == 0
    assert either.registry.path.read_bytes().startswith(mark + b"{")
    assert either.registry.path.read_bytes().endswith(b"}\r\n")
    assert either.offered_subnet(client) == NORMAL
    assert either.problems() == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_row_06_utf_16_is_an_error_that_says_so(either, encoding):
    known, other = either.enroll(either.client()), either.client()
    assert either.offered_subnet(known) == NORMAL
    either.registry.write_bytes(f"{either.entry(other)}\n".encode(encoding))
    assert [either.offered_subnet(who) for who in (known, other)] == [NORMAL, RESTRICTED]
    (warning,) = either.log(LOAD_FAILED)
    assert f"{either.registry.path}: is UTF-16, save the file as UTF-8" in warning.text


@pytest.mark.parametrize("written", ["a:b:c:d", "0a0:b0c0d", "0a::0b", ":0a:0b", "0a:0b:", "0a:0b0", ":"])
def test_row_07_colon_may_stand_only_between_bytes(either, written):
    known = either.enroll(either.client())
    assert either.offered_subnet(known) == NORMAL
    either.registry.write(either.entry(known).replace(known.id, written))
    assert either.offered_subnet(known) == NORMAL  # the last good registry
    (warning,) = either.log(LOAD_FAILED)
    assert f"{either.registry.path}:1: " in warning.text
    assert f"'{written}'" in warning.text


def test_row_08_line_is_read_whole_up_to_64_kib_and_refused_past_that(either):
    client = either.client()
    frame = len(either.entry(client, note=""))
    for length in (4_096, 5_000, 65_536):
        either.registry.write(either.entry(client, note="n" * (length - frame)))
        assert either.offered_subnet(client) == NORMAL
        either.registry.write()
        assert either.offered_subnet(client) == RESTRICTED
    assert either.problems() == []
    either.registry.write("", either.entry(client, note="n" * (65_537 - frame)))
    assert either.offered_subnet(client) == RESTRICTED
    (warning,) = either.log(LOAD_FAILED)
    assert f"{either.registry.path}:2: " in warning.text
    assert "65536" in warning.text


def test_row_09_default_record_never_matches_a_client(either):
    either.registry.write(either.default_entry(bootfile="default.img"))
    client = either.client_with(bytes(4))
    lease, subnet = either.offer(client)
    assert subnet == RESTRICTED
    assert either.outcome.text() == either.record(client, lease, False)


def test_row_10_query_without_hardware_address_is_unregistered_and_not_recorded(v4):
    v4.registry.write(v4.default_entry(bootfile="default.img"))
    ack = v4.client_with(b"", client_id=b"\xffno-hardware-address").get_lease()
    assert ack.subnet == RESTRICTED
    assert ack.text(dhcp4.BOOTFILE) == "default.img"
    assert v4.outcome.text() == ""
    assert v4.problems() == []


def test_row_10_query_without_duid_is_unregistered_and_not_recorded(v6):
    # Only an Information-Request may come without one, and its subnet shows in the options of the answer.
    v6.registry.write(v6.default_entry(bootfile="default.img"))
    reply = v6.client_with(None, **dhcp6.ASKS_EMPTY_DOCSIS).information_request()
    assert reply.type == dhcp6.REPLY
    assert v6.outcome.text() == ""
    assert v6.problems() == []
    assert v6.log("HOOKS_CALLOUT_ERROR", "HOOKS_CALLOUT_EXCEPTION") == []
    (placed,) = v6.log("USER_CHK_SUBNET_RESTRICTED")
    assert f"2001:db8:{RESTRICTED}::/64" in placed.text


def test_row_11_failure_statuses_are_recognised_and_left_alone(v6):
    client = v6.enroll(v6.client(relays=[RELAY6[FULL]], **dhcp6.ASKS_DOCSIS), bootfile="boot.img")
    for refused in (client.solicit(), client.request(client.solicit())):
        assert refused.ia_status[dhcp6.IA_NA, 1] == dhcp6.NO_ADDRS_AVAIL
        assert refused.leases == []
        assert refused.docsis()[dhcp6.DOCSIS_CONFIG_FILE] == SERVER_BOOTFILE.encode()
    assert v6.outcome.text() == ""
    assert v6.problems() == []


def test_row_11_reply_without_a_lease_is_quietly_left_alone(v6):
    v6.registry.write(v6.default_entry(bootfile="default.img", tftp_server="2001:db8::d"))
    client = v6.enroll(v6.client(**dhcp6.ASKS_DOCSIS), bootfile="boot.img")
    for reply in (client.information_request(), v6.client(**dhcp6.ASKS_DOCSIS).information_request()):
        assert reply.type == dhcp6.REPLY
        assert reply.docsis()[dhcp6.DOCSIS_CONFIG_FILE] == SERVER_BOOTFILE.encode()
    assert v6.outcome.text() == ""
    assert v6.problems() == []


def test_row_12_every_address_and_prefix_is_recorded(v6):
    client = v6.enroll(v6.client(na=[1, 2, 3], pd=[4, 5]))
    reply = client.get_leases()
    assert len(set(reply.leases)) == 5
    assert v6.outcome.text() == v6.records(client, reply.leases, True) * 2


@pytest.mark.parametrize(
    "text, addresses",
    [
        ("2001:db8::42", ["2001:db8::42"]),
        ("2001:db8::42,2001:db8::43", ["2001:db8::42", "2001:db8::43"]),
        ("2001:db8::42, 2001:db8::43", ["2001:db8::42", "2001:db8::43"]),
    ],
)
def test_row_13_tftp_server_of_addresses_is_sent_as_addresses(v6, text, addresses):
    client = v6.enroll(v6.client(**dhcp6.ASKS_DOCSIS), tftp_server=text)
    docsis = client.get_leases().docsis()
    assert docsis[dhcp6.DOCSIS_TFTP_SERVERS] == dhcp6.packed(*addresses)
    assert v6.problems() == []


@pytest.mark.parametrize("text", ["tftp.example.com", "192.0.2.1", "2001:db8::42,tftp.example.com"])
def test_row_13_tftp_server_of_other_text_is_sent_as_text_with_a_warning_at_load(v6, text):
    client = v6.enroll(v6.client(**dhcp6.ASKS_DOCSIS), tftp_server=text)
    for _ in range(2):
        docsis = client.get_leases().docsis()
        assert docsis[dhcp6.DOCSIS_TFTP_SERVERS] == text.encode()
    (warning,) = v6.problems()
    assert (warning.level, warning.id) == ("WARN", "USER_CHK_REGISTRY_REMARK")
    assert f"{v6.registry.path}:1: " in warning.text
    assert text in warning.text


@pytest.mark.parametrize("owner", ["Dvo\u0159\u00e1k", "M\u00fcller", "\U0001f600"], ids=ascii)
def test_row_20_escapes_of_json_are_characters(either, owner):
    client = either.client()
    line = either.entry(client, owner=owner)
    assert line.isascii() and "\\u" in line
    either.registry.append(line)
    assert either.offered_subnet(client) == NORMAL
    answer = either.server.command("user-chk-get", type=json.loads(line)["type"], id=client.id)
    assert answer["arguments"]["user"]["owner"] == owner
    assert either.problems() == []


@pytest.mark.parametrize("separator, digits", [("", 2), (":", 2), ("-", 2), (".", 4)], ids=["none", ":", "-", "."])
def test_row_17_ids_are_read_in_every_usual_notation(either, separator, digits):
    client, stranger = either.client(), either.client()
    plain = client.id.replace(":", "")
    written = separator.join(plain[at : at + digits] for at in range(0, len(plain), digits)).upper()
    either.registry.append(either.entry(client).replace(client.id, written))
    assert [either.offered_subnet(who) for who in (client, stranger)] == [NORMAL, RESTRICTED]
    kind = json.loads(either.entry(client))["type"]
    answer = either.server.command("user-chk-get", type=kind, id=written)
    assert answer["arguments"]["user"]["id"] == ":".join(plain[at : at + 2] for at in range(0, len(plain), 2))
    assert either.server.command("user-chk-del", type=kind, id=written)["result"] == 0
    assert either.offered_subnet(client) == RESTRICTED
    assert either.problems() == []


def test_row_17_text_in_quotes_and_prefixes_are_read(either):
    clients = [either.client_with(text) for text in (b"lab7-1", b"lab7-2", b"lab77", b"lab8-1")]
    kind = json.loads(either.default_entry())["type"]

    def placed():
        return [either.offered_subnet(client) for client in clients]

    def delete(identifier):
        return either.server.command("user-chk-del", type=kind, id=identifier)["result"]

    either.registry.write(
        either.entry_of("'lab7'*", owner="all"),
        either.entry_of("'lab7-'*", access="restrict"),
        either.entry_of("'lab7-1'"),
    )
    assert placed() == [NORMAL, RESTRICTED, NORMAL, RESTRICTED]
    answer = either.server.command("user-chk-get", type=kind, id="'lab7'*")
    assert answer["arguments"]["user"] == {"type": kind, "id": "6c:61:62:37:*", "owner": "all"}
    assert delete("6c61-6237*") == 1
    assert delete("6c616237*") == 0
    assert placed() == [NORMAL, RESTRICTED, RESTRICTED, RESTRICTED]
    assert delete("6c:61:62:37:2d:*") == 0
    assert placed() == [NORMAL, RESTRICTED, RESTRICTED, RESTRICTED]
    (left,) = either.registry.path.read_text(encoding="utf-8").splitlines()
    assert json.loads(left)["id"] == "'lab7-1'"
    assert either.problems() == []


def test_row_17_random_is_for_made_up_addresses(v4):
    made_up, known, bought = (v4.client_with(bytes.fromhex(it)) for it in ("02c000000001", "02c000000002", "0cc000000001"))

    def add(identifier, **attributes):
        user = {"type": "HW_ADDR", "id": identifier, **attributes}
        return v4.server.command("user-chk-add", user=user)["result"]

    assert [add("random"), add("02c000000002", access="restrict")] == [0, 0]
    assert [v4.offered_subnet(client) for client in (made_up, known, bought)] == [NORMAL, RESTRICTED, RESTRICTED]
    assert v4.server.command("user-chk-del", type="HW_ADDR", id="random")["result"] == 0
    assert v4.offered_subnet(made_up) == RESTRICTED
    assert v4.problems() == []


@pytest.mark.parametrize("escape", [r"\ud83d", r"\ude00\ud83d", r"\u015"])
def test_row_20_escape_that_is_none_is_an_error(either, escape):
    either.registry.append(either.entry(either.client(), owner="x").replace('"x"', f'"{escape}"'))
    assert either.offered_subnet(either.client()) == RESTRICTED
    (warning,) = either.log(LOAD_FAILED)
    assert f"{either.registry.path}:1: invalid escape" in warning.text


@pytest.mark.parametrize("length", [128, 129, 255, 400])
def test_row_14_bootfile_over_127_bytes_is_in_option_67_alone_and_tftp_server_follows(v4, length):
    bootfile = "b" * length
    ack = v4.enroll(v4.client(), bootfile=bootfile, tftp_server="tftp.example.com").get_lease()
    assert ack.text(dhcp4.BOOTFILE) == bootfile
    assert ack.file == SERVER_FILE_FIELD
    assert ack.text(dhcp4.TFTP_SERVER) == "tftp.example.com"
    assert v4.problems() == []


@pytest.mark.skipif(release() < (2, 6, 3), reason="this release of Kea restricts no files")
@pytest.mark.parametrize("parameter", ["outcome-file", "registry-copy"])
def test_row_23_files_are_written_only_where_kea_lets_a_configuration_have_them_written(own, tmp_path, parameter):
    path = tmp_path / "elsewhere"
    own.hook["parameters"][parameter] = str(path)
    assert f"invalid {parameter}: '{path}', must be in or below {own.server.seen_as}, " in refusal_at_start(own)
    assert not path.exists()


@pytest.mark.skipif(release() < (2, 6, 3), reason="this release of Kea restricts no files")
@pytest.mark.parametrize("parameter", ["outcome-file", "registry-copy"])
def test_row_23_a_reconfiguration_cannot_have_files_written_elsewhere_either(own, tmp_path, parameter):
    own.start()
    path = tmp_path / "elsewhere"
    good = dict(own.hook["parameters"])
    own.hook["parameters"][parameter] = str(path)
    own.configure()
    assert own.server.command("config-reload")["result"] != 0
    assert own.offer_to_stranger(timeout=SILENCE) is None
    refusal = own.log("USER_CHK_HOOK_LOAD_ERROR")[-1].text
    assert f"invalid {parameter}: '{path}', must be in or below {own.server.seen_as}, " in refusal
    assert not path.exists()
    own.hook["parameters"] = good
    own.configure()
    own.server.reload()
    assert own.offer_to_stranger() is not None


@pytest.mark.skipif((2, 6, 3) <= release() < (3, 0), reason="in this release of Kea the restriction cannot be lifted")
def test_row_23_files_may_be_anywhere_where_kea_restricts_none(own, tmp_path):
    if release() >= (3, 0):
        own.server.options = "-X"
    own.record_into(tmp_path / "elsewhere")
    own.hook["parameters"]["registry-copy"] = str(tmp_path / "copy")
    own.start()
    assert own.offer_to_stranger() is not None
    assert own.outcome.text() != ""
    wait_until((tmp_path / "copy").exists, "the copy to be written")
