"""What closed-loop controllers have in common: a setpoint, a start and samples counted from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from mockbrew.clock import NEVER, nanoseconds
from mockbrew.devices.base import Controller, Device, Surroundings, View
from mockbrew.devices.declare import NONE, Number, Preset, Reading, Reference, Verb, number, reference, references
from mockbrew.devices.switch import EITHER, ON_OFF

Orders = Mapping[str, str]  # the verbs that a controller commands, by output
SWITCHED = ("turn_on", "turn_off")
ACTUATOR = Reference("an actuator", reading="state", verbs=SWITCHED, output=True)


class Process(Protocol):
    """What a loop controls. at: virtual ns, to which the loop sets it at each of its boundaries. due: where its run has to end before."""

    at: int
    due: int

    def sense(self) -> Any:
        """The process value: degC, or None."""
        ...

    def order(self, heating: int, pumping: int) -> None:
        """Switch all outputs to this, whatever they are."""
        ...

    def switch(self, heating: int, manual: int) -> int:
        """Switch the heaters to this, but for those that somebody has switched since the last sample: these, as bits."""
        ...


class _Viewed:
    """The process as a view shows it, at one instant."""

    __slots__ = ("at", "due", "loop", "orders", "view")

    def __init__(self, loop: Loop, view: View) -> None:
        self.loop, self.view, self.at, self.due = loop, view, view.at, NEVER
        self.orders: Orders = NONE

    def sense(self) -> Any:
        return self.view.reading(self.loop.probe, "temperature")

    def order(self, heating: int, pumping: int) -> None:
        self.orders = self.loop.orders[heating][pumping]

    def switch(self, heating: int, manual: int) -> int:
        outputs = self.loop.heat_orders[heating]
        # Until now they were the other way round, if nobody has touched them.
        manual |= sum([1 << i for i, heater in enumerate(outputs) if self.view.commanded(heater) == heating])
        self.orders = {heater: verb for i, (heater, verb) in enumerate(outputs.items()) if not manual >> i & 1} if manual else outputs
        return manual


def _start(loop: Loop, state: Any, at: int) -> Any:
    return state if state.on else state._replace(**loop.started(at), on=1, began=at)


def _stop(loop: Loop, state: Any, at: int) -> Any:
    return state._replace(on=0, release=at) if state.on else state


def _set_setpoint(loop: Loop, state: Any, at: int, setpoint: float) -> Any:
    return state._replace(setpoint=setpoint)


def _preset(loop: Loop, state: Any, at: int, on: int) -> Any:
    return _start(loop, state, at) if on else _stop(loop, state, at)


def _process_value(loop: Loop, state: Any, view: View) -> Any:
    return view.reading(loop.probe, "temperature")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop(Controller):
    """Role: keeps the process value near the setpoint by switching heaters.

    The layout of its state has at least: on (0 or 1), setpoint (degC, an integer or a float as the spec or the client wrote it),
    began (virtual ns of the start), release (ns at which the outputs are to be let go, or None), taken (number of samples).
    While it is on it owns its outputs: a manual command on one lasts until the next sample.
    """

    readings = {
        "state": Reading(lambda loop, state, view: state.on, ON_OFF, "1 while it controls"),
        "on": Reading(lambda loop, state, view: state.on, ON_OFF, "1 while it controls"),
        "setpoint": Reading(lambda loop, state, view: state.setpoint, {"type": "number"}, "the wanted temperature", "degC"),
        "process_value": Reading(_process_value, {"type": ["number", "null"]}, "the measured temperature", "degC"),
    }
    verbs = {
        "start": Verb(_start, "begin to control; nothing happens if it does already"),
        "stop": Verb(_stop, "cease to control and switch the outputs off"),
        "set_setpoint": Verb(
            _set_setpoint, "change the setpoint, from the next sample on", {"setpoint": Number("lowest", "highest", "degC")}
        ),
    }
    presets = {
        "state": Preset(lambda loop, surroundings: EITHER, _preset),
        "setpoint": Preset(lambda loop, surroundings: loop.verbs["set_setpoint"].arguments["setpoint"].schema(loop), _set_setpoint),
    }

    probe: str = reference("where its process value comes from", Reference("a device that reads a temperature", reading="temperature"))
    heaters: tuple[str, ...] = references("what it heats with", ACTUATOR)
    setpoint: float = number("the setpoint after a reset", unit="degC")
    lowest: float = number("the least setpoint that it accepts", unit="degC", default=0, minimum=-50)
    highest: float = number("the greatest setpoint that it accepts", unit="degC", default=110, maximum=999)
    sample: float = number("time between samples", unit="s", default=5.0, minimum=0.1, maximum=3600)

    # Computed once of the options: a controller acts half a million times in a month of silence.
    period: int = field(init=False, repr=False, compare=False)  # ns between samples
    heat_orders: tuple[Orders, Orders] = field(init=False, repr=False, compare=False)  # off, on
    orders: tuple[tuple[Orders, Orders], ...] = field(init=False, repr=False, compare=False)  # to all outputs, by heating and pumping

    def __post_init__(self) -> None:
        object.__setattr__(self, "period", nanoseconds(self.sample))
        object.__setattr__(self, "heat_orders", (switched(self.heaters, 0), switched(self.heaters, 1)))
        pumps = switched(self.stirrers, 0), switched(self.stirrers, 1)
        object.__setattr__(self, "orders", tuple(tuple({**pump, **heat} for pump in pumps) for heat in self.heat_orders))

    @property
    def stirrers(self) -> tuple[str, ...]:
        """What it runs beside the heaters."""
        return ()

    @property
    def pace(self) -> int:
        """ns that pass at least, on average, between two things that it does."""
        return self.period

    def run(self, state: Any, until: int, process: Process) -> Any:
        """The state after all that it does up to and at `until` (virtual ns), or up to what is due in the process."""
        raise NotImplementedError  # the role has no programme of its own: each kind says what it does

    def let_go(self, state: Any) -> Any:
        """The state after a stop."""
        raise NotImplementedError  # as above

    def act(self, state: Any, view: View) -> tuple[Any, Orders]:
        """What is due at the instant of the view."""
        if not state.on:
            return self.let_go(state), self.orders[0][0]
        process = _Viewed(self, view)
        return self.run(state, view.at, process), process.orders

    def started(self, at: int) -> dict[str, Any]:
        """The fields of the state that a start sets, apart from on and began."""
        return {"release": None, "taken": 0}

    def next_sample(self, state: Any) -> int:
        """Virtual ns."""
        due: int = state.began + state.taken * self.period
        return due

    def carried(self, state: Any, before: Device, at: int) -> Any:
        """Its instants are counted in samples and windows: with other options it counts anew. The setpoint stays within its limits."""
        if before == self:
            return state
        state = state._replace(setpoint=min(max(state.setpoint, self.lowest), self.highest))
        return state._replace(**self.rephased(at)) if state.on else state

    def rephased(self, at: int) -> dict[str, Any]:
        """The fields of the state of a running controller that begins to count at `at` (virtual ns)."""
        return {"began": at, "taken": 0}

    def check(self, surroundings: Surroundings) -> Iterator[tuple[str, str]]:
        """The setpoint lies within its limits, which are some."""
        if self.lowest > self.highest:
            yield "lowest", f"{self.lowest} degC is above highest; at most {self.highest} degC"
        elif not self.lowest <= self.setpoint <= self.highest:
            yield "setpoint", f"{self.setpoint} degC is outside its limits; from {self.lowest} to {self.highest} degC"


def switched(outputs: Iterable[str], on: int) -> Orders:
    """The same verb for every output."""
    return dict.fromkeys(outputs, SWITCHED[1 - on])
