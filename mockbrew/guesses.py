"""Guesses: of very many endpoints those that may be meant by a path at which nothing answers. Pure; nothing of it grows with their number.

`Neighbours` copies all paths, in two orders: of 300,000 that is a second and 140 MB in each process. Here are, instead of all of them:
those of the devices whose names stand in the path, and of those that have it once a slip in how it begins is put right; and for the form
some of each pattern, which also show what the rig itself has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from mockbrew.endpoints import Address
from mockbrew.misspelling import difference
from mockbrew.neighbours import LONGEST, SHORT
from mockbrew.opened import Opened, wire
from mockbrew.routes import Place, Shared, addresses_of
from mockbrew.spec import Spec

PATTERNS = 64  # of which some are shown
EACH = 3  # of each
NAMED = 8  # devices whose names stand in a path: the longest ones


class Guesses:
    """What may be meant, of all endpoints of a spec."""

    __slots__ = ("_beginnings", "_examples", "_opened", "_spec")

    def __init__(self, spec: Spec, every: Iterable[Shared], opened: Opened) -> None:
        """every: the spec's endpoints, as they are shared. opened: those with arguments."""
        shown = [*islice(every, PATTERNS)]
        self._spec, self._opened = spec, opened
        self._examples: Sequence[Place] = [(route, entry) for route, entries in shown for entry in entries[:EACH]]
        self._beginnings = {route.beginning for route, _ in shown if route.arguments}

    def of(self, path: str) -> Iterator[Address]:
        """Endpoints that may be meant, in no order, some perhaps twice."""
        if len(path) > LONGEST:
            return
        yield from (route.address(entry) for route, entry in self._examples)
        yield from addresses_of(self._spec, dict.fromkeys((*self._named(path), *self._put_right(path))))

    def _named(self, path: str) -> Sequence[str]:
        """The devices whose names stand in it."""
        written = (path[:SHORT], path[:SHORT].upper(), path[:SHORT].lower())
        texts = {text[begin:end] for text in written for begin in range(len(text)) for end in range(begin + 1, len(text) + 1)}
        return sorted((text for text in texts if text in self._spec.entries), key=lambda name: (-len(name), name))[:NAMED]

    def _put_right(self, path: str) -> Iterator[str]:
        """The devices of endpoints with arguments that it means, if the words before these are put right."""
        for right in self._beginnings:
            for length in (len(right) - 1, len(right), len(right) + 1):
                said, rest = path[:length], path[length:]
                hit = self._opened.find(wire(f"{right}{rest}")) if difference(said, right).slip else None
                if hit is not None and hit.endpoint.device is not None:
                    yield hit.endpoint.device
