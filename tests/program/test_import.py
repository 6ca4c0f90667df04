# SPDX-License-Identifier: MPL-2.0
"""Files of other programs are converted to records: each line is imported, or reported with its reason."""

import json
import random
import re
import subprocess
from pathlib import Path

import pytest

DATA = Path(__file__).parent / "data"
DONE, SOME_LEFT_OUT, FAILED = 0, 1, 2

# Each sample, with replacements for parts of it.
SAMPLES = {
    "dnsmasq.conf": "dnsmasq",
    "dnsmasq.hosts": "dnsmasq",
    "dhcpd.conf": "dhcpd",
    "kea-dhcp4.conf": "kea",
    "kea-dhcp6.json": "kea",
    "windows.csv": "csv",
}


class Imported:
    """The output of an import."""

    def __init__(self, done):
        self.status = done.returncode
        self.records = [json.loads(line) for line in done.stdout.split("\n")[:-1]]
        self.remarks = {}
        for line in done.stderr.splitlines():
            _, number, reason = re.fullmatch(r"([^:]*):(\d+): (.+)", line).groups()
            self.remarks.setdefault(int(number), []).append(reason)

    def of(self, identifier):
        """Returns the attributes in the record of an id."""
        (record,) = [record for record in self.records if record["id"] == identifier]
        return {name: value for name, value in record.items() if name not in ("type", "id")}


@pytest.fixture
def imported(program):
    """Imports a text, or a sample."""

    def run(form, given):
        if isinstance(given, Path):
            return Imported(program("import", "--from", form, given))
        return Imported(program("import", "--from", form, given=given))

    return run


@pytest.fixture
def sample(imported):
    return lambda name: imported(SAMPLES[name], DATA / name)


def lines_that_say_something(name):
    """Returns the numbers of the lines of a sample that are neither blank nor pure comments."""
    lines = (DATA / name).read_text(encoding="utf-8-sig").splitlines()
    return {number for number, line in enumerate(lines, 1) if line.strip(" \t;") and not line.lstrip().startswith(("#", "//"))}


def named_lines(remarks):
    """Returns the lines that remarks refer to: for a block, all of its lines."""
    lines = set(remarks)
    for number, reasons in remarks.items():
        for end in re.findall(r", to line (\d+),", " ".join(reasons)):
            lines |= set(range(number, int(end) + 1))
    return lines


@pytest.mark.parametrize(("name", "carried_over"), [
    ("dnsmasq.conf", {13, 20, 21, 22, 26, 30, 31}),
    ("dnsmasq.hosts", {4, 5, 6, 7}),
    ("windows.csv", {1, 2, 3, 4, 5, 6, 7, 8}),  # and the column names
    ("dhcpd.conf", {*range(25, 31), *range(43, 46), 47, 48, *range(52, 56), *range(57, 68), 71, 73, 74, 76, 77, 79, 82, 85, 86,
                    88, *range(91, 98), *range(99, 102), 103, 105}),
])
def test_each_line_is_carried_over_or_named(sample, name, carried_over):
    taken = sample(name)
    assert taken.status == SOME_LEFT_OUT
    assert lines_that_say_something(name) - named_lines(taken.remarks) == carried_over


def test_dnsmasq_hosts_become_records(sample):
    taken = sample("dnsmasq.conf")
    assert taken.of("11:22:33:44:55:69") == {"hostname": "laptop", "other-ids": "HW_ADDR=12:34:56:78:90:12"}
    assert taken.of("00:04:f2:*") == {"client-classes": "phones, voice"}
    assert taken.of("00:20:e0:3b:13:af") == {"access": "deny"}
    assert [record["id"] for record in taken.records if record["type"] == "CLIENT_ID"] == ["01:02:02:04", b"marjorie".hex(":")]
    assert [record["hostname"] for record in taken.records if record["type"] == "DUID"] == ["fred6"]
    assert taken.of("00:00:c0:5d:bd:95") == {"hostname": "fieldbox"}
    assert len(taken.records) == 15


@pytest.mark.parametrize(("line", "reason"), [
    (12, "192.168.0.60"),
    (14, "45m"),
    (19, "no hardware address"),
    (23, "none after it"),
    (24, "before the *"),
    (25, "06"),
    (27, "tag:green"),
    (29, "infinite"),
    (32, "comma"),
    (33, "line 12"),
    (35, "zz"),
    (36, "not read"),
    (37, "sets a tag"),
    (38, "server's configuration"),
])
def test_what_a_dnsmasq_host_loses_has_a_reason(sample, line, reason):
    assert reason in " ".join(sample("dnsmasq.conf").remarks[line])


def test_dnsmasq_condition_does_not_become_a_registration_without_it(sample):
    assert "00:20:e0:3b:13:b2" not in {record["id"] for record in sample("dnsmasq.conf").records}


def test_file_of_dnsmasq_hosts(sample):
    taken = sample("dnsmasq.hosts")
    assert [record["id"] for record in taken.records][:5] == [f"00:16:3e:00:00:0{number}" for number in range(1, 6)]
    assert taken.of("00:16:3e:00:00:01") == {"hostname": "db1", "client-classes": "servers"}


def test_nothing_left_out_is_status_0(imported):
    taken = imported("dnsmasq", "\ufeff# comment\r\n\r\naa:bb:cc:dd:ee:ff,host\r\n")
    assert (taken.status, taken.remarks) == (DONE, {})
    assert taken.records == [{"type": "HW_ADDR", "id": "aa:bb:cc:dd:ee:ff", "hostname": "host"}]


def test_dhcpd_hosts_become_records(sample):
    taken = sample("dhcpd.conf")
    assert taken.of("00:00:c0:5d:bd:95") == {
        "hostname": "passacaglia", "bootfile": "vmunix.passacaglia", "next-server": "10.5.5.9"}
    assert taken.of("01:02:74:65:78:74") == {"hostname": "by-client-id", "option.host-name": 'by "client" id'}
    assert taken.of("08:00:2b:00:00:02") == {
        "hostname": "both",
        "other-ids": "CLIENT_ID=01:08:00:2b:00:00:02",
        "option.routers": "10.5.5.1, 10.5.5.2",
        "option.ntp-servers": "10.5.5.3",
        "option.domain-search": "campus.example.org, example.org",
        "option.ip-forwarding": "false",
        "option.43": "0x01040a050509",
        "option.tftp-server-name": "0x" + b"tftp, the second".hex(),
        "option.150": "0x0a050509",
        "option.time-offset": "-18000",
    }
    assert taken.of("00:01:00:01:4a:1f:ba:e3:60:b9:1f:01:23:45")["option.dns-servers"] == "2001:db8::53"
    assert taken.of(b"ge-0/0/1".hex(":")) == {"hostname": "port"}
    assert taken.of("08:00:2b:00:00:03") == {"hostname": "banned", "access": "deny"}
    assert taken.of("08:00:2b:00:00:01") == {"hostname": "in-subnet"}


def test_dhcpd_hosts_have_what_their_groups_say(sample):
    taken = sample("dhcpd.conf")
    assert taken.of("00:c0:c3:49:2b:57") == {
        "hostname": "ncd1", "bootfile": "Xncd19r", "option.tftp-server-name": "10.5.5.9"}
    assert taken.of("00:c0:c3:80:fc:32")["bootfile"] == "Xncd19c"
    assert taken.of("00:c0:c3:22:46:81") == {
        "hostname": "ncd8", "bootfile": "inner", "option.tftp-server-name": "10.5.5.9", "option.log-servers": "10.5.5.7"}


def test_dhcpd_subclasses_are_client_classes(imported, sample):
    taken = sample("dhcpd.conf")
    assert taken.of("08:00:2b:4c:39:ad") == {"client-classes": "phones"}
    assert taken.of("08:00:2b:a9:cc:e3") == {"client-classes": "phones", "option.host-name": "desk-phone"}
    assert taken.of("00:04:f2:*") == {"client-classes": "oui"}
    assert taken.of(b"modem-17".hex(":")) == {"client-classes": "modems"}
    of_a_host = imported("dhcpd", """
        class "a" { match hardware; } class "b" { match hardware; }
        subclass "a" 1:2:3:4:5:6:7; subclass "b" 1:2:3:4:5:6:7;
        host h { hardware ethernet 2:3:4:5:6:7; }""")
    assert of_a_host.of("02:03:04:05:06:07") == {"hostname": "h", "client-classes": "a, b"}


@pytest.mark.parametrize(("line", "reason"), [
    (2, "about the server"),
    (10, "not read"),
    (31, "match"),
    (46, "sname"),
    (50, "no address"),
    (68, "Kea has no option"),
    (69, "Kea has no option"),
    (80, "token-ring"),
    (81, "no identifier"),
    (83, "line 82"),
    (87, "IPv4 address"),
    (98, "conditions"),
    (104, "no host"),
])
def test_what_a_dhcpd_host_loses_has_a_reason(sample, line, reason):
    assert reason in " ".join(sample("dhcpd.conf").remarks[line])


@pytest.mark.parametrize("broken", [
    "host a { hardware ethernet 1:2:3:4:5:6; ", "host a { hardware ethernet 1:2:3:4:5:6 }", "} host"])
def test_broken_dhcpd_statement_is_named(imported, broken):
    taken = imported("dhcpd", broken)
    assert taken.status == SOME_LEFT_OUT
    assert re.search("missing|brace", str(taken.remarks))


def test_kea_reservations_become_records(sample):
    taken = sample("kea-dhcp4.conf")
    assert taken.of("1a:1b:1c:1d:1e:1f") == {"hostname": "everywhere", "client-classes": "voice, site 1"}
    assert taken.of("1a:1b:1c:1d:1e:20") == {"subnets": "10,11"}
    assert taken.of("1a:1b:1c:1d:1e:21") == {"subnets": "11", "hostname": "dashes"}
    assert taken.of("1a:1b:1c:1d:1e:22") == {}
    assert taken.of("1a:1b:1c:1d:1e:23") == {"subnets": "12"}
    assert taken.of("01:0a:0b:0c:0d:0e:0f") == {
        "subnets": "10", "option.vendor-4491.tftp-servers": "10.1.1.202, 10.1.1.203", "option.224": "0x0a0b",
        "option.no-such-option": "x"}
    assert taken.of(b"charter950".hex(":")) == {
        "subnets": "10", "bootfile": "/dev/null", "next-server": "192.0.2.1", "room": "Büro 7"}
    assert taken.of(b"s0mEVaLue".hex(":")) == {}


@pytest.mark.parametrize(("line", "reason"), [
    (14, "invalid id"),
    (25, "192.0.2.201"),
    (30, "DHCPv6"),
    (38, "no definition"),
    (39, "space isc"),
    (40, "nowhere"),
    (47, "hal9000"),
    (48, "floor"),
    (48, "expires"),
    (50, "no identifier"),
    (57, "192.0.3.201"),
    (61, "everywhere"),
    (69, "more.json"),
])
def test_what_a_kea_reservation_loses_has_a_reason(sample, line, reason):
    assert reason in " ".join(sample("kea-dhcp4.conf").remarks[line])


def test_list_of_kea_reservations(sample):
    taken = sample("kea-dhcp6.json")
    assert taken.of("01:02:03:04:05:0a:0b:0c:0d:0e") == {
        "hostname": "foo.example.com", "option.dns-servers": "2001:db8:1::53",
        "option.vendor-4491.tftp-servers": "2001:db8:1::69"}
    assert sorted(taken.remarks) == [4, 5, 13]


def test_answer_of_a_kea_server(imported):
    answer = [{"result": 0, "arguments": {"hosts": [{"hw-address": "01:02:03:04:05:06", "subnet-id": 4}]}}]
    assert imported("kea", json.dumps(answer[0])).records == [{"type": "HW_ADDR", "id": "01:02:03:04:05:06", "subnets": "4"}]


def test_windows_table_becomes_records(sample):
    taken = sample("windows.csv")
    assert taken.of("00:16:3e:11:00:01") == {"Name": "Empfang", "Room": "E.01", "client-classes": "staff"}
    assert taken.of("00:16:3e:11:00:02") == {
        "Name": "Büro; Müller", "Room": "1.02", "client-classes": "staff, voice", "expires": "2031-12-31T23:59:59+01:00",
        "option.ntp-servers": "10.0.0.123"}
    assert taken.of("00:16:3e:11:00:03")["Name"] == 'Gerät "Alt"'
    assert taken.of("00:16:3e:11:00:04") == {
        "Name": "zwei\r\nZeilen", "Room": "1.04", "other-ids": "DUID=00:03:00:01:00:16:3e:11:00:04"}
    assert {"00:16:3e:11:00:05", "00:16:3e:11:00:06"} < {record["id"] for record in taken.records}
    assert "00:16:3e:11:00:09" not in {record["id"] for record in taken.records}


@pytest.mark.parametrize(("line", "reason"), [
    (9, "no identifier"), (10, "0g"), (11, "morgen"), (12, "nirgends"), (13, "line 2"), (14, "Notiz"), (16, "mehr"),
    (17, "quote")])
def test_what_a_row_loses_has_a_reason(sample, line, reason):
    assert reason in " ".join(sample("windows.csv").remarks[line])


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("head", ["hw-address", "MAC", "Mac Address", "HW_ADDR", "type{0}ID"])
def test_separators_and_names_of_columns(imported, separator, head):
    kind = f"hw_addr{separator}" if "{0}" in head else ""
    text = f"{head.format(separator)}{separator}note\n{kind}0c0e.0a01.ff04{separator}yes\n"
    assert imported("csv", text).records == [{"type": "HW_ADDR", "id": "0c:0e:0a:01:ff:04", "note": "yes"}]


def test_columns_of_a_table_with_type_and_id_are_attributes_whatever_their_names(imported):
    assert imported("csv", "type,id,mac\nDUID,000102,x\n").records == [{"type": "DUID", "id": "00:01:02", "mac": "x"}]


def test_line_that_tells_excel_the_separator(imported):
    taken = imported("csv", "sep=|\r\nmac|note\r\n0c:0e:0a:01:ff:04|a,b;c\r\n0c:0e|x|y\r\n")
    assert taken.records[0] == {"type": "HW_ADDR", "id": "0c:0e:0a:01:ff:04", "note": "a,b;c"}
    assert "no name" in taken.remarks[4][0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_tables_of_windows_encodings(program, tmp_path, encoding):
    mark = {"utf-16-be": "\ufeff"}.get(encoding, "")
    (tmp_path / "table").write_bytes((mark + "mac;note\r\n0c:0e:0a:01:ff:04;Büro €\r\n").encode(encoding))
    assert Imported(program("import", "--from", "csv", "table")).records[0]["note"] == "Büro €"


def test_bytes_that_are_no_text_are_named(program, tmp_path):
    (tmp_path / "table").write_bytes(b"mac;note\n0c:0e:0a:01:ff:04;B\xfcro\n0c:0e:0a:01:ff:05;\n")
    taken = Imported(program("import", "--from", "csv", "table"))
    assert [record["id"] for record in taken.records] == ["0c:0e:0a:01:ff:05"]
    assert "UTF-8" in taken.remarks[2][0]


@pytest.mark.parametrize("notation", [
    "0c:0e:0a:01:ff:04", "0C-0E-0A-01-FF-04", "0c0e.0a01.ff04", "0c0e0a01ff04", "c:e:a:1:ff:4", "0c0e0a-01ff04",
    "0c 0e 0a 01 ff 04", "0x0c0e0a01ff04", "0c0e:0a01:ff04", "0c.0e.0a.01.ff.04"])
def test_notations_of_a_hardware_address(imported, notation):
    assert imported("csv", f"mac\n{notation}\n").records == [{"type": "HW_ADDR", "id": "0c:0e:0a:01:ff:04"}]


@pytest.mark.parametrize("notation", ["0c:0e:0a:01:ff:0", "0c:0e:0a:01:ff:", "0c0e0a01ff0", "0c:0e-0a:01", "00c:0e", "Müller"])
def test_no_notation_of_a_hardware_address(imported, notation):
    expected = [{"type": "HW_ADDR", "id": "0c:0e:0a:01:ff:00"}] if notation == "0c:0e:0a:01:ff:0" else []
    taken = imported("csv", f"mac\n{notation}\n")
    assert taken.records == expected
    assert bool(taken.remarks) == (not expected)


def test_what_cannot_be_done_is_status_2(program, tmp_path):
    for arguments in ([], ["--from", "ldap"], ["--from", "csv", "missing"], ["--from", "csv", "."]):
        done = program("import", *arguments)
        assert (done.returncode, done.stdout) == (FAILED, "")
        assert done.stderr
    for form, text in (("csv", ""), ("csv", "name,room\na,b\n"), ("csv", "mac,a,a\n"), ("kea", "{"), ("kea", "3"),
                       ("kea", "{} {}"), ("kea", "[" * 200_000), ("dhcpd", "a {" * 200_000)):
        done = program("import", "--from", form, given=text)
        assert (done.returncode, done.stdout) == (FAILED, ""), (form, text[:20])
        assert done.stderr.startswith("kea-user-chk: -: ")


def test_error_names_file_and_line(program, tmp_path):
    (tmp_path / "kea.json").write_bytes(b'{\n"Dhcp4": {\xff')
    assert re.match(r"kea-user-chk: kea\.json: .* in line 2:", program("import", "--from", "kea", "kea.json").stderr)


def test_output_that_cannot_be_written_is_an_error(request):
    command = [request.config.option.program.resolve(), "import", "--from", "csv"]
    table = b"mac\n0c:0e:0a:01:ff:04\n"
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command, input=table, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == FAILED
    assert b"No space left" in done.stderr


@pytest.mark.parametrize("name", SAMPLES)
def test_what_comes_out_is_a_good_registry(program, tmp_path, name):
    (tmp_path / "registry").write_text(program("import", "--from", SAMPLES[name], DATA / name).stdout, encoding="utf-8")
    assert "error" not in program("check", "registry").stdout
    done = program("export", "--to", "csv", "registry")
    assert (done.returncode, done.stderr) == (DONE, "")


def mutated(content, source):
    """Returns content with some bytes changed, removed, or copied to another place."""
    bytes_ = bytearray(content)
    for _ in range(source.randint(1, 8)):
        at, to = sorted(source.choices(range(len(bytes_)), k=2))
        piece = bytes_[at:min(to, at + 40)]
        kind = source.randrange(3)
        if kind == 0:
            bytes_[at] = source.choice(b'{}[]();,:=*"\\\'#\n\r\t \0\xff-0az')
        elif kind == 1:
            del bytes_[at:at + len(piece)]
        else:
            bytes_[to:to] = piece
    return bytes(bytes_)


@pytest.mark.parametrize("name", SAMPLES)
def test_broken_files_are_no_accident(program, tmp_path, name):
    content = (DATA / name).read_bytes()
    for seed in range(25):
        (tmp_path / "broken").write_bytes(mutated(content, random.Random(f"{name} {seed}")))
        done = program("import", "--from", SAMPLES[name], "broken")
        assert done.returncode in (DONE, SOME_LEFT_OUT, FAILED), f"{name}, seed {seed}"
        for line in done.stdout.split("\n")[:-1]:
            json.loads(line)
