"""Expectations of a journal, put to the control plane, and what it says of each."""

from __future__ import annotations

from typing import Any

from tests.app.asking import Bench

Checked = dict[str, Any]


def recording(bench: Bench) -> Bench:
    bench.admin("PUT", "journal", {"record": "requests"})
    return bench


def verified(bench: Bench, *expect: Any, passed: bool = True) -> list[Checked]:
    answer = bench.admin("POST", "journal/verify", {"expect": list(expect)})

    assert answer.status == (200 if passed else 409), answer.json()
    shown = answer.json()
    assert shown["passed"] is passed
    checked: list[Checked] = shown["checked"]
    if not passed:
        assert shown["errors"] == [{"field": each["field"], "message": each["message"]} for each in checked if not each["passed"]]
    return checked


def failed(bench: Bench, expect: Any) -> Checked:
    (checked,) = verified(bench, expect, passed=False)
    return checked


def shown(entries: list[dict[str, Any]]) -> list[int]:
    return [entry["number"] for entry in entries]
