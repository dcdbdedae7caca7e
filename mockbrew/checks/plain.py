"""Plain data: what a spec may be made of, whatever it says. After this a document is JSON, and not deep: nothing later trips over it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from math import isfinite
from typing import Any

from mockbrew.checks.findings import Finding, Path, described, shown

DEEPEST = 32  # tables in tables: a reply of more levels is a mistake, and recursion must end somewhere
LARGEST = 2**63  # TOML promises 64 bits


def is_plain(document: Mapping[str, Any]) -> bool:
    """A quick yes: nothing in it is unfit. A no only means: ask `unfit`, which knows the places."""
    level: list[Any] = [document]
    for _ in range(DEEPEST):
        inner: list[Any] = []
        if not _is_plain(chain.from_iterable(value.values() if isinstance(value, Mapping) else value for value in level), inner):
            return False
        if not inner:
            return True
        level = inner
    return False


def _is_plain(values: Iterable[Any], inner: list[Any]) -> bool:
    """Of scalars; tables and lists go to `inner`."""
    for value in values:
        kind = type(value)
        if kind is dict or kind is list:
            inner.append(value)
        elif kind is not str and kind is not bool and not (kind in (int, float) and -LARGEST <= value < LARGEST):
            return False
    return True


def unfit(document: Mapping[str, Any]) -> Iterator[Finding]:
    """What is no plain data. No recursion here: a key with a thousand dots makes a thousand tables."""
    rest: list[tuple[Path, Any]] = [((), document)]
    while rest:
        path, value = rest.pop()
        if isinstance(value, Mapping | list):
            if len(path) > DEEPEST:
                yield Finding(path, f"this is nested more than {DEEPEST} levels deep; make it flatter")
            else:
                steps = value.items() if isinstance(value, Mapping) else enumerate(value)
                rest.extend([((*path, step), item) for step, item in steps])
        elif (message := _scalar(value)) is not None:
            yield Finding(path, message)


def without(value: Any, paths: Collection[Path], path: Path = ()) -> Any:
    """The document with null at these paths."""
    if path in paths:
        return None
    if isinstance(value, Mapping):
        return {key: without(item, paths, (*path, key)) for key, item in value.items()}
    return [without(item, paths, (*path, index)) for index, item in enumerate(value)] if isinstance(value, list) else value


def _scalar(value: Any) -> str | None:
    if isinstance(value, str | bool):
        return None
    if isinstance(value, int):
        return None if -LARGEST <= value < LARGEST else f"{shown(value)} has more than 64 bits; write a smaller number, or a text"
    if isinstance(value, float) and isfinite(value):
        return None
    if isinstance(value, float):
        return f"{described(value)}; write a finite one"
    return f"{described(value)}, which has no place in a spec; write a number or a text"
