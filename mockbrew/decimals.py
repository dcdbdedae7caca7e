"""How numbers are written in URLs, as a regular expression: `pattern(low, high)` takes exactly the texts that `Number.parse` takes.

JSON Schema's `number` would let 1e-5 and 1.5E2 through, which the wire does not have; so an argument is described as a text with a pattern.
All is done on digits, without rounding: a text is a sign, up to 6 digits and up to 12 more, so bounds become integers, counted in the last
of these places.

The syntax is what ECMA-262, Python and most others have in common, without look-ahead. `$` ends a text in
ECMA-262, which is what JSON Schema means. In Python it stands before a final newline too: there `fullmatch` is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from mockbrew.devices.declare import PLACES, WHOLE, exact

UNIT = 10**PLACES
MOST = 10 ** (WHOLE + PLACES) - 1  # the greatest number that can be written, in the last place
BEYOND = Decimal(10**WHOLE)
NOTHING = r"^[^\s\S]$"


def pattern(low: float, high: float) -> str:
    """The regular expression, from ^ to $, of the texts that write a number from `low` to `high`. A bound is what its own text says."""
    least, greatest = _counted(low, ROUND_CEILING), _counted(high, ROUND_FLOOR)
    signed = [*_signed("-", -greatest, -least), *_signed("", least, greatest)]
    return f"^{_one_of(signed)}$" if signed else NOTHING


def _counted(bound: float, rounding: str) -> int:
    """A bound in units of the last place, or one more than can be written."""
    within = min(max(exact(bound), -BEYOND), BEYOND)
    return int(within.scaleb(PLACES).to_integral_value(rounding))


def _signed(sign: str, least: int, greatest: int) -> Iterator[str]:
    """The numbers of one sign. Zero has both."""
    if least <= MOST and max(least, 0) <= greatest:
        yield f"{sign}{_one_of(list(_magnitudes(max(least, 0), min(greatest, MOST))))}"


# -- numbers without a sign ----------------------------------------------------------------------------------------

ZEROS, NINES = "0" * PLACES, "9" * PLACES


def _magnitudes(least: int, greatest: int) -> Iterator[str]:
    """The lowest whole number with what may follow it, those between, and the highest."""
    (first, above), (last, below) = (_split(bound) for bound in (least, greatest))
    if first == last:
        yield f"{_wholes(first, last)}{_fractions(above, below)}"
        return
    if above != ZEROS:
        yield f"{_wholes(first, first)}{_fractions(above, NINES)}"
        first += 1
    tail = below != NINES
    if first <= last - tail:
        yield f"{_wholes(first, last - tail)}{_fractions(ZEROS, NINES)}"
    if tail:
        yield f"{_wholes(last, last)}{_fractions(ZEROS, below)}"


def _split(number: int) -> tuple[int, str]:
    whole, fraction = divmod(number, UNIT)
    return whole, f"{fraction:0{PLACES}}"


def _wholes(first: int, last: int) -> str:
    """Whole numbers, with leading zeros as far as there is room for them."""
    if (first, last) == (0, 10**WHOLE - 1):
        return f"[0-9]{{1,{WHOLE}}}"
    return _one_of([f"{_up_to(WHOLE - len(low), '0')}{_fixed(low, high)}" for low, high in _by_length(first, last)])


def _by_length(first: int, last: int) -> Iterator[tuple[str, str]]:
    """The same range in pieces of numbers that have as many digits."""
    while first <= last:
        end = min(last, 10 ** len(str(first)) - 1)
        yield str(first), str(end)
        first = end + 1


def _fixed(low: str, high: str) -> str:
    """Texts of as many digits as the bounds, from one to the other."""
    if not low:
        return ""
    rest = len(low) - 1
    return _one_of([f"{digit}{_fixed(*bounds)}" for digit, *bounds in _branches(low, high)] if rest else [_digit(low, high)])


def _fractions(low: str, high: str) -> str:
    """The point and what follows it, from one bound to the other; nothing at all where zero is enough."""
    return _perhaps(rf"\.{_begun(low, high)}", low)


def _begun(low: str, high: str) -> str:
    """As `_ended`, with one digit at least."""
    return _one_of([f"{digit}{_ended(*bounds)}" for digit, *bounds in _branches(low, high)])


def _ended(low: str, high: str) -> str:
    """The digits that may follow where as many may as the bounds have, or fewer: zeros are as good as nothing."""
    if low.strip("0") == high.strip("9") == "":
        return _up_to(len(low), "[0-9]")
    if high.strip("0") == "":
        return _up_to(len(low), "0")
    return _perhaps(_begun(low, high), low)


def _branches(low: str, high: str) -> Iterator[tuple[str, str, str]]:
    """(first digits, bounds of what follows): the digits of the bounds by themselves, where what follows them is bounded."""
    nothing, anything = "0" * (len(low) - 1), "9" * (len(low) - 1)
    first, last = int(low[0]), int(high[0])
    if first == last:
        yield low[0], low[1:], high[1:]
        return
    if low[1:] != nothing:
        yield low[0], low[1:], anything
        first += 1
    tail = high[1:] != anything
    if first <= last - tail:
        yield _digit(str(first), str(last - tail)), nothing, anything
    if tail:
        yield high[0], nothing, high[1:]


# -- regular expressions -------------------------------------------------------------------------------------------


def _digit(low: str, high: str) -> str:
    return low if low == high else f"[{low}-{high}]"


def _up_to(most: int, what: str) -> str:
    return f"{what}{{0,{most}}}" if most > 1 else f"{what}?" if most else ""


def _one_of(ways: list[str]) -> str:
    return ways[0] if len(ways) == 1 else f"({'|'.join(ways)})"


def _perhaps(what: str, low: str) -> str:
    """It, or nothing where that is not too little."""
    return what if low.strip("0") else f"({what})?"
