"""Listings: JSON for programs, columns for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from itertools import zip_longest

import click

Row = Sequence[str]

GAP = "  "


def print_json(value: object) -> None:
    """Indented, ASCII: whatever the terminal's encoding, it is the same."""
    click.echo(json.dumps(value, indent=2))


def print_table(columns: Row, rows: Sequence[Row]) -> None:
    """On a terminal folded to its width; into a pipe or a file one whole line a row, for `grep` and `cut`."""
    if sys.stdout.isatty():
        _print_folded(columns, rows)
    else:
        _print_whole([[column.upper() for column in columns], *rows])


def _print_whole(rows: Sequence[Row]) -> None:
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    for row in rows:
        click.echo(GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _print_folded(columns: Row, rows: Sequence[Row]) -> None:
    from rich.console import Console  # noqa: PLC0415 - 60 ms, for a terminal only
    from rich.table import Table  # noqa: PLC0415 - as above

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column.upper(), overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(markup=False, highlight=False, emoji=False).print(table)
