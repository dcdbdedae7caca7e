"""A watch over functions: how long each phase lasts that they are said to be part of, without what they call of other phases."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

Watched = tuple[Any, str]  # a class or module, and the name of a function in it
TRIED, TIMES = 400, 50  # calls of nothing, from which the watch learns what itself takes, and how often: the least counts


class Watch:
    """A stopwatch that is handed from phase to phase. now, taken: ns."""

    def __init__(self, now: Callable[[], int] = time.perf_counter_ns) -> None:
        self.taken: Counter[str] = Counter()
        self._now, self._since = now, 0
        self._open: list[str] = []
        self._calls: Counter[str] = Counter()  # of functions of a phase
        self._others: Counter[str] = Counter()  # that functions of a phase have called

    @contextmanager
    def over(self, phases: Mapping[str, Sequence[Watched]]) -> Iterator[None]:
        """Watch these functions meanwhile."""
        before = [(owner, name, getattr(owner, name)) for watched in phases.values() for owner, name in watched]
        for phase, watched in phases.items():
            for owner, name in watched:
                setattr(owner, name, self.watched(phase, getattr(owner, name)))
        try:
            yield
        finally:
            for owner, name, function in before:
                setattr(owner, name, function)

    def watched(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, as part of a phase."""

        def call(*args: Any, **kwargs: Any) -> Any:
            self._hand_over(phase)
            try:
                return function(*args, **kwargs)
            finally:
                self._hand_back()

        return call

    def phases(self) -> dict[str, float]:
        """ns of each, without what the watch itself takes."""
        inside, around = _own(self._now)
        return {phase: max(self.taken[phase] - inside * self._calls[phase] - around * self._others[phase], 0.0) for phase in self._calls}

    def _hand_over(self, phase: str) -> None:
        if self._open:
            self.taken[self._open[-1]] += self._now() - self._since
            self._others[self._open[-1]] += 1
        self._calls[phase] += 1
        self._open.append(phase)
        self._since = self._now()

    def _hand_back(self) -> None:
        self.taken[self._open.pop()] += self._now() - self._since
        self._since = self._now()


def _own(now: Callable[[], int]) -> tuple[float, float]:
    """ns that a watch adds to a phase for each call of a function of it, and for each call that it makes of another."""
    tried = [_tried(Watch(now)) for _ in range(TIMES)]
    return min(inside for inside, _ in tried), min(around for _, around in tried)


def _tried(watch: Watch) -> tuple[float, float]:
    nothing = watch.watched("inside", lambda: None)
    watch.watched("around", lambda: [nothing() for _ in range(TRIED)])()
    return watch.taken["inside"] / TRIED, watch.taken["around"] / TRIED
