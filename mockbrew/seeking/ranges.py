"""Ranges of vessels: where temperature and mass may go without anybody having to look again; and how long a course surely stays there."""

from __future__ import annotations

from typing import Any, NamedTuple

from mockbrew.clock import SECOND
from mockbrew.conditions.intervals import Interval, ends
from mockbrew.courses import Course, Relaxation
from mockbrew.seeking.bounds import ROOM, mass_over, temperature_over
from mockbrew.series import Series

AHEAD = 2.0  # times as far as somebody asks for, if that is as cheap


class Range(NamedTuple):
    """degC and kg, all included."""

    coldest: float
    hottest: float
    least: float
    most: float

    def state(self, liquid: Any) -> Any:
        """A liquid that is somewhere in it."""
        return liquid._replace(temperature=Interval(self.coldest, self.hottest), mass=Interval(self.least, self.most))

    def until(self, course: Course | Relaxation, i: int, first: int, last: int) -> int:
        """Up to when (virtual ns, included) vessel `i` of a course surely stays in it, from its begin on; -1 if that is not up to `last`.

        first: if it is that alone which can be told, from then to `last`, it is `last`.
        """
        elapsed = (last - course.began) / SECOND
        for ahead in (AHEAD * elapsed, elapsed):
            if ahead <= (course.due - course.began) / SECOND and self._encloses(course, i, ahead):
                return max(course.began + int(ahead * SECOND), last)
        return last if self._meets(course, i, (first - course.began) / SECOND, elapsed) else -1

    def _encloses(self, course: Course | Relaxation, i: int, ahead: float) -> bool:
        """The cheapest way: nothing goes further than all terms of its course together, each at its greatest."""
        if isinstance(course, Relaxation):
            return _within(course.start, abs(course.slope) * ahead, self.coldest, self.hottest) and (
                self.least <= course.kilograms <= self.most
            )
        path = course.development.paths[i]
        return _within(path.temperature[0], _furthest(path.temperature, ahead), self.coldest, self.hottest) and (
            _within(path.mass[0], _furthest(path.mass, ahead), self.least, self.most)
        )

    def _meets(self, course: Course | Relaxation, i: int, first: float, last: float) -> bool:
        coldest, hottest = ends(temperature_over(course, i, first, last))
        least, most = ends(mass_over(course, i, first, last))
        return self.coldest <= coldest and hottest <= self.hottest and self.least <= least and most <= self.most


def around(course: Course | Relaxation, i: int, first: int, last: int, reach: float) -> Range:
    """That of vessel `i` of a course from `first` to `last` (virtual ns), and `reach` K and kg more on all sides."""
    elapsed = (first - course.began) / SECOND, (last - course.began) / SECOND
    coldest, hottest = ends(temperature_over(course, i, *elapsed))
    least, most = ends(mass_over(course, i, *elapsed))
    return Range(coldest - reach, hottest + reach, least - reach, most + reach)


def _within(start: float, furthest: float, low: float, high: float) -> bool:
    room = furthest + ROOM * (1.0 + abs(start) + furthest)
    return low <= start - room and start + room <= high


def _furthest(series: Series, ahead: float) -> float:
    """From where it starts, within `ahead` s."""
    total = 0.0
    for coefficient in series[:0:-1]:
        total = (total + abs(coefficient)) * ahead
    return total
