"""Steps: the readings of sensors that show multiples of a resolution only."""

from __future__ import annotations

from collections.abc import Iterator

FINEST = 1e-6  # of a step, in the unit of the reading: floats of some hundred can show it


def stepped(value: float, resolution: float) -> float:
    """The nearest multiple of `resolution`; the value itself if that is 0."""
    # The rounding to 1e-9 undoes what binary fractions add to a decimal step such as 0.1.
    return round(round(value / resolution) * resolution, 9) if resolution else value


def too_fine(resolution: float, unit: str) -> Iterator[tuple[str, str]]:
    """What a kind's check has to say of its option `resolution`."""
    if 0 < resolution < FINEST:
        yield "resolution", f"{resolution} {unit} is finer than what is computed; 0 for none, or at least {FINEST} {unit}"
