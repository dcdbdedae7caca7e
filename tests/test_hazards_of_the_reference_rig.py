"""The rules that the reference rig ships with: what trips each of them, from when to when; and an ordinary brew day trips none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from mockbrew.clock import SECOND, nanoseconds
from mockbrew.conditions.names import readings_of
from mockbrew.files import load, read_text
from mockbrew.judgement import judge
from mockbrew.plant import Look
from mockbrew.replaying import past
from mockbrew.rigs import DEFAULT
from mockbrew.router import Router
from mockbrew.script import Order, parse
from mockbrew.settings import REFERENCE
from mockbrew.simulation import Rig, run
from tests.documents import ROOT
from tests.rigs.small import Bench, bench

SPEC = load(REFERENCE)
DAY = read_text(ROOT / "docs/brewday.toml")
TEXT = read_text(REFERENCE)

Told = dict[str, list[tuple[Any, Any]]]
"""Begins and ends of what was found, by rule, s."""


def verdict(rig: Bench) -> Told:
    told: Told = {}
    for each in judge(rig.rigs.plant, rig.store, rig.rigs.row(DEFAULT), rig.rigs.patience()).hazards:
        told.setdefault(each["rule"], []).append((each["begins"], each["ends"]))
    return told


def reference(text: str = TEXT) -> Bench:
    rig = bench(text)
    rig.look("Temp1")
    return rig


def do(rig: Bench, *words: str) -> None:
    """`B1` starts it, `-B1` stops it."""
    for word in words:
        name, verb = word.removeprefix("-"), "off" if word.startswith("-") else "on"
        controller = {"on": "start", "off": "stop"}[verb] if name.startswith("PID") else f"turn_{verb}"
        rig.command(name, controller)


def shown(rig: Bench, reading: str, at: float) -> Any:
    """What it was at an instant of the past (virtual s)."""
    variable = readings_of({name: entry.device for name, entry in SPEC.entries.items()}).resolve(reading)
    each, when = past(rig.store, rig.rigs.plant, rig.rigs.row(DEFAULT), "HotTank", rig.rigs.patience()), nanoseconds(at)
    stretch = each.opening(when, when)
    return Look(stretch.cell, stretch.anchor, when, "").reading(variable.device, variable.reading)


# -- an ordinary brew day ------------------------------------------------------------------------------------------


def orders() -> Iterator[tuple[int, Iterable[Order]]]:
    """The commands of the brew day of the documents, with their instants (virtual ns)."""
    for passed in run(Rig(SPEC), parse(DAY, "brewday.toml", SPEC, Router(SPEC)), 3600 * SECOND, lambda rig: None):
        yield passed.begins, passed.step.orders
    yield passed.ends, ()


@pytest.fixture(scope="module")
def day() -> Bench:
    rig, at = reference(), 0
    for begins, given in orders():
        rig.wait((begins - at) / SECOND)
        at = begins
        for order in given:
            assert order.device
            rig.command(order.device, order.verb, **order.arguments)
    return rig


def test_the_brew_day_is_the_whole_one(day: Bench) -> None:
    assert day.look("Temp1").at > 5 * 3600 * SECOND
    assert len(day.events("HotTank")) == DAY.count("/st") + DAY.count("/set")


@pytest.mark.parametrize("rule", SPEC.hazards)
def test_an_ordinary_brew_day_trips_no_rule(rule: str, day: Bench) -> None:
    assert verdict(day).get(rule, []) == []


@pytest.mark.parametrize("controllers", [("PID1",), ("PID2",), ("PID3",), ("PID1", "PID3"), ("PID2", "PID3")])
def test_controllers_that_heat_with_all_valves_shut_trip_no_rule(controllers: tuple[str, ...]) -> None:
    rig = reference()
    do(rig, *controllers)
    rig.wait(3600)
    do(rig, *(f"-{name}" for name in controllers))
    rig.wait(600)

    assert verdict(rig) == {}


def test_two_controllers_that_hold_their_temperatures_take_turns_enough_at_the_gas() -> None:
    rig = reference(
        TEXT.replace("volume = 40,", "volume = 40, temperature = 77.9,").replace(
            "volume = 15, loss = 9.0, wall = 4.0 }", "volume = 15, temperature = 49.9, loss = 9.0, wall = 4.0 }"
        )
    )
    do(rig, "PID1", "PID2")
    rig.wait(7200)

    assert verdict(rig) == {}


# -- what trips each -----------------------------------------------------------------------------------------------


def test_a_burner_under_an_empty_hot_tank_is_dry_fire() -> None:
    rig = reference()
    do(rig, "B", "C", "P1")  # 40 L, at 10 L/min: 5 L are left after 210 s, of what overflows the mash tun the rest
    rig.wait(180)
    do(rig, "B1")
    rig.wait(50)
    do(rig, "-B1", "-P1")
    rig.wait(60)

    ((begins, ends),) = verdict(rig)["dry-fire-hot-tank"]

    assert (begins, ends) == (pytest.approx(210, abs=1e-6), 230.0)
    assert shown(rig, "HotTank.volume", begins - 1e-9) >= 5 > shown(rig, "HotTank.volume", begins)


def test_a_burner_under_an_empty_kettle_is_dry_fire() -> None:
    rig = reference()
    do(rig, "E", "G", "P2")
    rig.wait(70)
    do(rig, "B2")
    rig.wait(0.001)
    do(rig, "-B2", "-P2")

    assert verdict(rig) == {"dry-fire-kettle": [(70.0, 70.001)]}


def test_an_element_in_an_empty_mash_tun_is_dry_fire() -> None:
    rig = reference()
    do(rig, "H", "J", "P3", "R1")
    rig.wait(65)
    do(rig, "-P3")
    rig.wait(10)
    do(rig, "-R1")

    ((begins, ends),) = verdict(rig)["dry-fire-mash-tun"]

    assert (begins, ends) == (pytest.approx(60, abs=1e-6), 75.0)
    assert shown(rig, "Mashtun.volume", begins - 1e-9) >= 5 > shown(rig, "Mashtun.volume", begins)


def test_a_kettle_that_boils_without_headroom_boils_over() -> None:
    rig = reference(TEXT.replace("Ebu     = { capacity = 50, volume = 15,", "Ebu     = { capacity = 50, volume = 46, temperature = 99,"))
    do(rig, "B2")
    rig.wait(4000)
    do(rig, "-B2")
    rig.wait(60)

    ((begins, ends),) = verdict(rig)["boil-over"]

    assert (shown(rig, "Ebu.boiling", begins - 1e-9), shown(rig, "Ebu.boiling", begins)) == (0, 1)
    assert shown(rig, "Ebu.volume", ends - 1e-9) > 45 >= shown(rig, "Ebu.volume", ends)
    assert 0 < begins < ends < 4000


def test_mains_water_into_a_full_hot_tank_overflows() -> None:
    rig = reference()
    do(rig, "A")
    rig.wait(90)  # it is full after 60 s
    do(rig, "-A")

    assert verdict(rig) == {"overflow-hot-tank": [(pytest.approx(60, abs=1e-6), 90.0)]}


def test_sparge_water_into_a_full_mash_tun_overflows() -> None:
    rig = reference()
    do(rig, "B", "C", "P1")
    rig.wait(155)  # 25 L more: full after 150 s
    do(rig, "-P1", "-C", "-B")

    assert verdict(rig) == {"overflow-mash-tun": [(pytest.approx(150, abs=1e-6), 155.0)]}


def test_wort_into_a_full_kettle_overflows() -> None:
    rig = reference(TEXT.replace("Ebu     = { capacity = 50, volume = 15,", "Ebu     = { capacity = 50, volume = 40,"))
    do(rig, "H", "J", "P3")
    rig.wait(61)
    do(rig, "-P3")

    assert verdict(rig) == {"overflow-kettle": [(pytest.approx(60, abs=1e-6), 61.0)]}


@pytest.mark.parametrize(
    ("path", "empty", "rule"),
    [
        (("B", "C", "P1"), 240, "dry-pump-hot-tank"),
        (("E", "G", "P2"), 90, "dry-pump-kettle"),
        (("H", "J", "P3"), 90, "dry-pump-mash-tun"),
    ],
)
@pytest.mark.parametrize(("seconds", "trips"), [(9.99, False), (10.01, True)])
def test_a_pump_whose_vessel_is_empty_runs_dry(path: tuple[str, ...], empty: float, rule: str, seconds: float, trips: bool) -> None:  # noqa: FBT001 - a row
    rig = reference()
    do(rig, *path)
    rig.wait(empty + seconds)
    do(rig, f"-{path[-1]}")
    rig.wait(60)

    assert verdict(rig).get(rule, []) == ([(pytest.approx(empty, abs=1e-6), empty + seconds)] if trips else [])


@pytest.mark.parametrize(
    ("pump", "open_ones", "rule"),
    [
        ("P1", ("C", "D"), "dead-head-hot-tank"),
        ("P2", ("E",), "dead-head-kettle"),
        ("P3", ("I", "J"), "dead-head-mash-tun"),
    ],
)
@pytest.mark.parametrize(("seconds", "trips"), [(29.999, False), (30, True)])
def test_a_pump_against_shut_valves_is_dead_headed(pump: str, open_ones: tuple[str, ...], rule: str, seconds: float, trips: bool) -> None:  # noqa: FBT001 - a row
    rig = reference()
    do(rig, *open_ones)
    rig.wait(5)
    do(rig, pump)
    rig.wait(seconds)
    do(rig, f"-{pump}")

    assert verdict(rig) == ({rule: [(5.0, 5.0 + seconds)]} if trips else {})


def test_a_mash_that_is_recirculated_too_hot_scalds() -> None:
    rig = reference(
        TEXT.replace("volume = 15, loss = 9.0, wall = 4.0, grain = 5", "volume = 15, temperature = 79, loss = 9.0, wall = 4.0, grain = 5")
    )
    do(rig, "H", "I", "P3", "R1")
    rig.wait(60)
    do(rig, "-R1", "-P3")
    rig.wait(60)

    ((begins, ends),) = verdict(rig)["scalding-recirculation"]

    assert ends == 60.0
    assert shown(rig, "Mashtun.temperature", begins - 1e-9) <= 80 < shown(rig, "Mashtun.temperature", begins)


@pytest.mark.parametrize(("seconds", "trips"), [(59.999, False), (60, True)])
def test_both_burners_for_a_minute_take_more_gas_than_there_is(seconds: float, trips: bool) -> None:  # noqa: FBT001 - a row
    rig = reference()
    do(rig, "B1")
    rig.wait(100)
    do(rig, "B2")
    rig.wait(seconds)
    do(rig, "-B2")

    assert verdict(rig) == ({"gas-limit": [(100.0, 100.0 + seconds)]} if trips else {})


def test_every_rule_is_told_in_words_and_none_refuses() -> None:
    assert [name for name, rule in SPEC.hazards.items() if rule.refuse or not rule.title] == []
    assert {rule.severity for rule in SPEC.hazards.values()} == {"warning", "danger"}
