"""Which of gunicorn's workers are at work."""

from __future__ import annotations

from pathlib import Path

from tests.real.servers import Server


def at_work(server: Server, store: Path) -> list[int]:
    """The workers that have the file of the store open: those that have answered."""
    return [pid for pid in server.children() if _has_open(pid, store)]


def _has_open(pid: int, file: Path) -> bool:
    try:
        return any(fd.readlink() == file for fd in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:  # the process or one of its files has gone meanwhile
        return False
