"""The router: which endpoint a path means, and which texts stand in it for arguments. Pure; built once from a spec.

Every URL without arguments stands, written out, in a dict: the hot path. Behind it is not the endpoint but what makes one, when it is first
asked for: there may be 300,000. How URLs with arguments are found is in `opened`.

- A path without arguments beats one with; one whose arguments could be right beats one whose can't; more constant text beats less.
- An argument is any text without "/", also the empty one: whether it is a good one is the verb's business, whose refusal names the range.
- Nothing is redirected, merged or completed: a path means an endpoint or it doesn't.
- Paths are WSGI's: bytes that were decoded as Latin-1. The spec and messages have the text that those bytes are in UTF-8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, repeat
from typing import overload

from mockbrew.devices.declare import NONE
from mockbrew.endpoints import Address, Endpoint
from mockbrew.errors import Fault, NoSuchEndpoint, SpecError
from mockbrew.guesses import Guesses
from mockbrew.neighbours import LONGEST, Neighbours, Open
from mockbrew.opened import Opened, endpoint_of, text_of, wire
from mockbrew.routes import Place, addresses, places, shared
from mockbrew.spec import Spec

MANY = 2**14  # endpoints up to which a path that means none is compared with all of them
MET = 2**16  # endpoints without arguments that are kept once they are made, some 300 bytes each


class Router:
    """All endpoints of a spec, in its order, and the way from a path to one of them."""

    __slots__ = ("_fixed", "_guesses", "_met", "_neighbours", "_open", "endpoints")

    def __init__(self, spec: Spec, *, many: int = MANY) -> None:
        """Raises SpecError if two endpoints have one URL, or if no request reaches one because another takes its paths.

        many: with more endpoints, a path that means none is compared with some of them.
        """
        every = [*shared(spec)]
        fixed, opened = [each for each in every if not each[0].arguments], [each for each in every if each[0].arguments]
        self.endpoints: Sequence[Endpoint] = Endpoints(spec, sum(len(entries) for _, entries in every))
        self._met: dict[str, Endpoint] = {}
        self._fixed: dict[str, Place] = {}
        for route, entries in fixed:
            urls = map(wire, chain.from_iterable(route.constants(entries)))
            self._fixed.update(zip(urls, zip(repeat(route), entries), strict=False))
        self._open = Opened(opened)
        self._neighbours: Neighbours | None = None
        if len(self._fixed) < sum(len(entries) for _, entries in fixed) or not self._open.apart:
            self._open = _judged(spec)
        self._guesses = Guesses(spec, every, self._open) if len(self.endpoints) > many else None

    def match(self, path: str) -> tuple[Endpoint, Mapping[str, str]]:
        """The endpoint of a path (PATH_INFO), and the texts of its arguments by name. Raises NoSuchEndpoint."""
        endpoint = self._met.get(path) or self._meet(path)
        if endpoint is not None:
            return endpoint, NONE
        found = self._open.known(path)
        if found is not None:
            return found.endpoint, dict(zip(found.endpoint.arguments, map(text_of, found.texts), strict=True))
        raise self._no_such(text_of(path))

    def knows(self, path: str) -> bool:
        """Whether a path means an endpoint."""
        return path in self._fixed or self._open.find(path) is not None

    def _meet(self, path: str) -> Endpoint | None:
        """The endpoint of a path that was not asked for lately, if it is one without arguments."""
        place = self._fixed.get(path)
        if place is None:
            return None
        if len(self._met) >= MET:
            self._met.clear()  # as rare as that many devices: simpler than an order of use
        endpoint = self._met[path] = endpoint_of(place)
        return endpoint

    def _no_such(self, path: str) -> NoSuchEndpoint:
        return NoSuchEndpoint(path if len(path) <= LONGEST else f"{path[:LONGEST]}...", self._near(path).of(path))

    def _near(self, path: str) -> Neighbours:
        """All that it is compared with."""
        if self._guesses is not None:
            return self._among([*self._guesses.of(path)])
        if self._neighbours is None:  # most processes never need them
            self._neighbours = self._compared(map(text_of, self._fixed), self._open.addresses())
        return self._neighbours

    def _among(self, guessed: Sequence[Address]) -> Neighbours:
        fixed = dict.fromkeys(address.sample for address in guessed if not address.arguments)
        return self._compared(fixed, (address for address in guessed if address.arguments))

    def _compared(self, fixed: Iterable[str], opened: Iterable[Address]) -> Neighbours:
        return Neighbours(fixed, {address.sample: _opened(address) for address in opened}, lambda path: wire(path) in self._fixed)


def _judged(spec: Spec) -> Opened:
    """The URLs with arguments, where one may be in the way of another. Raises SpecError."""
    opened = Opened([(route, (entry,)) for route, entry in places(spec) if route.arguments])
    first: dict[str, Endpoint] = {}
    faults = {True: list[Fault](), False: list[Fault]()}
    for address in addresses(spec):
        if address.examples:
            hit = opened.find(wire(address.sample))
            meant = hit and hit.endpoint
        else:
            meant = first.setdefault(address.endpoint.url, address.endpoint)
        if meant != address.endpoint:
            faults[not address.examples].append(_fault(address, meant))
    if any(faults.values()):
        raise SpecError("spec", [*faults[True], *faults[False]])
    return opened


def _opened(address: Address) -> Open:
    characters = tuple(argument.characters for argument in address.arguments)
    return Open(address.endpoint.url, address.constants, characters, address.examples)


def _fault(address: Address, meant: Endpoint | None) -> Fault:
    """A path that is made for this address means another endpoint, or none."""
    endpoint = address.endpoint
    where = f"devices.{endpoint.device}" if endpoint.device else f"rig.endpoints.{endpoint.name}"
    what = f"endpoint {endpoint.name!r}, {endpoint.url!r}"
    if meant is None:
        return Fault(0, 0, where, f"{what}: no path reaches it; give it a URL that has no '/' where its arguments stand")
    other = f"{meant.url!r}, endpoint {meant.name!r} of {meant.device or 'the rig'}"
    return Fault(0, 0, where, f"{what}: its path {address.sample!r} means {other}; change one of the two")


class Endpoints(Sequence[Endpoint]):
    """All endpoints of a spec, in its order. Each is made when it is asked for: there may be 300,000, of which few ever are."""

    __slots__ = ("_count", "_spec")

    def __init__(self, spec: Spec, count: int) -> None:
        self._spec, self._count = spec, count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Endpoint]:
        return (address.endpoint for address in addresses(self._spec))

    @overload
    def __getitem__(self, at: int) -> Endpoint: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Endpoint, ...]: ...
    def __getitem__(self, at: int | slice) -> Endpoint | tuple[Endpoint, ...]:
        if isinstance(at, slice):
            return tuple(self)[at]
        return next(islice(self, range(self._count)[at], None))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # it is compared by what is in it
