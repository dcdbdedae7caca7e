"""URLs with arguments: constant texts with arguments between them (`/setCible1_`, `.py`). Pure; built once from a spec.

A werkzeug `Map` has one rule for each beginning that such URLs have (`/setCible`): a rule costs 0.37 ms and 6 KB, so rules may grow with
the interfaces only. Behind a rule, a table knows the constants of each device.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise, product
from typing import NamedTuple

from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, Map, Rule

from mockbrew.devices.declare import Argument
from mockbrew.endpoints import Address, Endpoint
from mockbrew.neighbours import LONGEST
from mockbrew.routes import Place, Route, Shared

ROOT = "/."  # before all rules and paths: werkzeug would make one slash of those that a path begins with, or of none
REMEMBERED = 1024  # paths with arguments
CUTS = 1000  # ways to cut a path at its arguments that are tried: an honest path has one or two, a hostile one millions


class Hit(NamedTuple):
    """An endpoint, the texts of its arguments, whether these are of the arguments' characters, and how much of the path is constant."""

    fits: bool
    constant: int
    endpoint: Endpoint
    texts: tuple[str, ...]


class _Rest(BaseConverter):
    """Whatever follows a beginning.

    It can't be a converter for a device's key followed by one for an argument: when a converter refuses a key, werkzeug (3.1) gives up
    instead of trying the next rule, and a regular expression can't know that in `HLT_1_66` the key is `HLT_1`.
    """

    regex = "(?s:.*)"
    part_isolating = False


class Opened:
    """All URLs with arguments. apart: whether certainly no path of one is one of another, and each has some."""

    __slots__ = ("_known", "_tables", "_urls", "apart")

    def __init__(self, opened: Sequence[Shared]) -> None:
        grouped: dict[str, list[Shared]] = {}
        for route, entries in opened:
            grouped.setdefault(_beginning(route), []).append((route, entries))
        tables = {beginning: _Table(group) for beginning, group in grouped.items()}
        rules = [Rule(f"{ROOT}{beginning}<rest:rest>", endpoint=_shortening(beginning, tables)) for beginning in tables]
        self._urls = Map(rules, converters={"rest": _Rest}, merge_slashes=False, redirect_defaults=False).bind("")
        self._known: dict[str, Hit] = {}
        self._tables = [*tables.values()]
        reached = not any("/" in argument.characters for route, _ in opened for argument in route.arguments)
        first = sorted(constants[0] for table in self._tables for constants in table.places)
        count = sum(len(entries) for _, entries in opened)
        # What begins with a text stands, in their order, right behind it.
        self.apart = reached and len(first) == count and not any(after.startswith(before) for before, after in pairwise(first))

    def addresses(self) -> Iterator[Address]:
        """Where each is."""
        return (route.address(entry) for table in self._tables for route, entry in table.places.values())

    def known(self, path: str) -> Hit | None:
        """As `find`, which takes a tenth of a command's time: of what was asked for lately it is known."""
        hit = self._known.get(path)
        if hit is None:
            hit = self.find(path)
            if hit is not None and len(path) <= LONGEST:
                if len(self._known) >= REMEMBERED:
                    self._known.clear()  # as rare as that many setpoints: simpler than an order of use
                self._known[path] = hit
        return hit

    def find(self, path: str) -> Hit | None:
        """The best endpoint."""
        try:
            tables, _ = self._urls.match(f"{ROOT}{path}", "GET")
        except HTTPException:
            return None
        hits = (table.find(path) for table in tables)
        return max((hit for hit in hits if hit is not None), key=lambda hit: hit[:2], default=None)


def _beginning(route: Route) -> str:
    """A text that its URLs begin with, of characters that a werkzeug rule can have."""
    return wire(route.beginning).partition("<")[0]


def _shortening(beginning: str, tables: Mapping[str, _Table]) -> tuple[_Table, ...]:
    """The tables of a beginning and of all shorter ones that it begins with: werkzeug finds the longest one only."""
    return tuple(tables[beginning[:end]] for end in range(len(beginning), -1, -1) if beginning[:end] in tables)


class _Table:
    """The URLs of one beginning: the constant texts of each, and of what lengths such texts are."""

    __slots__ = ("_inner", "_lengths", "places")

    def __init__(self, group: Iterable[Shared]) -> None:
        self.places: dict[tuple[str, ...], Place] = {}
        for route, entries in group:
            for constants, entry in zip(route.constants(entries), entries, strict=True):
                self.places.setdefault(tuple(map(wire, constants)), (route, entry))
        lengths = {tuple(map(len, constants)) for constants in self.places}
        self._lengths = sorted(lengths, key=lambda of: (sum(of), of), reverse=True)
        self._inner = {text for constants in self.places for text in constants[1:-1]}

    def find(self, path: str) -> Hit | None:
        """The first whose texts fit, else the first of all: both have the most constant text of their sort."""
        first = None
        for hit in self._hits(path):
            if hit.fits:
                return hit
            first = first or hit
        return first

    def _hits(self, path: str) -> Iterator[Hit]:
        """Those with the most constant text first."""
        for lengths in self._lengths:
            for constants, texts in self._cuts(path, lengths):
                place = self.places.get(constants)
                if place is not None and not any("/" in text for text in texts):
                    yield Hit(all(map(_fits, place[0].arguments, texts)), sum(lengths), endpoint_of(place), texts)

    def _cuts(self, path: str, lengths: tuple[int, ...]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """The ways to see a path as constants of these lengths with arguments between them: one way if there is one argument."""
        first, *inner, last = lengths
        final = len(path) - last
        places = ([at for at in range(first, final - length + 1) if path[at : at + length] in self._inner] for length in inner)
        for starts in islice(product(*places), CUTS):
            begins = (0, *starts, final)
            ends = [begin + length for begin, length in zip(begins, lengths, strict=True)]
            gaps = list(zip(ends, begins[1:], strict=False))
            if all(begin <= end for begin, end in gaps):
                constants = tuple(path[begin:end] for begin, end in zip(begins, ends, strict=True))
                yield constants, tuple(path[begin:end] for begin, end in gaps)


def _fits(argument: Argument, text: str) -> bool:
    """Whether it is of the argument's characters, as `check` takes arguments: of two URLs that it lets be, one at most fits."""
    return bool(text) and argument.characters.issuperset(text_of(text))


def endpoint_of(place: Place) -> Endpoint:
    """The endpoint of one device, or of the rig."""
    route, entry = place
    return route.address(entry).endpoint


# -- the wire ------------------------------------------------------------------------------------------------------


def wire(text: str) -> str:
    """A text of the spec as WSGI would show it."""
    return text if text.isascii() else text.encode().decode("latin-1")


def text_of(wire: str) -> str:
    """What a text of WSGI says; bytes that say nothing become replacement characters."""
    return wire if wire.isascii() else wire.encode("latin-1", "replace").decode("utf-8", "replace")
