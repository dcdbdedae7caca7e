"""Readings: each endpoint that changes nothing, asked as it may be and as it may not."""

from __future__ import annotations

from collections.abc import Iterator

from mockbrew.conformance.judged.refusals import not_allowed, refused
from mockbrew.conformance.judged.replies import content_type, excerpt, status
from mockbrew.conformance.known.plan import of_device, of_point
from mockbrew.conformance.known.trials import unknown_paths
from mockbrew.conformance.results import Difference, Exchange
from mockbrew.conformance.safe.session import Session

ALWAYS_WRONG = ("PUT", "DELETE")


def read_all(session: Session) -> None:
    """Every reading, by GET."""
    session.begin()
    session.look()


def methods(session: Session) -> None:
    """HEAD, and what no reading has."""
    for point in session.contract.reading_points:
        session.begin()
        read = session.read(point)
        session.ledger.note(of_point("head", point), head(read, session.ask("HEAD", point.path())), session.trail)
        session.begin()
        asked = [session.ask(method, point.path()) for method in ("POST", *ALWAYS_WRONG)]
        found = [each for exchange in asked for each in not_allowed(point, exchange, session.contract.spec.errors)]
        session.ledger.note(of_point("methods", point), found, session.trail)


def paths(session: Session) -> None:
    """What means nothing."""
    session.begin()
    asked = [session.ask("GET", path) for path in unknown_paths(session.contract)]
    found = [each for exchange in asked for each in refused(404, exchange, session.contract.spec.errors)]
    session.ledger.note(of_device("unknown-path", None), found, asked)


def head(read: Exchange, exchange: Exchange) -> Iterator[Difference]:
    """How HEAD on a reading differs from its GET, which was right or not."""
    if exchange.status != read.status:
        yield Difference("status of HEAD", status(read), status(exchange))
    elif exchange.body:
        yield Difference("body of HEAD", "none", excerpt(exchange.body))
    else:
        yield from content_type(read.headers.get("content-type", ""), exchange)
