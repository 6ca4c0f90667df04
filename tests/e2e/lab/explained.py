# SPDX-License-Identifier: MPL-2.0
"""Compares explanations with reality: what `user-chk-explain` says before a query, and what the query then gets.

What cannot be determined from a client and a subnet is not compared. In a shared network, Kea's allocation engine may
move from the selected subnet to its siblings on the same side, so an unrestricted client may get a lease of any of them.
A client that requests a particular lease, or renews one, need not get an answer. A DHCPv4 client that renews an
address past the relay may be considered to be where the address belongs, and be registered there because of where it
may come from.
"""

import ipaddress
from collections import namedtuple

from scapy.layers.dhcp6 import DHCP6_Solicit

from lab import dhcp4, dhcp6
from lab.config import subnet_of
from lab.control import ID_TYPE, SUCCESS, ask
from lab.kea_selection import Selection, Way
from lab.rules import timers4, timers6

# Options that every response has: those of the exchange, of the lease, of the client.
KEAS_OWN = {4: {1, 12, 51, 53, 54, 58, 59, 61, 81, 82}, 6: {1, 2, 3, 7, 13, 14, 25, 39}}
VENDOR_OPTION = {4: dhcp4.VENDOR_OPTS, 6: dhcp6.VENDOR_OPTS}
# What the boot attributes set in a DHCPv6 response with an option of that vendor.
BOOT_CODES = {dhcp6.DOCSIS_TFTP_SERVERS, dhcp6.DOCSIS_CONFIG_FILE}

A_MINUTE = 60  # how much time may have passed since Kea extended a lease

# What is said of a client, where Kea selects the subnet `selected`; `says` is None when nothing can be said.
Explanation = namedtuple("Explanation", "says text selected")


def explain(world, client, **more):
    """Returns the answer to the command, for a client."""
    who = {"type": ID_TYPE[world.family], "id": client.id}
    if client.identifiers:
        who = {"identifiers": [{"type": kind, "id": value.hex(":")} for kind, value in client.identifiers]}
    return ask(world.server, "explain", {**who, **more})


def watched(client_with, counts):
    """World.client_with() for clients whose queries are explained beforehand and compared with their answers.

    `counts` counts the queries of each kind.
    """

    def make(world, identifier, wire=None, **how):
        client = client_with(world, identifier, wire, **how)
        relay = how.get("relay") or next(iter(how.get("relays", ())), None)
        relay = relay[0] if isinstance(relay, tuple) else relay  # the other one is its options
        send = client.exchange

        def exchange(kind, *options, timeout=5, **content):
            way = Way(relay, content.get("ciaddr") if content.get("unicast") else None)
            query = _Query(world, client, way, _names_no_lease(kind, options, content))
            return query.ask(lambda patience: send(kind, *options, timeout=patience, **content), timeout, counts)

        if identifier:
            client.exchange = exchange
        return client

    return make


def _names_no_lease(kind, options, content):
    """Whether this is a client's first query."""
    return (kind == dhcp4.DISCOVER and not options) or (kind is DHCP6_Solicit and content.get("leases") is None)


class _Query:
    """A query of a client, not yet sent."""

    def __init__(self, world, client, way, is_first):
        self._world, self._client, self._way, self._is_first = world, client, way, is_first
        self._selection = Selection(world.server)

    def ask(self, send, timeout, counts):
        """Sends the query and returns the answer, after checking that it is as explained."""
        before = self._explain()
        promised = self._is_promised(before)
        answer = send(max(timeout, 5) if promised else timeout)  # tests may not wait for a late answer
        after = self._explain()
        if _what_lasts(before) != _what_lasts(after):  # a time was reached, or another registry loaded, meanwhile
            counts["changed"] += 1
            return answer
        if self._is_elsewhere(before):
            counts["out of a scope that no subnet tells"] += 1
            return answer
        counts[self._compare(before, after, promised, answer)] += 1
        return answer

    def _explain(self):
        """Looks at the subnet that Kea selects with the classes that the client is said to have on its link."""
        link = self._selection.link(self._way)
        told = explain(self._world, self._client, **({"subnet-id": link.id} if link else {}))
        classes = told.arguments["client-classes"] if told.result == SUCCESS else []
        selected = self._selection.of(self._way, classes)
        is_within = told.result != SUCCESS or told.arguments["standing"] != "out-of-scope"
        if selected is not None:
            told = explain(self._world, self._client, **{"subnet-id": selected.id})
        elif is_within:
            told = explain(self._world, self._client)
        return Explanation(told.arguments if told.result == SUCCESS else None, told.text, selected)

    def _is_elsewhere(self, told):
        """Whether the client is said to be out of scope because of a subnet other than the one that Kea selects there."""
        is_out = told.says is not None and told.says["standing"] == "out-of-scope"
        return is_out and (told.selected is None or self._way.address is not None)

    def _place(self, told):
        """Returns the subnet that the client is said to be in, None for none."""
        if "subnet" not in told.says:
            return None
        place = self._selection.subnet(told.says["subnet"]["id"])
        assert told.says["subnet"]["subnet"] == place.text
        return place

    def _is_promised(self, told):
        """Whether there must be an answer with leases, since only what is explained decides that."""
        place = told.says and self._place(told)
        if not self._is_first or not place or self._is_elsewhere(told):
            return False
        wanted = {"pools": [1], "pd-pools": []}
        if self._world.family == 6:
            wanted = {"pools": self._client.na, "pd-pools": self._client.pd}
        classes = self._classes(told, place)
        places = self._selection.siblings(place, classes)
        if told.says["placement"] == "restricted" and places != [place]:
            return False  # Kea may find a lease in a sibling for which the configuration has its own guards
        return all(any(each.has_pool_for(classes, kind) for each in places) for kind in wanted if wanted[kind])

    def _classes(self, told, place):
        """Returns the classes of the client, including those of its side."""
        return self._selection.with_side(told.says["client-classes"], place, told.says["placement"] == "restricted")

    def _leases(self, answer):
        return [lease for lease in answer.leases if lease != "0.0.0.0"] if answer else []

    def _compare(self, told, later, promised, answer):
        """Returns what kind of query this was."""
        leases = self._leases(answer)
        assert leases or not promised, told
        if told.says is None:
            assert answer is None, told
            return "not explained"
        if told.says["placement"] == "dropped":
            assert answer is None, told
        self._compare_subnets(told, leases)
        if leases or (self._world.family == 4 and answer and answer.type == dhcp4.ACK):
            self._compare_content(told, answer)
            self._compare_lifetimes(told, later, answer)
            self._compare_record(told)
        return told.says["placement"], "granted" if leases else "not granted"

    def _compare_subnets(self, told, leases):
        place, placement = self._place(told), told.says["placement"]
        classes, allowed = self._classes(told, place), [place]
        if placement == "selected":
            assert place is told.selected, told
            allowed = self._selection.siblings(place, classes)
        elif self._way.address:
            allowed.append(told.selected)
        for lease in leases:
            subnet = self._selection.subnet(subnet_of(lease))
            assert subnet in allowed, (lease, told)
            assert not subnet.closes_pool_of(lease, classes), (lease, told)

    def _compare_content(self, told, answer):
        says, config = told.says, self._selection.config
        sent = self._selection.options(self._place(told), says["client-classes"])
        _compare_options(self._world.family, says, answer, sent)
        _compare_vendors(self._world.family, says, answer, sent)
        if self._world.family == 4:
            assert answer.siaddr == says.get("next-server", config.get("next-server")), told
            assert answer.file == says.get("boot-file-name", config.get("boot-file-name")), told

    def _compare_lifetimes(self, told, later, answer):
        most, least = (each.says.get("valid-lifetime-at-most") for each in (told, later))
        usual = self._selection.shortest_lifetime(told.says["client-classes"]) - A_MINUTE
        timers = [timers4(answer)] if self._world.family == 4 else timers6(answer)
        for valid in (each.valid for each in timers if each.valid):
            # A lease that the server reuses ends on a whole second, so it may have one second less.
            assert valid >= (usual if least is None else min(least - 1, usual)), (valid, told)
            assert most is None or valid <= most, (valid, told)

    def _compare_record(self, told):
        """Checks that the client's last record is that of this answer."""
        grants = [grant for grant in self._world.outcome.grants() if grant.client == self._client.id]
        assert grants[-1].registered == told.says["registered"], told


def _what_lasts(told):
    """Returns what does not depend on the current second."""
    return told.says and {name: value for name, value in told.says.items() if name != "valid-lifetime-at-most"}


def _compare_options(family, says, answer, sent):
    """Checks that the answer has what is explained, and otherwise what Kea is configured to send."""
    own = [option for option in sent if option.space == f"dhcp{family}"]
    explained = {option["code"]: _data(option) for option in says["options"]}
    explained.pop(VENDOR_OPTION[family], None)
    given = {code: data for code, data in answer.options.items() if code != VENDOR_OPTION[family]}
    assert {code: given.get(code) for code in explained} == explained, says
    _compare_rest(given, {*explained, *KEAS_OWN[family]}, own, says)
    assert {option.code for option in own if option.always} <= set(answer.options), says


def _compare_vendors(family, says, answer, sent):
    """The same for the options of enterprises."""
    given = answer.vendors()
    for enterprise, explained in _vendors(family, says).items():
        options = given.get(enterprise, {})
        if family == 6 and enterprise == dhcp6.DOCSIS and enterprise not in given:
            explained = {code: data for code, data in explained.items() if code not in BOOT_CODES}
        assert {code: options.get(code) for code in explained} == explained, says
    for enterprise, options in given.items():
        own = [option for option in sent if option.space == f"vendor-{enterprise}"]
        _compare_rest(options, _vendors(family, says).get(enterprise, {}), own, says)


def _compare_rest(given, known, sent, says):
    """Checks that all options of an answer are known, or as Kea is configured to send them."""
    for code, data in given.items():
        values = [_packed(option.text) for option in sent if option.code == code]
        assert code in known or data in values, (code, data, says)


def _vendors(family, says):
    """Returns the options of each enterprise by their codes, like Response.vendors()."""
    vendors = [option for option in says["options"] if option["code"] == VENDOR_OPTION[family]]
    return {
        int.from_bytes(_data(vendor)[:4], "big"): {option["code"]: _data(option) for option in vendor["options"]}
        for vendor in vendors
    }


def _data(option):
    return bytes.fromhex(option["data"].removeprefix("0x"))


def _packed(text):
    """Returns the value of an option that is configured as addresses or as text."""
    try:
        return b"".join(ipaddress.ip_address(part.strip()).packed for part in text.split(","))
    except ValueError:
        return text.encode()
