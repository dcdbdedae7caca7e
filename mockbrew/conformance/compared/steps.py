"""Steps: the requests to one server, in an order in which those to another one can be found again. Pure.

A reading is the same step only after the same commands to its device: what it should show is the same then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from mockbrew.conformance.known.contract import Contract, Point
from mockbrew.conformance.results import Exchange, Report
from mockbrew.errors import MockbrewError

RESET = "(reset)"  # instead of arguments: no name has such letters
RIG = ""  # instead of a device: what all have been told that were told nothing since


class Run(NamedTuple):
    """What came of one server, and all requests to it in their order."""

    report: Report
    exchanges: tuple[Exchange, ...]

    @property
    def asked(self) -> list[Exchange]:
        """The requests, with paths behind the server's own URL: of two rigs of one server these are the same."""
        begins = len(urlsplit(self.report.server).path.rstrip("/"))
        return [replace(exchange, url=exchange.url[begins:]) for exchange in self.exchanges]


class Step(NamedTuple):
    """One request. point: None where it means no endpoint. given: the latest commands to its device, by the arguments that they have."""

    exchange: Exchange
    point: Point | None
    given: Mapping[str, str]

    @property
    def key(self) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        """What makes two requests the same step: of a reading also what it should show."""
        reads = self.point is not None and not self.point.endpoint.commands
        return self.exchange.method, self.exchange.url, tuple(sorted(self.given.items())) if reads else ()

    def found(self, name: str) -> bool:
        """Whether a reading is as it was found: no command since has said what it is."""
        told = [sort.split() for sort in self.given]
        settable = self.point is not None and _settable(self.point, name)
        return RESET not in self.given and not (any(name in names for names in told) if settable else [] in told)


def steps(run: Run, contract: Contract) -> Iterator[Step]:
    """The requests of a run, each with what its device has been told. What a server refuses tells a device nothing."""
    points = {point.endpoint.url: point for point in contract.points}
    given: dict[str, Mapping[str, str]] = {RIG: {}}
    for exchange in run.asked:
        point = _point(exchange, contract, points)
        if point is not None and point.endpoint.commands and exchange.status == 200:
            _tell(given, point, exchange.url)
        yield Step(exchange, point, given.get(point.of, given[RIG]) if point else {})


def _tell(given: dict[str, Mapping[str, str]], point: Point, url: str) -> None:
    if point.of:
        given[point.of] = {**given.get(point.of, given[RIG]), " ".join(point.endpoint.arguments): url}
    else:
        given.clear()
        given[RIG] = {RESET: url}


def _point(exchange: Exchange, contract: Contract, points: Mapping[str, Point]) -> Point | None:
    try:
        return points[contract.router.match(unquote(exchange.url))[0].url]
    except MockbrewError:
        return None


def paired(one: Sequence[Step], other: Sequence[Step]) -> Iterator[tuple[Step, Step]]:
    """The same steps of both, in their order."""
    for block in SequenceMatcher(None, [step.key for step in one], [step.key for step in other], autojunk=False).get_matching_blocks():
        yield from zip(one[block.a : block.a + block.size], other[block.b : block.b + block.size], strict=True)


def measured(point: Point, name: str) -> bool:
    """Whether a reading is a number that nobody can set, such as a temperature."""
    if point.device is None or name not in point.device.readings:
        return False
    schema = point.device.readings[name].schema
    types = schema.get("type", ())
    return "number" in ([types] if isinstance(types, str) else types) and "enum" not in schema and not _settable(point, name)


def _settable(point: Point, name: str) -> bool:
    return point.device is not None and any(name in verb.arguments for verb in point.device.verbs.values())
