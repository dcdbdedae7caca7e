"""Servers: readings and commands of mockbrew, as a share of what a constant callable does under the same server.

Beside commands stands what a callable does that only commits rows like theirs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

from bench.loaded import Loaded, loaded
from bench.measures import MS, PER_SECOND, RATIO, US, Begun, Found, Goal, Measure, Skipped, at_least
from bench.options import Options
from bench.processes import Running
from bench.rounds import interleaved, ratios
from bench.served import BARE, CONSTANT, GRANIAN, GTHREAD, KINDS, MOCKBREW, SYNC, served
from bench.tools import Missing
from bench.web import asked
from bench.wrk import Broken

TITLE = "mockbrew under a server, against a constant WSGI callable under the same one"
SHARE = "Requests a second of mockbrew / of the constant callable, 16 connections"
WORK = "Processor time of a request, of the constant callable / of mockbrew"
RATES, TIMES, WORKED = "Requests a second", "Until a reply, ms", "Processor time of a request, us"
YARDSTICK, TRANSACTION, OWN = "constant", "the barest transaction", "mockbrew"
APPS = {YARDSTICK: CONSTANT, TRANSACTION: BARE, OWN: MOCKBREW}
PIDS = tuple(f"/startPID{number}.py" for number in (1, 2, 3))


class Work(NamedTuple):
    """What is asked for in turn; what is told before, of a rig that was reset; virtual seconds per real one; the goals."""

    row: str
    paths: Sequence[str]
    goals: Mapping[str, Goal]
    before: Sequence[str] = ()
    rate: int = 1
    commands: bool = False


def _goals(sync: float, gthread: float, granian: float) -> Mapping[str, Goal]:
    return {SYNC: at_least(sync), GTHREAD: at_least(gthread), GRANIAN: at_least(granian)}


WORKS = (
    Work("reading of a state", ["/getA.py"], _goals(0.90, 0.88, 0.75)),
    Work("temperature, three PIDs running, clock at x60", ["/getTemp1.py"], _goals(0.85, 0.82, 0.65), PIDS, 60),
    Work("durable command with journal", ["/startA.py", "/stopA.py"], _goals(0.70, 0.65, 0.35), PIDS, commands=True),
    Work("argument in the URL", ["/setCible2_66.5.py", "/setCible2_67.py"], _goals(0.65, 0.60, 0.30), PIDS, commands=True),
)


def measure(options: Options, kinds: Sequence[str] = KINDS, works: Sequence[Work] = WORKS) -> Found:
    """Each work under each server."""
    for kind in kinds:
        try:
            with ExitStack() as stack:
                servers = {name: stack.enter_context(served(kind, app, options)) for name, app in APPS.items()}
                yield Begun(kind, sum(options.loads(len(_names(work))) for work in works))
                for work in works:
                    yield from _compared(work, kind, {name: servers[name] for name in _names(work)}, options)
        except Missing as error:  # noqa: PERF203 - the next server may be there
            yield Skipped(kind, str(error))


def _names(work: Work) -> Sequence[str]:
    return [name for name in APPS if work.commands or name != TRANSACTION]


def _compared(work: Work, kind: str, servers: Mapping[str, Running], options: Options) -> Iterator[Measure]:
    port = servers[OWN].port
    _prepare(port, work)
    for server in servers.values():
        loaded(server, work.paths, options.warm_up)
    before = _entries(port)
    rounds = interleaved({name: partial(loaded, server, work.paths, options.seconds) for name, server in servers.items()}, options.rounds)
    if work.commands:
        _check(port, _entries(port) - before, sum(each.load.requests for each in rounds[OWN]))
    yield from _measures(work, kind, rounds)


def _prepare(port: int, work: Work) -> None:
    asked(port, "/Reset.py")
    asked(port, "/__admin/clock", method="PUT", body={"rate": work.rate})
    for path in (*work.before, *work.paths):
        asked(port, path)


def _entries(port: int) -> int:
    """How many entries the journal has had: one for each command."""
    return int(json.loads(asked(port, "/__admin/journal?limit=1").body)["next"])


def _check(port: int, entries: int, requests: int) -> None:
    if entries < requests:
        raise Broken(f"http://127.0.0.1:{port}", f"{requests} commands were answered and {entries} are in the journal")


def _measures(work: Work, kind: str, rounds: Mapping[str, Sequence[Loaded]]) -> Iterator[Measure]:
    for name, row, goal in ((OWN, work.row, work.goals.get(kind)), (TRANSACTION, f"{work.row}: {TRANSACTION}", None)):
        if name in rounds:
            yield Measure(SHARE, row, kind, RATIO, _rates(rounds[name], rounds[YARDSTICK]), goal)
            yield Measure(WORK, row, kind, RATIO, ratios([each.work for each in rounds[YARDSTICK]], [each.work for each in rounds[name]]))
    for name, given in rounds.items():
        row = f"{work.row}: {name}"
        yield Measure(RATES, row, kind, PER_SECOND, [each.load.rate for each in given])
        yield Measure(TIMES, f"{row}, median", kind, MS, [each.load.p50 for each in given])
        yield Measure(TIMES, f"{row}, p99", kind, MS, [each.load.p99 for each in given])
        yield Measure(WORKED, row, kind, US, [each.work * 1e6 for each in given])


def _rates(these: Sequence[Loaded], those: Sequence[Loaded]) -> Sequence[float]:
    return ratios([each.load.rate for each in these], [each.load.rate for each in those])
