# SPDX-License-Identifier: MPL-2.0
"""The dashboard and the page on monitoring use metrics that the program creates from existing statistics."""

import json
import re
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
METRIC = re.compile(r"\buser_chk_\w+")


def metrics():
    """Returns the program's names for the statistics in the reference."""
    source = (TOP / "src/program/metrics.cc").read_text(encoding="utf-8")
    gauges = dict(re.findall(r'\{"([\w-]+)", "(user_chk_\w+)"\}', source))
    reference = (TOP / "docs/reference.md").read_text(encoding="utf-8")
    statistics = set(re.findall(r"^\| `user-chk\.([\w-]+)` \|", reference, re.MULTILINE))
    assert gauges.keys() <= statistics
    counters = {f"user_chk_{name.replace('-', '_')}_total" for name in statistics - gauges.keys()}
    return {*gauges.values(), *counters, *re.findall(r'metric\("(user_chk_\w+)"', source)}


def test_dashboard_shows_metrics_that_there_are():
    dashboard = json.loads((TOP / "data/monitoring/grafana-dashboard.json").read_text(encoding="utf-8"))
    shown = {
        name
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in METRIC.findall(target["expr"])
    }
    assert shown <= metrics()
    assert {"user_chk_registered_queries_total", "user_chk_unregistered_queries_total", "user_chk_up"} <= shown


def test_page_names_metrics_that_there_are():
    page = (TOP / "docs/tasks/monitoring.md").read_text(encoding="utf-8")
    assert set(METRIC.findall(page)) <= metrics()
