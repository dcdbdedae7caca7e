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


def resident(pid: int) -> int:
    """Bytes of memory that a process has in use by itself: what it shares with others, such as the pages of a file, apart."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    (line,) = (each for each in status.splitlines() if each.startswith("RssAnon:"))
    return int(line.split()[1]) * 1024
