"""Pipe: leads liquid from a vessel, or the mains, to a vessel, or out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mockbrew.devices.base import Device, Gate, Mover, Surroundings
from mockbrew.devices.declare import Reading, Reference, number, reference, references

MAINS, OUT = "mains", "out"
FLOW = 10.0  # L/min, of a pipe without a pump
COLD = 15.0  # degC, of mains water
TRANSFER = 510.0  # W/K: BrewPi's effectiveness of 0.6 at 8 L/min (docs/physics.md)
DRIP = 0.001  # L/min, the least flow that a spec may ask for: one drop in three seconds
MINUTE = 60.0  # s

A_VESSEL = Reference("a vessel", kind="vessel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipe(Device):
    """Lets liquid flow while all its valves are open and its pump, if it has one, runs."""

    kind = "pipe"
    readings = {
        "flow": Reading(lambda pipe, state, view: view.flow(pipe.name) * MINUTE, {"type": "number"}, "what flows through it", "L/min"),
    }

    source: str = reference(f"where liquid comes from: a vessel, or '{MAINS}'", Reference("a vessel", kind="vessel", words=(MAINS,)))
    destination: str = reference(f"where it goes: a vessel, or '{OUT}'", Reference("a vessel", kind="vessel", words=(OUT,)))
    valves: tuple[str, ...] = references("what must be open, all of them", Reference("a valve", base=Gate))
    pump: str | None = reference("what moves the liquid", Reference("a pump", base=Mover), default=None)
    flow: float | None = number(f"what flows without a pump; {FLOW:g} by default", unit="L/min", default=None, minimum=DRIP, maximum=1000)
    temperature: float | None = number(f"of mains water; {COLD:g} by default", unit="degC", default=None, minimum=0, maximum=150)
    loss: float = number("heat loss to the room along it", unit="W/K", default=0.0, minimum=0, maximum=1e4)
    coil: str | None = reference("the vessel through which it passes in a coil", A_VESSEL, default=None)
    transfer: float = number("heat transfer of its coil", unit="W/K", default=TRANSFER, minimum=0, maximum=1e5)

    @property
    def own_flow(self) -> float:
        """L/min without a pump."""
        return FLOW if self.flow is None else self.flow

    @property
    def mains(self) -> float:
        """degC of mains water."""
        return COLD if self.temperature is None else self.temperature

    def check(self, surroundings: Surroundings) -> Iterator[tuple[str, str]]:
        """It leads somewhere, and says nothing of what it does not have."""
        if self.pump is not None and self.flow is not None:
            yield "flow", f"its pump {self.pump!r} says how much flows; delete one of them"
        if self.temperature is not None and self.source != MAINS:
            yield "temperature", f"what comes from {self.source!r} has that vessel's temperature; delete it, or take from {MAINS!r}"
        if self.source == MAINS and self.mains > surroundings.boiling_point:
            yield "temperature", f"{self.mains} degC is above the boiling point; at most {surroundings.boiling_point:g} degC"
        if self.source == MAINS and self.destination == OUT and self.coil is None:
            yield "destination", f"from {MAINS!r} to {OUT!r} it touches no vessel; name one, or give it a coil"
        if self.coil is not None and self.coil == self.source:
            yield "coil", f"a coil in {self.coil!r}, where the liquid comes from, exchanges nothing; name another vessel"
        if self.coil is None and self.transfer != TRANSFER:
            yield "transfer", "it has no coil that could transfer heat; delete it, or say in which vessel there is a `coil`"
