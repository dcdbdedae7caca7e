"""The watch: each phase has its own time, and nobody notices that it was watched."""

from __future__ import annotations

import pytest

from bench.watch import Watch


class Clock:
    """ns that functions let go by."""

    def __init__(self) -> None:
        self.now = 0


class Kitchen:
    """Something to watch. spill: whether the second pot fails."""

    def __init__(self, clock: Clock) -> None:
        self.clock, self.spill = clock, False

    def stir(self) -> str:
        self.clock.now += 10
        return "stirred"

    def cook(self, *, pots: int) -> str:
        for pot in range(pots):
            self.clock.now += 100
            if self.spill and pot:
                raise RuntimeError("spilt")
            self.stir()
        return f"{pots} pots"

    def serve(self, pots: int) -> str:
        self.clock.now += 1
        return self.cook(pots=pots)


PHASES = {"cooking": [(Kitchen, "cook"), (Kitchen, "stir")], "serving": [(Kitchen, "serve")]}


def test_each_phase_has_its_own_time_without_that_of_others() -> None:
    clock = Clock()
    kitchen, watch = Kitchen(clock), Watch(lambda: clock.now)

    with watch.over(PHASES):
        answers = [kitchen.serve(2), kitchen.serve(3), kitchen.stir()]
    kitchen.serve(5)

    assert answers == ["2 pots", "3 pots", "stirred"]
    assert watch.phases() == {"serving": 2, "cooking": 5 * 110 + 10}


def test_what_fails_counts_up_to_there_and_nothing_stays_watched() -> None:
    before = dict(vars(Kitchen))
    clock = Clock()
    kitchen, watch = Kitchen(clock), Watch(lambda: clock.now)
    kitchen.spill = True

    with watch.over(PHASES), pytest.raises(RuntimeError, match="spilt"):
        kitchen.serve(2)

    assert watch.phases() == {"serving": 1, "cooking": 210}
    assert dict(vars(Kitchen)) == before


def test_what_the_watch_itself_takes_belongs_to_no_phase() -> None:
    clock = Clock()

    def now() -> int:
        clock.now += 7  # each look at it
        return clock.now

    kitchen, watch = Kitchen(clock), Watch(now)

    with watch.over(PHASES):
        kitchen.serve(2)

    assert watch.phases() == pytest.approx({"serving": 1, "cooking": 220}, rel=0.05)
