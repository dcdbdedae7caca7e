"""Trials: which arguments a command is given to see what it does, and which that it has to refuse. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor

from mockbrew.conformance.known.contract import Command, Contract, Point
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Argument, Choice, Number
from mockbrew.errors import BadArgument, NoSuchEndpoint

WORD = "warm"  # no number, and hardly the name of anything


def trials(point: Point) -> list[Command]:
    """A command for each sort of argument that it takes; the least of all comes last."""
    device = point.device
    if device is None or not point.address.arguments:
        return [Command(point, (), {})]
    given = (command(point, texts) for texts in _varied(point.address.examples, [_good(each, device) for each in point.address.arguments]))
    return list({str(each.arguments): each for each in given if each is not None}.values())


def command(point: Point, texts: Sequence[str]) -> Command | None:
    """The command with these arguments, if they are accepted."""
    device = point.device
    if device is None:
        return Command(point, (), {})
    try:
        parsed = device.verbs[point.endpoint.verb or ""].parse(device, dict(zip(point.endpoint.arguments, texts, strict=True)))
    except BadArgument:
        return None
    return Command(point, tuple(texts), parsed)


def mistakes(contract: Contract, point: Point) -> list[tuple[str, ...]]:
    """Arguments that the spec refuses: each too little, too much, a word, or nothing."""
    device = point.device
    if device is None:
        return []
    bad = _varied(point.address.examples, [_bad(each, device) for each in point.address.arguments])
    return [texts for texts in bad if command(point, texts) is None and _means(contract, point, texts)]


def written(value: float) -> str:
    """A number as a URL has it."""
    text = f"{value:.12f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def unknown_paths(contract: Contract) -> list[str]:
    """Paths that mean no endpoint, but look a little as if they did."""
    near = [point.path(point.address.examples) for point in contract.reading_points[:1]]
    tried = ["/no-such-endpoint", *(f"{path}x" for path in near)]
    return [path for path in tried if not _known(contract, path)]


def _varied(examples: Sequence[str], values: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """One argument at a time has another value."""
    for place, texts in enumerate(values):
        yield from ((*examples[:place], text, *examples[place + 1 :]) for text in texts)


def _good(argument: Argument, device: Device) -> list[str]:
    if isinstance(argument, Choice):
        return list(argument.words)
    low, high = argument.bounds(device)
    middle = floor((low + high) / 2)
    return [written(high), written(middle + 0.5), written(middle), written(low)]


def _bad(argument: Argument, device: Device) -> list[str]:
    if isinstance(argument, Number):
        low, high = argument.bounds(device)
        return [written(high + 1), written(low - 1), WORD, ""]
    return [WORD, ""]


def _means(contract: Contract, point: Point, texts: Sequence[str]) -> bool:
    """Whether a path with these arguments is still one of this endpoint."""
    path = "".join(part for pair in zip(point.address.constants, (*texts, ""), strict=True) for part in pair)
    try:
        return contract.router.match(path)[0].url == point.endpoint.url
    except NoSuchEndpoint:
        return False


def _known(contract: Contract, path: str) -> bool:
    try:
        contract.router.match(path)
    except NoSuchEndpoint:
        return False
    return True
