"""What a simulation showed, at equal intervals: a column for each reading of each vessel, pipe and device."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mockbrew.clock import seconds
from mockbrew.devices.declare import Value
from mockbrew.errors import ConfigurationError
from mockbrew.simulation import Rig
from mockbrew.spec import Spec

Column = tuple[str, str]  # device, reading


@dataclass(frozen=True, slots=True)
class Recording:
    """times: virtual s. rows: the values of the columns, one row each time."""

    columns: Sequence[Column]
    times: list[float] = field(default_factory=list)
    rows: list[tuple[Value, ...]] = field(default_factory=list)

    def observe(self, rig: Rig) -> None:
        """One more row."""
        self.times.append(seconds(rig.at))
        self.rows.append(tuple(rig.readings(self.columns)))

    def of(self, column: Column) -> list[Value]:
        """The values of one column."""
        place = self.columns.index(column)
        return [row[place] for row in self.rows]


def recording(spec: Spec) -> Recording:
    """An empty one."""
    return Recording([(name, reading) for name, entry in spec.entries.items() for reading in entry.device.readings])


def write_csv(recorded: Recording, path: Path) -> None:
    """A first row of names, `s` for the time and `HotTank.volume` for readings; null is an empty field. Raises ConfigurationError."""
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file, lineterminator="\n")
            lines.writerow(["s", *map(".".join, recorded.columns)])
            lines.writerows([time, *row] for time, row in zip(recorded.times, recorded.rows, strict=True))
    except OSError as error:
        raise unwritable("--csv", path, error) from error


def unwritable(option: str, path: Path, error: OSError) -> ConfigurationError:
    """What to raise for a file that can't be written."""
    return ConfigurationError(f"{option} {path}: it can't be written: {error.strerror or error}; name another file")
