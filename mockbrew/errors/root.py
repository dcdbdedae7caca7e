"""What all errors are, and the words that their messages share."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping


class MockbrewError(Exception):
    """Root of what mockbrew itself refuses or reports."""

    status = 500

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """HTTP header fields that belong to this answer."""
        return ()

    @property
    def members(self) -> Mapping[str, object]:
        """Facts for a program: the extension members of the RFC 9457 problem document."""
        return {}


def known(names: Iterable[str]) -> str:
    """`known: heater, valve`, in alphabetical order."""
    listed = sorted(names)
    return f"known: {', '.join(listed)}" if listed else "none is known"


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """` (did you mean 'heater'?)`, or nothing where no name is close."""
    close = difflib.get_close_matches(word, list(names), n=1, cutoff=0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""


def short(value: object, limit: int = 60) -> str:
    """A value as Python writes it, cut where it is long."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."
