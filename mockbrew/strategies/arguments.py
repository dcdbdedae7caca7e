"""Arguments: texts in URLs that a verb takes, and such as it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mockbrew.devices.base import Device
from mockbrew.devices.declare import PLACES, WHOLE, Argument, Choice, Number, exact
from mockbrew.errors import BadArgument

LARGEST = 10**WHOLE - 1
FEW = (0, 1, 2, PLACES)  # places that are drawn
BESIDE = tuple(Decimal(step) for step in ("1", "0.1", "0.000000000001", "1000"))  # from a bound to what is beyond it
# What others take for numbers, or nearly; the last but one has digits that are not ASCII.
MISWRITTEN = (
    "",
    "-",
    "+5",
    "5.",
    ".5",
    "5,5",
    "1e1",
    "0x1F",
    "NaN",
    "Infinity",
    "--5",
    "5.5.5",
    " 5",
    "5 ",
    "1_0",
    "5°C",
    "６６",
    "0000005",
)
LETTERS = "abcxyzABCXYZ0123456789._- é"


def taken(argument: Argument, device: Device) -> SearchStrategy[str]:
    """Texts that are accepted; nothing, if there is none that a URL can have."""
    if isinstance(argument, Choice):
        words = [word for word in argument.words if "/" not in word]
        return st.sampled_from(words) if words else st.nothing()
    return st.one_of(*_numbers(argument, device))


def refused(argument: Argument, device: Device) -> SearchStrategy[str]:
    """Texts that are not: beyond the bounds, or no such thing at all."""
    if isinstance(argument, Choice):
        other = st.sampled_from(argument.words).map(str.swapcase) | st.text(LETTERS, max_size=8)
    else:
        other = st.one_of(*_beyond(argument, device), st.sampled_from(MISWRITTEN), st.text(LETTERS, max_size=8))
    return other.filter(lambda text: not takes(argument, device, text))


def takes(argument: Argument, device: Device, text: str) -> bool:
    """Whether it is accepted."""
    try:
        argument.parse(device, "", text)
    except BadArgument:
        return False
    return True


def _numbers(number: Number, device: Device) -> Iterator[SearchStrategy[str]]:
    """With as many places each; the last ones may have leading zeros, which are as good."""
    low, high = (min(max(exact(bound), Decimal(-LARGEST)), Decimal(LARGEST)) for bound in number.bounds(device))
    for places in FEW:
        least = int(low.scaleb(places).to_integral_value(ROUND_CEILING))
        greatest = int(high.scaleb(places).to_integral_value(ROUND_FLOOR))
        if least <= greatest:
            yield st.integers(least, greatest).map(partial(_with_places, places))
            if not places:
                yield st.integers(least, greatest).map(lambda count: f"{count:0{WHOLE + (count < 0)}}")


def _beyond(number: Number, device: Device) -> Iterator[SearchStrategy[str]]:
    low, high = map(exact, number.bounds(device))
    for bound, sign in ((low, -1), (high, 1)):
        if abs(bound) < LARGEST:
            beyond = [_plain(bound + sign * step) for step in BESIDE]
            yield st.sampled_from([text for text in beyond if Number.grammar.fullmatch(text)] or [_plain(Decimal(sign * LARGEST))])
            yield st.integers(1, LARGEST).map(partial(_farther, bound, sign))


def _with_places(places: int, count: int) -> str:
    """So many units of the last of these places."""
    return _plain(Decimal(count).scaleb(-places))


def _farther(bound: Decimal, sign: int, far: int) -> str:
    """Beyond a bound, as far as the wire has room."""
    return _plain(min(max(bound + sign * far, Decimal(-LARGEST)), Decimal(LARGEST)))


def _plain(number: Decimal) -> str:
    """Without an exponent."""
    return f"{number:f}"
