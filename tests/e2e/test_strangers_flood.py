# SPDX-License-Identifier: MPL-2.0
"""Ten unregistered clients keep trying, while made-up clients flood the server: the ten stay listed."""

import itertools

from lab import clients
from lab.config import RELAYED
from lab.control import ask

MADE_UP = 100_000
CROWD = 20_000


def statistic(world, name):
    name = f"user-chk.{name}"
    return world.server.command("statistic-get", name=name)["arguments"][name][0][0]


def test_ten_who_keep_trying_are_found_among_a_hundred_thousand_made_up_clients(own):
    own.hook["parameters"]["unregistered-clients"] = "drop"  # for maximum speed
    own.start()
    host = own.lan.plug(address4=f"10.{RELAYED}.0.1/16")
    real = [own.client() for _ in range(10)]
    for crowd in itertools.count():
        for client in real:
            assert own.ask(client, timeout=0.05) is None
        answer = ask(own.server, "strangers", {"limit": 10000}).arguments
        if answer["pushed-out"] + answer["kept"] >= MADE_UP:
            break
        clients.perfdhcp(host, own.family, clients=CROWD, rate=8000, crowd=crowd)
    listed = {stranger["id"]: stranger for stranger in answer["strangers"]}
    # The first crowd pushed them out; they were recognized when they came back, and stayed. A few may have been
    # forgotten by then, since their places in Newcomers were taken; those were recognized one crowd later.
    assert all(listed[client.id]["queries"] >= crowd - 1 for client in real)
    assert len(listed) == answer["kept"] == statistic(own, "strangers") == 1000
