"""`python -m bench`: measures everything, or the parts that are named; prints tables and writes JSON."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from bench import paper, results, tables
from bench.options import Options
from bench.run import PARTS, run

QUIET = 0.5  # processes that want a core, on average of a minute: with more before it begins the bench warns

FILE = click.Path(dir_okay=False, path_type=Path)
THERE = click.Path(exists=True, dir_okay=False, path_type=Path)
PAPER = click.Path(exists=True, dir_okay=False, writable=True, path_type=Path)


def _can_be_written(context: click.Context, option: click.Parameter, file: Path | None) -> Path | None:
    """Tried at once, since what takes long to measure is written last. What is in the file stays, and a new one is not left there."""
    if file is not None:
        new = not file.exists()
        try:
            file.open("a").close()
        except OSError as error:
            raise click.BadParameter(f"{file}: cannot be written: {error.strerror}") from error
        if new:
            file.resolve().unlink()  # of a link, what it leads to
    return file


def _read(context: click.Context, option: click.Parameter, files: Sequence[Path]) -> Sequence[Mapping[str, Any]]:
    """The results that are in the files."""
    try:
        return [results.read(file) for file in files]
    except (results.Foreign, OSError) as error:
        raise click.BadParameter(str(error)) from error


@click.command("python -m bench")
@click.argument("names", metavar=f"[{'|'.join(PARTS)}]...", nargs=-1, type=click.Choice(list(PARTS)))
@click.option("--rounds", type=click.IntRange(min=1), default=5, show_default=True, help="How often all is measured by turns.")
@click.option("--seconds", type=click.IntRange(min=1), default=2, show_default=True, help="Seconds that each load lasts.")
@click.option("--most", type=click.IntRange(min=30), default=100_000, show_default=True, help="Devices, endpoints, rigs: no more.")
@click.option("--json", "file", type=FILE, callback=_can_be_written, help="Write the results to a file.")
@click.option("--from", "read", type=THERE, multiple=True, callback=_read, help="Measure nothing: take the results of such files.")
@click.option("--into", type=PAPER, help="Put the tables into a document of Markdown, between its markers.")
def main(
    names: Sequence[str], *, rounds: int, seconds: int, most: int, file: Path | None, read: Sequence[Mapping[str, Any]], into: Path | None
) -> None:
    """Measure the parts that are named, or all.

    A part ends where a server answers with anything but a success: there is no figure of it, and the status is 1.
    """
    if read and (names or file is not None):
        raise click.UsageError("'--from' measures nothing: neither parts nor '--json' go with it")
    names = names or list(PARTS)
    if into is not None:
        _check(into, [part.name for part in results.parts(read)] if read else names)
    if read:
        _show(results.parts(read))
    with _ending():
        documents = read or [measured(names, Options(Path(), rounds, seconds).within(most), file)]
    if into is not None:
        into.write_text(paper.pasted(into.read_text("utf-8"), documents), "utf-8")
    sys.exit(any(part["refused"] is not None for each in documents for part in each["parts"]))


@contextmanager
def _ending() -> Iterator[None]:
    """SIGTERM raises SystemExit meanwhile, so that what was started is ended."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _check(into: Path, names: Sequence[str]) -> None:
    """Raises click.BadParameter for a document where none of the results would have a place."""
    try:
        paper.check(into.read_text("utf-8"), names)
    except (paper.Unmarked, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{into}: {error}", param_hint="'--into'") from error


def measured(names: Sequence[str], options: Options, file: Path | None) -> Mapping[str, Any]:
    """The results of all parts, each written as soon as it is done; what there is of them is shown in the end, however that comes."""
    document = results.document(rounds=options.rounds, seconds=options.seconds)
    _warn(document["machine"])
    parts = []
    try:
        for part in run(names, options, _tell):
            parts.append(part)
            document["parts"].append(part.document())
            if file is not None:
                file.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    finally:
        _show(parts)
    return document


def _show(parts: Sequence[results.Part]) -> None:
    for part in parts:
        click.echo(tables.text(part))
    click.echo(tables.gaps(parts), nl=False)


def _warn(machine: Mapping[str, Any]) -> None:
    if machine["load"] > QUIET * (os.cpu_count() or 1):
        _tell(f"the machine is busy (load {machine['load']:.1f}): the spread of the ratios will tell")


def _tell(line: str) -> None:
    click.echo(line, err=True)


if __name__ == "__main__":
    main()
