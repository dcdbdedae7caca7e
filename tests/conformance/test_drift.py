"""Two servers side by side: what is told of two replies that are not alike, and what is not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from mockbrew.conformance.compared.drift import Drift, drift
from mockbrew.conformance.compared.steps import Run
from mockbrew.conformance.known.contract import Contract
from mockbrew.conformance.reports import comparison
from mockbrew.conformance.results import FAILED, PASSED, SKIPPED, Check, Difference, Exchange, Report
from mockbrew.spec import parse
from tests.conformance.spoiled import SMALL

CONTRACT = Contract(parse(SMALL))
JSON = {"content-type": "application/json"}


def replied(url: str, body: bytes, *, status: int = 200, method: str = "GET", kind: str = "application/json") -> Exchange:
    return Exchange(method, url, status, {"content-type": kind}, body, 0.01)


def run(*exchanges: Exchange, url: str = "http://one", **more: Any) -> Run:
    checks = (Check("status", "A", "get", "/getA.py", PASSED),)
    return Run(replace(Report(url, "Small", "0" * 64, checks), **more), exchanges)


def between(one: Exchange, other: Exchange) -> list[tuple[str, ...]]:
    """What is told of one pair, after a reset."""
    reset = replied("/Reset.py", b'{"Sensor":"Reset","State":1}')
    return comparison.differences(drift(run(reset, one), run(reset, other, url="http://other"), CONTRACT))


A = b'{"Sensor":"VanneA","State":0}'


# -- one pair ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (replied("/getA.py", A, status=503), ("status", "200", "503")),
        (Exchange("GET", "/getA.py", -1, {}, b"", 1.0, "no connection"), ("status", "200", "no reply: no connection")),
        (replied("/getA.py", A, kind="text/html"), ("content type", "application/json", "text/html")),
        (Exchange("GET", "/getA.py", 200, {}, A, 0.1), ("content type", "application/json", "none")),
        (replied("/getA.py", b"<html>"), ("body", A.decode(), "<html>")),
        (replied("/getA.py", b'{"State":0,"Sensor":"VanneA"}'), ("layout", A.decode(), '{"State":0,"Sensor":"VanneA"}')),
        (replied("/getA.py", b'{"Sensor":"VanneA","State": 0}'), ("layout", A.decode(), '{"Sensor":"VanneA","State": 0}')),
        (replied("/getA.py", b'{"Sensor":"VanneA","State":"0"}'), ("body.State", "0 (a number)", '"0" (a text)')),
        (replied("/getA.py", b'{"Sensor":"VanneA","State":false}'), ("body.State", "0 (a number)", "false (a boolean)")),
        (replied("/getA.py", b'{"Sensor":"VanneA","State":null}'), ("body.State", "0 (a number)", "null (null)")),
        (replied("/getA.py", b'{"Sensor":"VanneA"}'), ("body.State", "0 (a number)", "nothing")),
        (replied("/getA.py", b'{"Sensor":"VanneA","State":0,"Unit":""}'), ("body.Unit", "nothing", '"" (a text)')),
        (replied("/getA.py", b'{"Sensor":"VanneA","State":1}'), ("A.state", "0", "1")),
        (replied("/getA.py", b'{"Sensor":"VanneB","State":0}'), ("body.Sensor", '"VanneA"', '"VanneB"')),
        (replied("/getA.py", b"[" * 100_000), ("body", A.decode(), "[" * 76 + "…")),
    ],
)
def test_a_difference_says_where_and_what_each_of_them_answers(other: Exchange, told: tuple[str, str, str]) -> None:
    assert between(replied("/getA.py", A), other) == [("GET /getA.py", "A", *told, "1")]


def test_two_equal_replies_do_not_differ() -> None:
    assert between(replied("/getA.py", A), replied("/getA.py", A)) == []


def test_temperatures_are_not_compared_by_value() -> None:
    one, other = (replied("/getTemp1.py", b'{"Sensor":"HotTank","Temp":%s}' % text) for text in (b"20.25", b"64.5"))

    assert between(one, other) == []


def test_a_temperature_without_a_fraction_is_another_layout() -> None:
    one, other = (replied("/getTemp1.py", b'{"Sensor":"HotTank","Temp":%s}' % text) for text in (b"20.0", b"20"))

    assert [row[2] for row in between(one, other)] == ["layout"]


def test_a_temperature_that_is_null_is_told() -> None:
    one, other = (replied("/getTemp1.py", b'{"Sensor":"HotTank","Temp":%s}' % text) for text in (b"20.0", b"null"))

    assert [row[2:5] for row in between(one, other)] == [("body.Temp", "20.0 (a number)", "null (null)")]


def test_a_setpoint_is_a_state_and_compared() -> None:
    one, other = (replied("/getCible1.py", b'{"Sensor":"HotTank","Cible":%s}' % text) for text in (b"78.0", b"50.0"))

    assert [row[1:5] for row in between(one, other)] == [("PID1", "PID1.setpoint", "78.0", "50.0")]


def test_of_errors_the_words_are_each_servers_own() -> None:
    one, other = (replied("/setCible1_500.py", text, status=400, kind="application/problem+json") for text in (b'{"detail":"x"}', b"no"))

    assert between(one, other) == []


def test_what_means_no_endpoint_is_compared_too() -> None:
    one, other = replied("/no-such", b"", status=404), replied("/no-such", b"{}")

    assert between(one, other) == [("GET /no-such", "(rig)", "status", "404", "200", "1")]


def test_the_endpoint_of_an_argument_is_named_as_listings_do() -> None:
    one, other = (replied("/setCible1_66.5.py", b"", status=status) for status in (200, 409))

    assert between(one, other)[0][0] == "GET /setCible1_{setpoint}.py"


# -- all of them ---------------------------------------------------------------------------------------------------


def test_the_same_difference_is_told_once_and_counted_and_refusals_come_first() -> None:
    mine = [replied("/getA.py", A), replied("/getA.py", A), replied("/startA.py", b'{"Sensor":"VanneA","State":1}')]
    theirs = [replied("/getA.py", A + b"\n"), replied("/getA.py", A + b"\n"), replied("/startA.py", b"", status=409)]

    found = drift(run(*mine), run(*theirs), CONTRACT)

    assert [(row[0], row[2], row[-1]) for row in comparison.differences(found)] == [
        ("GET /startA.py", "status", "1"),
        ("GET /getA.py", "layout", "2"),
    ]
    assert comparison.verdict(found) == "drift: 2 differences; 3 requests answered by both"


def test_a_request_that_only_one_server_was_asked_is_counted_and_spoils_no_other_pair() -> None:
    shown = [replied("/getA.py", A), replied("/getB.py", b'{"Sensor":"VanneB","State":0}'), replied("/getP1.py", b"{}")]

    found = drift(run(*shown), run(shown[0], shown[2]), CONTRACT)

    assert (found.compared, found.alone, dict(found.differences)) == (2, (1, 0), {})
    assert comparison.verdict(found) == "no drift: 2 requests answered by both; 1 and 0 requests had no partner"


def test_states_as_they_were_found_are_not_compared_and_constants_are() -> None:
    found = drift(run(replied("/getA.py", A)), run(replied("/getA.py", b'{"Sensor":"VanneB","State":1}')), CONTRACT)

    assert [row[2] for row in comparison.differences(found)] == ["body.Sensor"]


def test_a_reading_is_compared_with_one_after_the_same_command_only() -> None:
    def shown(state: bytes) -> Exchange:
        return replied("/getA.py", b'{"Sensor":"VanneA","State":%s}' % state)

    start, stop = (replied(url, b"") for url in ("/startA.py", "/stopA.py"))

    apart = drift(run(start, shown(b"1")), run(stop, shown(b"0")), CONTRACT)
    found = drift(run(start, shown(b"1"), stop, shown(b"0")), run(stop, shown(b"0"), start, shown(b"1")), CONTRACT)

    assert (dict(apart.differences), apart.compared, apart.alone) == ({}, 0, (2, 2))
    assert (dict(found.differences), found.compared, found.alone) == ({}, 2, (2, 2))


def test_checks_that_came_out_differently_alike_are_one_row() -> None:
    checks = tuple(Check(name, device, None, "", PASSED) for name in ("warms", "cools") for device in ("B1", "R1"))
    mine = run(replied("/getA.py", A), checks=checks)
    theirs = run(replied("/getA.py", A), checks=tuple(replace(check, outcome=SKIPPED, reason="no time") for check in checks))

    found = drift(mine, theirs, CONTRACT)

    assert comparison.outcomes(found) == [("warms, cools", "B1, R1", "passed", "skipped: no time")]
    assert len(comparison.of_drift(found)["outcomes"]) == 4


def test_a_setpoint_that_was_found_is_not_compared_whatever_its_controller_was_told_besides() -> None:
    start = replied("/startPID1.py", b'{"Sensor":"HotTank","PID":1}')
    one, other = (replied("/getCible1.py", b'{"Sensor":"HotTank","Cible":%s}' % text) for text in (b"50", b"33.0"))

    assert dict(drift(run(one, start, one), run(other, start, other), CONTRACT).differences) == {}


def test_of_a_setpoint_that_was_set_the_number_must_be_written_alike() -> None:
    put = replied("/setCible1_33.py", b'{"Sensor":"HotTank","Cible":33.0}')
    one, other = (replied("/getCible1.py", b'{"Sensor":"HotTank","Cible":%s}' % text) for text in (b"33.0", b"33"))

    assert [row[2] for row in comparison.differences(drift(run(put, one), run(put, other), CONTRACT))] == ["layout"]


def test_the_layout_of_what_was_found_is_compared_but_for_numbers() -> None:
    one, other = (replied("/getCible1.py", text) for text in (b'{"Sensor":"HotTank","Cible":33.0}', b'{"Cible":50,"Sensor":"HotTank"}'))

    assert [row[2] for row in comparison.differences(drift(run(one), run(other), CONTRACT))] == ["layout"]


def test_a_reset_is_a_command_to_all() -> None:
    reset = replied("/Reset.py", b'{"Sensor":"Reset","State":1}')
    start, other = replied("/startA.py", b""), replied("/startB.py", b"")
    on, off = (replied("/getA.py", b'{"Sensor":"VanneA","State":%s}' % state) for state in (b"1", b"0"))

    found = drift(run(start, other, reset, off), run(start, other, reset, on), CONTRACT)

    assert [row[2:5] for row in comparison.differences(found)] == [("A.state", "0", "1")]


@pytest.mark.parametrize("refused", [replied("/startA.py", b"", status=405, method="HEAD"), replied("/startA.py", b"", status=409)])
def test_what_was_refused_says_nothing_of_what_a_reading_should_show(refused: Exchange) -> None:
    on, off = (replied("/getA.py", b'{"Sensor":"VanneA","State":%s}' % state) for state in (b"1", b"0"))

    assert dict(drift(run(refused, on), run(refused, off), CONTRACT).differences) == {}


def test_two_rigs_of_one_server_are_paired_by_what_stands_behind_their_urls() -> None:
    one = run(replied("/rigs/a/getA.py", A), url="http://one/rigs/a")

    assert drift(one, run(replied("/getA.py", A)), CONTRACT).compared == 1


def test_checks_that_came_out_differently_are_told_with_their_reasons() -> None:
    warms = Check("warms", "B1", "start", "", PASSED)
    wrong = Check("effect", "A", "start", "/startA.py", FAILED, (Difference("A.state", "1", "0"),))
    mine = run(replied("/getA.py", A), checks=(warms, replace(wrong, outcome=PASSED, differences=()), replace(warms, name="cools")))
    theirs = run(replied("/getA.py", A), checks=(replace(warms, outcome=SKIPPED, reason="nothing tells HotTank.volume"), wrong))

    assert comparison.outcomes(drift(mine, theirs, CONTRACT)) == [
        ("warms", "B1", "passed", "skipped: nothing tells HotTank.volume"),
        ("effect", "A /startA.py", "passed", "failed: A.state is 0"),
        ("cools", "B1", "passed", "not come to"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (1.2, 1.0, []),
        (1.2, 0.8, [("Temp1", "warms B1", "+1.20 K/min", "+0.80 K/min")]),
        (1.2, -1.2, [("Temp1", "warms B1", "+1.20 K/min", "-1.20 K/min")]),
        (0.09, -0.09, []),
        (0.3, 0.05, [("Temp1", "warms B1", "+0.30 K/min", "+0.05 K/min")]),
    ],
)
def test_rates_are_compared_within_a_tolerance(one: float, other: float, told: list[tuple[str, ...]]) -> None:
    warms = Check("warms", "B1", "start", "", PASSED, rates={"Temp1": one})

    found = drift(
        run(replied("/getA.py", A), checks=(warms,)),
        run(replied("/getA.py", A), checks=(replace(warms, rates={"Temp1": other}),)),
        CONTRACT,
    )

    assert comparison.rates(found) == told
    assert found.none == (told == [])
    assert comparison.SAME == "rates within 25% of the faster one, or within 0.1 K/min, count as the same"


@pytest.mark.parametrize("more", [{"stopped": "Ctrl-C"}, {"unrestored": ("A is open",)}])
def test_where_one_run_ended_early_nobody_says_that_there_is_no_drift(more: dict[str, Any]) -> None:
    found = drift(run(replied("/getA.py", A)), run(replied("/getA.py", A), **more), CONTRACT)

    assert not found.none
    assert comparison.verdict(found) == "no drift in what was compared; not all was compared; 1 request answered by both"


def test_two_servers_that_were_asked_nothing_in_common_are_not_said_to_be_alike() -> None:
    found = drift(run(), run(), CONTRACT)

    assert not found.none
    assert comparison.verdict(found) == "no drift in what was compared; not all was compared; 0 requests answered by both"
    assert Xml.fromstring(comparison.junit_of_drift(found))[0].get("failures") == "1"


# -- for programs --------------------------------------------------------------------------------------------------


@pytest.fixture
def found() -> Drift:
    warms = Check("warms", "B1", "start", "", PASSED, rates={"Temp1": 1.2})
    one = run(replied("/getA.py", A), checks=(warms,))
    other = run(replied("/getA.py", A + b"\x00"), url="http://other", checks=(replace(warms, rates={"Temp1": 0.2}),), stopped="Ctrl-C")
    return drift(one, other, CONTRACT)


def test_json_has_the_drift_and_both_reports(found: Drift) -> None:
    said = json.loads(json.dumps(comparison.of_drift(found)))

    assert (said["drift"], said["compared"], said["alone"], said["tolerance"]) == (True, 1, [0, 0], {"of_the_faster": 0.25, "K/min": 0.1})
    assert [difference["where"] for difference in said["differences"]] == ["body"]
    assert said["rates"] == [{"probe": "Temp1", "while": "warms B1", "one": 1.2, "other": 0.2}]
    assert (said["one"]["server"], said["other"]["stopped"]) == ("http://one", "Ctrl-C")


def test_junit_has_a_case_for_each_thing_in_which_they_differ(found: Drift) -> None:
    (suite,) = Xml.fromstring(comparison.junit_of_drift(found))

    assert (suite.get("name"), suite.get("tests"), suite.get("failures"), suite.get("errors")) == (
        "mockbrew verify http://one against http://other",
        "4",
        "2",
        "1",
    )
    assert [case.get("name") for case in suite.findall("testcase")] == [
        "are taken through the same steps",
        "GET /getA.py A body",
        "Temp1 warms B1",
        "runs to its end",
    ]
