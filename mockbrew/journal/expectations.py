"""Expectations of a journal: counts, order, what never happens and what happens every so often; read and checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from mockbrew.clock import nanoseconds, seconds
from mockbrew.conditions import Condition, parse
from mockbrew.conditions.names import Names, readings_of
from mockbrew.errors import BadCondition, BadRequest
from mockbrew.journal.matching import names
from mockbrew.spec import Spec

Document = Mapping[str, Any]

SORTS = ("count", "never", "order", "every")
BOUNDS: Mapping[str, Callable[[int, int], bool]] = MappingProxyType(
    {
        "exactly": lambda found, wanted: found == wanted,
        "at_least": lambda found, wanted: found >= wanted,
        "at_most": lambda found, wanted: found <= wanted,
    }
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """One of `SORTS`. place: where it stands in the request. where: conditions on entries. held: one on readings, of `every`.

    begins, ends: virtual ns; None where nothing is said. asked: the document that says more.
    """

    place: str
    sort: str
    where: tuple[Condition, ...]
    held: Condition | None
    begins: int | None
    ends: int | None
    asked: Document


def expectations(spec: Spec, documents: Sequence[Document], now: int) -> list[Expectation]:
    """What documents of the right shape expect; now: virtual ns. Raises BadRequest with all that is wrong with any of them."""
    devices = {name: entry.device for name, entry in spec.entries.items()}
    reader = _Reader(names(spec), readings_of(devices), now)
    found = [reader.read(f"expect[{number}]", document) for number, document in enumerate(documents)]
    if reader.wrong:
        raise BadRequest(reader.wrong)
    return [each for each in found if each is not None]


class _Reader:
    """Reads expectations, and notes in `wrong` what can't be. now: virtual ns."""

    def __init__(self, fields: Names, readings: Names, now: int) -> None:
        self.fields, self.readings, self.now = fields, readings, now
        self.wrong: list[tuple[str, str]] = []

    def read(self, place: str, document: Document) -> Expectation | None:
        sorts = [sort for sort in SORTS if sort in document]
        if len(sorts) != 1:
            self.wrong.append((place, f"one of {', '.join(SORTS)} belongs here; there is {' and '.join(sorts) or 'none of them'}"))
            return None
        (sort,) = sorts
        asked, at = document[sort], f"{place}.{sort}"
        if sort == "count":
            self._check_bounds(at, asked)
        begins, ends = (nanoseconds(document[name]) if name in document else None for name in ("from", "until"))
        self._check_window(place, begins, ends)
        held = self._condition(f"{at}.while", asked["while"], self.readings) if "while" in asked else None
        return Expectation(place, sort, self._where(f"{at}.where", asked["where"]), held, begins, ends, asked)

    def _where(self, place: str, texts: str | Sequence[str]) -> tuple[Condition, ...]:
        if isinstance(texts, str):
            found = [self._condition(place, texts, self.fields)]
        else:
            found = [self._condition(f"{place}[{number}]", text, self.fields) for number, text in enumerate(texts)]
        return tuple(each for each in found if each is not None)

    def _condition(self, place: str, text: str, names: Names) -> Condition | None:
        try:
            return parse(text, names)
        except BadCondition as error:
            self.wrong.append((place, str(error)))
            return None

    def _check_bounds(self, place: str, asked: Document) -> None:
        if not BOUNDS.keys() & asked.keys():
            self.wrong.append((place, f"how many are expected is missing; say {', '.join(BOUNDS)}"))

    def _check_window(self, place: str, begins: int | None, ends: int | None) -> None:
        if ends is not None and ends > self.now:
            self.wrong.append((f"{place}.until", f"{seconds(ends)} s is still to come; it is {seconds(self.now)} s now"))
        if begins is not None and begins > (self.now if ends is None else ends):
            self.wrong.append((f"{place}.from", f"{seconds(begins)} s is after the end, {seconds(self.now if ends is None else ends)} s"))
