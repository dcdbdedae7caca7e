"""The paper: docs/speed.md, which has the results between its markers: where they were measured, the tables of each part, the goals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from bench import tables
from bench.measures import Goal, Measure
from bench.results import Part, parts

MARKERS = "<!-- bench: {name} -->\n", "<!-- end of {name} -->\n"
ALWAYS = ("machine", "goals")  # whatever was measured


class Unmarked(Exception):
    """A document that has no place for any of the results."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        begin, end = (repr(marker.format(name="NAME").strip()) for marker in MARKERS)
        where = f"a table goes between the lines {begin} and {end}, where NAME is one of {', '.join(names)}"
        super().__init__(f"has no markers of the bench; {where}")


def check(paper: str, names: Sequence[str]) -> None:
    """Whether it has markers for any of these parts, or for what there is always. Raises Unmarked."""
    names = [*ALWAYS, *names]
    if not any(_place(name).search(paper) for name in names):
        raise Unmarked(names)


def pasted(paper: str, documents: Sequence[Mapping[str, Any]]) -> str:
    """The paper with what these results say, wherever it has markers for it."""
    found = parts(documents)
    blocks = {"machine": _machine(documents[-1]), "goals": _goals(found), **{part.name: tables.markdown(part) for part in found}}
    for name, block in blocks.items():
        begin, end = (marker.format(name=name) for marker in MARKERS)
        paper = f"{begin}\n{block}\n{end}".join(_place(name).split(paper))
    return paper


def _place(name: str) -> re.Pattern[str]:
    """The markers of a name, and what is between them."""
    begin, end = (re.escape(marker.format(name=name)) for marker in MARKERS)
    return re.compile(f"{begin}.*?{end}", re.DOTALL)


def _machine(document: Mapping[str, Any]) -> str:
    machine = document["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    what = f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}, SQLite {machine['sqlite']}, {packages}"
    rounds = f"{document['rounds']} round{'s' if document['rounds'] > 1 else ''}"
    return f"These figures are of {document['began'][:10]}: {rounds} of {document['seconds']} s; {what}.\n"


def _goals(found: Iterable[Part]) -> str:
    """Every goal that there is, and what became of it."""
    head = ["table", "what", "unit", "goal", "measured", ""]
    rows = [_goal(measure, measure.goal) for part in found for measure in part.measures if measure.goal is not None]
    return "\n".join(tables.piped([head, *rows])) + "\n"


def _goal(measure: Measure, goal: Goal) -> list[str]:
    middle = median(measure.values)
    by = f" by a factor of {max(middle / goal.bound, goal.bound / middle):.2f}" if measure.met is False else ""
    what = [measure.table, f"{measure.row}: {measure.column}", measure.unit]
    return [*what, tables.wanted(goal), tables.number(middle), f"{tables.VERDICTS[measure.met]}{by}"]
