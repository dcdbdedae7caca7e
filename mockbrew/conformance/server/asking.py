"""Asking: requests to one server, each judged by what the spec says of it, and what they show known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial

from mockbrew.conformance.judged.ledger import Ledger
from mockbrew.conformance.judged.replies import judge
from mockbrew.conformance.known.contract import Contract, Point
from mockbrew.conformance.known.knowledge import Key, Knowledge
from mockbrew.conformance.known.plan import REPLY, of_point
from mockbrew.conformance.known.prediction import Prediction, outputs, predictions
from mockbrew.conformance.known.writing import as_written
from mockbrew.conformance.options import Options
from mockbrew.conformance.results import Exchange
from mockbrew.conformance.server.plane import Plane
from mockbrew.conformance.server.transport import GONE, Transport
from mockbrew.devices.declare import Value

SILENT = 3  # requests without a reply, one after the other, after which nobody is there
INTERLOCKED = "it was refused with a 409, as a rule of the spec wants it where the command would break it"


class Stopped(Exception):
    """The run ends here; the message says why."""


class Asking:
    """plane: None if the server has none that we may use. trail: the requests since the last `begin`. seen: gets each exchange.

    expected: what has been commanded, as the spec writes it.
    """

    def __init__(
        self, contract: Contract, transport: Transport, plane: Plane | None, options: Options, seen: Callable[[Exchange], None]
    ) -> None:
        self.contract, self.transport, self.plane, self.options, self._seen = contract, transport, plane, options, seen
        self.known: Mapping[str, Prediction] = predictions(contract)
        self.knowledge, self.ledger = Knowledge(), Ledger()
        self.trail: list[Exchange] = []
        self.expected: dict[Key, Value] = {}
        self._silent = 0

    def begin(self) -> None:
        """What is asked from now on belongs to another check."""
        self.trail = []

    def ask(self, method: str, path: str) -> Exchange:
        """Raises Stopped if nobody is there any more."""
        exchange = self.transport.ask(method, path)
        self.trail.append(exchange)
        self._seen(exchange)
        self._silent = self._silent + 1 if exchange.status <= 0 else 0
        if exchange.status == GONE or self._silent >= SILENT:
            raise Stopped(f"the server is gone: {exchange.failure}")
        return exchange

    def read(self, point: Point) -> Exchange:
        """What a reading shows, judged and known."""
        exchange = self.ask("GET", point.path())
        shown = self.judge(point, exchange)
        self.knowledge.see(point.of, {name: value for name, value in shown.items() if name in point.readings})
        self.knowledge.lose(point.of, set(point.readings) - shown.keys())
        return exchange

    def judge(self, point: Point, exchange: Exchange) -> Mapping[str, Value]:
        """Note what there is to say of a reply; what it shows."""
        if self.interlocked(point, exchange):
            for name in REPLY:
                self.ledger.skip(of_point(name, point), INTERLOCKED)
            return {}
        written = partial(as_written, self.known.get(point.of), self.expected) if self.options.layout else None
        judged = judge(point, exchange, written)
        for verdict in judged.verdicts:
            due = of_point(verdict.name, point)
            if verdict.skipped:
                self.ledger.skip(due, verdict.why)
            else:
                self.ledger.note(due, verdict.differences, [exchange], verdict.why)
        return judged.shown

    def interlocked(self, point: Point, exchange: Exchange) -> bool:
        """Whether a command was refused as the spec's rules have it, some of which refuse what would break them."""
        concerned = (point.of, *outputs(self.known[point.of].device)) if point.of else tuple(self.known)
        return exchange.status == 409 and point.endpoint.commands and any(map(self.ruled, concerned))

    def ruled(self, device: str) -> bool:
        """Whether a rule of the spec may refuse what a device is told."""
        rules = (rule for rule in self.contract.spec.hazards.values() if rule.refuse)
        return any(variable.device == device for rule in rules for variable in rule.when.variables)

    def own(self, device: str) -> dict[str, Value]:
        """What a device shows now, of what commands change."""
        for point in self.contract.showing(device):
            self.read(point)
        known = self.knowledge.of(device)
        return {name: known[name] for name in sorted(self.known[device].visible) if name in known}

    def look(self, devices: Collection[str] | None = None) -> None:
        """Read all that there is, or all of these devices."""
        for point in self.contract.reading_points:
            if devices is None or point.of in devices:
                self.read(point)

    def inspect(self, devices: Collection[str]) -> None:
        """Read what says whether something may be on, and hear what the control plane tells."""
        self.look(devices)
        if self.plane is not None:
            self.knowledge.hear(self.plane.state())
