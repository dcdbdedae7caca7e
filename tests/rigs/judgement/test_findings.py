"""What is found: rules that were broken, from the log, with begin, end and command."""

from __future__ import annotations

from typing import Any

from mockbrew import hearings
from mockbrew.clock import nanoseconds
from mockbrew.plant import Look
from mockbrew.replaying import past
from mockbrew.rigs import DEFAULT
from tests.rigs.judgement.ruled import found, verdict
from tests.rigs.small import KETTLE, Bench, bench


def test_a_hazard_shorter_than_any_polling_interval_is_found_with_its_exact_begin_and_end(rig: Bench) -> None:
    rig.wait(12.345678901)
    rig.command("A", "turn_on")
    rig.wait(0.000123456)
    rig.command("A", "turn_off")
    rig.wait(1000)

    assert found(rig) == [("open", 12.345678901, 12.345802357)]


def test_what_is_opened_and_shut_at_one_instant_is_found_too(rig: Bench) -> None:
    rig.wait(10)
    rig.command("A", "turn_on")
    rig.command("A", "turn_off")

    assert found(rig) == [("open", 10.0, 10.0)]
    rig.wait(10)
    assert found(rig) == [("open", 10.0, 10.0)]


def test_what_lasts_has_no_end_yet_and_is_told_at_the_very_instant_at_which_it_begins(rig: Bench) -> None:
    rig.wait(10)
    rig.command("A", "turn_on")

    assert found(rig) == [("open", 10.0, None)]
    assert found(rig) == [("open", 10.0, None)]
    rig.wait(5)
    assert found(rig) == [("open", 10.0, None)]
    rig.command("A", "turn_off")
    assert found(rig) == [("open", 10.0, 15.0)]


def test_what_begins_by_itself_is_found_to_the_nanosecond_though_nobody_looked(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(2000)
    rig.command("H", "turn_off")
    rig.wait(50_000)

    (begins, ends) = next((begins, ends) for _, begins, ends in found(rig, "warm"))

    assert 0 < begins < 2000 < ends < 52_000
    for at, warm in ((begins, True), (begins - 1e-9, False), (ends - 1e-9, True), (ends, False)):
        assert (temperature(rig, at) >= 30) == warm


def temperature(rig: Bench, at: float) -> float:
    """Of the kettle, at some instant of the past (virtual s)."""
    each = past(rig.store, rig.rigs.plant, rig.rigs.row(DEFAULT), "Kettle", rig.rigs.patience())
    stretch = each.opening(nanoseconds(at), nanoseconds(at))
    shown: Any = Look(stretch.cell, stretch.anchor, nanoseconds(at), "").reading("Kettle", "temperature")
    return float(shown)


def test_what_does_not_last_as_long_as_its_rule_asks_for_does_not_count(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(2000)
    (begins, _) = next((begins, ends) for _, begins, ends in found(rig, "warm"))
    rig.rigs.reset(DEFAULT, lambda: b"")
    assert found(rig, "slow") == [("slow", begins, 2000.0)]

    rig.command("H", "turn_on")
    rig.wait(begins + 99)
    assert len(found(rig, "slow")) == 1
    rig.wait(1)
    assert found(rig, "slow")[1:] == [("slow", 2000 + begins, None)]


def test_a_rule_on_two_cells_looks_at_both(rig: Bench) -> None:
    rig.wait(1)
    rig.command("A", "turn_on")
    rig.wait(1)
    rig.command("H", "turn_on")
    rig.wait(1)
    rig.command("A", "turn_off")
    rig.command("A", "turn_on")
    rig.wait(1)
    rig.command("H", "turn_off")
    rig.wait(1)

    assert found(rig, "both") == [("both", 2.0, 3.0), ("both", 3.0, 4.0)]


def test_each_hazard_says_after_which_command_it_began(rig: Bench) -> None:
    rig.wait(1)
    rig.command("H", "turn_on")
    rig.wait(2)
    rig.command("A", "turn_on")
    rig.wait(1000)

    told = {each["rule"]: each for each in verdict(rig).hazards}

    assert told["warm"] == {
        "rule": "warm",
        "title": "warm water",
        "severity": "warning",
        "when": "Kettle.temperature >= 30",
        "run": 1,
        "begins": told["warm"]["begins"],
        "ends": None,
        "after": {"event": 1, "device": "H", "verb": "turn_on", "arguments": {}, "time": 1.0},
    }
    assert told["open"]["after"] == told["both"]["after"] == {"event": 2, "device": "A", "verb": "turn_on", "arguments": {}, "time": 3.0}
    assert told["open"]["severity"] == "danger"


def test_a_hazard_of_the_initial_state_is_after_nothing() -> None:
    rig = bench(KETTLE + '[hazards]\nfull = { when = "Kettle.volume > 39" }')
    rig.look()
    rig.wait(5)

    (told,) = verdict(rig).hazards

    assert (told["begins"], told["ends"], told["after"]) == (0.0, None, None)


def test_a_reset_ends_what_it_puts_right(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.wait(5)
    rig.rigs.reset(DEFAULT, lambda: b"")
    rig.wait(5)

    assert found(rig) == [("open", 0.0, 5.0)]


def test_a_rig_without_rules_has_no_hazards() -> None:
    rig = bench()
    rig.command("A", "turn_on")

    assert verdict(rig).hazards == []
    assert rig.store.notes(rig.rigs.row(DEFAULT), hearings.JUDGED) == {}
