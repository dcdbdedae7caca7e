"""A session with one server: all that it is told goes through here, and nothing that may not be on stays so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from math import inf
from typing import Any, TypeVar

from mockbrew.conformance.known.contract import Command, Contract, Point
from mockbrew.conformance.known.prediction import outputs
from mockbrew.conformance.known.trials import trials
from mockbrew.conformance.options import Options
from mockbrew.conformance.results import Exchange
from mockbrew.conformance.safe.guard import COLD, Guard, Unsafe
from mockbrew.conformance.safe.hazards import HazardWatch
from mockbrew.conformance.server.asking import Asking, Stopped
from mockbrew.conformance.server.pace import Pace
from mockbrew.conformance.server.plane import Plane
from mockbrew.conformance.server.transport import Transport
from mockbrew.devices.declare import Value

Told = TypeVar("Told")

RECENT = 0.5  # s; so long ago somebody has just looked
TRIES = 3  # looks for something to be off


class Session(Asking):
    """touched: the devices that were told something. notes: what the reader of the report should know besides."""

    def __init__(
        self,
        contract: Contract,
        transport: Transport,
        pace: Pace,
        plane: Plane | None,
        options: Options,
        say: Callable[[str], None],
        seen: Callable[[Exchange], None],
    ) -> None:
        super().__init__(contract, transport, plane, options, seen)
        self.pace, self.say = pace, say
        self.guard = Guard(contract, self.known, self.knowledge)
        self.watch = HazardWatch(contract.spec, self.known, self.knowledge)
        self.notes: list[str] = []
        self.touched: set[str] = set()
        self._dimmed: set[str] = set()  # what was told last to go off
        self._heeded = -inf
        self.muddled = False  # whether commands have changed what they should not
        self.unhurried = True  # whether time goes by as it does at a desk

    def shield(self) -> None:
        """From now on whoever is told something may fail at it: what is to be restored does not wait for a terminal that is gone."""
        self.say, self._seen = _shielded(self.say), _shielded(self._seen)

    def send(self, command: Command, method: str = "GET") -> Exchange:
        """One command. Raises Unsafe if something may heat after it and may not, Stopped if something is wrong."""
        device, kindles = command.point.of, self.guard.kindles(command)
        if kindles or self.guard.alarm() or self.transport.clock() - self._heeded > RECENT:
            self.heed()
        if kindles:
            self._light(device, command)
        elif device and self.known[device].quenches(command):
            self._dimmed.add(device)
        self.touched.add(device)
        return self.ask(method, command.path)

    def attempt(self, point: Point, texts: Sequence[str]) -> Exchange:
        """A command that the server has to refuse. Raises Unsafe if it could do harm if it did not; and Stopped."""
        self.heed()
        for meant in self._harmful(point):
            self._light(point.of, meant)
        self.touched.add(point.of)
        return self.ask("GET", point.path(texts))

    def _harmful(self, point: Point) -> list[Command]:
        """The commands for which a server may take a mistake, and that may switch something on."""
        known, given = self.known[point.of], trials(point)
        if known.heats or (self.guard.guarded(known.device) and not self.guard.hot(known.device)):
            return given
        return [command for command in given if self.guard.kindles(command)]

    def give(self, command: Command) -> tuple[Exchange, Mapping[str, Value]]:
        """A command by GET, its reply judged; and what that shows."""
        exchange = self.send(command)
        if exchange.status == 200:
            self.expect(command)
        return exchange, self.judge(command.point, exchange)

    def expect(self, command: Command) -> None:
        """From now on what it commands should be so."""
        device = command.point.of
        if device:
            self.expected.update({(device, name): value for name, value in self.known[device].after(command).items()})
        else:
            self.expected.update({(name, reading): value for name, known in self.known.items() for reading, value in known.resting.items()})

    def wait(self, seconds: float) -> None:
        """Let time go by: not long, and while something is on not at all, without looking. Raises Unsafe, Stopped."""
        left = seconds
        while left > 0 and (self.guard.lit or left > self.pace.step):
            step = min(left, self.pace.step)
            self.pace.wait(step)
            if not self.guard.lit:
                self.look(set(self.hot))
            self.heed()
            left -= step
        if left > 0:
            self.pace.wait(left)

    @property
    def hot(self) -> list[str]:
        """What heats, and what drives it."""
        return [name for name, known in self.known.items() if self.guard.hot(known.device)]

    def settle(self, device: str) -> None:
        """As long as its effects may take to show; the rig's longest for the rig."""
        verify = self.contract.spec.verify
        times = [verify.care(device).settle] if device else [verify.settle, *(care.settle for care in verify.devices.values())]
        self.wait(max(times))

    # -- safety ----------------------------------------------------------------------------------------------------

    def heed(self) -> None:
        """See to it that nothing is on that may not be. Raises Unsafe, Stopped; what had to go off is off then."""
        if self.guard.lit:
            self.inspect(self.guard.watched())
            self._darken()
        self._heeded = self.transport.clock()
        alarm = self.guard.alarm()
        if alarm:
            self.extinguish(self.guard.burning())
            raise Stopped(alarm)
        for name, why in list(self.guard.doubts()):
            burning = self.guard.heated_by(self.known[name].device)
            self.extinguish([name])
            raise Unsafe(f"{why}; it was switched off", burning)
        if self.guard.lit:
            self.beware()

    def beware(self) -> None:
        """Stop at a hazard that is new. Raises Stopped."""
        hazard = self.watch.found(*self.hazards())
        if hazard:
            self.extinguish(self.guard.burning())
            raise Stopped(hazard)

    def hazards(self) -> tuple[float, list[Mapping[str, Any]]]:
        """s since something, and those that the control plane tells by now."""
        return self.plane.hazards() if self.plane is not None else (self.pace.now(), [])

    def extinguish(self, devices: Iterable[str]) -> None:
        """Switch off these and what else is on, controllers first, and see that they are. Raises Stopped if one does not go off."""
        asked = {*devices, *self.guard.lit}
        stubborn = [name for name in sorted(asked) if not self.known[name].heats and not self.put_out(name)]
        heating = asked | set(self.guard.burning())
        stubborn += [name for name in sorted(heating) if self.known[name].heats and not self.put_out(name)]
        if stubborn:
            why = f"{', '.join(stubborn)} {'does' if len(stubborn) == 1 else 'do'} not go off"
            self.say(why)
            raise Stopped(why)

    def put_out(self, device: str) -> bool:
        """Switch it off; whether it shows that it is. Raises Stopped, PlaneLost."""
        for _ in range(TRIES):
            self.quench(device)
            self.pace.wait(self.contract.spec.verify.care(device).settle)
            if self.is_off(device):
                self.guard.lit.pop(device, None)
                return True
        return False

    def quench(self, device: str) -> None:
        """Give it the commands after which it is off. Raises Stopped."""
        known = self.known[device]
        for command in (each for point in self.contract.commanding(device) for each in trials(point) if known.quenches(each)):
            self.touched.add(device)
            self.ask("GET", command.path)
            self.expect(command)

    def is_off(self, device: str) -> bool:
        """Whether it shows that it is off; not to know it is no reason to believe it. Raises Stopped."""
        self.own(device)
        return self.known[device].on(self.knowledge.of(device)) is False

    def allow(self, command: Command) -> None:
        """Raises Unsafe if something may heat after this command and may not."""
        if self.guard.kindles(command):
            self.inspect(self._needed(command.point.of))
            self.guard.mode(self.known[command.point.of].device, command)

    def shows_on(self, device: str) -> bool:
        """Whether a device shows now that it is on."""
        self.own(device)
        return bool(self.known[device].on(self.knowledge.of(device)))

    def _light(self, device: str, command: Command | None = None) -> None:
        """Raises Unsafe if it may not be switched on."""
        if device not in self.guard.lit:
            self.inspect(self._needed(device))
        self.guard.lit[device] = self.guard.mode(self.known[device].device, command)
        self._dimmed.discard(device)

    def _needed(self, device: str) -> set[str]:
        lit = self.guard.lit
        self.guard.lit = {**lit, device: COLD}
        try:
            return self.guard.watched()
        finally:
            self.guard.lit = lit

    def _darken(self) -> None:
        """What was told to go off and shows that it is, with all that it drives, is no longer on."""
        for name in self._dimmed & self.guard.lit.keys():
            driven = [output for output in outputs(self.known[name].device) if self.known[output].heats]
            if all(self.known[each].on(self.knowledge.of(each)) is False for each in (name, *driven)):
                self.guard.lit.pop(name)


def _shielded(tell: Callable[[Told], None]) -> Callable[[Told], None]:
    def told(what: Told) -> None:
        with suppress(Exception):
            tell(what)

    return told
