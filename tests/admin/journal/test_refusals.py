"""What can't be asked of a journal."""

from __future__ import annotations

import pytest

from tests.admin.journal.brewed import ask, numbers
from tests.app.asking import Bench

KNOWN = "device, event, fault, method, number, reply, run, status, time, unmatched, url, verb, wall, arguments.NAME, changes.DEVICE.READING"


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        (
            "where=statsu==200",
            [{"field": "where", "message": f"column 1: unknown field 'statsu'; known: {KNOWN} (did you mean 'status'?)"}],
        ),
        ("device=PID9", [{"field": "device", "message": "unknown device 'PID9'; known: A, B, B1, "}]),
        ("where=device=='PID9'", [{"field": "where", "message": "column 9: unknown device 'PID9'; known: "}]),
        (
            "where=verb=='frost'",
            [{"field": "where", "message": "column 7: unknown verb 'frost'; known: advance, clock, delete-snapshot, "}],
        ),
        ("where=changes.B9.state", [{"field": "where", "message": "column 1: unknown device 'B9'; known: "}]),
        ("where=status%20==%20'a'", [{"field": "where", "message": "column 8: 'a' is a text; it can't be compared with a number"}]),
        ("limit=1001", [{"field": "limit", "message": "1001 is out of range; it must be an integer from 1 to 1000"}]),
        (
            "afer=3",
            [
                {
                    "field": "afer",
                    "message": "unknown query parameter 'afer'; known: after, device, limit, run, where (did you mean 'after'?)",
                }
            ],
        ),
    ],
)
def test_a_question_that_can_t_be_understood_is_refused(bench: Bench, query: str, errors: list[dict[str, str]]) -> None:
    bench.get("/startA.py")

    answer = bench.admin("GET", f"journal?{query}")
    assert answer.status == 400
    shown = answer.json()["errors"]
    assert [error["field"] for error in shown] == [error["field"] for error in errors]
    assert all(told["message"].startswith(error["message"]) for told, error in zip(shown, errors, strict=True)), shown


def test_only_what_can_be_recorded_is(bench: Bench) -> None:
    bench.get("/startA.py")

    answer = bench.admin("PUT", "journal", {"record": "all"})
    assert answer.status == 400
    assert answer.json()["errors"] == [{"field": "record", "message": "unknown word 'all'; it must be one of commands, requests"}]
    assert ask(bench)["record"] == "commands"
    assert numbers(bench) == [1]


def test_an_absent_rig_has_no_journal_and_is_not_made(bench: Bench) -> None:
    asked = [
        bench.admin("GET", "journal", rig="absent"),
        bench.admin("DELETE", "journal", rig="absent"),
        bench.admin("POST", "journal/verify", {"expect": [{"never": {"where": "status >= 400"}}]}, rig="absent"),
    ]

    assert [answer.status for answer in asked] == [404, 404, 404]
    assert [row.name for row in bench.store.rigs()] == []


@pytest.mark.parametrize("field", ["after", "run"])
def test_an_integer_of_more_bits_than_a_store_has_is_refused(bench: Bench, field: str) -> None:
    answer = bench.admin("GET", f"journal?{field}=1e300")

    assert answer.status == 400
    assert answer.json()["errors"] == [{"field": field, "message": "1e+300 is a number; it must be an integer of at least 0"}]
