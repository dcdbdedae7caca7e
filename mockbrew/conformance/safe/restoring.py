"""Restoring: what was found is brought back, whatever happened; and what could not be is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from mockbrew.conformance.judged.replies import text
from mockbrew.conformance.known.contract import Command, Contract
from mockbrew.conformance.known.knowledge import Key, of_device
from mockbrew.conformance.known.plan import orders
from mockbrew.conformance.known.prediction import Prediction
from mockbrew.conformance.known.trials import command
from mockbrew.conformance.safe.session import Session
from mockbrew.conformance.server.asking import Stopped
from mockbrew.conformance.server.plane import PlaneLost
from mockbrew.devices.base import Controller, Mover
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
    """The commands that make a device what it was found: off first, on last, so that it starts with what it was set to."""
    left, way = {name for name in known.visible if now.get(name) != found.get(name)}, list[Command]()
    for _ in range(STEPS):
        next_one = next(_bringing(contract, known, found, left), None) if left else None
        if next_one is None:
            break
        way.append(next_one)
        left -= known.after(next_one).keys()
    return sorted(way, key=lambda each: (known.kindles(each), not known.quenches(each)))


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
    """Brings back what was found. left: what is not yet known to be as it was, and why. interrupted: by what, if it was."""

    session: Session
    found: Mapping[Key, Value]
    sleep: Callable[[float], None]
    clock: Callable[[], float]
    left: dict[str, str] = field(default_factory=dict)
    interrupted: str = ""

    def __post_init__(self) -> None:
        self.left = {name: f"{name}: whether it is as it was found has not been seen" for name in self._names()}

    def restore(self) -> None:
        """All of it, whoever interrupts once; raises KeyboardInterrupt if it is interrupted again."""
        try:
            self._patiently()
        except KeyboardInterrupt as why:
            self.interrupted = str(why) or "interrupted"
            self.session.say(
                f"{self.interrupted}, but {', '.join(self.left)} may not be as found: restoring goes on; once more abandons it"
            )
            self._patiently()

    def _patiently(self) -> None:
        """Again and again while the server does not answer, for as long as the options say."""
        deadline, pause = self.clock() + self.session.options.patience, PAUSE
        while (why := self._once(deadline)) and self.clock() + pause <= deadline:
            self.session.say(f"{why}; trying again to restore what was found, in {pause:g} s")
            self.sleep(pause)
            pause = min(2 * pause, LONGEST)
        self.left = {name: f"{told} ({why})" if why else told for name, told in self.left.items()}

    def _once(self, deadline: float) -> str:
        """What may heat first, each whatever becomes of the others; then the rest. Why some could not be done, if nobody is there."""
        hot = [name for name in self._names() if self._may_heat(name)]
        hot.sort(key=lambda name: not isinstance(self.session.known[name].device, Controller))
        for work, name in product((self.session.quench, self._put_out), hot):
            self._tried(work, name)
        why = ""
        for _ in range(TRIES):
            why = self._all_brought(deadline)
            if why or not self.left:
                break
        return why

    def _all_brought(self, deadline: float) -> str:
        """Why the last of those that could not be done could not, if nobody is there; after the deadline, no other is begun."""
        lost = ""
        for name in sorted(self.left, key=self._turn):
            if lost and self.clock() > deadline:
                break
            lost = self._tried(self._bring, name) or lost
        return lost

    def _tried(self, work: Callable[[str], None], name: str) -> str:
        """Why it could not be done, if nobody is there."""
        try:
            work(name)
        except (Stopped, PlaneLost) as lost:
            return str(lost)
        return ""

    def _may_heat(self, name: str) -> bool:
        """Whether it heats or drives what does, and may be on: it was told something, or was not seen to be off."""
        session, known = self.session, self.session.known[name]
        asked = name in session.touched or name in session.guard.lit
        return session.guard.hot(known.device) and (asked or known.on(session.knowledge.of(name)) is not False)

    def _put_out(self, name: str) -> None:
        if not self.session.is_off(name):
            self.session.put_out(name)

    def _turn(self, name: str) -> int:
        """When it is brought back: pumps stop before valves shut, and valves open before pumps run."""
        known = self.session.known[name]
        runs, moves = bool(known.on(of_device(self.found, name))), isinstance(known.device, Mover)
        return (2 if runs else 0) + (1 if runs == moves else 0)

    def _bring(self, name: str) -> None:
        session, known, found = self.session, self.session.known[name], of_device(self.found, name)
        for each in way_back(session.contract, known, found, session.own(name)):
            if not (session.guard.hot(known.device) and session.guard.kindles(each)):
                session.ask("GET", each.path)
                session.expect(each)
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
