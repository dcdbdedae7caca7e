"""Calm vessels, many at once: the same law as in general, to the same bit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mockbrew.calm import Calm, develop_calm
from mockbrew.development import Development, develop
from mockbrew.series import value
from mockbrew.thermal import Exchange, Heat, Start
from mockbrew.webs import make_web

ROOM = 20.0  # degC
flows = st.sampled_from([0.0, 1.0, 700.0]) | st.floats(0.0, 1000.0)  # W/K
temperatures = st.sampled_from([0.0, 45.0]) | st.floats(-20.0, 80.0)  # K above the room


@st.composite
def vessels(draw: st.DrawFn) -> list[Start]:
    """Some that warm each other, in any way; of some the mass grows or shrinks."""
    numbers = range(draw(st.integers(1, 5)))
    return [draw(start(i, len(numbers))) for i in numbers]


@st.composite
def start(draw: st.DrawFn, i: int, count: int) -> Start:
    given_by = draw(st.dictionaries(st.integers(0, count - 1), flows, max_size=3))
    rates = {i: -9.0 - sum(given_by.values()), **{other: rate for other, rate in given_by.items() if other != i}}
    gain, mass = draw(st.sampled_from([0.0, 0.0, 0.17, -0.05])), draw(st.floats(10.0, 50.0))
    return begun(
        temperature=draw(temperatures),
        mass=mass,
        capacity=4000.0 + 4186.0 * mass,
        held_mass=draw(st.booleans()),
        heat=Heat(draw(st.sampled_from([0.0, 5500.0]))),
        exchange=Exchange(tuple(rates.items()), -25.0, gain, 0.0),
    )


def begun(*, temperature: float, mass: float, capacity: float, held_mass: bool, heat: Heat, exchange: Exchange) -> Start:
    return Start(temperature, mass, capacity, held_temperature=False, held_mass=held_mass, heat=heat, exchange=exchange)


def in_columns(starts: list[Start]) -> Calm:
    rates, nets = tuple(each.exchange.rates for each in starts), tuple(each.exchange.gain for each in starts)
    gains = tuple(0.0 if each.held_mass else each.exchange.gain for each in starts)
    return Calm(
        make_web(rates, nets, gains),
        [each.temperature for each in starts],
        [each.temperature + ROOM for each in starts],
        [each.mass for each in starts],
        [each.capacity for each in starts],
        [each.heat.steady + each.exchange.constant for each in starts],
    )


def as_floats(development: Development) -> list[object]:
    """What it says, without the first temperature, which is counted otherwise, nor the zeros at the end of masses and nets."""
    return [
        development.span,
        development.rests,
        *[([*path.temperature[1:]], [*path.mass, 0.0][:2], any(path.mass[2:]), path.net[0], path.outflow) for path in development.paths],
    ]


@given(starts=vessels(), longest=st.sampled_from([1e-9, 1.0, 32.0, 400.0, 86_400.0]))
def test_calm_vessels_develop_as_in_general_to_the_same_bit(starts: list[Start], longest: float) -> None:
    assert as_floats(develop_calm(in_columns(starts), longest)) == as_floats(develop(starts, longest))


@given(warm=st.integers(0, 39), heat=st.floats(1.0, 1e4), ring=st.booleans(), gain=st.sampled_from([0.0, -0.05]))
def test_of_many_vessels_only_those_that_move_are_computed(warm: int, heat: float, ring: bool, gain: float) -> None:  # noqa: FBT001
    starts = in_a_chain(40, warm, heat, gain, ring=ring)

    development, everything = develop_calm(in_columns(starts), 32.0), develop(starts, 32.0)

    lengths = [len(path.temperature) for path in development.paths]
    assert 1 <= lengths.count(max(lengths)) <= 13
    assert lengths.count(1) == 40 - lengths.count(max(lengths))
    for path, whole in zip(development.paths, everything.paths, strict=True):
        assert abs(value(path.temperature, 32.0) - ROOM - value(whole.temperature, 32.0)) < 1e-13


def in_a_chain(count: int, warm: int, heat: float, gain: float, *, ring: bool) -> list[Start]:
    """Vessels at the temperature of the room, through which liquid flows on and on; one is heated, and its mass may shrink."""
    alike = [begun(temperature=0.0, mass=40.0, capacity=171e3, held_mass=False, heat=Heat(0.0), exchange=_from(i)) for i in range(count)]
    if not ring:
        alike[0] = alike[0]._replace(exchange=alike[0].exchange._replace(rates=((0, -709.0),)))
    exchange = alike[warm].exchange._replace(gain=gain)
    return [*alike[:warm], alike[warm]._replace(heat=Heat(heat), exchange=exchange), *alike[warm + 1 :]]


def _from(i: int) -> Exchange:
    return Exchange(((i, -709.0), ((i - 1) % 40, 700.0)), 0.0, 0.0, 0.17)


@given(starts=vessels(), longest=st.sampled_from([1.0, 32.0, 400.0]), share=st.floats(0.0, 1.0))
def test_no_temperature_swings_further_than_is_said(starts: list[Start], longest: float, share: float) -> None:
    development = develop_calm(in_columns(starts), longest)

    for path, each in zip(development.paths, starts, strict=True):
        assert abs(value(path.temperature, share * development.span) - (each.temperature + ROOM)) <= development.swing + 1e-9


def test_in_a_course_temperatures_begin_in_degrees_to_the_last_bit() -> None:
    exchange = Exchange(((0, -9.0),), 0.0, 0.0, 0.0)
    starts = [begun(temperature=45.3, mass=10.0, capacity=1000.0, held_mass=False, heat=Heat(0.0), exchange=exchange)]
    calm = in_columns(starts)._replace(temperatures=[65.30000000000001])

    assert develop_calm(calm, 10.0).paths[0].temperature[0] == 65.30000000000001


def test_what_changes_by_less_than_a_rounding_does_not_rest() -> None:
    exchange = Exchange(((0, -709.0),), 709.0 * 45.3 + 8e-12, 0.0, 0.0)
    starts = [begun(temperature=45.3, mass=10.0, capacity=45860.0, held_mass=True, heat=Heat(0.0), exchange=exchange)]

    development = develop_calm(in_columns(starts), 32.0)

    assert value(development.paths[0].temperature, 32.0) == development.paths[0].temperature[0]
    assert not development.rests
