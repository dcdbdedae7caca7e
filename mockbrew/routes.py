"""Routes: the patterns of the spec's interfaces as the devices of one kind have them, of which endpoints are made when they are asked for.

With 100,000 devices of three endpoints each, what endpoints can share they share: parsed URLs, shapes, and the reply of one device.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import repeat
from typing import Any

from mockbrew.devices.base import Device
from mockbrew.devices.declare import NONE, Argument
from mockbrew.endpoints import Address, Endpoint, alternate, constant
from mockbrew.pattern import Part, split
from mockbrew.shapes import Reply, Shape, as_text, compile_shape
from mockbrew.spec import Entry, Pattern, Spec


def addresses(spec: Spec) -> Iterator[Address]:
    """Every endpoint of a spec and where it is, in the order of the spec: the rig's, then each device's."""
    routes = _Routes(spec)
    yield from _of(None, routes.of_the_rig)
    for name, entry in spec.entries.items():
        yield from _of(entry, routes.of(name, entry))


def of_devices(spec: Spec, names: Iterable[str]) -> Iterator[Endpoint]:
    """The endpoints of these devices."""
    return (address.endpoint for address in addresses_of(spec, names))


def addresses_of(spec: Spec, names: Iterable[str]) -> Iterator[Address]:
    """The same, and where they are. It looks at no other device."""
    names = [*names]
    routes = _Routes(spec, frozenset(names))
    return (address for name in names for address in _of(spec.entries[name], routes.of(name, spec.entries[name])))


def places(spec: Spec) -> Iterator[Place]:
    """The same endpoints in the same order, none of them made."""
    routes = _Routes(spec)
    yield from ((route, None) for route in routes.of_the_rig)
    for name, entry in spec.entries.items():
        yield from ((route, entry) for route in routes.of(name, entry))


def shared(spec: Spec) -> Iterable[Shared]:
    """Every route of a spec with all that have it: the rig, which is None, or devices. What only some devices override comes last."""
    routes, special = _Routes(spec), dict.fromkeys(name for name, _ in spec.overrides)
    having: dict[Route, list[Entry | None]] = {route: [None] for route in routes.of_the_rig}
    for alike in _alike(entry for name, entry in spec.entries.items() if name not in special):
        having.update((route, [*alike]) for route in routes.of(alike[0].device.name, alike[0]))
    for entry in (spec.entries[name] for name in special):
        for route in routes.of(entry.device.name, entry):
            having.setdefault(route, []).append(entry)
    return having.items()


def _alike(entries: Iterable[Entry]) -> Iterable[Sequence[Entry]]:
    """Those of one kind with one interface together."""
    grouped: dict[tuple[str | None, type[Device]], list[Entry]] = {}
    for entry in entries:
        grouped.setdefault((entry.interface, type(entry.device)), []).append(entry)
    return grouped.values()


class Route:
    """A pattern as the devices of one kind use it: all that their endpoints share.

    arguments: of its URL, in their order. beginning: how its URL begins whatever device has it.
    """

    __slots__ = ("_constants", "_names", "_parts", "_pattern", "_shape", "_url", "arguments", "beginning")

    def __init__(self, pattern: Pattern, arguments: Mapping[str, Argument], shape: Shape) -> None:
        self._pattern, self._shape = pattern, shape
        self._parts = split(pattern.url)
        self._names = tuple(part.name for part in self._parts if not isinstance(part, str) and part.name in arguments)
        self.arguments = [arguments[name] for name in self._names]
        self.beginning = next((part for part in self._parts[:1] if isinstance(part, str)), "")
        self._constants = _templates(self._parts, self._names)
        self._url = alternate(self._constants, [f"{{{name}}}" for name in self._names])

    def address(self, entry: Entry | None, texts: _Texts | None = None, replies: dict[int, Reply] | None = None) -> Address:
        """Of one of the devices, None for the rig. texts, replies: what is made already for other endpoints of the same."""
        texts, pattern, device = _Texts(entry) if texts is None else texts, self._pattern, entry.device if entry else None
        url, reply = self._url % texts, self._reply(texts.value, {} if replies is None else replies)
        endpoint = Endpoint(pattern.name, device.name if device else None, pattern.verb, self._names, url, reply, pattern.content_type)
        if not self.arguments:
            return Address(endpoint, (url,), (), self.beginning)
        constants = tuple(template % texts for template in self._constants)
        return Address(endpoint, constants, tuple(argument.example(device) for argument in self.arguments), self.beginning, self.arguments)

    def _reply(self, value: Callable[[str], Any], replies: dict[int, Reply]) -> Reply:
        shape = self._shape
        reply = replies.get(id(shape))  # by identity: to hash it would cost more than to bind it
        if reply is None:
            reply = replies[id(shape)] = shape.bind({name: value(name) for name in shape.constants})
        return reply

    def constants(self, entries: Sequence[Entry | None]) -> Iterator[tuple[str, ...]]:
        """The texts around the arguments, of each of these devices: faster by far than one after the other."""
        columns: list[list[Sequence[str]]] = [[]]
        for part in self._parts:
            if isinstance(part, str):
                columns[-1].append([part] * len(entries))
            elif part.name in self._names:
                columns.append([])
            else:
                columns[-1].append(_texts_of(part.name, entries))
        return zip(*(map("".join, zip(*each, strict=True)) if each else repeat("", len(entries)) for each in columns), strict=True)


Place = tuple[Route, Entry | None]
"""A route and the device that has it, or None for the rig: of it an endpoint is made when somebody asks for it."""

Shared = tuple[Route, Sequence[Entry | None]]


class _Routes:
    """The routes of a spec, each made once; equal shapes are one."""

    __slots__ = ("_by_interface", "_made", "_shapes", "_spec", "_special", "of_the_rig")

    def __init__(self, spec: Spec, special: Collection[str] | None = None) -> None:
        """special: all devices that may override something, if that is known."""
        self._spec = spec
        self._made: dict[tuple[int, type[Device] | None], Route] = {}
        self._shapes: dict[Shape, Shape] = {}
        self._special = {name for name, _ in spec.overrides} if special is None else special
        self._by_interface: dict[tuple[str | None, type[Device]], list[Route]] = {}
        self.of_the_rig = [self._route(pattern, None) for pattern in spec.rig_endpoints.values()]

    def of(self, name: str, entry: Entry) -> list[Route]:
        """Those of one device: where nothing is overridden, the same list as that of others."""
        kind = type(entry.device)
        if name in self._special:
            return [self._route(pattern, kind) for pattern in self._spec.patterns(name)]
        key = entry.interface, kind
        known = self._by_interface.get(key)
        if known is None:
            known = self._by_interface[key] = [self._route(pattern, kind) for pattern in self._spec.patterns(name)]
        return known

    def _route(self, pattern: Pattern, kind: type[Device] | None) -> Route:
        """The route of a pattern for a kind, None for the rig."""
        key = id(pattern), kind  # by identity: it holds a tree of dicts, and the spec keeps it alive
        return self._made.get(key) or self._made.setdefault(key, self._make(pattern, kind))

    def _make(self, pattern: Pattern, kind: type[Device] | None) -> Route:
        readings = kind.readings if kind else NONE
        arguments = kind.verbs[pattern.verb].arguments if kind and pattern.verb else NONE
        shape = compile_shape(pattern.reply, live={*readings, *arguments})
        return Route(pattern, arguments, self._shapes.setdefault(shape, shape))


class _Texts(dict[str, str]):
    """A device's constants as texts, each made when a URL asks for it."""

    __slots__ = ("value",)

    def __init__(self, entry: Entry | None) -> None:
        self.value: Callable[[str], Any] = NONE.__getitem__ if entry is None else partial(constant, entry)

    def __missing__(self, name: str) -> str:
        text = self[name] = as_text(self.value(name))
        return text


def _of(entry: Entry | None, routes: Iterable[Route]) -> Iterator[Address]:
    texts, replies = _Texts(entry), dict[int, Reply]()
    return (route.address(entry, texts, replies) for route in routes)


def _texts_of(name: str, entries: Sequence[Entry | None]) -> list[str]:
    """The same constant of several devices, as texts; the rig has none."""
    if name == "id":
        return [entry.device.name for entry in entries if entry]
    return [as_text(constant(entry, name)) for entry in entries if entry]


def _templates(parts: Sequence[Part], arguments: Container[str]) -> list[str]:
    """The texts around the arguments, with `%(name)s` for each constant of a device."""
    templates = [""]
    for part in parts:
        if isinstance(part, str):
            templates[-1] += part.replace("%", "%%")
        elif part.name in arguments:
            templates.append("")
        else:
            templates[-1] += f"%({part.name})s"
    return templates
