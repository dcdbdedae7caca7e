"""What is no condition: each message, with its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew.conditions import Condition, parse
from mockbrew.conditions.grammar import DEEPEST
from mockbrew.conditions.tokens import LONGEST
from mockbrew.errors import BadCondition
from tests.conditions.words import ENTRY, RIG, values

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
