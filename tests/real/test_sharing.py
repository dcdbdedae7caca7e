"""Four workers, sixteen clients: what one worker acknowledged, every worker knows."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from tests.real.bench import DOORS, Bench, Door
from tests.real.load import Load
from tests.real.owner import Watcher, owners

WORKERS = 4
CLIENTS = 16
TURNS = 20  # of each client at least, with one or two commands each
ELSEWHERE = 200  # commands at least that were read from another worker than the one that carried them out


class AccessLog:
    """gunicorn's: which worker answered what, in whose turn."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.options = ["--access-logfile", str(file), "--access-logformat", "%(p)s %({x-turn}i)s %(U)s"]

    def workers(self) -> dict[str, tuple[set[str], set[str]]]:
        """By turn: those that carried its command out, and those that answered its readings."""
        found: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
        for worker, turn, path in map(str.split, self.file.read_text().rpartition("\n")[0].splitlines()):
            if turn.startswith("owner"):
                found[turn][path.startswith("/get")].add(worker)
        return found

    def all_served(self) -> bool:
        """Whether every worker has carried out commands and answered readings, and enough readings are of another one's commands."""
        turns = self.workers().values()
        everybody = [set().union(*(turn[what] for turn in turns)) for what in (0, 1)]
        elsewhere = sum(bool(read - commanded) for commanded, read in turns)
        return [*map(len, everybody)] == [WORKERS, WORKERS] and elsewhere >= ELSEWHERE


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("options", [[], ["--preload"], ["--threads", "4"]], ids=["plain", "preload", "threads"])
def test_an_acknowledged_command_is_visible_to_the_next_reading_on_any_worker(bench: Bench, options: list[str], door: Door) -> None:
    log = AccessLog(bench.folder / "access.log")
    server = bench.gunicorn(workers=WORKERS, options=[*log.options, *options]).wait_ready()
    ports = bench.front(server, door).port, server.port
    assert bench.client(server).get("/startB2.py").status == 200

    load = Load([*owners(CLIENTS), Watcher()])
    with load.on(*ports):
        load.wait_turns(TURNS)
        load.wait(log.all_served, what="every worker served")
    load.check(*ports)
