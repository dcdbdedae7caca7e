"""Rounds, by turns."""

from __future__ import annotations

from functools import partial

from bench.rounds import interleaved, ratios


def test_what_is_compared_takes_turns_and_none_is_always_first() -> None:
    turns: list[str] = []
    works = {name: partial(turns.append, name) for name in "abc"}

    interleaved(works, 3)

    assert "".join(turns) == "abc" + "cba" + "abc"


def test_each_gets_what_it_gave_in_each_round() -> None:
    numbers = iter(range(4))

    assert interleaved({"a": lambda: next(numbers), "b": lambda: next(numbers)}, 2) == {"a": [0, 3], "b": [1, 2]}


def test_a_ratio_is_of_one_round() -> None:
    assert ratios([1.0, 4.0], [2.0, 2.0]) == [0.5, 2.0]
