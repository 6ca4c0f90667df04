# SPDX-License-Identifier: MPL-2.0
"""The sample files in data/ work unchanged, in the places where the guide puts them, and do what it says."""

import contextlib
import json
import re
import shutil
import struct
import time
from ipaddress import ip_address

import pytest

from lab import config, dhcp4, dhcp6
from lab.control import Http
from lab.kea import errors, release
from lab.outcome import Outcome
from lab.pages import DOCS, shape
from lab.process import wait_until
from lab.registry import duid, hw_addr
from lab.registry_database import Registry
from lab.rules import rfc3339, timers4, timers6
from lab.sample import DATA, Sample

PASSWORD = "/etc/kea/kea-api-password"  # the file in the samples for HTTP
PASSWORDS = (PASSWORD, "/etc/kea/registry-password")
OPEN = "/mnt"  # a place that both servers and PostgreSQL's user see

HAS_HTTP = release() >= (2, 7)  # the servers themselves listen for HTTP
SAMPLES = sorted(DATA.glob("*.conf"))
TASKS = sorted(path.relative_to(DATA) for path in DATA.glob("tasks/*/kea-dhcp*.conf"))
TASKS = [path for path in TASKS if HAS_HTTP or "-http" not in path.name]

# Devices in the sample registries, and one that is in none.
KNOWN = {4: "0c0e0a01ff04", 6: "0001000119efe63b000c01020304"}
SECOND = {4: "0c0e0a01ff06", 6: "0001000119efe63b000c01020306"}
THIRD = {4: "0c0e0a01ff08", 6: "0001000119efe63b000c01020308"}
STRANGER = {4: "0c0e0a01ffff", 6: "0001000119efe63b000c0102ffff"}

NTP4, SYSTEM_ARCHITECTURE4, SNTP6, BOOTFILE_URL6 = 42, 93, 31, 59
PORTAL = b"https://portal.example.com/api"
VENDOR = 32473  # for examples, RFC 5612
CONFIG_URL = b"https://phones.example.com/06.xml"


def have_own_address(sample, text):
    """Gives a server of a pair the address by which its partner knows it."""
    named = re.search(r'"this-server-name": "(\w+)"', text)
    if named:
        (host,) = re.findall(rf'"name": "{named[1]}",.*"http://\[?([\d.a-f:]+?)\]?:\d+/"', text)
        length = 64 if ":" in host else 24
        sample.namespace.ip(f"addr add {host}/{length} dev eth0")


def lifetime(response):
    """Returns the valid lifetime of the address that a response grants."""
    if isinstance(response, dhcp4.Response):
        return timers4(response).valid
    (valid,) = [timers.valid for timers in timers6(response) if timers.valid]  # without withdrawn ones
    return valid


def quoted(page, message):
    """Returns the log lines of a message in a page of the guide, in the form that the server writes."""
    return re.findall(rf"^{message} .*$", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE)


def shown(lines):
    """Returns messages as the guide shows them."""
    return [f"{line.id} {line.text}" for line in lines]


DATABASE = "192.0.2.53"  # its address in the samples


@pytest.fixture
def make(tmp_path, settings):
    """Uses a sample configuration and a registry, by default that of the task; `edit` changes its text.

    If the sample has its registry in a database, there is an empty one. `partner` is another sample, whose LAN and
    database it shares.
    """
    with contextlib.ExitStack() as stack:

        def make_sample(name, registry=None, edit=lambda text: text, partner=None):
            path = DATA / name
            text = edit(path.read_text(encoding="utf-8"))
            database = partner.database if partner else None
            if database is None and '"registry-database"' in text:
                database = stack.enter_context(Registry("kea", parent=OPEN))
            if database is not None:
                text = text.replace(DATABASE, database.home)
            beside = path.parent / "user_chk_registry.txt"
            registry = DATA / registry if registry else beside if beside.exists() else DATA / "user_chk_registry.txt"
            family = 4 if '"Dhcp4"' in text else 6
            home = tmp_path / "partner" if partner else tmp_path
            home.mkdir(exist_ok=True)
            sample = Sample(family, home, settings, text, registry.read_text(encoding="utf-8"), partner)
            sample.database = database
            stack.callback(sample.close)
            for file in PASSWORDS:  # of samples that name them
                sample.file(file).write_text("secret", encoding="utf-8")
            have_own_address(sample, text)
            return sample

        yield make_sample


@pytest.fixture
def run(make):
    """The same, and starts the server."""

    def start(name, **how):
        sample = make(name, **how)
        sample.server.start()
        return sample

    return start


@pytest.fixture
def run_task(run, family):
    """Runs the sample configuration of a task, for each protocol in turn."""
    return lambda task, **how: run(f"tasks/{task}/kea-dhcp{family}.conf", **how)


@pytest.fixture
def run_one_network(run, family):
    """Runs the sample configuration of one network, for each protocol in turn."""
    return lambda **how: run(f"kea-dhcp{family}.conf", **how)


def test_there_are_samples_for_both_servers():
    assert {"kea-dhcp4.conf", "kea-dhcp6.conf"} <= {sample.name for sample in SAMPLES}


@pytest.mark.parametrize("name", [*(path.name for path in SAMPLES), *map(str, TASKS)])
def test_sample_configuration_loads_without_a_complaint(run, name):
    sample = run(name)
    assert len(sample.messages("USER_CHK_HOOK_LOADED")) == 1
    own = [line for line in sample.server.log() if line.logger.endswith(".user_chk") and line.level == "WARN"]
    stock = [line for line in own if "'tftp.v6.example.com' is not a list of IPv6 addresses" in line.text]
    assert [line for line in own + errors(sample.server.log()) if line not in stock] == []


@pytest.mark.parametrize("name", [path.name for path in SAMPLES])
def test_on_one_network_strangers_get_the_restricted_subnet(run, name):
    sample = run(name)
    known, stranger = sample.client(KNOWN), sample.client(STRANGER)
    answers = [sample.grant(client) for client in (known, stranger)]
    assert [sample.subnet(answer) for answer in answers] == [1, 2]
    if sample.family == 4:
        assert answers[0].text(dhcp4.BOOTFILE) == "/tmp/v4bootfile"
    assert [record.registered for record in Outcome(sample.outcome_file()).records()] == ["yes", "yes", "no", "no"]


def test_on_one_network_an_enrolled_device_moves_at_its_renewal(run_one_network):
    sample = run_one_network()
    stranger = sample.client(STRANGER)
    held = sample.grant(stranger)
    assert (sample.subnet(held), lifetime(held)) == (2, 300)
    sample.enroll(stranger)
    assert sample.subnet(sample.moved(stranger, held)) == 1


# A relay on each VLAN, and one on a link that the configuration does not know.
RELAYS = {10: {4: "10.10.0.1", 6: "2001:db8:10::1"}, 20: {4: "10.20.0.1", 6: "2001:db8:20::1"}}
RELAYS.update({30: {4: "10.30.0.1", 6: "2001:db8:30::1"}, 99: {4: "10.99.0.1", 6: "2001:db8:99::1"}})


def test_vlans_have_a_restricted_subnet_each_or_none(run_task, family):
    sample = run_task("vlans")
    for vlan, restricted in ((10, 11), (20, 21), (30, None), (99, None)):
        known, stranger = (sample.client(ids, relay=RELAYS[vlan][family]) for ids in (KNOWN, STRANGER))
        if vlan != 99:
            assert sample.subnet(sample.grant(known)) == vlan
        answer = sample.ask(stranger, **({"timeout": 0.5} if restricted is None else {}))
        assert (answer and sample.subnet(answer)) == restricted


def test_on_a_vlan_a_stranger_keeps_its_restricted_subnet_and_moves_when_enrolled(run_task, family):
    """A DHCPv4 client renews with the server itself, past the relay."""
    sample = run_task("vlans")
    stranger = sample.client(STRANGER, relay=RELAYS[10][family])
    renewing = sample.client(STRANGER) if family == 4 else stranger
    held = sample.grant(stranger)
    assert sample.subnet(held) == 11
    assert renewing.renew(held).leases == held.leases
    sample.enroll(stranger)
    if family == 4:
        assert [renewing.renew(held).type, stranger.reboot(held.yiaddr).type] == [dhcp4.NAK, dhcp4.NAK]
        assert sample.subnet(stranger.get_lease()) == 10
    else:
        assert sample.subnet(sample.moved(stranger, held)) == 10


def at_port(sample, identifiers, port):
    """A client on a port of a switch, which identifies the port."""
    if sample.family == 4:
        return sample.client(identifiers, relay="10.10.0.1", options=[dhcp4.agent(circuit_id=port)])
    relay = ("2001:db8:10::1", [(dhcp6.INTERFACE_ID, port)])
    return sample.client(identifiers, relays=[relay])


def test_switch_ports_are_registered(run_task):
    sample = run_task("switch-ports")
    outcome = Outcome(sample.outcome_file(), "json")
    assert sample.subnet(sample.grant(at_port(sample, STRANGER, b"ge-0/0/1"))) == 1
    (told,) = outcome.objects()[-1:]
    assert (told["registered"], bytes.fromhex(told["matched-id"].replace(":", ""))) == (True, b"ge-0/0/1")
    assert sample.ask(at_port(sample, KNOWN, b"ge-0/0/2"), timeout=0.5) is None, "nothing is to be plugged in there"
    assert sample.subnet(sample.grant(at_port(sample, KNOWN, b"ge-0/0/3"))) == 1
    assert sample.subnet(sample.grant(at_port(sample, SECOND, b"ge-0/0/3"))) == 2


def stash(text):
    """The configuration of a server that remembers what relays say."""
    return text.replace('"valid-lifetime": 86400,', '"valid-lifetime": 86400, "stash-agent-options": true, "store-extended-info": true,', 1)


@pytest.mark.parametrize("remembers", [False, pytest.param(True, marks=pytest.mark.skipif(release() < (2, 6), reason="this release of Kea has no stash-agent-options"))])
def test_at_a_switch_port_a_renewal_past_the_relay_is_answered_or_made_up_for(run, remembers):
    sample = run("tasks/switch-ports/kea-dhcp4.conf", **({"edit": stash} if remembers else {}))
    device = at_port(sample, STRANGER, b"ge-0/0/1")
    held = sample.grant(device)
    renewed = sample.client(STRANGER).renew(held, timeout=2 if remembers else 0.5)
    assert (renewed and renewed.leases) == (held.leases if remembers else None)
    assert device.rebind(held).leases == held.leases


def with_address(sample, address):
    """A client with a hardware address, from which its DUID is made."""
    return sample.client({4: address, 6: "00030001" + address})


def test_devices_of_a_vendor_and_made_up_addresses(run_task, family):
    sample = run_task("vendor-devices")
    ntp = {4: (NTP4, ip_address("192.0.2.123").packed), 6: (SNTP6, ip_address("2001:db8::123").packed)}[family]
    phone = with_address(sample, "0c0e0a7fff04")
    phone._ask.append(ntp[0])
    response = sample.grant(phone)
    assert (sample.subnet(response), response.options.get(ntp[0])) == (1, ntp[1])
    for denied in ("0c0e0a01ff06", "021122334455"):
        assert sample.ask(with_address(sample, denied), timeout=0.5) is None
    assert sample.subnet(sample.grant(with_address(sample, "020e0a01ff08"))) == 1
    assert sample.subnet(sample.grant(with_address(sample, "0c0e0b01ff04"))) == 2


LAPTOP_MAC = bytes.fromhex("0c0e0a01ff04")
SERVER_DUID = bytes.fromhex("00044c4c4544003559108037b4c04f333932")


def test_one_record_is_for_both_protocols(run_task, family):
    sample = run_task("both-protocols")
    duids = [bytes.fromhex("00030001") + LAPTOP_MAC, bytes.fromhex("000100012a2b2c2d") + LAPTOP_MAC, SERVER_DUID]
    if family == 6:
        known, unknown = [sample.client({6: duid.hex()}) for duid in duids], sample.client({6: duids[0][::-1].hex()})
    else:
        server = sample.client(STRANGER, client_id=b"\xff\0\0\0\1" + SERVER_DUID)
        known, unknown = [sample.client(KNOWN), server], sample.client(STRANGER)
    for client in known:
        assert sample.subnet(sample.grant(client)) == 1
    assert sample.subnet(sample.grant(unknown)) == 2


def test_a_device_is_registered_where_its_registration_holds(run_task, family):
    """On VLAN 10 and VLAN 20: the printer of one, the notebook of both, the device that the other denies."""
    sample = run_task("scope")
    for ids, expected in ((KNOWN, (10, 21)), (SECOND, (10, 20)), (THIRD, (11, None)), (STRANGER, (11, 21))):
        for vlan, subnet in zip((10, 20), expected, strict=True):
            client = sample.client(ids, relay=RELAYS[vlan][family])
            if subnet is None:
                assert sample.ask(client, timeout=0.5) is None
                continue
            answer = sample.grant(client)
            assert sample.subnet(answer) == subnet
            if family == 4:
                last = 2 if (ids, subnet) == (KNOWN, 10) else 1
                assert answer.options[3] == ip_address(f"10.{vlan}.{subnet - vlan}.{last}").packed
    assert len(sample.messages("USER_CHK_QUERY_DENIED")) == 1


def test_a_device_is_moved_where_its_registration_comes_to_hold(run_task, family):
    sample = run_task("scope")
    device = sample.client(STRANGER, relay=RELAYS[20][family])
    held = sample.grant(device)
    for scope in ("10", "20"):
        assert sample.subnet(held) == 21
        assert device.rebind(held).leases == held.leases
        sample.registry.write((hw_addr if family == 4 else duid)(device.id, subnets=scope))
    assert sample.subnet(sample.moved(device, held)) == 20


def test_a_bad_context_is_refused_with_its_place(make):
    sample = make("tasks/vlans/kea-dhcp4.conf", edit=lambda text: text.replace(" 11 }", " 12 }"))
    refused = [line for line in sample.server.start_refused() if line.id == "USER_CHK_CONFIGURATION_REFUSED"]
    assert shown(refused) == quoted("tasks/vlans.md", "USER_CHK_CONFIGURATION_REFUSED")


def unguarded(text):
    """Returns a configuration without client classes on its subnets and pools."""
    guards = re.compile(r'^ *"client-class": "\w+",\n|, "client-class": "\w+"', re.MULTILINE)
    assert guards.search(text)
    return guards.sub("", text)


def hold_a_lease_of_subnet_1(sample):
    """A client that got its lease while it was registered and is unregistered now. Returns the client, and its leases."""
    stranger = sample.client(STRANGER)
    before = sample.registry.path.read_text(encoding="utf-8").splitlines()
    sample.enroll(stranger)
    held = sample.grant(stranger)
    assert sample.subnet(held) in (1, 2)
    sample.registry.replace(*before)
    return stranger, held


def test_in_a_guarded_shared_network_strangers_get_the_restricted_subnet_whatever_they_hold(run_task):
    sample = run_task("shared-network")
    assert sample.subnet(sample.grant(sample.client(KNOWN))) in (1, 2)
    stranger, held = hold_a_lease_of_subnet_1(sample)
    held = sample.moved(stranger, held)
    assert (sample.subnet(held), lifetime(held)) == (3, 300)
    sample.enroll(stranger)
    assert sample.subnet(sample.moved(stranger, held)) in (1, 2)
    assert sample.messages("USER_CHK_LEASE_REFUSED") == []


def test_row_16_in_an_unguarded_shared_network_each_side_is_served_from_its_own_subnets(run_task, family):
    sample = run_task("shared-network", edit=unguarded)
    for _ in range(2):
        assert sample.subnet(sample.grant(sample.client(KNOWN))) in (1, 2)
        assert sample.subnet(sample.grant(sample.client(STRANGER))) == 3
    stranger, held = hold_a_lease_of_subnet_1(sample)
    held = sample.moved(stranger, held)
    assert sample.subnet(held) == 3
    sample.enroll(stranger)
    assert sample.subnet(sample.moved(stranger, held)) in (1, 2)
    assert sample.messages("USER_CHK_LEASE_REFUSED") == []
    assert shown(sample.messages("USER_CHK_SUBNETS_GUARDED")) == quoted(
        "tasks/shared-networks.md", "USER_CHK_SUBNETS_GUARDED"
    )


def test_pools_of_one_subnet_are_told_apart_by_the_classes(run_task, family):
    sample = run_task("pools")
    pools = {4: ("192.0.2.", 192), 6: ("2001:db8:1::", 0x20000)}
    prefix, first_of_strangers = pools[family]

    def is_for_strangers(response):
        number = int(ip_address(response.leases[0])) - int(ip_address(f"{prefix}0"))
        return number >= first_of_strangers

    assert not is_for_strangers(sample.grant(sample.client(KNOWN)))
    stranger = sample.client(STRANGER)
    held = sample.grant(stranger)
    assert (is_for_strangers(held), lifetime(held)) == (True, 300)
    before = sample.registry.path.read_text(encoding="utf-8").splitlines()
    sample.enroll(stranger)
    held = sample.moved(stranger, held)
    assert (is_for_strangers(held), lifetime(held)) == (False, 86400)
    sample.registry.replace(*before)
    assert is_for_strangers(sample.moved(stranger, held))


def test_prefixes_are_for_registered_devices_where_their_pool_is_guarded(run):
    sample = run("tasks/pools/kea-dhcp6.conf")
    prefixes = [len(sample.grant(sample.client(ids, pd=[2])).prefixes) for ids in (KNOWN, STRANGER)]
    assert prefixes == [1, 0]


def test_captive_portal_is_told_to_strangers_until_they_are_enrolled(run_task, family):
    sample = run_task("captive-portal")
    names = {4: ("198.51.100.53", "192.0.2.53"), 6: ("2001:db8:2::53", "2001:db8:1::53")}
    strangers, ours = (ip_address(name).packed for name in names[family])
    stranger = sample.client(STRANGER, ask=[config.DNS[family], config.PORTAL[family]])
    held = sample.grant(stranger)
    assert (sample.subnet(held), lifetime(held)) == (2, 120)
    assert (held.options[config.PORTAL[family]], held.options[config.DNS[family]]) == (PORTAL, strangers)
    sample.enroll(stranger)
    held = sample.moved(stranger, held)
    assert (sample.subnet(held), lifetime(held)) == (1, 86400)
    assert config.PORTAL[family] not in held.options
    assert held.options[config.DNS[family]] == ours


def test_access_of_a_guest_ends_and_its_leases_with_it(run_one_network):
    sample = run_one_network(registry="tasks/guests/user_chk_registry.txt")
    text = sample.registry.path.read_text(encoding="utf-8")
    without_start = "".join(line for line in text.splitlines(True) if "starts" not in line)
    ending = re.sub(r'("expires" : )"[^"]+"', rf'\1"{rfc3339(time.time() + 6)}"', without_start)
    sample.registry.write_bytes(ending.encode())
    guest = sample.client(KNOWN)
    held = sample.grant(guest)
    assert sample.subnet(held) == 1
    assert 1 <= lifetime(held) <= 6
    # Kea's own lease ends then too.
    assert all(1 <= int(row["valid_lifetime"]) <= 6 for row in sample.server.leases())
    assert len(sample.server.leases()) == 1

    def answer_to_renewal():
        answer = guest.renew(held)
        over = answer.type == dhcp4.NAK if sample.family == 4 else answer.withdrawn
        return answer if over else None

    answer = wait_until(answer_to_renewal, "the guest's access to end", interval=0.2)
    held = guest.get_lease() if sample.family == 4 else answer
    assert (sample.subnet(held), lifetime(held)) == (2, 300)


def test_access_of_a_guest_starts_and_its_restricted_lease_ends_then(run_one_network):
    sample = run_one_network(registry="tasks/guests/user_chk_registry.txt")
    text = sample.registry.path.read_text(encoding="utf-8")
    times = {"starts": time.time() + 6, "expires": time.time() + 1000}
    for name, moment in times.items():
        text = re.sub(rf'("{name}" : )"[^"]+"', rf'\1"{rfc3339(moment)}"', text)
    sample.registry.write_bytes(text.encode())
    guest = sample.client(SECOND)
    held = sample.grant(guest)
    assert sample.subnet(held) == 2
    assert 1 <= lifetime(held) <= 6
    assert [1 <= int(row["valid_lifetime"]) <= 6 for row in sample.server.leases()] == [True]
    registered = wait_until(lambda: sample.subnet(sample.ask(guest)) == 1, "the guest's access to start", interval=0.2)
    assert registered and time.time() >= times["starts"]
    assert lifetime(sample.grant(guest)) > 900


def test_devices_get_options_of_their_own_in_dhcpv4(run):
    sample = run("tasks/devices/kea-dhcp4.conf")
    camera = sample.grant(sample.client(KNOWN))
    assert (camera.text(dhcp4.BOOTFILE), camera.file) == ("/boot/camera.img", "/boot/camera.img")
    assert (camera.text(dhcp4.TFTP_SERVER), camera.siaddr) == ("192.0.2.5", "192.0.2.5")

    phone = sample.grant(sample.client(SECOND))  # requests none of it
    assert phone.options[NTP4] == ip_address("192.0.2.6").packed + ip_address("192.0.2.7").packed
    assert phone.options[224] == b"\x0a\x14"
    assert phone.vendors() == {VENDOR: {1: CONFIG_URL}}

    for architecture, file in ((0, "pxelinux.0"), (7, "grubx64.efi")):
        pxe = sample.client(THIRD, options=[(SYSTEM_ARCHITECTURE4, struct.pack("!H", architecture))])
        answer = sample.grant(pxe)
        assert (answer.siaddr, answer.file) == ("192.0.2.5", file)
        stranger = sample.grant(sample.client(STRANGER, options=[(SYSTEM_ARCHITECTURE4, bytes(2))]))
        assert (stranger.siaddr, stranger.file, stranger.options[config.PORTAL[4]]) == ("0.0.0.0", "", PORTAL)


IPXE = (77, b"iPXE")
FIRMWARE = {
    "BIOS": ([(SYSTEM_ARCHITECTURE4, b"\0\0")], "undionly.kpxe", None),
    "UEFI": ([(SYSTEM_ARCHITECTURE4, b"\0\7")], "ipxe.efi", None),
    "UEFI by HTTP": (
        [(SYSTEM_ARCHITECTURE4, b"\0\x10"), (60, b"HTTPClient:Arch:00016:UNDI:003001")],
        "http://192.0.2.5/ipxe.efi",
        b"HTTPClient",
    ),
    "iPXE of a BIOS": ([(SYSTEM_ARCHITECTURE4, b"\0\0"), IPXE], "http://192.0.2.5/boot.ipxe", None),
    "iPXE of a UEFI": ([(SYSTEM_ARCHITECTURE4, b"\0\7"), IPXE], "http://192.0.2.5/boot.ipxe", None),
    "no boot": ([], "", None),
}


def test_computers_boot_by_what_their_firmware_can(run):
    sample = run("tasks/boot/kea-dhcp4.conf")
    for name, (options, file, vendor_class) in FIRMWARE.items():
        for known, boots in ((KNOWN, True), (SECOND, False), (STRANGER, False)):
            answer = sample.grant(sample.client(known, options=options))
            assert sample.subnet(answer) == (2 if known is STRANGER else 1)
            assert answer.siaddr == ("192.0.2.5" if boots else "0.0.0.0"), name
            assert answer.file == (file if boots else ""), name
            assert answer.text(dhcp4.BOOTFILE) == (file if boots and file else None), name
            assert answer.options.get(60) == (vendor_class if boots else None), name


def test_devices_get_options_of_their_own_in_dhcpv6(run):
    sample = run("tasks/devices/kea-dhcp6.conf")
    assert sample.grant(sample.client(KNOWN)).options[BOOTFILE_URL6] == b"http://[2001:db8:1::5]/boot.efi"

    phone = sample.grant(sample.client(SECOND, ask=[SNTP6]))
    assert phone.options[SNTP6] == dhcp6.packed("2001:db8:1::7")
    assert phone.vendors() == {VENDOR: {1: CONFIG_URL}}

    modem = sample.grant(sample.client(THIRD))
    assert modem.docsis() == {
        dhcp6.DOCSIS_TFTP_SERVERS: dhcp6.packed("2001:db8:1::5"),
        dhcp6.DOCSIS_CONFIG_FILE: b"modem.cm",
    }
    assert sample.grant(sample.client(STRANGER)).options[config.PORTAL[6]] == PORTAL


def test_an_option_that_kea_does_not_know_is_left_out_with_a_warning(run):
    sample = run("tasks/devices/kea-dhcp4.conf")
    phone = sample.client(STRANGER)
    (line,) = quoted("tasks/device-options.md", "USER_CHK_REGISTRY_REMARK")
    sample.enroll(phone, **{"option.ntp-server": "192.0.2.6"})
    answer = sample.grant(phone)
    assert sample.subnet(answer) == 1
    assert NTP4 not in answer.options
    assert shown(sample.messages("USER_CHK_REGISTRY_REMARK")) == [line]


def test_devices_are_kept_out_as_far_as_their_access_says(run_one_network):
    sample = run_one_network(registry="tasks/keep-out/user_chk_registry.txt")
    assert [sample.subnet(sample.grant(sample.client(ids))) for ids in (KNOWN, SECOND, STRANGER)] == [1, 2, 2]
    assert sample.ask(sample.client(THIRD), timeout=0.5) is None
    denied = shown(sample.messages("USER_CHK_QUERY_DENIED"))
    assert len(denied) == 1
    if sample.family == 4:
        assert denied == quoted("tasks/keep-out.md", "USER_CHK_QUERY_DENIED")


def test_a_device_that_is_denied_is_not_renewed(run_one_network):
    sample = run_one_network()
    device = sample.client(KNOWN)
    held = sample.grant(device)
    sample.registry.replace((hw_addr if sample.family == 4 else duid)(device.id, access="deny"))
    assert device.renew(held, timeout=0.5) is None


def test_strangers_are_denied_where_the_default_user_is(run_one_network):
    sample = run_one_network(registry="tasks/keep-out/user_chk_registry.txt")
    page = (DOCS / "tasks" / "keep-out.md").read_text(encoding="utf-8")
    sample.registry.append(*[line for line in page.splitlines() if re.match(r'\{ .*"id" : "00000000"', line)])
    assert sample.ask(sample.client(STRANGER), timeout=0.5) is None
    assert sample.ask(sample.client(SECOND), timeout=0.5) is None  # restricted, so treated as unregistered too
    assert sample.subnet(sample.grant(sample.client(KNOWN))) == 1


# --- enrolling by command --------------------------------------------------------------------------------

SERVICE_USER = "_kea"
PORTAL_PORT = 8000
COMMAND = re.compile(r"^```sh\n(.*?)^```\n\nThe answer:\n\n```\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(params=["kea-dhcp4.conf", "kea-dhcp4-http.conf"] if HAS_HTTP else ["kea-dhcp4.conf"])
def enrolling(request, make):
    """A server with Debian's permissions that accepts commands over HTTP: through the agent, and by itself if it can."""
    sample = make(f"tasks/enroll/{request.param}")
    agent = DATA / "tasks" / "enroll" / "kea-ctrl-agent.conf"
    shutil.copy(agent, sample.file("/etc/kea/"))
    sample.run_as(SERVICE_USER)
    sample.server.start()
    with contextlib.ExitStack() as stack:
        if request.param == "kea-dhcp4.conf":
            stack.enter_context(sample.running("kea-ctrl-agent", "-c", f"/etc/kea/{agent.name}"))
        Http(sample.namespace, PORTAL_PORT)  # waits until it listens
        yield sample


def commands_of_the_page():
    """Returns the shell commands in the page, with their answers."""
    shown = COMMAND.findall((DOCS / "tasks" / "enroll.md").read_text(encoding="utf-8"))
    return [(script, json.loads(answer)) for script, answer in shown]


def test_a_guest_is_enrolled_explained_and_taken_out_by_the_commands_of_the_page(enrolling):
    add, explain, remove = commands_of_the_page()
    guest, before = enrolling.client(STRANGER), enrolling.registry.path.read_bytes()
    held = enrolling.grant(guest)
    assert enrolling.subnet(held) == 2
    for script, answer in (add, explain):
        assert shape(json.loads(enrolling.shell(script))) == shape(answer)
    held = enrolling.moved(guest, held)
    assert (enrolling.subnet(held), lifetime(held)) == (1, pytest.approx(8 * 3600, abs=60))
    script, answer = remove
    assert json.loads(enrolling.shell(script)) == answer
    assert enrolling.registry.path.read_bytes() == before
    assert enrolling.subnet(enrolling.moved(guest, held)) == 2


# --- beside other hook libraries -------------------------------------------------------------------------


def test_bootp_clients_are_placed_recorded_and_given_their_options(run):
    sample = run("tasks/bootp/kea-dhcp4.conf")
    known, stranger = sample.client(KNOWN), sample.client(STRANGER)
    answers = [client.bootp() for client in (known, stranger)]
    assert [sample.subnet(answer) for answer in answers] == [1, 2]
    assert answers[0].text(dhcp4.BOOTFILE) == "/tmp/v4bootfile"
    assert [record.registered for record in Outcome(sample.outcome_file()).records()] == ["yes", "no"]
    # Kea's command, which the first library provides, shows that the lease never ends.
    shown = sample.server.command("lease4-get", **{"ip-address": answers[1].yiaddr})
    assert shown["arguments"]["valid-lft"] == 0xFFFFFFFF


def test_bootp_before_ours_is_refused_with_the_order(make):
    def reverse(text):
        (entry,) = re.findall(r',\n *\{ "library": "[^"]*/libdhcp_bootp\.so" \}', text)
        return text.replace(entry, "").replace('"hooks-libraries": [', '"hooks-libraries": [' + entry.lstrip(",") + ",")

    sample = make("tasks/bootp/kea-dhcp4.conf", edit=reverse)
    sample.server.start_refused()
    (refused,) = sample.messages("USER_CHK_CONFIGURATION_REFUSED")
    assert refused.text.endswith("; the order is lease_cmds, ha, user_chk, then all others")
    page = (DOCS / "tasks" / "other-hooks.md").read_text(encoding="utf-8")
    assert "\n    lease_cmds, ha, user_chk, then all others\n" in page


def test_nobody_enrolls_without_the_password(enrolling):
    before = enrolling.registry.path.read_bytes()
    add, _ = commands_of_the_page()[0]
    enrolling.file(PASSWORD).write_text("another", encoding="utf-8")  # the channel has already read it
    for script in (add, re.sub(r"--user \S+ \S+", "", add)):
        assert json.loads(enrolling.shell(script))["result"] == 401
    assert enrolling.registry.path.read_bytes() == before


def close_the_directory(registry):
    registry.parent.chmod(0o550)


def give_to_root(registry):
    registry.chmod(0o644)
    shutil.chown(registry, "root", "root")


@pytest.mark.parametrize(
    "spoil, reason", [(close_the_directory, "Permission denied"), (give_to_root, "Operation not permitted")]
)
def test_server_that_may_not_write_the_registry_says_so_and_nothing_has_changed(enrolling, spoil, reason):
    before = enrolling.registry.path.read_bytes()
    spoil(enrolling.registry.path)
    (answer,) = json.loads(enrolling.shell(commands_of_the_page()[0][0]))
    assert answer["result"] == 1
    assert re.fullmatch(rf"/var/lib/kea/user_chk_registry\.txt: .*{reason}", answer["text"])
    assert f"`... {reason}`" in (DOCS / "tasks" / "enroll.md").read_text(encoding="utf-8")
    assert enrolling.registry.path.read_bytes() == before
    assert enrolling.subnet(enrolling.grant(enrolling.client(STRANGER))) == 2


# --- with High Availability ------------------------------------------------------------------------------

QUICKLY = {"heartbeat-delay": 200, "max-response-delay": 1000, "max-ack-delay": 500, "max-unacked-clients": 0}


def quick(text):
    """Returns a configuration of a pair that does not wait as long for the partner as it should."""
    for name, value in QUICKLY.items():
        text, count = re.subn(rf'("{name}": )\d+', rf"\g<1>{value}", text)
        assert count == 1
    return text


def second(text):
    """Returns the configuration of the pair's other server, as the sample says."""
    (line,) = re.findall(r"// On the other server: (\w+)\.", text)
    return quick(text).replace('"this-server-name": "server1"', f'"this-server-name": "{line}"')


def await_state(sample, state):
    def states():
        told = sample.server.command("status-get")["arguments"]["high-availability"]
        return [relationship["ha-servers"]["local"]["state"] for relationship in told]

    wait_until(lambda: states() == [state], f"a server to be {state}", timeout=30, interval=0.05)


def await_lease(sample, address):
    """Waits for a lease update of the partner.

    A server of these pairs has two addresses on its link, and receives each broadcast twice. It answers the second REQUEST
    with the lease that it has, without waiting for its partner to have it.
    """
    named = {"ip-address": address}
    wait_until(lambda: sample.server.command(f"lease{sample.family}-get", **named)["result"] == 0, "a lease", timeout=30)


def test_a_pair_with_high_availability_has_its_users_in_one_database(make, family):
    name = f"tasks/high-availability/kea-dhcp{family}.conf"
    one = make(name, edit=quick)
    two = make(name, edit=second, partner=one)
    for sample in (one, two):
        sample.server.start()
    for sample in (one, two):
        await_state(sample, "hot-standby")
    known, stranger = one.client(KNOWN), one.client(STRANGER)
    one.database.add(known)
    wait_until(lambda: one.subnet(one.ask(known)) == 1, "the user", timeout=30)
    assert one.subnet(one.grant(stranger)) == 2
    held = one.grant(known)
    await_lease(two, held.leases[0])
    one.server.kill()
    await_state(two, "partner-down")
    assert two.grant(known).leases == held.leases
    assert two.subnet(two.grant(stranger)) == 2
    # Each records what it has granted itself.
    assert [len(Outcome(it.outcome_file()).records()) >= 4 for it in (one, two)] == [True, True]
