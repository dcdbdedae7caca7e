"""The wording of a story: what was asked of a rig, in short and for any terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockbrew.client import Entry

SHORT = 100  # characters of a reply, or of what was asked
CONTROL = "/__admin/"


def asked(entry: Entry) -> str:
    """What a request was; of the control plane, what it meant."""
    if entry.url.startswith(CONTROL):
        return f"the test: {meant(entry.device, entry.verb or '', entry.arguments)}"
    return f"{entry.method} {cut(entry.url)}"


def meant(device: str | None, verb: str, arguments: Mapping[str, Any]) -> str:
    """What a command was, of a device or of the rig."""
    said = cut(" ".join(f"{name}={value!r}" for name, value in arguments.items()))
    return f"{device}: {verb} {said}".rstrip() if device else f"{verb} {said}".rstrip()


def instant(time: float) -> str:
    """Virtual s, to the millisecond."""
    return f"{round(time, 3)}"


def counted(number: int, noun: str) -> str:
    """So many."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def cut(text: str) -> str:
    """Short, on one line, and without what would command a terminal."""
    plain = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text[: SHORT + 1])
    return plain if len(plain) <= SHORT else f"{plain[: SHORT - 3]}..."
