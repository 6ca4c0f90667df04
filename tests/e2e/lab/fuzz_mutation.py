# SPDX-License-Identifier: MPL-2.0
"""Corrupts the bytes of a query in the ways of broken and hostile clients."""


def mutated(rng, data, other=b""):
    """Returns a copy with one to four faults; a piece of `other`, another query, may be inserted."""
    spoiled = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4])):
        if not spoiled:
            break
        rng.choice(_FAULTS)(rng, spoiled, other)
    return bytes(spoiled)


def _flip(rng, data, _):
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _set(rng, data, _):
    data[rng.randrange(len(data))] = rng.choice([0, 1, 255, rng.randrange(256)])


def _cut(rng, data, _):
    del data[rng.randrange(len(data)) :]


def _remove(rng, data, _):
    start = rng.randrange(len(data))
    del data[start : start + rng.randint(1, 16)]


def _repeat(rng, data, _):
    start = rng.randrange(len(data))
    data[start:start] = data[start : start + rng.randint(1, 64)]


def _insert(rng, data, _):
    start = rng.randrange(len(data) + 1)
    data[start:start] = rng.randbytes(rng.randint(1, 16))


def _splice(rng, data, other):
    if other:
        start = rng.randrange(len(other))
        piece = other[start : start + rng.randint(1, 64)]
        where = rng.randrange(len(data))
        data[where : where + len(piece)] = piece


_FAULTS = [_flip, _flip, _set, _set, _set, _cut, _remove, _repeat, _insert, _splice]
