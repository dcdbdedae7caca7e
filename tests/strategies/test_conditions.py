"""Conditions that are drawn are conditions."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from mockbrew.conditions import parse
from mockbrew.conditions.names import readings_of
from mockbrew.journal.matching import names
from mockbrew.spec import parse as parse_spec
from mockbrew.strategies import conditions, conditions_on_journal
from tests.strategies.specs import SILENT, TEXTS, spec

SPECS = {name: spec(name) for name in TEXTS}
NAMES = {name: readings_of({each: entry.device for each, entry in known.entries.items()}) for name, known in SPECS.items()}


@pytest.mark.parametrize("name", SPECS)
@given(data=st.data())
def test_every_condition_on_readings_is_one_of_this_rig(name: str, data: st.DataObject) -> None:
    text = data.draw(conditions(SPECS[name]))

    assert parse(text, NAMES[name]).text == text


@pytest.mark.parametrize("name", SPECS)
@given(data=st.data())
def test_every_condition_on_the_journal_is_one_of_its_entries(name: str, data: st.DataObject) -> None:
    text = data.draw(conditions_on_journal(SPECS[name]))

    assert parse(text, names(SPECS[name])).text == text


@pytest.mark.parametrize(
    "form",
    [
        r"^not \(",
        r"^not (?!\()",
        r"^[^(]* and [^(]*$",
        r"^\([^(]* or [^(]*\) and ",
        r"^[A-Za-z0-9.-]+$",
        r" == null",
        r"(on|lit) [!=]= (true|1)",
        r" [*/] -?[0-9]",
        r" \+ ",
        r"<= -",
        r"colour == 'dark blue'",
        r"and\.temperature",
        r"L-2\.x\.level",
    ],
)
def test_it_draws_conditions_of_each_form(form: str) -> None:
    found = find(
        conditions(SPECS["lamps"]),
        lambda text: re.search(form, text) is not None,
        settings=settings(max_examples=3000, phases=[Phase.generate], database=None),
    )

    assert re.search(form, found)


def test_what_fails_is_shown_by_a_short_condition() -> None:
    shown = find(conditions(), lambda text: "Temp3" in text, settings=settings(max_examples=500, database=None), random=Random(1))

    assert re.fullmatch(r"Temp3(\.temperature)? \S+ \S+", shown)


def test_a_rig_without_numbers_has_conditions_too() -> None:
    silent = parse_spec(SILENT, "silent.toml")

    assert find(conditions(silent), lambda text: True) == "V"
