"""Endpoints: the patterns of the spec's interfaces, written out for each device and for the rig. What makes them is in `routes`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any, NamedTuple
from urllib.parse import quote

from mockbrew.devices.declare import Argument
from mockbrew.shapes import Reply
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
        return alternate(self.constants, texts)


PLAIN = "/-._~!$&'()*+,;=:@"  # what a path may have as it is (RFC 3986, pchar)


def line(path: str) -> str:
    """A path of the spec as it stands in a request line."""
    return quote(path, safe=PLAIN)


def constant(entry: Entry, name: str) -> Any:
    """What a placeholder means that is neither a reading nor an argument: a word of the device, its id or an option."""
    if name == "id":
        return entry.device.name
    return entry.labels[name] if name in entry.labels else getattr(entry.device, name)


def alternate(constants: Sequence[str], arguments: Sequence[str]) -> str:
    """Constants and arguments in turn, as one text."""
    return "".join(chain.from_iterable(zip_longest(constants, arguments, fillvalue="")))
