"""A changed spec leaves some cells as they were: they go on as they are written, to the last bit, and nobody looks at them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockbrew.clock import nanoseconds
from mockbrew.devices import BUILT_IN
from mockbrew.errors import StillEvolving
from mockbrew.migration import migrate
from mockbrew.rigs import DEFAULT
from mockbrew.stores.base import CellRow, Event, Loaded, Store, Transaction
from tests.app.asking import Bench, on_memory
from tests.app.faulty import fail
from tests.rigs.changing import NEW_VALVE, RIG, change
from tests.rigs.small import Queue, Stopwatch

HEAD = RIG.partition("[vessels]")[0]
BREWERY = f"""{HEAD}
[rig.endpoints]
reset = {{ url = "/reset", verb = "reset", reply = 1 }}
[vessels]
Kettle = {{ capacity = 60, volume = 40, temperature = 55 }}
Cask = {{ capacity = 90, volume = 10 }}
Vat = {{ capacity = 20, volume = 5, temperature = 80 }}
[pipes]
Run = {{ source = "Kettle", destination = "Cask", valves = ["A"], flow = 2 }}
[devices]
A = {{ kind = "valve", interface = "switch" }}
B = {{ kind = "valve", interface = "switch" }}
H = {{ kind = "heater", interface = "switch", vessel = "Kettle", power = 5500, lag = 5 }}
G = {{ kind = "heater", interface = "switch", vessel = "Cask", power = 2000 }}
T = {{ kind = "probe", interface = "probe", vessel = "Kettle", lag = 10, noise = 0.2 }}
U = {{ kind = "probe", interface = "probe", vessel = "Cask" }}
W = {{ kind = "probe", interface = "probe", vessel = "Vat" }}
C = {{ kind = "pid", interface = "pid", probe = "T", heaters = ["H"], setpoint = 60 }}
[hazards]
"""
RULES = 'warm = { when = "Kettle.temperature > 58 or U > 25" }\nopen = { when = "A.on and H.on" }\n'
COLD = 'cold = { when = "Vat.temperature < 70" }\n'
DRY = 'dry = { when = "H.on and Kettle.volume < 36", refuse = true }\n'
READINGS = ("T", "U", "W", "H", "C", "Kettle.volume", "Cask.temperature", "B")

REQUESTS = ("/startA", "/stopA", "/startB", "/startH", "/stopH", "/startG", "/stopG", "/startC", "/startC", "/getT", "/reset")
Doings = Sequence[tuple[str, float]]  # what is asked, and how long nothing happens then, s
doings = st.lists(st.tuples(st.sampled_from(REQUESTS), st.sampled_from([0.0, 1.7, 60.0, 613.0, 4000.0])), max_size=5)
rules = st.sampled_from(["", RULES, COLD, DRY, RULES + COLD + DRY])


def begun(text: str, what: Doings) -> Bench:
    """A rig to which this has been done, a second ago: what it led to at once is over, or goes on, before what comes next."""
    bench = on_memory(text)
    bench.get("/getT")
    for request, seconds in what:
        bench.ask(request)
        bench.wait(seconds)
    bench.wait(1.0)
    return bench


def gone_on(bench: Bench, what: Doings) -> list[Any]:
    """What the rig shows now, and after each of these."""
    seen = [shown(bench)]
    for request, seconds in what:
        bench.ask(request)
        bench.wait(seconds)
        seen.append(shown(bench))
    return seen


def shown(bench: Bench) -> list[Any]:
    state = bench.admin("GET", "state").json()
    return [state["vessels"], {name: each for name, each in state["devices"].items() if name != "K"}]


def since(bench: Bench, at: float) -> list[Any]:
    """What was read from `at` (s) on."""
    readings = "&".join(f"reading={each}" for each in READINGS)
    told = bench.admin("GET", f"history?{readings}&from={at}&points=40").json()
    return [told["times"], told["readings"]]


def hazards(bench: Bench) -> list[tuple[str, float, float | None, Any]]:
    found = bench.admin("GET", "hazards").json()["hazards"]
    return [(each["rule"], each["begins"], each["ends"], each.get("blocked")) for each in found]


def parted(found: Sequence[tuple[str, float, float | None, Any]], at: float) -> Iterator[tuple[str, float, float | None, Any]]:
    """The same where each spec tells its own part of what lasted at `at` (s)."""
    for rule, begins, ends, blocked in found:
        if begins < at and (ends is None or ends > at):
            yield from ((rule, begins, at, blocked), (rule, at, ends, blocked))
        else:
            yield rule, begins, ends, blocked


def near(one: Any, other: Any, within: float = 1e-9) -> bool:
    """Whether all numbers in it are, and all else is the same."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(near(one[key], other[key], within) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(near(first, second, within) for first, second in zip(one, other, strict=True))
    return bool(one == other or (isinstance(one, float) and isinstance(other, float) and abs(one - other) <= within))


def time(bench: Bench) -> float:
    return float(bench.admin("GET", "clock").json()["time"])


@settings(max_examples=15)
@given(before=doings, after=doings, ruled=rules)
def test_a_rig_goes_on_to_the_last_bit_as_if_its_spec_were_the_old_one(before: Doings, after: Doings, ruled: str) -> None:
    plain, edited = begun(BREWERY + ruled, before), begun(BREWERY + ruled, before)
    change(edited, "[devices]\n", f"[devices]\n{NEW_VALVE}")
    at = time(edited)
    for bench in (plain, edited):
        bench.wait(1.0)

    assert gone_on(edited, after) == gone_on(plain, after)
    assert since(edited, at) == since(plain, at)
    if "refuse" not in ruled:  # orders that were blocked are told as one where they come one after the other
        assert sorted(hazards(edited), key=repr) == sorted(parted(hazards(plain), at), key=repr)


@settings(max_examples=15)
@given(before=doings, after=doings, ruled=rules)
def test_a_rig_goes_on_as_where_its_cells_are_built_anew(before: Doings, after: Doings, ruled: str) -> None:
    staying, built = begun(BREWERY + ruled, before), begun(BREWERY + ruled, before)
    built.text = built.text.replace("capacity = 60", "capacity = 61").replace("capacity = 20", "capacity = 21")  # which nothing reaches
    for bench in (staying, built):
        change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")
    at = time(built)

    assert near(gone_on(staying, after), gone_on(built, after))
    assert near(since(staying, at), since(built, at))
    assert near(sorted(hazards(staying), key=repr), sorted(hazards(built), key=repr), within=1e-6)


# -- what is written -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Kept:
    """A store. specs: at the begin of each transaction, whether it has the spec of this digest."""

    store: Store
    digest: str
    specs: list[bool] = field(default_factory=list)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self.store.transaction() as transaction:
            self.specs.append(transaction.spec(self.digest) is not None)
            yield transaction

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def loaded(bench: Bench, cell: str = "Kettle") -> Loaded:
    found = bench.store.load(DEFAULT, cell)
    assert found is not None
    return found


def written(bench: Bench, cell: str = "Kettle") -> CellRow:
    row = loaded(bench, cell).row
    assert row is not None
    return row


def last(bench: Bench, cell: str) -> Event:
    return [*bench.store.events(loaded(bench).rig, cell)][-1]


def test_its_row_goes_on_word_for_word_and_opens_its_log_as_a_base_of_its_own_instant(bench: Bench) -> None:
    bench.get("/startC")
    before = written(bench)
    bench.wait(7)
    bench.get("/startA")
    bench.wait(3)

    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")
    bench.get("/getK")

    after, base, own = written(bench), last(bench, "Kettle"), last(bench, "")
    assert (after.at, after.body, after.revision) == (before.at, before.body, 3)
    assert (base.verb, base.number, base.at, base.base, base.spec) == ("migrate", 3, before.at, before.body, bench.app.spec.digest)
    assert (own.verb, own.number, own.at) == ("migrate", 3, nanoseconds(10))


def test_what_was_computed_of_a_long_silence_goes_on_as_well(bench: Bench) -> None:
    bench.get("/startC")
    bench.wait(86_400)
    change(bench, "setpoint = 60", "setpoint = 61")
    with pytest.raises(StillEvolving):  # as far as it gets
        migrate(bench.store, DEFAULT, bench.read_spec(), BUILT_IN, stopwatch=Stopwatch(0.6))
    ahead = loaded(bench).ahead
    assert ahead is not None

    bench.text = bench.text.replace("setpoint = 61", "setpoint = 60")
    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")
    bench.get("/getK")

    assert (written(bench).at, written(bench).body) == (ahead.at, ahead.body)
    assert ahead.at > nanoseconds(100)


def test_a_cell_that_nobody_has_moved_is_not_written_though_it_moves_by_itself(bench: Bench) -> None:
    change(bench, "volume = 40", "volume = 40, temperature = 80")
    bench.get("/startA")
    bench.wait(3600)
    warm = bench.get("/getT")

    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")

    assert bench.get("/getT") == warm
    assert loaded(bench).row is None


def test_a_cell_that_a_rule_is_about_is_evolved_first_so_that_judging_has_not_far_to_go(bench: Bench) -> None:
    change(bench, "[devices]\n", '[hazards]\nhot = { when = "T > 90" }\n[devices]\n')
    bench.get("/startC")
    begun = written(bench)
    bench.wait(86_400)

    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")
    bench.get("/getK")

    base = last(bench, "Kettle")
    assert (base.at, base.base) == (written(bench).at, written(bench).body)
    assert base.base != begun.body
    assert nanoseconds(86_300) < base.at <= nanoseconds(86_400)


def test_so_is_one_that_only_a_new_rule_is_about(bench: Bench) -> None:
    bench.get("/startC")
    bench.wait(86_400)

    change(bench, "[devices]\n", f'[hazards]\nhot = {{ when = "T > 90" }}\n[devices]\n{NEW_VALVE}')
    bench.get("/getK")

    assert nanoseconds(86_300) < last(bench, "Kettle").at <= nanoseconds(86_400)


def test_a_cell_in_which_a_device_has_a_fault_is_built_anew(bench: Bench) -> None:
    fail(bench, fault="offset", device="T", kelvin=3)
    bench.get("/startA")
    bench.wait(60)

    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")
    assert bench.get("/getT") == "23.0"

    assert (written(bench).at, written(bench, "A").at) == (nanoseconds(60), 0)


def test_a_cell_that_is_damaged_and_stays_is_so_afterwards_and_holds_no_other_back(bench: Bench) -> None:
    bench.get("/startH")
    bench.get("/startA")
    good = written(bench)
    put(bench, replace(good, body="[[1"))
    assert bench.ask("/getT").status == 503

    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")

    assert [bench.get(f"/get{name}") for name in "AK"] == ["1", "0"]
    assert bench.ask("/getT").status == 503
    put(bench, replace(good, revision=written(bench).revision))
    assert bench.get("/getH") == "1"


def put(bench: Bench, row: CellRow) -> None:
    """As if a disk, or somebody who mends it, had written the row of the kettle."""
    rig = loaded(bench).rig
    with bench.store.transaction() as transaction:
        transaction.put_cell(rig, "Kettle", row)


def test_where_nothing_else_has_changed_nobody_lets_go_of_the_lock_however_long_it_took_to_get_it(bench: Bench) -> None:
    bench.get("/startC")
    bench.text = bench.text.replace("[devices]\n", f"[devices]\n{NEW_VALVE}")
    waiting = Queue(bench.store, bench.wait, [0, 600])

    migrate(waiting, DEFAULT, bench.read_spec(), BUILT_IN, stopwatch=Stopwatch(0.02))

    assert len(waiting.held) == 2
    bench.restart()
    assert 20 < float(bench.get("/getT")) < 60


def test_the_record_of_the_new_spec_is_there_before_the_lock_is_taken_for_the_switch(bench: Bench) -> None:
    bench.get("/startA")
    bench.text = bench.text.replace("[devices]\n", f"[devices]\n{NEW_VALVE}")
    store = Kept(bench.store, bench.read_spec().digest)

    migrate(store, DEFAULT, bench.read_spec(), BUILT_IN)

    assert store.specs == [False, True]


def test_a_cell_that_stays_is_taken_back_to_a_snapshot_and_its_log_begins_there(bench: Bench) -> None:
    bench.get("/startC")
    bench.wait(60)
    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")
    assert bench.admin("POST", "snapshots", {"name": "warm"}).status == 201
    bench.wait(5)
    bench.get("/stopH")
    warm = bench.get("/getT")
    bench.wait(600)

    assert bench.admin("POST", "snapshots/warm/restore").status == 200

    bench.wait(5)
    bench.get("/stopH")
    assert bench.get("/getT") == warm
