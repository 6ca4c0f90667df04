# SPDX-License-Identifier: MPL-2.0
"""The outcome file: its bytes, when they are written, and what happens to them on errors."""

from lab.config import NORMAL, RESTRICTED
from lab.outcome import parse
from lab.registry import duid, hw_addr
from lab.tries import SILENCE


def test_record_of_a_hardware_address_is_these_bytes(v4):
    client = v4.client_with(bytes.fromhex("0c0e0a01ff04"))
    v4.registry.write(hw_addr("0c:0e:0a:01:ff:04"))
    lease, _ = v4.offer(client)
    assert v4.outcome.text() == (
        f"id_type=HW_ADDR\nclient=hwtype=1 0c:0e:0a:01:ff:04\naddr={lease}\nregistered=yes\n\n"
    )


def test_record_of_a_duid_is_these_bytes(v6):
    client = v6.client_with(bytes.fromhex("0001000119efe63b000c01020304"), na=[], pd=[1])
    lease, _ = v6.offer(client)
    assert lease.endswith("/56")
    assert v6.outcome.text() == (
        f"id_type=DUID\nclient=00:01:00:01:19:ef:e6:3b:00:0c:01:02:03:04\naddr={lease}\nregistered=no\n\n"
    )


def test_record_is_in_the_file_before_the_response_leaves(either):
    for number in range(1, 51):
        client = either.client()
        lease, _ = either.offer(client)
        assert either.outcome.text().endswith(either.record(client, lease, False))
        assert len(either.outcome.records()) == number


def test_file_is_appended_to_when_the_server_starts_again(own):
    own.start()
    own.offer(own.client())
    own.server.stop()
    first = own.outcome.text()
    own.server.start()
    client = own.client()
    lease, _ = own.offer(client)
    assert len(parse(first)) == 1
    assert own.outcome.text() == first + own.record(client, lease, False)


def test_next_record_after_a_removal_goes_to_a_new_file(either):
    either.offer(either.client())
    either.outcome.path.unlink()
    client = either.client()
    lease, _ = either.offer(client)
    assert either.outcome.path.read_text() == either.record(client, lease, False)


def test_both_servers_share_the_default_files_without_parameters(both_on_defaults):
    v4, v6 = both_on_defaults
    assert v4.registry.path == v6.registry.path and v4.outcome.path == v6.outcome.path
    known4, known6 = v4.client(), v6.client()
    v4.registry.write(hw_addr(known4.id), duid(known6.id))
    wanted = ""
    for world, client, registered in (
        (v4, known4, True),
        (v6, known6, True),
        (v4, v4.client(), False),
        (v6, v6.client(), False),
    ):
        lease, subnet = world.offer(client)
        assert subnet == (NORMAL if registered else RESTRICTED)
        wanted += world.record(client, lease, registered)
    assert v4.outcome.text() == wanted


def test_library_that_packs_the_response_must_not_be_listed_before_ours(own):
    own.hooks.insert(0, own.meddler("pack-responses"))
    own.start()
    client = own.enroll(own.client())
    assert own.ask(client, timeout=SILENCE) is None
    assert any("packet pack already handled" in line.text for line in own.log("HOOKS_CALLOUT_EXCEPTION"))
    assert own.outcome.text() == ""


def test_library_that_packs_the_response_may_be_listed_after_ours(own):
    own.hooks.append(own.meddler("pack-responses"))
    own.start()
    client = own.enroll(own.client())
    lease, subnet = own.offer(client)
    assert subnet == NORMAL
    assert own.outcome.text() == own.record(client, lease, True)
    assert own.log("HOOKS_CALLOUT_EXCEPTION") == []
