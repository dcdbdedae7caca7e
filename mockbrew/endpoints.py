"""Endpoints: the patterns of the spec's interfaces, written out for each device and for the rig.

With 100,000 devices of three endpoints each, what endpoints can share they share: parsed URLs, shapes, and the reply of one device.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, repeat, zip_longest
from typing import Any, NamedTuple
from urllib.parse import quote

from mockbrew.devices.base import Device
from mockbrew.devices.declare import NONE, Argument
from mockbrew.pattern import Part, split
from mockbrew.shapes import Reply, Shape, as_text, compile_shape
from mockbrew.spec import Entry, Pattern, Spec

READING_METHODS = ("GET", "HEAD", "OPTIONS")
COMMAND_METHODS = ("GET", "POST", "OPTIONS")  # no HEAD: whoever asks without wanting to see did not mean to command


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What one URL means: a reading or a command of one device, or of the rig (device None).

    verb: None for a reading. arguments: their names, in the order of the URL. url: as listings show it, `/setCible1_{setpoint}.py`.
    """

    name: str
    device: str | None
    verb: str | None
    arguments: tuple[str, ...]
    url: str
    reply: Reply
    content_type: str

    @property
    def commands(self) -> bool:
        """Whether asking for it changes something."""
        return self.verb is not None

    @property
    def methods(self) -> tuple[str, ...]:
        """The HTTP methods that it answers."""
        return READING_METHODS if self.verb is None else COMMAND_METHODS

    def body(self, value: Callable[[str], Any]) -> bytes:
        """Its reply. value: what a reading or an argument is, by its name."""
        return self.reply.render(value)


def described(endpoint: Endpoint, spec: Spec) -> dict[str, Any]:
    """An endpoint as listings have it in JSON. arguments: JSON Schema by name. reply: with {placeholders} for readings and arguments."""
    return {
        "url": endpoint.url,
        "methods": list(endpoint.methods),
        "device": endpoint.device,
        "endpoint": endpoint.name,
        "verb": endpoint.verb,
        "arguments": _schemas(endpoint, spec),
        "content_type": endpoint.content_type,
        "reply": endpoint.reply.readable,
    }


def _schemas(endpoint: Endpoint, spec: Spec) -> dict[str, Any]:
    if endpoint.device is None or endpoint.verb is None:
        return {}
    device = spec.entries[endpoint.device].device
    known = device.verbs[endpoint.verb].arguments
    return {name: known[name].schema(device) for name in endpoint.arguments}


def pattern_of(spec: Spec, endpoint: Endpoint) -> Pattern:
    """The pattern that an endpoint was made of."""
    if endpoint.device is None:
        return spec.rig_endpoints[endpoint.name]
    pattern = spec.overrides.get((endpoint.device, endpoint.name))
    return pattern or spec.interfaces[spec.entries[endpoint.device].interface or ""][endpoint.name]


class Address(NamedTuple):
    """Where an endpoint is.

    arguments: what stands between its constants.
    constants: the texts of its URL around its arguments, one more than those. examples: a text that is accepted for each argument.
    beginning: how its URL begins whatever device has it.
    """

    endpoint: Endpoint
    constants: tuple[str, ...]
    examples: tuple[str, ...]
    beginning: str
    arguments: Sequence[Argument] = ()

    @property
    def sample(self) -> str:
        """A path that means this endpoint."""
        return self.path(self.examples)

    def path(self, texts: Sequence[str]) -> str:
        """The path with these arguments."""
        return _alternate(self.constants, texts)


PLAIN = "/-._~!$&'()*+,;=:@"  # what a path may have as it is (RFC 3986, pchar)


def line(path: str) -> str:
    """A path of the spec as it stands in a request line."""
    return quote(path, safe=PLAIN)


def addresses(spec: Spec) -> Iterator[Address]:
    """Every endpoint of a spec and where it is, in the order of the spec: the rig's, then each device's."""
    routes = _Routes(spec)
    yield from _of(None, routes.of_the_rig)
    for name, entry in spec.entries.items():
        yield from _of(entry, routes.of(name, entry))


def of_devices(spec: Spec, names: Iterable[str]) -> Iterator[Endpoint]:
    """The endpoints of these devices."""
    routes = _Routes(spec)
    return (address.endpoint for name in names for address in _of(spec.entries[name], routes.of(name, spec.entries[name])))


def places(spec: Spec) -> Iterator[Place]:
    """The same endpoints in the same order, none of them made."""
    routes = _Routes(spec)
    yield from ((route, None) for route in routes.of_the_rig)
    for name, entry in spec.entries.items():
        yield from ((route, entry) for route in routes.of(name, entry))


# -- routes --------------------------------------------------------------------------------------------------------


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
        self._url = _alternate(self._constants, [f"{{{name}}}" for name in self._names])

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
                columns[-1].append(_texts_of(part.name, [entry for entry in entries if entry is not None]))
        return zip(*(map("".join, zip(*each, strict=True)) if each else repeat("", len(entries)) for each in columns), strict=True)


class _Routes:
    """The routes of a spec, each made once; equal shapes are one."""

    __slots__ = ("_by_interface", "_made", "_shapes", "_spec", "_special", "of_the_rig")

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._made: dict[tuple[int, type[Device] | None], Route] = {}
        self._shapes: dict[Shape, Shape] = {}
        self._special = {name for name, _ in spec.overrides}
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


Place = tuple[Route, Entry | None]
"""A route and the device that has it, or None for the rig: of it an endpoint is made when somebody asks for it."""

Shared = tuple[Route, Sequence[Entry | None]]


def shared(spec: Spec) -> Iterator[Shared]:
    """Every route of a spec with all that have it: the rig, which is None, or devices. What only some devices override comes last."""
    routes = _Routes(spec)
    yield from ((route, (None,)) for route in routes.of_the_rig)
    grouped: dict[int, tuple[list[Route], list[Entry | None]]] = {}
    for name, entry in spec.entries.items():
        of = routes.of(name, entry)
        grouped.setdefault(id(of), (of, []))[1].append(entry)
    for of, entries in grouped.values():
        yield from ((route, entries) for route in of)


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


def _texts_of(name: str, entries: Sequence[Entry]) -> list[str]:
    """The same constant of several devices, as texts."""
    if name == "id":
        return [entry.device.name for entry in entries]
    return [as_text(constant(entry, name)) for entry in entries]


def constant(entry: Entry, name: str) -> Any:
    """What a placeholder means that is neither a reading nor an argument: a word of the device, its id or an option."""
    if name == "id":
        return entry.device.name
    return entry.labels[name] if name in entry.labels else getattr(entry.device, name)


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


def _alternate(constants: Sequence[str], arguments: Sequence[str]) -> str:
    return "".join(chain.from_iterable(zip_longest(constants, arguments, fillvalue="")))
