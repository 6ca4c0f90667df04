# SPDX-License-Identifier: MPL-2.0
"""Sends the library's commands to servers, over every kind of control channel; curl is the HTTP client."""

import contextlib
import json
import os
import socket
import subprocess
from collections import namedtuple
from pathlib import Path

from lab.kea import release
from lab.process import run, spawn, stop, wait_until

# Kea's result codes. Releases without a code for conflicts use that for errors.
SUCCESS, ERROR, UNSUPPORTED, EMPTY = 0, 1, 2, 3
CONFLICT = 4 if release() >= (2, 3, 5) else ERROR

COMMANDS = {
    f"user-chk-{name}"
    for name in ("get", "list", "add", "update", "del", "reload", "status", "strangers", "explain")
}

# Which users a server is responsible for, and which not.
ID_TYPE = {4: "HW_ADDR", 6: "DUID"}
OTHER_TYPE = {4: "DUID", 6: "HW_ADDR"}

# The members of an answer, None for those that it does not have.
Answer = namedtuple("Answer", "result text arguments", defaults=[None])

_LOOPBACK = "127.0.0.1"
_HOOKS = next(Path("/usr/lib").glob("*/kea/hooks"))


def ask(channel, name, arguments=None):
    """Sends user-chk-NAME over a channel, which is a server or an Http; `arguments` may be invalid."""
    (answer,) = ask_each(channel, name, [arguments])
    return answer


def ask_each(channel, name, many):
    """The same for each of many arguments; over HTTP in one connection."""
    requests = [
        {"command": f"user-chk-{name}", **({} if arguments is None else {"arguments": arguments})} for arguments in many
    ]
    answers = channel.send_each(requests) if isinstance(channel, Http) else [channel.send(it) for it in requests]
    assert all(answer.keys() <= {"result", "text", "arguments"} for answer in answers), answers
    return [Answer(answer["result"], answer.get("text"), answer.get("arguments")) for answer in answers]


def status(world):
    """Returns the arguments of the answer to user-chk-status."""
    result, text, told = ask(world.server, "status")
    assert (result, bool(text)) == (SUCCESS, True)
    return told


STATISTICS = "user-chk."


def statistics(world, channel=None):
    """Returns the current values of the library's statistics, by name; optionally over another channel than the server's."""
    found = (channel or world.server).send({"command": "statistic-get-all"})["arguments"]
    ours = {name: values for name, values in found.items() if name.startswith(STATISTICS)}
    return {name.removeprefix(STATISTICS): values[0][0] for name, values in ours.items()}


def user_of(world, client, **attributes):
    """Returns the user that registers a client, in the form that commands accept and return."""
    return json.loads(world.entry(client, **attributes))


def key_of(user):
    """Returns what identifies a user in arguments."""
    return {name: user[name] for name in ("type", "id")}


def name_of(user):
    """Returns what identifies a user in texts."""
    return f"{user['type']}={user['id'].replace(':', '')}"


class Http:
    """Waits for a control channel to listen; usually it is on loopback in a namespace.

    `service` is what kea-ctrl-agent requires.
    """

    def __init__(self, namespace, port, service=None, host=_LOOPBACK):
        self._more = {} if service is None else {"service": [service]}
        self._curl = namespace.command("curl", "--config", "-")
        self._each = [
            f'url = "http://{host}:{port}/"',
            'header = "Content-Type: application/json"',
            *["silent", "show-error", "fail"],
            "max-time = 10",
        ]
        wait_until(lambda: _is_listening(namespace, port, host), f"somebody to listen on port {port}")

    def send(self, request):
        """Sends a command and returns the answer."""
        (answer,) = self.send_each([request])
        return answer

    def send_each(self, requests):
        """Sends commands one after another in one connection. Returns their answers."""
        bodies = [json.dumps({**request, **self._more}) for request in requests]
        # curl would interpret a JSON string as its own. Newer releases reject a blank first line.
        each = ["\n".join([*self._each, f"data-binary = {json.dumps(body)}\n"]) for body in bodies]
        printed, answers = run(*self._curl, text_input="next\n".join(each)), []
        while printed:
            ((answer,), end) = json.JSONDecoder().raw_decode(printed)
            answers.append(answer)
            printed = printed[end:].lstrip()
        assert len(answers) == len(requests)
        return answers


def _is_listening(namespace, port, host):
    with namespace.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        return probe.connect_ex((host, port)) == 0


@contextlib.contextmanager
def control_agent(world, port, host=_LOOPBACK):
    """A context manager: kea-ctrl-agent beside a server. Yields the channel."""
    server, namespace = world.server, world.namespace
    service = f"dhcp{world.family}"
    config = {
        "http-host": host,
        "http-port": port,
        "control-sockets": {service: {"socket-type": "unix", "socket-name": str(server.seen_as / "ctl")}},
        "loggers": [{"name": "kea-ctrl-agent", "severity": "INFO", "output_options": [{"output": "stdout"}]}],
    }
    (server.home / "agent-conf").write_text(json.dumps({"Control-agent": config}))
    with open(server.home / "agent-stdout", "wb") as output:
        process = spawn(
            namespace.command("kea-ctrl-agent", "-c", str(server.seen_as / "agent-conf")),
            env={**os.environ, **server.environment()},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Http(namespace, port, service, host)
    finally:
        stop(process)


def add_high_availability(world, port):
    """Makes a server, which is not yet running, half of a pair whose other half is down. HA listens in its own threads.

    It accepts commands at once, and serves clients when it has missed its partner for long enough.
    """
    peers = [
        {"name": "one", "role": "primary", "url": f"http://{_LOOPBACK}:{port}/"},
        {"name": "two", "role": "standby", "url": f"http://{_LOOPBACK}:{port + 1}/"},
    ]
    pair = {
        "this-server-name": "one",
        "mode": "hot-standby",
        "peers": peers,
        "heartbeat-delay": 100,
        "max-response-delay": 200,
        "max-unacked-clients": 0,
        "restrict-commands": False,
        "multi-threading": {
            "enable-multi-threading": True,
            "http-dedicated-listener": True,
            "http-listener-threads": 4,
            "http-client-threads": 4,
        },
    }
    world.config["multi-threading"]["enable-multi-threading"] = True  # otherwise HA has no threads either
    world.hooks += [
        {"library": world.server.install(_HOOKS / "libdhcp_lease_cmds.so")},
        {"library": world.server.install(_HOOKS / "libdhcp_ha.so"), "parameters": {"high-availability": [pair]}},
    ]
