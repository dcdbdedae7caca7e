"""Restoring: what was found is brought back, whatever happened; and what could not be is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from mockbrew.conformance.asking import Stopped
from mockbrew.conformance.contract import Command, Contract
from mockbrew.conformance.judging import text
from mockbrew.conformance.knowledge import Key
from mockbrew.conformance.plan import orders
from mockbrew.conformance.plane import PlaneLost
from mockbrew.conformance.prediction import Prediction
from mockbrew.conformance.session import Session
from mockbrew.conformance.trials import command
from mockbrew.devices.base import Controller
from mockbrew.devices.declare import Value

TRIES = 3  # of a server that answers and does not do it
PAUSE = 0.5  # s before a server that does not answer is tried again, and twice as long each time
LONGEST = 8.0  # s
STEPS = 6  # commands that bring back one device


def obstacle(contract: Contract, known: Prediction, found: Mapping[str, Value]) -> str:
    """Why a device may not be commanded: what it is could not be brought back. Nothing if it could."""
    name = known.device.name
    if not known.changing:
        return f"nothing that {name} shows is changed by its commands, so what they do could not be undone"
    missing = sorted(known.visible - found.keys())
    if missing:
        return f"{name}.{missing[0]} could not be read, so it could not be brought back"
    if not known.told_apart:
        return f"no endpoint shows all that the commands of {name} change, so it could not be brought back"
    lost = [reading for reading in sorted(known.visible) if not any(True for _ in _bringing(contract, known, found, {reading}))]
    return f"no command brings {name}.{lost[0]} back to {text(found[lost[0]])}" if lost else ""


def way_back(contract: Contract, known: Prediction, found: Mapping[str, Value], now: Mapping[str, Value]) -> list[Command]:
    """The commands that make a device what it was found."""
    left, way = {name for name in known.visible if now.get(name) != found.get(name)}, list[Command]()
    for _ in range(STEPS):
        next_one = next(_bringing(contract, known, found, left), None) if left else None
        if next_one is None:
            break
        way.append(next_one)
        left -= known.after(next_one).keys()
    return way


def _bringing(contract: Contract, known: Prediction, found: Mapping[str, Value], wanted: Iterable[str]) -> Iterator[Command]:
    """The commands that bring back some of these and spoil none."""
    for each in _candidates(contract, known, found):
        after = {name: value for name, value in known.after(each).items() if name in found}
        if all(found[name] == value for name, value in after.items()) and after.keys() & set(wanted):
            yield each


def _candidates(contract: Contract, known: Prediction, found: Mapping[str, Value]) -> Iterator[Command]:
    yield from orders(contract, known.device.name)
    for point in contract.commanding(known.device.name):
        if len(point.endpoint.arguments) == 1:
            yield from (each for value in found.values() if (each := command(point, [_as_argument(value)])) is not None)


def _as_argument(value: Value) -> str:
    return value if isinstance(value, str) else repr(value)


@dataclass(slots=True)
class Restorer:
    """Brings back what was found. left: what is not yet known to be as it was, and why."""

    session: Session
    found: Mapping[Key, Value]
    sleep: Callable[[float], None]
    clock: Callable[[], float]
    left: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.left = {name: f"{name}: whether it is as it was found has not been seen" for name in self._names()}

    def restore(self) -> None:
        """Again and again while the server does not answer, for as long as the options say."""
        deadline, pause = self.clock() + self.session.options.patience, PAUSE
        while (why := self._lost()) and self.clock() + pause <= deadline:
            self.session.say(f"{why}; trying again to restore what was found, in {pause:g} s")
            self.sleep(pause)
            pause = min(2 * pause, LONGEST)
        self.left = {name: f"{told} ({why})" if why else told for name, told in self.left.items()}

    def _lost(self) -> str:
        """Restore; why that could not be done, if nobody is there."""
        try:
            self._once()
        except (Stopped, PlaneLost) as lost:
            return str(lost)
        return ""

    def _once(self) -> None:
        """What heats first; then the rest, a few times. Raises Stopped, PlaneLost."""
        known = self.session.known
        hot = [name for name in self._names() if self.session.guard.hot(known[name].device)]
        for name in sorted(hot, key=lambda name: not isinstance(known[name].device, Controller)):
            self.session.put_out(name)
        for _ in range(TRIES):
            for name in list(self.left):
                self._bring(name)
            if not self.left:
                return

    def _bring(self, name: str) -> None:
        known = self.session.known[name]
        found = {reading: value for (device, reading), value in self.found.items() if device == name}
        for each in way_back(self.session.contract, known, found, self.session.own(name)):
            self.session.ask("GET", each.path)
            self.session.expect(each)
        if (now := self._settled(name, found)) == found:
            self.left.pop(name)
        else:
            self.left[name] = "; ".join(_told(name, found, now))

    def _settled(self, name: str, found: Mapping[str, Value]) -> Mapping[str, Value]:
        """What it shows, when that has settled."""
        now = self.session.own(name)
        if now != found:
            self._pass(self.session.contract.spec.verify.care(name).settle)
            now = self.session.own(name)
        return now

    def _pass(self, seconds: float) -> None:
        try:
            self.session.pace.wait(seconds)
        except PlaneLost:
            self.sleep(seconds)

    def _names(self) -> list[str]:
        return list(dict.fromkeys(device for device, _ in self.found))


def _told(name: str, found: Mapping[str, Value], now: Mapping[str, Value]) -> Iterator[str]:
    for reading, value in found.items():
        if now.get(reading) != value:
            shown = text(now[reading]) if reading in now else "not shown"
            yield f"{name}.{reading} is {shown} and was found {text(value)}"
