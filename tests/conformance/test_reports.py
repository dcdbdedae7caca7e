"""Reports of a verification: rows for people, JSON, JUnit XML. Whatever a server answered, they can be read."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew.conformance.reports import rows
from mockbrew.conformance.reports.documents import document
from mockbrew.conformance.reports.junit import junit
from mockbrew.conformance.reports.texts import of_bytes, side_by_side, visible
from mockbrew.conformance.results import FAILED, PASSED, SKIPPED, Check, Difference, Exchange, Report

ASKED = Exchange("GET", "/getC.py", 200, {"content-type": "application/json"}, b'{"State":0,"Sensor":"VanneC"}', 0.25)
ORDER = Difference("body", '{"Sensor":"VanneC","State":0}', '{"State":0,"Sensor":"VanneC"}')
WRONG = Check("layout", "C", "get", "/getC.py", FAILED, (ORDER,), exchanges=(ASKED,))
GOOD = Check("status", "C", "get", "/getC.py", PASSED, exchanges=(ASKED,))
LEFT = Check("warms", "B1", "start", "/startB1.py", SKIPPED, reason="nothing tells HotTank.volume")
REPORT = Report("http://rig:80", "Brasserie", "0123456789abcdef", (GOOD, WRONG, LEFT, replace(LEFT, name="cools")), seconds=2.5)


# -- for people ----------------------------------------------------------------------------------------------------


def test_each_difference_is_a_row_that_says_what_where_and_how() -> None:
    both = replace(WRONG, differences=(ORDER, Difference("header Content-Type", "application/json", "text/html")))

    assert rows.differences(replace(REPORT, checks=(GOOD, both))) == [
        ("layout", "C", "/getC.py", "body", '{"Sensor":"VanneC","State":0}', '{"State":0,"Sensor":"VanneC"}'),
        ("", "", "", "header Content-Type", "application/json", "text/html"),
    ]


def test_what_few_clients_send_stands_below_what_the_rig_does() -> None:
    failed = [replace(WRONG, name=name) for name in ("head", "methods", "layout", "bad-argument", "effect")]
    report = replace(REPORT, checks=tuple(failed))

    assert [row[0] for row in rows.differences(report)] == ["layout", "effect", "head", "methods", "bad-argument"]
    assert [line.partition(":")[0] for line in rows.meanings(report)] == ["layout", "effect", "head", "methods", "bad-argument"]


def alike(count: int, **fields: str) -> list[Check]:
    """Checks of so many devices that fail for one cause."""
    return [
        replace(
            WRONG,
            device=f"V{n}",
            url=f"/getV{n}.py",
            differences=(Difference(f"status of PUT /getV{n}.py", "405", fields.get("got", "200")),),
            reason="a cause",
        )
        for n in range(count)
    ]


def test_what_fails_alike_at_many_devices_is_one_row_with_the_first_as_an_example() -> None:
    found = rows.differences(replace(REPORT, checks=tuple(alike(28))))

    assert found == [("layout", "V0, V1, V2, V3, V4, V5 and 22 more", "/getV0.py and 27 more alike", "status of PUT", "405", "200")]
    assert rows.meanings(replace(REPORT, checks=tuple(alike(28))))[1:] == ["layout of V0, V1, V2, V3, V4, V5 and 22 more: a cause"]


def test_one_check_that_differs_alike_many_times_has_two_examples() -> None:
    many = [Difference("byte 10", f'{{"T":{n}.5}}', f'{{"T": {n}.5}}') for n in range(8)]

    found = rows.differences(replace(REPORT, checks=(replace(WRONG, differences=(*many, ORDER)),)))

    assert [row[3:] for row in found] == [
        ("byte 10", '{"T":0.5}', '{"T": 0.5}'),
        ("byte 10", '{"T":1.5}', '{"T": 1.5}'),
        ("body", ORDER.expected, ORDER.got),
    ]


def test_what_was_not_restored_for_one_reason_is_one_line_with_every_device() -> None:
    lost = replace(REPORT, unrestored=("A: not seen (gone)", "B1: not seen (gone)", "P1.state is 1 and was found 0"))

    assert rows.unrestored(lost) == ["A, B1: not seen (gone)", "P1.state is 1 and was found 0"]


def test_what_fails_otherwise_and_what_is_few_have_rows_of_their_own() -> None:
    found = rows.differences(replace(REPORT, checks=(*alike(2), *alike(2, got="500"))))

    assert [row[1] for row in found] == ["V0", "V1"] * 2


def test_what_a_failed_check_held_the_server_to_is_said_once() -> None:
    lost = Check("effect", None, "reset", "/Reset.py", FAILED, (ORDER,), reason="P1 was on before")

    assert rows.meanings(replace(REPORT, checks=(WRONG, WRONG, lost))) == [
        "layout: the body is the one that the spec writes for these values, byte for byte",
        "effect: the readings show what was commanded",
        "effect of (rig): P1 was on before",
    ]


def test_what_was_skipped_for_one_reason_is_one_row() -> None:
    many = [replace(LEFT, device=f"B{number}") for number in range(8)]

    assert rows.skips(REPORT) == [("B1", "2: warms, cools", "nothing tells HotTank.volume")]
    assert rows.skips(replace(REPORT, checks=tuple(many)))[0][:2] == ("B0, B1, B2, B3, B4, B5 and 2 more", "8: warms")


def test_what_passed_is_counted() -> None:
    assert rows.passes(REPORT) == "1 check passed: 1 status"
    assert rows.passes(replace(REPORT, checks=(GOOD, GOOD, replace(GOOD, name="json")))) == "3 checks passed: 2 status, 1 json"
    assert rows.passes(replace(REPORT, checks=(WRONG,))) == ""


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (REPORT, "http://rig:80: 1 of 2 checks failed; 2 skipped"),
        (replace(REPORT, checks=(GOOD,)), "http://rig:80 keeps the contract"),
        (replace(REPORT, checks=(GOOD, LEFT)), "http://rig:80 keeps the contract; 1 skipped"),
        (replace(REPORT, checks=(GOOD,), stopped="Ctrl-C"), "http://rig:80: it stopped early"),
        (replace(REPORT, checks=(GOOD,), unrestored=("A is open",)), "http://rig:80: not all is as it was found"),
        (replace(REPORT, checks=()), "http://rig:80: nothing was checked"),
    ],
)
def test_the_verdict_is_one_line(report: Report, line: str) -> None:
    assert rows.verdict(report) == line


def test_the_heading_says_what_was_held_against_what_and_whether_anything_was_commanded() -> None:
    assert rows.heading(REPORT) == "http://rig:80 against 'Brasserie' (0123456789ab): 2.5 s, real time, nothing was commanded"
    assert rows.heading(replace(REPORT, spec="", commanded=True)) == (
        "http://rig:80 against a spec without a title (0123456789ab): 2.5 s, real time, commands were sent"
    )


# -- texts of servers ----------------------------------------------------------------------------------------------


def test_what_a_terminal_would_obey_is_shown_instead() -> None:
    assert visible("\x1b[2J\r\n\u202e\x00\udc80é") == r"\x1b[2J\r\n\u202e\x00\udc80é"
    assert of_bytes(b"\xff{}") == r"\xff{}"


def test_of_two_long_texts_only_the_part_is_shown_in_which_they_differ() -> None:
    long = '{"Sensor":"VanneC",' + '"Word":"x",' * 20 + '"State":0,"Last":"' + "z" * 40 + '"}'

    expected, got = side_by_side(long, long.replace(":0,", ':"0",'))

    assert expected == '…rd":"x","State":0,"Last":"zzzzzzz…'
    assert got == '…rd":"x","State":"0","Last":"zzzzzzz…'


def test_two_texts_of_which_one_is_very_long_are_both_cut() -> None:
    expected, got = side_by_side("{}", "<html>" * 1000)

    assert expected == "{}"
    assert len(got) < 100
    assert got.endswith("…")


@given(st.text(max_size=200), st.text(max_size=200))
def test_two_texts_that_differ_are_shown_differently_or_are_the_same_when_made_visible(one: str, other: str) -> None:
    left, right = side_by_side(one, other)

    assert left.isprintable()
    assert right.isprintable()
    assert (left == right) == (visible(one) == visible(other))


# -- JSON ----------------------------------------------------------------------------------------------------------


def test_json_has_all_of_it_and_the_requests_of_what_failed() -> None:
    said = json.loads(json.dumps(document(replace(REPORT, unrestored=("A is open",), stopped="Ctrl-C"))))

    assert {name: said[name] for name in ("server", "spec", "digest", "passed", "stopped", "unrestored", "pace", "commanded")} == {
        "server": "http://rig:80",
        "spec": "Brasserie",
        "digest": "0123456789abcdef",
        "passed": False,
        "stopped": "Ctrl-C",
        "unrestored": ["A is open"],
        "pace": "real",
        "commanded": False,
    }
    assert said["counts"] == {"passed": 1, "failed": 1, "skipped": 2}
    assert ["exchanges" in check for check in said["checks"]] == [False, True, False, False]
    assert said["checks"][1]["differences"] == [{"where": "body", "expected": ORDER.expected, "got": ORDER.got}]
    assert said["checks"][1]["exchanges"][0]["body"] == '{"State":0,"Sensor":"VanneC"}'


def test_a_body_that_is_no_text_is_base64() -> None:
    (check,) = document(replace(REPORT, checks=(replace(WRONG, exchanges=(replace(ASKED, body=b"\xff\x00"),)),)))["checks"]

    assert check["exchanges"][0]["body_base64"] == "/wA="
    assert "body" not in check["exchanges"][0]


# -- JUnit ---------------------------------------------------------------------------------------------------------


def parsed(report: Report) -> Xml.Element:
    return Xml.fromstring(junit(report))


def test_a_case_for_each_check_with_failures_and_skips_as_build_servers_read_them() -> None:
    suites = parsed(REPORT)
    (suite,) = suites
    cases = suite.findall("testcase")

    assert suites.tag == "testsuites"
    assert suites.attrib == {"name": "mockbrew verify", "tests": "4", "failures": "1", "errors": "0", "time": "2.500"}
    assert suite.attrib == {
        "name": "mockbrew verify http://rig:80",
        "tests": "4",
        "failures": "1",
        "errors": "0",
        "skipped": "2",
        "time": "2.500",
    }
    assert [child.tag for child in suite] == ["properties", *["testcase"] * 4]
    assert [[child.tag for child in case] for case in cases] == [[], ["failure"], ["skipped"], ["skipped"]]
    assert cases[0].attrib == {"classname": "mockbrew.C", "name": "status get /getC.py", "time": "0.250"}
    assert cases[2][0].attrib == {"message": "nothing tells HotTank.volume"}


def test_a_failure_tells_the_difference_and_the_requests() -> None:
    failure = parsed(REPORT).find(".//failure")

    assert failure is not None
    assert failure.attrib == {"type": "layout", "message": "the body is the one that the spec writes for these values, byte for byte"}
    assert (failure.text or "").strip().splitlines() == [
        'body: expected {"Sensor":"VanneC","State":0}, got {"State":0,"Sensor":"VanneC"}',
        'GET /getC.py -> 200 application/json {"State":0,"Sensor":"VanneC"}',
    ]


def test_a_run_that_stopped_or_did_not_restore_is_an_error_of_its_own() -> None:
    suite = parsed(replace(REPORT, checks=(GOOD,), stopped="the server is lost", unrestored=("A is open", "P1 is on")))[0]

    assert (suite.get("tests"), suite.get("errors")) == ("4", "3")
    assert [error.get("message") for error in suite.iter("error")] == ["the server is lost", "A is open", "P1 is on"]


def test_a_request_without_a_reply_tells_why() -> None:
    lost = replace(WRONG, exchanges=(replace(ASKED, status=0, body=b"", failure="timed out"),))
    failure = parsed(replace(REPORT, checks=(lost,))).find(".//failure")

    assert failure is not None
    assert (failure.text or "").strip().splitlines()[-1] == "GET /getC.py -> timed out"


anything = st.text(st.characters(exclude_categories=()), max_size=30)


@given(anything, anything, anything, st.binary(max_size=30))
def test_whatever_a_server_answers_the_xml_is_well_formed_and_the_json_is_json(where: str, got: str, reason: str, body: bytes) -> None:
    wrong = replace(WRONG, url=f"/{got}", differences=(Difference(where, "x", got),), reason=reason, exchanges=(replace(ASKED, body=body),))
    report = replace(REPORT, checks=(wrong, replace(LEFT, reason=reason)), stopped=reason or "x", unrestored=(got,), spec=where)

    assert len(parsed(report).findall(".//testcase")) == 4
    assert json.loads(json.dumps(document(report)))["checks"][0]["reason"] == reason
