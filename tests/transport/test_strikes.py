"""Which requests faults of transport hit: draws, counts, windows, and several faults at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew.clock import SECOND
from mockbrew.faults.devices import draw
from mockbrew.faults.sorts import CAP
from mockbrew.faults.strikes import Counted, Strike, stage, strike
from mockbrew.faults.transport import TransportFault

SEED = "7/team-a"


def fault(name: str = "f1", sort: str = "empty", **more: Any) -> TransportFault:
    return TransportFault(name, sort, **more)


def delay(name: str = "late", **parameters: float) -> TransportFault:
    return fault(name, "delay", parameters=parameters)


def strikes(faults: Sequence[TransportFault], times: Iterable[int], seed: str = SEED) -> list[Strike]:
    """What becomes of requests at these virtual times (ns), one after the other."""
    counters: dict[str, Counted] = {}
    struck = []
    for at in times:
        struck.append(strike(faults, counters, at, lambda _: seed))
        counters.update(struck[-1].counted)
    return struck


def hits(faults: Sequence[TransportFault], times: Iterable[int], seed: str = SEED) -> list[str]:
    return [each.names for each in strikes(faults, times, seed)]


def test_a_fault_without_a_probability_hits_every_request() -> None:
    assert hits([fault()], range(3)) == ["f1", "f1", "f1"]


def test_one_with_a_probability_hits_the_requests_whose_draw_is_below_it() -> None:
    below = [draw(SEED, "f1", number) < 0.3 for number in range(200)]

    assert [bool(each) for each in hits([fault(probability=0.3)], range(200))] == below
    assert 30 < sum(below) < 90


def test_draws_are_those_of_the_seed_the_rig_and_the_name_and_not_of_the_time() -> None:
    flaky = [fault(probability=0.5)]
    usual = hits(flaky, range(64))

    assert hits(flaky, range(1_000, 1_064)) == usual
    assert hits(flaky, range(64), "8/team-a") != usual
    assert hits(flaky, range(64), "7/team-b") != usual
    assert [bool(each) for each in hits([fault("other", probability=0.5)], range(64))] != [bool(each) for each in usual]


def test_a_count_is_of_hits_and_ends_it() -> None:
    struck = strikes([fault(probability=0.5, count=2)], range(64))

    assert sum(bool(each.by) for each in struck) == 2
    assert struck[-1].counted == {}  # it is over, and counts no more


def test_it_acts_from_its_begin_to_its_end() -> None:
    windowed = [fault(begins=10, ends=20)]

    assert hits(windowed, [9, 10, 19, 20]) == ["", "f1", "f1", ""]
    assert strikes(windowed, [9])[0].counted == {}


@pytest.mark.parametrize(
    ("at", "counted", "state"),
    [(9, Counted(), "waiting"), (10, Counted(5, 1), "acting"), (10, Counted(5, 2), "over"), (20, Counted(), "over")],
)
def test_where_a_fault_stands(at: int, counted: Counted, state: str) -> None:
    assert stage(fault(begins=10, ends=20, count=2), counted, at) == state


def test_of_several_that_answer_the_first_made_does_and_the_others_are_counted_without_a_hit() -> None:
    first, second = fault("first", "status", parameters={"code": 500}), fault("second")

    (struck,) = strikes([first, second], [0])

    assert struck.answers is first
    assert struck.counted == {"first": Counted(1, 1), "second": Counted(1, 0)}


def test_what_another_fault_answers_does_not_use_up_a_count() -> None:
    faults = [fault("first", count=2), fault("second", count=2)]

    assert hits(faults, range(5)) == ["first", "first", "second", "second", ""]


def test_delays_add_up_and_the_fault_that_answers_does_so_after_them() -> None:
    (struck,) = strikes([delay("a", seconds=1.5), fault("gone", "closed"), delay("b", seconds=2.0)], [0])

    assert (struck.delay, struck.answers and struck.answers.name, struck.names) == (3.5, "gone", "a, gone, b")


def test_no_reply_is_held_back_longer_than_the_cap() -> None:
    (struck,) = strikes([delay("a", seconds=9.0), delay("b", seconds=9.0)], [0])

    assert struck.delay == CAP == 10


@given(st.floats(0, 10), st.floats(0, 10))
def test_a_uniform_delay_is_between_its_bounds(one: float, other: float) -> None:
    low, high = sorted((one, other))

    assert all(low <= each.delay <= high for each in strikes([delay(low=low, high=high)], range(20)))


def test_uniform_delays_fill_their_interval() -> None:
    delays = [each.delay for each in strikes([delay(low=1.0, high=3.0)], range(1_000))]

    assert min(delays) < 1.01
    assert max(delays) > 2.99
    assert sum(delays) / 1_000 == pytest.approx(2.0, abs=0.06)  # three standard errors


def test_lognormal_delays_have_their_median_and_their_spread() -> None:
    delays = sorted(each.delay for each in strikes([delay(median=0.2, sigma=0.5)], range(1_001)))

    assert median(delays) == pytest.approx(0.2, rel=0.07)
    assert delays[158] == pytest.approx(0.2 / 1.6487, rel=0.1)  # e^0.5 below it lie 15.9 %


def test_a_delay_is_drawn_apart_from_whether_it_comes() -> None:
    now_and_then = fault("late", "delay", parameters={"low": 0.0, "high": 10.0}, probability=0.5)

    assert max(each.delay for each in strikes([now_and_then], range(200))) > 9


@given(st.lists(st.integers(0, 40), max_size=40).map(sorted), st.integers(1, 5), st.sampled_from([0.2, 0.8, 1.0]))
def test_what_happens_to_the_first_requests_does_not_depend_on_those_after_them(times: list[int], count: int, chance: float) -> None:
    faults = [fault("a", probability=chance, count=count), fault("b", begins=5, ends=30), delay(low=0.0, high=1.0)]

    whole = strikes(faults, times)

    assert all(strikes(faults, times[:end]) == whole[:end] for end in range(len(times)))


def test_a_reply_names_the_faults_that_announce_themselves() -> None:
    loud, quiet = fault("loud", announce=True), delay("quiet", seconds=1)

    status, fields, body = strikes([quiet, loud], [0])[0].sent((200, [("Content-Length", "2")], b"{}"), {})

    assert (status, fields, body) == (200, [("Content-Length", "0"), ("X-Mockbrew-Fault", "loud")], b"")


def test_a_closed_connection_announces_nothing() -> None:
    struck = strikes([fault("late", "delay", parameters={"seconds": 1}, announce=True), fault("gone", "closed")], [0])[0]

    assert struck.sent((200, [("Content-Length", "2")], b"{}"), {}) == (0, [], b"")


def test_a_fault_is_about_a_device_an_endpoint_both_or_everything() -> None:
    assert fault().about("A", "/getA.py")
    assert fault().about(None, "/Reset.py")
    assert fault(device="A").about("A", "/startA.py")
    assert not fault(device="A").about("B", "/getB.py")
    assert fault(endpoint="/getA.py").about("A", "/getA.py")
    assert not fault(endpoint="/getA.py").about("A", "/startA.py")
    assert not fault(device="A", endpoint="/getA.py").about("A", "/startA.py")
    assert not fault(device="A").about(None, "/Reset.py")


def test_windows_are_in_nanoseconds() -> None:
    assert stage(fault(begins=SECOND), Counted(), SECOND - 1) == "waiting"
