# SPDX-License-Identifier: MPL-2.0
"""Fixtures for tests of the program kea-user-chk that need no server: one runs the program."""

import os
import subprocess
from pathlib import Path

import pytest


def pytest_addoption(parser):
    parser.addoption("--program", type=Path, metavar="PATH", help="kea-user-chk, the program to test")


def pytest_configure(config):
    if config.option.collectonly or config.option.help:
        return
    path = config.option.program
    if path is None or not os.access(path, os.X_OK):
        raise pytest.UsageError("tests/program needs --program PATH, a program")


@pytest.fixture
def program(request, tmp_path):
    """Runs the program with arguments, in a directory for the test. Returns its exit status, output and errors: as text,
    where all line ends are \\n, or as bytes."""
    path = request.config.option.program.resolve()

    def run(*arguments, given=None, text=True):
        command = [path, *map(str, arguments)]
        return subprocess.run(command, cwd=tmp_path, input=given, capture_output=True, text=text, timeout=120, check=False)

    return run
