"""Scale: breweries side by side. What grows with the number of devices, and what must not."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from bench import usage, wrk
from bench.breweries import breweries
from bench.loading import loading
from bench.measures import MB, MS, RATIO, SECONDS, Begun, Found, Goal, Measure, Skipped, at_least, at_most
from bench.options import Options
from bench.processes import Running
from bench.rounds import interleaved, ratios
from bench.served import MOCKBREW, READING, SERVE, SYNC, served
from bench.web import answers, ask, asked
from mockbrew.files import load
from mockbrew.settings import REFERENCE

TITLE = "Specs of many devices: breweries side by side"
LARGE = 100_000  # devices, that the goals are for
OF_A_BREWERY = 22  # devices
CORE = 0  # the only one that a server has which is watched while it starts
ONCE = 3  # rounds at most of what takes seconds each
ALL_OVER = 200  # breweries that are asked in turn
START, LOADED = 1.5, 5e-5  # s, about: of a process that loads nothing yet; for each device
SOME = 20  # single requests, of which one median is taken
LISTING = "/__admin/state"
REFUSED = 400  # a listing that is too large
LOADING = "Loading a spec, s of processor time"
STARTING = "Starting on one core, with an empty store"
STAYING = "Requests a second, against those with the smallest spec under the same server"
LASTING = "Single requests, ms"
RELOADING = "SIGHUP after the spec has got another brewery, until the new endpoint answers, s"


class Sized(NamedTuple):
    """A spec of about so many devices, and the number of its last brewery."""

    devices: int
    spec: Path
    last: int

    @property
    def column(self) -> str:
        """As the heads of tables have it."""
        return f"{self.devices:,} devices"

    def goal(self, goal: Goal) -> Goal | None:
        """A goal, if this is the spec that it is for."""
        return goal if self.devices == LARGE else None

    def path(self, name: str) -> str:
        """That of a brewery at the end: `/getA.py` becomes `/getA_4544.py`."""
        return name.replace(".py", f"_{self.last}.py") if self.last else name

    def listing(self) -> str:
        """The path of the states of that brewery."""
        names = [f"{name}_{self.last}" if self.last else name for name in load(REFERENCE).entries]
        return f"{LISTING}?{urlencode({'only': names}, doseq=True)}"


def sized(devices: int, folder: Path) -> Sized:
    """A file of its own."""
    spec = folder / f"of-{devices}.toml"
    spec.write_text(breweries(devices), "utf-8")
    return Sized(devices, spec, max(round(devices / OF_A_BREWERY), 1) - 1)


def measure(options: Options, kinds: Sequence[str] = (SYNC, SERVE)) -> Found:
    """All sizes, the smallest first: it is what the others are compared with."""
    sizes = [sized(devices, options.folder) for devices in sorted(options.devices)]
    devices, once = sum(size.devices for size in sizes), _once(options)
    yield Begun("loading", once * (2 * devices * LOADED + len(sizes) * START))
    for size in sizes:
        yield from _loading(size, once)
    for kind in kinds:
        yield Begun(f"{kind}: starting", once * (devices * LOADED + len(sizes) * (START + options.warm_up)))
        for size in sizes:
            yield from _starting(size, kind, options)
        yield Begun(f"{kind}: requests", len(sizes) * _staying_lasts(options) + devices * LOADED)
        for size in sizes:
            yield from _staying(sizes[0], size, kind, options)
    for kind in kinds:
        yield Begun(f"{kind}: reloading", (1 + once) * devices * LOADED + len(sizes) * START)
        for size in sizes:
            yield from _reloading(size, kind, options)


def _staying_lasts(options: Options) -> float:
    """s, about, of a size: readings in all rounds, the other two kinds of load in some."""
    return options.loads(2) + 2 * replace(options, rounds=_once(options)).loads(2) + 2 * START


def _once(options: Options) -> int:
    return min(options.rounds, ONCE)


def _loading(size: Sized, rounds: int) -> Iterator[Measure]:
    given = [loading(size.spec) for _ in range(rounds)]
    yield Measure(LOADING, "all of it", size.column, SECONDS, [each.spec for each in given])
    yield Measure(LOADING, "reading it as TOML alone", size.column, SECONDS, [each.toml for each in given])


def _starting(size: Sized, kind: str, options: Options) -> Iterator[Measure]:
    """Until the first reply; the memory after a load of readings that has reached every worker."""
    until, memory = [], []
    for _ in range(_once(options)):
        begin = time.monotonic()
        with served(kind, MOCKBREW, options, spec=size.spec, core=CORE) as server:
            until.append(time.monotonic() - begin)
            wrk.load(server.port, [READING], options.warm_up)
            memory.append(usage.memory(server.tree))
    yield Measure(STARTING, f"{kind}: until the first 200, s", size.column, SECONDS, until, size.goal(at_most(5.0)))
    yield Measure(STARTING, f"{kind}: memory of all processes, MB", size.column, MB, memory, size.goal(at_most(400.0)))


def _staying(small: Sized, size: Sized, kind: str, options: Options) -> Found:
    with (
        served(kind, MOCKBREW, options, spec=small.spec) as one,
        served(kind, MOCKBREW, options, spec=size.spec) as other,
    ):
        yield Measure(LASTING, f"{kind}: the first reading of a cell", size.column, MS, [_lasts(other.port, size.path("/getTemp1.py"))])
        yield from _loads(one, other, size, kind, options)
        yield from _single(other.port, size, kind)


def _loads(one: Running, other: Running, size: Sized, kind: str, options: Options) -> Iterator[Measure]:
    """Each kind of load on the small rig and on the large one."""
    everywhere = [f"/getA_{number}.py" if number else READING for number in range(0, size.last + 1, size.last // ALL_OVER + 1)]
    commands = ["/startA.py", "/stopA.py"]
    works: Sequence[tuple[str, Sequence[str], Sequence[str], Goal | None]] = [
        ("a reading", [READING], [READING], size.goal(at_least(0.95))),
        ("readings of up to 200 breweries in turn", [READING] * len(everywhere), everywhere, None),
        ("a command", commands, [size.path(path) for path in commands], None),
    ]
    for row, small, large, goal in works:
        _rate(one, small, options.warm_up)
        _rate(other, large, options.warm_up)
        rates = {"one": partial(_rate, one, small, options.seconds), "other": partial(_rate, other, large, options.seconds)}
        given = interleaved(rates, options.rounds if goal else _once(options))
        yield Measure(STAYING, f"{kind}: {row}", size.column, RATIO, ratios(given["other"], given["one"]), goal)


def _rate(server: Running, paths: Sequence[str], seconds: float) -> float:
    return wrk.load(server.port, paths, seconds).rate


def _single(port: int, size: Sized, kind: str) -> Found:
    requests: Sequence[tuple[str, str, int]] = [
        ("a reading", READING, SOME),
        ("a command", size.path("/startB.py"), SOME),
        ("/Reset.py", "/Reset.py", SOME),
        ("state listing of a brewery", size.listing(), SOME),
        ("state listing of all", LISTING, ONCE),
    ]
    for row, path, times in requests:
        if (reply := ask(port, path)).status == REFUSED:
            yield Skipped(f"{kind}: {row}: {size.column}", str(json.loads(reply.body)["detail"]))
        else:
            yield Measure(LASTING, f"{kind}: {row}", size.column, MS, [_lasts(port, path) for _ in range(times)])


def _lasts(port: int, path: str) -> float:
    """ms, connecting to the server included."""
    begin = time.perf_counter()
    asked(port, path)
    return (time.perf_counter() - begin) * 1e3


def _reloading(size: Sized, kind: str, options: Options) -> Iterator[Measure]:
    """As an operator does it; the state of the rig is kept."""
    taken, spec = [], size.spec.with_name("reloaded.toml")
    spec.write_text(size.spec.read_text("utf-8"), "utf-8")
    with served(kind, MOCKBREW, options, spec=spec) as server:
        for more in range(1, _once(options) + 1):
            spec.write_text(breweries((size.last + 1 + more) * OF_A_BREWERY), "utf-8")
            taken.append(_until_answered(server, f"/getA_{size.last + more}.py", lambda: server.process.send_signal(signal.SIGHUP)))
    yield Measure(RELOADING, kind, size.column, SECONDS, taken)


def _until_answered(server: Running, path: str, tell: Callable[[], None]) -> float:
    begin = time.monotonic()
    tell()
    server.wait_until(lambda: answers(server.port, path), within=120.0, what=f"a 200 for {path}")
    return time.monotonic() - begin
