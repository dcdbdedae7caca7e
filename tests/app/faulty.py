"""A bench whose rig can be given faults: short ways to set and list them, and what its journal says of its clients' requests."""

from __future__ import annotations

from typing import Any

from mockbrew.journal import entries, shown
from tests.app.asking import Bench
from tests.app.replies import Answer

OFF, ON = '{"Sensor":"VanneA","State":0}', '{"Sensor":"VanneA","State":1}'


def fail(bench: Bench, **document: Any) -> dict[str, Any]:
    """Set a fault; what it is answered with."""
    answer = bench.admin("POST", "faults", {key.rstrip("_"): value for key, value in document.items()})

    assert answer.status == 201, answer
    assert answer.json()["rig"] == "default"
    return {name: value for name, value in answer.json().items() if name != "rig"}


def listed(bench: Bench) -> list[dict[str, Any]]:
    return list(bench.admin("GET", "faults").json()["faults"])


def journal(bench: Bench) -> list[dict[str, Any]]:
    """What is said of clients' requests, without numbers and times."""
    rows = {row.name: row for row in bench.store.rigs()}
    row = rows["default"]
    said = [shown(row, entry) for entry in entries(bench.store, row)]
    return [
        {name: value for name, value in each.items() if name not in ("number", "run", "rig", "time", "wall")}
        for each in said
        if not str(each.get("url", "")).startswith("/__admin")
    ]


def errors(answer: Answer) -> dict[str, str]:
    """What is wrong, by field."""
    assert answer.status == 400, answer
    return {each["field"]: each["message"] for each in answer.json()["errors"]}
