"""History: what readings were between two instants, computed again from the event log. Nothing samples; nothing is kept for it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mockbrew import plant as plants
from mockbrew.budget import Budget
from mockbrew.clock import nanoseconds, seconds
from mockbrew.conditions.names import Names, Unknown, Variable, readings_of
from mockbrew.devices.declare import Value
from mockbrew.errors import BadRequest, HistoryGone, StillEvolving, TooLong
from mockbrew.plant import Look
from mockbrew.replaying import Overtaken, Past, again, past
from mockbrew.rigs import Rigs
from mockbrew.timeline import seed_of

ROWS = 10_000  # that one answer has at most
READINGS = 100
POINTS = 100  # unless somebody says how many


@dataclass(frozen=True, slots=True)
class History:
    """times: virtual ns. columns: the values at these, by reading, as `DEVICE.READING`."""

    run: int
    times: Sequence[int]
    columns: Mapping[str, Sequence[Value]]

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {"run": self.run, "times": [seconds(at) for at in self.times], "readings": self.columns}

    def table(self) -> str:
        """As CSV; null is empty."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(["time", *self.columns])
        writer.writerows(zip(map(seconds, self.times), *self.columns.values(), strict=True))
        return text.getvalue()


def wanted(rigs: Rigs, words: Sequence[str]) -> list[Variable]:
    """The readings that words such as `Temp1` or `Mashtun.volume` stand for. Raises BadRequest."""
    names = readings_of({name: entry.device for name, entry in rigs.spec.entries.items()})
    found = [_found(names, word) for word in words]
    wrong = [("reading", each) for each in found if isinstance(each, str)]
    if len(words) > READINGS:
        wrong.append(("reading", f"{len(words)} are too many; at most {READINGS} at a time"))
    if wrong:
        raise BadRequest(wrong)
    return list(dict.fromkeys(each for each in found if isinstance(each, Variable)))


def _found(names: Names, word: str) -> Variable | str:
    """What a word stands for, or what is wrong with it."""
    try:
        return names.resolve(word)
    except Unknown as error:
        return str(error)


def history(rigs: Rigs, rig: str, readings: Sequence[Variable], begins: float | None, ends: float | None, points: int | None) -> History:
    """From `begins` to `ends` (virtual s; None: as far back as is known, and now) at so many points, or, with None, at every boundary.

    Raises BadRequest, HistoryGone, TooLong, Overtaken, NoSuchRig, StoreError.
    """
    patience = rigs.patience()
    try:
        return again(rig, lambda: _history(rigs, rig, readings, begins, ends, points, patience), patience)
    except Overtaken:
        raise
    except StillEvolving as error:
        raise TooLong("this stretch of the past takes too long to compute; ask for a shorter one, or for fewer readings") from error


def _history(
    rigs: Rigs, rig: str, readings: Sequence[Variable], begins: float | None, ends: float | None, points: int | None, patience: Budget
) -> History:
    row, now = rigs.now(rig)
    cells = {rigs.plant.home[each.device]: None for each in readings}
    pasts = {name: past(rigs.store, rigs.plant, row, name, patience) for name in cells}
    first, last = _window(rig, pasts, begins, ends, now)
    times = _points(first, last, points) if points is not None else _boundaries(pasts.values(), first, last, patience)
    found: dict[str, Sequence[Value]] = {}
    for name, each in pasts.items():
        found.update(_columns(each, [own for own in readings if rigs.plant.home[own.device] == name], times, patience))
    return History(row.run, times, {each.name: found[each.name] for each in readings})


def _window(rig: str, pasts: Mapping[str, Past], begins: float | None, ends: float | None, now: int) -> tuple[int, int]:
    earliest = max(each.earliest for each in pasts.values())
    first = earliest if begins is None else nanoseconds(begins)
    last = now if ends is None else nanoseconds(ends)
    wrong = []
    if last > now:
        wrong.append(("until", f"{ends} s is still to come; it is {seconds(now)} s now"))
    if first > last:
        wrong.append(("from", f"{seconds(first)} s is after the end, {seconds(last)} s"))
    if wrong:
        raise BadRequest(wrong)
    if first < earliest:
        raise HistoryGone(rig, seconds(first), seconds(earliest))
    return first, last


def _points(first: int, last: int, points: int) -> list[int]:
    """Evenly, both ends among them."""
    if points < 2 or first == last:
        return [last]
    return [first + number * (last - first) // (points - 1) for number in range(points)]


def _boundaries(pasts: Iterable[Past], first: int, last: int, patience: Budget) -> list[int]:
    """Every instant at which the law of one of these cells changes, and both ends."""
    found = {first, last}
    for each in pasts:
        for at in _crossed(each, first, last, patience):
            found.add(at)
            if len(found) > ROWS:
                raise BadRequest(
                    [("until", f"there are more than {ROWS} boundaries from {seconds(first)} s on; ask for a shorter stretch")]
                )
    return sorted(found)


def _crossed(each: Past, first: int, last: int, patience: Budget) -> Iterator[int]:
    seed = seed_of(each.row)
    for stretch in each.stretches(first, last):
        yield stretch.begins
        anchor = stretch.anchor
        due = plants.next_boundary(stretch.cell, anchor)
        while due is not None and due < stretch.ends:
            yield due
            if patience.spent:
                raise StillEvolving(seconds(stretch.ends - due))
            anchor, _ = plants.evolve(stretch.cell, anchor, due, seed, limit=1)
            due = plants.next_boundary(stretch.cell, anchor)


def _columns(each: Past, readings: Sequence[Variable], times: Sequence[int], patience: Budget) -> dict[str, list[Value]]:
    columns: dict[str, list[Value]] = {reading.name: [] for reading in readings}
    for look in _looks(each, times, patience):
        for reading in readings:
            columns[reading.name].append(look.reading(reading.device, reading.reading))
    return columns


def _looks(each: Past, times: Sequence[int], patience: Budget) -> Iterator[Look]:
    """The cell at each of these instants, the result of whatever happened there."""
    seed, stretches = seed_of(each.row), each.stretches(times[0], times[-1])
    stretch = next(stretches)
    anchor, following = stretch.anchor, next(stretches, None)
    for at in times:
        while following is not None and following.begins <= at:
            stretch, anchor, following = following, following.anchor, next(stretches, None)
        anchor, done = patience.evolve(stretch.cell, anchor, at, seed)
        if not done:
            raise StillEvolving(seconds(at - anchor.at))
        yield Look(stretch.cell, anchor, at, seed)
