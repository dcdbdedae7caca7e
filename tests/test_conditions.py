from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew.conditions import Condition, parse
from mockbrew.conditions.grammar import DEEPEST, LONGEST
from mockbrew.conditions.intervals import Interval, Undecided
from mockbrew.conditions.names import NUMBER, TEXT, TRUTH, Variable, fields, readings_of
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


class Sign(Device):
    """Says a word."""

    readings = {
        "word": Reading(lambda sign, state, view: "open", {"type": ["string", "null"]}, "what it says"),
        "lit": Reading(lambda sign, state, view: True, {"type": "boolean"}, "whether it is lit"),
        "turns": Reading(lambda sign, state, view: 3, {"type": "integer"}, "how often it was turned"),
    }


DEVICES: Mapping[str, Device] = {**{name: entry.device for name, entry in SPEC.entries.items()}, "S": Sign(name="S")}
RIG = readings_of(DEVICES)
ENTRY = fields({"status": NUMBER, "device": TEXT, "applied": TRUTH, "waited": NUMBER})


def values(**known: Any) -> Callable[[Variable], Any]:
    """By device and reading, `T_temperature=65`; else by field."""
    return lambda variable: known[f"{variable.device}_{variable.reading}" if variable.device else variable.reading]


def of_rig(text: str, **known: Any) -> bool:
    return parse(text, RIG).holds(values(**known))


def of_entry(text: str, **known: Any) -> bool:
    return parse(text, ENTRY).holds(values(**known))


# -- what it means -------------------------------------------------------------------------------------------------


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


# -- where values are intervals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        ("T >= 59", True),
        ("T >= 65", None),
        ("T > 71", False),
        ("not (T > 71)", True),
        ("not (T > 65)", None),
        ("T > 71 and T > 65", False),
        ("T > 65 and T > 71", False),
        ("T > 65 or T > 59", True),
        ("T > 65 or T > 71", None),
        ("T > 65 and H", False),
        ("1 / (T - 65) > 5", None),
        ("T == null", False),
        ("2 * T - 20 > 99", True),
    ],
)
def test_what_does_not_depend_on_where_in_an_interval_is_decided(text: str, decided: bool | None) -> None:  # noqa: FBT001 - a row of a table
    assert parse(text, RIG).decide(values(T_temperature=Interval(60, 70), H_state=0)) is decided


def test_what_is_unknown_of_one_reading_may_not_matter() -> None:
    def known(variable: Variable) -> float:
        if variable.device == "H":
            raise Undecided
        return 50.0

    assert parse("T > 60 and H", RIG).decide(known) is False
    assert parse("H or T < 60", RIG).decide(known) is True
    assert parse("H and T < 60", RIG).decide(known) is None


@given(st.floats(-100, 100), st.floats(0, 50), st.floats(0, 1), st.sampled_from(["<", "<=", ">", ">="]), st.floats(-200, 200).map(str))
def test_what_is_decided_of_an_interval_is_so_for_all_in_it(low: float, width: float, share: float, relation: str, number: str) -> None:
    condition = parse(f"T * 2 - T / 4 + 1 {relation} {number}", RIG)
    inside = min(low + share * width, low + width)

    decided = condition.decide(values(T_temperature=Interval(low, low + width)))

    assert decided in (None, condition.holds(values(T_temperature=inside)))


# -- what is refused -----------------------------------------------------------------------------------------------

REFUSED = [
    ("", 1, "no condition; write one, such as 'Temp3 >= 65' or 'Mashtun.volume <= 0.5'"),
    ("T", 1, "T is a number; compare it with another"),
    ("T and H", 1, "T is a number; compare it with another"),
    ("H and (T + 1)", 7, "T + 1 is a number; compare it with another"),
    ("S.word", 1, "S.word is a text; compare it with another text"),
    ("H and null", 7, "null is no truth value; write '== null' after a reading"),
    ("T => 65", 3, "'=>' means nothing here; write >="),
    ("T =< 65", 3, "'=<' means nothing here; write <="),
    ("T <> 65", 3, "'<>' means nothing here; write !="),
    ("H = 1", 3, "'=' means nothing here; write == to compare"),
    ("H && C", 3, "'&' means nothing here; write and"),
    ("H || C", 3, "'|' means nothing here; write or"),
    ("!H", 1, "'!' means nothing here; write not"),
    ("S.word == 'open", 11, '"\'" means nothing here; the text has no end; close its quotes'),
    ("T >= .5", 6, "'.' means nothing here; write a digit before the point, such as 0.5"),
    ("T >= 0,5", 7, "',' means nothing here; write a point in numbers, such as 0.5"),
    ("T >= ٦٥", 6, "'٦' means nothing here; write a condition, such as 'Temp3 >= 65' or 'Mashtun.volume <= 0.5'"),
    ("T >= 1e999", 6, "1e999 is too large a number; at most 1e308"),
    ("T >= 65 65", 9, "'65' is not expected here; write 'and', 'or', or the end, after T >= 65"),
    ("T >= 65)", 8, "')' is not expected here; write 'and', 'or', or the end, after T >= 65"),
    ("T >= ", 6, "it ends here; write a reading, a number or '('"),
    ("T >= and", 6, "'and' is not expected here; write a reading, a number or '('"),
    ("(T >= 65", 9, "it ends here; write ')'"),
    ("60 <= T <= 70", 9, "a comparison has two sides; join two comparisons with and"),
    ("T2 >= 65", 1, "unknown device 'T2'; known: 'T.1', C, H, S, T, Tun (did you mean 'T'?)"),
    ("H or Ton.volume >= 6", 6, "unknown device 'Ton'; known: 'T.1', C, H, S, T, Tun (did you mean 'Tun'?)"),
    ("C.dutty >= 6", 1, "unknown reading 'dutty' of C; known: duty, on, process_value, setpoint, state (did you mean 'duty'?)"),
    ("Tun-T > 5", 1, "unknown reading 'Tun-T': a dash may be part of a name; put spaces around a minus"),
    ("Tun.volume-T > 5", 1, "unknown reading 'Tun.volume-T': a dash may be part of a name; put spaces around a minus"),
    ("T == 65", 3, "T.temperature hardly ever is exactly a number; write >= or <="),
    ("65 != T + 1", 4, "T + 1 hardly ever is exactly a number; write >= or <="),
    ("S.word > 'a'", 8, "texts are compared with == and != only"),
    ("T < null", 3, "null is compared with == and != only"),
    ("T >= 'warm'", 3, "'warm' is a text; it can't be compared with a number"),
    ("S.word == H", 8, "S.word is a text; it can't be compared with a truth value"),
    ("H == 2", 3, "H is true or false; compare it with 1 or 0"),
    ("(T > 65) == T", 10, "T > 65 is true or false; compare it with 1 or 0"),
    ("H + 1 > 1", 1, "H is a truth value; only numbers are added, subtracted, multiplied and divided"),
    ("T + 'a' > 1", 5, "'a' is a text; only numbers are added, subtracted, multiplied and divided"),
    ("-null == 1", 2, "null; only numbers are added, subtracted, multiplied and divided"),
    ("H or __import__('os')", 6, "'_' means nothing here; write a condition, such as 'Temp3 >= 65' or 'Mashtun.volume <= 0.5'"),
    ("H " * LONGEST, LONGEST + 1, f"it is {2 * LONGEST} characters long; at most {LONGEST}"),
    ("(" * 40 + "H" + ")" * 40, DEEPEST + 1, f"it is nested too deeply; at most {DEEPEST} parentheses, 'not' and '-' within each other"),
    ("not " * 40 + "H", 4 * DEEPEST + 1, f"it is nested too deeply; at most {DEEPEST} parentheses, 'not' and '-' within each other"),
]


@pytest.mark.parametrize(("text", "column", "why"), REFUSED)
def test_what_is_no_condition_is_refused_with_its_place_and_what_would_be_right(text: str, column: int, why: str) -> None:
    with pytest.raises(BadCondition) as refused:
        parse(text, RIG)

    assert str(refused.value) == f"column {column}: {why}"
    assert refused.value.members == {"column": column, "condition": text}
    assert refused.value.status == 400


def test_a_field_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(BadCondition) as refused:
        parse("applied and statut >= 400", ENTRY)

    assert str(refused.value) == "column 13: unknown field 'statut'; known: applied, device, status, waited (did you mean 'status'?)"


def test_as_deep_and_as_long_as_allowed_is_read() -> None:
    deep = parse("(" * DEEPEST + "H" + ")" * DEEPEST, RIG)
    long = parse("T" + " + 1" * 240 + " > 1", RIG)

    assert deep.holds(values(H_state=1))
    assert long.holds(values(T_temperature=0.0))


@given(st.text(st.sampled_from("TH.1 ()<>=!+-*/'andornotnull"), max_size=40))
def test_any_text_is_a_condition_or_refused(text: str) -> None:
    found = read(text)

    if isinstance(found, Condition):
        assert found.holds(lambda variable: None) in (True, False)
    else:
        assert 1 <= found.column <= len(text) + 1


def read(text: str) -> Condition | BadCondition:
    try:
        return parse(text, RIG)
    except BadCondition as refused:
        return refused
