"""Programs that are started for a measurement, and surely ended after it; the tree of what they forked."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.tools import ROOT

GRACE = 10.0  # s that a program has to end after SIGTERM
PAUSE = 0.005  # s between two looks at what is waited for
# What the shell of whoever measures may have set for servers of its own, or for Python, which would compile all modules at each start.
FOREIGN = ("MOCKBREW_", "GUNICORN_", "GRANIAN_", "WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS", "PORT", "PYTHON")


class Ended(Exception):
    """A program that ended, or did not come to what was waited for."""


@dataclass(frozen=True, slots=True)
class Running:
    """A program, first of a group of processes of its own; the port of 127.0.0.1 that it was told; the file with what it says."""

    process: subprocess.Popen[bytes]
    port: int
    output: Path

    @property
    def tree(self) -> list[int]:
        """It and whatever it forked, by pid."""
        return tree(self.process.pid)

    def wait_until(self, look: Callable[[], bool], within: float, what: str) -> None:
        """Raises Ended if that is not so within so many s, or if it ends meanwhile."""
        deadline = time.monotonic() + within
        while not look():
            if self.process.poll() is not None:
                raise Ended(f"{self._name}: ended with {self.process.returncode} instead of {what}: {self.said()!r}")
            if time.monotonic() > deadline:
                raise Ended(f"{self._name}: not within {within:g} s: {what}; it said {self.said()!r}")
            time.sleep(PAUSE)

    def said(self) -> str:
        """The last of it."""
        return self.output.read_text("utf-8", errors="replace")[-2000:].strip()

    @property
    def _name(self) -> str:
        return self.output.stem


@contextmanager
def started(
    command: Sequence[str], *, name: str, folder: Path, port: int, environment: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """A program in a group of its own, which is ended with all of it, whatever happens."""
    output = folder / f"{name}.output"
    own = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
    process = None
    try:
        with output.open("wb") as sink, _told_afterwards():
            process = subprocess.Popen(  # noqa: S603 - the bench's own commands
                command,
                cwd=ROOT,
                env={**own, "PYTHONPATH": str(ROOT), **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )
        yield Running(process, port, output)
    finally:
        if process is not None:
            end(process)


@contextmanager
def _told_afterwards() -> Iterator[None]:
    """Who is told to end is told when this is over: a program that was started just then, and that nobody knows yet, would go on."""
    told: list[int] = []
    before = {number: signal.signal(number, lambda number, _: told.append(number)) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for late in told:
        signal.raise_signal(late)


def end(process: subprocess.Popen[Any]) -> None:
    """As an operator does; then, with whatever is left of its group, at once."""
    with suppress(subprocess.TimeoutExpired):
        process.terminate()
        process.wait(GRACE)
    with suppress(ProcessLookupError):  # all of it has ended
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    """One of 127.0.0.1 that nobody has now; whoever is told takes it a moment later, for few of the programs can be handed a socket."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def tree(root: int) -> list[int]:
    """A process and whatever descends from it, by pid."""
    children: dict[int, list[int]] = {}
    for pid, parent in _parents():
        children.setdefault(parent, []).append(pid)
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def _parents() -> Iterator[tuple[int, int]]:
    """(pid, parent's pid) of every process (proc(5): the fields after the name in parentheses)."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            yield int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])
