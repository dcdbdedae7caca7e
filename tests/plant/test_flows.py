"""What flows through open pipes: chains and circles of empty vessels, who shares with whom, and which solution it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew.flows import OUTSIDE, Dry, Duct, distribute, solve

A, B, C = 0, 1, 2


def duct(source: int, destination: int, demand: float, place: int = 0) -> Duct:
    return Duct(place, source, destination, demand, coil=OUTSIDE, kept=1.0, arrives=1.0, mains=15.0)


def flows(*ducts: Duct, dry: Mapping[int, Dry]) -> list[float]:
    return list(distribute(ducts, dry).through)


EMPTY = Dry()


def test_pipes_of_vessels_that_hold_something_give_what_is_asked_for() -> None:
    assert flows(duct(A, B, 0.2), duct(OUTSIDE, A, 0.1), duct(B, B, 0.3), dry={}) == [0.2, 0.1, 0.3]


def test_an_empty_vessel_passes_on_what_it_receives() -> None:
    assert flows(duct(OUTSIDE, A, 0.1), duct(A, OUTSIDE, 0.4), dry={A: EMPTY}) == [0.1, 0.1]


def test_an_empty_vessel_that_gets_more_than_is_asked_for_gives_that() -> None:
    made = distribute([duct(OUTSIDE, A, 0.5), duct(A, OUTSIDE, 0.4)], {A: EMPTY})

    assert made.through == (0.5, 0.4)
    assert made.starved == {}


def test_outlets_share_in_proportion_to_what_they_ask_for() -> None:
    assert flows(duct(OUTSIDE, A, 0.4), duct(A, OUTSIDE, 0.6), duct(A, B, 0.2), dry={A: EMPTY}) == pytest.approx([0.4, 0.3, 0.1])


def test_a_chain_of_empty_vessels_passes_on_to_its_end() -> None:
    chain = [duct(OUTSIDE, A, 0.1), duct(A, B, 0.5), duct(B, C, 0.4), duct(C, OUTSIDE, 0.3)]

    assert flows(*chain, dry=dict.fromkeys((A, B, C), EMPTY)) == pytest.approx([0.1] * 4)


def test_a_chain_is_as_strong_as_its_narrowest_pipe() -> None:
    chain = [duct(OUTSIDE, A, 0.4), duct(A, B, 0.1), duct(B, OUTSIDE, 0.3)]

    made = distribute(chain, {A: EMPTY, B: EMPTY})
    assert made.through == (0.4, 0.1, 0.1)
    assert made.starved == {B: 0.1}


def test_empty_vessels_in_a_circle_feed_each_other_nothing() -> None:
    circle = [duct(A, B, 0.1), duct(B, C, 0.1), duct(C, A, 0.1)]

    assert flows(*circle, dry=dict.fromkeys((A, B, C), EMPTY)) == [0.0, 0.0, 0.0]


def test_what_enters_a_circle_of_empty_vessels_goes_round_until_it_leaves() -> None:
    # a = 0.1 + b, b = a/2, the other half goes out
    circle = [duct(OUTSIDE, A, 0.1), duct(A, B, 5.0), duct(B, A, 2.0), duct(B, OUTSIDE, 2.0)]

    assert flows(*circle, dry={A: EMPTY, B: EMPTY}) == pytest.approx([0.1, 0.2, 0.1, 0.1])


def test_a_circle_without_a_way_out_goes_round_with_what_is_asked_for() -> None:
    circle = [duct(OUTSIDE, A, 0.1), duct(A, B, 0.5), duct(B, A, 0.4)]

    assert flows(*circle, dry={A: EMPTY, B: EMPTY}) == pytest.approx([0.1, 0.5, 0.4])


def test_a_loop_on_an_empty_vessel_moves_nothing_and_takes_nothing_of_what_leaves_it() -> None:
    assert flows(duct(OUTSIDE, A, 0.1), duct(A, A, 9.0), duct(A, OUTSIDE, 0.4), dry={A: EMPTY}) == [0.1, 0.0, 0.1]


def test_nothing_leaves_a_vessel_in_which_all_turns_to_steam() -> None:
    assert flows(duct(OUTSIDE, A, 0.1), duct(A, B, 0.4), duct(B, OUTSIDE, 0.4), dry={A: Dry(closed=True), B: EMPTY}) == [0.1, 0.0, 0.0]


def test_what_boils_away_in_an_empty_vessel_is_not_passed_on() -> None:
    boiling = Dry(steam=0.02, passed={0: 0.9, 1: 1.0})

    assert flows(duct(OUTSIDE, A, 0.1, place=0), duct(A, OUTSIDE, 0.4, place=1), dry={A: boiling}) == pytest.approx([0.1, 0.07])


def test_more_steam_than_comes_in_leaves_nothing_to_pass_on() -> None:
    boiling = Dry(steam=0.2, passed={0: 1.0, 1: 1.0})

    assert flows(duct(OUTSIDE, A, 0.1, place=0), duct(A, OUTSIDE, 0.4, place=1), dry={A: boiling}) == [0.1, 0.0]


# -- any network ---------------------------------------------------------------------------------------------------

ends = st.sampled_from([OUTSIDE, 0, 1, 2, 3])
demands = st.sampled_from([0.05, 0.1, 0.15, 0.2, 0.5, 1.0])
networks = st.lists(st.tuples(ends, ends, demands).filter(lambda pipe: pipe[:2] != (OUTSIDE, OUTSIDE)), max_size=8).map(
    lambda pipes: [duct(*pipe, place=place) for place, pipe in enumerate(pipes)]
)
empties = st.sets(st.integers(0, 3))


def risen(ducts: list[Duct], dry: set[int]) -> list[float]:
    """The least solution, from below: begin with nothing and let the vessels pass on what they get, again and again."""
    through = [0.0 if each.source in dry else each.demand for each in ducts]
    for _ in range(20_000):
        given_by = {vessel: passed(vessel, ducts, through) for vessel in dry}
        after = [given_by[each.source][i] if each.source in dry else each.demand for i, each in enumerate(ducts)]
        if max((abs(new - old) for new, old in zip(after, through, strict=True)), default=0.0) < 1e-15:
            break
        through = after
    return through


def passed(vessel: int, ducts: list[Duct], through: list[float]) -> dict[int, float]:
    """kg/s of each of its outlets, by number of the duct."""
    outlets: dict[int, Any] = {i: each.demand for i, each in enumerate(ducts) if each.source == vessel}
    own = {i for i in outlets if ducts[i].is_loop}
    asked = sum(demand for i, demand in outlets.items() if i not in own)
    gets = sum(flow for each, flow in zip(ducts, through, strict=True) if each.destination == vessel and not each.is_loop)
    return {i: 0.0 if i in own else demand * min(1.0, gets / asked) for i, demand in outlets.items()}


@given(ducts=networks, dry=empties)
def test_of_all_solutions_it_is_the_least(ducts: list[Duct], dry: set[int]) -> None:
    assert flows(*ducts, dry=dict.fromkeys(dry, EMPTY)) == pytest.approx(risen(ducts, dry), abs=1e-9)


@given(ducts=networks, dry=empties, closed=empties)
def test_nothing_flows_backwards_or_more_than_is_asked_for_and_the_starved_give_all_they_get(
    ducts: list[Duct], dry: set[int], closed: set[int]
) -> None:
    made = distribute(ducts, {vessel: Dry(closed=vessel in closed) for vessel in dry})

    assert [flow for each, flow in zip(ducts, made.through, strict=True) if not 0.0 <= flow <= each.demand * (1 + 1e-12)] == []
    for vessel, given_out in made.starved.items():
        gets = sum(flow for each, flow in zip(ducts, made.through, strict=True) if each.destination == vessel and not each.is_loop)
        assert given_out == pytest.approx(gets, abs=1e-12)


def test_equations_are_solved_with_pivots_where_the_diagonal_is_zero() -> None:
    assert solve([[0.0, 2.0], [4.0, 1.0]], [6.0, 7.0]) == [1.0, 3.0]


def test_equations_without_a_solution_are_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        solve([[1.0, 1.0], [1.0, 1.0]], [1.0, 2.0])
