"""The picture of a simulation: temperatures, volumes, and what was open, running or on. Needs matplotlib, which is imported when asked for.

Equal simulations make equal files, byte for byte with one version of matplotlib: no date, no random names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mockbrew.cli.recording import Recording, unwritable
from mockbrew.clock import seconds
from mockbrew.devices.loop import Loop
from mockbrew.devices.vessel import Vessel
from mockbrew.errors import ConfigurationError
from mockbrew.simulation import Passed
from mockbrew.spec import Spec

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HOUR = 3600.0  # s
STYLE: Any = {"svg.hashsalt": "mockbrew", "svg.fonttype": "none", "path.simplify_threshold": 0.2, "font.size": 9.0}
UNDATED: Mapping[str, dict[str, Any]] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
SIZE = (11.0, 9.0)  # inches
HEIGHT = 0.7  # of a row of what is on, in rows


def check(path: Path) -> None:
    """Raises ConfigurationError if no picture can be drawn into such a file."""
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415 - half a second, and not everybody has it
    except ImportError:
        advice = "pip install 'mockbrew[plot]', or matplotlib itself"
        raise ConfigurationError(f"--plot {path}: matplotlib is not installed; {advice}") from None
    known = Figure().canvas.get_supported_filetypes()
    if path.suffix[1:].lower() not in known:
        raise ConfigurationError(f"--plot {path}: its ending names no format of pictures; known: {', '.join(sorted(known))}")


def draw(title: str, spec: Spec, steps: Sequence[Passed], recorded: Recording, path: Path) -> None:
    """Write it. Raises ConfigurationError."""
    from matplotlib import rc_context  # noqa: PLC0415 - as above
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above

    with rc_context(STYLE):
        figure = Figure(figsize=SIZE, layout="constrained")
        panels = figure.subplots(3, sharex=True, height_ratios=(3, 2, 2))
        _temperatures(panels[0], spec, recorded)
        _volumes(panels[1], spec, recorded)
        _switched(panels[2], spec, recorded)
        _steps(panels, steps)
        figure.suptitle(title)
        try:
            figure.savefig(path, metadata=UNDATED.get(path.suffix.lower()))
        except OSError as error:
            raise unwritable("--plot", path, error) from error


def _temperatures(axes: Axes, spec: Spec, recorded: Recording) -> None:
    """Of the vessels; dashed, the setpoints of controllers while they are on."""
    _vessels(axes, spec, recorded, "temperature")
    for name, entry in spec.entries.items():
        if isinstance(entry.device, Loop):
            wanted: Any = zip(recorded.of((name, "setpoint")), recorded.of((name, "state")), strict=True)
            axes.plot(_hours(recorded), [setpoint if on else nan for setpoint, on in wanted], "--", color="0.4", linewidth=0.8)
    axes.set_ylabel("°C")
    axes.legend(loc="upper left")


def _volumes(axes: Axes, spec: Spec, recorded: Recording) -> None:
    _vessels(axes, spec, recorded, "volume")
    axes.set_ylabel("L")
    axes.set_ylim(bottom=0)


def _vessels(axes: Axes, spec: Spec, recorded: Recording, reading: str) -> None:
    for name, entry in spec.entries.items():
        if isinstance(entry.device, Vessel):
            values: Sequence[Any] = recorded.of((name, reading))
            axes.plot(_hours(recorded), values, label=name, linewidth=1.2)
    axes.grid(visible=True, axis="y", linewidth=0.3)


def _switched(axes: Axes, spec: Spec, recorded: Recording) -> None:
    """A row for each device that was ever on, filled while it was; a controller's heaters as high as the share of time that they are."""
    shares = {name: _shares(name, spec, recorded) for name, reading in recorded.columns if reading == "state"}
    used = [name for name in shares if any(shares[name])]
    for row, name in enumerate(reversed(used)):
        turns = _turns(shares[name])
        hours = [recorded.times[turn] / HOUR for turn in turns]
        axes.fill_between(hours, row, [row + shares[name][turn] * HEIGHT for turn in turns], step="post", color="0.4", linewidth=0)
    axes.set_yticks([row + HEIGHT / 2 for row in range(len(used))], reversed(used), fontsize=7)
    axes.set_xlabel("h")


def _shares(name: str, spec: Spec, recorded: Recording) -> Sequence[Any]:
    """0 or 1 at each time; of heaters in windows the duty, since their windows may be shorter than the time between two rows."""
    shares: Sequence[Any] = recorded.of((name, "state"))
    for other, entry in spec.entries.items():
        if isinstance(entry.device, Loop) and name in entry.device.heaters and "duty" in entry.device.readings:
            ruled = zip(recorded.of((other, "state")), recorded.of((other, "duty")), shares, strict=True)
            shares = [duty if on else share for on, duty, share in ruled]
    return shares


def _turns(values: Sequence[object]) -> Sequence[int]:
    """Where a value is not the one before, and the ends: all that steps are made of."""
    last = len(values) - 1
    return [place for place in range(len(values)) if place in (0, last) or values[place] != values[place - 1]]


def _steps(panels: Sequence[Axes], steps: Sequence[Passed]) -> None:
    """A line at the beginning of each step, with its number above all."""
    top = panels[0]
    for number, passed in enumerate(steps, 1):
        begin = seconds(passed.begins) / HOUR
        for axes in panels:
            axes.axvline(begin, color="0.8", linewidth=0.5, zorder=0)
        height = 2 + 7 * (number % 3)  # points: short steps stand close together
        top.annotate(str(number), (begin, 1), (0, height), top.get_xaxis_transform(), "offset points", ha="center", fontsize=7)


def _hours(recorded: Recording) -> list[float]:
    return [time / HOUR for time in recorded.times]
