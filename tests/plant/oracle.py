"""The truth to test the engine against: docs/physics.md by an independent integrator, restarted at every boundary.

Written from that page and not from the engine, of which it knows the options of the devices only. See there, "Reference results".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from mockbrew.clock import SECOND
from mockbrew.devices.base import Device, Surroundings
from mockbrew.devices.heater import Heater
from mockbrew.devices.pid import Pid
from mockbrew.devices.pump import Pump
from mockbrew.devices.thermostat import Thermostat
from mockbrew.devices.valve import Valve
from tests.plant.oracle_control import Control, PidControl, ThermostatControl
from tests.plant.oracle_integrator import advance
from tests.plant.oracle_law import Law, Mode, Plumbing
from tests.plant.oracle_modes import Watch, reached, settled

NEAR = 1e-7  # K, between what the engine's controller read and the truth
RESTLESS = 2000  # changes of mode of a plant without any command: more is a plant that chatters

Command = tuple[int, str, str, Mapping[str, float]]
"""Virtual ns, device, verb, arguments."""

Decide = Callable[[str, int], float]
"""What the engine's controller of that name read at a sample (virtual ns), degC."""


class Sight(NamedTuple):
    """The plant at one instant: kg and degC by vessel, degC of the elements by probe, modes by vessel, 0 or 1 by actuator."""

    at: int
    masses: dict[str, float]
    temperatures: dict[str, float]
    probes: dict[str, float]
    modes: dict[str, Mode]
    on: dict[str, int]


class Restless(Exception):
    """The laws have no answer that lasts: a vessel changes its mode again and again at once."""


class Oracle:
    """One history of one plant, from 0 on."""

    def __init__(
        self, devices: Sequence[Device], surroundings: Surroundings, history: Iterable[Command] = (), decide: Decide | None = None
    ) -> None:
        self.plumbing, self.decide = Plumbing(devices, surroundings), decide
        self.history = sorted(history, key=lambda command: command[0])
        self.on = {device.name: 0 for device in devices if isinstance(device, Heater | Pump | Valve)}
        self.controls = {device.name: control for device in devices if (control := _control(device))}
        self.offsets = {probe.name: probe.offset for probe in self.plumbing.probes}
        self.at, self.x, self.changes = 0, self.plumbing.initial(), 0
        self.boundaries: list[int] = []  # ns, at which a law has ended by itself
        self.modes = self.plumbing.modes()
        self._settle()

    def sights(self, asked: Iterable[int]) -> list[Sight]:
        """The plant at the instants asked for (virtual ns), after all that happens then."""
        return [self._sight(at) for at in sorted(asked)]

    def _sight(self, at: int) -> Sight:
        while self.history and self.history[0][0] <= at:
            self._evolve(self.history[0][0])
            self._command()
        self._evolve(at)
        names, n = list(self.plumbing.index), len(self.plumbing.index)
        values = self.x.tolist()
        temperatures = dict(zip(names, values[n : 2 * n], strict=True))
        probes = {probe.name: self._element(probe.name) for probe in self.plumbing.probes}
        modes = dict(zip(names, self.modes, strict=True))
        return Sight(at, dict(zip(names, values[:n], strict=True)), temperatures, probes, modes, dict(self.on))

    def _element(self, name: str) -> float:
        plumbing = self.plumbing
        vessel = next(probe.vessel for probe in plumbing.probes if probe.name == name)
        return float(self.x[plumbing.lagging.get(name, len(plumbing.vessels) + plumbing.index[vessel])])

    def _evolve(self, until: int) -> None:
        """To `until` (virtual ns), with what the controllers do at it."""
        while self.at < until or any(control.due() == until for control in self.controls.values()):
            due = min([until, *(at for control in self.controls.values() if (at := control.due()) is not None)])
            self._integrate(due)
            self._act()

    def _integrate(self, until: int) -> None:
        begin, end = self.at / SECOND, until / SECOND
        while begin < end:
            begin, self.x, watch = advance(Law(self.plumbing, self.on, self.modes), begin, self.x, end)
            if watch is not None:
                self._cross(begin, watch)
        self.at = until

    def _cross(self, at: float, watch: Watch) -> None:
        reached(self.plumbing, self.x, watch, self.modes[watch.vessel])
        self._settle(watch)
        self.boundaries.append(round(at * SECOND))
        self.changes += 1
        if self.changes > RESTLESS:
            raise Restless

    def _settle(self, watch: Watch | None = None) -> None:
        self.modes = settled(self.plumbing, self.on, self.modes, self.x, watch)

    def _act(self) -> None:
        for control in self.controls.values():
            self._let_act(control)
        self._settle()

    def _let_act(self, control: Control) -> None:
        if control.due() == self.at:
            self.on.update(control.act(self.at, lambda: self._measured(control), self.on))

    def _measured(self, control: Control) -> float:
        """The truth, or within a hair of it what the engine has read, so that both decide alike."""
        own = self._element(control.probe) + self.offsets[control.probe]
        if self.decide is None:
            return own
        read = self.decide(control.name, self.at)
        assert abs(read - own) < NEAR, (control.name, self.at, read, own)
        return read

    def _command(self) -> None:
        """All commands of this instant, in their order; what a start does follows at once. Then modes are settled."""
        while self.history and self.history[0][0] == self.at:
            _, name, verb, arguments = self.history.pop(0)
            if name in self.controls:
                self.on.update(self.controls[name].command(verb, self.at, arguments))
                self._let_act(self.controls[name])
            else:
                self.on[name] = int(verb == "turn_on")
        self._settle()


def _control(device: Device) -> Control | None:
    made: Any = {Pid: PidControl, Thermostat: ThermostatControl}.get(type(device))
    control: Control | None = made(device) if made else None
    return control
