"""A chain: one cell of many vessels, coupled by the pipes between them while its valves are open."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from bench import wrk
from bench.breweries import chain
from bench.machine import Hand
from bench.measures import MS, Begun, Found, Measure, at_most
from bench.options import Options
from bench.served import MOCKBREW, SERVE, served
from bench.web import asked
from mockbrew.clock import SECOND
from mockbrew.devices import BUILT_IN
from mockbrew.rigs import DEFAULT, Order, Rigs
from mockbrew.spec import Spec, parse
from mockbrew.stores import open_store

TITLE = "A cell of many vessels in a chain, all pipes open, the controller of the first one on"
APART = SECOND // 10  # ns between two readings, as of a client that polls ten times a second
READINGS = 300
START, COMMANDED = 2.0, 0.05  # s, about: of a server; for each vessel, whose commands go to a server and to a store
BEGINNING = 60  # s after the commands, before anything is measured
TABLE = "A temperature, ms"


def measure(options: Options) -> Found:
    """In one process, while time goes by under a hand; and through a server."""
    for vessels in (3, options.vessels):
        text = chain(vessels)
        yield Begun(f"{vessels} vessels", options.loads(1) + START + vessels * COMMANDED)
        yield from _in_process(parse(text, "chain.toml", BUILT_IN), vessels, options)
        yield from _served(text, vessels, options)


def _in_process(spec: Spec, vessels: int, options: Options) -> Iterator[Measure]:
    """Through the store, without a server; now and then a reading goes beyond a boundary of the plant, which is in the longest ones."""
    hand = Hand()
    store = open_store(f"sqlite:///{options.folder / f'chain-{vessels}.db'}", machine=hand)
    try:
        rigs = Rigs(spec, store)
        for device, verb in _orders(vessels):
            rigs.command(DEFAULT, Order(device, verb, {}), lambda look: b"")
        hand.wait(BEGINNING * SECOND)
        rigs.read(DEFAULT, "T1")
        rounds = [_polled(hand, rigs, "T1") for _ in range(options.rounds)]
    finally:
        store.close()
    column = f"{vessels} vessels"
    for row, pick in PICKED.items():
        goal = at_most(1.0) if row == WARM else None
        yield Measure(TABLE, row, column, MS, [pick(sorted(each)) * 1e3 for each in rounds], goal)


WARM = "in one process, warm: the median"
PICKED: dict[str, Callable[[Sequence[float]], float]] = {
    WARM: lambda taken: taken[len(taken) // 2],
    "in one process: 99 of 100 at most": lambda taken: taken[len(taken) * 99 // 100],
    "in one process: the longest": lambda taken: taken[-1],
}


def _orders(vessels: int) -> Iterator[tuple[str, str]]:
    """Device and verb of each command that sets all of it in motion."""
    yield from ((f"K{number}", "turn_on") for number in range(vessels + 1))
    yield from ((f"P{number}", "turn_on") for number in range(1, vessels + 1))
    yield "PID1", "start"


def _polled(hand: Hand, rigs: Rigs, probe: str) -> list[float]:
    """s that each reading took."""
    taken = []
    for _ in range(READINGS):
        hand.wait(APART)
        begin = time.perf_counter()
        rigs.read(DEFAULT, probe).look.reading(probe, "temperature")
        taken.append(time.perf_counter() - begin)
    return taken


def _served(text: str, vessels: int, options: Options) -> Iterator[Measure]:
    """One client at a time."""
    spec = options.folder / f"chain-{vessels}.toml"
    spec.write_text(text, "utf-8")
    path = "/getT1.py"
    with served(SERVE, MOCKBREW, options, spec=spec, path=path) as server:
        for device, _ in _orders(vessels):
            asked(server.port, f"/start{device}.py")
        loads = [wrk.load(server.port, [path], options.seconds, connections=1) for _ in range(options.rounds)]
    column = f"{vessels} vessels"
    yield Measure(TABLE, f"{SERVE}, one client: the median", column, MS, [load.p50 for load in loads], at_most(1.0))
    yield Measure(TABLE, f"{SERVE}, one client: p99", column, MS, [load.p99 for load in loads])
