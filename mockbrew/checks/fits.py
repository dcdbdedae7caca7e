"""How an endpoint suits a kind: whether the kind has the verb, and what each placeholder means to it.

A placeholder means, in a URL, an argument of the verb, the id, an option, or a word of the device itself; in a reply also a reading, which
comes before an option of the same name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

from mockbrew.checks.endpoints import Written
from mockbrew.checks.findings import Finding, Path
from mockbrew.devices.base import Device, by_kind, options
from mockbrew.devices.declare import NONE, Argument
from mockbrew.pattern import Placeholder, split

ID = "id"
OF_A_NUMBER = "-.0123456789"  # the characters of the texts that a Number accepts


class Use(NamedTuple):
    """A placeholder at its place, which is the URL's or that of a text of the reply."""

    endpoint: Written
    name: str
    place: Path

    @property
    def in_url(self) -> bool:
        return self.place == self.endpoint.url_path


@dataclass(frozen=True, slots=True)
class Demands:
    """What endpoints ask of a device of one kind.

    verbs: those that the kind lacks, with their places; the endpoints that give them are not judged further. words: the names that mean
    nothing to the kind, so that the device must have them itself. means: the names that mean something to it. misused: what is wrong
    whatever the device says.
    """

    verbs: Mapping[str, Path]
    words: Mapping[str, tuple[Use, ...]]
    means: frozenset[str]
    misused: tuple[Finding, ...]


def demands(kind: type[Device], endpoint: Written) -> Demands:
    """What an endpoint asks of a device of this kind."""
    if endpoint.verb is not None and endpoint.verb not in kind.verbs:
        return Demands({endpoint.verb: endpoint.verb_path}, NONE, frozenset(), ())
    meaning, uses, words = meanings(kind), [*_uses(endpoint)], dict[str, tuple[Use, ...]]()
    for use in uses:
        if use.name not in meaning:
            words[use.name] = (*words.get(use.name, ()), use)
    means = frozenset(use.name for use in uses if use.name in meaning)
    return Demands(NONE, words, means, tuple(_misused(kind, endpoint)))


def together(asked: Sequence[Demands]) -> Demands:
    """What several endpoints of a device ask of it."""
    words: dict[str, tuple[Use, ...]] = {}
    for name, uses in chain.from_iterable(each.words.items() for each in asked):
        words[name] = (*words.get(name, ()), *uses)
    verbs = {verb: path for each in asked for verb, path in each.verbs.items()}
    return Demands(verbs, words, frozenset().union(*(each.means for each in asked)), tuple(chain(*(each.misused for each in asked))))


def arguments_of(kind: type[Device], endpoint: Written) -> Mapping[str, Argument]:
    """The arguments that an endpoint's URL must have."""
    return kind.verbs[endpoint.verb].arguments if endpoint.verb is not None else NONE


@by_kind
def meanings(kind: type[Device]) -> Mapping[str, str]:
    """Every name that a kind gives a meaning, and which: what a device's own words may not be called."""
    arguments = {name: f"an argument of {word!r}" for word, verb in kind.verbs.items() for name in verb.arguments}
    readings = dict.fromkeys(kind.readings, "a reading")
    return MappingProxyType({**arguments, **dict.fromkeys(options(kind), "an option"), **readings, ID: "the name"})


def usable(kind: type[Device], use: Use) -> set[str]:
    """The names of a kind that may stand where this one does."""
    return {ID, *options(kind), *arguments_of(kind, use.endpoint), *(() if use.in_url else kind.readings)}


def _uses(endpoint: Written) -> Iterator[Use]:
    yield from (Use(endpoint, name, endpoint.url_path) for name in endpoint.in_url)
    yield from (Use(endpoint, name, place) for name, place in endpoint.in_reply)


# -- names in the wrong place --------------------------------------------------------------------------------------


def _misused(kind: type[Device], endpoint: Written) -> Iterator[Finding]:
    own = arguments_of(kind, endpoint)
    others = {name: word for word, verb in kind.verbs.items() for name in verb.arguments if name not in own}
    yield from _arguments(endpoint, own)
    for use in _uses(endpoint):
        # An option that is the first value of an argument can be shown, but a URL with it would look as if it took the argument.
        if use.name in others and (use.in_url or use.name not in usable(kind, use)):
            yield Finding(use.place, _argument_of_another(use, others[use.name]))
        elif use.name in kind.readings and use.name not in usable(kind, use):
            yield Finding(use.place, f"{{{use.name}}} is a reading of a {kind.kind}, and a URL never changes; put it into the reply")


def _argument_of_another(use: Use, verb: str) -> str:
    here = f"the verb here is {use.endpoint.verb!r}" if use.endpoint.verb else "a reading takes no arguments"
    return f"{{{use.name}}} is an argument of {verb!r}, and {here}; write verb = {verb!r}, or another placeholder"


def _arguments(endpoint: Written, own: Mapping[str, Argument]) -> Iterator[Finding]:
    """What is wrong with the arguments in a URL."""
    path = endpoint.url_path
    for name in own:
        count = endpoint.in_url.count(name)
        if count == 0:
            message = f"it lacks {{{name}}}, an argument of {endpoint.verb!r}; put it where the client writes the value"
            yield Finding(path, message, absent=(*path, name))
        elif count > 1:
            yield Finding(path, f"it has {{{name}}} {count} times; a client writes an argument once")
    yield from (Finding(path, message) for message in _joined(endpoint.url, own))


def _joined(url: str, own: Mapping[str, Argument]) -> Iterator[str]:
    """Arguments with nothing between them that tells where one ends."""
    before, between = "", ""
    for part in split(url):
        if not isinstance(part, Placeholder):
            between += part
        elif part.name in own:
            if before and not between.strip(OF_A_NUMBER):
                yield f"nothing tells where {{{before}}} ends and {{{part.name}}} begins; put a text between them, such as '_'"
            before, between = part.name, ""
