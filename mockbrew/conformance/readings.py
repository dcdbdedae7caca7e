"""Readings: each endpoint that changes nothing, asked as it may be and as it may not."""

from __future__ import annotations

from collections.abc import Iterator

from mockbrew.conformance.contract import Point
from mockbrew.conformance.judging import content_type, excerpt, status
from mockbrew.conformance.plan import of_device, of_point
from mockbrew.conformance.results import Difference, Exchange
from mockbrew.conformance.session import Session
from mockbrew.conformance.trials import unknown_paths

ALWAYS_WRONG = ("PUT", "DELETE")


def read_all(session: Session) -> None:
    """Every reading, by GET."""
    session.begin()
    session.look()


def methods(session: Session) -> None:
    """HEAD, and what no reading has."""
    for point in session.contract.reading_points:
        session.begin()
        exchange = session.ask("HEAD", point.path())
        session.ledger.note(of_point("head", point), head(point, exchange), session.trail)
        session.begin()
        found = [each for method in ("POST", *ALWAYS_WRONG) for each in refused(point, session.ask(method, point.path()))]
        session.ledger.note(of_point("methods", point), found, session.trail)


def paths(session: Session) -> None:
    """What means nothing."""
    session.begin()
    asked = [session.ask("GET", path) for path in unknown_paths(session.contract)]
    found = [Difference(f"status of {each.url}", "404", status(each)) for each in asked if each.status != 404]
    session.ledger.note(of_device("unknown-path", None), found, asked)


def head(point: Point, exchange: Exchange) -> Iterator[Difference]:
    """How HEAD on a reading differs from its GET."""
    if exchange.status != 200:
        yield Difference("status of HEAD", "200", status(exchange))
    elif exchange.body:
        yield Difference("body of HEAD", "none", excerpt(exchange.body))
    else:
        yield from content_type(point.endpoint.content_type, exchange)


def refused(point: Point, exchange: Exchange) -> Iterator[Difference]:
    """How a method that an endpoint does not have is refused."""
    if exchange.status != 405:
        yield Difference(f"status of {exchange.method}", "405", status(exchange))
        return
    wanted = [method for method in point.endpoint.methods if method != "OPTIONS"]
    allowed = [each.strip().upper() for each in exchange.headers.get("allow", "").split(",")]
    if not set(wanted) <= set(allowed) or exchange.method in allowed:
        yield Difference(f"header Allow of {exchange.method}", ", ".join(wanted), exchange.headers.get("allow", "none"))
