"""Safety: what may be commanded at a rig that may be real, and what must be switched off.

Nothing heats unless its declared `safe` is certainly true: just before, and whenever somebody looks while it is on. The same goes for what
else declares one. A reading that nobody shows, or that shows nothing, is unknown, and what rests on it is not certain. A controller counts
as what heats, but while its setpoint is below what its probe shows and all its outputs can be watched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mockbrew.conditions import Condition
from mockbrew.conformance.known.contract import Command, Contract
from mockbrew.conformance.known.knowledge import Knowledge
from mockbrew.conformance.known.plan import drives_heat
from mockbrew.conformance.known.prediction import Prediction, outputs
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Value
from mockbrew.devices.loop import Loop

MARGIN = 2.0  # K; that a setpoint is below what the probe shows for a controller not to heat
HOT, COLD = "hot", "cold"


class Unsafe(Exception):
    """Something may not heat, or not any more; the message says what and why. burning: what did all the same."""

    def __init__(self, why: str, burning: Sequence[str] = ()) -> None:
        self.burning = tuple(burning)
        super().__init__(why)


class Guard:
    """Who may heat. lit: what we have switched on that heats or could, HOT or COLD."""

    def __init__(self, contract: Contract, known: Mapping[str, Prediction], knowledge: Knowledge) -> None:
        self.contract, self.known, self.knowledge = contract, known, knowledge
        self.lit: dict[str, str] = {}

    # -- before ----------------------------------------------------------------------------------------------------

    def kindles(self, command: Command) -> bool:
        """Whether something may heat after this command, or be on that has a condition of its own."""
        known = self.known.get(command.point.of)
        if known is None or not self.guarded(known.device):
            return False
        if not self.hot(known.device):
            return not known.settles(command)
        if known.heats or known.kindles(command):
            return known.kindles(command)
        return not known.quenches(command) and known.on(self.knowledge.of(known.device.name)) is not False

    def guarded(self, device: Device) -> bool:
        """Whether it may not be on without being safe: what heats, and what the owner has said a condition of."""
        return self.hot(device) or self.contract.spec.verify.care(device.name).safe is not None

    def hot(self, device: Device) -> bool:
        """Whether it heats, or drives what does."""
        return self.known[device.name].heats or drives_heat(device, self.known)

    def mode(self, device: Device, command: Command | None = None) -> str:
        """How it may be switched on now, by this command or by one that the server may take for another. Raises Unsafe."""
        if self.cold(device) and (command is None or self._left_cold(device, command)):
            return COLD
        why = self.uncertain(device)
        if why:
            raise Unsafe(why)
        return HOT

    def uncertain(self, device: Device) -> str:
        """Why it may not heat now; nothing if it may."""
        conditions, lacking = self.conditions(device)
        if lacking:
            return f"{lacking} declares no `safe` in [verify.devices], so it is never heated"
        for condition in conditions:
            if self.knowledge.decide(condition) is not True:
                return f"{device.name} may not {'heat' if self.hot(device) else 'be on'}: {self._doubt(condition)}"
        return ""

    def conditions(self, device: Device) -> tuple[list[Condition], str]:
        """What must be certain while it heats; and what lacks one. A controller may rely on those of all that it heats with."""
        verify = self.contract.spec.verify
        heaters = [name for name in outputs(device) if self.known[name].heats]
        own, theirs = verify.care(device.name).safe, {name: verify.care(name).safe for name in heaters}
        lacking = [name for name, safe in theirs.items() if safe is None] if heaters else [device.name]
        found = [safe for safe in (own, *theirs.values()) if safe is not None]
        return found, "" if own is not None else next(iter(lacking), "")

    # -- while it is on --------------------------------------------------------------------------------------------

    def watched(self) -> set[str]:
        """The devices whose readings say whether what is on may stay so."""
        found: set[str] = set()
        for name in self.lit:
            device = self.known[name].device
            found |= {name, *outputs(device), *self._senses(device)}
            found |= {variable.device for condition in self.conditions(device)[0] for variable in condition.variables}
        return found

    def doubts(self) -> Iterator[tuple[str, str]]:
        """(device, why it must go off), of what is on."""
        for name, mode in self.lit.items():
            device = self.known[name].device
            why = self.uncertain(device) if mode == HOT else self._warm(device)
            if why:
                yield name, why

    def alarm(self) -> str:
        """What heats, or could, and was not told to; nothing if all is well."""
        allowed = {*self.lit, *(name for lit in self.lit for name in outputs(self.known[lit].device))}
        found = [name for name in self.burning() if name not in allowed]
        return f"{', '.join(found)} {'is' if len(found) == 1 else 'are'} on, and nobody here switched it on" if found else ""

    def burning(self) -> list[str]:
        """What heats, or could, and shows that it is on."""
        return [name for name, known in self.known.items() if self.hot(known.device) and known.on(self.knowledge.of(name))]

    def heated_by(self, device: Device) -> list[str]:
        """What it heats with now, or may."""
        heaters = (name for name in outputs(device) if self.known[name].heats)
        return [name for name in heaters if self.known[name].on(self.knowledge.of(name)) is not False]

    def _warm(self, device: Device) -> str:
        """Of a controller that must not heat: what it heats with all the same, or why it may by now."""
        heaters = self.heated_by(device)
        if heaters:
            return f"{device.name} heats with {', '.join(heaters)} although its setpoint is below what its probe shows"
        return "" if self.cold(device) else f"{device.name} could heat: its setpoint is no longer below what its probe shows"

    def cold(self, device: Device) -> bool:
        """Whether a controller has nothing to heat for, and would be seen if it did."""
        if not isinstance(device, Loop):
            return False
        seen = all(self.known[name].on(self.knowledge.of(name)) is not None for name in outputs(device) if self.known[name].heats)
        return seen and self._below(device, self.knowledge.shown.get((device.name, "setpoint")))

    def _left_cold(self, device: Device, command: Command) -> bool:
        """Whether a command leaves a setpoint that is below what the probe shows where it is, or makes it such a one."""
        known = self.known[device.name]
        if "setpoint" not in known.changing or "setpoint" in known.keeps(command):
            return True
        setpoint = known.after(command).get("setpoint")
        return isinstance(device, Loop) and self._below(device, setpoint)

    def _below(self, device: Loop, setpoint: Value) -> bool:
        """Whether a setpoint is so far below what the probe shows that nothing heats for it."""
        value = self.knowledge.shown.get((device.probe, "temperature"))
        return isinstance(setpoint, int | float) and isinstance(value, int | float) and setpoint <= value - MARGIN

    def _senses(self, device: Device) -> tuple[str, ...]:
        return (device.probe,) if isinstance(device, Loop) else ()

    def _doubt(self, condition: Condition) -> str:
        unknown = self.knowledge.unknown(condition)
        told = f"nobody shows {', '.join(unknown)}" if unknown else "it is not so now"
        return f"{condition.text!r} is not certain: {told}"
