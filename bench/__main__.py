"""`python -m bench`: measures everything, or the parts that are named; prints tables and writes JSON."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from bench import paper, results, tables
from bench.options import Options
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
@click.option("--into", type=THERE, help="Put the tables into a document of Markdown, between its markers.")
def main(
    names: Sequence[str], *, rounds: int, seconds: int, most: int, file: Path | None, files: Sequence[Path], into: Path | None
) -> None:
    """Measure the parts that are named, or all.

    A part ends where a server answers with anything but a success: there is no figure of it, and the status is 1.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    documents = [json.loads(each.read_text("utf-8")) for each in files]
    for part in results.parts(documents):
        click.echo(tables.text(part))
    if not files:
        documents = [measured(names or list(PARTS), Options(Path(), rounds, seconds).within(most), file)]
    if into is not None:
        into.write_text(paper.pasted(into.read_text("utf-8"), documents), "utf-8")
    sys.exit(any(part["refused"] is not None for each in documents for part in each["parts"]))


def measured(names: Sequence[str], options: Options, file: Path | None) -> Mapping[str, Any]:
    """The results of all parts, each shown and written as soon as it is done."""
    document = results.document(rounds=options.rounds, seconds=options.seconds)
    _warn(document["machine"])
    for part in run(names, options, _tell):
        document["parts"].append(part.document())
        click.echo(tables.text(part))
        if file is not None:
            file.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    return document


def _warn(machine: Mapping[str, Any]) -> None:
    if machine["load"] > QUIET * (os.cpu_count() or 1):
        _tell(f"the machine is busy (load {machine['load']:.1f}): the spread of the ratios will tell")


def _tell(line: str) -> None:
    click.echo(line, err=True)


if __name__ == "__main__":
    main()
