"""Rounds: what is compared is measured by turns, so that whatever else the machine does befalls all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def interleaved(works: Mapping[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
    """What each gave in each round. Every other round goes backwards: none is always first."""
    given: dict[str, list[T]] = {name: [] for name in works}
    for number in range(rounds):
        for name in list(works)[:: 1 if number % 2 == 0 else -1]:
            given[name].append(works[name]())
    return given


def ratios(over: Sequence[float], under: Sequence[float]) -> list[float]:
    """Of each round."""
    return [a / b for a, b in zip(over, under, strict=True)]
