"""Budgets: how long somebody may evolve a cell. The plant counts boundaries, and what one costs depends on the cell; who waits counts time.

Where evolution is cut changes no later value, since an anchor moves across boundaries only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mockbrew import plant as plants
from mockbrew.plant import Anchor, Cell

STRIDE = 16  # boundaries between two looks at the stopwatch: a fraction of a millisecond in a small cell, some ms in a large one


@dataclass(frozen=True, slots=True)
class Budget:
    """Time to evolve in, until the stopwatch shows `end` (both s)."""

    stopwatch: Callable[[], float]
    end: float

    @property
    def spent(self) -> bool:
        """Whether nothing is left of it."""
        return self.stopwatch() >= self.end

    def within(self, most: float) -> Budget:
        """What is left of it, but from now on `most` s at most."""
        return Budget(self.stopwatch, min(self.end, self.stopwatch() + most))

    def evolve(self, cell: Cell, anchor: Anchor, until: int, seed: str) -> tuple[Anchor, bool]:
        """As `plant.evolve`, for as long as it lasts; a stride at least, so whoever asks again and again gets there."""
        done = False
        while not done:
            anchor, done = plants.evolve(cell, anchor, until, seed, limit=STRIDE)
            if self.spent:
                break
        return anchor, done


def budget(stopwatch: Callable[[], float], most: float) -> Budget:
    """`most` s from now on."""
    return Budget(stopwatch, stopwatch() + most)
