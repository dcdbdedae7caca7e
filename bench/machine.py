"""A machine whose clocks are moved by hand, so that a month of silence takes no month."""

from __future__ import annotations


class Hand:
    """As `mockbrew.stores.machine` has it; both clocks in ns."""

    def __init__(self) -> None:
        self._now = 0

    def boot(self) -> str:
        """Always the same."""
        return "one"

    def monotonic(self) -> int:
        """ns."""
        return self._now

    def real(self) -> int:
        """ns."""
        return self._now

    def wait(self, nanoseconds: int) -> None:
        """Time goes by."""
        self._now += nanoseconds
