"""What the bench starts it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import usage
from bench.processes import Ended, free_port, started, tree
from tests.bench.machine import assert_nothing_is_left
from tests.real.waiting import wait_until

PARENT = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(60)"


def program(code: str) -> list[str]:
    return [sys.executable, "-c", code]


class Disaster(Exception):
    """Of a measurement."""


def test_a_program_is_ended_with_what_it_forked_whatever_happens(tmp_path: Path) -> None:
    def measured() -> None:
        with started(program(PARENT), name="parent", folder=tmp_path, port=0, environment={"HOME": str(tmp_path)}) as running:
            wait_until(lambda: len(running.tree) == 2, within=20, what="a child")
            raise Disaster

    with pytest.raises(Disaster):
        measured()

    assert_nothing_is_left(tmp_path)


def test_a_program_is_ended_too_where_the_order_to_end_comes_as_it_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = subprocess.Popen

    def told(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        process = start(*args, **options)
        signal.raise_signal(signal.SIGINT)
        return process

    monkeypatch.setattr(subprocess, "Popen", told)
    with (
        pytest.raises(KeyboardInterrupt),
        started(program(PARENT), name="parent", folder=tmp_path, port=0, environment={"HOME": str(tmp_path)}),
    ):
        pytest.fail("nothing is measured any more")

    assert_nothing_is_left(tmp_path)


def test_a_program_that_ends_by_itself_is_told_with_what_it_said(tmp_path: Path) -> None:
    with started(program("raise SystemExit('no room')"), name="server", folder=tmp_path, port=0) as running, pytest.raises(Ended) as caught:
        running.wait_until(lambda: False, within=20, what="a 200 for /getA.py")

    assert str(caught.value) == "server: ended with 1 instead of a 200 for /getA.py: 'no room'"


def test_what_does_not_come_is_told(tmp_path: Path) -> None:
    with started(program(STUBBORN), name="server", folder=tmp_path, port=0) as running:
        wait_until(lambda: running.said() == "here", within=20, what="its word")
        with pytest.raises(Ended) as caught:
            running.wait_until(lambda: False, within=0, what="a 200 for /getA.py")
        running.process.kill()

    assert str(caught.value) == "server: not within 0 s: a 200 for /getA.py; it said 'here'"


def test_memory_and_processor_time_are_those_of_a_whole_tree(tmp_path: Path) -> None:
    with started(program(PARENT), name="parent", folder=tmp_path, port=0) as running:
        wait_until(lambda: len(running.tree) == 2, within=20, what="a child")
        one, both = usage.memory(running.tree[:1]), usage.memory(running.tree)
        spent = usage.processor(running.tree)

    assert both > one > 1.0
    assert spent >= 0.0
    assert usage.memory(tree(running.process.pid)) == 0.0


def test_a_free_port_is_nobodys() -> None:
    assert 1024 < free_port() < 65536
