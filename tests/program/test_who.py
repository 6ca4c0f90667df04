# SPDX-License-Identifier: MPL-2.0
"""Which client had an address: `who` answers from outcome files like someone who has read them all."""

import gzip
import json
import random
import re
import shlex
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest
from histories import FOREVER, START, Held, Model, mac, moment, record, scattered, seconds_of, write

FOUND, NONE, FAILED = 0, 1, 2

PAGE = Path(__file__).resolve().parents[2] / "docs" / "program.md"

ADDRESS = "192.0.2.1"
DUID = "00:01:00:01:19:ef:e6:3b:00:0c:01:02:03:04"
OTHER_DUID = "00:03:00:01:0c:0e:0a:01:ff:04"


@pytest.fixture
def who(program):
    """Asks. Returns the findings of the program, which must be JSON, with its exit status and errors."""

    def ask(*arguments, given=None, status=FOUND, errors=""):
        done = program("who", *arguments, "--json", given=given)
        assert (done.returncode, errors in done.stderr, bool(done.stderr) == bool(errors)) == (status, True, True), done.stderr
        return json.loads(done.stdout)

    return ask


@pytest.fixture
def file(tmp_path):
    """Writes an outcome file."""
    return lambda *lines, name="outcome.txt": write(tmp_path / name, *lines)


def periods(found):
    """Summarizes findings: the last byte of the client, start and latest end in seconds, how it ended."""
    return [
        (int(it["id"][-2:], 16), seconds_of(it["from"]), "until" in it and seconds_of(it["until"]), it["ended"]) for it in found
    ]


# --- each ending ---


def test_lease_that_was_released(who, file):
    path = file(record(0, "offer", 1, ADDRESS), record(1, "ack", 1, ADDRESS), record(500, "release", 1, ADDRESS))
    assert periods(who(ADDRESS, path)) == [(1, 1, 500, "released")]


def test_lease_that_was_declined(who, file):
    path = file(record(0, "ack", 1, ADDRESS), record(5, "decline", 1, ADDRESS))
    assert periods(who(ADDRESS, path)) == [(1, 0, 5, "declined")]


@pytest.mark.parametrize("late", [0.5, 100_000], ids=["soon", "after the server was down"])
def test_lease_that_expired_lasted_as_long_as_its_lifetime_whenever_that_is_recorded(who, file, late):
    path = file(record(0, "ack", 1, ADDRESS), record(3600 + late, "expire", 1, ADDRESS))
    assert periods(who(ADDRESS, path)) == [(1, 0, 3600, "expired")]


def test_lease_without_a_record_of_its_end_lasted_as_long_as_its_lifetime(who, file):
    path = file(record(0, "ack", 1, ADDRESS), record(9000, "ack", 2, ADDRESS, 60))
    assert periods(who(ADDRESS, path)) == [(1, 0, 3600, "lapsed"), (2, 9000, 9060, "lapsed")]


def test_lease_that_another_client_gets_has_ended_by_then(who, file):
    path = file(record(0, "ack", 1, ADDRESS), record(100, "ack", 2, ADDRESS))
    assert periods(who(ADDRESS, path)) == [(1, 0, 100, "given"), (2, 100, 3700, "lapsed")]


def test_lease_for_no_time_takes_it_back(who, file):
    path = file(record(0, "ack", 1, ADDRESS), record(100, "ack", 1, ADDRESS, 0))
    assert periods(who(ADDRESS, path)) == [(1, 0, 100, "revoked")]


def test_lease_that_lasts_is_running(who, file):
    at = round(time.time()) - START - 10
    path = file(record(at, "ack", 1, ADDRESS))
    assert periods(who(ADDRESS, path)) == [(1, at, at + 3600, "running")]


def test_lease_for_ever_has_no_end(who, file):
    path = file(record(0, "ack", 1, ADDRESS, FOREVER))
    assert periods(who(ADDRESS, path)) == [(1, 0, False, "running")]
    assert periods(who(ADDRESS, path, "--at", "2200-01-01T00:00:00Z")) == [(1, 0, False, "running")]


def test_renewals_prolong_a_lease(who, file):
    path = file(*(record(at, "ack", 1, ADDRESS) for at in (0, 1800, 5300)), record(20_000, "ack", 1, ADDRESS))
    found = who(ADDRESS, path)
    assert periods(found) == [(1, 0, 8900, "lapsed"), (1, 20_000, 23_600, "lapsed")]
    assert found[0]["last-granted"] == moment(5300)


def test_client_that_was_enrolled_meanwhile_is_told_as_both(who, file):
    path = file(record(0, "ack", 1, ADDRESS, registered=False), record(100, "ack", 1, ADDRESS))
    found = who(ADDRESS, path)
    assert periods(found) == [(1, 0, 100, "standing-changed"), (1, 100, 3700, "lapsed")]
    assert [it["registered"] for it in found] == [False, True]


def test_client_that_is_recorded_by_another_id_is_the_same_where_that_had_decided(who, file):
    other = {"id_type": "CIRCUIT_ID", "id": "aa:bb"}
    decided = {"matched_type": "CIRCUIT_ID", "matched_id": "aa:bb"}
    path = file(record(0, "ack", 1, ADDRESS, **decided), record(100, "ack", 1, ADDRESS, **other))
    assert periods(who(ADDRESS, path)) == [(1, 0, 3700, "lapsed")]
    path = file(record(0, "ack", 1, ADDRESS), record(90, "expire", 1, ADDRESS, id_type="CLIENT_ID", id="01:02"))
    assert periods(who(ADDRESS, path)) == [(1, 0, 90, "expired")]


def test_offers_and_refusals_are_no_leases(who, file):
    refused = record(3, "refuse", 1, ADDRESS, reason="it is denied")
    path = file(record(0, "offer", 1, ADDRESS), record(1, "advertise", DUID, "2001:db8::1"), refused)
    assert who(ADDRESS, path, status=NONE) == []
    assert who("2001:db8::1", path, status=NONE) == []


# --- the question


def test_only_those_are_told_who_had_it_at_a_time(who, file):
    path = file(record(0, "ack", 1, ADDRESS), record(100, "release", 1, ADDRESS), record(200, "ack", 2, ADDRESS))
    for at, clients in ((-1, []), (0, [1]), (99.9, [1]), (100, []), (200, [2]), (3799, [2]), (3800, [])):
        found = who(ADDRESS, "--at", moment(at), path, status=FOUND if clients else NONE)
        assert [client for client, *_ in periods(found)] == clients, at
    berlin = datetime.fromtimestamp(START, timezone.utc).strftime("2026-03-01T01:00:00+01:00")
    assert len(who(ADDRESS, "--at", berlin, path)) == 1


def test_addresses_that_begin_or_end_alike_are_others(who, file):
    path = file(record(0, "ack", 1, "192.0.2.10"), record(0, "ack", 2, "192.0.2.100"), record(0, "ack", 3, "2.192.0.2"))
    assert periods(who("192.0.2.10", path)) == [(1, 0, 3600, "lapsed")]
    assert who("192.0.2.1", path, status=NONE) == []


def test_prefixes_hold_addresses(who, file):
    path = file(
        record(0, "reply", DUID, "2001:db8:1200::/40"),
        record(1, "reply", OTHER_DUID, "2001:db8:1300::/40"),
        record(2, "reply", OTHER_DUID, "2001:db8:12ff::7"),
    )
    for asked, leases in {
        "2001:db8:1234::1": ["2001:db8:1200::/40"],
        "2001:db8:12ff::7": ["2001:db8:1200::/40", "2001:db8:12ff::7"],
        "2001:DB8:12FF:0:0:0:0:7": ["2001:db8:1200::/40", "2001:db8:12ff::7"],
        "2001:db8:1200::/40": ["2001:db8:1200::/40", "2001:db8:12ff::7"],
        "2001:db8:12ff::/48": ["2001:db8:1200::/40", "2001:db8:12ff::7"],
        "2001:db8::/32": ["2001:db8:1200::/40", "2001:db8:1300::/40", "2001:db8:12ff::7"],
        "2001:db8:13ff:ffff::/64": ["2001:db8:1300::/40"],
        "2001:db8:1400::": [],
    }.items():
        found = who(asked, path, status=FOUND if leases else NONE)
        assert [it.get("prefix", it.get("address")) for it in found] == leases, asked


def test_prefixes_may_end_within_a_byte(who, file):
    path = file(record(0, "reply", DUID, "2001:db8:0:18::/61"), record(1, "ack", 1, "192.0.3.255"))
    for asked, is_held in {
        "2001:db8:0:17:ffff::1": False,
        "2001:db8:0:18::1": True,
        "2001:db8:0:1f:ffff::1": True,
        "2001:db8:0:20::1": False,
        "192.0.2.0/23": True,
        "192.0.4.0/23": False,
        "192.0.2.0/24": False,
    }.items():
        assert len(who(asked, path, status=FOUND if is_held else NONE)) == is_held, asked


def test_networks_of_ipv4_hold_addresses(who, file):
    path = file(record(0, "ack", 1, "192.0.2.7"), record(1, "ack", 2, "192.0.3.7"))
    assert [it["address"] for it in who("192.0.2.0/24", path)] == ["192.0.2.7"]


def test_what_a_client_had(who, file):
    path = file(
        record(0, "ack", 1, ADDRESS),
        record(5, "ack", 2, "192.0.2.2"),
        record(10, "release", 1, ADDRESS),
        record(20, "ack", 1, "192.0.2.2", matched_type="CIRCUIT_ID", matched_id="aa:bb"),
    )
    for client in (["--client", mac(1)], ["--client", mac(1).replace(":", "").upper(), "--type", "HW_ADDR"]):
        found = who(*client, path)
        assert [(it["address"], it["ended"]) for it in found] == [(ADDRESS, "released"), ("192.0.2.2", "lapsed")]
    assert [it["address"] for it in who("--client", "aa:bb", "--type", "CIRCUIT_ID", path)] == ["192.0.2.2"]
    assert who("--client", mac(1), "--type", "CLIENT_ID", path, status=NONE) == []
    assert [it["address"] for it in who("--client", mac(1), "--at", moment(30), path)] == ["192.0.2.2"]


def test_lines_of_other_writers_are_read_too(who, file):
    compact = json.dumps(json.loads(record(0, "ack", 1, ADDRESS)), separators=(",", ":"))
    turned = json.dumps(dict(reversed(json.loads(record(9, "release", 1, ADDRESS)).items())))
    shouted = record(0, "reply", DUID, "2001:DB8:0:0:0:0:0:1")
    path = file(f"{compact}\r\n", f"{turned}\n", shouted)
    assert periods(who(ADDRESS, path)) == [(1, 0, 9, "released")]
    assert [it["address"] for it in who("2001:db8::1", path)] == ["2001:db8::1"]


def test_names_that_look_like_members_are_names(who, file):
    lines = [record(at, "ack", 2, "192.0.2.2", hostname=name) for at, name in enumerate(("address", f'"address": "{ADDRESS}"'))]
    path = file(*lines, record(2, "ack", 1, ADDRESS, hostname='"address"'))
    assert [it["hostname"] for it in who(ADDRESS, path)] == ['"address"']


# --- what cannot be decided


def test_clients_without_a_grant_are_told_beside_those_who_may_have_had_it_then(who, file):
    path = file(record(0, "ack", 1, ADDRESS), record(1800, "release", 2, ADDRESS), record(1900, "ack", 3, ADDRESS))
    found = who(ADDRESS, path)
    assert periods(found) == [(1, 0, 1800, "given"), (2, 0, 1800, "released"), (3, 1900, 5500, "lapsed")]
    assert [len(it["notes"]) for it in found] == [1, 1, 0]
    assert "its grant is not in the files" in found[1]["notes"][0]
    several = who(ADDRESS, path, "--at", moment(900), errors=f"several clients may have had {ADDRESS} then")
    assert {client for client, *_ in periods(several)} == {1, 2}


def test_expiry_of_a_lease_whose_grant_is_in_no_file_is_told(who, file):
    found = who(ADDRESS, file(record(10_000, "expire", 1, ADDRESS)))
    assert periods(found) == [(1, 6400, 10_000, "expired")]
    assert len(found[0]["notes"]) == 1


def test_hour_that_was_there_twice_has_two_holders(who, file):
    path = file(
        record(0, "ack", 1, ADDRESS),
        record(3600, "release", 1, ADDRESS),
        record(3601, "ack", 2, ADDRESS),
        record(10, "release", 2, ADDRESS),  # an hour before
        record(20, "ack", 3, ADDRESS),
        record(3600, "ack", 3, ADDRESS),
    )
    note = "the server's clock was set back"
    for at, clients in ((5, {1}), (100, {1, 3}), (3600.5, {3}), (3601, {2, 3}), (3605, {3}), (7000, {3})):
        several = f"several clients may have had {ADDRESS} then" if len(clients) > 1 else ""
        found = who(ADDRESS, path, "--at", moment(at), errors=several)
        assert {client for client, *_ in periods(found)} == clients, at
        assert all(note in it["notes"][0] for it in found if len(clients) > 1)


def test_files_that_were_put_together_in_the_wrong_order_are_read_like_others(who, file):
    old = [record(0, "ack", 1, ADDRESS), record(10, "ack", 1, ADDRESS)]
    new = [record(900, "release", 1, ADDRESS), record(1000, "ack", 2, ADDRESS)]
    found = who(ADDRESS, file(*new, *old))
    assert periods(found) == [(1, 0, 900, "released"), (2, 1000, 4600, "lapsed")]
    assert [it["notes"] for it in found] == [[], []]


def test_servers_of_a_pair_may_differ_a_little(who, file):
    one = file(record(0, "ack", 1, ADDRESS), record(100.5, "release", 1, ADDRESS), name="one")
    other = file(record(100.2, "ack", 2, ADDRESS), name="other")
    assert periods(who(ADDRESS, one, other)) == [(1, 0, 100.2, "released"), (2, 100.2, 3700.2, "lapsed")]


# --- files ---


def test_order_of_the_files_does_not_matter_nor_that_one_is_there_twice(who, file):
    old = file(record(0, "ack", 1, ADDRESS), name="outcome.txt.2.gz")
    middle = file(record(1800, "ack", 1, ADDRESS), record(1900, "release", 1, ADDRESS), name="outcome.txt.1")
    new = file(record(2000, "ack", 2, ADDRESS))
    expected = [(1, 0, 1900, "released"), (2, 2000, 5600, "lapsed")]
    for files in ([old, middle, new], [new, middle, old], [middle, old, new, middle, old]):
        assert periods(who(ADDRESS, *files)) == expected


def test_standard_input(who):
    assert periods(who(ADDRESS, "-", given=record(0, "ack", 1, ADDRESS))) == [(1, 0, 3600, "lapsed")]


def test_lines_that_are_no_records_are_counted_and_do_not_end_the_search(who, file):
    whole = record(0, "ack", 1, ADDRESS)
    path = file(whole, "\n", whole[:100] + "\n", "<13>Mar  1 kea: noise\n", "x" * 3_000_000 + "\n", record(50, "ack", 2, ADDRESS))
    errors = f"first: {path}:3\n"
    assert periods(who(ADDRESS, path, errors=errors)) == [(1, 0, 50, "given"), (2, 50, 3650, "lapsed")]
    path = file(whole, whole.replace('"valid', "valid"))
    assert len(who(ADDRESS, path, errors=f"first: {path}:2\n")) == 1


def test_last_line_without_an_end_counts_when_it_is_whole(who, file):
    whole = record(0, "ack", 1, ADDRESS)
    assert len(who(ADDRESS, file(whole.rstrip("\n")))) == 1
    assert len(who(ADDRESS, file(whole, whole.rstrip("\n}")), errors="1 line is ")) == 1


def test_file_in_the_text_format_is_named_with_what_it_would_need(who, file):
    text = f"id_type=HW_ADDR\nclient=hwtype=1 {mac(1)}\naddr={ADDRESS}\nregistered=yes\n\n"
    old, new = file(text, name="outcome.txt.1"), file(record(0, "ack", 1, ADDRESS))
    errors = f'{old}: is in the text format, '
    assert who(ADDRESS, old, status=FAILED, errors=errors) == []
    assert len(who(ADDRESS, old, new, status=FAILED, errors=errors)) == 1
    changed = file(text, record(0, "ack", 1, ADDRESS))
    assert len(who(ADDRESS, changed, errors=f"first: {changed}:1")) == 1


def test_file_that_is_not_there_is_named_and_the_others_are_read(who, file, tmp_path):
    absent, there = tmp_path / "absent", file(record(0, "ack", 1, ADDRESS))
    errors = f"{absent}: No such file or directory\n"
    assert len(who(ADDRESS, absent, there, status=FAILED, errors=errors)) == 1
    assert who(ADDRESS, tmp_path, status=FAILED, errors=f"{tmp_path}: ") == []


def test_compressed_file_that_is_cut_off_is_read_as_far_as_it_goes(who, tmp_path):
    chance = random.Random(1)
    lines = [record(at, "ack", 1, ADDRESS, hostname=f"{chance.random()}") for at in range(2000)]
    whole = gzip.compress("".join(lines).encode())
    path = tmp_path / "outcome.gz"
    path.write_bytes(whole[: len(whole) // 2])
    found = who(ADDRESS, path, status=FAILED, errors=f"{path}: is cut off in the middle of its compressed data\n")
    assert 100 < seconds_of(found[0]["last-granted"]) < 1900
    broken = bytearray(whole)
    broken[-6] ^= 1
    path.write_bytes(broken)
    assert periods(who(ADDRESS, path, status=FAILED, errors=f"{path}: its compressed data is damaged\n"))[0][0] == 1


def test_files_of_other_compressors_are_named_with_what_reads_them(who, tmp_path):
    path = tmp_path / "outcome.xz"
    path.write_bytes(b"\xfd7zXZ\0 and so on")
    who(ADDRESS, path, status=FAILED, errors=f": xzcat {path} | kea-user-chk")


# --- the table, the documents, and wrong usage


def test_examples_of_the_documents_are_what_the_program_prints(program, file):
    page = PAGE.read_text(encoding="utf-8").split("\n## kea-user-chk who\n")[1].split("\n## ")[0]
    records, *examples = re.findall(r"^```\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    file(records, name="user_chk_outcome.txt.1")
    assert len(examples) == 3
    for example in examples:
        command, _, printed = example.partition("\n")
        call, *arguments = shlex.split(command.removeprefix("$ "))
        done = program(*arguments)
        assert (call, done.stdout, done.stderr) == ("kea-user-chk", printed, ""), command


def test_table_for_people(program, file):
    path = file(record(0, "ack", 1, ADDRESS, FOREVER, hostname="cam\x1b[31mera"), record(7, "ack", 2, "192.0.2.2"))
    done = program("who", "192.0.2.0/24", path)
    assert (done.returncode, done.stderr) == (FOUND, "")
    heads, *rows = done.stdout.splitlines()
    assert heads.split() == "LEASE FROM UNTIL AT THE LATEST ENDED CLIENT REGISTERED SUBNET HOST NAME NOTE".split()
    assert [row.split()[:3] for row in rows] == [[ADDRESS, moment(0), "never"], ["192.0.2.2", moment(7), moment(3607)]]
    assert "\x1b" not in done.stdout


def test_nobody_is_told_on_standard_error(program, file):
    done = program("who", "192.0.2.9", file(record(0, "ack", 1, ADDRESS)))
    assert (done.returncode, done.stdout) == (NONE, "")
    assert done.stderr.startswith("kea-user-chk: ")


@pytest.mark.parametrize(
    "arguments, reason",
    [
        ([], "ADDRESS or --client"),
        ([ADDRESS], "FILE"),
        (["192.0.2"], "'192.0.2', must be an address or a prefix"),
        (["2001:db8::/129", "x"], "'2001:db8::/129', must be an address or a prefix"),
        ([ADDRESS, "--at", "yesterday", "x"], "--at: 'yesterday', "),
        (["--client", "0c:0e:*", "x"], "--client: '0c:0e:*', must be the id of one client"),
        (["--client", "0c0e0", "x"], "0c0e0"),
        (["--client", "0c0e", "--type", "MAC", "x"], "MAC"),
        ([ADDRESS, "--type", "DUID", "x"], "--client"),
    ],
)
def test_wrong_usage(program, arguments, reason):
    done = program("who", *arguments)
    assert (done.returncode, done.stdout) == (FAILED, "")
    assert reason in done.stderr


# --- random histories


def asked_at(model, chance, count):
    """Returns times to ask for: random ones, and those of records."""
    recorded = [seconds_of(json.loads(line)["time"]) for line in chance.sample(model.lines, count // 2)]
    return recorded + [round(chance.uniform(0, model.now), 3) for _ in range(count // 2)]


def told(found):
    return {it["id"] for it in found}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("with_ends", [True, False], ids=["lifecycle", "leases"])
def test_answer_is_that_of_the_model(who, tmp_path, seed, with_ends):
    chance, model = random.Random(seed), Model(seed, with_ends)
    files = scattered(tmp_path, model.lines, chance)
    for address in model.ADDRESSES:
        found = who(address, *files)
        expected = model.held(address) if with_ends else model.held_at_most(address)
        assert [Held(*(it[name] for name in ("id", "from", "until", "ended", "registered")), None) for it in found] == [
            held._replace(begin=moment(held.begin), end=moment(held.end), latest=None) for held in expected
        ]
        assert len(found) > 10 and all(it["notes"] == [] for it in found)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("with_ends", [True, False], ids=["lifecycle", "leases"])
def test_answer_for_a_time_is_that_of_the_model_whatever_the_clock_did(program, tmp_path, seed, with_ends):
    chance, model = random.Random(seed), Model(seed, with_ends, steps=2)
    path = write(tmp_path / "outcome.txt", *model.lines)
    others = write(tmp_path / "other.gz", record(model.now, "ack", 1, "192.0.2.99"))
    for address in model.ADDRESSES:
        for at in asked_at(model, chance, 10):
            done = program("who", address, "--at", moment(at), others, path, "--json")
            found, true = told(json.loads(done.stdout)), model.holders(address, at)
            assert true <= found, (address, at)
            if with_ends and not model.is_doubtful(at):
                assert found == true, (address, at)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("with_ends", [True, False], ids=["lifecycle", "leases"])
def test_answer_has_whom_the_model_had_by_the_lines_that_are_left(program, tmp_path, seed, with_ends):
    chance, model = random.Random(seed), Model(seed, with_ends)
    left, written, torn = [], [], 0
    for line in model.lines:
        fate = chance.random()
        if fate < 0.7:
            left.append(line)
            written.append(line)
        elif fate < 0.85:
            written.append(line[: chance.randrange(1, len(line) - 2)] + "\n")
            torn += 1
    files = scattered(tmp_path, written, chance)
    told_of = 0
    for address in model.ADDRESSES:
        for at in asked_at(model, chance, 10):
            done = program("who", address, "--at", moment(at), *files, "--json")
            must = model.must_be_found(address, at, left)
            assert must <= told(json.loads(done.stdout)), (address, at)
            assert f" {torn} lines are " in done.stderr
            told_of += len(must)
    assert told_of > 5
