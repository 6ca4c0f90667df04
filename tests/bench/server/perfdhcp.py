# SPDX-License-Identifier: MPL-2.0
"""Runs perfdhcp in the clients' namespace of a server, and parses its report."""

import re
import subprocess
from collections import namedtuple

from lab.net import IFACE
from lab.process import spawn

import registries

# Queries sent and answers received, for both halves of the four-way exchange; completed `exchanges`; the `slowest`
# answer, in milliseconds.
Report = namedtuple("Report", "sent received exchanges slowest")


def counted(server, exchanges, clients, rate):
    """Runs an exact number of exchanges. Fails when one was not answered."""
    report = _run(server, f"-r {rate} -R {clients} -n {exchanges}", exchanges / rate, wait=3)
    assert report.received == 2 * exchanges, f"{exchanges} exchanges were to be answered: {report}"
    return report


def timed(server, seconds, clients, rate):
    """Runs as many exchanges as the rate says, or fewer if the server is slower."""
    return _run(server, f"-r {rate} -R {clients} -p {seconds}", seconds, wait=1)


def _run(server, load, seconds, wait):
    """`wait` is how long to wait for answers after the last query, in seconds."""
    options = f"-{server.family} -l {IFACE} -b mac={registries.client_id(4, 0)} {load} -W {wait}000000 -d 30 {server.query_options}"
    if server.family == 6:
        options += f" -b duid={registries.client_id(6, 0).replace(':', '')}"
    process = spawn(
        server.client_command("perfdhcp", *options.split()),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        text, _ = process.communicate(timeout=4 * seconds + 60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode in (0, 3), f"perfdhcp {options} exited {process.returncode}: {text[-500:]}"  # 3: some were lost
    return _parse(text)


def _parse(text):
    sent, received = _numbers(text, "sent packets"), _numbers(text, "received packets")
    return Report(int(sum(sent)), int(sum(received)), int(received[1]), max(_numbers(text, "max delay")))


def _numbers(text, name):
    return [float(number) for number in re.findall(rf"^{name}: ([\d.]+)", text, re.MULTILINE)]
