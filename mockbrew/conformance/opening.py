"""Opening: a session with the server that a URL names; how time goes by there, and here."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from mockbrew.conformance.known.contract import Contract
from mockbrew.conformance.options import Options
from mockbrew.conformance.results import REAL, VIRTUAL, Exchange
from mockbrew.conformance.safe.session import Session
from mockbrew.conformance.server.pace import Pace, Real, Virtual
from mockbrew.conformance.server.plane import Plane
from mockbrew.conformance.server.transport import Transport, target
from mockbrew.spec import Spec


@dataclass(frozen=True, slots=True)
class Times:
    """How time goes by here. sleep: for so many s. clock: s since something."""

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


HERE = Times()


def opened(
    url: str, spec: Spec, options: Options, say: Callable[[str], None], seen: Callable[[Exchange], None], times: Times = HERE
) -> Session:
    """A session with a server; at a mock whose control plane may be used its clock is what passes. Raises BadTarget."""
    transport = Transport(target(url), options.timeout, times.clock)
    plane = _plane(transport, options, times)
    pace: Pace = Virtual(plane) if plane else Real(times.sleep, times.clock)
    return Session(Contract(spec), transport, pace, plane, options, say, seen)


def pace_of(url: str, options: Options) -> str:
    """How time would go by at a server, as in `results`. Raises BadTarget."""
    return VIRTUAL if _plane(Transport(target(url), options.timeout), options, HERE) else REAL


def _plane(transport: Transport, options: Options, times: Times) -> Plane | None:
    plane = Plane(transport, options.token, times.sleep)
    return plane if plane.answers() else None
