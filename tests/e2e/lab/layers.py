# SPDX-License-Identifier: MPL-2.0
"""Builds packets from Scapy's layers."""


def stacked(*layers):
    """Returns a packet of layers, the outermost first. Scapy's operator `/` does the same, but copies all of them each time."""
    for outer, inner in zip(layers, layers[1:]):
        outer.add_payload(inner)
    return layers[0]
