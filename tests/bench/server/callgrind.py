# SPDX-License-Identifier: MPL-2.0
"""Reads a dump of callgrind, and finds out what the callouts of a hook spend their instructions on."""

import re
from collections import defaultdict

_CALLOUTS = ("pkt4_receive", "subnet4_select", "pkt4_send")
_LEAST = 50  # the minimum of instructions per exchange for a line of its own

_NAME = re.compile(r"(fn|cfn)=\((\d+)\)(?: (.*))?")
_COST = re.compile(r"[+*-]?\d* (\d+)$")


class Profile:
    """Instructions by function, exclusive and inclusive, for a number of exchanges."""

    def __init__(self, text, exchanges):
        self._exchanges = exchanges
        self._names = {}
        self._own = defaultdict(int)
        self._calls = defaultdict(lambda: defaultdict(int))
        self._read(text)

    def _read(self, text):
        caller = callee = None
        for line in text.splitlines():
            if match := _NAME.match(line):
                name = self._name(match[2], match[3])
                if match[1] == "fn":
                    caller = name
                else:
                    callee = name
            elif match := _COST.match(line):
                if callee is None:
                    self._own[caller] += int(match[1])
                else:
                    self._calls[caller][callee] += int(match[1])
                    callee = None

    def _name(self, number, name):
        if name is not None:
            self._names[number] = name
        return self._names[number]

    def _inclusive(self, function):
        return self._own[function] + sum(self._calls[function].values())

    def callouts(self):
        """Returns the instructions per exchange within the callouts."""
        return sum(self._inclusive(callout) for callout in _CALLOUTS) / self._exchanges

    def own(self, function):
        """Returns the instructions per exchange in a function, without what it calls."""
        return self._own[function] / self._exchanges

    def tree(self):
        """Returns the callouts and what they call, as lines of text: instructions per exchange, inclusive and exclusive."""
        return [line for callout in _CALLOUTS for line in self._branch(callout, 1 / self._exchanges, 0, ())]

    def _branch(self, function, share, depth, above):
        """`share` is the fraction of the function's calls, per exchange, that take this path."""
        total = self._inclusive(function) * share
        if total < _LEAST or function in above:
            return
        yield f"{total:9,.0f} {self._own[function] * share:9,.0f}  {'  ' * depth}{_short(function)}"
        for callee, cost in sorted(self._calls[function].items(), key=lambda call: -call[1]):
            callee_share = share * cost / max(self._inclusive(callee), 1)
            yield from self._branch(callee, callee_share, depth + 1, (*above, function))


def _short(name):
    """Shortens a C++ name to its significant parts."""
    name = re.sub(r"std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >", "std::string", name)
    return re.sub(r", std::allocator<[^<>]*(<[^<>]*>)?[^<>]*> ?(?=>)", "", name)[:150]
