"""A writer: another process that commands one rig as fast as it can, when it is told to.

`python -m bench.writing STORE RIG` begins at a byte on its standard input, and at the next one says how many commands it has done since.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench.processes import Ended, end
from bench.tools import ROOT
from mockbrew.files import load
from mockbrew.rigs import Order, Rigs
from mockbrew.settings import REFERENCE
from mockbrew.stores import open_store

PIDS = ("PID1", "PID2", "PID3")


class Writer:
    """It rests until it is told."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @contextmanager
    def at_work(self) -> Iterator[list[int]]:
        """While in it. The list gets the number of its commands, afterwards."""
        done: list[int] = []
        self._say()
        yield done
        self._say()
        done.append(int(self._heard()))

    def wait(self) -> None:
        """Until it is there."""
        self._heard()

    def _say(self) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it has a pipe
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def _heard(self) -> str:
        assert self._process.stdout is not None  # noqa: S101 - it has a pipe
        if not (line := self._process.stdout.readline()):
            raise Ended("the writer beside: ended, and says above why; only one that writes is measured")
        return line


@contextmanager
def writer(store: str, rig: str) -> Iterator[Writer]:
    """One, at a store by its URL."""
    command = [sys.executable, "-m", "bench.writing", store, rig]
    process = subprocess.Popen(  # noqa: S603 - this module, by this Python
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        made = Writer(process)
        made.wait()
        yield made
    finally:
        end(process)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def main(url: str, rig: str) -> None:
    """As told on standard input, until that ends."""
    store = open_store(url)
    rigs = Rigs(load(REFERENCE), store)
    for pid in PIDS:
        rigs.command(rig, Order(pid, "start", {}), lambda look: b"")
    _tell("0")
    while os.read(0, 1):  # not by lines: what Python has read ahead nobody could wait for
        _tell(str(_until_told(rigs, rig)))
        os.read(0, 1)
    store.close()


def _until_told(rigs: Rigs, rig: str) -> int:
    done, verbs = 0, ("turn_on", "turn_off")
    while not select.select([0], [], [], 0)[0]:
        rigs.command(rig, Order("A", verbs[done % 2], {}), lambda look: b"")
        done += 1
    return done


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
