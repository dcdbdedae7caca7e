"""Neighbours: the paths that come nearest to one at which nothing answers, and why it failed. Pure; built once from all that are answered.

The work is bounded, however many paths there are: some are compared that stand beside it in the order of their beginnings or in that of
their ends, where one mistake leaves it; and of a short path all that can become of it by one mistake are looked up.
"""

from __future__ import annotations

import string
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from itertools import islice
from typing import NamedTuple

from mockbrew.errors import Near
from mockbrew.misspelling import Common, difference, filled, why

LONGEST = 200  # characters of a path whose neighbours are looked for
SHORT = 64  # characters of one whose slips are looked up, 130 for each of them, 0.3 us each
SLIPS = 48  # of these that are found and weighed
WINDOW = 24  # paths on either side of it, in either order, with arguments and without: at most 192 are compared, up to 0.1 ms each
WEIGHED = 12  # of these that are looked at closer
NEAREST = 3
CLOSE = 0.6  # the share of two paths that is the same, or of what stands around arguments that a path has
LETTERS = frozenset(string.ascii_letters + string.digits + "/._-")


class Open(NamedTuple):
    """A path with arguments. url: as listings show it. characters: what each argument is made of. examples: a text for each."""

    url: str
    constants: tuple[str, ...]
    characters: tuple[frozenset[str], ...]
    examples: tuple[str, ...]


class Neighbours:
    """All paths that are answered."""

    __slots__ = ("_answers", "_fixed", "_open", "_opened")

    def __init__(self, urls: Iterable[str], opened: Mapping[str, Open], answers: Callable[[str], bool]) -> None:
        """urls: without arguments. opened: those with, each by a path that means it. answers: whether a path is one of `urls`."""
        self._open, self._answers = opened, answers
        self._fixed, self._opened = _Orders(urls), _Orders(opened)

    def of(self, path: str) -> list[Near]:
        """The nearest URLs, the nearest first, each once."""
        if len(path) > LONGEST:
            return []
        around = {*self._fixed.around(path), *self._opened.around(path)}  # apart: arguments would lead astray to what has their digits
        likeness = _Likeness(path, self._open)
        likely = [sample for share, sample in nlargest(WEIGHED, map(likeness, around)) if share >= CLOSE]
        slips = islice((text for text in _slips(path, around) if self._answers(text)), SLIPS)
        right = {self._filled(path, sample): self._shown(sample) for sample in dict.fromkeys((*likely, *slips))}
        weights = {text: likeness.weight(text) for text in right}
        near = nlargest(NEAREST, right, key=lambda text: (weights[text], text))
        return [Near(right[text], why(path, text)) for text in near]

    def _filled(self, path: str, sample: str) -> str:
        """The path that was meant, if that one was: with the arguments that were given."""
        found = self._open.get(sample)
        return sample if found is None else filled(path, found.constants, found.characters, found.examples)

    def _shown(self, sample: str) -> str:
        found = self._open.get(sample)
        return sample if found is None else found.url


class _Likeness:
    """How likely it is that a path was meant, by a rule of thumb: of one with arguments, only what it has is looked for."""

    __slots__ = ("_common", "_open", "_path")

    def __init__(self, path: str, opened: Mapping[str, Open]) -> None:
        self._path, self._common, self._open = path, Common(path.lower()), opened

    def __call__(self, sample: str) -> tuple[float, str]:
        same = self._common(sample.lower())
        return (same / len(sample) if sample in self._open else self._share(same, sample)), sample

    def weight(self, right: str) -> tuple[bool, float, bool]:
        """How near a path comes: one mistake is nearer than any two; and of paths that are alike, what is whole in it, or it in that."""
        found = difference(self._path, right)
        return found.slip, self._share(self._common(right.lower()), right), not (found.said and found.right)

    def _share(self, same: int, other: str) -> float:
        return 2 * same / (len(self._path) + len(other))


def _slips(path: str, around: Iterable[str]) -> Iterator[str]:
    """All that one mistake makes of it, in the letters of paths around it."""
    if len(path) > SHORT:
        return
    letters = sorted(LETTERS.union(*around))
    for at in range(len(path) + 1):
        before, letter, after = path[:at], path[at : at + 1], path[at + 1 :]
        yield f"{before}{after}"
        yield f"{before}{after[:1]}{letter}{after[1:]}"
        for other in letters:
            yield f"{before}{other}{after}"
            yield f"{before}{other}{letter}{after}"


class _Orders:
    """Paths in the order of their beginnings and in that of their ends."""

    __slots__ = ("_by_beginning", "_by_end")

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_beginning = sorted(paths, key=str.lower)
        self._by_end = sorted(self._by_beginning, key=_backwards)

    def around(self, path: str) -> Iterator[str]:
        """Those beside it in either order."""
        yield from _around(self._by_beginning, path, str.lower)
        yield from _around(self._by_end, path, _backwards)


def _around(ordered: Sequence[str], path: str, key: Callable[[str], str]) -> Sequence[str]:
    place = bisect_left(ordered, key(path), key=key)
    return ordered[max(place - WINDOW, 0) : place + WINDOW]


def _backwards(text: str) -> str:
    return text[::-1].lower()
