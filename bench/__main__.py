"""`python -m bench`: measures everything, or the parts that are named; prints tables and writes JSON."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import click

from bench import results, tables
from bench.options import Options
from bench.results import Part
from bench.run import PARTS, run

QUIET = 0.5  # processes that want a core, on average of a minute: with more before it begins the bench warns

FILE = click.Path(dir_okay=False, path_type=Path)
THERE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("python -m bench")
@click.argument("names", metavar=f"[{'|'.join(PARTS)}]...", nargs=-1, type=click.Choice(list(PARTS)))
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True, help="How often all is measured by turns.")
@click.option("--seconds", type=click.IntRange(min=1), default=3, show_default=True, help="How long each load lasts.")
@click.option("--most", type=click.IntRange(min=30), default=100_000, show_default=True, help="Devices, endpoints, rigs: no more.")
@click.option("--json", "file", type=FILE, help="Write the results to a file.")
@click.option("--from", "files", type=THERE, multiple=True, help="Measure nothing: take the results of such files.")
@click.option("--into", "paper", type=THERE, help="Put the tables into a document of Markdown, between its markers.")
def main(
    names: Sequence[str], *, rounds: int, seconds: int, most: int, file: Path | None, files: Sequence[Path], paper: Path | None
) -> None:
    """Measure the parts that are named, or all.

    A part ends where a server answers with anything but a success: there is no figure of it, and the status is 1.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    if files:
        found = results.parts([json.loads(each.read_text("utf-8")) for each in files])
        shown(found)
    else:
        found = measured(names or list(PARTS), Options(Path(), rounds, seconds).within(most), file)
    if paper is not None:
        paper.write_text(tables.pasted(paper.read_text("utf-8"), found), "utf-8")
    sys.exit(any(part.refused is not None for part in found))


def measured(names: Sequence[str], options: Options, file: Path | None) -> list[Part]:
    """All parts, each shown and written as soon as it is done."""
    began, machine, found = datetime.now(timezone.utc).isoformat(timespec="seconds"), results.machine(), list[Part]()
    _warn(machine)
    for part in run(names, options, _tell):
        found.append(part)
        shown([part])
        if file is not None:
            document = results.document(found, began=began, rounds=options.rounds, seconds=options.seconds, machine=machine)
            file.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    return found


def shown(parts: Iterable[Part]) -> None:
    """Their tables."""
    for part in parts:
        click.echo(tables.text(part))


def _warn(machine: Mapping[str, Any]) -> None:
    if machine["load"] > QUIET * (os.cpu_count() or 1):
        _tell(f"the machine is busy (load {machine['load']:.1f}): the spread of the ratios will tell")


def _tell(line: str) -> None:
    click.echo(line, err=True)


if __name__ == "__main__":
    main()
