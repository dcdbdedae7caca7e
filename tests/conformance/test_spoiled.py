"""The defective servers themselves: without a defect they are mockbrew, and a defect changes nothing but what it is about."""

from __future__ import annotations

import json
from http.client import HTTPResponse, IncompleteRead
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from mockbrew.router import Router
from mockbrew.spec import parse
from tests.conformance import defects
from tests.conformance.spoiled import SMALL, Defect, serving, sound


def asked(url: str, path: str, method: str = "GET") -> tuple[int, str, bytes]:
    try:
        reply: HTTPResponse = urlopen(Request(url + path, method=method), timeout=10)
    except HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read()
    with reply:
        return reply.status, reply.headers["Content-Type"], reply.read()


def bodies(defect: Defect) -> dict[str, bytes]:
    """What each reading of the small rig shows, by its URL."""
    with serving(defect) as url:
        return {each.url: asked(url, each.url)[2] for each in Router(parse(SMALL)).endpoints if not each.commands}


def test_without_a_defect_it_is_mockbrew_whose_control_plane_is_open() -> None:
    with serving(sound) as url:
        assert asked(url, "/startA.py") == (200, "application/json", b'{"Sensor":"VanneA","State":1}')
        assert asked(url, "/getA.py")[2] == b'{"Sensor":"VanneA","State":1}'
        assert asked(url, "/nothing", "PUT")[:2] == (404, "application/problem+json")
        assert json.loads(asked(url, "/__admin/clock")[2])["rig"] == "default"


def test_a_changed_body_is_that_of_one_endpoint() -> None:
    right = bodies(sound)
    wrong = bodies(defects.data("/getB.py", lambda value: {**value, "State": "0"}))

    assert wrong.pop("/getB.py") == b'{"Sensor":"VanneB","State":"0"}'
    assert right.items() > wrong.items()


def test_a_late_reading_shows_what_was_before() -> None:
    with serving(defects.late("/getA.py")) as url:
        shown = [asked(url, path)[2][-2:-1] for path in ("/getA.py", "/startA.py", "/getA.py", "/getA.py", "/getB.py")]

    assert shown == [b"0", b"1", b"0", b"1", b"0"]


def test_a_cut_body_is_shorter_than_it_says() -> None:
    with serving(defects.truncated("/getA.py")) as url, pytest.raises(IncompleteRead):
        asked(url, "/getA.py")


def test_a_setpoint_out_of_range_is_shown_until_the_next_one() -> None:
    with serving(defects.every_setpoint("1")) as url:
        shown = [asked(url, path)[2] for path in ("/setCible1_500.py", "/getCible1.py", "/setCible1_60.py", "/getCible1.py")]

    assert shown == [b'{"Sensor":"HotTank","Cible":%s}' % text for text in (b"500.0", b"500.0", b"60.0", b"60.0")]


def test_a_setpoint_is_set_on_another_controller() -> None:
    with serving(defects.of_another("3", "1")) as url:
        shown = [asked(url, path)[2] for path in ("/setCible3_60.py", "/getCible3.py", "/getCible1.py")]

    assert shown == [b'{"Sensor":"Mashtun","Cible":60.0}', b'{"Sensor":"Mashtun","Cible":50}', b'{"Sensor":"HotTank","Cible":60.0}']


def test_a_controller_that_never_heats_says_that_it_is_on() -> None:
    with serving(defects.idle("1")) as url:
        shown = [asked(url, path)[2] for path in ("/setCible1_90.py", "/startPID1.py", "/getPID1.py", "/getB1.py")]

    assert [body[-2:-1] for body in shown[1:]] == [b"1", b"1", b"0"]
