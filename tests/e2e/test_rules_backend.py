# SPDX-License-Identifier: MPL-2.0
"""Option definitions in a configuration backend: attributes use them like all others."""

import pytest

from lab import backend
from lab.kea import release
from lab.process import wait_until
from lab.rules import mark, mark_of

REMARK = "USER_CHK_REGISTRY_REMARK"

pytestmark = [
    pytest.mark.skipif(not backend.is_there(), reason="needs PostgreSQL and Kea's backend for it"),
    pytest.mark.unexplained,
]


def badge_of(world, client):
    response = world.acquire(client)
    assert mark_of(world, response) == "kept"
    return response.text(222)


def test_definition_that_a_backend_has_is_known_from_the_start_and_a_new_one_when_it_comes(own):
    if own.family == 6 and release() < (2, 3):
        pytest.skip("Kea 2.2's statements for DHCPv6 are not such as PostgreSQL 15 takes")
    with backend.Backend() as database:
        database.define_option(own.family, "badge", 222)
        database.serve(own)
        first = own.enroll(own.client(), **{"option.badge": "blue"}, **mark(own, "kept"))
        second = own.enroll(own.client(), **{"option.pin": "0042"}, **mark(own, "kept"))
        own.start()
        assert badge_of(own, first) == "blue"
        assert own.acquire(second).text(223) is None
        database.define_option(own.family, "pin", 223)
        wait_until(lambda: own.acquire(second).text(223) == "0042", "the server to look into the database", timeout=20)
        assert badge_of(own, first) == "blue"
        own.server.reload()
        assert badge_of(own, first) == "blue"
        own.server.stop()
