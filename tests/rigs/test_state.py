"""Conditions: all that a rig shows at one instant, and what is set from outside in one step."""

from __future__ import annotations

import pytest

from mockbrew import journal
from mockbrew.errors import NoSuchRig
from mockbrew.rigs import DEFAULT
from mockbrew.testbench import state as states
from mockbrew.testbench.state import set_state, state
from tests.rigs.small import Bench


def told(rig: Bench, document: dict[str, object]) -> list[str]:
    """What is wrong with it, as `path: message`."""
    return [f"{'.'.join(map(str, finding.path))}: {finding.message}" for finding in set_state(rig.rigs, DEFAULT, document)]


def test_every_reading_of_every_entry_is_of_one_instant(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(600)

    shown = state(rig.rigs, DEFAULT)

    assert (shown["rig"], shown["time"]) == ("default", 600.0)
    assert shown["devices"]["T"]["temperature"] == rig.reading("T", "temperature")
    assert shown["vessels"]["Kettle"] == {
        name: rig.reading("Kettle", name) for name in ("temperature", "volume", "boiling", "empty", "full")
    }
    assert list(shown["devices"]) == ["A", "H", "T", "P", "C"]


def test_a_few_names_show_these_only(rig: Bench) -> None:
    rig.look()

    shown = state(rig.rigs, DEFAULT, ["A"])

    assert (shown["vessels"], list(shown["devices"])) == ({}, ["A"])


def test_a_rig_that_nobody_made_has_no_state(rig: Bench) -> None:
    with pytest.raises(NoSuchRig):
        state(rig.rigs, "team-a")


def test_a_vessel_that_is_set_takes_its_probe_along_as_if_it_had_always_been_so(rig: Bench) -> None:
    rig.look()
    rig.wait(60)

    assert not set_state(rig.rigs, DEFAULT, {"vessels": {"Kettle": {"temperature": 65, "volume": 20}}})

    assert (rig.reading("Kettle", "temperature"), rig.reading("Kettle", "volume"), rig.reading("T", "temperature")) == (65.0, 20.0, 65.0)
    rig.wait(600)
    assert 60.0 < float(str(rig.reading("T", "temperature"))) < 65.0


def test_devices_are_switched_and_controllers_act_at_once(rig: Bench) -> None:
    rig.look()

    assert not set_state(rig.rigs, DEFAULT, {"devices": {"A": {"state": 1}, "C": {"state": 1, "setpoint": 70.5}}})

    assert (rig.reading("A", "state"), rig.reading("C", "setpoint"), rig.reading("H", "state")) == (1, 70.5, 1)


def test_cells_that_are_set_together_are_one_event_of_the_rig(rig: Bench) -> None:
    rig.look()

    set_state(rig.rigs, DEFAULT, {"vessels": {"Kettle": {"temperature": 65}}, "devices": {"A": {"state": 1}}})

    loaded = rig.store.load(DEFAULT, "A")
    assert loaded is not None
    assert loaded.rig.events == 1
    assert [(event.verb, event.base is not None) for cell in ("A", "Kettle") for event in rig.events(cell)] == [("patch", True)] * 2


def test_every_mistake_is_told_and_nothing_is_changed(rig: Bench) -> None:
    rig.command("A", "turn_on")
    before = rig.store.load(DEFAULT, "A")

    mistakes = told(
        rig,
        {
            "vessels": {"Kettle": {"temperature": 101, "volume": 60, "boiling": 1}, "Kettel": {"volume": 1}},
            "devices": {"A": {"state": 2}, "C": {"setpoint": 111}, "T": {"temperature": 5}},
            "pumps": {},
        },
    )

    assert sorted(mistakes) == [
        "devices.A.state: 2 is out of range; it must be an integer from 0 to 1",
        "devices.C.setpoint: 111 is out of range; it must be a number from 0 to 110",
        "devices.T.temperature: unknown field 'temperature'; none is known",
        "pumps: unknown field 'pumps'; known: devices, pipes, vessels (did you mean 'pipes'?)",
        "vessels.Kettel: unknown field 'Kettel'; known: Kettle (did you mean 'Kettle'?)",
        "vessels.Kettle.boiling: unknown field 'boiling'; known: temperature, volume",
        "vessels.Kettle.temperature: 101 is out of range; it must be a number from 0 to 100 degC",
        "vessels.Kettle.volume: 60 is out of range; it must be a number from 0 to 50 L",
    ]
    assert rig.store.load(DEFAULT, "A") == before
    assert rig.reading("Kettle", "temperature") == 20.0


def test_what_is_set_at_the_boiling_point_boils_when_it_is_heated_and_not_before(rig: Bench) -> None:
    rig.look()

    set_state(rig.rigs, DEFAULT, {"vessels": {"Kettle": {"temperature": 100}}})
    calm = rig.reading("Kettle", "boiling")
    rig.command("H", "turn_on")

    assert (calm, rig.reading("Kettle", "boiling")) == (0, 1)


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        ({}, [""]),
        ({"vessels": {}}, ["vessels"]),
        ({"vessels": {"Kettle": {}}, "devices": {"A": {}}}, ["vessels.Kettle", "devices.A"]),
        ({"vessels": {"Kettle": {"volume": 30}}, "devices": {"A": {}}}, ["devices.A"]),
    ],
)
def test_who_sets_nothing_somewhere_is_told_so_and_nothing_happens(rig: Bench, document: dict[str, object], fields: list[str]) -> None:
    rig.command("A", "turn_on")
    before = rig.store.load(DEFAULT, "A")

    nothing = 'nothing is set; give readings of vessels or devices, such as {"vessels": {"Mashtun": {"temperature": 65}}}'
    assert told(rig, document) == [f"{field}: {nothing}" for field in fields]

    assert rig.store.load(DEFAULT, "A") == before


def last_entry(rig: Bench) -> dict[str, object]:
    row = rig.rigs.row(DEFAULT)
    return journal.shown(row, list(journal.entries(rig.store, row))[-1])


def test_the_journal_tells_what_a_patch_changed(rig: Bench) -> None:
    rig.command("A", "turn_on")

    set_state(rig.rigs, DEFAULT, {"devices": {"A": {"state": 0}, "H": {"state": 1}, "P": {"state": 0}}})

    assert last_entry(rig)["changes"] == {"A": {"state": [1, 0]}, "H": {"state": [0, 1]}}


def test_of_a_patch_of_many_cells_the_journal_tells_no_more_than_what_was_asked(rig: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(states, "TOLD", 1)

    set_state(rig.rigs, DEFAULT, {"devices": {"A": {"state": 1}, "H": {"state": 1}}})

    entry = last_entry(rig)
    assert (entry["cut"], "changes" in entry, entry["arguments"]) == (True, False, {"devices": {"A": {"state": 1}, "H": {"state": 1}}})
