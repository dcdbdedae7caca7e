"""Rigs by their names: who is spoken to, by path or by header, and which names there can't be."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from tests.app.asking import Bench
from tests.app.replies import Answer
from tests.app.rigs.roll import OFF, ON, rigs

LONGEST = "a" * 64


def by_header(bench: Bench, path: str, rig: str, **environ: Any) -> Answer:
    return bench.ask(path, HTTP_X_MOCKBREW_RIG=rig, **environ)


@pytest.mark.parametrize("name", ["team-a", "a", "0", "a.b_c-d", LONGEST, "rigs", "default2"])
def test_a_rig_is_named_by_prefix_or_by_header_and_is_none_of_the_others_business(bench: Bench, name: str) -> None:
    assert bench.ask(f"/rigs/{name}/startA.py").body == ON

    assert by_header(bench, "/getA.py", name).body == ON
    assert by_header(bench, f"/rigs/{name}/getA.py", name).body == ON
    assert bench.ask(f"/rigs/{name}/getA.py").headers["X-Mockbrew-Rig"] == name
    assert bench.ask("/getA.py").body == OFF
    assert bench.ask("/rigs/other/getA.py").body == OFF


def test_the_default_rig_has_a_name_too(bench: Bench) -> None:
    assert bench.ask("/rigs/default/startA.py").body == ON

    assert bench.ask("/getA.py").body == ON
    assert by_header(bench, "/getA.py", "default").body == ON
    assert "X-Mockbrew-Rig" not in bench.ask("/rigs/default/getA.py").headers


def test_prefix_and_header_that_differ_are_refused_and_neither_is_spoken_to(bench: Bench) -> None:
    answer = by_header(bench, "/rigs/team-a/startA.py", "team-b")

    assert answer.status == 400
    assert answer.json()["detail"] == "the path speaks to rig 'team-a', the header X-Mockbrew-Rig to 'team-b'; leave one of them out"
    assert rigs(bench) == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/setCible1_200.py", 400),
        ("GET", "/getZ.py", 404),
        ("POST", "/getA.py", 405),
        ("GET", "/__admin/rig", 404),
        ("GET", "/__admin/rgi", 404),
        ("POST", "/__admin/clock/advance", 400),
        ("OPTIONS", "/getA.py", 204),
        ("OPTIONS", "/__admin/rig", 204),
    ],
)
def test_refusals_name_their_rig_too_but_for_the_default_one(bench: Bench, method: str, path: str, status: int) -> None:
    named, plain = bench.ask(f"/rigs/team-a{path}", method, **{"wsgi.input": BytesIO()}), bench.ask(path, "OPTIONS")

    assert (named.status, named.headers["X-Mockbrew-Rig"]) == (status, "team-a")
    assert "X-Mockbrew-Rig" not in plain.headers
    assert rigs(bench) == []


WRONG = [
    "",
    ".",
    "..",
    "-a",
    "_a",
    ".a",
    "Team",
    "team a",
    "équipe",
    "a\n",
    "a\x00",
    "a%2fb",
    "a+b",
    f"{LONGEST}a",
    "a" * 5000,
]


@pytest.mark.parametrize("name", WRONG)
def test_a_name_that_no_rig_can_have_is_refused_by_path_and_header_and_makes_none(bench: Bench, name: str) -> None:
    wire = name.encode().decode("latin-1")
    shown = wire if len(wire) <= 64 else f"{wire[:64]}..."
    meant = " (did you mean 'team'?)" if name == "Team" else ""

    for answer in (bench.ask(f"/rigs/{wire}/startA.py"), by_header(bench, "/startA.py", wire)):
        assert answer.status == 400
        assert answer.json()["detail"] == (
            f"{shown!r} can't be the name of a rig; one begins with a-z or 0-9, goes on with those, '.', '_' or '-', up to 64 in all{meant}"
        )
    assert rigs(bench) == []


@pytest.mark.parametrize(
    "path",
    [
        "/rigs",  # nobody is named
        "/rigs/team-a",  # nothing is asked
        "/rigs/team-a/",
        "/rigs/team-a/..",
        "/rigs/team-a/../startA.py",  # as a server decodes it, also from %2e%2e and %2f
        "/rigs/team-a/../team-b/startA.py",
        "/rigs/team-a//startA.py",
        "/rigs/team-a/rigs/team-b/startA.py",
        "//rigs/team-a/startA.py",
        "/rigs/team-a/x/startA.py",
    ],
)
def test_a_path_that_leads_nowhere_is_unknown_and_makes_no_rig(bench: Bench, path: str) -> None:
    answer = bench.ask(path)

    assert answer.status == 404
    assert answer.json()["detail"].startswith("no endpoint ")
    assert not {"team-a", "team-b"} & set(rigs(bench))
