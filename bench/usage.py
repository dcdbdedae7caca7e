"""What processes use: memory and processor time, from /proc (proc(5))."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

MB = 1e6  # bytes


def memory(pids: Iterable[int]) -> float:
    """MB of all of them, what they share counted once among them: PSS."""
    return sum(map(_pss, pids)) / MB


def processor(pids: Iterable[int]) -> float:
    """s of processor time that all of them have had, for themselves and in the kernel."""
    return sum(map(_ticks, pids)) / os.sysconf("SC_CLK_TCK")


def _pss(pid: int) -> int:
    with suppress(OSError):  # it ended meanwhile
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _ticks(pid: int) -> int:
    with suppress(OSError):  # it ended meanwhile
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])  # utime and stime
    return 0
