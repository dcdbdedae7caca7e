"""Provider states: what verifiers of Pact send puts the rig into the state that they name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.app.asking import Bench, on_memory

PATH = "provider-states"
WARM = {"vessels": {"Mashtun": {"temperature": 65, "volume": 20}}, "devices": {"H": {"state": 1}}}


@pytest.fixture
def bench() -> Bench:
    """With something to undo: a setpoint, an open valve, and a clock that stands."""
    bench = on_memory()
    bench.admin("PUT", "clock", {"rate": 0, "time": 60})
    bench.get("/setCible3_70.py")
    bench.get("/startA.py")
    return bench


def state(bench: Bench, rig: str = "default") -> Any:
    return bench.admin("GET", "state", rig=rig).json()


def test_a_state_is_set_up_from_its_parameters_after_a_reset(bench: Bench) -> None:
    answer = bench.admin("POST", PATH, {"action": "setup", "state": "the mash is warm", "params": WARM})

    assert (answer.status, answer.json()) == (200, {"rig": "default", "action": "setup", "state": "the mash is warm"})
    shown = state(bench)
    assert shown["vessels"]["Mashtun"]["temperature"] == shown["devices"]["Temp3"]["temperature"] == 65
    assert (shown["vessels"]["Mashtun"]["volume"], shown["devices"]["H"]["state"]) == (20, 1)
    assert (shown["devices"]["A"]["state"], shown["devices"]["PID3"]["setpoint"]) == (0, 50)
    assert bench.admin("GET", "clock").json()["time"] == 60


@pytest.mark.parametrize(
    "body", [{}, {"state": "fresh"}, {"state": None, "params": None}, {"params": {}}, {"params": {"vessels": {}}}, None]
)
def test_without_parameters_it_is_as_after_a_reset(bench: Bench, body: Any) -> None:
    assert bench.admin("POST", PATH, body).status == 200

    assert (state(bench)["devices"]["A"]["state"], state(bench)["devices"]["PID3"]["setpoint"]) == (0, 50)


def test_the_form_of_older_verifiers_is_taken_too(bench: Bench) -> None:
    answer = bench.admin("POST", PATH, {"consumer": "touch", "state": "H is open", "states": ["H is open"], "params": WARM})

    assert (answer.status, answer.json()["state"]) == (200, "H is open")
    assert state(bench)["devices"]["H"]["state"] == 1


def test_what_is_named_and_not_set_is_as_after_a_reset(bench: Bench) -> None:
    bench.admin("POST", PATH, {"state": "the mash is warm", "params": {**WARM, "vessels": {}}})

    answer = bench.admin("POST", PATH, {"state": "H is off", "params": {"devices": {"H": {}}}})

    assert answer.status == 200
    assert state(bench)["devices"]["H"]["state"] == 0


def test_a_teardown_with_mistakes_is_refused_too(bench: Bench) -> None:
    before = state(bench)

    answer = bench.admin("POST", PATH, {"action": "teardown", "params": {"devices": {"H": {"colour": 1}}}})

    assert (answer.status, answer.json()["errors"][0]["field"]) == (400, "params.devices.H.colour")
    assert state(bench) == before


def test_a_teardown_changes_nothing(bench: Bench) -> None:
    before = state(bench)

    answer = bench.admin("POST", PATH, {"action": "teardown", "state": "the mash is warm", "params": WARM})

    assert (answer.status, answer.json()["action"]) == (200, "teardown")
    assert state(bench) == before


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        (
            {"params": {"devices": {"H": {"state": 2}}}},
            "params.devices.H.state",
            "2 is out of range; it must be an integer from 0 to 1",
        ),
        (
            {"params": {"vessels": {"Mash": {"temperature": 65}}}},
            "params.vessels.Mash",
            "unknown field 'Mash'; known: Ebu, HotTank, Mashtun (did you mean 'Mashtun'?)",
        ),
        ({"params": {"mash": 65}}, "params.mash", "unknown field 'mash'; known: devices, pipes, vessels"),
        ({"state": 7}, "state", "7 is a number; it must be a text or null"),
        ({"action": "set up"}, "action", "unknown word 'set up'; it must be one of setup, teardown (did you mean 'setup'?)"),
        ({"given": "x"}, "given", "unknown field 'given'; known: action, consumer, params, state, states"),
    ],
)
def test_what_it_can_not_be_is_refused_whole(bench: Bench, body: Any, field: str, message: str) -> None:
    before = state(bench)

    answer = bench.admin("POST", PATH, body)

    assert (answer.status, answer.json()["errors"]) == (400, [{"field": field, "message": message}])
    assert state(bench) == before


def test_it_speaks_of_the_rig_of_its_prefix_and_makes_it(bench: Bench) -> None:
    before = state(bench)

    assert bench.admin("POST", PATH, {"state": "warm", "params": WARM}, rig="pact").json()["rig"] == "pact"

    assert state(bench, "pact")["devices"]["H"]["state"] == 1
    assert state(bench) == before


def test_the_journal_tells_what_was_done(bench: Bench) -> None:
    bench.admin("POST", PATH, {"state": "warm", "params": WARM})

    entries = bench.admin("GET", "journal?limit=2").json()["entries"]

    assert [(entry["verb"], entry["url"]) for entry in entries] == [
        ("reset", "/__admin/provider-states"),
        ("patch", "/__admin/provider-states"),
    ]
    assert entries[1]["arguments"] == WARM
