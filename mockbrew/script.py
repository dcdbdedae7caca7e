"""Scripts: what is commanded of a rig, step by step, and how long each step lasts. Pure: a TOML text, checked against a spec.

    script = "1.0"

    [[steps]]
    title = "Fill the hot tank"
    do = ["/startA.py"]
    until = "HotTank.volume >= 48"
    limit = 600

`do` is given at the beginning of the step, in this order: URLs of the spec, as a client would ask for them. A step lasts `for` some
seconds, or `until` a condition holds, but no longer than `limit`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import unquote

from mockbrew.checks.acceptor import acceptor
from mockbrew.checks.findings import Finding, distinct, missing, shown, tainted
from mockbrew.checks.positions import locate
from mockbrew.checks.words import faults
from mockbrew.clock import HORIZON, nanoseconds, seconds
from mockbrew.conditions import Condition
from mockbrew.conditions import parse as parse_condition
from mockbrew.conditions.names import readings_of
from mockbrew.errors import BadArgument, BadCondition, NoSuchEndpoint, SpecError
from mockbrew.router import Router
from mockbrew.spec import Spec, read_toml

VERSION = "1.0"

_DURATION = {"type": "number", "exclusiveMinimum": 0, "maximum": seconds(HORIZON), "unit": "s"}
STEP: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "description": "what the step is called"},
        "do": {"type": "array", "items": {"type": "string"}, "description": "URLs of commands"},
        "for": {**_DURATION, "description": "how long it lasts [s]"},
        "until": {"type": "string", "description": "a condition that ends it, such as 'Temp3 >= 65'"},
        "limit": {**_DURATION, "description": "how long `until` may take [s]"},
    },
    "additionalProperties": False,
}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "script": {"type": "string", "enum": [VERSION], "description": "the version of the format"},
        "title": {"type": "string", "description": "what the script is called"},
        "steps": {"type": "array", "items": STEP, "description": "the steps in their order"},
    },
    "required": ["script", "steps"],
    "additionalProperties": False,
}


class Order(NamedTuple):
    """A command. device: None for one of the rig."""

    device: str | None
    verb: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """orders: given at its beginning. longest: virtual ns that it lasts, or may last where `until` says when it ends."""

    title: str
    orders: tuple[Order, ...]
    longest: int
    until: Condition | None


@dataclass(frozen=True, slots=True)
class Script:
    """A checked script. text and source: what it was read from, and how messages call that."""

    title: str
    steps: tuple[Step, ...]
    text: str
    source: str

    def refusal(self, step: int, message: str) -> SpecError:
        """What to raise where a condition did not come true: with the place of the condition."""
        return SpecError(self.source, locate([Finding(("steps", step, "until"), message)], self.text))


def parse(text: str, source: str, spec: Spec, router: Router) -> Script:
    """The script that a TOML text writes for a rig. Raises SpecError with everything that is wrong in it."""
    document = read_toml(text, source)
    found = [] if acceptor(SCHEMA)(document) else list(faults(SCHEMA, document, ()))
    reader = _Reader(spec, router, found)
    steps = tuple(reader.steps(document))
    if found:
        raise SpecError(source, locate(distinct(found), text))
    return Script(document.get("title", ""), steps, text, source)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads what the schema has nothing against; what is wrong with that goes to `found`."""

    spec: Spec
    router: Router
    found: list[Finding]

    def steps(self, document: Mapping[str, Any]) -> Iterator[Step]:
        wrong, steps = tainted(self.found), document.get("steps")
        for index, step in enumerate(steps if isinstance(steps, list) else ()):
            if ("steps", index) not in wrong:
                yield self._step(index, step)

    def _step(self, index: int, step: Mapping[str, Any]) -> Step:
        self.found.extend(_ends(index, step))
        orders = [self._order(("steps", index, "do", place), url) for place, url in enumerate(step.get("do", ()))]
        until = self._until(index, step["until"]) if "until" in step else None
        longest = nanoseconds(step.get("limit", step.get("for", 0)))
        return Step(step.get("title", ""), tuple(order for order in orders if order), longest, until)

    def _order(self, path: tuple[str | int, ...], url: str) -> Order | None:
        try:
            return self._commanded(url)
        except (BadArgument, NoSuchEndpoint, _NoCommand) as error:
            self.found.append(Finding(path, str(error)))
            return None

    def _commanded(self, url: str) -> Order:
        if "://" in url:
            raise _NoCommand(f"{shown(url)} is a whole address; write the path only, such as '/Reset.py'")
        endpoint, texts = self.router.match(unquote(url).encode().decode("latin-1"))  # as WSGI shows a path
        if endpoint.verb is None:
            raise _NoCommand(f"{shown(url)} is a reading and changes nothing; write the URL of a command")
        if endpoint.device is None:
            return Order(None, endpoint.verb, {})
        device = self.spec.entries[endpoint.device].device
        return Order(endpoint.device, endpoint.verb, device.verbs[endpoint.verb].parse(device, texts))

    def _until(self, index: int, text: str) -> Condition | None:
        try:
            return parse_condition(text, readings_of({name: entry.device for name, entry in self.spec.entries.items()}))
        except BadCondition as error:
            self.found.append(Finding(("steps", index, "until"), str(error)))
            return None


class _NoCommand(Exception):
    """A URL that is asked for its answer."""


def _ends(index: int, step: Mapping[str, Any]) -> Iterator[Finding]:
    """How the step ends is said once."""
    path = ("steps", index)
    if "for" not in step and "until" not in step:
        yield Finding(path, "nothing ends this step; give it `for`, in s, or `until` with a `limit`")
    elif "for" in step and "until" in step:
        yield Finding((*path, "for"), "`until` ends this step; delete one of them", at_key=True)
    elif "until" in step and "limit" not in step:
        yield missing((*path, "limit"), "say how long `until` may take, in s")
    elif "for" in step and "limit" in step:
        yield Finding((*path, "limit"), "`for` says how long this step lasts; delete it", at_key=True)
