# SPDX-License-Identifier: MPL-2.0
"""Faults that prevent servers from changing their registry file, which tests can cause and cure."""

import fcntl
import os
import shutil
from pathlib import Path

from lab.faults import fill_disk
from lab.process import run


def lock_of(name):
    """Returns the file that servers lock to change the registry with this name."""
    return f".{name}.user-chk-lock"


class RegistryFolder:
    """Makes servers that are not running yet keep their registry in a directory of its own.

    `room` makes it an in-memory file system of that size, which only the servers see; it is empty again when the
    first of them ends. The servers share `files`, and the mounts of the first server.
    """

    def __init__(self, *worlds, room=None):
        first = worlds[0]
        self.world = first
        self.owner = first.server.user or "root"
        folder = first.files / "registry"
        folder.mkdir()
        self.folder = first.seen(folder)
        self.file = f"{self.folder}/users"
        prepare = [f"chown {self.owner}:{self.owner} {self.folder}"]
        if room:
            prepare.insert(0, f"mount -t tmpfs -o size={room},mode=755 none {self.folder}")
        prepare.append(f"install -m 640 -o {self.owner} -g {self.owner} {first.seen(first.registry.path)} {self.file}")
        first.server.mounts += prepare
        for world in worlds:
            world.hook["parameters"]["registry-file"] = self.file
        for world in worlds[1:]:
            world.server.mounts.clear()
            world.server.beside = first.server
        self._worlds = worlds

    def start(self):
        """Starts the servers; the content of their registries is in the directory then."""
        for world in self._worlds:
            world.start()
            world.registry.path = self.path("users")
        return self

    def path(self, name=""):
        """Returns where the test finds the directory, or a file in it."""
        return Path(self.world.server.path(self.folder)) / name

    def names(self):
        """Returns the content of the directory."""
        return sorted(os.listdir(self.path()))


class Fault:
    """Prepares a server that is not running yet; `reason` is what answers say besides the name of the registry."""

    reason = None
    room = None  # the size of the directory's own file system

    def __init__(self, world):
        self.folder = RegistryFolder(world, room=self.room)
        self.world = world

    def start(self):
        self.folder.start()
        return self.world

    def begin(self):
        raise NotImplementedError

    def end(self):
        raise NotImplementedError


class FullDisk(Fault):
    reason = "No space left on device"
    room = "64k"
    left = 0  # for the new file, in bytes

    def begin(self):
        fill_disk(self.folder.path("ballast"), self.left)

    def end(self):
        self.folder.path("ballast").unlink()


class NearlyFullDisk(FullDisk):
    """There is room for the first part of the new file only."""

    left = 4096


class ReadOnlyDisk(Fault):
    reason = "Read-only file system"
    room = "64k"

    def begin(self):
        self._remount("ro")

    def end(self):
        self._remount("rw")

    def _remount(self, how):
        run(*self.world.server.within("mount", "-o", f"remount,{how}", self.folder.folder))


class FolderNotWritable(Fault):
    reason = "Permission denied"

    def begin(self):
        shutil.chown(self.folder.path(), "root", "root")

    def end(self):
        shutil.chown(self.folder.path(), self.folder.owner, self.folder.owner)


class FileOfAnotherOwner(Fault):
    """The server may read the file and replace it, but not by one with the same owner."""

    reason = "Operation not permitted"
    owner, group = "root", "root"

    def begin(self):
        shutil.chown(self.world.registry.path, self.owner, self.group)
        self.world.registry.path.chmod(0o644)

    def end(self):
        shutil.chown(self.world.registry.path, self.folder.owner, self.folder.owner)


class FileOfAnotherGroup(FileOfAnotherOwner):
    owner, group = "_kea", "root"


class FileBad(Fault):
    """Another line, which is not a user, was added to the file."""

    def begin(self):
        self._good = self.world.registry.path.read_bytes()
        self.world.registry.append("{ broken")
        self.reason = f":{len(self._good.splitlines()) + 1}: "

    def end(self):
        self.world.registry.write_bytes(self._good)


class FileHeldOpen(Fault):
    """Someone has the file open for writing."""

    reason = "is open for writing in another process"

    def begin(self):
        self._writer = open(self.world.registry.path, "ab")

    def end(self):
        self._writer.close()


class FileLocked(Fault):
    """A script that runs as root holds the lock that servers take."""

    reason = "is locked by another process"

    def begin(self):
        self._locked = open(self.folder.path(lock_of("users")), "ab")
        fcntl.flock(self._locked, fcntl.LOCK_EX)

    def end(self):
        self._locked.close()


class FileGone(Fault):
    reason = "No such file or directory"

    def begin(self):
        self.world.registry.path.rename(self.folder.path("away"))

    def end(self):
        self.folder.path("away").rename(self.world.registry.path)


# Those that the server notices at once.
FAULTS = [
    FullDisk,
    NearlyFullDisk,
    ReadOnlyDisk,
    FolderNotWritable,
    FileOfAnotherOwner,
    FileOfAnotherGroup,
    FileHeldOpen,
    FileLocked,
    FileBad,
    FileGone,
]
