"""Overlaps: URLs with arguments that can be the same path, such as `/set1{a}` and `/set11{a}`.

All URLs become one tree of characters, in which an argument is a place that takes one or more of its own characters. Two places that the
same text leads to are walked on together; where both end a URL, these two overlap. Arguments are taken to be any text of their characters:
that may see an overlap too many in URLs that nobody could read either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

Token = str | frozenset[str]
"""A text, or the characters of an argument."""


@dataclass(slots=True, eq=False)
class _Place:
    """After some text. again: the characters that stay here, in an argument. end: the number of the URL that ends here."""

    again: frozenset[str] | None = None
    texts: dict[str, _Place] = field(default_factory=dict)
    arguments: dict[frozenset[str], _Place] = field(default_factory=dict)
    end: int | None = None

    def takers(self) -> Iterator[tuple[frozenset[str], _Place]]:
        """Where one of several characters leads."""
        yield from self.arguments.items()
        if self.again:
            yield self.again, self


def overlaps(urls: Iterable[Sequence[Token]]) -> Iterator[tuple[int, int]]:
    """The pairs of URLs that can be one path, by number, the lower first. No two may be equal."""
    root = _tree(urls)
    pairs = [(root, root)]
    seen = {frozenset({id(root)})}
    while pairs:
        one, other = pairs.pop()
        if one is not other and one.end is not None and other.end is not None:
            yield min(one.end, other.end), max(one.end, other.end)
        for pair in _together(one, other):
            key = frozenset(map(id, pair))
            if key not in seen:
                seen.add(key)
                pairs.append(pair)


def _tree(urls: Iterable[Sequence[Token]]) -> _Place:
    root = _Place()
    for number, tokens in enumerate(urls):
        place = root
        for token in tokens:
            place = _after(place, token)
        place.end = number
    return root


def _after(place: _Place, token: Token) -> _Place:
    if isinstance(token, frozenset):
        return place.arguments.setdefault(token, _Place(token))
    for character in token:
        place = place.texts.setdefault(character, _Place())
    return place


def _together(one: _Place, other: _Place) -> Iterator[tuple[_Place, _Place]]:
    """Where one more character, the same for both, can lead."""
    for character, place in one.texts.items():
        if character in other.texts:
            yield place, other.texts[character]
        yield from ((place, taker) for characters, taker in other.takers() if character in characters)
    for characters, place in one.takers():
        yield from ((place, after) for character, after in other.texts.items() if character in characters)
        yield from ((place, taker) for taken, taker in other.takers() if characters & taken)
