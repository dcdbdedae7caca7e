"""Phases: where each microsecond of a request goes, in one process, without a server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any

from bench.measures import US, Begun, Found, Measure
from bench.options import Options
from bench.watch import Watch, Watched
from mockbrew import drafts, journal, plant, rigs
from mockbrew.anchors import Anchors
from mockbrew.app import App, create_app
from mockbrew.rigs import Rigs
from mockbrew.roster import Roster
from mockbrew.router import Router
from mockbrew.settings import REFERENCE
from mockbrew.shapes import Reply
from mockbrew.sight import Sight
from mockbrew.stores.sqlite import SqliteStore
from mockbrew.stores.sqlite_handles import Handles
from mockbrew.stores.sqlite_transaction import SqliteTransaction
from mockbrew.stores.sqlite_turn import Turn
from mockbrew.stores.sqlite_writer import Writer
from mockbrew.wire import Wire
from mockbrew.witness import Witness

TITLE = "Where each microsecond goes: the reference brewery with three controllers on, in one process, a file of SQLite"
REQUESTS = drafts.STRETCH  # at a time: what is done once in a stretch of the log is in each
TIMES = 8  # in a round, of which the least counts: whatever else the machine does only adds
ROUND = 4.0  # s, about
TABLE = "A request, us"
ALL = "all of it"

ROWS = ("rig", "put_rig", "cell", "put_cell", "append", "record", "trim", "note", "put_note", "begin", "commit")  # of a transaction
PHASES: Mapping[str, Sequence[Watched]] = {
    "WSGI: addressing, the reply's header": [(App, "__call__")],
    "router: from the path to the endpoint": [(Router, "match")],
    "endpoint: arguments, faults, the reply's body": [(Wire, "answer"), (Reply, "render")],
    "store: the wall, what is known of the rows": [(SqliteStore, "wall"), (SqliteStore, "load"), (Roster, "loaded")],
    "rig: its clock, the anchor, the draft": [(Rigs, "read"), (Rigs, "change"), (Anchors, "evolved"), (Anchors, "of")],
    "plant: readings and commands": [(Sight, "reading"), (plant, "command"), (plant, "evolve")],
    "judging for hazards": [(Witness, "said"), (rigs, "keep_up"), (drafts, "may_trim")],
    "the cell as text": [(plant, "encode")],
    "journal: what changed, the entry": [(rigs, "changes"), (journal, "commanded"), (journal, "write")],
    "the lock of the store": [(Handles, "take"), (Handles, "give_back")],
    "transaction: its rows": [(Turn, "__enter__"), (Turn, "__exit__"), *((SqliteTransaction, name) for name in ROWS)],
    "SQL": [(Writer, "do"), (Writer, "asked")],
}

ASKED: Mapping[str, Sequence[str]] = {
    "a state": ["/getA.py"],
    "a temperature": ["/getTemp1.py"],
    "a command": ["/startA.py", "/stopA.py"],
    "an argument": ["/setCible2_66.5.py", "/setCible2_67.py"],
}


def measure(options: Options) -> Found:
    """A round has all kinds of request, once watched and once not; the watched ones say how the others' time is shared out."""
    yield Begun("in one process", ROUND * options.rounds)
    app = create_app(REFERENCE, f"sqlite:///{options.folder / 'phases.db'}")
    for path in ("/startPID1.py", "/startPID2.py", "/startPID3.py"):
        _ask(app, path)
    try:
        rounds = [{kind: _shared_out(app, paths) for kind, paths in ASKED.items()} for _ in range(options.rounds)]
    finally:
        app.store.close()
    for row in (*PHASES, ALL):
        yield from _row(row, rounds)


def _row(row: str, rounds: Sequence[Mapping[str, Mapping[str, float]]]) -> Iterator[Measure]:
    for kind in ASKED:
        if row in rounds[0][kind]:
            yield Measure(TABLE, row, kind, US, [each[kind].get(row, 0.0) for each in rounds])


def _shared_out(app: App, paths: Sequence[str]) -> dict[str, float]:
    """us of each phase of a request, and of all of it."""
    whole = min(_each(app, paths) for _ in range(TIMES))
    watched = [_watched(app, paths) for _ in range(TIMES)]
    phases = {phase: min(each[phase] for each in watched) for phase in watched[0]}
    scale = whole / sum(phases.values())
    return {**{phase: taken * scale for phase, taken in phases.items()}, ALL: whole}


def _watched(app: App, paths: Sequence[str]) -> Mapping[str, float]:
    watch = Watch()
    with watch.over(PHASES):
        _each(app, paths)
    return watch.phases()


def _each(app: App, paths: Sequence[str]) -> float:
    """us of processor time that a request takes, by turns of these paths."""
    asked = cycle(paths)
    begin = time.process_time()
    for _ in range(REQUESTS):
        _ask(app, next(asked))
    return (time.process_time() - begin) / REQUESTS * 1e6


def _ask(app: Callable[..., Any], path: str) -> None:
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "REMOTE_ADDR": "127.0.0.1", "wsgi.multiprocess": True}
    said: list[str] = []
    app(environ, lambda status, fields: said.append(status))
    if said != ["200 OK"]:
        raise RuntimeError(f"{path}: {said}")
