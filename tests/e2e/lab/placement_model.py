# SPDX-License-Identifier: MPL-2.0
"""A model, independent of the library, of who is registered, and where clients may, and must, get leases."""

from collections import namedtuple

# A subnet: `guard` is the class that guards it, None for none; `says` is its user context.
Place = namedtuple("Place", "number guard says")
# The subnets behind one relay; `says` is the user context of their shared network.
Vlan = namedtuple("Vlan", "number places says")

REGISTERED, UNREGISTERED = "USER_CHK_REGISTERED", "USER_CHK_UNREGISTERED"


# Where a registration is valid: numbers of subnets, and numbers of VLANs.
Scope = namedtuple("Scope", "numbers vlans")
# A record: the type and the bytes of its id, whether that is a prefix, and where it is valid, None for everywhere.
Record = namedtuple("Record", "type id is_prefix scope")


def record_of(identifiers, records):
    """Returns the record that decides on a client, None for none.

    It is the record of the first identifier that has one: an exact match, or else the longest prefix. An identifier is a
    type and bytes.
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
    """The subnets and networks of a server, and the library's parameters."""

    def __init__(self, vlans, parameters):
        self._vlans = vlans
        self._parameters = parameters
        self._numbers = {place.number for vlan in vlans for place in vlan.places}

    @staticmethod
    def holds(scope, vlan):
        """Whether a registration is valid behind a relay; without a scope, it is valid everywhere."""
        return scope is None or vlan.number in scope.vlans or any(place.number in scope.numbers for place in vlan.places)

    def holds_by_address(self, scope, number):
        """The same for a client that renews an address past any relay: where the address belongs, or may have come from.

        An unregistered client that was moved may hold such an address; the registration must be valid in all those places.
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
        """Returns the subnets for unregistered clients behind a relay: those that its subnets name, the first open one."""
        open_places = [place for place in vlan.places if place.guard != REGISTERED]
        first = min(open_places, key=lambda place: place.number, default=None)
        return self._allowed_from(self._settings(vlan, first) if first else self._parameters)

    def allowed_by_address(self, number):
        """Returns the subnets for unregistered clients that renew an address past any relay; Kea selects its subnet."""
        for vlan in self._vlans:
            for place in vlan.places:
                if place.number == number and place.guard != REGISTERED:
                    settings = self._settings(vlan, place)
                    restricts = settings.get("unregistered-clients", "restrict") == "restrict"
                    return {number} if restricts and self._is_for_strangers(place) else self._allowed_from(settings)
        return self._allowed_from(self._parameters)

    def served_from(self, vlan, registered):
        """Returns subnets from which a client must be served while they have room; none if the configuration does not tell.

        Nothing is promised if the subnets of one network treat unregistered clients differently.
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
        # The restricted subnet is elsewhere: then the subnets here are for everyone, unless they are restricted ones
        # too.
        return set(allowed) if allowed <= here or here.isdisjoint(self._all_restricted()) else set()

    def _all_restricted(self):
        """Returns all subnets that someone is restricted to, or could be."""
        said = [self._settings(vlan, place) for vlan in self._vlans for place in vlan.places] + [self._parameters]
        return {settings.get("restricted-subnet-id", max(self._numbers)) for settings in said}

    def _is_kept_for_strangers(self, number):
        """Whether unregistered clients may enter a subnet, and no other one of its network attracts them away from it."""
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
        """Returns the subnet that unregistered clients are restricted to, None when they are not."""
        restricts = settings.get("unregistered-clients", "restrict") == "restrict"
        return settings.get("restricted-subnet-id", max(self._numbers)) if restricts else None

    def _is_for_strangers(self, place):
        return any(
            self._restricts_to(settings) == place.number
            for vlan in self._vlans
            for settings in (self._settings(vlan, other) for other in vlan.places if other != place)
        )
