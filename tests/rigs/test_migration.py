"""A changed spec: who keeps its state, who starts fresh, and what the log says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockbrew import plant
from mockbrew.devices import BUILT_IN
from mockbrew.devices.thermostat import Thermostat
from mockbrew.devices.valve import Valve
from mockbrew.errors import StillEvolving
from mockbrew.migration import migrate
from mockbrew.rigs import DEFAULT
from mockbrew.stores.base import CellRow
from tests.app.asking import Bench
from tests.rigs.changing import NEW_VALVE, change
from tests.rigs.small import Queue, Stopwatch

GATE = 'G = { kind = "gate", interface = "switch" }\n'


class Gate(Valve):
    """A kind of some distribution."""

    kind = "gate"


def test_devices_that_remain_keep_their_state_and_new_ones_start_fresh(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.get("/startA")
    bench.get("/startH")
    bench.wait(600)
    warm = float(bench.get("/getT"))

    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")

    assert [bench.get(f"/get{name}") for name in "ABHK"] == ["1", "0", "1", "0"]
    assert float(bench.get("/getT")) == warm > 30
    assert "rig 'default' goes on with a changed spec: 6 devices keep their state; fresh: K; gone: none" in caplog.text


def test_a_new_hot_vessel_starts_fresh_at_the_switch(bench: Bench) -> None:
    bench.get("/startA")
    bench.wait(36_000)

    change(bench, "[devices]\n", HOT)

    assert bench.get("/getT2") == "80.0"


HOT = """Hot = { capacity = 10, volume = 5, temperature = 80 }
[devices]
T2 = { kind = "probe", interface = "probe", vessel = "Hot" }
"""


class Failing(Thermostat):
    """A kind with a bug that shows when it acts."""

    kind = "failing"

    def act(self, state: Any, view: Any) -> Any:
        raise ZeroDivisionError


def test_a_cell_that_fails_holds_no_other_back_once_the_spec_is_changed(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.kinds = {**BUILT_IN, "failing": Failing}
    broken = 'D = { kind = "failing", interface = "pid", probe = "T", heaters = ["A"], setpoint = 10 }\n'
    change(bench, "[devices]\n", f"[devices]\n{broken}")
    bench.get("/startB")
    started = bench.store.transaction
    loaded = bench.store.load(DEFAULT, "Kettle")
    assert loaded is None or loaded.row is None
    with started() as transaction:  # as if the bug had come with an update of the kind while it ran
        rig = transaction.rig(DEFAULT)
        assert rig is not None
        cell = bench.app._served.rigs.plant.cell("Kettle")
        anchor = plant.initial(cell, 0)
        states = tuple(
            state._replace(on=1) if device.name == "D" else state for device, state in zip(cell.devices, anchor.states, strict=True)
        )
        transaction.put_cell(rig, "Kettle", CellRow(rig.events, rig.resets, 0, plant.encode(plant.Anchor(0, states))))
    assert bench.ask("/getT").status == 500

    change(bench, broken, "")

    assert (bench.get("/getB"), bench.get("/getT"), bench.get("/getA")) == ("1", "20.0", "0")
    assert "cell 'Kettle' can't be evolved under the spec before" in caplog.text
    assert bench.get("/getB") == "1"


def test_comments_and_white_space_change_nothing(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.get("/startA")

    change(bench, "[devices]\n", "[devices]  # all of them\n\n")

    assert bench.get("/getA") == "1"
    assert caplog.text == ""


def test_a_device_of_another_kind_starts_fresh(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.get("/startA")

    change(bench, 'A = { kind = "valve"', 'A = { kind = "pump"')

    assert bench.get("/getA") == "0"
    assert "fresh: A; gone: A" in caplog.text


def test_a_device_that_went_and_came_back_starts_fresh(bench: Bench) -> None:
    bench.get("/startA")
    line = 'A = { kind = "valve", interface = "switch" }\n'
    change(bench, line, "")
    assert bench.ask("/getA").status == 404
    bench.get("/getB")

    change(bench, "[devices]\n", f"[devices]\n{line}")

    assert bench.get("/getA") == "0"


def test_a_cell_that_nothing_has_moved_is_at_the_new_initial_state(bench: Bench) -> None:
    bench.get("/startA")

    change(bench, "[rig]\n", "[rig]\nambient = 12.5\n")

    assert bench.get("/getT") == "12.5"


def test_cells_that_a_new_device_joins_keep_both_states(bench: Bench) -> None:
    bench.get("/startH")
    bench.wait(600)
    warm = bench.get("/getT")
    bench.get("/startB")

    change(bench, 'B = { kind = "valve", interface = "switch" }\n', 'B = { kind = "valve", interface = "switch" }\n' + JOINER)

    assert (bench.get("/getB"), bench.get("/getH"), bench.get("/getT")) == ("1", "1", warm)


JOINER = 'D = { kind = "thermostat", probe = "T", heaters = ["B"], setpoint = 10 }\n'


def test_a_worker_that_was_not_restarted_follows_the_file(bench: Bench) -> None:
    bench.get("/startA")
    old = bench.app
    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")
    bench.get("/startK")

    bench.app = old
    assert bench.get("/getA") == "1"
    assert bench.get("/getK") == "1"


def test_a_worker_whose_file_is_broken_now_says_so_and_changes_nothing(bench: Bench) -> None:
    bench.get("/startA")
    old = bench.app
    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")
    bench.get("/getK")
    new = bench.app
    good, bench.text = bench.text, bench.text.replace("capacity", "capacitee")

    bench.app = old
    answer = bench.ask("/startB")

    assert answer.status == 503
    assert "unknown" in json.loads(answer.body)["detail"]
    bench.app, bench.text = new, good
    assert (bench.get("/getA"), bench.get("/getB")) == ("1", "0")


def test_a_kind_that_is_no_longer_installed_costs_only_its_own_cells_their_state(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.kinds = {**BUILT_IN, "gate": Gate}
    change(bench, "[devices]\n", f"[devices]\n{GATE}")
    bench.get("/startG")
    bench.get("/startH")
    bench.wait(600)
    warm = bench.get("/getT")

    bench.kinds = BUILT_IN
    change(bench, GATE, NEW_VALVE)

    assert (bench.get("/getK"), bench.get("/getH"), bench.get("/getT")) == ("0", "1", warm)
    assert "fresh: K; gone: G" in caplog.text


def test_the_log_of_a_cell_goes_on_behind_a_base_of_the_new_spec(bench: Bench) -> None:
    bench.get("/startA")
    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")
    bench.get("/startA")

    loaded = bench.store.load(DEFAULT, "A")
    assert loaded is not None
    events = list(bench.store.events(loaded.rig, "A"))
    assert [event.verb for event in events] == ["turn_on", "migrate", "turn_on"]
    assert events[0].spec != events[1].spec == bench.app.spec.digest


def test_a_rig_that_stood_still_migrates_at_its_horizon(bench: Bench) -> None:
    bench.get("/startA")
    bench.wait(40 * 86_400)

    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")

    assert (bench.get("/getA"), bench.get("/getK")) == ("1", "0")


@pytest.mark.parametrize("step", [0.0, 0.02])  # s: all is quick; under the lock there is time for one stride
def test_a_migration_that_waited_long_for_the_lock_lets_go_of_it_if_there_is_much_to_catch_up_with(bench: Bench, step: float) -> None:
    bench.get("/startC")
    bench.text = bench.text.replace("capacity = 50", "capacity = 60").replace("[devices]\n", f"[devices]\n{NEW_VALVE}")
    waiting = Queue(bench.store, bench.wait, [0, 600])

    migrate(waiting, DEFAULT, bench.read_spec(), BUILT_IN, stopwatch=Stopwatch(step))

    assert len(waiting.held) == (4 if step else 2)
    bench.restart()
    assert (bench.get("/getC"), bench.get("/getK")) == ("1", "0")
    assert 20 < float(bench.get("/getT")) < 60


def test_a_migration_that_never_finds_the_rest_short_is_refused_and_has_changed_nothing(bench: Bench) -> None:
    bench.get("/startC")
    before = bench.store.load(DEFAULT, "Kettle")
    waiting = Queue(bench.store, bench.wait, [0, 600] * 1000)
    bench.text = bench.text.replace("capacity = 50", "capacity = 60")

    with pytest.raises(StillEvolving):
        migrate(waiting, DEFAULT, bench.read_spec(), BUILT_IN, stopwatch=Stopwatch(0.02))

    after = bench.store.load(DEFAULT, "Kettle")
    assert before is not None
    assert after is not None
    assert len(waiting.held) > 2
    assert (after.rig, after.row) == (before.rig, before.row)
