"""What HTTP asks of the endpoints: methods, headers, errors; and that a refusal changes nothing."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Reading, Verb
from mockbrew.devices.switch import Position
from mockbrew.router import Router
from tests.app.asking import REFERENCE_TEXT, Bench, on_memory

OFF = '{"Sensor":"VanneA","State":0}'
ON = '{"Sensor":"VanneA","State":1}'


@pytest.fixture
def bench() -> Bench:
    return on_memory()


def test_head_on_a_reading_has_its_headers_and_no_body(bench: Bench) -> None:
    answer = bench.ask("/getA.py", "HEAD")

    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(OFF))


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "PATCH", "get", "BREW", ""])
def test_a_command_by_another_method_is_refused_and_not_obeyed(bench: Bench, method: str) -> None:
    answer = bench.ask("/startA.py", method)

    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, POST, OPTIONS"
    if method != "HEAD":
        assert answer.json()["nearest"] == [{"url": "/startA.py", "why": f"{method!r} where GET, POST or OPTIONS is answered"}]
    assert bench.get("/getA.py") == OFF


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_reading_by_another_method_is_refused(bench: Bench, method: str) -> None:
    answer = bench.ask("/getA.py", method)

    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert json.loads(answer.body)["allowed"] == ["GET", "HEAD", "OPTIONS"]


def test_options_says_what_is_allowed_and_commands_nothing(bench: Bench) -> None:
    answer = bench.ask("/startA.py", "OPTIONS")

    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Allow"] == "GET, POST, OPTIONS"
    assert bench.get("/getA.py") == OFF


def test_post_commands_as_get_does(bench: Bench) -> None:
    assert bench.ask("/startA.py", "POST").body.decode() == ON
    assert bench.get("/getA.py") == ON


def test_an_unknown_path_is_told_what_comes_nearest(bench: Bench) -> None:
    answer = bench.ask("/startAA.py")
    document = json.loads(answer.body)

    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert document["title"] == "Not Found"
    assert document["status"] == 404
    assert document["nearest"] == [
        {"url": "/startA.py", "why": "extra 'A' after '/startA'"},
        {"url": "/startJ.py", "why": "'AA' where 'J' stands"},
        {"url": "/startI.py", "why": "'AA' where 'I' stands"},
    ]
    assert document["detail"].startswith("no endpoint '/startAA.py'; nearest: /startA.py (extra 'A' after '/startA'), /startJ.py ('AA' ")
    assert bench.get("/getA.py") == OFF


@pytest.mark.parametrize("path", ["/", "/rigs/team-a/"])
def test_no_path_at_all_is_told_where_to_look(bench: Bench, path: str) -> None:
    answer = bench.ask(path)

    assert answer.status == 404
    assert answer.json()["detail"] == "no endpoint '/'; nearest: /__admin/docs (where all is shown that is served)"


@pytest.mark.parametrize(
    ("path", "url", "why"),
    [
        ("/rig/team-a/getA.py", "/rigs/team-a/getA.py", "'s' is missing after '/rig'"),
        ("/Rigs/team-a/setCible1_66.py", "/rigs/team-a/setCible1_66.py", "'R' where 'r' stands; capitals count"),
        ("/risg/team-a/__admin/clock", "/rigs/team-a/__admin/clock", "'sg' where 'gs' stands"),
        ("/api/v1/startA.py", "/startA.py", "extra '/api/v1' at the beginning"),
        ("/rigs/team-a/rigs/team-b/startA.py", "/startA.py", "extra '/rigs/team-b' at the beginning"),
        ("/__admn/clock", "/__admin/clock", "'i' is missing after '/__adm'"),
        ("/admin/clock", "/__admin/clock", "'__' is missing after '/'"),
        ("/admin", "/__admin/", "'__' is missing after '/' and '/' is missing at the end"),
        ("/rigs/team-a/_admin/journal/verify", "/__admin/journal/verify", "'_' is missing after '/_'"),
        ("/get%41.py", "/getA.py", "'%41' where 'A' stands; it is encoded twice"),
    ],
)
def test_a_path_that_begins_wrongly_is_told_what_would_be_right(bench: Bench, path: str, url: str, why: str) -> None:
    answer = bench.ask(path)

    assert answer.status == 404
    assert answer.json()["nearest"][0] == {"url": url, "why": why}
    assert bench.store.rigs() == []


@pytest.mark.parametrize("path", ["/", "/rig/TEAM/getA.py", "/rigs/team-a/devices/A", "/__admn/nothing", "/api/nothing/at/all"])
def test_what_is_told_is_answered(bench: Bench, path: str) -> None:
    for near in bench.ask(path).json()["nearest"]:
        assert bench.ask(near["url"].replace("{setpoint}", "66")).status == 200


def test_errors_have_the_hardware_s_own_shape_where_the_spec_declares_it() -> None:
    bench = on_memory(REFERENCE_TEXT + '\n[errors]\ndefault = { reply = { Erreur = "{status}", Texte = "{detail}" } }\n')

    answer = bench.ask("/nothing")

    assert answer.headers["Content-Type"] == "application/json"
    assert answer.body.startswith(b'{"Erreur":404,"Texte":"no endpoint \'/nothing\';')


def test_a_store_of_one_process_is_refused_where_there_are_several(bench: Bench) -> None:
    several: dict[str, Any] = {"wsgi.multiprocess": True}

    answer = bench.ask("/startA.py", "GET", **several)

    assert answer.status == 503
    assert json.loads(answer.body)["detail"] == (
        "memory:// keeps the state in one process, and this server has several; use sqlite:///PATH or one worker"
    )
    assert bench.get("/getA.py") == OFF


def test_a_rig_that_has_stood_still_since_its_horizon_says_so_in_a_header(bench: Bench) -> None:
    bench.get("/startA.py")
    assert "X-Mockbrew-Rig" not in bench.ask("/getA.py").headers

    bench.wait(31 * 86_400)

    assert bench.ask("/getA.py").headers["X-Mockbrew-Rig"] == "default; stands-still"


def test_what_takes_too_long_is_a_503_that_says_when_to_ask_again(bench: Bench) -> None:
    bench.get("/startPID1.py")
    bench.wait(3 * 86_400)
    late = iter(range(0, 1000, 4))
    bench.app._served.rigs.anchors.stopwatch = lambda: float(next(late))

    answer = bench.ask("/getTemp1.py")

    assert answer.status == 503
    assert answer.headers["Retry-After"] == "1"
    assert json.loads(answer.body)["detail"].endswith(" s of virtual time to go; progress is kept, ask again")


class Buggy(Device):
    """A kind whose reading and one of whose verbs have a bug."""

    kind = "buggy"
    layout = Position
    readings = {"state": Reading(lambda device, state, view: 1 // (1 - state.on), {"type": "integer"}, "")}
    verbs = {
        "turn_on": Verb(lambda device, state, at: state._replace(on=1), "its reply can't be rendered"),
        "turn_off": Verb(lambda device, state, at: state.off(), "no such thing"),
    }


@pytest.mark.parametrize("path", ["/startX.py", "/stopX.py"])
def test_a_bug_is_a_logged_traceback_and_a_plain_500_and_the_command_is_undone(path: str, caplog: pytest.LogCaptureFixture) -> None:
    text = REFERENCE_TEXT.replace("[devices]", '[devices]\nX = { kind = "buggy", interface = "switch", sensor = "X" }', 1)
    bench = on_memory(text, {**BUILT_IN, "buggy": Buggy})

    with caplog.at_level(logging.ERROR):
        answer = bench.ask(path)

    assert answer.status == 500
    assert json.loads(answer.body)["detail"] == "a bug in mockbrew or in a kind: its traceback is in the server's log"
    assert "Traceback" in caplog.text
    assert bench.get("/getX.py") == '{"Sensor":"X","State":1}'  # 1 // (1 - 0): it is still off


ODD = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="/getsarCibleTmpPID123_.%;\\\x00\r\n ", max_size=40),
    st.builds(lambda text, count: text * count, st.sampled_from(["/", "A", "/getA.py", "../", "/setCible1_"]), st.integers(0, 3000)),
    st.builds("/setCible{}_{}.py".format, st.integers(0, 4), st.text(max_size=20)),
)
METHODS = st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "PUT", "TRACE", "", "\x00"])


@given(path=ODD, method=METHODS, query=st.text(max_size=20), body=st.binary(max_size=20))
def test_no_request_however_odd_gives_a_500_or_changes_what_it_does_not_name(path: str, method: str, query: str, body: bytes) -> None:
    bench = on_memory()
    wire: Any = path.encode("utf-8", "replace").decode("latin-1")

    answer = bench.ask(wire, method, QUERY_STRING=query, CONTENT_LENGTH=str(len(body)))

    assert answer.status in (200, 204, 400, 404, 405)
    assert "\n" not in "".join(answer.headers.values())
    if answer.status != 200:
        assert readings(bench) == readings(on_memory())


def readings(bench: Bench) -> list[str]:
    """Every state and setpoint of the rig."""
    urls = [endpoint.url for endpoint in Router(bench.app.spec).endpoints if not endpoint.commands]
    return [bench.get(url) for url in urls]
