# SPDX-License-Identifier: MPL-2.0
"""20,000 exchanges recorded in one file: as many records as responses were sent, and every one whole."""

import time
from collections import Counter

from lab.clients import perfdhcp, perfdhcp_ids
from lab.config import RELAYED
from lab.outcome import grant_of
from lab.process import at_once, wait_until

EXCHANGES = 10_000  # at a rate that a busy machine completes too

# The responses of a four-way exchange, and how many leases each grants: the DHCPv6 clients also request a prefix.
RESPONSES = {4: ("offer", "ack"), 6: ("advertise", "reply")}
LEASES = {4: 1, 6: 2}


def test_every_response_of_two_busy_servers_is_recorded_once_in_their_one_file(make_both, form):
    """Ten thousand exchanges of each, of which some get lost on a busy machine; so Kea and perfdhcp count them too."""
    both = make_both()
    for world in both:
        world.record_as(form)
        world.server.quiet = True
        world.start()
    received = at_once(*(lambda world=world: exchange(world) for world in both))

    sent = wait_until(lambda: sent_for_good(both), "the servers to answer what is still in their queues", timeout=60)
    outcome = both[0].outcome
    records = outcome.objects() if form == "json" else outcome.records()
    grants = [grant_of(record) for record in records]
    for world, responses in zip(both, received):
        expected = sum(sent[name] for name in RESPONSES[world.family])
        assert EXCHANGES < responses <= expected
        ids = set(perfdhcp_ids(world.family, EXCHANGES))
        assert sum(grant.client in ids for grant in grants) == LEASES[world.family] * expected
    if form == "json":
        told = {(record["message"], record["transaction-id"], grant) for record, grant in zip(records, grants)}
        assert len(told) == len(records)
        responses = {(message, transaction, grant.client) for message, transaction, grant in told}
        assert Counter(message for message, _, _ in responses) == sent


def sent_for_good(both):
    """Returns how many responses of each kind the servers have sent, if they have nothing more to send."""

    def sent():
        return {
            name: world.server.statistic(f"pkt{world.family}-{name}-sent")
            for world in both
            for name in RESPONSES[world.family]
        }

    before = sent()
    time.sleep(0.5)
    return before if sent() == before else None


def exchange(world):
    """Runs all exchanges of a server. Returns how many responses its clients received."""
    host = world.lan.plug(address4=f"10.{RELAYED}.0.1/16")
    leases = "-e address-and-prefix" if world.family == 6 else ""
    return perfdhcp(host, world.family, clients=EXCHANGES, more=leases)
