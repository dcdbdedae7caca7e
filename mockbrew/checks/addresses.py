"""Addresses: the URLs of a rig with every device's own words put in, and which of them collide."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mockbrew.checks.endpoints import Written
from mockbrew.checks.findings import Finding, Path, described, dotted, shown
from mockbrew.checks.fits import ID, arguments_of
from mockbrew.checks.overlaps import Token, overlaps
from mockbrew.checks.urls import faults_of_path, foreign_in
from mockbrew.checks.users import User
from mockbrew.devices.declare import Argument
from mockbrew.pattern import Part, split


@dataclass(frozen=True, slots=True)
class Address:
    """One URL of a rig. owner: the entry's path, or that of the endpoint where it is the rig's. url: as messages show it.

    shape: the same for URLs that differ only in the names of their arguments.
    """

    owner: Path
    endpoint: Written
    url: str
    shape: str
    tokens: tuple[Token, ...]


def of_the_rig(endpoints: Iterable[Written]) -> Iterator[Address]:
    """The addresses of endpoints without placeholders."""
    return (Address(endpoint.path, endpoint, endpoint.url, endpoint.url, (endpoint.url,)) for endpoint in endpoints)


def of_users(users: Iterable[User], tainted: Container[Path]) -> Iterator[Address | Finding]:
    """The addresses of sound entries, and what can't stand in them."""
    patterns: dict[str, tuple[Part, ...]] = {}
    for user in users:
        if user.entry.device is not None and user.entry.path not in tainted and user.sure:
            for endpoint in user.endpoints:
                if not any(path in tainted for path in (endpoint.path, endpoint.url_path, endpoint.verb_path)):
                    parts = patterns.get(endpoint.url) or patterns.setdefault(endpoint.url, split(endpoint.url))
                    yield _address(user, endpoint, parts)


def _address(user: User, endpoint: Written, parts: Iterable[Part]) -> Address | Finding:
    arguments = arguments_of(user.kind, endpoint)
    for name in endpoint.in_url:
        wrong = None if name in arguments else _unfit(user, name)
        if wrong:
            return wrong
    bound = [part if isinstance(part, str) or part.name in arguments else str(_value(user, part.name)) for part in parts]
    address = _bound(user.entry.path, endpoint, bound, arguments)
    return next((Finding(user.entry.path, f"its URL {message}") for message in faults_of_path(address.url)), address)


def _bound(owner: Path, endpoint: Written, parts: Sequence[Part], arguments: Mapping[str, Argument]) -> Address:
    if not arguments:  # nearly all
        url = "".join(map(str, parts))
        return Address(owner, endpoint, url, url, (url,))
    url = "".join(part if isinstance(part, str) else f"{{{part.name}}}" for part in parts)
    shape = "".join(part if isinstance(part, str) else "{}" for part in parts)
    tokens = tuple(part if isinstance(part, str) else arguments[part.name].characters for part in parts)
    return Address(owner, endpoint, url, shape, tokens)


def _value(user: User, name: str) -> object:
    if name == ID:
        return user.entry.name
    return user.entry.words[name] if name in user.entry.words else getattr(user.entry.device, name)


def _unfit(user: User, name: str) -> Finding | None:
    """What is wrong with a value as a part of a URL, if anything."""
    value, path = _value(user, name), (*user.entry.path, name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return Finding(path, f"{described(value)}; in a URL it must be a text or an integer")
    foreign = foreign_in(value) if isinstance(value, str) else None
    return Finding(path, f"{shown(value)} can't stand in a URL: {foreign}") if foreign else None


# -- collisions ----------------------------------------------------------------------------------------------------


def collisions(addresses: Iterable[Address]) -> Iterator[Finding]:
    """URLs that two endpoints have, and such as can be the same path. One finding for two devices, however many of theirs collide.

    A URL without arguments may be what one with arguments matches: it goes first.
    """
    first: dict[str, Address] = {}
    equal = ((address, first.setdefault(address.shape, address)) for address in addresses)
    found = [_equal(address, other) for address, other in equal if other is not address]
    opened = [address for address in first.values() if any(isinstance(token, frozenset) for token in address.tokens)]
    found += [_overlapping(opened[later], opened[one]) for one, later in overlaps(address.tokens for address in opened)]
    yield from {(path, other): Finding(path, message) for path, other, message in reversed(found)}.values()


def _equal(later: Address, first: Address) -> tuple[Path, Path, str]:
    address, other = _blamed(later, first)
    endpoint = address.endpoint
    if endpoint.url_path == other.endpoint.url_path and endpoint.url == address.url:
        both = f"{dotted(other.owner)} and {dotted(address.owner)} both get {shown(address.url)}"
        return endpoint.url_path, endpoint.url_path, f"{both}; put something of the device into it, such as {{id}}"
    return *_places(address, other), f"{_whose(address)} is also that of {_other(address, other)}; give every endpoint a URL of its own"


def _overlapping(later: Address, first: Address) -> tuple[Path, Path, str]:
    address, other = _blamed(later, first)
    both = f"{_whose(address)} can be the same path as {shown(other.url)} of {_other(address, other)}"
    return *_places(address, other), f"{both}; put a text beside the argument that it can't contain, such as '_'"


def _blamed(later: Address, first: Address) -> tuple[Address, Address]:
    """The one to change and the one to keep: a URL of one device's own collides with what others share, not they with it."""
    return (first, later) if _own(first) and not _own(later) else (later, first)


def _own(address: Address) -> bool:
    return address.endpoint.url_path[0] == "overrides"


def _places(address: Address, other: Address) -> tuple[Path, Path]:
    """Where to say it, and of whom: of two endpoints of one device or of an override, or of two devices."""
    if address.owner == other.owner or _own(address):
        return address.endpoint.url_path, other.endpoint.url_path
    return address.owner, other.owner


def _whose(address: Address) -> str:
    return f"the URL {shown(address.url)} of {dotted(address.owner)}"


def _other(address: Address, other: Address) -> str:
    return f"its {shown(other.endpoint.name)}" if address.owner == other.owner else dotted(other.owner)
