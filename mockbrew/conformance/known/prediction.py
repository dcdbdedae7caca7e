"""Prediction: what the commands of a device change in what it shows, as its kind says. Pure.

A kind is asked without a plant: what a reading tells of the device's own state alone is known, what it needs a plant for is not. A verb is
tried on each state that some other verb leads to; what it leads to from all of them is what it does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, NoReturn

from mockbrew import plant as plants
from mockbrew.conformance.known.contract import Command, Contract
from mockbrew.conformance.known.trials import trials
from mockbrew.devices.base import Controller, Device, HeatSource, refers
from mockbrew.devices.declare import Reading, State, Value
from mockbrew.plant import Look, Plant


class _Unseen(Exception):
    """There is no plant to look at."""


class _Blind:
    """A view of nothing."""

    def __getattr__(self, name: str) -> NoReturn:
        raise _Unseen


BLIND = _Blind()
MISSING = object()


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one device does.

    initial: its state after a reset, and `shows` all that it shows then. states: it, and those that commands lead to. changing: the
    readings that commands change. visible: those of them that some endpoint shows.
    """

    device: Device
    initial: State
    shows: Mapping[str, Value]
    states: tuple[State, ...]
    changing: frozenset[str]
    visible: frozenset[str]

    def after(self, command: Command) -> dict[str, Value]:
        """What the readings that commands change are after this one, whatever was before; those of which that can be said."""
        seen = [_own(self.device, self._applied(state, command)) for state in self.states]
        return {name: seen[0][name] for name in sorted(self.changing) if _alike([each.get(name, MISSING) for each in seen])}

    def keeps(self, command: Command) -> frozenset[str]:
        """The readings that commands change and this one does not."""
        before = [_own(self.device, state) for state in self.states]
        after = [_own(self.device, self._applied(state, command)) for state in self.states]
        same = (name for name in self.changing if all(_same(b.get(name), a.get(name)) for b, a in zip(before, after, strict=True)))
        return frozenset(same)

    @property
    def resting(self) -> Mapping[str, Value]:
        """What the readings that commands change are after a reset."""
        return {name: self.shows[name] for name in sorted(self.changing)}

    @property
    def heats(self) -> bool:
        """Whether it puts heat into a vessel."""
        return isinstance(self.device, HeatSource)

    def kindles(self, command: Command) -> bool:
        """Of what heats: whether it may heat after this command, more than after a reset. Of a controller: whether it may be on."""
        if isinstance(self.device, HeatSource):
            return not self.cools(command)
        after = self.after(command)
        known = all(name in after or name in self.keeps(command) for name in self.switches)
        return not known or any(after.get(name) for name in self.switches)

    def cools(self, command: Command) -> bool:
        """Of what heats: whether it gives no heat after it, and nothing that it changes is otherwise than after a reset."""
        after = self.after(command)
        rests = bool(after) and all(value == self.resting[name] for name, value in after.items())
        return rests and self.powers(command) == (0, 0)

    def powers(self, command: Command) -> tuple[float, float]:
        """Of what heats: W into its vessel after a command, at least and at most."""
        heats = [self.device.heat(self._applied(state, command)) for state in self.states] if isinstance(self.device, HeatSource) else [0.0]
        return min(heats), max(heats)

    def settles(self, command: Command) -> bool:
        """Whether after it all is as after a reset."""
        return self.after(command) == self.resting

    def quenches(self, command: Command) -> bool:
        """Whether it is certainly off after it."""
        if isinstance(self.device, HeatSource):
            return not self.kindles(command)
        if not isinstance(self.device, Controller) and not self.switches:
            return self.settles(command)
        after = self.after(command)
        return bool(self.switches) and all(name in after and not after[name] for name in self.switches)

    @property
    def switches(self) -> tuple[str, ...]:
        """The readings that commands change and that are yes or no."""
        return tuple(name for name in sorted(self.changing) if _is_switch(self.device.readings[name].schema))

    def on(self, shown: Mapping[str, Value]) -> bool | None:
        """Whether it is on, by what it shows: when some switch is; of what heats, or has none, when it is not as after a reset.

        None: that is not known. A controller without a switch may do anything at any time, and what heats after a reset is never off.
        """
        if isinstance(self.device, HeatSource) and self.device.heat(self.initial) != 0:
            return None
        by_switch = isinstance(self.device, Controller) or (bool(self.switches) and not self.heats)
        known = [(name, shown[name]) for name in (self.switches if by_switch else self.changing) if name in shown]
        if not known:
            return None
        return any(bool(value) if by_switch else value != self.resting[name] for name, value in known)

    def inferred(self, shown: Mapping[str, Value]) -> dict[str, Value]:
        """What it must be too, if it is as it was told and shows this: of the readings that commands change."""
        told = [_own(self.device, state) for state in self.states]
        found: dict[str, Value] = {}
        for name, other in product(self.changing - shown.keys(), self.changing & shown.keys()):
            values = [each[name] for each in told if name in each and _same(each.get(other, MISSING), shown[other])]
            if values and _alike(values) and _follows(told, name, other):
                found[name] = values[0]
        return found

    @property
    def told_apart(self) -> bool:
        """Whether what some endpoint shows says all that commands change."""
        told = [_own(self.device, state) for state in self.states]
        seen: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for each in told:
            visible = tuple(repr(each.get(name)) for name in sorted(self.visible))
            whole = tuple(repr(each.get(name)) for name in sorted(self.changing))
            if seen.setdefault(visible, whole) != whole:
                return False
        return bool(self.visible)

    def _applied(self, state: State, command: Command) -> State:
        return _apply(self.device, state, command)


def predictions(contract: Contract) -> dict[str, Prediction]:
    """Of all entries of a spec."""
    plant = Plant(contract.spec)
    return {name: _prediction(contract, plant, entry.device) for name, entry in contract.spec.entries.items()}


def outputs(device: Device) -> tuple[str, ...]:
    """What a controller commands."""
    return tuple(name for _, name, to in refers(device) if to.output) if isinstance(device, Controller) else ()


def _prediction(contract: Contract, plant: Plant, device: Device) -> Prediction:
    cell = plant.cell(plant.home[device.name])
    anchor = plants.initial(cell, 0)
    initial, look = anchor.states[cell.places[device.name]], Look(cell, anchor, 0, "")
    commands = [command for point in contract.commanding(device.name) for command in trials(point)]
    states = tuple(dict.fromkeys([initial, *(_apply(device, initial, command) for command in commands)]))
    changing = frozenset(name for command in commands for name in _changed(device, states, command))
    shows = {name: look.reading(device.name, name) for name in device.readings}
    return Prediction(device, initial, shows, states, changing, changing & contract.visible(device.name))


def _apply(device: Device, state: State, command: Command) -> State:
    applied: State = device.verbs[command.verb].apply(device, state, 0, **command.arguments)
    return applied


def _changed(device: Device, states: tuple[State, ...], command: Command) -> Iterator[str]:
    for state in states:
        before, after = _own(device, state), _own(device, _apply(device, state, command))
        yield from (name for name in before.keys() & after.keys() if not _same(before[name], after[name]))


def _own(device: Device, state: State) -> dict[str, Value]:
    """What its readings tell of its own state alone."""
    read = {name: _blindly(reading, device, state) for name, reading in device.readings.items()}
    return {name: value for name, value in read.items() if value is not MISSING}


def _blindly(reading: Reading, device: Device, state: State) -> Any:
    try:
        return reading.read(device, state, BLIND)
    except _Unseen:
        return MISSING


def _is_switch(schema: Mapping[str, Any]) -> bool:
    types = schema.get("type", ())
    enum = [value for value in schema.get("enum", ()) if value is not None]
    return "boolean" in ([types] if isinstance(types, str) else types) or (bool(enum) and all(value in (0, 1) for value in enum))


def _same(one: Any, other: Any) -> bool:
    return bool(one == other)


def _alike(values: list[Any]) -> bool:
    return MISSING not in values and all(_same(values[0], value) for value in values)


def _follows(told: list[dict[str, Value]], name: str, other: str) -> bool:
    """Whether one reading says what another one is, in all states."""
    by: dict[Value, Value] = {}
    return all(_same(by.setdefault(each[other], each[name]), each[name]) for each in told if other in each and name in each)
