"""Bounds: between which two numbers the readings of a cell stay for a while in which no boundary lies.

A `Bounds` is a view of a cell whose states hold intervals. A reading that computes with them, as it does with numbers, gives an interval
that encloses all that it shows meanwhile. So no kind need know of this.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from mockbrew.bodies import Sensing, liquid_at, warmed_at
from mockbrew.clock import SECOND, nanoseconds
from mockbrew.conditions.intervals import Interval, Number, ends
from mockbrew.courses import Course, Relaxation
from mockbrew.devices.probe import HOUR, Probe
from mockbrew.flight import Flight
from mockbrew.series import Series, value
from mockbrew.sight import Sight

ROOM = 1e-12  # of a value, and of its unit: more than rounding comes to, in a series whose terms cancel each other too
NOISIEST = 8.3  # standard deviations: no draw of a probe is further out, since its 52 bits and a half are not nearer to 0 or 1


class Bounds:
    """A cell from `low` to `high` (virtual ns, both included), with no boundary in between or at `high` (a `View` of the kinds).

    widest: of the intervals that it has shown. timed: whether somebody has asked for the time.
    """

    def __init__(self, flight: Flight, low: int, high: int, seed: str) -> None:
        self.flight, self.low, self.high, self.seed = flight, low, high, seed
        self.surroundings = flight.cell.surroundings
        self.widest: Number = 0.0
        self.timed = False

    @property
    def _view(self) -> Any:
        """Itself: a view, but for its intervals."""
        return self

    @property
    def at(self) -> Any:
        """All of it, virtual ns."""
        self.timed = True
        return Interval(self.low, self.high)

    def state(self, name: str) -> Any:
        """The state of a device or vessel, its moving numbers as intervals."""
        return self._shown(self._state(self.flight.cell.places[name]))

    def reading(self, name: str, reading: str) -> Any:
        """What a client would read of it."""
        cell = self.flight.cell
        place = cell.places[name]
        device, state = cell.devices[place], self._shown(self._state(place))
        if isinstance(device, Probe) and state.held is not None:
            return self._sampled(place, device, reading, state)
        return device.readings[reading].read(device, state, self)

    def commanded(self, name: str) -> Any:
        """Where it was told to be."""
        cell = self.flight.cell
        return cell.devices[cell.places[name]].commanded(self.state(name), self._view)

    def _sampled(self, place: int, probe: Probe, reading: str, state: Any) -> Any:
        """What a probe shows that holds its samples: one of them, or what all of them together may be."""
        if not self._samples(place):
            return Sight(self.flight, self.low, self.seed).reading(probe.name, reading)
        quiet = _quiet(probe)
        shown: Any = quiet.readings[reading].read(quiet, state, self)
        if probe.shown is not None or not (probe.noise or probe.drifts):
            return shown
        drift = sum([rate * ((Interval(self.low, self.high) - began) / HOUR) for rate, began in probe.drifts])
        late = sum([abs(rate) for rate, _ in probe.drifts]) * nanoseconds(probe.period) / HOUR  # of a sample that it holds
        self.timed = True  # what is drawn is another one at each sample, though nothing else moves
        return Interval(-1, 1) * (NOISIEST * probe.noise + probe.resolution + late) + drift + shown

    def flow(self, pipe: str) -> Any:
        """What flows through a pipe, kg/s."""
        flight = self.flight
        place = flight.cell.places[pipe]
        if place not in flight.layout.ducts:
            return 0.0
        part, i = flight.layout.ducts[place]
        course, source = flight.course(part.numbers[0]), part.ducts[i].source
        flow, varying = course.flows.through[i], course.varying(i, source)
        return flow if varying is None else self._noted(flow / varying[0] * series_over(varying, *self._elapsed(course)))

    # -- states ----------------------------------------------------------------------------------------------------

    def _state(self, place: int) -> Any:
        flight = self.flight
        state, number = flight.states[place], flight.cell.body_of.get(place)
        if number is None:
            return state
        body, course, i = flight.cell.bodies[number], flight.course(number), flight.layout.number_in_part[number]
        first, last = self._elapsed(course)
        sensing = body.immersed.get(place)
        if sensing is not None:
            return self._sensed(sensing, state, course, i)
        if place != body.place:
            two = [warmed_at(body.lagging[place], state, elapsed) for elapsed in (first, last)]
            return state._replace(heat=roomy(*[each.heat for each in two]))
        temperatures, masses = ends(temperature_over(course, i, first, last)), ends(mass_over(course, i, first, last))
        two = [liquid_at(body, state, temperature, mass) for temperature, mass in zip(temperatures, masses, strict=True)]
        return state._replace(mass=exactly(*[each.mass for each in two]), temperature=exactly(*[each.temperature for each in two]))

    def _sensed(self, sensing: Sensing, state: Any, course: Course | Relaxation, i: int) -> Any:
        """As `Sensing.at`, for all instants from `low` to `high`."""
        now = sensed_over(sensing, state[0], course, i, *self._elapsed(course))
        held = state[1]
        if sensing.period:
            first, last = (at - at % sensing.period for at in (self.low, self.high))
            if first == last:
                held = sensing.at(state, course, i, self.low)[1]
            else:
                since = max(first, course.began)
                samples = sensed_over(sensing, state[0], course, i, *((at - course.began) / SECOND for at in (since, last)))
                held = samples if first > course.began else joined(held, samples)
        return sensing.device.layout(now, held, *state[2:])

    def _samples(self, place: int) -> bool:
        """Whether what is immersed there takes a sample meanwhile, after the first instant."""
        body = self.flight.cell.bodies[self.flight.cell.body_of[place]]
        period = body.immersed[place].period
        return self.low // period != self.high // period

    def _elapsed(self, course: Course | Relaxation) -> tuple[float, float]:
        """s since the course began."""
        return (self.low - course.began) / SECOND, (self.high - course.began) / SECOND

    def _shown(self, state: Any) -> Any:
        for each in state:
            self._noted(each)
        return state

    def _noted(self, shown: Any) -> Any:
        if isinstance(shown, Interval):
            self.widest = max(self.widest, shown.high - shown.low)
        return shown


# -- what moves ----------------------------------------------------------------------------------------------------


def temperature_over(course: Course | Relaxation, i: int, first: float, last: float) -> Any:
    """degC of vessel `i` from `first` to `last` (s since it began)."""
    if isinstance(course, Course):
        return series_over(course.development.paths[i].temperature, first, last)
    return roomy(course.temperature(i, first), course.temperature(i, last)) if course.slope else course.start


def mass_over(course: Course | Relaxation, i: int, first: float, last: float) -> Any:
    """kg in it."""
    return series_over(course.development.paths[i].mass, first, last) if isinstance(course, Course) else course.kilograms


def series_over(series: Series, first: float, last: float) -> Any:
    """Its values: those at the ends and between where its slope keeps its sign, else as much more as the slope allows for."""
    if not any(series[1:]):
        return series[0]
    half = (last - first) / 2
    begins, finishes = value(series, first), value(series, last)
    slope = [k * term for k, term in enumerate(series)][1:]
    here = value(slope, (first + last) / 2)
    bend = half * value([k * abs(term) for k, term in enumerate(slope)][1:], last)  # what the slope may differ by, K/s
    if abs(here) >= bend:
        return roomy(begins, finishes)
    return around(begins, finishes, (abs(here) + bend) * half)


def sensed_over(sensing: Sensing, start: float, course: Course | Relaxation, i: int, first: float, last: float) -> Any:
    """degC of what is immersed in vessel `i`, and was `start` when the course began."""
    followed = temperature_over(course, i, first, last)
    if not sensing.lag:
        return followed
    low, high = ends(followed)
    begins, finishes = (course.lagged(i, start, sensing.lag, elapsed) for elapsed in (first, last))
    if begins == finishes == low == high and isinstance(course, Relaxation):  # in a series, rounding may show in between
        return begins
    if finishes < low or finishes > high:  # it has not caught up: it has gone one way all the time
        return roomy(begins, finishes)
    least, most = min(begins, low), max(begins, high)
    steepest = max(most - low, high - least) / sensing.lag
    found = around(begins, finishes, steepest * (last - first) / 2)
    return roomy(max(least, found.low), min(most, found.high))


def around(one: float, other: float, further: float) -> Interval:
    """What goes from `one` to `other`, and may have gone this much further from halfway between them."""
    halfway = (one + other) / 2
    further = max(further, abs(one - other) / 2)
    return roomy(halfway - further, halfway + further)


def roomy(one: float, other: float) -> Interval:
    """From the lower to the higher, and what rounding may add."""
    low, high = (one, other) if one < other else (other, one)
    room = ROOM * (1.0 + max(abs(low), abs(high)))
    return Interval(low - room, high + room)


def exactly(low: float, high: float) -> Any:
    """The interval, or the number that it is, without room for rounding."""
    return low if low == high else Interval(low, high)


def joined(one: Any, other: Any) -> Any:
    """What encloses both."""
    low, high = zip(ends(one), ends(other), strict=True)
    return exactly(min(low), max(high))


@lru_cache(maxsize=64)
def _quiet(probe: Probe) -> Probe:
    """The same without noise or drift."""
    return replace(probe, noise=0.0, drifts=())
