"""Refusals: how a server says no. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from mockbrew.conformance.judged.replies import content_type, excerpt, parse, status, text
from mockbrew.conformance.known.contract import OPEN, SHUT, SLOT, Point
from mockbrew.conformance.results import Difference, Exchange
from mockbrew.devices.declare import NONE
from mockbrew.shapes import compile_shape
from mockbrew.spec import ErrorShape

WORDS = ("status", "title", "detail")  # that the hardware's own form of an error may have


def refused(wanted: int, exchange: Exchange, errors: Mapping[int, ErrorShape]) -> Iterator[Difference]:
    """What is wrong with a refusal that should have this status, and the hardware's own form if the spec has one."""
    if exchange.status != wanted:
        yield Difference(f"status of {exchange.method} {exchange.url}", str(wanted), status(exchange))
        return
    own = errors.get(wanted) or errors.get(0)
    if own is not None:
        yield from (Difference(f"{each.where} of a {wanted}", each.expected, each.got) for each in _unlike(own, exchange))


def not_allowed(point: Point, exchange: Exchange, errors: Mapping[int, ErrorShape]) -> Iterator[Difference]:
    """What is wrong with the refusal of a method that an endpoint does not have."""
    wrong = list(refused(405, exchange, errors))
    yield from wrong
    wanted = [method for method in point.endpoint.methods if method != "OPTIONS"]
    allowed = [each.strip().upper() for each in exchange.headers.get("allow", "").split(",")]
    if not wrong and (not set(wanted) <= set(allowed) or exchange.method in allowed):
        yield Difference(f"header Allow of {exchange.method}", ", ".join(wanted), exchange.headers.get("allow", "none"))


def _unlike(own: ErrorShape, exchange: Exchange) -> Iterator[Difference]:
    yield from content_type(own.content_type, exchange)
    mould = json.loads(compile_shape(own.reply, live=WORDS).bind(NONE).render(lambda name: f"{OPEN}{name}{SHUT}"))
    try:
        fits = _fits(mould, parse(exchange.body), exchange.status)
    except ValueError:
        fits = False
    if not fits:
        shape = SLOT.sub(lambda found: f"{{{found[1]}}}", text(mould))
        yield Difference("body", shape, excerpt(exchange.body))


def _fits(mould: Any, data: Any, code: int) -> bool:
    """Whether a body has the form of an error."""
    if isinstance(mould, dict):
        return isinstance(data, dict) and mould.keys() == data.keys() and all(_fits(mould[key], data[key], code) for key in mould)
    if isinstance(mould, list):
        return isinstance(data, list) and len(mould) == len(data) and all(map(_fits, mould, data, [code] * len(mould)))
    if not isinstance(mould, str) or OPEN not in mould:
        return bool(mould == data)
    if mould == f"{OPEN}status{SHUT}":
        return bool(data == code)
    pattern = ".*".join(map(re.escape, SLOT.split(mould)[::2]))
    return isinstance(data, str) and re.fullmatch(pattern, data, re.DOTALL) is not None
