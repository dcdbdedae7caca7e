"""Tables of what was measured: for a terminal, and as Markdown for docs/speed.md, between its markers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from bench.measures import Measure, Skipped
from bench.results import Part

NOTHING = "-"
MARKERS = "<!-- bench: {name} -->\n", "<!-- end of {name} -->\n"


def text(part: Part) -> str:
    """For a terminal."""
    blocks = [part.title, *("\n".join([title, *_aligned(rows)]) for title, rows in _tables(part))]
    return "\n\n".join([*blocks, *missing(part), ""])


def markdown(part: Part) -> str:
    """For a document."""
    blocks = ["\n".join([f"{title}:", "", *_piped(rows)]) for title, rows in _tables(part)]
    return "\n\n".join([*blocks, *missing(part)]) + "\n"


def missing(part: Part) -> Iterator[str]:
    """What there are no figures of."""
    yield from (f"Not measured: {each.what}: {each.reason}." for each in part.skipped)
    if part.refused is not None:
        yield f"Ended early: {part.refused}."


def pasted(document: str, found: Iterable[Part]) -> str:
    """A document with the tables of each part between the markers of its name, where it has them."""
    for part in found:
        begin, end = (marker.format(name=part.name) for marker in MARKERS)
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        document = f"{begin}\n{markdown(part)}\n{end}".join(pattern.split(document))
    return document


def _tables(part: Part) -> Iterator[tuple[str, list[list[str]]]]:
    """Title and rows of each table, the head first, in the order in which they were found."""
    for title in dict.fromkeys(measure.table for measure in part.measures):
        yield title, _rows([measure for measure in part.measures if measure.table == title])


def _rows(measures: Sequence[Measure]) -> list[list[str]]:
    columns = list(dict.fromkeys(measure.column for measure in measures))
    cells = {(measure.row, measure.column): cell(measure) for measure in measures}
    rows = dict.fromkeys(measure.row for measure in measures)
    return [["", *columns], *([row, *(cells.get((row, column), NOTHING) for column in columns)] for row in rows)]


def line(found: Measure | Skipped) -> str:
    """Of what was just found."""
    if isinstance(found, Skipped):
        return f"{found.what}: not measured: {found.reason}"
    return f"{found.table}; {found.row}; {found.column}: {cell(found)}"


def cell(measure: Measure) -> str:
    """The median, and between which the rounds were; and the goal."""
    least, middle, most = (number(value) for value in (min(measure.values), median(measure.values), max(measure.values)))
    spread = middle if len(measure.values) == 1 else f"{middle} ({least} to {most})"
    if measure.goal is None:
        return spread
    verdict = "kept" if measure.goal.met(median(measure.values)) else "missed"
    return f"{spread}; goal {measure.goal.sign} {measure.goal.bound:.3g}: {verdict}"


def number(value: float) -> str:
    """Three digits, or all before the point."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if 0.1 <= abs(value) < 10 else f"{value:.3g}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(each.ljust(width) for each, width in zip(row, widths, strict=True)).rstrip()


def _piped(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    head, *rest = [f"| {' | '.join(row)} |".replace("|  |", "| |") for row in rows]
    yield from (head, f"|{'---|' * len(rows[0])}", *rest)
