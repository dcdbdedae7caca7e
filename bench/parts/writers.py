"""Writers: sixteen at one rig, whether each gets its turn; and one at another rig, whether who reads notices."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from statistics import mean

from bench import wrk
from bench.measures import MS, PER_SECOND, RATIO, US, Begun, Found, Measure, Skipped, at_least, at_most
from bench.options import Options
from bench.rounds import interleaved, ratios
from bench.served import GTHREAD, MOCKBREW, SERVE, SYNC, served
from bench.tools import Missing
from bench.web import asked
from bench.writing import PIDS, Writer, writer
from mockbrew.app import App, create_app

TITLE = "Many writers at one rig, and a writer at another rig"
FEWEST = "the connection with fewest requests / the mean of all"
TOGETHER = "16 connections that command one rig, three PIDs on"
BESIDE = "Processor time of a reading of a temperature, three PIDs on, while another process commands another rig at full speed"
PAUSE = 0.002  # s between two readings of a client that is not in a hurry: the other rig has been written to meanwhile
COMMANDS = ("/startA.py", "/stopA.py")


def measure(options: Options, kinds: Sequence[str] = (SYNC, GTHREAD, SERVE)) -> Found:
    """Under all servers; and in one process."""
    for kind in kinds:
        try:
            yield from _together(kind, options)
        except Missing as error:  # noqa: PERF203 - the next server may be there
            yield Skipped(kind, str(error))
    yield Begun("a reading beside a writer", len(READERS) * 2 * options.rounds * options.seconds)
    yield from _beside(options)


def _together(kind: str, options: Options) -> Iterator[Measure | Begun]:
    with served(kind, MOCKBREW, options) as server:
        yield Begun(f"16 connections, {kind}", options.loads(1))
        for path in (*(f"/start{pid}.py" for pid in PIDS), *COMMANDS):
            asked(server.port, path)
        wrk.load(server.port, COMMANDS, options.warm_up, apart=True)
        loads = [wrk.load(server.port, COMMANDS, options.seconds, apart=True) for _ in range(options.rounds)]
    yield Measure(TOGETHER, "commands/s", kind, PER_SECOND, [load.rate for load in loads])
    yield Measure(TOGETHER, "median, ms", kind, MS, [load.p50 for load in loads])
    yield Measure(TOGETHER, "p99, ms", kind, MS, [load.p99 for load in loads])
    yield Measure(TOGETHER, "the longest, ms", kind, MS, [load.most for load in loads])
    yield Measure(TOGETHER, "p99 / median", kind, RATIO, [load.p99 / load.p50 for load in loads], at_most(20.0))
    yield Measure(TOGETHER, FEWEST, kind, RATIO, [_fairness(load) for load in loads], at_least(0.5))


def _fairness(load: wrk.Load) -> float:
    return min(load.each) / mean(load.each)


def _beside(options: Options) -> Iterator[Measure]:
    store = f"sqlite:///{options.folder / 'beside.db'}"
    app = create_app(None, store)
    for pid in PIDS:
        _ask(app, f"/start{pid}.py")
    with writer(store, "other") as other:
        for row, read in READERS.items():
            phases = {"alone": partial(read, app, options.seconds), "beside": partial(_while, other, read, app, options.seconds)}
            given = interleaved(phases, options.rounds)
            yield from _measures(row, given)
    app.store.close()


def _while(other: Writer, read: Callable[[App, float], float], app: App, seconds: float) -> float:
    with other.at_work():
        return read(app, seconds)


def _measures(row: str, given: Mapping[str, list[float]]) -> Iterator[Measure]:
    yield Measure(BESIDE, row, "alone, us", US, [each * 1e6 for each in given["alone"]])
    yield Measure(BESIDE, row, "meanwhile, us", US, [each * 1e6 for each in given["beside"]])
    yield Measure(BESIDE, row, "ratio", RATIO, ratios(given["beside"], given["alone"]), at_most(1.1))


# -- readers: s of processor time for each reading -----------------------------------------------------------------


def _hurried(app: App, seconds: float) -> float:
    count, begin, end = 0, time.process_time(), time.monotonic() + seconds
    while time.monotonic() < end:
        _ask(app, "/getTemp1.py")
        count += 1
    return (time.process_time() - begin) / count


def _unhurried(app: App, seconds: float) -> float:
    taken, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        begin = time.process_time()
        _ask(app, "/getTemp1.py")
        taken.append(time.process_time() - begin)
        time.sleep(PAUSE)
    return mean(taken)


def _ask(app: App, path: str) -> None:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "REMOTE_ADDR": "127.0.0.1", "wsgi.multiprocess": True}
    app(environ, _nothing)


def _nothing(status: str, fields: object) -> None:
    if not status.startswith("200"):
        raise wrk.Broken("a reading in this process", status)


READERS: Mapping[str, Callable[[App, float], float]] = {
    "one after another": _hurried,
    f"every {PAUSE * 1e3:g} ms": _unhurried,
}
