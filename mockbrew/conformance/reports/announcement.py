"""What is going to be done to a server, in sentences: somebody beside the rig has to agree to it."""

from __future__ import annotations

from collections.abc import Iterator

from mockbrew.conformance.intentions import Heating, Intentions
from mockbrew.conformance.reports.texts import visible
from mockbrew.conformance.results import VIRTUAL

LISTED = 40  # devices in one sentence


def sentences(url: str, planned: Intentions, refused: str = "") -> list[str]:
    """A line each; the first names the server. refused: why the control plane of a mockbrew may not be used."""
    return [f"{visible(url)}:", *(f"  {sentence}" for sentence in _sentences(planned, refused))]


def reading_only(url: str, pace: str, refused: str = "") -> list[str]:
    """The same where nothing is commanded."""
    return [
        f"{visible(url)}:",
        "  asks for every reading, and whether it is a mockbrew, by GET, and nothing else",
        f"  {_time(pace, refused)}",
    ]


def _sentences(planned: Intentions, refused: str) -> Iterator[str]:
    counts = [f"{device or 'the rig (reset)'} {count}" for device, count in planned.commands.items()]
    more = f" and {len(counts) - LISTED} more" if len(counts) > LISTED else ""
    yield f"gives up to about {sum(planned.commands.values())} commands, by the spec's endpoints: {', '.join(counts[:LISTED])}{more}"
    yield "and, where it may, asks what must be refused too: arguments out of range, methods that commands do not have"
    yield from map(_heated, planned.heats)
    yield from (f"never heats with {device}: {lacking} has no `safe` in [verify.devices]" for device, lacking in planned.never)
    yield "puts everything back as it was found, as far as readings tell it; a reset sets what no command can"
    yield f"{_time(planned.pace, refused)}; takes {_duration(planned)}"


def _heated(heating: Heating) -> str:
    condition = " and ".join(f"({safe})" for safe in heating.safe) if len(heating.safe) > 1 else "".join(heating.safe)
    unseen = f"; nobody shows {', '.join(heating.unseen)} here, so it is left cold where that decides" if heating.unseen else ""
    what = "switches on" if heating.source else "lets heat"
    return f"{what} {heating.device} only while it is certain that {condition}{unseen}"


def _time(pace: str, refused: str) -> str:
    if pace == VIRTUAL:
        return "this is a mockbrew whose clock may be advanced: time is virtual"
    return f"time is real: {refused or 'it has no control plane of a mockbrew that may be used'}"


def _duration(planned: Intentions) -> str:
    if planned.pace == VIRTUAL:
        return f"seconds; its clock goes on by about {_minutes(planned.seconds)}"
    return f"at least {_minutes(planned.seconds)}, and what its replies take"


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
