# SPDX-License-Identifier: MPL-2.0
"""Who creates the outcome file, when, and who owns it: nobody creates one that the service's user cannot open."""

import os
import pwd
import shutil
import stat

import pytest

from lab.kea import release
from lab.rules import refusal_at_start


@pytest.fixture
def service(own_unprivileged):
    """A server that will run as the service's user, with a directory for its outcome file that this user owns."""
    folder = own_unprivileged.files / "outcome"
    folder.mkdir()
    shutil.chown(folder, own_unprivileged.server.user, own_unprivileged.server.user)
    own_unprivileged.record_into(f"{own_unprivileged.seen(folder)}/records")
    return own_unprivileged


def folder_of(world):
    return world.files / "outcome"


def records_of(world):
    """Returns where the test finds the outcome file."""
    return folder_of(world) / "records"


def owner_of(path):
    told = path.stat()
    return pwd.getpwuid(told.st_uid).pw_name, stat.S_IMODE(told.st_mode)


@pytest.mark.skipif(release() < (2, 3), reason="-T, which loads hooks, is of later releases of Kea")
def test_configuration_that_root_checks_leaves_nothing_and_the_service_starts(service):
    service.registry.write()
    service.configure()
    told = service.server.check() + service.server.log_text()
    assert "USER_CHK_HOOK_LOADED" in told and " ERROR " not in told, told
    assert os.listdir(folder_of(service)) == []
    service.start()
    assert owner_of(records_of(service)) == ("_kea", 0o640)
    assert service.offer_to_stranger() is not None


def test_server_that_root_started_once_leaves_a_file_that_the_service_can_open(service):
    user, service.server.user = service.server.user, None
    service.start()
    assert os.listdir(folder_of(service)) == []
    assert service.offer_to_stranger() is not None
    assert owner_of(records_of(service)) == (user, 0o640)
    before = records_of(service).read_bytes()
    service.server.stop()
    service.server.user = user
    service.server.start()
    assert service.offer_to_stranger() is not None
    assert records_of(service).read_bytes().startswith(before)
    assert len(records_of(service).read_bytes()) > len(before)
    assert service.problems() == []


def test_first_record_is_no_rotation(own):
    own.start()
    assert own.offer_to_stranger() is not None
    assert own.log("USER_CHK_OUTCOME_REOPENED") == []


def test_file_that_could_not_be_made_is_an_error_at_load(service):
    folder_of(service).chmod(0o500)
    assert refusal_at_start(service).endswith(f"{service.hook['parameters']['outcome-file']}: Permission denied")


def same(world, how):
    """Makes the outcome file the registry file."""
    registry, outcome = world.registry.path, world.files / "other"
    if how == "the same path":
        outcome = registry
    elif how == "the same path in another form":
        outcome = world.files / "." / ".." / world.files.name / registry.name
    elif how == "a hard link":
        os.link(registry, outcome)
    elif how == "a symbolic link":
        outcome.symlink_to(registry)
    elif how == "the file that the registry is a link to":
        registry.rename(outcome)
        registry.symlink_to(outcome)
    world.hook["parameters"]["outcome-file"] = str(outcome)
    return outcome


@pytest.mark.parametrize(
    "how",
    [
        *("the same path", "the same path in another form", "a hard link", "a symbolic link"),
        "the file that the registry is a link to",
    ],
)
def test_outcome_file_that_is_the_registry_file_is_refused(own, how):
    own.registry.write()
    outcome = same(own, how)
    given = own.hook["parameters"]["outcome-file"]
    error = refusal_at_start(own, "# the lab")
    assert f"invalid outcome-file: '{given}', " in error and error.endswith(" registry-file")
    assert outcome.read_bytes() == b"# the lab\n"


def test_outcome_file_that_is_the_registry_file_is_no_matter_where_nothing_is_recorded(own):
    own.registry.write("# the lab")
    same(own, "the same path")
    own.hook["parameters"]["outcome-events"] = "none"
    own.start()
    assert own.offer(own.client()) is not None
    assert own.registry.path.read_bytes() == b"# the lab\n"
