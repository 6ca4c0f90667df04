# SPDX-License-Identifier: MPL-2.0
"""The statistics of real servers, as Prometheus reads them."""

import json
import re
import subprocess
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from lab.program import DONE, FAILED

MONITORING = Path(__file__).resolve().parents[2] / "data/monitoring"


def read(text):
    """Parses the metrics in a text: value by name; their labels; which of them are counters."""
    samples, counters = [], set()
    for family in text_string_to_metric_families(text):
        samples += family.samples
        counters |= {sample.name for sample in family.samples if family.type == "counter"}
    labels = {tuple(sample.labels.items()) for sample in samples}
    return {sample.name: sample.value for sample in samples}, labels, counters


def test_metrics_are_the_statistics(own, program):
    own.start()
    own.acquire(own.enroll(own.client()))
    own.ask(own.client())
    done = program.call(own.server, "status", f"-{own.family}", "--prometheus")
    assert (done.status, done.errors) == (DONE, "")
    values, labels, counters = read(done.output)
    assert labels == {(("server", f"kea-dhcp{own.family}"),)}
    assert (values["user_chk_up"], values["user_chk_users"], values["user_chk_strangers"]) == (1, 1, 1)
    assert values["user_chk_registered_queries_total"] == 2
    assert values["user_chk_unregistered_queries_total"] == 1
    assert values["user_chk_outcome_records_total"] == 3
    assert counters == {name for name in values if name.endswith("_total")}
    dashboard = json.dumps(json.loads((MONITORING / "grafana-dashboard.json").read_text(encoding="utf-8")))
    of_database = {"user_chk_registry_age_seconds", "user_chk_registry_connected"}
    assert set(re.findall(r"user_chk_\w+", dashboard)) - of_database <= set(values)


def test_server_that_does_not_answer_has_a_metric_too(own, program):
    own.start()
    own.server.stop()
    done = program.call(own.server, "status", f"-{own.family}", "--prometheus")
    assert done.status == FAILED and done.errors
    assert read(done.output)[0] == {"user_chk_up": 0}


def written_by_script(folder, program_folder):
    """What the script writes, by family, with the program of a folder."""
    environment = {"PATH": f"{program_folder}:/usr/bin:/bin"}
    subprocess.run(["sh", MONITORING / "user-chk-metrics", folder], env=environment, capture_output=True, check=True)
    assert sorted(path.name for path in folder.iterdir()) == ["user-chk-dhcp4.prom", "user-chk-dhcp6.prom"]
    return {family: (folder / f"user-chk-dhcp{family}.prom").read_text(encoding="utf-8") for family in (4, 6)}


def tell_of_no_server(written):
    for family, text in written.items():
        assert read(text)[0] == {"user_chk_up": 0}
        assert f'server="kea-dhcp{family}"' in text


def test_script_writes_what_node_exporter_reads(program, tmp_path):
    """No server is where the packages have them, here."""
    tell_of_no_server(written_by_script(tmp_path, program.path.parent))


def test_script_tells_of_a_program_that_cannot_run(tmp_path_factory):
    broken = tmp_path_factory.mktemp("broken") / "kea-user-chk"
    broken.write_text("#!/bin/sh\nexit 127\n")
    broken.chmod(0o755)
    tell_of_no_server(written_by_script(tmp_path_factory.mktemp("metrics"), broken.parent))
