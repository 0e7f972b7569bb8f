"""Where a job writes while it runs: a folder of its own, so that a killed one leaves no file.

What libraries write aside (rows of a worksheet on their way) holds what the file will hold; in
/tmp it would stay there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.files import File

from common.jobs import locks


class FinishedFile(File):
    """A file that the storage takes over by renaming it: it is there whole, or not at all."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self._path = file.name

    def temporary_file_path(self) -> str:
        return self._path


@contextmanager
def target_of(pk: int) -> Iterator[IO[bytes]]:
    """An empty file for the result of a job, gone with all else the job wrote when it ends.

    A process of the worker does one task at a time: the folder for temporary files is its own.
    """
    place = _place(pk)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    before, tempfile.tempdir = tempfile.tempdir, str(place)
    try:
        with open(place / "result", "w+b") as target:
            yield target
    finally:
        tempfile.tempdir = before
        shutil.rmtree(place, ignore_errors=True)


def clear(pk: int) -> None:
    """Take away what a dead process left of a job."""
    shutil.rmtree(_place(pk), ignore_errors=True)


def left_behind() -> Iterator[int]:
    """The jobs that have a folder on this machine."""
    for entry in os.scandir(locks.folder()):
        if entry.is_dir() and entry.name.isdecimal():
            yield int(entry.name)


def _place(pk: int) -> Path:
    return locks.folder() / str(pk)
