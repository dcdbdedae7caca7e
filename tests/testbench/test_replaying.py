"""A restored snapshot replays: the same requests at the same virtual times have the same replies, to the byte, whoever else was at work."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockbrew.stores import open_store
from mockbrew.testbench.clock import AHEAD
from tests.app.asking import Bench
from tests.app.replies import Answer
from tests.stores.rows import Machine
from tests.testbench.kettles import SPEC

RIG = "team-a"
SOON = AHEAD / 10**9  # s
SWITCHES = [f"/{word}{device}" for word in ("get", "start", "stop") for device in "AHGC"]
READINGS = "reading=T&reading=U&reading=G.on&reading=Pot.temperature"
PROBES = ["/getT", "/getU", "/targetC"]

Step: TypeAlias = tuple[Any, ...]
Played: TypeAlias = tuple[list[object], list[Any]]  # what was answered, and what was journalled

chances = st.fixed_dictionaries(
    {"probability": st.sampled_from([1.0, 0.5, 0.1])}, optional={"seed": st.integers(0, 3), "count": st.integers(1, 3)}
)
sorts = st.sampled_from(
    [
        {"fault": "stuck", "device": "A"},
        {"fault": "stuck_on", "device": "H"},
        {"fault": "slow", "device": "H", "seconds": 40},
        {"fault": "ignores", "device": "A", "every": 2},
        {"fault": "weak", "device": "G", "share": 0.3},
        {"fault": "no_ignition", "device": "G"},
        {"fault": "open_circuit", "device": "U"},
        {"fault": "frozen", "device": "T"},
        {"fault": "drift", "device": "U", "rate": 90},
        {"fault": "offset", "device": "T", "kelvin": -7.5},
        {"fault": "noise", "device": "T", "deviation": 2},
        {"fault": "slow", "device": "U", "lag": 60},
        {"fault": "status", "code": 503, "announce": True},
        {"fault": "status", "code": 500, "device": "A", "applied": True},
        {"fault": "empty", "endpoint": "/getT", "announce": True},
        {"fault": "truncated", "share": 0.4},
        {"fault": "delay", "median": 0.000001, "sigma": 1, "announce": True},
    ]
)
windows = st.tuples(st.none() | st.integers(1, 300), st.none() | st.integers(1, 300))
steps = st.one_of(
    st.tuples(st.just("ask"), st.sampled_from(SWITCHES)),
    st.tuples(st.just("ask"), st.sampled_from(PROBES)),
    st.tuples(st.just("ask"), st.sampled_from(["/setC_41.5", "/setC_700", "/reset"])),
    st.tuples(st.just("wait"), st.sampled_from([0.3, 7.77, 600])),
    st.tuples(st.just("admin"), st.just("POST"), st.just("clock/advance"), st.sampled_from([{"seconds": s} for s in (0.1, 59.9, 1800)])),
    st.tuples(st.just("admin"), st.just("PUT"), st.just("clock"), st.sampled_from([{"rate": rate} for rate in (0, 1, 0.3, 60)])),
    st.tuples(
        st.just("admin"),
        st.just("POST"),
        st.just("clock/run-until"),
        st.sampled_from(["Kettle.temperature > 22", "T > 23", "U >= 45", "not A.on", "G.on", "C.duty < 0.5"]).map(
            lambda condition: {"condition": condition, "limit": 900}
        ),
    ),
    st.tuples(st.just("fault"), st.builds(lambda sort, chance: {**sort, **chance}, sorts, chances), windows),
    st.tuples(st.just("fault"), st.builds(lambda sort, chance: {**sort, **chance}, sorts, chances), windows),
    st.tuples(st.just("admin"), st.just("DELETE"), st.sampled_from(["faults", "faults/f1", "faults/f2"]), st.none()),
    st.tuples(
        st.just("admin"),
        st.just("PATCH"),
        st.just("state"),
        st.sampled_from(
            [{"vessels": {"Kettle": {"volume": 3}}}, {"vessels": {"Pot": {"temperature": 44.4}}}, {"devices": {"A": {"state": 1}}}]
        ),
    ),
)
histories = st.lists(steps, min_size=1, max_size=12)
turns = st.lists(st.integers(0, 1), min_size=1, max_size=12)  # which process answers; over and over


def without(told: Any, *names: str) -> Any:
    return {name: value for name, value in told.items() if name not in names}


class Stage:
    """Two processes on one store."""

    def __init__(self, url: str) -> None:
        machine = Machine()
        first = open_store(url, machine=machine)
        stores = [first, open_store(url, machine=machine) if first.shared else first]
        self.ways = [Bench(store, SPEC, machine=machine) for store in stores]
        self.admin(0, "POST", "reset")  # which makes it

    def admin(self, way: int, method: str, path: str, body: Any = None) -> Answer:
        """A changed clock holds from now on."""
        answer = self.ways[way].admin(method, path, body, rig=RIG)
        if path.startswith("clock") and method != "GET":
            self.ways[way].wait(SOON)
        return answer

    def play(self, history: Sequence[Step], turns: Sequence[int]) -> list[object]:
        """All that is answered; and in the end all that there is to see of the rig."""
        begin = self.time()
        answered = [self.step(turns[number % len(turns)], *step) for number, step in enumerate(history)]
        return [*answered, *self.seen(turns[0], begin)]

    def step(self, way: int, what: str, *asked: Any) -> object:
        if what == "wait":
            self.ways[way].wait(*asked)
            return None
        if what == "ask":
            return self.ways[way].ask(f"/rigs/{RIG}{asked[0]}")
        answer = self.fault(way, *asked) if what == "fault" else self.admin(way, *asked)
        return without(answer.json(), "run", "horizon")  # a restore is the last that happened to a rig, and it goes on a month from there

    def fault(self, way: int, document: dict[str, Any], window: tuple[int | None, int | None]) -> Answer:
        now = int(self.time()) + 1
        begins = {} if window[0] is None else {"from": now + window[0]}
        ends = {} if window[1] is None else {"until": now + (window[0] or 0) + window[1]}
        return self.admin(way, "POST", "faults", {**document, **begins, **ends})

    def time(self) -> float:
        return float(self.admin(0, "GET", "clock").json()["time"])

    def seen(self, way: int, begin: float) -> Iterator[object]:
        yield without(self.admin(way, "GET", "state").json(), "run")
        yield self.admin(way, "GET", "faults").body
        yield without(self.admin(way, "GET", "clock").json(), "horizon")
        history = self.admin(way, "GET", f"history?{READINGS}&from={begin}&at=boundaries")
        yield without(history.json(), "run")

    def journal(self, after: int) -> list[Any]:
        entries = self.admin(0, "GET", f"journal?after={after}&limit=1000").json()["entries"]
        return [without(entry, "number", "event", "run", "wall") for entry in entries]

    def last_entry(self) -> int:
        return int(self.admin(0, "GET", "journal").json()["next"])


@contextmanager
def stage(url: str) -> Iterator[Stage]:
    with tempfile.TemporaryDirectory() as folder:
        made = Stage(url.format(Path(folder) / "rigs.db"))
        try:
            yield made
        finally:
            for way in made.ways:
                way.store.close()


def apart(one: Played, other: Played) -> list[object]:
    """The first that differs, of both."""
    pairs = zip_longest([*one[0], *one[1]], [*other[0], *other[1]])
    return next(([*pair] for pair in pairs if pair[0] != pair[1]), [])


def replayed(stage: Stage, way: int, story: Sequence[Step], turns: Sequence[int]) -> Played:
    """What is answered after a restore, and journalled."""
    told = stage.admin(way, "POST", "snapshots/then/restore")
    assert told.status == 200, told
    last = stage.last_entry()
    return stage.play(story, turns), stage.journal(last)


@pytest.mark.parametrize("url", ["memory://", "sqlite:///{}"], ids=["memory", "file"])
@given(before=histories, story=histories, elsewhere=histories, turns=st.tuples(turns, turns, turns), way=st.integers(0, 1))
@settings(max_examples=60)
def test_a_restored_rig_replays_to_identical_bytes(
    url: str, before: list[Step], story: list[Step], elsewhere: list[Step], turns: tuple[list[int], ...], way: int
) -> None:
    with stage(url) as played:
        played.play(before, turns[0])
        assert played.admin(way, "POST", "snapshots", {"name": "then"}).status == 201
        last = played.last_entry()
        first = played.play(story, turns[0]), played.journal(last)
        second = replayed(played, way, story, turns[1])
        played.play(elsewhere, [1 - way])
        played.ways[way].restart()
        third = replayed(played, way, story, turns[2])

        assert apart(second, first) == []
        assert apart(third, first) == []
