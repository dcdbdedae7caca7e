"""Virtual time: a base and an exact rate over wall time, both in integer nanoseconds.

Nothing here asks for the time; the wall is an argument.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

SECOND = 1_000_000_000  # ns
DAY = 86_400 * SECOND  # ns
NEVER = 2**63  # ns; what is due then is not due
HORIZON = 30 * DAY  # ns of virtual time that a rig goes on by itself after its last event


def nanoseconds(seconds: float) -> int:
    """`seconds` (s) as the nearest whole number of nanoseconds."""
    return round(seconds * SECOND)


def seconds(nanoseconds: int) -> float:
    """`nanoseconds` (ns) in s, correctly rounded."""
    return nanoseconds / SECOND


@dataclass(frozen=True, slots=True)
class Clock:
    """Virtual time of one rig: `base + rate * (wall - wall_base)`.

    base: virtual ns at wall_base. wall_base: wall ns. rate: virtual seconds per wall second, exact.
    """

    base: int
    wall_base: int
    rate: Fraction = Fraction(1)

    def at(self, wall: int) -> int:
        """Virtual ns at `wall` (ns), never before the base."""
        if wall <= self.wall_base:
            return self.base
        numerator, denominator = self.rate.as_integer_ratio()
        return self.base + (wall - self.wall_base) * numerator // denominator

    def rebased(self, base: int, wall: int) -> Clock:
        """The same rate, counted from virtual `base` at `wall` (both ns)."""
        return replace(self, base=base, wall_base=wall)
