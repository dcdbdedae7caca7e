"""The router: which endpoint a path means, and which texts stand in it for arguments. Pure; built once from a spec.

Every URL without arguments stands, written out, in a dict: the hot path. A URL with arguments is constant texts with arguments between
them (`/setCible1_`, `.py`). A werkzeug `Map` has one rule for each beginning that such URLs have (`/setCible`): a rule costs 0.37 ms and
6 KB, so rules may grow with the interfaces only. Behind a rule, a table knows the constants of each device.

- A path without arguments beats one with; one whose arguments could be right beats one whose can't; more constant text beats less.
- An argument is any text without "/", also the empty one: whether it is a good one is the verb's business, whose refusal names the range.
- Nothing is redirected, merged or completed: a path means an endpoint or it doesn't.
- Paths are WSGI's: bytes that were decoded as Latin-1. The spec and messages have the text that those bytes are in UTF-8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import NamedTuple

from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, Map, Rule

from mockbrew.devices.declare import NONE, Argument
from mockbrew.endpoints import Address, Endpoint, addresses
from mockbrew.errors import Fault, NoSuchEndpoint, SpecError
from mockbrew.neighbours import LONGEST, Neighbours, Open
from mockbrew.spec import Spec


class Router:
    """All endpoints of a spec, in its order, and the way from a path to one of them."""

    __slots__ = ("_fixed", "_neighbours", "_open", "endpoints")

    def __init__(self, spec: Spec) -> None:
        """Raises SpecError if two endpoints have one URL, or if no request reaches one because another takes its paths."""
        self._fixed: dict[str, Endpoint] = {}
        endpoints: list[Endpoint] = []
        opened: list[Address] = []
        faults: list[Fault] = []
        for address in addresses(spec):
            endpoints.append(address.endpoint)
            if address.examples:
                opened.append(address)
            else:
                first = self._fixed.setdefault(_wire(address.endpoint.url), address.endpoint)
                if first is not address.endpoint:
                    faults.append(_fault(address, first))
        self.endpoints = tuple(endpoints)
        self._open = _Open(opened)
        for address in opened:
            hit = self._open.find(_wire(address.sample))
            if hit is None or hit.endpoint is not address.endpoint:
                faults.append(_fault(address, hit and hit.endpoint))
        if faults:
            raise SpecError("spec", faults)
        urls, samples = [endpoint.url for endpoint in self._fixed.values()], {address.sample: _opened(address) for address in opened}
        self._neighbours = Neighbours(urls, samples, lambda path: _wire(path) in self._fixed)

    def match(self, path: str) -> tuple[Endpoint, Mapping[str, str]]:
        """The endpoint of a path (PATH_INFO), and the texts of its arguments by name. Raises NoSuchEndpoint."""
        endpoint = self._fixed.get(path)
        if endpoint is not None:
            return endpoint, NONE
        found = self._open.known(path)
        if found is not None:
            return found.endpoint, dict(zip(found.endpoint.arguments, map(_text, found.texts), strict=True))
        raise self._no_such(_text(path))

    def knows(self, path: str) -> bool:
        """Whether a path means an endpoint."""
        return path in self._fixed or self._open.find(path) is not None

    def _no_such(self, path: str) -> NoSuchEndpoint:
        return NoSuchEndpoint(path if len(path) <= LONGEST else f"{path[:LONGEST]}...", self._neighbours.of(path))


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


# -- URLs with arguments -------------------------------------------------------------------------------------------

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


class _Open:
    """All URLs with arguments."""

    __slots__ = ("_known", "_urls")

    def __init__(self, opened: Sequence[Address]) -> None:
        grouped: dict[str, list[Address]] = {}
        for address in opened:
            grouped.setdefault(_beginning(address), []).append(address)
        tables = {beginning: _Table(group) for beginning, group in grouped.items()}
        rules = [Rule(f"{ROOT}{beginning}<rest:rest>", endpoint=_shortening(beginning, tables)) for beginning in tables]
        self._urls = Map(rules, converters={"rest": _Rest}, merge_slashes=False, redirect_defaults=False).bind("")
        self._known: dict[str, Hit] = {}

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


def _beginning(address: Address) -> str:
    """A text that its URL begins with, of characters that a werkzeug rule can have."""
    return _wire(address.beginning).partition("<")[0]


def _shortening(beginning: str, tables: Mapping[str, _Table]) -> tuple[_Table, ...]:
    """The tables of a beginning and of all shorter ones that it begins with: werkzeug finds the longest one only."""
    return tuple(tables[beginning[:end]] for end in range(len(beginning), -1, -1) if beginning[:end] in tables)


class _Table:
    """The URLs of one beginning: the constant texts of each, and of what lengths such texts are."""

    __slots__ = ("_endpoints", "_inner", "_lengths")

    def __init__(self, group: Iterable[Address]) -> None:
        self._endpoints: dict[tuple[str, ...], tuple[Endpoint, Sequence[Argument]]] = {}
        for address in group:
            self._endpoints.setdefault(tuple(map(_wire, address.constants)), (address.endpoint, address.arguments))
        lengths = {tuple(map(len, constants)) for constants in self._endpoints}
        self._lengths = sorted(lengths, key=lambda of: (sum(of), of), reverse=True)
        self._inner = {text for constants in self._endpoints for text in constants[1:-1]}

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
                endpoint, arguments = self._endpoints.get(constants, (None, ()))
                if endpoint is not None and not any("/" in text for text in texts):
                    yield Hit(all(map(_fits, arguments, texts)), sum(lengths), endpoint, texts)

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
    return bool(text) and argument.characters.issuperset(_text(text))


# -- the wire ------------------------------------------------------------------------------------------------------


def _wire(text: str) -> str:
    """A text of the spec as WSGI would show it."""
    return text if text.isascii() else text.encode().decode("latin-1")


def _text(wire: str) -> str:
    """What a text of WSGI says; bytes that say nothing become replacement characters."""
    return wire if wire.isascii() else wire.encode("latin-1", "replace").decode("utf-8", "replace")
