# SPDX-License-Identifier: MPL-2.0
"""Faults that prevent servers from writing their outcome file, which tests can cause and cure.

A fault prepares servers that are not running yet. Their outcome file is then in a directory of its own, which they
may write to, and which only they see in this state.
"""

import contextlib
import os
import shutil
from pathlib import Path

from lab.process import run


def fill_disk(ballast, left=0):
    """Creates a file that fills its file system, except for so many bytes."""
    with open(ballast, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            file.truncate(file.tell() - left)


class Fault:
    """`reason` is the error of the operating system, or of the library."""

    reason = None
    room = None  # the size of the directory's own file system

    def __init__(self, *worlds, room=None):
        """The worlds share `files`, and the mounts of the first world."""
        first = worlds[0]
        self.world = first
        self.owner = first.server.user
        folder = first.files / "outcome"
        folder.mkdir()
        shutil.chown(folder, self.owner, self.owner)
        self.folder = first.seen(folder)
        self.file = f"{self.folder}/records"
        if room or self.room:
            first.server.mounts.append(f"mount -t tmpfs -o size={room or self.room},uid={self.owner} none {self.folder}")
        for world in worlds:
            world.record_into(self.file)
        for world in worlds[1:]:
            world.server.mounts.clear()
            world.server.beside = first.server

    def path(self, name=""):
        """Returns where the test finds the directory, or a file in it."""
        return Path(self.world.server.path(self.folder)) / name

    def rotate(self):
        """Removes the file, if there is one."""
        with contextlib.suppress(FileNotFoundError):
            self.path("records").rename(self.path("records.1"))

    def begin(self):
        raise NotImplementedError

    def end(self):
        raise NotImplementedError


class FullDisk(Fault):
    reason = "No space left on device"
    room = "64k"

    def begin(self):
        fill_disk(self.path("ballast"))

    def end(self):
        self.path("ballast").unlink()


class ReadOnlyDisk(Fault):
    """Another file system is mounted over the directory, and nothing can be created there."""

    reason = "Read-only file system"

    def begin(self):
        run(*self.world.server.within("mount", "-t", "tmpfs", "-o", "ro", "none", self.folder))

    def end(self):
        run(*self.world.server.within("umount", self.folder))


class FolderGone(Fault):
    reason = "No such file or directory"

    def begin(self):
        self.path().rename(f"{self.path()}.away")

    def end(self):
        Path(f"{self.path()}.away").rename(self.path())


class FolderNotWritable(Fault):
    """The file was rotated, and the server's user may not create another."""

    reason = "Permission denied"

    def begin(self):
        shutil.chown(self.path(), "root", "root")
        self.rotate()

    def end(self):
        shutil.chown(self.path(), self.owner, self.owner)


class FileNotWritable(Fault):
    """The file was replaced by one that the server's user may not write to."""

    reason = "Permission denied"

    def begin(self):
        self.rotate()
        self.path("records").touch(mode=0o600)

    def end(self):
        shutil.chown(self.path("records"), self.owner, self.owner)


class PlantedLink(Fault):
    """Someone with write access to the directory redirects the records to where they must not go."""

    reason = "is a symbolic link, must be a regular file"

    def begin(self):
        self.path("precious").touch()
        shutil.chown(self.path("precious"), self.owner, self.owner)
        self.rotate()
        self.path("records").symlink_to("precious")

    def end(self):
        self.path("records").unlink()
        assert self.path("precious").read_bytes() == b"", "the link was followed"


class PlantedFifo(Fault):
    """Someone with write access to the directory reads the records, or blocks the server."""

    reason = "is not a regular file"

    def begin(self):
        self.rotate()
        os.mkfifo(self.path("records"))
        shutil.chown(self.path("records"), self.owner, self.owner)
        self._reader = os.open(self.path("records"), os.O_RDONLY | os.O_NONBLOCK)

    def end(self):
        assert os.read(self._reader, 1) == b"", "the FIFO was written into"
        os.close(self._reader)
        self.path("records").unlink()


FAULTS = [FullDisk, ReadOnlyDisk, FolderGone, FolderNotWritable, FileNotWritable, PlantedLink, PlantedFifo]
