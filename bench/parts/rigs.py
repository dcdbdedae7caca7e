"""Rigs: one, a hundred and ten thousand of them in one store, in one process; whether each notices the others."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from itertools import cycle
from statistics import median

from bench.machine import Hand
from bench.measures import MS, RATIO, SECONDS, US, Begun, Found, Measure
from bench.measuring import timed
from bench.options import Options
from bench.rounds import interleaved, ratios
from mockbrew import roster
from mockbrew.clock import SECOND
from mockbrew.files import load
from mockbrew.rigs import Order, Rigs
from mockbrew.settings import REFERENCE
from mockbrew.stores import open_store

TITLE = "Many rigs in one store: the reference brewery, in one process, a file of SQLite"
READINGS, COMMANDS, LISTINGS, MADE = 500, 100, 5, 20  # in a round
MAKING, LISTING, WORKING = 3e-3, 2e-4, 1.0  # s, about: a rig until it is gone; a rig in the listings of a round; all else in a round
EACH = {"us": "Each, us", "ratio": "Against the fewest rigs", "once": "All of them"}
ON = Order("A", "turn_on", {})


class Many:
    """A store with so many rigs, each of which has had a command, and the clocks of its machine."""

    def __init__(self, count: int, options: Options) -> None:
        self.count, self.hand = count, Hand()
        self.store = open_store(f"sqlite:///{options.folder / f'rigs-{count}.db'}", machine=self.hand)
        self.rigs = Rigs(load(REFERENCE), self.store, cap=2 * max(options.rigs) + MADE)
        self.turn = cycle(map(_name, range(count)))
        self.later = 0

    @property
    def column(self) -> str:
        """As the heads of tables have it."""
        return f"{self.count:,} rig{'s' if self.count > 1 else ''}"

    def command(self, rig: str) -> None:
        """Something that changes."""
        self.rigs.command(rig, ON, lambda look: b"")

    def make(self) -> None:
        """One more, which is soon gone."""
        self.later += 1
        self.command(f"later-{self.later}")

    def unmake(self) -> None:
        """The last one of these."""
        roster.delete(self.store, f"later-{self.later}")


def _name(number: int) -> str:
    return f"suite-{number}"


def measure(options: Options) -> Found:
    """All stores by turns."""
    yield Begun("in one process", sum(options.rigs) * (MAKING + LISTING * options.rounds) + WORKING * len(options.rigs) * options.rounds)
    with ExitStack() as stack:
        stores = []
        for count in sorted(options.rigs):
            many = Many(count, options)
            stack.callback(many.store.close)
            yield _filled(many)
            stores.append(many)
        for row, work in WORKS.items():
            yield from _compared(row, interleaved({many.column: partial(work, many) for many in stores}, options.rounds))
        for many in stores:
            yield from _expired(many)


def _filled(many: Many) -> Measure:
    begin = time.perf_counter()
    for number in range(many.count):
        many.command(_name(number))
    return Measure(EACH["once"], "made by a command each, s", many.column, SECONDS, [time.perf_counter() - begin])


def _compared(row: str, given: Mapping[str, list[float]]) -> Iterator[Measure]:
    first = next(iter(given.values()))
    for column, taken in given.items():
        yield Measure(EACH["us"], row, column, US, [each * 1e6 for each in taken])
        yield Measure(EACH["ratio"], row, column, RATIO, ratios(taken, first))


def _expired(many: Many) -> Iterator[Measure]:
    """Nobody has used any for a day: each that is made anew takes some of the idle ones away."""
    many.hand.wait(roster.IDLE + SECOND)
    taken: list[float] = []
    while any(row.name.startswith("suite-") for row in many.store.rigs()):
        taken += [_each(1, many.make) * 1e3 for _ in range(MADE)]
    yield Measure(EACH["once"], "a new rig while idle ones go, ms: the median", many.column, MS, [median(taken)])
    yield Measure(EACH["once"], "a new rig while idle ones go, ms: the longest", many.column, MS, [max(taken)])
    yield Measure(EACH["once"], "until all that were idle are gone, ms", many.column, MS, [sum(taken)])


# -- works: s of each, the median of a round -----------------------------------------------------------------------


def _each(times: int, work: Callable[[], object]) -> float:
    return median(timed(work, times))


def _reading_of_one(many: Many) -> float:
    return _each(READINGS, partial(_read, many, _name(0)))


def _reading_of_all(many: Many) -> float:
    return _each(READINGS, lambda: _read(many, next(many.turn)))


def _read(many: Many, rig: str) -> object:
    many.hand.wait(SECOND // 1000)
    return many.rigs.read(rig, "Temp1").look.reading("Temp1", "temperature")


def _command_to_one(many: Many) -> float:
    return _each(COMMANDS, partial(many.command, _name(0)))


def _command_to_all(many: Many) -> float:
    return _each(COMMANDS, lambda: many.command(next(many.turn)))


def _made(many: Many) -> float:
    taken = []
    for _ in range(MADE):
        taken.append(_each(1, many.make))
        many.unmake()
    return median(taken)


def _gone(many: Many) -> float:
    taken = []
    for _ in range(MADE):
        many.make()
        taken.append(_each(1, many.unmake))
    return median(taken)


def _listed(many: Many) -> float:
    return _each(LISTINGS, lambda: roster.listed(many.store, many.store.wall()))


WORKS: Mapping[str, Callable[[Many], float]] = {
    "a reading, always of the same rig": _reading_of_one,
    "a reading, of each rig in turn": _reading_of_all,
    "a command, always to the same rig": _command_to_one,
    "a command, to each rig in turn": _command_to_all,
    "a rig is made, by a command to it": _made,
    "a rig is deleted": _gone,
    "all rigs are listed": _listed,
}
