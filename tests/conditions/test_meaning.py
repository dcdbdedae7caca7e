"""What conditions mean: relations, names, arithmetic, null."""

from __future__ import annotations

import pytest

from mockbrew.conditions import parse
from mockbrew.conditions.names import NUMBER, fields
from tests.conditions.words import ENTRY, RIG, of_entry, of_rig, values


@pytest.mark.parametrize(
    ("relation", "below", "at", "above"),
    [
        ("<", True, False, False),
        ("<=", True, True, False),
        ("==", False, True, False),
        ("!=", True, False, True),
        (">=", False, True, True),
        (">", False, False, True),
    ],
)
def test_each_relation_means_what_it_says(relation: str, below: bool, at: bool, above: bool) -> None:  # noqa: FBT001 - a row of a table
    condition = parse(f"status {relation} 65", ENTRY)

    assert [condition.holds(values(status=status)) for status in (64, 65, 66)] == [below, at, above]


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("T >= 65", [("T", "temperature")]),
        ("Tun>65.5", [("Tun", "temperature")]),
        ("  Tun.volume <= 0.5 ", [("Tun", "volume")]),
        ("H", [("H", "state")]),
        ("H.on and not C", [("H", "on"), ("C", "state")]),
        ("C.duty < -1", [("C", "duty")]),
        ("T.1 >= T.1.temperature + T", [("T.1", "temperature"), ("T", "temperature")]),
    ],
)
def test_a_name_is_a_reading_of_a_device_or_its_first_one(text: str, variables: list[tuple[str, str]]) -> None:
    condition = parse(text, RIG)

    assert condition.text == text
    assert [(variable.device, variable.reading) for variable in condition.variables] == variables


@pytest.mark.parametrize(
    "text",
    [
        "status == 1 + 2 * 3",
        "status == (1 + 2) * 3 - 2",
        "status == -1 * -7",
        "status == 10 - 2 - 1",
        "status == 28 / 2 / 2",
        "status == 7e0",
        "-status == - 7",
        "status - 7 == 0 and true",
        "false or status == 7 and not false",
        "not status == 8",
        "not (status == 7 and false)",
        "not not applied",
        "true or false and false",
        "device == 'A' and device == \"A\" and device != 'a'",
        "applied == true and applied == 1 and applied != 0 and true == applied",
        "(status > 6) == (status < 8)",
    ],
)
def test_it_is_read_as_people_read_it(text: str) -> None:
    assert of_entry(text, status=7, device="A", applied=True)


def test_a_reading_of_0_or_1_or_a_boolean_is_a_truth_value() -> None:
    assert of_rig("H and S.lit", H_state=1, S_lit=True)
    assert not of_rig("H or S.lit", H_state=0, S_lit=False)
    assert of_rig("H == 1 and S.turns == 3 and H >= 1", H_state=1, S_turns=3)


@pytest.mark.parametrize("text", ["T >= 65", "T < 65", "T != T.1", "T + 1 > 0", "1 / T > 0", "-T < 0", "T == T.1 or T != T.1"])
def test_a_comparison_with_null_is_false(text: str) -> None:
    names = fields({"T": NUMBER, "T.1": NUMBER})

    assert not parse(text, names).holds(lambda variable: None)
    assert parse(f"not ({text})", names).holds(lambda variable: None)


def test_null_can_be_asked_for() -> None:
    assert of_rig("T == null and null == T and S.word == null", T_temperature=None, S_word=None)
    assert of_rig("T != null", T_temperature=0.0)
    assert not of_rig("T != null", T_temperature=None)
    assert of_rig("S.lit == null", S_lit=None)
    assert not of_rig("S.lit", S_lit=None)


def test_a_division_by_zero_is_null() -> None:
    assert of_entry("1 / status == null", status=0)
    assert not of_entry("1 / status >= 0 or 1 / status < 0", status=0)


def test_its_negation_holds_where_it_does_not() -> None:
    condition = parse("T >= 65 or H", RIG)

    for known in ({"T_temperature": 70.0, "H_state": 0}, {"T_temperature": None, "H_state": 0}):
        assert condition.negated.holds(values(**known)) is not condition.holds(values(**known))
