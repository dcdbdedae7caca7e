"""Each part of the bench runs and finds what it is for; how fast anything is, nobody looks at."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from bench.measures import Begun, Measure, Skipped
from bench.options import Options
from bench.parts import chain, peers, phases, rigs, scale, servers, writers
from bench.peers import Peer
from bench.served import SYNC
from bench.tools import Missing
from tests.bench.machine import assert_nothing_is_left


def found(part: Iterable[Measure | Skipped | Begun]) -> tuple[set[tuple[str, str]], list[str]]:
    """Table and row of each measure, all of which have a value for the round; and what was skipped. It says first how long it takes."""
    everything = list(part)
    measures = [each for each in everything if isinstance(each, Measure)]
    assert isinstance(everything[0], Begun)
    assert all(value > 0 for each in measures for value in each.values)
    return {(each.table, each.row) for each in measures}, [each.what for each in everything if isinstance(each, Skipped)]


@pytest.mark.usefixtures("wrk")
def test_commands_are_compared_under_a_server(options: Options) -> None:
    commands = servers.WORKS[2]

    rows, skipped = found(servers.measure(options, [SYNC], [commands]))

    assert {(servers.SHARE, commands.row), (servers.WORK, commands.row), (servers.TIMES, f"{commands.row}: mockbrew, p99")} <= rows
    assert (servers.SHARE, f"{commands.row}: the barest transaction") in rows
    assert skipped == []
    assert_nothing_is_left(options.folder)


@pytest.mark.usefixtures("wrk")
def test_a_peer_that_is_not_there_is_skipped_and_the_rest_is_measured(options: Options) -> None:
    def nowhere(*_: object) -> list[str]:
        raise Missing("mb")

    rows, skipped = found(peers.measure(options, [Peer("mountebank", "none-such", nowhere)]))

    tasks = ("one endpoint", "60 endpoints, the middle one")
    assert rows == {
        *((f"Each by itself, {task}", name) for task in tasks for name in (peers.OWN, peers.LIMIT)),
        *((f"mockbrew / each of the others, {task}", peers.LIMIT) for task in tasks),
    }
    assert skipped == ["mountebank, one endpoint", "mountebank, 60 endpoints, the middle one"]


@pytest.mark.usefixtures("wrk")
def test_a_small_spec_is_loaded_started_asked_and_reloaded(options: Options) -> None:
    rows, skipped = found(scale.measure(options, [SYNC]))

    assert {table for table, _ in rows} == {scale.LOADING, scale.STARTING, scale.STAYING, scale.LASTING, scale.RELOADING}
    assert skipped == []


@pytest.mark.usefixtures("wrk")
def test_a_temperature_in_a_chain_is_asked_for(options: Options) -> None:
    rows, skipped = found(chain.measure(options))

    assert (chain.TABLE, chain.WARM) in rows
    assert skipped == []


def test_rigs_are_made_asked_and_expire(options: Options) -> None:
    rows, skipped = found(rigs.measure(options))

    assert rows >= {(rigs.EACH["us"], row) for row in rigs.WORKS}
    assert skipped == []


def test_a_reader_is_measured_beside_a_writer(options: Options) -> None:
    rows, skipped = found(writers.measure(options, []))

    assert rows == {(writers.BESIDE, row) for row in writers.READERS}
    assert skipped == []


@pytest.mark.usefixtures("wrk")
def test_sixteen_writers_are_told_apart(options: Options) -> None:
    rows, _ = found(writers.measure(options, [SYNC]))

    assert (writers.TOGETHER, writers.FEWEST) in rows


def test_the_phases_of_a_request_are_all_of_it(options: Options) -> None:
    rows = {(each.row, each.column): each.values[0] for each in phases.measure(options) if isinstance(each, Measure)}

    for kind in phases.ASKED:
        shares = [value for (row, column), value in rows.items() if column == kind and row != phases.ALL]
        assert sum(shares) == pytest.approx(rows[phases.ALL, kind])
    assert {row for row, _ in rows} == {*phases.PHASES, phases.ALL}
