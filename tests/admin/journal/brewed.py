"""A journal with some entries, and how it is asked for."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from tests.app.asking import Bench


def numbers(bench: Bench, **query: object) -> list[int]:
    """Of the entries that are shown."""
    return [entry["number"] for entry in ask(bench, **query)["entries"]]


def ask(bench: Bench, **query: object) -> Any:
    answer = bench.admin("GET", "journal?" + "&".join(f"{name}={quote(str(value))}" for name, value in query.items()))

    assert answer.status == 200, answer
    return answer.json()


def brewed(bench: Bench) -> None:
    """Some entries: 1 and 3 start valves, 2 is refused, 4 and 5 are a minute later, 6 is a reset."""
    bench.get("/startA.py")
    bench.ask("/setCible1_999.py")
    bench.get("/startB.py")
    bench.wait(60)
    bench.get("/setCible1_65.py")
    bench.get("/startPID1.py")
    bench.get("/Reset.py")
