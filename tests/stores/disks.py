"""Places where a file can't be written, made for real: as root by mounts, else by permissions."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

ROOT = os.geteuid() == 0


def mount(*arguments: object) -> None:
    """Mount, or skip the test where that isn't allowed: containers often forbid it even to root."""
    made = subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"needs the right to mount, so as to make a disk that is full or read-only: {made.stderr.strip()}")


def unmount(path: Path) -> None:
    subprocess.run(["umount", "--lazy", path], check=True)


@contextmanager
def read_only(path: Path) -> Iterator[None]:
    """A file or a directory that nobody can write to. Root writes whatever the permissions say, but not to a read-only mount."""
    if not ROOT:
        before = path.stat().st_mode
        path.chmod(before & 0o555)
        try:
            yield
        finally:
            path.chmod(before)
        return
    mount("--bind", path, path)
    try:
        mount("-o", "remount,ro,bind", path)
        yield
    finally:
        unmount(path)


@contextmanager
def small_disk(path: Path) -> Iterator[None]:
    """A disk of half a megabyte at `path`."""
    path.mkdir()
    mount("-t", "tmpfs", "-o", "size=512k", "none", path)
    try:
        yield
    finally:
        unmount(path)


@contextmanager
def no_room(directory: Path) -> Iterator[None]:
    """Not a byte is left on the disk of `directory`."""
    filler = directory / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    yield
    filler.unlink()
