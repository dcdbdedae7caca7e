"""When a vessel empties, fills, boils, dries: docs/physics.md, laws 5 and 6."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from mockbrew.devices.pipe import Pipe
from tests.plant.oracle_law import BOILING, CALM, EMPTY, FULL, HOT, LATENT, PARTLY, Law, Mode, Plumbing, State, Tally

LEVEL, BOIL = "level", "boil"
TIE = 1e-12  # kg/s


class NearTie(Exception):
    """Inflow and demand of an empty vessel are equal but for rounding, and something hangs on which is the greater."""


class Watch(NamedTuple):
    """A quantity that ends the law when it crosses zero in its direction: 1 upwards, -1 downwards."""

    vessel: int
    aspect: str
    direction: int
    value: float


def watches(law: Law, x: State) -> Iterator[Watch]:
    """Whatever can end the modes of `law`, each in its own direction only."""
    tally, n = law.tally(x), len(law.modes)
    for i, mode in enumerate(law.modes):
        mass, above = float(x[i]), float(x[n + i]) - law.plumbing.boiling_point
        if mode.level == PARTLY:
            yield Watch(i, LEVEL, -1, mass)
            yield Watch(i, LEVEL, 1, mass - law.plumbing.vessels[i].capacity)
        elif mode.level == FULL:
            yield Watch(i, LEVEL, -1, _gain(law, tally, i))
        elif mode.boil != HOT:
            yield Watch(i, LEVEL, 1, _gain(law, tally, i))
        if mode.boil == BOILING:
            yield Watch(i, BOIL, -1, tally.heat[i])
            if mode.level == EMPTY:
                yield Watch(i, BOIL, 1, tally.heat[i] - LATENT * tally.inflow[i])
        else:
            yield Watch(i, BOIL, 1 if mode.boil == CALM else -1, above)


def reached(plumbing: Plumbing, x: State, watch: Watch, mode: Mode) -> None:
    """Puts the quantity that has come to its level exactly there."""
    n, i = len(plumbing.vessels), watch.vessel
    if watch.aspect == LEVEL and mode.level == PARTLY:
        x[i] = 0.0 if watch.direction < 0 else plumbing.vessels[i].capacity
    if watch.aspect == BOIL and mode.boil != BOILING:
        x[n + i] = plumbing.boiling_point


def settled(plumbing: Plumbing, on: Mapping[str, int], modes: Sequence[Mode], x: State, watch: Watch | None = None) -> list[Mode]:
    """The modes after what has happened at one instant: each aspect of a vessel changes at most once."""
    modes, left = list(modes), {(i, aspect) for i in range(len(modes)) for aspect in (LEVEL, BOIL)}
    if watch is not None:
        modes[watch.vessel] = _crossed(Law(plumbing, on, modes), x, watch)
        left.discard((watch.vessel, watch.aspect))
    while (change := _next_change(Law(plumbing, on, modes), x, left)) is not None:
        i, aspect, modes[i] = change
        left.discard((i, aspect))
    _refuse_ties(Law(plumbing, on, modes), x)
    return modes


def _crossed(law: Law, x: State, watch: Watch) -> Mode:
    i, mode = watch.vessel, law.modes[watch.vessel]
    if watch.aspect == LEVEL:
        return mode._replace(level=watch.direction if mode.level == PARTLY else PARTLY)
    if mode.boil != BOILING:
        return mode._replace(boil=_boil(law, law.tally(x), i, at_least=BOILING if mode.boil == CALM else CALM))
    return mode._replace(boil=CALM if watch.direction < 0 else HOT)


def _boil(law: Law, tally: Tally, i: int, at_least: int) -> int:
    """What a vessel at the boiling point does with its heat."""
    if law.modes[i].level == EMPTY and tally.heat[i] >= LATENT * tally.inflow[i]:
        return HOT if tally.heat[i] >= 0 else at_least
    return BOILING if tally.heat[i] >= 0 else at_least


def _gain(law: Law, tally: Tally, i: int) -> float:
    """kg/s that its level would rise by if all its outlets got what they demand."""
    return tally.inflow[i] - law.demand[i] - tally.steam[i]


def _next_change(law: Law, x: State, left: set[tuple[int, str]]) -> tuple[int, str, Mode] | None:
    """First what boils, since levels depend on what steams off."""
    tally = law.tally(x)
    for aspect, rule in ((BOIL, _boil_now), (LEVEL, _level_now)):
        for i, mode in enumerate(law.modes):
            new = rule(law, tally, x, i)
            if new != mode and (i, aspect) in left:
                return i, aspect, new
    return None


def _boil_now(law: Law, tally: Tally, x: State, i: int) -> Mode:
    mode, temperature, point = law.modes[i], x[len(law.modes) + i], law.plumbing.boiling_point
    if (mode.boil == CALM and temperature < point) or (mode.boil == HOT and temperature > point):
        return mode
    return mode._replace(boil=_boil(law, tally, i, at_least=CALM))


def _level_now(law: Law, tally: Tally, x: State, i: int) -> Mode:
    mode, gain = law.modes[i], _gain(law, tally, i)
    if mode.level == PARTLY:
        if x[i] <= 0 and gain <= 0:  # without a drop, and none stays: it does not hold water
            return mode._replace(level=EMPTY)
        return mode._replace(level=FULL) if x[i] >= law.plumbing.vessels[i].capacity and gain > 0 else mode
    if mode.level == FULL:
        return mode._replace(level=PARTLY) if gain < 0 else mode
    return mode._replace(level=PARTLY) if mode.boil != HOT and gain > 0 else mode


def _refuse_ties(law: Law, x: State) -> None:
    tally = law.tally(x)
    for i, vessel in enumerate(law.plumbing.vessels):
        if x[i] == 0 and 0 < abs(_gain(law, tally, i)) < TIE and any(_feels(pipe, vessel.name) for pipe in law.plumbing.pipes):
            raise NearTie


def _feels(pipe: Pipe, vessel: str) -> bool:
    """Only coils and loops notice whether a vessel without a drop is empty or about to fill."""
    return pipe.coil == vessel or (pipe.source == vessel and (pipe.coil is not None or pipe.destination == vessel))
