"""`mockbrew verify`: any server held against a spec, or two of them against each other.

The server may be real hardware. So it is said what will be done before anything is, and somebody has to agree to it; only readings need
nobody's consent. Exit codes: 0 all is as it should be, 1 something is not, or it ended early, 2 wrong usage, or nobody agreed; 128 and the
number of the signal that ended it, after what was found was restored: 130 for Ctrl-C, 143 for SIGTERM, 129 for a terminal that was closed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import click

from mockbrew.cli.ending import Endings
from mockbrew.cli.output import GONE, abandon, let_go, unwritten
from mockbrew.cli.printing import print_json
from mockbrew.cli.progress import Progress
from mockbrew.cli.reading import json_option, read, settings
from mockbrew.cli.servers import server_url
from mockbrew.cli.verdict import print_drift, print_report
from mockbrew.conformance.compared.drift import drift
from mockbrew.conformance.compared.steps import Run
from mockbrew.conformance.intentions import intentions
from mockbrew.conformance.known.contract import Contract
from mockbrew.conformance.options import Options
from mockbrew.conformance.reaching import reach
from mockbrew.conformance.reports.announcement import reading_only, sentences
from mockbrew.conformance.reports.comparison import junit_of_drift, of_drift
from mockbrew.conformance.reports.documents import document
from mockbrew.conformance.reports.junit import junit
from mockbrew.conformance.results import Exchange, Report
from mockbrew.conformance.run import verify
from mockbrew.errors import ConfigurationError
from mockbrew.spec import Spec

UNASKED = "a server is given commands only if somebody agrees; run this at a terminal, or give --yes, or --read-only. No command was sent."
ALONE = "it was not begun, since the other one ended early"


@click.command("verify")
@click.argument("url", callback=server_url)
@click.option("--spec", type=click.Path(path_type=Path), help="The contract.  [default: MOCKBREW_SPEC, else the reference brewery]")
@click.option("--read-only", is_flag=True, help="Ask for readings, and nothing else.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--any-layout", is_flag=True, help="Take any JSON of the right value: keys in any order, with white space.")
@click.option("--against", "other", callback=server_url, metavar="OTHER", help="Take OTHER through the same steps, and tell the drift.")
@click.option("--junit", "xml", type=click.Path(path_type=Path), metavar="FILE", help="Write a report for build servers.")
@json_option
def command(  # noqa: PLR0913 - what the command line has
    url: str, *, spec: Path | None, read_only: bool, yes: bool, any_layout: bool, other: str | None, xml: Path | None, as_json: bool
) -> None:
    """Hold the server at URL against a spec, and say what differs.

    It may be real hardware: this opens its valves and runs its pumps, and puts them back. It heats only while the conditions of
    [verify.devices] in the spec are certain. The token of a mockbrew comes from MOCKBREW_ADMIN_TOKEN; OTHER is never sent it.
    """
    chosen = settings(spec=spec)
    loaded, _ = read(chosen.spec)
    options = Options(read_only=read_only, layout=not any_layout, token=chosen.token or "")
    # A token is a secret between one server and us.
    servers = [(url, options), *([(other, replace(options, token=""))] if other else [])]
    _check_writable(xml)
    _agree(servers, loaded, yes=yes)
    with Endings() as endings:
        runs = _runs(servers, loaded)
    outcome = _outcome(runs, loaded)
    _tell(outcome, xml, as_json=as_json)
    raise click.exceptions.Exit(endings.status or (0 if outcome.good else 1))


# -- before --------------------------------------------------------------------------------------------------------


def _check_writable(xml: Path | None) -> None:
    """Said before anything is done to a server, not after an hour of it."""
    if xml is not None and (xml.is_dir() or not xml.absolute().parent.is_dir()):
        raise click.BadParameter(f"{str(xml)!r} can't be written: its folder is not there, or it is one itself", param_hint="'--junit'")


def _agree(servers: Sequence[tuple[str, Options]], spec: Spec, *, yes: bool) -> None:
    """Say what will be done; go on only if somebody agrees, or if nothing is commanded."""
    for url, options in servers:
        met = reach(url, spec, options)
        told = reading_only(url, met.pace, met.refused) if options.read_only else sentences(url, intentions(spec, met.pace), met.refused)
        for line in (told[0], *(f"  {note}" for note in met.notes), *told[1:]):
            click.echo(line, err=True)
    if yes or servers[0][1].read_only:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError(UNASKED)
    if not click.confirm("Do it?", err=True):
        click.echo("No command was sent.", err=True)
        raise click.exceptions.Exit(2)


# -- the runs ------------------------------------------------------------------------------------------------------


def _runs(servers: Sequence[tuple[str, Options]], spec: Spec) -> list[Run]:
    """One after the other; who stops the first one does not want the second one begun."""
    runs: list[Run] = []
    for url, options in servers:
        if runs and runs[-1].report.stopped:
            runs.append(Run(Report(url, spec.title, spec.digest, (), stopped=ALONE), ()))
        else:
            runs.append(_run(url, options, spec))
    return runs


def _run(url: str, options: Options, spec: Spec) -> Run:
    seen: list[Exchange] = []
    with Progress(url) as progress:

        def note(exchange: Exchange) -> None:
            seen.append(exchange)
            progress.step(exchange)

        report = verify(url, spec, options, say=progress.say, seen=note)
    return Run(report, tuple(seen))


# -- after ---------------------------------------------------------------------------------------------------------


class _Outcome(NamedTuple):
    """What came of it: whether all is as it should be; as data; as JUnit's cases; and printed for people."""

    good: bool
    data: dict[str, Any]
    cases: bytes
    show: Callable[[], None]


def _outcome(runs: Sequence[Run], spec: Spec) -> _Outcome:
    if len(runs) == 1:
        report = runs[0].report
        return _Outcome(report.passed, document(report), junit(report), partial(print_report, report))
    found = drift(runs[0], runs[1], Contract(spec))
    return _Outcome(found.none, of_drift(found), junit_of_drift(found), partial(print_drift, found))


def _tell(outcome: _Outcome, xml: Path | None, *, as_json: bool) -> None:
    """Print it, and write the file beside. Neither is lost because the other one can't be had; a reader who has gone is no fault."""
    lost: OSError | None = None
    show = partial(print_json, outcome.data) if as_json else outcome.show
    try:
        show()
        sys.stdout.flush()
    except OSError as error:
        lost = error
        abandon(sys.stdout)
    let_go()
    if xml is not None:
        _write(xml, outcome.cases)
    if lost is not None and lost.errno not in GONE:
        raise ConfigurationError(unwritten(lost)) from lost


def _write(xml: Path, text: bytes) -> None:
    try:
        xml.write_bytes(text)
    except OSError as error:
        raise ConfigurationError(f"{xml}: the report can't be written: {error.strerror or error}") from error
