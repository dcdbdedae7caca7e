"""Times of the control plane: one schema, which ends where virtual time does; and conditions, which are nowhere longer than the grammar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mockbrew.admin.resources import TIME, Schema
from mockbrew.admin.table import RESOURCES
from mockbrew.conditions.tokens import LONGEST
from tests.app.asking import on_memory

TOO_LATE = "1e+300 is out of range; it must be a number from 0 to 8640000000 s"


def properties(schema: Schema) -> Iterator[tuple[str, Any]]:
    """Of a schema, by name, however deep."""
    for name, each in schema.get("properties", {}).items():
        yield name, each
        yield from properties(each)
    if "items" in schema:
        yield from properties(schema["items"])


@pytest.mark.parametrize("name", ["from", "until"])
@pytest.mark.parametrize(("method", "path"), [("GET", "history?reading=Temp1&{}=1e300"), ("GET", "hazards?{}=1e300")])
def test_a_time_after_the_end_of_time_is_refused_in_a_query(method: str, path: str, name: str) -> None:
    bench = on_memory()
    bench.get("/startA.py")

    answer = bench.admin(method, path.format(name))

    assert (answer.status, answer.json()["errors"]) == (400, [{"field": name, "message": TOO_LATE}])


@pytest.mark.parametrize("name", ["from", "until"])
def test_a_time_after_the_end_of_time_is_refused_in_an_expectation(name: str) -> None:
    bench = on_memory()
    bench.get("/startA.py")

    answer = bench.admin("POST", "journal/verify", {"expect": [{"never": {"where": "status >= 400"}, name: 1e300}]})

    assert answer.status == 400
    assert answer.json()["errors"][0] == {"field": f"expect[0].{name}", "message": TOO_LATE}


def test_every_time_in_a_schema_has_the_same_bounds() -> None:
    both = [pair for each in RESOURCES for schema in (each.query, each.body) for pair in properties(schema)]
    times = [each for name, each in both if name in ("from", "until", "time")]

    assert times
    assert {(each["minimum"], each["maximum"]) for each in times} == {(TIME["minimum"], TIME["maximum"])}


def test_every_condition_in_a_schema_may_be_as_long_as_the_grammar_takes() -> None:
    both = [pair for each in RESOURCES for schema in (each.query, each.body) for pair in properties(schema)]
    conditions = [each.get("items", each) for name, each in both if name in ("where", "while", "condition")]

    assert conditions
    assert {each["maxLength"] for each in conditions} == {LONGEST}
