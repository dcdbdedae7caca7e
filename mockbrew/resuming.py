"""A flight that is taken up elsewhere: by a process that has computed much of it already, from a state not far from this one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mockbrew.cells import changed
from mockbrew.clock import NEVER
from mockbrew.flight import Flight


def resumed(like: Flight, at: int, states: Sequence[Any], since: Sequence[int]) -> Flight:
    """One of the same cell, without faults, anchored at `at` (virtual ns) with these states; what courses both have are not made anew."""
    flight, other = like.copy(), changed(like.states, states)
    flight.at, flight.states, flight.since = at, list(states), list(since) or [at] * len(like.since)
    touched = {number for number, (old, new) in enumerate(zip(like.since, flight.since, strict=True)) if old != new}
    touched.update(_moved(flight, other), _attended(flight, like.dues), _laid_out(flight, other))
    for number in touched:
        for each in flight.layout.part_of[number].numbers:  # who was in its part hangs on an end of a pipe still, if not on this one
            flight.courses[each] = None
    return flight


def _moved(flight: Flight, places: Iterable[int]) -> Iterable[int]:
    """The bodies that carry what has changed, or are heated by it."""
    of, heated = flight.cell.body_of, flight.cell.heated
    return [bodies[place] for place in places for bodies in (of, heated) if place in bodies]


def _attended(flight: Flight, before: Sequence[int]) -> Iterable[int]:
    """The bodies of controllers that have gone on or off."""
    flight.dues = flight.first_dues()
    pairs = enumerate(zip(before, flight.dues, strict=True))
    return [body for number, (old, new) in pairs if (old == NEVER) != (new == NEVER) for body in flight.cell.attached[number]]


def _laid_out(flight: Flight, places: Iterable[int]) -> Iterable[int]:
    """The bodies at pipes that ask for something else."""
    switched = [place for place in places if place in flight.cell.valved]
    before, plumbing = flight.layout, flight.cell.plumbing
    flight.layout = plumbing.after(before, switched, flight.states) if switched else before
    return plumbing.touched(before.demands, flight.layout.demands) if flight.layout is not before else ()
