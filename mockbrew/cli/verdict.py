"""What `mockbrew verify` says of its reports: tables for people, with what is wrong in colour on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

import click

from mockbrew.cli.printing import Row, print_table
from mockbrew.conformance.compared.drift import Drift
from mockbrew.conformance.reports import comparison, rows
from mockbrew.conformance.reports.texts import visible
from mockbrew.conformance.results import Report


def print_report(report: Report) -> None:
    """One server held against a spec."""
    click.echo(rows.heading(report))
    _notes(report)
    _table(rows.DIFFERENCES, rows.differences(report))
    _lines(rows.meanings(report))
    _table(rows.SKIPS, rows.skips(report))
    _lines([passed] if (passed := rows.passes(report)) else [])
    _ended(report)
    click.echo()
    click.secho(rows.verdict(report), fg="green" if report.passed else "red", bold=True)


def print_drift(drift: Drift) -> None:
    """Two servers side by side."""
    click.echo(f"one    {rows.heading(drift.one)}")
    _notes(drift.one)
    click.echo(f"other  {rows.heading(drift.other)}")
    _notes(drift.other)
    _table(comparison.DIFFERENCES, comparison.differences(drift))
    _table(comparison.OUTCOMES, comparison.outcomes(drift))
    _table(comparison.RATES, comparison.rates(drift))
    _lines([comparison.SAME])
    for report in (drift.one, drift.other):
        _ended(report)
    click.echo()
    click.secho(comparison.verdict(drift), fg="green" if drift.none else "red", bold=True)


def _table(columns: Row, found: Sequence[Row]) -> None:
    if found:
        click.echo()
        print_table(columns, found)


def _lines(lines: Sequence[str]) -> None:
    if lines:
        click.echo()
    for line in lines:
        click.echo(line)


def _notes(report: Report) -> None:
    """Under the server that they are about, and before all that they may explain."""
    for note in report.notes:
        click.echo(f"  {visible(note)}")


def _ended(report: Report) -> None:
    """What went wrong with the run itself: whoever stands beside the rig must not overlook it."""
    if report.stopped:
        click.echo()
        click.secho(f"STOPPED EARLY: {visible(report.stopped)}", fg="red", bold=True)
    if report.unrestored:
        click.echo()
        click.secho(f"NOT AS IT WAS FOUND, at {visible(report.server)}: see to it", fg="red", bold=True)
        _lines([f"  {visible(sentence)}" for sentence in rows.unrestored(report)])
