"""`mockbrew simulate`: a script, such as a brew day, run on the plant of a spec at full speed; no server, no store."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from mockbrew.cli import picture
from mockbrew.cli.printing import print_json, print_table
from mockbrew.cli.reading import json_option, read, settings
from mockbrew.cli.recording import recording, write_csv
from mockbrew.clock import SECOND, seconds
from mockbrew.devices.declare import Value
from mockbrew.devices.vessel import Vessel
from mockbrew.errors import SpecError
from mockbrew.files import read_text
from mockbrew.script import Script, parse
from mockbrew.simulation import Observe, Passed, Rig, run
from mockbrew.spec import Spec

OF_A_VESSEL = ("temperature", "volume")


@dataclass(frozen=True, slots=True)
class Row:
    """A step that is over, and each vessel's readings at its end."""

    passed: Passed
    vessels: Mapping[str, Mapping[str, Value]]


@click.command("simulate")
@click.argument("script", type=click.Path(path_type=Path))
@click.option("--spec", type=click.Path(path_type=Path), help="The rig.  [default: MOCKBREW_SPEC, else the reference brewery]")
@click.option("--csv", "table", type=click.Path(path_type=Path), help="Write every reading, a row each --every seconds.")
@click.option("--plot", "plot", type=click.Path(path_type=Path), help="Draw a picture: .svg, .png, .pdf. Needs matplotlib.")
@click.option("--every", type=click.IntRange(1, 86400), default=10, show_default=True, help="Seconds between rows, and points.")
@json_option
def command(script: Path, *, spec: Path | None, table: Path | None, plot: Path | None, every: int, as_json: bool) -> None:
    """Run SCRIPT, such as a brew day, on the plant alone."""
    path = settings(spec=spec).spec
    loaded, router = read(path)
    checked = parse(read_text(script), str(script), loaded, router)
    if plot:
        picture.check(plot)
    recorded = recording(loaded)
    rows = _run(checked, loaded, every * SECOND, recorded.observe if table or plot else _unseen)
    if table:
        write_csv(recorded, table)
    if plot:
        picture.draw(checked.title, loaded, [row.passed for row in rows], recorded, plot)
    _report(checked, path, rows, as_json=as_json)


def _unseen(rig: Rig) -> None:
    """Nobody wants to know."""


def _run(script: Script, spec: Spec, every: int, observe: Observe) -> list[Row]:
    rig = Rig(spec)
    steps = run(rig, script, every, observe)
    with click.progressbar(steps, length=len(script.steps), file=sys.stderr, hidden=not sys.stderr.isatty()) as passing:
        return [Row(passed, _vessels(rig)) for passed in passing]


def _vessels(rig: Rig) -> Mapping[str, Mapping[str, Value]]:
    names = [name for name, entry in rig.spec.entries.items() if isinstance(entry.device, Vessel)]
    return {name: dict(zip(OF_A_VESSEL, rig.readings([(name, reading) for reading in OF_A_VESSEL]), strict=True)) for name in names}


# -- what is told --------------------------------------------------------------------------------------------------


def _report(script: Script, spec: Path, rows: Sequence[Row], *, as_json: bool) -> None:
    """The steps; then, where one did not end as it should, why. Raises SpecError."""
    if as_json:
        print_json({"script": script.source, "spec": str(spec), "title": script.title, "steps": [_step(row) for row in rows]})
    else:
        _print_steps(rows)
    refusal = _refusal(script, rows)
    if refusal:
        raise refusal


def _refusal(script: Script, rows: Sequence[Row]) -> SpecError | None:
    passed = rows[-1].passed if rows else None
    if passed is None or passed.step.until is None or passed.reached:
        return None
    until, limit = passed.step.until, seconds(passed.step.longest)
    nearest = f"{passed.nearest.text}; " if passed.nearest and passed.nearest.approaches else ""
    message = f"{until.text!r} is not reached within {limit:g} s; {nearest}raise the limit, or mend what should bring it there"
    return script.refusal(len(rows) - 1, message)


def _print_steps(rows: Sequence[Row]) -> None:
    vessels = list(rows[0].vessels) if rows else []
    print_table(("", "step", "begins", "lasts", *vessels), [_columns(number, row) for number, row in enumerate(rows, 1)])


def _columns(number: int, row: Row) -> tuple[str, ...]:
    passed = row.passed
    begins, ends = round(seconds(passed.begins)), round(seconds(passed.ends))  # so that what a row says adds up to the next one
    vessels = (f"{vessel['temperature']:5.1f} °C {vessel['volume']:5.1f} L" for vessel in row.vessels.values())
    return str(number), passed.step.title, _clock(begins), _clock(ends - begins), *vessels


def _clock(seconds: int) -> str:
    """`1:02:03`."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _step(row: Row) -> dict[str, Any]:
    passed = row.passed
    return {
        "title": passed.step.title,
        "begins": seconds(passed.begins),
        "lasts": seconds(passed.ends - passed.begins),
        "reached": passed.reached,
        "vessels": row.vessels,
    }
