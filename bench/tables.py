"""Tables of what was measured: for a terminal, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from bench.measures import Begun, Goal, Measure, Skipped
from bench.results import Part

NOTHING = "-"
VERDICTS = {True: "kept", False: "missed", None: "too few rounds to judge"}


def text(part: Part) -> str:
    """For a terminal."""
    return "\n\n".join([part.title, *("\n".join([title, *_aligned(rows)]) for title, rows in _tables(part))]) + "\n"


def gaps(parts: Iterable[Part]) -> str:
    """For a terminal: what there are no figures of, among all of these; each reason once."""
    parts = list(parts)
    skipped = [Skipped(f"{part.name}: {each.what}", each.reason) for part in parts for each in part.skipped]
    ended = [f"Ended early: {part.name}: {part.refused}." for part in parts if part.refused is not None]
    return "".join(f"{line}\n" for line in [*_not_measured(skipped), *ended])


def markdown(part: Part) -> str:
    """For a document."""
    blocks = ["\n".join([f"{title}:", "", *piped(rows)]) for title, rows in _tables(part)]
    ended = [] if part.refused is None else [f"Ended early: {part.refused}."]
    return "\n\n".join([*blocks, *_not_measured(part.skipped), *ended]) + "\n"


def _not_measured(skipped: Iterable[Skipped]) -> Iterator[str]:
    """Each reason once, with all that it is the reason of."""
    reasons: dict[str, list[str]] = {}
    for each in skipped:
        reasons.setdefault(each.reason, []).append(each.what)
    yield from (f"Not measured: {'; '.join(whats)}: {reason}." for reason, whats in reasons.items())


def begun(part: str, each: Begun) -> str:
    """What is being measured, and how long that takes."""
    return f"{part}: {each.what}: {lasting(each.lasts)}"


def lasting(seconds: float) -> str:
    """About so long."""
    if seconds < 90:
        return f"about {max(round(seconds, -1), 10):.0f} s"
    return f"about {seconds / 60:.0f} minutes"


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
