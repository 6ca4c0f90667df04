# SPDX-License-Identifier: MPL-2.0
"""Runs commands, waits for conditions, and lets no child outlive the test run."""

import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor


def run(*command, timeout=30, text_input=None, good=(0,)):
    """Runs a command to its end and returns its output; an exit status that is not `good` shows what it printed."""
    done = subprocess.run(
        command,
        input=text_input,
        stdin=subprocess.DEVNULL if text_input is None else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout,
        check=False,
    )
    if done.returncode not in good:
        raise RuntimeError(f"{' '.join(command)} exited {done.returncode}: {done.stdout}")
    return done.stdout


def spawn(command, **options):
    """Starts a command that the kernel kills if the test run dies first."""
    return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *command], **options)


class Program:
    """A program that runs until it is closed. Its output goes to a file."""

    def __init__(self, command, printed):
        with open(printed, "wb") as output:
            self._process = spawn(command, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)

    def close(self):
        self._process.kill()
        self._process.wait()


def stop(process, grace=10):
    """Asks a process to end, then forces it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(grace)
    return process.returncode


def wait_until(condition, what, timeout=10, interval=0.01):
    """Returns the first true value of condition(); fails with `what` when it stays false."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout} s in vain for {what}")
        time.sleep(interval)


def at_once(*functions):
    """Runs functions in threads. Returns their results, and raises the first exception."""
    with ThreadPoolExecutor(len(functions)) as pool:
        return [future.result() for future in [pool.submit(function) for function in functions]]


def missing(tools):
    """Returns the tools in a list that are not installed."""
    return [tool for tool in tools if shutil.which(tool) is None]
