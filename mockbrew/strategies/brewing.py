"""Brew days: liquid led through pipes, vessels heated, controllers started with setpoints, rests; at the end all is switched off.

A day is a list of phases. Each begins something, lasts a while, and goes on for some phases more. So phases overlap, as in a brewery, and
what shrinks is their number, how long they go on, their seconds, and their arguments. No rule of the rig is kept: a day may empty a kettle
over a flame, which is what a test of hazards looks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mockbrew.devices.base import Controller, HeatSource
from mockbrew.devices.pipe import Pipe
from mockbrew.endpoints import Address
from mockbrew.strategies.contract import Contract
from mockbrew.strategies.examples import Command, Day, Step
from mockbrew.strategies.requests import command

LONGEST = 12  # phases of a day
OPPOSITES = (("turn_on", "turn_off"), ("start", "stop"))  # verbs that begin something, and end it
OFF = "All off"
AFTER = 60  # s that a day goes on when all is off
# s that phases last: to empty a vessel takes minutes, to heat one up to an hour
FLOWING, HEATING, RESTING = st.integers(1, 900), st.integers(1, 5400), st.integers(1, 3600)
GET = st.just("GET")


@dataclass(frozen=True, slots=True)
class Phase:
    """begins: given at its beginning. ends: given when `more` further phases are over. seconds: that it lasts by itself."""

    title: str
    begins: tuple[Command, ...]
    ends: tuple[Command, ...]
    seconds: int
    more: int


def brew_days(contract: Contract) -> SearchStrategy[Day]:
    """Days of any phases that the rig has endpoints for."""
    phases = list(_phases(_Bench(contract)))

    @st.composite
    def day(draw: st.DrawFn) -> Day:
        return Day(tuple(steps(draw(st.lists(st.sampled_from(phases).flatmap(lambda phase: phase), min_size=1, max_size=LONGEST)))))

    return day()


def steps(phases: Sequence[Phase]) -> Iterator[Step]:
    """A phase ends before another begins; what somebody else still uses stays on."""
    going: list[tuple[int, Phase]] = []
    for place, phase in enumerate(phases):
        over, going = _parted(going, place)
        yield Step(phase.title, (*_ended(over, [each for _, each in going]), *phase.begins), phase.seconds)
        going = [*going, (place + phase.more, phase)]
    yield Step(OFF, tuple(_ended([each for _, each in going], [])), AFTER)


def _parted(going: Iterable[tuple[int, Phase]], place: int) -> tuple[list[Phase], list[tuple[int, Phase]]]:
    over, on = [], []
    for last, phase in going:
        if last < place:
            over.append(phase)
        else:
            on.append((last, phase))
    return over, on


def _ended(over: Iterable[Phase], going: Iterable[Phase]) -> Iterable[Command]:
    used = {each.device for phase in going for each in phase.ends}
    return {each.device: each for phase in over for each in phase.ends if each.device not in used}.values()


# -- phases --------------------------------------------------------------------------------------------------------


class _Bench:
    """What can be commanded of which device."""

    __slots__ = ("_ways", "contract")

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._ways: dict[str, dict[str, Address]] = {}
        for address in contract.commands:
            if address.endpoint.device is not None:
                self._ways.setdefault(address.endpoint.device, {}).setdefault(address.endpoint.verb or "", address)

    def pair(self, device: str) -> tuple[Command, Command] | None:
        """What begins and what ends its work, if both can be commanded."""
        ways = self._ways.get(device, {})
        for begin, end in OPPOSITES:
            if begin in ways and end in ways and not ways[begin].arguments and not ways[end].arguments:
                return _plain(ways[begin]), _plain(ways[end])
        return None

    def settings(self, device: str) -> list[SearchStrategy[Command]]:
        """What else can be commanded of it."""
        known = {verb for pair in OPPOSITES for verb in pair} if self.pair(device) else set()
        found = [command(self.contract, way, GET) for verb, way in self._ways.get(device, {}).items() if verb not in known]
        return [each for each in found if not each.is_empty]

    @property
    def devices(self) -> list[str]:
        """Those that can be commanded."""
        return list(self._ways)


def _plain(address: Address) -> Command:
    endpoint = address.endpoint
    return Command(endpoint.device, endpoint.verb or "", {}, "GET", endpoint.url)


def _phases(bench: _Bench) -> Iterator[SearchStrategy[Phase]]:
    """A rest first: what shrinks becomes one."""
    yield RESTING.map(lambda seconds: Phase("Rest", (), (), seconds, 0))
    for name, entry in bench.contract.spec.entries.items():
        device = entry.device
        if isinstance(device, Pipe):
            yield from _switched(bench, f"{name} flows", [*device.valves, *([device.pump] if device.pump else ())], FLOWING)
        elif isinstance(device, HeatSource):
            yield from _switched(bench, f"{name} heats", [name], HEATING)
        elif isinstance(device, Controller):
            yield from _switched(bench, f"{name} controls", [name], HEATING)
        for setting in bench.settings(name):
            yield st.builds(lambda seconds, given: Phase(f"{given.device} {given.verb}", (given,), (), seconds, 0), RESTING, setting)


def _switched(bench: _Bench, title: str, names: Sequence[str], lasting: SearchStrategy[int]) -> Iterator[SearchStrategy[Phase]]:
    """All that it takes on, as far as it can be commanded; a controller with any of its settings first."""
    pairs = [pair for name in names if (pair := bench.pair(name))]
    if not pairs:
        return
    settings = bench.settings(names[0]) if len(names) == 1 else []
    first = st.tuples(*settings) if settings else st.just(())
    begins, ends = tuple(begin for begin, _ in pairs), tuple(end for _, end in pairs)
    yield st.builds(
        lambda first, seconds, more: Phase(title, (*first, *begins), ends, seconds, more), first, lasting, st.integers(0, LONGEST // 3)
    )
