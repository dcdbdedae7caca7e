"""Results, as JSON and as tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bench import paper, results, tables
from bench.measures import MS, RATIO, Begun, Measure, Skipped, at_least, at_most
from bench.results import Part
from bench.run import filled

SCHEMA = Draft202012Validator(json.loads(Path(results.__file__).with_name("results.schema.json").read_text("utf-8")))
PART = Part(
    "servers",
    "Servers",
    12.5,
    [
        Measure("Shares", "a reading", "sync", RATIO, [0.91, 0.89, 0.93], at_least(0.9)),
        Measure("Shares", "a command", "sync", RATIO, [0.5, 0.25, 0.375], at_least(0.7)),
        Measure("Shares", "a reading", "Granian", RATIO, [0.8], at_least(0.75)),
        Measure("Times", "p99, ms", "sync", MS, [1234.4, 99.96, 0.02], at_most(50.0)),
    ],
    [Skipped("Granian, commands", "granian is not installed; `pip install granian` does")],
)
TEXT = """Servers

Shares
           sync                                       Granian
a reading  0.91 (0.89 to 0.93); goal >= 0.90: kept    0.80; goal >= 0.75: too few rounds to judge
a command  0.38 (0.25 to 0.50); goal >= 0.70: missed  -

Times
         sync
p99, ms  100 (0.0200 to 1,234); goal <= 50.0: missed
"""
PAPER = """# Speed

<!-- bench: machine -->
<!-- end of machine -->
Words.
<!-- bench: servers -->
what was there
<!-- end of servers -->
More words.
<!-- bench: goals -->
<!-- end of goals -->
<!-- bench: rigs -->
as it was
<!-- end of rigs -->
"""
TABLES = """
Shares:

| | sync | Granian |
|---|---|---|
| a reading | 0.91 (0.89 to 0.93); goal >= 0.90: kept | 0.80; goal >= 0.75: too few rounds to judge |
| a command | 0.38 (0.25 to 0.50); goal >= 0.70: missed | - |

Times:

| | sync |
|---|---|
| p99, ms | 100 (0.0200 to 1,234); goal <= 50.0: missed |

Not measured: Granian, commands: granian is not installed; `pip install granian` does.

"""
GOALS = """
| table | what | unit | goal | measured | |
|---|---|---|---|---|---|
| Shares | a reading: sync | ratio | >= 0.90 | 0.91 | kept |
| Shares | a command: sync | ratio | >= 0.70 | 0.38 | missed by a factor of 1.87 |
| Shares | a reading: Granian | ratio | >= 0.75 | 0.80 | too few rounds to judge |
| Times | p99, ms: sync | ms | <= 50.0 | 100 | missed by a factor of 2.00 |

"""


def document(part: Part = PART) -> dict[str, object]:
    """Results of one part."""
    made = results.document(rounds=3, seconds=1)
    made["parts"].append(part.document())
    return made


@pytest.mark.parametrize("part", [PART, Part("rigs", "Rigs", refused="http://127.0.0.1:1: no reply")])
def test_results_are_as_their_schema_has_them(part: Part) -> None:
    assert list(SCHEMA.iter_errors(json.loads(json.dumps(document(part))))) == []


def test_the_schema_refuses_what_is_none() -> None:
    wrong = {**document(), "rounds": 0}

    assert [error.json_path for error in SCHEMA.iter_errors(wrong)] == ["$.rounds"]


def test_a_goal_is_told_with_whether_the_median_keeps_it() -> None:
    goals = [measure.document()["goal"] for measure in PART.measures]

    assert goals == [
        {"sign": ">=", "bound": 0.9, "met": True},
        {"sign": ">=", "bound": 0.7, "met": False},
        {"sign": ">=", "bound": 0.75, "met": None},
        {"sign": "<=", "bound": 50.0, "met": False},
    ]


def test_parts_come_back_from_json() -> None:
    assert results.parts([json.loads(json.dumps(document()))]) == [PART]


def test_of_a_part_that_is_in_several_files_the_last_counts() -> None:
    other = Part("rigs", "Rigs")
    again = Part("servers", "Servers, again")

    assert results.parts([document(), document(other), document(again)]) == [again, other]


def test_a_table_shows_the_median_of_the_rounds_between_the_least_and_the_most() -> None:
    assert tables.text(PART) == TEXT


def test_a_part_that_ended_early_says_why() -> None:
    part = Part("rigs", "Rigs", refused="http://127.0.0.1:1: no reply")

    assert tables.gaps([part]) == "Ended early: rigs: http://127.0.0.1:1: no reply.\n"
    assert tables.markdown(part) == "Ended early: http://127.0.0.1:1: no reply.\n"


def test_what_is_missing_is_said_once_with_all_that_was_not_measured_for_it() -> None:
    wrk, java = "wrk is not installed; W", "java is not installed; J"
    peers = Part("peers", "Peers", skipped=[Skipped("WireMock, one endpoint", java), Skipped("the rest", wrk)])
    chain = Part("chain", "Chain", skipped=[Skipped("the rest", wrk)])

    assert tables.gaps([peers, chain]) == (
        f"Not measured: peers: WireMock, one endpoint: {java}.\nNot measured: peers: the rest; chain: the rest: {wrk}.\n"
    )
    assert tables.markdown(peers) == f"Not measured: WireMock, one endpoint: {java}.\n\nNot measured: the rest: {wrk}.\n"


def test_where_nothing_is_missing_nothing_is_said() -> None:
    assert tables.gaps([Part("rigs", "Rigs")]) == ""


def test_what_is_begun_is_told_in_a_line_and_nothing_else_is() -> None:
    told: list[str] = []
    found: list[Measure | Skipped | Begun] = [
        Begun("sync", 128.0),
        *PART.measures,
        Begun("Granian", 34.0),
        *PART.skipped,
        Begun("the end", 0.1),
    ]

    part = filled(Part("servers", "Servers"), iter(found), told.append)

    assert told == ["servers: sync: about 2 minutes", "servers: Granian: about 30 s", "servers: the end: about 10 s"]
    assert (part.measures, part.skipped) == (PART.measures, PART.skipped)


def test_the_paper_gets_the_tables_between_its_markers_and_nothing_else_changes() -> None:
    pasted = paper.pasted(PAPER, [document()])

    assert f"Words.\n<!-- bench: servers -->\n{TABLES}<!-- end of servers -->\nMore words.\n" in pasted
    assert f"<!-- bench: goals -->\n{GOALS}<!-- end of goals -->\n" in pasted
    assert ": 3 rounds of 1 s; " in pasted
    assert pasted.endswith("<!-- bench: rigs -->\nas it was\n<!-- end of rigs -->\n")


def test_pasting_twice_is_as_pasting_once() -> None:
    once = paper.pasted(PAPER, [(given := document())])

    assert paper.pasted(once, [given]) == once


def test_one_round_is_one() -> None:
    assert ": 1 round of 2 s; " in paper.pasted(PAPER, [results.document(rounds=1, seconds=2)])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0178, "0.0178"),
        (0.02, "0.0200"),
        (0.019996, "0.0200"),
        (0.375, "0.38"),
        (5, "5.00"),
        (20, "20.0"),
        (99.94, "99.9"),
        (99.96, "100"),
        (1234.4, "1,234"),
    ],
)
def test_figures_of_a_size_are_written_alike(value: float, text: str) -> None:
    assert tables.number(value) == text
