"""Drift: two servers taken through the same steps, and each thing in which they differ. Pure.

Requests are paired in their order, a reading only with one after the same command to its device. Those without a partner are counted, not
compared: one server was found in another state, or asked longer until an effect showed, or something was skipped there. States as they
were found are not compared either. Errors are compared by status and content type: what they say in words is each server's
own. What is measured is not compared by value, since no two kettles are alike, but by how fast it moves.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from mockbrew.conformance.contract import SLOT, Contract, Point
from mockbrew.conformance.reports.texts import of_bytes
from mockbrew.conformance.results import FAILED, SKIPPED, Check, Exchange, Report
from mockbrew.devices.declare import Value
from mockbrew.errors import MockbrewError

TOLERANCE = 0.25  # of the faster of two rates: a vessel that holds a tenth more, on a burner that is a tenth weaker, is within it
STILL = 0.1  # K/min: what moves less stands still, or is a probe's noise


class Run(NamedTuple):
    """What came of one server, and all requests to it in their order."""

    report: Report
    exchanges: tuple[Exchange, ...]

    @property
    def asked(self) -> list[Exchange]:
        """The requests, with paths behind the server's own URL: of two rigs of one server these are the same."""
        begins = len(urlsplit(self.report.server).path.rstrip("/"))
        return [replace(exchange, url=exchange.url[begins:]) for exchange in self.exchanges]


class Difference(NamedTuple):
    """One thing in which two servers differ. device: empty for the rig, or where a path means no endpoint. url: that of the endpoint."""

    method: str
    url: str
    device: str
    where: str
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Drift:
    """All that two servers differ in.

    differences: each once, with how often it was seen. outcomes: checks that came out differently: check, device, url, one, other.
    rates: what moves differently: probe, check, K/min of the one, of the other. compared: pairs of requests. alone: requests without a
    partner, of each server. alike: rates that are the same within the tolerance.
    """

    one: Report
    other: Report
    differences: Mapping[Difference, int]
    outcomes: tuple[tuple[str, str, str, str, str], ...]
    rates: tuple[tuple[str, str, float, float], ...]
    compared: int
    alone: tuple[int, int]
    alike: int

    @property
    def none(self) -> bool:
        """Whether they were taken through all of it, and do not differ."""
        whole = self.compared > 0 and not any(report.stopped or report.unrestored for report in (self.one, self.other))
        return whole and not (self.differences or self.outcomes or self.rates)


def drift(one: Run, other: Run, contract: Contract) -> Drift:
    """What two servers of one contract differ in."""
    mine, theirs = (list(_steps(run, contract)) for run in (one, other))
    pairs = list(_paired(mine, theirs))
    found = Counter(difference for pair in pairs for difference in _differences(*pair))
    moved, alike = _rates(one.report, other.report)
    alone = len(mine) - len(pairs), len(theirs) - len(pairs)
    return Drift(one.report, other.report, found, tuple(_outcomes(one.report, other.report)), tuple(moved), len(pairs), alone, alike)


# -- which requests are the same step ------------------------------------------------------------------------------


class _Step(NamedTuple):
    """One request. point: None where it means no endpoint. after: of a reading, the latest command to its device, empty for none."""

    exchange: Exchange
    point: Point | None
    after: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.exchange.method, self.exchange.url, self.after

    @property
    def found(self) -> bool:
        """Whether what it shows is as it was found."""
        return self.point is not None and not self.point.endpoint.commands and not self.after


def _steps(run: Run, contract: Contract) -> Iterator[_Step]:
    points = {point.endpoint.url: point for point in contract.points}
    last: dict[str, str] = {}
    for exchange in run.asked:
        point = _point(exchange, contract, points)
        if point is None:
            yield _Step(exchange, None, "")
        elif not point.endpoint.commands:
            yield _Step(exchange, point, last.get(point.of, last.get("", "")))
        else:
            yield _Step(exchange, point, "")
            last = {**last, point.of: exchange.url} if point.of else {"": exchange.url}  # a reset is one to all


def _point(exchange: Exchange, contract: Contract, points: Mapping[str, Point]) -> Point | None:
    try:
        return points[contract.router.match(exchange.url)[0].url]
    except MockbrewError:
        return None


def _paired(one: Sequence[_Step], other: Sequence[_Step]) -> Iterator[tuple[_Step, _Step]]:
    for block in SequenceMatcher(None, [step.key for step in one], [step.key for step in other], autojunk=False).get_matching_blocks():
        yield from zip(one[block.a : block.a + block.size], other[block.b : block.b + block.size], strict=True)


# -- one request to both -------------------------------------------------------------------------------------------


def _differences(one: _Step, other: _Step) -> Iterator[Difference]:
    url, device = (one.point.endpoint.url, one.point.of) if one.point else (one.exchange.url, "")
    for where, mine, theirs in _unlike(one.exchange, other.exchange, one.point, found=one.found):
        yield Difference(one.exchange.method, url, device, where, mine, theirs)


def _unlike(one: Exchange, other: Exchange, point: Point | None, *, found: bool) -> Iterator[tuple[str, str, str]]:
    """found: what they show is as it was found."""
    if one.status != other.status:
        yield "status", _answered(one), _answered(other)
        return
    if _type(one) != _type(other):
        yield "content type", _type(one), _type(other)
    if one.status == 200 and one.method != "HEAD":
        yield from _bodies(of_bytes(one.body), of_bytes(other.body), point, found=found)


def _answered(exchange: Exchange) -> str:
    return str(exchange.status) if exchange.status > 0 else f"no reply: {exchange.failure}"


def _type(exchange: Exchange) -> str:
    return exchange.headers.get("content-type", "none")


def _bodies(one: str, other: str, point: Point | None, *, found: bool) -> Iterator[tuple[str, str, str]]:
    mine, theirs = _data(one), _data(other)
    if (mine is _NO_JSON) or (theirs is _NO_JSON):
        if one != other:
            yield "body", one, other
        return
    shape = [dict(_leaves(data)) for data in (mine, theirs)]
    if {path: _sort(value) for path, value in shape[0].items()} != {path: _sort(value) for path, value in shape[1].items()}:
        yield from _shapes(*shape)
    else:
        if _skeleton(one) != _skeleton(other):
            yield "layout", one, other
        yield from _values(mine, theirs, point, found=found) if point else ()


_NO_JSON = object()


def _data(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _NO_JSON


def _leaves(value: Any, path: str = "body") -> Iterator[tuple[str, Any]]:
    """Everything that is no table or list, by its path; of an empty one, itself."""
    inner: Iterable[tuple[str, Any]] = ()
    if isinstance(value, dict):
        inner = ((f"{path}.{key}", item) for key, item in value.items())
    elif isinstance(value, list):
        inner = ((f"{path}[{index}]", item) for index, item in enumerate(value))
    if isinstance(value, dict | list) and value:
        for where, item in inner:
            yield from _leaves(item, where)
    else:
        yield path, value


_SORTS: tuple[tuple[type, str], ...] = ((bool, "a boolean"), (str, "a text"), (dict, "an object"), (list, "a list"), (type(None), "null"))


def _sort(value: Any) -> str:
    return next((words for kind, words in _SORTS if isinstance(value, kind)), "a number")


def _shapes(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for path in dict.fromkeys([*one, *other]):
        mine, theirs = (_described(shape, path) for shape in (one, other))
        if path not in one or path not in other or _sort(one[path]) != _sort(other[path]):
            yield path, mine, theirs


def _described(shape: Mapping[str, Any], path: str) -> str:
    return f"{json.dumps(shape[path], ensure_ascii=False)} ({_sort(shape[path])})" if path in shape else "nothing"


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"(?P<key>\s*:)?|-?[0-9]+(?P<fraction>\.[0-9]+)?(?P<exponent>[eE][+-]?[0-9]+)?')


def _skeleton(text: str) -> str:
    """The body without its values: order and spacing of its keys, and whether numbers have a fraction."""
    return _TOKEN.sub(_bone, text)


def _bone(token: re.Match[str]) -> str:
    if token[0].startswith('"'):
        return token[0] if token["key"] else '""'
    return f"0{'.0' if token['fraction'] else ''}{'e0' if token['exponent'] else ''}"


def _values(one: Any, other: Any, point: Point, *, found: bool) -> Iterator[tuple[str, str, str]]:
    """What is shown of states, and constants."""
    moulds, theirs = dict(_leaves(point.mould)), dict(_leaves(other))
    for path, value in _leaves(one):
        names = SLOT.findall(str(moulds.get(path, "")))
        if value != theirs[path] and not (names and found) and not any(measured(point, name) for name in names):
            yield f"{point.of}.{names[0]}" if len(names) == 1 else path, _text(value), _text(theirs[path])


def _text(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)


def measured(point: Point, name: str) -> bool:
    """Whether a reading is a number that nobody can set, such as a temperature."""
    if point.device is None or name not in point.device.readings:
        return False
    schema = point.device.readings[name].schema
    types = schema.get("type", ())
    settable = any(name in verb.arguments for verb in point.device.verbs.values())
    return "number" in ([types] if isinstance(types, str) else types) and "enum" not in schema and not settable


# -- what came out of it -------------------------------------------------------------------------------------------


def _outcomes(one: Report, other: Report) -> Iterator[tuple[str, str, str, str, str]]:
    """Checks of both that came out differently, and those that only one of them has."""
    mine, theirs = _by_identity(one), _by_identity(other)
    for key in dict.fromkeys([*mine, *theirs]):
        first, second = mine.get(key), theirs.get(key)
        if (first and first.outcome) != (second and second.outcome):
            name, device, _, url = key
            yield name, device or "", url, _outcome(first), _outcome(second)


def _by_identity(report: Report) -> dict[tuple[str, str | None, str | None, str], Check]:
    return {(check.name, check.device, check.endpoint, check.url): check for check in report.checks}


def _outcome(check: Check | None) -> str:
    if check is None:
        return "not come to"
    if check.outcome == SKIPPED:
        return f"skipped: {check.reason}"
    first = f": {check.differences[0].where} is {check.differences[0].got}" if check.outcome == FAILED and check.differences else ""
    return f"{check.outcome}{first}"


def _rates(one: Report, other: Report) -> tuple[list[tuple[str, str, float, float]], int]:
    """What moves differently, and how many rates are alike."""
    mine, theirs = _by_probe(one), _by_probe(other)
    both = [key for key in mine if key in theirs]
    moved = [(*key, mine[key], theirs[key]) for key in both if not _alike(mine[key], theirs[key])]
    return moved, len(both) - len(moved)


def _by_probe(report: Report) -> dict[tuple[str, str], float]:
    return {(probe, f"{check.name} {check.device or ''}".strip()): rate for check in report.checks for probe, rate in check.rates.items()}


def _alike(one: float, other: float) -> bool:
    """The same direction, and about as fast."""
    if max(abs(one), abs(other)) <= STILL:
        return True
    return abs(one - other) <= max(TOLERANCE * max(abs(one), abs(other)), STILL)
