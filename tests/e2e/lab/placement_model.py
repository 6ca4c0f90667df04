# SPDX-License-Identifier: MPL-2.0
"""Who is registered, where a client that is not may get leases, and who must, reckoned without the library."""

from collections import namedtuple

# A subnet: `guard` is the class that it is closed to others by, None for none; `says` is what its context says.
Place = namedtuple("Place", "number guard says")
# The subnets behind one relay; `says` is what the context of their shared network says.
Vlan = namedtuple("Vlan", "number places says")

REGISTERED, UNREGISTERED = "USER_CHK_REGISTERED", "USER_CHK_UNREGISTERED"


# Where a registration holds: numbers of subnets, and numbers of VLANs.
Scope = namedtuple("Scope", "numbers vlans")
# A record: the type and the bytes of its id, whether that is a prefix, and where it holds, None for everywhere.
Record = namedtuple("Record", "type id is_prefix scope")


def record_of(identifiers, records):
    """The record that decides on a client, None for none.

    It is that of the first identifier that has one: its own, or else that of the longest prefix. An identifier is a type and bytes.
    """
    for kind, value in identifiers:
        matching = [
            record
            for record in records
            if record.type == kind and (value.startswith(record.id) if record.is_prefix else value == record.id)
        ]
        if matching:
            return max(matching, key=lambda record: (not record.is_prefix, len(record.id)))
    return None


class Model:
    """The places of a server, and what its parameters say."""

    def __init__(self, vlans, parameters):
        self._vlans = vlans
        self._parameters = parameters
        self._numbers = {place.number for vlan in vlans for place in vlan.places}

    @staticmethod
    def holds(scope, vlan):
        """Whether a registration holds behind a relay; where there is no scope, it does everywhere."""
        return scope is None or vlan.number in scope.vlans or any(place.number in scope.numbers for place in vlan.places)

    def holds_by_address(self, scope, number):
        """The same for who renews, past any relay, an address of a subnet: where that is, or may have come from.

        Strangers may hold such an address who came from elsewhere; what holds in all those places does so here.
        """
        here = next(vlan for vlan in self._vlans if any(place.number == number for place in vlan.places))
        origins = [
            vlan
            for vlan in self._vlans
            for place in vlan.places
            if place.number != number and self._restricts_to(self._settings(vlan, place)) == number
        ]
        return self.holds(scope, here) or (bool(origins) and all(self.holds(scope, vlan) for vlan in origins))

    def allowed(self, vlan):
        """The subnets for strangers behind a relay: those that its subnets name, the first open one of them."""
        open_places = [place for place in vlan.places if place.guard != REGISTERED]
        first = min(open_places, key=lambda place: place.number, default=None)
        return self._allowed_from(self._settings(vlan, first) if first else self._parameters)

    def allowed_by_address(self, number):
        """The subnets for strangers who renew, past any relay, an address of a subnet; Kea selects that subnet."""
        for vlan in self._vlans:
            for place in vlan.places:
                if place.number == number and place.guard != REGISTERED:
                    settings = self._settings(vlan, place)
                    restricts = settings.get("unregistered-clients", "restrict") == "restrict"
                    return {number} if restricts and self._is_for_strangers(place) else self._allowed_from(settings)
        return self._allowed_from(self._parameters)

    def served_from(self, vlan, registered):
        """Subnets from which a client must be served while they have room; none where the configuration does not tell.

        Nobody is promised anything where subnets of one network have several minds about the unregistered.
        """
        if registered:
            guards = (None, REGISTERED)
            return {place.number for place in vlan.places if place.guard in guards} - self._all_restricted()
        open_places = [place for place in vlan.places if place.guard != REGISTERED]
        minds = {frozenset(self._allowed_from(self._settings(vlan, place))) for place in open_places}
        if len(minds) != 1:
            return set()
        (allowed,) = minds
        here = {place.number for place in vlan.places}
        if len(allowed) != 1 or not self._is_kept_for_strangers(*allowed):
            return set()
        # A restricted subnet elsewhere: then the subnets here are for everybody, if they are not restricted ones too.
        return set(allowed) if allowed <= here or here.isdisjoint(self._all_restricted()) else set()

    def _all_restricted(self):
        """All subnets that somebody is restricted to, or could be."""
        said = [self._settings(vlan, place) for vlan in self._vlans for place in vlan.places] + [self._parameters]
        return {settings.get("restricted-subnet-id", max(self._numbers)) for settings in said}

    def _is_kept_for_strangers(self, number):
        """Whether strangers may enter a subnet, and no other one of its network invites them away from it."""
        (network,) = (vlan for vlan in self._vlans if any(place.number == number for place in vlan.places))
        guards = {place.number: place.guard for place in network.places}
        return guards.pop(number) != REGISTERED and UNREGISTERED not in guards.values()

    def _settings(self, vlan, place):
        return {**self._parameters, **vlan.says, **place.says}

    def _allowed_from(self, settings):
        return {
            "drop": set(),
            "classify": self._numbers,
            "restrict": {settings.get("restricted-subnet-id", max(self._numbers))},
        }[settings.get("unregistered-clients", "restrict")]

    def _restricts_to(self, settings):
        """The subnet that strangers are restricted to, None when they are not."""
        restricts = settings.get("unregistered-clients", "restrict") == "restrict"
        return settings.get("restricted-subnet-id", max(self._numbers)) if restricts else None

    def _is_for_strangers(self, place):
        return any(
            self._restricts_to(settings) == place.number
            for vlan in self._vlans
            for settings in (self._settings(vlan, other) for other in vlan.places if other != place)
        )
