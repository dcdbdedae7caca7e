"""Exchanges of a spec: what every format is made of."""

from __future__ import annotations

from collections.abc import Iterator

from mockbrew.exports.answered import Answered
from mockbrew.exports.exchange import Exchange
from mockbrew.exports.refused import Refused
from mockbrew.router import Router
from mockbrew.routes import addresses
from mockbrew.spec import Spec


def exchanges(spec: Spec) -> Iterator[Exchange]:
    """Of every endpoint, in the order of the spec: what it answers, and what it refuses. Then what else is asked for."""
    answered, refused = Answered(spec), Refused(spec, Router(spec))
    for address in addresses(spec):
        yield from answered.exchanges(address)
        yield from refused.of(address)
    yield refused.nowhere()


def elsewhere(spec: Spec) -> Exchange:
    """That of an endpoint that there is not, by itself."""
    return Refused(spec, Router(spec)).nowhere()
