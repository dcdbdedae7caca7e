"""Opening: a session with the server that a URL names; how time goes by there, and here."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from mockbrew.conformance.known.contract import Contract
from mockbrew.conformance.options import Options
from mockbrew.conformance.results import REAL, VIRTUAL, Exchange
from mockbrew.conformance.safe.session import Session
from mockbrew.conformance.server.pace import Real, Virtual
from mockbrew.conformance.server.plane import Plane, PlaneLost
from mockbrew.conformance.server.transport import Transport, target
from mockbrew.spec import Spec


@dataclass(frozen=True, slots=True)
class Times:
    """How time goes by here. sleep: for so many s. clock: s since something."""

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


HERE = Times()

ANOTHER_SPEC = "the server is a mockbrew with another spec than this one"


def opened(
    url: str, spec: Spec, options: Options, say: Callable[[str], None], seen: Callable[[Exchange], None], times: Times = HERE
) -> Session:
    """A session with a server; at a mock whose control plane may be used its clock is what passes. Raises BadTarget."""
    transport = Transport(target(url), options.timeout, times.clock)
    plane = Plane(transport, options.token, times.sleep)
    if plane.answers():
        return Session(Contract(spec), transport, Virtual(plane), plane, options, say, seen)
    session = Session(Contract(spec), transport, Real(times.sleep, times.clock), None, options, say, seen)
    session.notes.extend(f"time is real: {why}" for why in [plane.refusal()] if why)
    return session


@dataclass(frozen=True, slots=True)
class Met:
    """A server before anything is done to it. pace: as in `results`. refused: why a mockbrew's control plane is closed, else empty.

    notes: what whoever runs this should know before.
    """

    pace: str
    refused: str = ""
    notes: tuple[str, ...] = ()


def meet(url: str, spec: Spec, options: Options) -> Met:
    """How a server is found; asks whether it has a control plane. Raises BadTarget."""
    plane = Plane(Transport(target(url), options.timeout), options.token)
    if not plane.answers():
        return Met(REAL, plane.refusal())
    with suppress(PlaneLost):  # the run says it
        return Met(VIRTUAL, notes=(ANOTHER_SPEC,) if plane.digest() != spec.digest else ())
    return Met(VIRTUAL)
