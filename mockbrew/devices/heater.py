"""Heater: an electric element or a burner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar, NamedTuple

from mockbrew.devices.base import Device, HeatSource, Surroundings
from mockbrew.devices.declare import Number, Reading, State, condition, flag, number
from mockbrew.devices.failures import Acting, Failure, Parameter
from mockbrew.devices.switch import FEEDBACK, Switch, really, switches_on, told

QUICKEST = 1.0  # s; of a lag


class Element(NamedTuple):
    """on: 0 or 1, as commanded. heat: what flows into the vessel, W, of a heater with a lag; else not used, and as it was."""

    on: int = 0
    heat: float = 0.0


def _weakened(heater: Heater, acting: Acting) -> Heater:
    return replace(heater, efficiency=heater.efficiency * acting.parameters["share"])


SHARE = Parameter(Number(0, 1), "what it still gives of its heat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heater(HeatSource):
    """Turns power into heat in one vessel while it is on."""

    kind = "heater"
    layout: ClassVar[type[Any]] = Element
    verbs = Switch.verbs
    presets = Switch.presets
    readings = {
        **Switch.readings,
        "power": Reading(lambda heater, state, view: really(heater, state) * heater.power, {"type": "number"}, "what it consumes", "W"),
    }
    failures = {
        **Switch.failures,
        "weak": Failure(_weakened, "it consumes as ever and gives less heat", {"share": SHARE}, occurs=switches_on),
        "no_ignition": Failure(
            lambda heater, acting: replace(heater, efficiency=0.0), "it consumes as ever and gives no heat", occurs=switches_on
        ),
    }

    power: float = number("fuel or current that it consumes", unit="W", minimum=0, maximum=1e6)
    efficiency: float = number("share of the power that reaches the liquid", unit="1", default=1.0, minimum=0, maximum=1)
    lag: float = number("time constant of its element; 0 heats at once", unit="s", default=0.0, minimum=0, maximum=3600)
    feedback: bool = flag(FEEDBACK)
    held: int | None = condition()

    commanded = told

    @property
    def time_constant(self) -> float:
        """s."""
        return self.lag

    def heat(self, state: Element) -> float:
        """W."""
        return really(self, state) * self.power * self.efficiency

    def carried(self, state: Any, before: Device, at: int) -> State:
        """What flowed until now flows on. Without a lag that was no matter of `heat`, which is older than that."""
        flowed: State = state._replace(heat=before.heat(state)) if isinstance(before, Heater) and self.lag and not before.lag else state
        return flowed

    def check(self, surroundings: Surroundings) -> Iterator[tuple[str, str]]:
        """A lag is one that somebody could notice."""
        if 0 < self.lag < QUICKEST:
            yield "lag", f"{self.lag} s is too quick to tell from none; 0 for none, or at least {QUICKEST:g} s"
