"""Requests: what the endpoints of a spec take, and what they refuse. The router and the verbs themselves say which is which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mockbrew.addressing import PREFIX, of_control_plane
from mockbrew.endpoints import Address, line
from mockbrew.errors import BadArgument, NoSuchEndpoint
from mockbrew.strategies.arguments import refused, taken
from mockbrew.strategies.contract import Contract, on_the_wire
from mockbrew.strategies.examples import Command, Illegal, Reading

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")  # that every client can send; OPTIONS is taken everywhere
LETTERS = "abcxyzABCXYZ0189._-/~é "  # that an edit puts into a path
GET = "GET"

Texts = SearchStrategy[tuple[str, ...]]
"""Of the arguments of one address, in the order of its URL."""


def commands(contract: Contract) -> SearchStrategy[Command]:
    """Of any device, and of the rig."""
    return _any_of([command(contract, address, st.sampled_from(["GET", "POST"])) for address in contract.commands])


def readings(contract: Contract) -> SearchStrategy[Reading]:
    """Each of the spec."""
    return st.sampled_from([_reading(address) for address in contract.readings]) if contract.readings else st.nothing()


def illegal(contract: Contract) -> SearchStrategy[Illegal]:
    """Of each sort as often."""
    sorts = (_paths(contract), _methods(contract), _arguments(contract))
    return st.one_of([sort for sort in sorts if not sort.is_empty])


def command(contract: Contract, address: Address, methods: SearchStrategy[str]) -> SearchStrategy[Command]:
    """At one address, with any arguments that it takes; nothing, if it takes none that a URL can have."""
    texts = _texts(contract, address)
    return st.nothing() if texts.is_empty else _command(contract, address, texts, methods)


# Composites, here and below: of what is built otherwise Hypothesis tells the calls that it took, not what came out.
@st.composite
def _command(draw: st.DrawFn, contract: Contract, address: Address, texts: Texts, methods: SearchStrategy[str]) -> Command:
    endpoint, drawn = address.endpoint, draw(texts)
    method, path = draw(methods), line(address.path(drawn))
    assume(status(contract, method, path) == 200)  # else another URL of the rig takes this path
    arguments = contract.typed(endpoint, dict(zip(endpoint.arguments, drawn, strict=True)))
    return Command(endpoint.device, endpoint.verb or "", arguments, method, path)


def status(contract: Contract, method: str, path: str) -> int:
    """With which a rig answers that breaks no rules; 0 where a request is none to its endpoints. path: as in a request line."""
    wire = on_the_wire(path)
    if wire.startswith(PREFIX) or of_control_plane({"PATH_INFO": wire}):
        return 0
    try:
        endpoint, texts = contract.router.match(wire)
        if method not in endpoint.methods:
            return 405
        contract.typed(endpoint, texts)
    except (NoSuchEndpoint, BadArgument) as error:
        return error.status
    return 200


def _reading(address: Address) -> Reading:
    endpoint = address.endpoint
    return Reading(endpoint.device, endpoint.reply.names, GET, line(endpoint.url))


def _texts(contract: Contract, address: Address) -> Texts:
    device = contract.device(address.endpoint)
    arguments = contract.arguments(address.endpoint).values() if device else ()
    return st.tuples(*(taken(argument, device) for argument in arguments if device))


def _any_of(strategies: list[SearchStrategy[Any]]) -> SearchStrategy[Any]:
    """One of them, then what it draws: named in short, where a rig has many."""
    some = [strategy for strategy in strategies if not strategy.is_empty]

    @st.composite
    def drawn(draw: st.DrawFn) -> Any:
        return draw(some[draw(st.integers(0, len(some) - 1))])

    return drawn() if some else st.nothing()


# -- what is refused -----------------------------------------------------------------------------------------------


@st.composite
def _illegal(draw: st.DrawFn, contract: Contract, request: Illegal, paths: SearchStrategy[str], methods: Sequence[str]) -> Illegal:
    """Like `request`. Not what happens to be something else: an edit may lead from one address to another."""
    made = replace(request, method=draw(st.sampled_from(methods)), path=draw(paths))
    assume(status(contract, made.method, made.path) == made.status)
    return made


def _methods(contract: Contract) -> SearchStrategy[Illegal]:
    def at(address: Address) -> SearchStrategy[Illegal]:
        others = [method for method in METHODS if method not in address.endpoint.methods]
        paths = _texts(contract, address).map(lambda texts: line(address.path(texts)))
        return st.nothing() if paths.is_empty else _illegal(contract, _like("method", 405, address), paths, others)

    return _any_of([at(address) for address in contract.addresses])


def _arguments(contract: Contract) -> SearchStrategy[Illegal]:
    """One of them is refused at least."""
    return _any_of([each for address in contract.addresses if address.arguments for each in _misused(contract, address)])


def _misused(contract: Contract, address: Address) -> Iterator[SearchStrategy[Illegal]]:
    device, arguments = contract.device(address.endpoint), list(contract.arguments(address.endpoint).values())
    for wrong in range(len(arguments)) if device else ():
        texts = st.tuples(*((refused if place == wrong else taken)(each, device) for place, each in enumerate(arguments) if device))
        paths = texts.map(lambda texts: line(address.path(texts)))
        yield st.nothing() if paths.is_empty else _illegal(contract, _like("argument", 400, address), paths, ("GET", "POST"))


def _paths(contract: Contract) -> SearchStrategy[Illegal]:
    """An edit of an address that there is."""

    def at(address: Address) -> SearchStrategy[Illegal]:
        return _illegal(contract, _like("path", 404, address), _edited(address.sample).filter(_is_kept).map(line), METHODS)

    return _any_of([at(address) for address in contract.addresses])


def _like(why: str, status: int, address: Address) -> Illegal:
    return Illegal(why, status, "", "", address.endpoint.url)


@st.composite
def _edited(draw: st.DrawFn, path: str) -> str:
    """One character changed, left out, put in, or of the other case; never the first, which makes it a path."""
    at = draw(st.integers(1, len(path)))
    letter = draw(st.sampled_from([*LETTERS, "", path[at : at + 1].swapcase()]))
    return f"{path[:at]}{letter}{path[at + draw(st.integers(0, 1)) :]}"


def _is_kept(path: str) -> bool:
    """Whether every client sends it as it is: many leave out segments that are empty or dots."""
    return not {"", ".", ".."} & set(path.split("/")[1:-1]) and path.rpartition("/")[2] not in (".", "..") and path == path.strip()
