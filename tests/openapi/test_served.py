"""The document against what is served: every reply of every operation, good or bad, is as it says; and where the document is found."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from mockbrew.routes import addresses
from tests.app.asking import Bench, on_memory
from tests.openapi.documents import LOCKED, TEXTS
from tests.openapi.judge import Judge


def served(bench: Bench, rig: str = "default") -> Judge:
    answer = bench.admin("GET", "openapi.json", rig=rig)

    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    return Judge(answer.json())


def paths(bench: Bench) -> Iterator[tuple[str, str]]:
    """The template and a path of each endpoint."""
    return ((address.endpoint.url, address.sample) for address in addresses(bench.app.spec))


@pytest.mark.parametrize("name", TEXTS)
def test_every_reply_of_every_method_is_as_described(name: str) -> None:
    bench = on_memory(TEXTS[name])
    judge = served(bench)
    asked = [
        (template, path, method)
        for template, path in paths(bench)
        for method in judge.document["paths"][template]
        if method != "parameters"
    ]
    wrong = [(path, why) for template, path, method in asked if (why := judge.wrong(template, method, bench.ask(path, method.upper())))]

    assert len(asked) >= 3 * len(list(paths(bench)))
    assert wrong == []


@pytest.mark.parametrize("name", ["the reference rig", "own errors"])
@pytest.mark.parametrize(
    ("path", "template", "method", "status"),
    [
        ("/setCible1_111.py", "/setCible1_{setpoint}.py", "GET", 400),
        ("/setCible1_.py", "/setCible1_{setpoint}.py", "POST", 400),
        ("/setCible1_6/6.py", "/setCible1_{setpoint}.py", "GET", 404),
        ("/setCible1_6/6.py", "/setCible1_{setpoint}.py", "OPTIONS", 404),
        ("/rigs/Team A/getA.py", "/getA.py", "GET", 400),
        ("/rigs/Team A/getA.py", "/getA.py", "HEAD", 400),
        ("/rigs/Team A/getA.py", "/getA.py", "OPTIONS", 400),
    ],
)
def test_refusals_are_as_described(name: str, path: str, template: str, method: str, status: int) -> None:
    bench = on_memory(TEXTS[name])
    answer = bench.ask(path, method)

    assert answer.status == status
    assert served(bench).wrong(template, method, answer) == []


@pytest.mark.parametrize("name", ["the reference rig", "own errors"])
def test_a_method_that_is_not_described_is_refused_as_the_document_says_in_words(name: str) -> None:
    bench = on_memory(TEXTS[name])
    judge = served(bench)
    described = {"responses": {"405": judge.document["components"]["responses"]["MethodNotAllowed"]}}
    watching = Judge({**judge.document, "paths": {"/startA.py": {"head": described, "delete": described}}})

    refused = bench.ask("/startA.py", "DELETE")

    assert (refused.status, refused.headers["Allow"]) == (405, "GET, POST, OPTIONS")
    assert watching.wrong("/startA.py", "DELETE", refused) == []
    assert bench.get("/getA.py") == '{"Sensor":"VanneA","State":0}'


def test_a_command_that_a_rule_refuses_is_refused_as_described() -> None:
    bench = on_memory(LOCKED)
    answer = bench.ask("/startB")

    assert (answer.status, answer.json()["rule"]) == (409, "dry")
    assert served(bench).wrong("/startB", "GET", answer) == []
    assert bench.get("/getB") == '{"on":0}'


def test_a_probe_that_cant_be_read_is_as_described() -> None:
    bench = on_memory(LOCKED)
    bench.admin("POST", "faults", {"fault": "open_circuit", "device": "T"})
    answers = {method: bench.ask("/getT", method) for method in ("GET", "HEAD")}

    assert {method: answer.status for method, answer in answers.items()} == {"GET": 503, "HEAD": 503}
    assert [served(bench).wrong("/getT", method, answer) for method, answer in answers.items()] == [[], []]


def test_a_page_of_another_site_is_refused_as_described() -> None:
    bench = on_memory()
    answer = bench.ask("/rigs/new/startA.py", "POST", HTTP_SEC_FETCH_SITE="cross-site")

    assert answer.status == 403
    assert served(bench).wrong("/startA.py", "POST", answer) == []
    assert [row.name for row in bench.store.rigs()] == []


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("/setCible1_{setpoint}.py", "/setCible1_hot.py"),
        ("/__admin/rigs/{name}", "/__admin/rigs/Team A"),
        ("/__admin/snapshots/{name}/restore", "/__admin/snapshots/Mash in/restore"),
    ],
)
def test_which_methods_there_are_is_told_of_any_argument_and_described_so(template: str, path: str) -> None:
    bench = on_memory()
    judge, answer = served(bench), bench.ask(path, "OPTIONS")
    described = {method: judge.described(path, method) for method in ("OPTIONS", "GET", "POST", "DELETE")}

    assert answer.status == 204
    assert judge.wrong(template, "OPTIONS", answer) == []
    assert described == {"OPTIONS": [template], "GET": [], "POST": [], "DELETE": []}


def test_a_body_of_another_sort_is_not_as_described() -> None:
    bench = on_memory()
    judge, answer = served(bench), bench.ask("/getA.py")
    spoiled = [
        answer._replace(body=b'{"Sensor":"VanneA","State":"0"}'),
        answer._replace(headers={**answer.headers, "Content-Type": "text/html"}),
        answer._replace(headers={"Content-Type": "application/json"}),
        answer._replace(status=418),
    ]

    assert judge.wrong("/getA.py", "GET", answer) == []
    assert [judge.wrong("/getA.py", "GET", each) for each in spoiled] == [
        ["'0' is not of type 'integer'", "'0' is not one of [0, 1]"],
        ["text/html is not described"],
        ["Cache-Control is missing"],
        ["status 418 is not described"],
    ]


# -- the control plane ---------------------------------------------------------------------------------------------


def test_what_the_control_plane_answers_by_itself_is_as_described() -> None:
    bench = on_memory()
    judge = served(bench)
    asked = [
        ("GET", "/__admin/clock", "/__admin/clock", None, 404),
        ("HEAD", "/__admin/health", "/__admin/health", None, 200),
        ("OPTIONS", "/__admin/faults/{name}", "/__admin/faults/no name at all", None, 204),
        ("POST", "/__admin/clock/advance", "/__admin/clock/advance", b"[", 400),
        ("POST", "/__admin/clock/advance", "/__admin/clock/advance", b'{"seconds":60}', 200),
        ("GET", "/__admin/clock", "/__admin/clock", None, 200),
        ("DELETE", "/__admin/faults/{name}", "/__admin/faults/none", None, 404),
        ("GET", "/__admin/openapi.json", "/__admin/openapi.json", None, 200),
    ]
    answers = [bench.admin(method, path.removeprefix("/__admin/"), body, "new") for method, _, path, body, _ in asked]

    assert [answer.status for answer in answers] == [status for *_, status in asked]
    assert [judge.wrong(template, method, answer) for (method, template, *_), answer in zip(asked, answers, strict=True)] == [[]] * len(
        asked
    )


# -- where it is found ---------------------------------------------------------------------------------------------


def test_the_document_of_a_rig_names_its_server_first() -> None:
    bench = on_memory()

    assert served(bench, "team-a").document["servers"][0] == {"url": "/rigs/team-a", "description": "the rig team-a"}
    assert served(bench).document == {**served(bench, "team-a").document, "servers": served(bench).document["servers"]}
    assert list(bench.store.rigs()) == []


def test_it_depends_on_nothing_that_has_happened() -> None:
    bench = on_memory()
    before = bench.admin("GET", "openapi.json").body
    for path in ("/startA.py", "/startPID1.py", "/setCible1_66.py"):
        bench.get(path)
    bench.wait(3600)
    bench.restart()

    assert bench.admin("GET", "openapi.json").body == before


def test_a_changed_spec_is_described_once_it_is_served() -> None:
    bench = on_memory()
    before = served(bench)
    bench.text = bench.text.replace('sensor = "VanneA"', 'sensor = "Valve A"')
    bench.restart()
    after = served(bench)

    shown = [judge.document["components"]["responses"]["A_get"]["content"]["application/json"]["example"] for judge in (before, after)]
    assert shown == [{"Sensor": "VanneA", "State": 0}, {"Sensor": "Valve A", "State": 0}]


def test_a_spec_of_too_many_endpoints_is_described_by_the_command_only(caplog: pytest.LogCaptureFixture) -> None:
    devices = "\n".join(f'V{number} = {{ kind = "valve", interface = "s" }}' for number in range(2501))
    reply = '{ s = "{state}" }'
    interface = f'a = {{ url = "/{{id}}", reply = {reply} }}\nb = {{ url = "/b{{id}}", reply = {reply} }}'
    bench = on_memory(f'spec = "1.0"\n[interfaces.s]\n{interface}\n[devices]\n{devices}')

    answer: dict[str, Any] = bench.admin("GET", "openapi.json").json()

    assert answer == {
        "title": "Not Implemented",
        "status": 501,
        "detail": "the spec has 5002 endpoints, and up to 5000 are described here; run: mockbrew openapi SPEC",
        "endpoints": 5002,
        "most": 5000,
    }
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_spec_of_too_many_devices_is_described_by_the_command_only_though_it_has_no_endpoints() -> None:
    bench = on_memory('spec = "1.0"\n[devices]\n' + "\n".join(f'V{number} = {{ kind = "valve" }}' for number in range(5001)))

    answer: dict[str, Any] = bench.admin("GET", "openapi.json").json()

    assert answer == {
        "title": "Not Implemented",
        "status": 501,
        "detail": "the spec has 5001 entries, and up to 5000 are described here; run: mockbrew openapi SPEC",
        "entries": 5001,
        "most": 5000,
    }


def test_a_fault_of_a_device_is_as_described_where_one_of_replies_says_something_else_by_the_same_word() -> None:
    bench = on_memory()
    judge, answer = served(bench), bench.admin("POST", "faults", {"fault": "slow", "device": "A", "seconds": 11})

    assert (answer.status, answer.json()["seconds"]) == (201, 11)
    assert judge.wrong("/__admin/faults", "POST", answer) == []
    assert judge.wrong("/__admin/faults", "GET", bench.admin("GET", "faults")) == []
