"""Peers: the same reading from mockbrew and from mock servers of others, and the memory that each takes for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

from bench import usage, wrk
from bench.breweries import breweries
from bench.measures import MB, MS, PER_SECOND, RATIO, Begun, Found, Goal, Measure, Skipped, at_least, at_most
from bench.options import Options
from bench.peers import PEERS, PRISM, WIREMOCK, Peer, peer
from bench.processes import Ended, Running
from bench.rounds import interleaved, ratios
from bench.served import CONSTANT, GRANIAN, MOCKBREW, READING, SERVE, served
from bench.tools import Missing
from mockbrew.devices import BUILT_IN
from mockbrew.router import Router
from mockbrew.spec import parse

TITLE = "mockbrew serve, on Granian, with a durable store in SQLite, against mock servers that answer a constant body"
OWN, LIMIT = "mockbrew", "a constant callable under Granian"
START = 4.0  # s until a peer answers, about
ENDPOINTS_OF_A_DEVICE = 2.8  # of a reference brewery, without arguments
GOALS: Mapping[tuple[str, str], Goal] = {
    (WIREMOCK, "rate"): at_least(5.0),
    (PRISM, "rate"): at_least(10.0),
    (WIREMOCK, "memory"): at_most(1 / 3),
    (WIREMOCK, "p99"): at_most(1.0),
}


@dataclass(frozen=True, slots=True)
class Task:
    """What all of them serve, which of it is asked for, and the spec that mockbrew has instead of its reference."""

    says: str
    paths: Sequence[str]
    asked: str
    goals: Mapping[tuple[str, str], Goal]
    spec: Path | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A load, and MB in use right after it."""

    load: wrk.Load
    memory: float


Work: TypeAlias = "Callable[[], Taken | wrk.Broken]"


def measure(options: Options, peers: Sequence[Peer] = PEERS) -> Found:
    """One endpoint; then many, of which the middle one is asked for. mockbrew serves all of its reference for the one."""
    yield from _task(Task("one endpoint", [READING], READING, GOALS), options, peers)
    yield from _task(_many(options), options, peers)


def _many(options: Options) -> Task:
    """A spec of so many endpoints: a reading of a state, in the middle of all."""
    spec = options.folder / "many.toml"
    spec.write_text(breweries(round(options.endpoints / ENDPOINTS_OF_A_DEVICE)), "utf-8")
    endpoints = Router(parse(spec.read_text("utf-8"), spec.name, BUILT_IN)).endpoints
    paths = [each.url for each in endpoints if "{" not in each.url][: options.endpoints]
    states = [path for path in paths if path.startswith(("/getA.", "/getA_"))]
    return Task(f"{len(paths):,} endpoints, the middle one", paths, states[len(states) // 2], {}, spec)


def _task(task: Task, options: Options, peers: Sequence[Peer]) -> Found:
    java = sum(options.java - options.warm_up for one in peers if one.java)
    yield Begun(task.says, options.loads(2 + len(peers)) + java + START * len(peers))
    with ExitStack() as stack:
        running: dict[str, Running] = {}
        for one in peers:
            try:
                server = stack.enter_context(peer(one, options.folder, task.paths, task.asked))
                wrk.load(server.port, [task.asked], options.java if one.java else options.warm_up)
                running[one.title] = server
            except (Missing, Ended, wrk.Broken) as error:  # noqa: PERF203 - the others may do
                yield Skipped(f"{one.name}, {task.says}", str(error))
        own = stack.enter_context(served(SERVE, MOCKBREW, options, spec=task.spec, path=task.asked))
        limit = stack.enter_context(served(GRANIAN, CONSTANT, options, path=task.asked))
        for server in (own, limit):
            wrk.load(server.port, [task.asked], options.warm_up)
        rounds = interleaved(_works(task.asked, options.seconds, {OWN: own, LIMIT: limit}, running), options.rounds)
    whole = {name: [each for each in given if isinstance(each, Taken)] for name, given in rounds.items()}
    yield from _measures(task, {name: given for name, given in whole.items() if len(given) == options.rounds})
    for name, given in rounds.items():
        yield from (Skipped(f"{name}, {task.says}", str(each)) for each in given if isinstance(each, wrk.Broken))


def _works(path: str, seconds: float, own: Mapping[str, Running], peers: Mapping[str, Running]) -> Mapping[str, Work]:
    works: dict[str, Work] = {name: partial(_taken, server, path, seconds) for name, server in own.items()}
    return {**works, **{name: partial(_tried, server, path, seconds) for name, server in peers.items()}}


def _taken(server: Running, path: str, seconds: float) -> Taken:
    load = wrk.load(server.port, [path], seconds)
    return Taken(load, usage.memory(server.tree))


def _tried(server: Running, path: str, seconds: float) -> Taken | wrk.Broken:
    """Of a peer, which may break without the rest."""
    try:
        return _taken(server, path, seconds)
    except wrk.Broken as error:
        return error


def _measures(task: Task, rounds: Mapping[str, Sequence[Taken]]) -> Iterator[Measure]:
    for name, given in rounds.items():
        if name != OWN:
            yield from _ratios(task, name, rounds[OWN], given)
    for name, given in rounds.items():
        table = f"Each by itself, {task.says}"
        yield Measure(table, name, "requests/s", PER_SECOND, [each.load.rate for each in given])
        yield Measure(table, name, "median, ms", MS, [each.load.p50 for each in given])
        yield Measure(table, name, "p99, ms", MS, [each.load.p99 for each in given])
        yield Measure(table, name, "memory, MB", MB, [each.memory for each in given])


def _ratios(task: Task, name: str, own: Sequence[Taken], other: Sequence[Taken]) -> Iterator[Measure]:
    table, peer = f"mockbrew / each of the others, {task.says}", name.rpartition(" ")[0]
    figures = {
        "rate": ("requests a second", [each.load.rate for each in own], [each.load.rate for each in other]),
        "p99": ("p99", [each.load.p99 for each in own], [each.load.p99 for each in other]),
        "memory": ("memory", [each.memory for each in own], [each.memory for each in other]),
    }
    for key, (column, ours, theirs) in figures.items():
        yield Measure(table, name, column, RATIO, ratios(ours, theirs), task.goals.get((peer, key)))
