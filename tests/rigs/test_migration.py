"""A changed spec: who keeps its state, who starts fresh, and what the log says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
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
from tests.app.asking import Bench, on_file, on_memory
from tests.rigs.small import Queue, Stopwatch

RIG = """
spec = "1.0"
[rig]
title = "Bouilloire"
[interfaces.switch]
get = { url = "/get{id}", reply = "{state}" }
start = { url = "/start{id}", verb = "turn_on", reply = "{state}" }
[interfaces.probe]
get = { url = "/get{id}", reply = "{temperature}" }
[interfaces.pid]
get = { url = "/get{id}", reply = "{state}" }
start = { url = "/start{id}", verb = "start", reply = "{state}" }
[vessels]
Kettle = { capacity = 50, volume = 40 }
[devices]
A = { kind = "valve", interface = "switch" }
B = { kind = "valve", interface = "switch" }
H = { kind = "heater", interface = "switch", vessel = "Kettle", power = 5500 }
T = { kind = "probe", interface = "probe", vessel = "Kettle" }
C = { kind = "pid", interface = "pid", probe = "T", heaters = ["H"], setpoint = 60 }
"""
NEW_VALVE = 'K = { kind = "valve", interface = "switch" }\n'
GATE = 'G = { kind = "gate", interface = "switch" }\n'


class Gate(Valve):
    """A kind of some distribution."""

    kind = "gate"


@pytest.fixture(params=["memory", "file"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = on_file(tmp_path, RIG) if request.param == "file" else on_memory(RIG)
    yield made
    made.store.close()


def change(bench: Bench, old: str, new: str) -> None:
    """Edit the file and start anew."""
    assert old in bench.text
    bench.text = bench.text.replace(old, new, 1)
    bench.restart()


def test_devices_that_remain_keep_their_state_and_new_ones_start_fresh(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.get("/startA")
    bench.get("/startH")
    bench.wait(600)
    warm = float(bench.get("/getT"))

    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")

    assert [bench.get(f"/get{name}") for name in "ABHK"] == ["1", "0", "1", "0"]
    assert float(bench.get("/getT")) == warm > 30
    assert "rig 'default' goes on with a changed spec: 6 devices keep their state; fresh: K; gone: none" in caplog.text


def test_the_plant_goes_on_under_the_new_spec_from_where_the_old_one_left_it(bench: Bench) -> None:
    bench.get("/startH")
    bench.wait(600)
    warm = float(bench.get("/getT"))
    change(bench, "power = 5500", "power = 0")
    bench.get("/getT")
    bench.wait(1000)

    assert bench.get("/getH") == "1"
    assert 25 < float(bench.get("/getT")) < warm + 1


def test_a_running_controller_keeps_its_samples(bench: Bench) -> None:
    bench.get("/startC")
    bench.wait(603)

    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")

    assert (bench.get("/getC"), bench.get("/getH")) == ("1", "1")
    bench.wait(7200)
    assert float(bench.get("/getT")) == pytest.approx(60, abs=0.2)


@pytest.mark.parametrize("option", ["sample = 2", "sample = 60", "window = 7", "window = 45", "kp = 0.4", "minimum_on = 1"])
def test_a_running_controller_counts_anew_with_changed_options(bench: Bench, option: str) -> None:
    bench.get("/startC")
    bench.wait(3603)

    change(bench, "setpoint = 60", f"setpoint = 60, {option}")

    assert bench.get("/getC") == "1"
    bench.wait(7200)
    assert float(bench.get("/getT")) == pytest.approx(60, abs=0.5)


def test_a_setpoint_stays_within_the_limits_of_the_changed_spec(bench: Bench) -> None:
    bench.get("/startC")
    bench.wait(603)
    change(bench, "setpoint = 60", "setpoint = 40, highest = 45")
    bench.get("/getC")
    bench.wait(36_000)

    assert float(bench.get("/getT")) < 46


def test_a_boil_goes_on_at_the_changed_boiling_point_or_waits_for_it(bench: Bench) -> None:
    bench.get("/startH")
    bench.wait(7200)
    assert bench.get("/getT") == "100.0"

    change(bench, "[rig]\n", "[rig]\nboiling_point = 95\n")
    bench.get("/getT")
    bench.wait(600)
    assert float(bench.get("/getT")) == pytest.approx(95, abs=1e-6)
    change(bench, "boiling_point = 95", "boiling_point = 105")
    bench.get("/getT")
    bench.wait(60)

    assert 95 < float(bench.get("/getT")) < 105
    bench.wait(3600)
    assert float(bench.get("/getT")) == pytest.approx(105, abs=1e-6)


def test_a_probe_that_no_longer_samples_moves_again(bench: Bench) -> None:
    change(bench, 'vessel = "Kettle" }\nC', 'vessel = "Kettle", resolution = 0.5 }\nC')
    bench.get("/startH")
    bench.wait(60)
    stepped = float(bench.get("/getT"))

    change(bench, ", resolution = 0.5", "")
    smooth = float(bench.get("/getT"))
    bench.wait(60)

    assert stepped % 0.5 == 0 != smooth % 0.5
    assert float(bench.get("/getT")) > smooth + 1


def test_a_vessel_that_is_smaller_now_holds_no_more_than_it_can(bench: Bench) -> None:
    bench.get("/startH")
    bench.wait(60)
    change(bench, "capacity = 50, volume = 40", "capacity = 20, volume = 10")
    bench.get("/getT")
    at = float(bench.get("/getT"))
    bench.wait(600)

    rise = float(bench.get("/getT")) - at
    assert rise == pytest.approx(5500 * 600 / (20 * 4186 + 4000), rel=0.1)


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


def test_a_hot_vessel_that_cooled_without_any_command_keeps_its_temperature(bench: Bench) -> None:
    change(bench, "volume = 40", "volume = 40, temperature = 80")
    bench.get("/startA")
    bench.wait(3600)
    cooled = bench.get("/getT")

    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")

    assert bench.get("/getT") == cooled
    assert float(cooled) < 80


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
    bench.text = bench.text.replace("[devices]\n", f"[devices]\n{NEW_VALVE}")
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
    bench.text = bench.text.replace("[devices]\n", f"[devices]\n{NEW_VALVE}")

    with pytest.raises(StillEvolving):
        migrate(waiting, DEFAULT, bench.read_spec(), BUILT_IN, stopwatch=Stopwatch(0.02))

    after = bench.store.load(DEFAULT, "Kettle")
    assert before is not None
    assert after is not None
    assert len(waiting.held) > 2
    assert (after.rig, after.row) == (before.rig, before.row)
