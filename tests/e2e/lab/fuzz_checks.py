# SPDX-License-Identifier: MPL-2.0
"""Checks of all answers to random queries: nothing leaks, and the records match exactly what was granted."""

import time
from collections import Counter

from lab import config

_NOTHING = ("0.0.0.0", "::")


def leaks(layout, standing, answered):
    """Finds grants to unregistered clients outside of their restricted subnets, and answers to denied clients.

    `standing` returns what the registry says of a client; `answered` has pairs of query and answer.
    """
    for query, answer in answered:
        says = standing.get(answer.client)
        if says == "deny":
            yield f"answered, though denied: {told(answer)}"
        granted = {config.subnet_of(lease) for lease in answer.leases if lease not in _NOTHING}
        link = query.link if query else None
        if layout.keeps_reservation(link, answer.client, says == "allow"):
            continue
        if says != "allow" and not granted <= layout.allowed(link):
            where = f"on {link.name} of {sorted(link.subnets)}" if link else "somewhere"
            yield f"leak: {told(answer)} {where}, may have {sorted(layout.allowed(link))}"
        if says == "allow" and not layout.wild and link and granted & {link.own}:
            yield f"registered, in the restricted subnet: {told(answer)} on {link.name} of {sorted(link.subnets)}"


def told(answer):
    """Formats an answer, as far as a finding needs it."""
    return f"{answer.name} got {', '.join(answer.leases)} in message {answer.kind}"


def unlike(world, standing, answers, events, patience=3):
    """Returns how the outcome file differs from what was granted; waits for servers that are not done."""
    wanted, kinds = Counter(), {}
    for answer in answers:
        if answer.name is not None and _is_recorded(world.family, answer, events):
            flag = standing.get(answer.client) == "allow"
            wanted.update((answer.name, lease, flag) for lease in answer.leases)
            kinds.setdefault(answer.name, set()).add(answer.kind)
    deadline = time.monotonic() + patience
    while (found := _recorded(world)) != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    yield from (f"not recorded: {count} x {each} in messages {kinds[each[0]]}" for each, count in (wanted - found).items())
    yield from (f"recorded, not granted: {count} x {each}" for each, count in (found - wanted).items())


def _is_recorded(family, answer, events):
    if events == "all":
        return True
    if family == 6:
        return answer.kind == 7
    return answer.kind in (5, None) and answer.leases != ["0.0.0.0"]


def _recorded(world):
    """Returns the records as counts of (client, lease, registered)."""
    if world.outcome.form == "text":
        return Counter((each.client, each.addr, each.registered == "yes") for each in world.outcome.records())
    found = Counter()
    for each in world.outcome.objects():
        name = f"hwtype={each['hw-type']} {each['id']}" if world.family == 4 else each["id"]
        found[name, each.get("address", each.get("prefix")), each["registered"]] += 1
    return found


def complaints(world):
    """Returns errors of the library, and failures of its callouts, since begin()."""
    index = world.hooks.index(world.hook) + 1
    for line in world.log():
        ours = line.logger.endswith(".user_chk") and line.level in ("ERROR", "FATAL")
        callout = line.id.startswith("HOOKS_CALLOUT") and f"library with index {index} " in line.text
        if ours or callout:
            yield f"logged: {line.level} {line.id} {line.text[:300]}"
