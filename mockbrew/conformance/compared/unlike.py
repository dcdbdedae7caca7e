"""Unlike: the replies of two servers to the same request, and each thing in which they differ. Pure.

States as they were found are not compared, nor is what is measured. Errors are compared by status and content type: what they say in words
is each server's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from mockbrew.conformance.compared.steps import Step, measured
from mockbrew.conformance.known.contract import SLOT
from mockbrew.conformance.reports.texts import of_bytes
from mockbrew.conformance.results import Exchange
from mockbrew.devices.declare import Value


class Difference(NamedTuple):
    """One thing in which two servers differ. device: empty for the rig, or where a path means no endpoint. url: that of the endpoint."""

    method: str
    url: str
    device: str
    where: str
    one: str
    other: str


def differences(one: Step, other: Step) -> Iterator[Difference]:
    """What two servers answer differently in one step."""
    url, device = (one.point.endpoint.url, one.point.of) if one.point else (one.exchange.url, "")
    for where, mine, theirs in _unlike(one, other):
        yield Difference(one.exchange.method, url, device, where, mine, theirs)


def _unlike(one: Step, other: Step) -> Iterator[tuple[str, str, str]]:
    mine, theirs = one.exchange, other.exchange
    if mine.status != theirs.status:
        yield "status", _answered(mine), _answered(theirs)
        return
    if _type(mine) != _type(theirs):
        yield "content type", _type(mine), _type(theirs)
    if mine.status == 200 and mine.method != "HEAD":
        yield from _bodies(of_bytes(mine.body), of_bytes(theirs.body), one)


def _answered(exchange: Exchange) -> str:
    return str(exchange.status) if exchange.status > 0 else f"no reply: {exchange.failure}"


def _type(exchange: Exchange) -> str:
    return exchange.headers.get("content-type", "none")


def _bodies(one: str, other: str, step: Step) -> Iterator[tuple[str, str, str]]:
    mine, theirs = _data(one), _data(other)
    if (mine is _NO_JSON) or (theirs is _NO_JSON):
        if one != other:
            yield "body", one, other
        return
    shape = [dict(_leaves(data)) for data in (mine, theirs)]
    if {path: _sort(value) for path, value in shape[0].items()} != {path: _sort(value) for path, value in shape[1].items()}:
        yield from _shapes(*shape)
        return
    # A number that was found may be one with a fraction at one server only.
    exact = step.point is None or not any(step.found(name) and not measured(step.point, name) for name in step.point.endpoint.reply.names)
    bone = _bone if exact else _key
    if _TOKEN.sub(bone, one) != _TOKEN.sub(bone, other):
        yield "layout", one, other
    yield from _values(mine, theirs, step) if step.point else ()


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


def _key(token: re.Match[str]) -> str:
    """What is left of a body without its values: order and spacing of its keys."""
    return token[0] if token["key"] else ""


def _bone(token: re.Match[str]) -> str:
    """The same, and of numbers whether they have a fraction."""
    if token[0].startswith('"'):
        return token[0] if token["key"] else '""'
    return f"0{'.0' if token['fraction'] else ''}{'e0' if token['exponent'] else ''}"


def _values(one: Any, other: Any, step: Step) -> Iterator[tuple[str, str, str]]:
    """What is shown of states, and constants."""
    point = step.point
    moulds, theirs = dict(_leaves(point.mould)) if point else {}, dict(_leaves(other))
    for path, value in _leaves(one):
        names = SLOT.findall(str(moulds.get(path, "")))
        if value != theirs[path] and not any(step.found(name) or (point and measured(point, name)) for name in names):
            yield f"{point.of}.{names[0]}" if point and len(names) == 1 else path, _text(value), _text(theirs[path])


def _text(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)
