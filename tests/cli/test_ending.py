"""Signals that end a command: the first one is raised, hasty ones after it are not."""

from __future__ import annotations

import signal

import pytest

from mockbrew.cli.ending import HASTE, Ended, Endings


class Clock:
    """Stands still."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_first_signal_is_raised_and_gives_the_status() -> None:
    endings = Endings(Clock())

    with pytest.raises(Ended, match="ended by SIGTERM"):
        endings.end(signal.SIGTERM, None)

    assert endings.status == 143


def test_ctrl_c_that_is_held_down_is_one_and_pressed_again_is_another() -> None:
    clock = Clock()
    endings = Endings(clock)
    with pytest.raises(Ended, match="interrupted"):
        endings.end(signal.SIGINT, None)

    clock.now += HASTE / 2
    endings.end(signal.SIGINT, None)

    clock.now += 2 * HASTE
    with pytest.raises(Ended, match="interrupted"):
        endings.end(signal.SIGINT, None)
    assert endings.status == 130


def test_a_process_manager_that_asks_again_disturbs_nothing() -> None:
    clock = Clock()
    endings = Endings(clock)
    with pytest.raises(Ended):
        endings.end(signal.SIGINT, None)

    clock.now += 10 * HASTE
    endings.end(signal.SIGTERM, None)

    assert endings.status == 130


def test_what_handled_signals_before_does_so_afterwards_and_what_is_ignored_stays_so() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Endings():
            inside = signal.getsignal(signal.SIGHUP), signal.getsignal(signal.SIGTERM)
        outside = signal.getsignal(signal.SIGHUP), signal.getsignal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGHUP, before)

    assert inside[0] == signal.SIG_IGN
    assert inside[1] != outside[1]
    assert outside == (signal.SIG_IGN, signal.SIG_DFL)
