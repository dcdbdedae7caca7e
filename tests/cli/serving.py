"""`mockbrew serve` as a process of a test, on a port that it chose itself, by either of its servers."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.real.client import Client
from tests.real.servers import FOREIGN, ROOT, Server
from tests.real.waiting import wait_until

By = Literal["granian", "gunicorn"]

# `mockbrew` where Granian is not installed: the import system takes None for a module that is not there.
WITHOUT_GRANIAN = "import sys; sys.modules['granian'] = None; from mockbrew.cli import main; main(prog_name='mockbrew')"
SLOWER = "  note   Granian can't be used (No module named 'granian.constants'; 'granian' is not a package): gunicorn serves, more slowly\n"

ADDRESS = re.compile(r" on http://\S+:([0-9]+) ")


@dataclass(frozen=True)
class Serving:
    """A running `mockbrew serve` and what it says. by: the server that it runs."""

    process: subprocess.Popen[bytes]
    out: Path
    err: Path
    by: By = "granian"

    def said(self) -> str:
        return self.out.read_text()

    def complained(self) -> str:
        return self.err.read_text()

    def announced(self, *, within: float = 30.0) -> Client:
        """A client of the address that the first line names. Raises AssertionError if it ends instead."""
        return Client(wait_until(self._port, within=within, what="the address in the first line"))

    def workers(self, number: int, *, within: float = 30.0) -> list[int]:
        """Their pids, once there are so many and each is past its start, during which gunicorn (27) loses an order to stop."""
        return wait_until(lambda: self._started(number), within=within, what=f"{number} workers")

    def interrupt(self, *, within: float = 20.0) -> int:
        """Ctrl-C, which a terminal sends to every process of the group; the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(within)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _started(self, number: int) -> list[int]:
        children = Server(self.process, 0, self.err).children()
        return children if len(children) == number and all(is_deaf(child, signal.SIGINT) for child in children) else []

    def _port(self) -> int:
        """0 while it is not said."""
        found = ADDRESS.search(self.said())
        assert found or self.process.poll() is None, f"ended with {self.process.returncode}: {self.complained()}"
        return int(found[1]) if found else 0


def spawn(
    folder: Path,
    *arguments: str,
    python: Path | str = sys.executable,
    environment: Mapping[str, str] | None = None,
    preceding: Sequence[str] = (),
    stdin: int = subprocess.DEVNULL,
    by: By = "granian",
) -> Serving:
    """Start `mockbrew serve` in `folder` with these arguments and, unless they say otherwise, a free port; `preceding` runs it."""
    out, err = folder / "out", folder / "err"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(
            [*preceding, *program("serve", "--port", "0", *arguments, python=python, by=by)],
            cwd=folder,
            env={**variables(), **(environment or {})},
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,  # a group of its own, as in a terminal
        )
    return Serving(process, out, err, by)


def is_deaf(pid: int, number: signal.Signals) -> bool:
    """Whether a process ignores or blocks a signal: proc(5), masks in hexadecimal. One that has just ended does neither."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False
    masks = [line.split()[1] for line in status.splitlines() if line.startswith(("SigIgn:", "SigBlk:"))]
    return any(int(mask, 16) >> (number - 1) & 1 for mask in masks)


def program(*arguments: str, python: Path | str = sys.executable, by: By = "granian") -> Sequence[str]:
    """The command line of `mockbrew ARGUMENTS`."""
    return [str(python), *(("-m", "mockbrew") if by == "granian" else ("-c", WITHOUT_GRANIAN)), *arguments]


def variables() -> Mapping[str, str]:
    """The environment of these tests without foreign settings; a program that is started elsewhere finds the package in it."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return {**own, "PYTHONPATH": str(ROOT)}
