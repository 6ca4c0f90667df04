# SPDX-License-Identifier: MPL-2.0
"""What all subcommands of the program have in common."""

USAGE = 2


def test_help_and_version_are_no_errors(program):
    for option in ("--help", "--version"):
        done = program(option)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout


def test_wrong_usage_is_told_on_standard_error(program):
    for arguments in ([], ["guess"], ["--loud"]):
        done = program(*arguments)
        assert (done.returncode, done.stdout) == (USAGE, "")
        assert "--help" in done.stderr
