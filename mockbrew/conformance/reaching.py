"""Reaching a server before anything is said or done: whether somebody is there, and how its time goes by."""

from __future__ import annotations

from mockbrew.conformance.known.contract import Contract
from mockbrew.conformance.opening import Met, meet
from mockbrew.conformance.options import Options
from mockbrew.conformance.server.transport import GONE, Transport, target
from mockbrew.errors import NobodyThere
from mockbrew.spec import Spec


def reach(url: str, spec: Spec, options: Options) -> Met:
    """How a server is found. Asks for one reading, and its control plane. Raises BadTarget, NobodyThere."""
    first = next((point.path() for point in Contract(spec).reading_points), "/")
    exchange = Transport(target(url), options.timeout).ask("GET", first)
    if exchange.status == GONE:
        raise NobodyThere(url, exchange.failure)
    return meet(url, spec, options)
