"""The machine's time, as an object that is passed in: which boot this is, and two clocks in integer nanoseconds."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

LINUX_BOOT = Path("/proc/sys/kernel/random/boot_id")
MACOS_BOOT = ("sysctl", "-n", "kern.bootsessionuuid")
COARSE = 600 * 1_000_000_000  # ns; wider than what a time server usually corrects while a machine is up


class Machine(Protocol):
    """What a store asks its machine. All processes of one machine get the same answers."""

    def boot(self) -> str:
        """The same from power-on to power-off, another one after."""
        ...

    def monotonic(self) -> int:
        """ns since some instant of this boot; never goes back."""
        ...

    def real(self) -> int:
        """ns since 1970, as far as the machine knows; may jump either way."""
        ...


class LocalMachine:
    """The machine that this process runs on."""

    def boot(self) -> str:
        return boot_identity()

    def monotonic(self) -> int:
        return time.monotonic_ns()

    def real(self) -> int:
        return time.time_ns()


def boot_identity(linux: Path = LINUX_BOOT, macos: Sequence[str] = MACOS_BOOT) -> str:
    """The kernel's own name for this boot on Linux and macOS.

    Elsewhere the instant of the boot, to ten minutes: two processes may then disagree about the boot after real time was set, and
    their walls by as much as it was set; neither ever goes back.
    """
    return _said_by_file(linux) or _said_by_command(macos) or _estimated(time.time_ns(), time.monotonic_ns())


def _said_by_file(path: Path) -> str | None:
    try:
        return path.read_text("ascii").strip()
    except OSError:
        return None


def _said_by_command(command: Sequence[str]) -> str | None:
    try:
        answer = subprocess.run(command, capture_output=True, check=True, text=True, timeout=5)  # noqa: S603  # a constant of ours
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()


def _estimated(real: int, monotonic: int) -> str:
    return f"about {round((real - monotonic) / COARSE)}"
