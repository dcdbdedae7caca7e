"""Expectations that can't be understood, and what is said of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.app.asking import Bench


@pytest.mark.parametrize(
    ("expect", "field", "message"),
    [
        ({}, "expect[0]", "one of count, never, order, every belongs here; there is none of them"),
        (
            {"never": {"where": "status == 1"}, "order": {"where": ["status == 1"]}},
            "expect[0]",
            "one of count, never, order, every belongs here; there is never and order",
        ),
        ({"count": {"where": "status == 1"}}, "expect[0].count", "how many are expected is missing; say exactly, at_least, at_most"),
        ({"never": {"where": "status = 1"}}, "expect[0].never.where", "column 8: '=' means nothing here; write == to compare"),
        ({"order": {"where": ["status == 1", "nr"]}}, "expect[0].order.where[1]", "column 1: unknown field 'nr'"),
        ({"every": {"where": "number > 1", "seconds": 1, "while": "PID9.on"}}, "expect[0].every.while", "column 1: unknown device 'PID9'"),
        (
            {"never": {"where": "status == 1 or device == 'B22'"}},
            "expect[0].never.where",
            "column 26: unknown device 'B22'; known: A, B, B1, B2,",
        ),
        (
            {"never": {"where": "'strat' != verb"}},
            "expect[0].never.where",
            "column 1: unknown verb 'strat'; known: reset, set_setpoint, start, stop, turn_off, turn_on (did you mean 'start'?)",
        ),
        ({"order": {"where": ["verb == 'reset'", "verb == 'patch'"]}}, "expect[0].order.where[1]", "column 9: unknown verb 'patch'"),
        ({"never": {"where": "status == 1"}, "until": 100.5}, "expect[0].until", "100.5 s is still to come; it is 100.0 s now"),
        ({"never": {"where": "status == 1"}, "from": 5, "until": 4}, "expect[0].from", "5.0 s is after the end, 4.0 s"),
        ({"never": {"where": "status == 1"}, "from": 101}, "expect[0].from", "101.0 s is after the end, 100.0 s"),
        ({"neevr": {"where": "status == 1"}}, "expect[0].neevr", "unknown field 'neevr'"),
        (
            {"every": {"where": "number > 1", "seconds": 0}},
            "expect[0].every.seconds",
            "0 is out of range; it must be a number above 0, at most 10000000 s",
        ),
    ],
)
def test_what_can_t_be_understood_is_refused(brewed: Bench, expect: Any, field: str, message: str) -> None:
    answer = brewed.admin("POST", "journal/verify", {"expect": [expect]})

    assert answer.status == 400
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert error["message"].startswith(message), error


def test_all_that_can_t_be_understood_is_told_at_once(brewed: Bench) -> None:
    expect = [{"never": {"where": "x"}}, {"every": {"where": "y", "seconds": 1, "while": "z"}}, {}]

    answer = brewed.admin("POST", "journal/verify", {"expect": expect})
    assert [error["field"] for error in answer.json()["errors"]] == [
        "expect[0].never.where",
        "expect[1].every.while",
        "expect[1].every.where",
        "expect[2]",
    ]
