"""Which of gunicorn's workers are at work."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from tests.real.servers import Server


def at_work(server: Server, store: Path) -> list[int]:
    """The workers that have the file of the store open: those that have answered."""
    return [pid for pid in server.children() if store in _open_files(pid)]


def _open_files(pid: int) -> set[Path]:
    files: set[Path] = set()
    with suppress(OSError):  # the process has ended meanwhile
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                files.add(descriptor.readlink())
    return files
