"""Progress of a verification: one line of a terminal, written over and over; and sentences that stay, wherever they are read."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

import click

from mockbrew.conformance.reports.texts import visible
from mockbrew.conformance.results import Exchange

EVERY = 0.1  # s between two lines: what is written more often nobody can read
WIDEST = 78  # characters: a longer line would be two, of which only one is written over


class Progress:
    """Of one server. On a terminal each request is shown; elsewhere only what is said."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url, self._clock = url, clock
        self._count, self._shown_at = 0, float("-inf")
        self._begun = clock()
        self._width = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, sort: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._show("")

    def step(self, exchange: Exchange) -> None:
        """One more request."""
        self._count += 1
        if sys.stderr.isatty() and self._clock() - self._shown_at >= EVERY:
            self._shown_at = self._clock()
            passed = int(self._shown_at - self._begun)
            self._show(f"{passed // 60}:{passed % 60:02}  {self._count} requests  {exchange.method} {visible(exchange.url)}")

    def say(self, sentence: str) -> None:
        """Something that somebody beside the rig should read at once."""
        self._show("")
        self._tell(f"{visible(self._url)}: {visible(sentence)}\n")

    def _show(self, line: str) -> None:
        """Over what was shown last, if anything was."""
        shown = line[:WIDEST]
        if shown or self._width:
            self._tell(f"\r{shown.ljust(self._width)}{'' if shown else chr(13)}")
        self._width = len(shown)

    def _tell(self, text: str) -> None:
        """A terminal that is gone is told nothing; what is done to the server goes on, and ends as it should."""
        with suppress(OSError):
            click.echo(text, err=True, nl=False)
