"""The drift between two servers as rows for people, as JSON, and as JUnit XML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as Xml

from mockbrew.conformance.compared.drift import STILL, TOLERANCE, Drift
from mockbrew.conformance.compared.unlike import Difference
from mockbrew.conformance.reports.documents import document
from mockbrew.conformance.reports.junit import errors, failed, named, suite
from mockbrew.conformance.reports.rows import RIG, some
from mockbrew.conformance.reports.texts import side_by_side, visible
from mockbrew.conformance.results import Report

DIFFERENCES = ("request", "device", "where", "one", "other", "times")
OUTCOME = ("check", "device", "url", "one", "other")
OUTCOMES = ("checks", "of", "one", "other")
RATES = ("probe", "while", "one", "other")
SAME = f"rates within {TOLERANCE:.0%} of the faster one, or within {STILL} K/min, count as the same"

Row = tuple[str, ...]


def differences(drift: Drift) -> list[Row]:
    """What was answered differently; first what the one does and the other refuses. The columns are `DIFFERENCES`."""
    ordered = sorted(drift.differences.items(), key=lambda item: item[0].where != "status")
    return [_row(difference, times) for difference, times in ordered]


def _row(difference: Difference, times: int) -> Row:
    asked = f"{difference.method} {visible(difference.url)}"
    sides = side_by_side(difference.one, difference.other)
    return asked, difference.device or RIG, visible(difference.where), *sides, str(times)


def outcomes(drift: Drift) -> list[Row]:
    """Checks that came out differently, a row for all that did so alike. The columns are `OUTCOMES`."""
    grouped: dict[tuple[str, str], list[Row]] = {}
    for name, device, url, one, other in drift.outcomes:
        grouped.setdefault((one, other), []).append((name, f"{device or RIG} {url}".strip()))
    return [(some(row[0] for row in rows), visible(some(row[1] for row in rows)), *map(visible, pair)) for pair, rows in grouped.items()]


def rates(drift: Drift) -> list[Row]:
    """What moves differently. The columns are `RATES`."""
    return [(probe, check, f"{one:+.2f} K/min", f"{other:+.2f} K/min") for probe, check, one, other in drift.rates]


def verdict(drift: Drift) -> str:
    """In one line, whether they differ."""
    if drift.none:
        return f"no drift: {_compared(drift)}"
    parts = {"difference": len(drift.differences), "check": len(drift.outcomes), "rate": len(drift.rates)}
    counted = ", ".join(f"{number} {noun}{'' if number == 1 else 's'}" for noun, number in parts.items() if number)
    stopped = "" if drift.compared and not _ended(drift) else "; not all was compared"
    return f"{f'drift: {counted}' if counted else 'no drift in what was compared'}{stopped}; {_compared(drift)}"


def _ended(drift: Drift) -> bool:
    return any(report.stopped or report.unrestored for report in (drift.one, drift.other))


def _compared(drift: Drift) -> str:
    one, other = drift.alone
    alone = f"; {one} and {other} requests had no partner" if one or other else ""
    alike = f", {drift.alike} rates alike" if drift.alike else ""
    return f"{drift.compared} {'request' if drift.compared == 1 else 'requests'} answered by both{alike}{alone}"


def of_drift(drift: Drift) -> dict[str, Any]:
    """All of it as data for JSON."""
    return {
        "drift": not drift.none,
        "compared": drift.compared,
        "alone": list(drift.alone),
        "tolerance": {"of_the_faster": TOLERANCE, "K/min": STILL},
        "differences": [{**difference._asdict(), "times": times} for difference, times in drift.differences.items()],
        "outcomes": [dict(zip(OUTCOME, outcome, strict=True)) for outcome in drift.outcomes],
        "rates": [dict(zip(RATES, rate, strict=True)) for rate in drift.rates],
        "one": document(drift.one),
        "other": document(drift.other),
    }


def junit_of_drift(drift: Drift) -> bytes:
    """As JUnit XML: a case for each thing in which they differ, and one that both were asked at all."""
    said = {"one": drift.one.server, "other": drift.other.server, "spec": drift.one.spec, "digest": drift.one.digest}
    cases = [named("both", "are taken through the same steps"), *_cases(drift), *_unended(drift.one), *_unended(drift.other)]
    if not drift.compared:
        failed(cases[0], "steps", "no request was answered by both", ())
    return suite(f"{drift.one.server} against {drift.other.server}", said, cases, drift.one.seconds + drift.other.seconds)


def _cases(drift: Drift) -> Iterator[Xml.Element]:
    for row, columns in (
        *((row, DIFFERENCES) for row in differences(drift)),
        *((tuple(map(visible, row)), OUTCOME) for row in drift.outcomes),
        *((row, RATES) for row in rates(drift)),
    ):
        fields = dict(zip(columns, row, strict=True))
        one, other = fields.pop("one"), fields.pop("other")
        case = named(fields.get("device", fields.get("probe", RIG)), " ".join(text for name, text in fields.items() if name != "times"))
        failed(case, "drift", f"{one} / {other}", (f"{drift.one.server}: {one}", f"{drift.other.server}: {other}"))
        yield case


def _unended(report: Report) -> Iterator[Xml.Element]:
    for case in errors(report):
        case.set("classname", f"mockbrew.run {visible(report.server)}")
        yield case
