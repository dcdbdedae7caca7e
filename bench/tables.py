"""Tables of what was measured: for a terminal, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from bench.measures import Goal, Measure, Skipped
from bench.results import Part

NOTHING = "-"
VERDICTS = {True: "kept", False: "missed", None: "too few rounds to judge"}


def text(part: Part) -> str:
    """For a terminal."""
    blocks = [part.title, *("\n".join([title, *_aligned(rows)]) for title, rows in _tables(part))]
    return "\n\n".join([*blocks, *missing(part)]) + "\n"


def markdown(part: Part) -> str:
    """For a document."""
    blocks = ["\n".join([f"{title}:", "", *piped(rows)]) for title, rows in _tables(part)]
    return "\n\n".join([*blocks, *missing(part)]) + "\n"


def missing(part: Part) -> Iterator[str]:
    """What there are no figures of."""
    yield from (f"Not measured: {each.what}: {each.reason}." for each in part.skipped)
    if part.refused is not None:
        yield f"Ended early: {part.refused}."


def line(found: Measure | Skipped) -> str:
    """Of what was just found."""
    if isinstance(found, Skipped):
        return f"{found.what}: not measured: {found.reason}"
    return f"{found.table}; {found.row}; {found.column}: {cell(found)}"


def cell(measure: Measure) -> str:
    """The median, and between which the rounds were; and the goal."""
    least, middle, most = (number(value) for value in (min(measure.values), median(measure.values), max(measure.values)))
    spread = middle if len(measure.values) == 1 else f"{middle} ({least} to {most})"
    return spread if measure.goal is None else f"{spread}; goal {wanted(measure.goal)}: {VERDICTS[measure.met]}"


def wanted(goal: Goal) -> str:
    """A goal."""
    return f"{goal.sign} {number(goal.bound)}"


def number(value: float) -> str:
    """Three digits, also where they are zeros, or all before the point; two of what is near 1."""
    if abs(value) >= 99.95:  # which would be rounded up to a hundred
        return f"{value:,.0f}"
    return f"{value:.2f}" if 0.1 <= abs(value) < 10 else f"{value:#.3g}"


def _tables(part: Part) -> Iterator[tuple[str, list[list[str]]]]:
    """Title and rows of each table, the head first, in the order in which they were found."""
    for title in dict.fromkeys(measure.table for measure in part.measures):
        yield title, _rows([measure for measure in part.measures if measure.table == title])


def _rows(measures: Sequence[Measure]) -> list[list[str]]:
    columns = list(dict.fromkeys(measure.column for measure in measures))
    cells = {(measure.row, measure.column): cell(measure) for measure in measures}
    rows = dict.fromkeys(measure.row for measure in measures)
    return [["", *columns], *([row, *(cells.get((row, column), NOTHING) for column in columns)] for row in rows)]


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(each.ljust(width) for each, width in zip(row, widths, strict=True)).rstrip()


def piped(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """As Markdown has it, the head first."""
    head, *rest = [f"| {' | '.join(row)} |".replace("|  |", "| |") for row in rows]
    yield from (head, f"|{'---|' * len(rows[0])}", *rest)
