"""What somebody may ask of a fault, and each mistake in it."""

from __future__ import annotations

from typing import Any

import pytest

from mockbrew.clock import SECOND
from mockbrew.devices.base import Device
from mockbrew.devices.heater import Heater
from mockbrew.devices.level import Level
from mockbrew.devices.probe import Probe
from mockbrew.devices.valve import Valve
from mockbrew.faults.devices import Fault, check, draw, made, seeded

VALVE: Device = Valve(name="A")


def wrong(device: Device = VALVE, now: int = 0, **document: Any) -> list[tuple[str, str]]:
    """What is wrong with a fault; `from_` stands for the word that Python keeps for itself."""
    said = {name.rstrip("_"): value for name, value in document.items()}
    return list(check({"device": device.name, **said}, device, now))


@pytest.mark.parametrize(
    "document",
    [
        {"fault": "stuck"},
        {"fault": "slow", "seconds": 2},
        {"fault": "ignores", "every": 3, "probability": 0.5, "count": 1, "seed": -4, "name": "lazy"},
        {"fault": "stuck_on", "from_": 10, "until": 10.5, "probability": 0, "count": 1_000_000},
    ],
)
def test_nothing_is_wrong_with_a_fault_that_can_be_made(document: dict[str, Any]) -> None:
    assert wrong(**document) == []


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (
            {"fault": "stuk"},
            ("fault", "unknown fault 'stuk' of A, a valve; known: ignores, slow, stuck, stuck_off, stuck_on (did you mean 'stuck'?)"),
        ),
        ({}, ("fault", "unknown fault '' of A, a valve; known: ignores, slow, stuck, stuck_off, stuck_on")),
        ({"fault": "slow"}, ("seconds", "missing; 'slow' needs a number from 0.001 to 86400 s")),
        ({"fault": "slow", "seconds": 0}, ("seconds", "0 is refused; give a number from 0.001 to 86400 s")),
        ({"fault": "slow", "seconds": True}, ("seconds", "True is refused; give a number from 0.001 to 86400 s")),
        ({"fault": "slow", "seconds": float("nan")}, ("seconds", "nan is refused; give a number from 0.001 to 86400 s")),
        ({"fault": "ignores", "every": 2.5}, ("every", "2.5 is refused; give an integer from 1 to 1000000")),
        (
            {"fault": "slow", "seconds": 1, "secnds": 2},
            (
                "secnds",
                (
                    "unknown field 'secnds' of a fault 'slow'; known: count, device, fault, from, name, probability, seconds, seed, until "
                    "(did you mean 'seconds'?)"
                ),
            ),
        ),
        ({"fault": "stuck", "probability": 1.5}, ("probability", "1.5 is refused; give a number from 0 to 1")),
        ({"fault": "stuck", "count": 0}, ("count", "0 is refused; give an integer from 1 to 1000000, or leave it out")),
        ({"fault": "stuck", "count": 1.5}, ("count", "1.5 is refused; give an integer from 1 to 1000000, or leave it out")),
        ({"fault": "stuck", "seed": 1e300}, ("seed", "1e+300 is refused; give an integer, or leave it out: then it is the rig's")),
        ({"fault": "stuck", "seed": "x"}, ("seed", "'x' is refused; give an integer, or leave it out: then it is the rig's")),
        ({"fault": "stuck", "from_": 9}, ("from", "9 s is over; it is 10.0 s now, give that or later")),
        ({"fault": "stuck", "from_": "noon"}, ("from", "'noon' is refused; give virtual seconds from 0 to 1000000000")),
        (
            {"fault": "stuck", "from_": 20, "until": 20},
            ("until", "20 s is not after its beginning, 20.0 s; give a later time, or leave it out"),
        ),
        ({"fault": "stuck", "until": 5}, ("until", "5 s is not after its beginning, 10.0 s; give a later time, or leave it out")),
    ],
)
def test_each_mistake_is_told_at_its_field(document: dict[str, Any], found: tuple[str, str]) -> None:
    assert wrong(now=10 * SECOND, **document) == [found]


def test_all_mistakes_are_told() -> None:
    fields = [field for field, _ in wrong(fault="slow", seconds=-1, probability=2, count=0, seed=None, until=-1, colour="red")]

    assert fields == ["until", "probability", "count", "seed", "colour", "seconds"]


def test_a_kind_that_knows_no_failures_says_so() -> None:
    assert wrong(Level(name="L", vessel="V"), fault="stuck") == [("fault", "L is a level, a kind without failures; name another device")]


@pytest.mark.parametrize(
    ("device", "sorts"),
    [
        (VALVE, ["ignores", "slow", "stuck", "stuck_off", "stuck_on"]),
        (Heater(name="H", vessel="V", power=1), ["ignores", "no_ignition", "slow", "stuck", "stuck_off", "stuck_on", "weak"]),
        (Probe(name="T", vessel="V"), ["drift", "frozen", "noise", "offset", "open_circuit", "slow"]),
    ],
)
def test_each_kind_fails_in_its_own_ways(device: Device, sorts: list[str]) -> None:
    assert sorted(device.failures) == sorts


def test_what_is_not_said_of_a_fault_is_now_for_ever_and_always() -> None:
    assert made("f1", {"fault": "slow", "device": "A", "seconds": 2}, 5) == Fault("f1", "slow", "A", (("seconds", 2),), begins=5)


def test_an_integer_may_be_written_with_a_point_as_in_json() -> None:
    document = {"fault": "ignores", "device": "A", "every": 3.0, "seed": 7.0, "count": 2.0}

    assert list(check(document, VALVE, 0)) == []
    assert made("f1", document, 0) == Fault("f1", "ignores", "A", (("every", 3),), seed=7, count=2)


def test_a_fault_has_all_that_is_said_of_it() -> None:
    document = {"fault": "ignores", "device": "A", "every": 3, "probability": 0.5, "seed": 7, "count": 2, "from": 1.5, "until": 2}

    assert made("f1", document, 0) == Fault(
        "f1", "ignores", "A", (("every", 3),), probability=0.5, seed=7, count=2, begins=3 * SECOND // 2, ends=2 * SECOND
    )


def test_draws_are_spread_over_the_unit_interval_and_differ_by_seed_name_and_number() -> None:
    many = [draw("0/default", "f1", number) for number in range(10_000)]

    assert all(0 <= value < 1 for value in many)
    assert abs(sum(many) / 10_000 - 0.5) < 0.01
    assert len({draw("0/default", "f1", 0), draw("1/default", "f1", 0), draw("0/a", "f1", 0), draw("0/default", "f2", 0)}) == 4
    assert draw("0/default", "f1", 0) == many[0] == 0.8207215648712728


@pytest.mark.parametrize(("own", "drawn_from"), [(None, "3/team-a"), (7, "7")])
def test_a_fault_draws_from_its_own_seed_on_whichever_rig_or_from_the_rigs_and_its_name(own: int | None, drawn_from: str) -> None:
    assert seeded("3/team-a", Fault("f1", "stuck", "A", seed=own)) == drawn_from
