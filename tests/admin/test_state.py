"""The state of rigs that are large: what one answer shows, and what is computed while others wait."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pytest

from mockbrew import drafts
from mockbrew.admin import state
from mockbrew.hazards.watch import Group
from mockbrew.rigs import DEFAULT
from mockbrew.stores.base import RigRow, Transaction
from mockbrew.testbench import state as states
from tests.app.asking import on_memory
from tests.rigs import small

VALVES = 'spec = "1.0"\n[devices]\n' + "".join(f'V{number} = {{ kind = "valve" }}\n' for number in range(state.MOST + 1))
ALL = {f"V{number}": {"state": 1} for number in range(state.MOST + 1)}


def test_more_than_one_answer_shows_is_refused_and_nothing_is_set() -> None:
    bench = on_memory(VALVES)

    whole, patched = bench.admin("GET", "state"), bench.admin("PATCH", "state", {"devices": ALL})
    few = bench.admin("GET", "state?only=V1&only=V2")

    many = "10001 devices, vessels and pipes are more than one answer shows, 10000"
    assert (whole.status, patched.status) == (400, 400)
    assert whole.json()["errors"] == [{"field": "only", "message": f"{many}; name those that you want with `only`"}]
    assert patched.json()["errors"] == [{"field": "", "message": f"{many}; set some of them first, then the others"}]
    assert few.json()["devices"] == {"V1": {"state": 0, "on": 0}, "V2": {"state": 0, "on": 0}}


@pytest.mark.parametrize("only", [("T1", "B", "V", "P1"), ("T1", "H1", "B"), ("H1", "T1", "Two", "One")])
def test_some_of_a_state_is_in_the_order_of_the_spec_whatever_was_asked_first(only: tuple[str, ...]) -> None:
    bench = on_memory(TWO)
    whole = bench.admin("GET", "state").json()

    some = bench.admin("GET", "state?" + "&".join(f"only={name}" for name in only)).json()

    for table in ("vessels", "pipes", "devices"):
        assert [*some[table].items()] == [(name, each) for name, each in whole[table].items() if name in only]


TWO = """
spec = "1.0"
[vessels]
One = { capacity = 50, volume = 40 }
Two = { capacity = 50, volume = 40 }
[pipes]
P1 = { source = "One", destination = "out", valves = ["B"] }
[devices]
T1 = { kind = "probe", vessel = "One" }
V = { kind = "valve" }
B = { kind = "valve" }
H1 = { kind = "heater", vessel = "One", power = 900 }
"""


def test_of_one_cell_no_other_entry_is_looked_at() -> None:
    rig = small.bench(TWO)
    rig.command("B", "turn_on")

    class Closed(dict[str, Any]):
        def __iter__(self) -> Any:
            raise AssertionError("all entries are gone through")

    object.__setattr__(rig.rigs.spec, "entries", Closed(rig.rigs.spec.entries))

    assert states.state(rig.rigs, DEFAULT, ["B", "One"])["devices"] == {"B": {"state": 1, "on": 1}}


class Counting(dict[str, Any]):
    """A mapping that counts how often somebody goes over all of it."""

    walks = 0

    def items(self) -> Any:
        self.walks += 1
        return super().items()


def test_what_is_set_is_not_gone_over_for_each_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting({f"V{number}": {"state": 1} for number in range(50)})
    rig = small.bench('spec = "1.0"\n[devices]\n' + "".join(f'V{number} = {{ kind = "valve" }}\n' for number in range(50)))

    def wanted(document: Mapping[str, Any]) -> Any:
        return counting

    monkeypatch.setattr(states, "wanted", wanted)
    states.set_state(rig.rigs, DEFAULT, {"devices": dict(counting)})

    assert rig.reading("V49", "state") == 1
    assert counting.walks <= 2


def test_for_each_cell_that_is_set_only_the_groups_that_look_at_it_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = "".join(f'open-{number} = {{ when = "V{number}.state" }}\n' for number in range(50))
    valves = "".join(f'V{number} = {{ kind = "valve" }}\n' for number in range(50))
    rig = small.bench(f'spec = "1.0"\n[devices]\n{valves}[hazards]\n{rules}')
    asked: list[tuple[str, ...]] = []

    def may_trim(transaction: Transaction, waiting: Collection[Group], row: RigRow) -> bool:
        asked.extend(group.cells for group in waiting)
        return True

    monkeypatch.setattr(drafts, "may_trim", may_trim)
    states.set_state(rig.rigs, DEFAULT, {"devices": {f"V{number}": {"state": 1} for number in range(50)}})

    assert rig.reading("V49", "state") == 1
    assert sorted(asked) == sorted((f"V{number}",) for number in range(50))
