from __future__ import annotations

import pytest

from mockbrew.conditions import Condition, parse
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Reading
from mockbrew.errors import BadCondition
from mockbrew.spec import parse as parse_spec

SPEC = parse_spec(
    """
spec = "1.0"
[vessels]
Tun = { capacity = 40, volume = 15 }
[devices]
H = { kind = "heater", vessel = "Tun", power = 2000 }
T = { kind = "probe", vessel = "Tun" }
"T.1" = { kind = "probe", vessel = "Tun" }
C = { kind = "pid", probe = "T", heaters = ["H"], setpoint = 50 }
""",
    "rig.toml",
    BUILT_IN,
)
DEVICES = {name: entry.device for name, entry in SPEC.entries.items()}


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("T >= 65", ("T", "temperature", ">=", 65.0)),
        ("Tun>65.5", ("Tun", "temperature", ">", 65.5)),
        ("  Tun.volume <= 0.5 ", ("Tun", "volume", "<=", 0.5)),
        ("H == 1", ("H", "state", "==", 1.0)),
        ("C.duty < -1", ("C", "duty", "<", -1.0)),
        ("T.1 >= 65", ("T.1", "temperature", ">=", 65.0)),
        ("T.1.temperature >= 65", ("T.1", "temperature", ">=", 65.0)),
    ],
)
def test_a_condition_is_a_reading_a_relation_and_a_number(text: str, condition: tuple[str, str, str, float]) -> None:
    assert parse(text, DEVICES) == Condition(text, *condition)


@pytest.mark.parametrize(
    ("relation", "below", "at", "above"),
    [
        ("<", True, False, False),
        ("<=", True, True, False),
        ("==", False, True, False),
        (">=", False, True, True),
        (">", False, False, True),
    ],
)
def test_each_relation_means_what_it_says(relation: str, below: bool, at: bool, above: bool) -> None:  # noqa: FBT001 - a row of a table
    condition = Condition("", "T", "temperature", relation, 65.0)

    assert [condition.holds(value) for value in (64.9, 65, 65.1)] == [below, at, above]


def test_what_shows_nothing_fulfils_no_condition_and_is_infinitely_far() -> None:
    condition = Condition("", "T", "temperature", "<", 65.0)

    assert not condition.holds(None)
    assert condition.distance(None) == float("inf")


RIGHT = "no condition; write a reading, one of <= >= == < >, and a number, such as 'Temp3 >= 65' or 'Mashtun.volume <= 0.5'"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"'': {RIGHT}"),
        ("T => 65", f"'T => 65': {RIGHT}"),
        ("T >= warm", f"'T >= warm': {RIGHT}"),
        ("T >= nan", f"'T >= nan': {RIGHT}"),
        ("T >= 1e999", f"'T >= 1e999': {RIGHT}"),
        ("T >= ٦٥", f"'T >= ٦٥': {RIGHT}"),
        ("T >= 65 and H == 1", f"'T >= 65 and H == 1': {RIGHT}"),
        ("T2 >= 65", "'T2 >= 65': unknown device 'T2'; known: 'T.1', C, H, T, Tun (did you mean 'T'?)"),
        ("Ton.volume >= 6", "'Ton.volume >= 6': unknown device 'Ton'; known: 'T.1', C, H, T, Tun (did you mean 'Tun'?)"),
        (
            "C.dutty >= 6",
            "'C.dutty >= 6': unknown reading 'dutty' of C; known: duty, process_value, setpoint, state (did you mean 'duty'?)",
        ),
        ("T == 65", "'T == 65': T.temperature hardly ever is exactly a number; write >= or <="),
    ],
)
def test_what_is_no_condition_is_refused_with_what_would_be_right(text: str, message: str) -> None:
    with pytest.raises(BadCondition) as refused:
        parse(text, DEVICES)

    assert str(refused.value) == message


def test_a_reading_that_is_a_text_is_compared_with_no_number() -> None:
    class Sign(Device):
        """Says a word."""

        readings = {"word": Reading(lambda sign, state, view: "open", {"type": "string"}, "what it says")}

    with pytest.raises(BadCondition) as refused:
        parse("S == 1", {"S": Sign(name="S")})

    assert str(refused.value) == "'S == 1': S.word is a text; compare a reading that is a number"
