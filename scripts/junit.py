#!/usr/bin/python3
# Counts the tests in one stage's JUnit files (pytest's, GoogleTest's, CTest's).
# SPDX-License-Identifier: MPL-2.0
"""usage: junit.py FOLDER STATUS LABEL NOTES

Prints passed, failed and skipped, separated by tabs, and appends to NOTES a line for every test that failed and
one for all parameters of a test that were skipped for the same reason. STATUS is the exit status of what ran: a
stage that failed counts at least one failure, and a stage without any test is a check, one test by itself.
"""

import collections
import pathlib
import sys
import xml.etree.ElementTree as ET


def cases(folder):
    """Yields (name, outcome, reason) for every test."""
    for path in sorted(folder.glob("*.xml")):
        for case in ET.parse(path).iter("testcase"):
            name = ".".join(filter(None, (case.get("classname"), case.get("name"))))
            if path.name == "ctest.xml":
                # CTest sees a GoogleTest program as one test; the program's own results file, unless it crashed, has
                # all tests.
                name = case.get("name")
                if any((folder / f"{name}{end}.xml").exists() for end in ("", "_tests")):
                    continue
            yield (name, *outcome(case))


def outcome(case):
    for tag in ("failure", "error"):
        if case.find(tag) is not None:
            return "failed", first_line(case.find(tag))
    if case.find("skipped") is not None:
        return "skipped", first_line(case.find("skipped"))
    if case.get("status") in ("notrun", "disabled"):
        return "skipped", "disabled"
    return "passed", ""


def first_line(element):
    text = (element.get("message") or element.text or "no reason given").strip()
    return " ".join(text.split())[:400]


def main(folder, status, label, notes):
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    lines = []
    skipped = collections.Counter()
    for name, result, reason in cases(pathlib.Path(folder)):
        counts[result] += 1
        if result == "failed":
            lines.append(f"failed: {label}: {name}: {reason}\n")
        elif result == "skipped":
            skipped[name.partition("[")[0], reason] += 1
    lines += (f"skipped: {label}: {name} ({count}): {reason}\n" for (name, reason), count in skipped.items())
    if status != "0" and not counts["failed"]:
        counts["failed"] = 1
        lines.append(f"failed: {label}: ended with status {status}\n")
    if not any(counts.values()):
        counts["passed"] = 1
    with open(notes, "a", encoding="utf-8") as out:
        out.writelines(lines)
    print("\t".join(map(str, counts.values())))


if __name__ == "__main__":
    main(*sys.argv[1:])
