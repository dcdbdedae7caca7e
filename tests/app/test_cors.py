"""Which web pages may read the replies of the endpoints: those of the origins that the spec lists, and of no others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockbrew.errors import SpecError
from mockbrew.spec import parse
from tests.app.asking import REFERENCE_TEXT, Bench, on_memory

PAGE = "http://localhost:5173"
PREFLIGHT = {"HTTP_ACCESS_CONTROL_REQUEST_METHOD": "POST", "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "x-mockbrew-rig"}


def serving(*origins: str) -> Bench:
    return on_memory(f"{REFERENCE_TEXT}\n[server]\ncors = {json.dumps(list(origins))}\n")


def told(bench: Bench, path: str, method: str = "GET", origin: str | None = PAGE, **environ: Any) -> dict[str, str]:
    """What a reply says to browsers."""
    from_page = {} if origin is None else {"HTTP_ORIGIN": origin}
    headers = bench.ask(path, method, **from_page, **environ).headers
    return {name: value for name, value in headers.items() if name.startswith("Access-Control-") or name == "Vary"}


@pytest.mark.parametrize("path", ["/getA.py", "/startA.py", "/nothing", "/rigs/team-a/getA.py"])
def test_a_page_of_a_listed_origin_may_read_every_reply_also_a_refusal(path: str) -> None:
    assert told(serving(PAGE, "https://ui.test"), path) == {
        "Access-Control-Allow-Origin": PAGE,
        "Access-Control-Expose-Headers": "Allow, Retry-After, X-Mockbrew-Fault, X-Mockbrew-Rig",
        "Vary": "Origin",
    }


@pytest.mark.parametrize("origin", ["http://localhost:5174", "https://localhost:5173", "null", "", "http://localhost:5173.evil.test", None])
def test_a_page_of_another_origin_may_read_none(origin: str | None) -> None:
    assert told(serving(PAGE), "/getA.py", origin=origin) == {"Vary": "Origin"}


def test_by_default_no_page_may_read_anything() -> None:
    bench = on_memory()

    assert told(bench, "/getA.py") == {}
    assert told(bench, "/getA.py", "OPTIONS", **PREFLIGHT) == {}


def test_a_star_lets_every_page_read() -> None:
    assert told(serving("*"), "/getA.py", origin="https://anybody.test") == {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Allow, Retry-After, X-Mockbrew-Fault, X-Mockbrew-Rig",
    }


@pytest.mark.parametrize("path", ["/startA.py", "/nothing"])
def test_a_browser_that_asks_beforehand_is_told_yes_and_nothing_is_commanded(path: str) -> None:
    bench = serving(PAGE)

    answer = bench.ask(path, "OPTIONS", HTTP_ORIGIN=PAGE, **PREFLIGHT)

    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST, OPTIONS"
    assert answer.headers["Access-Control-Allow-Headers"] == "x-mockbrew-rig"
    assert answer.headers["Cache-Control"] == "no-store"
    assert bench.get("/getA.py") == '{"Sensor":"VanneA","State":0}'


def test_a_browser_that_asks_for_another_page_is_told_nothing_but_the_methods() -> None:
    bench = serving(PAGE)

    answer = bench.ask("/startA.py", "OPTIONS", HTTP_ORIGIN="https://evil.test", **PREFLIGHT)

    assert (answer.status, answer.headers["Allow"]) == (204, "GET, POST, OPTIONS")
    assert not any(name.startswith("Access-Control-") for name in answer.headers)


@pytest.mark.parametrize("path", ["/__admin/rigs", "/rigs/team-a/__admin/rigs", "/__admin/nothing"])
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_no_page_may_ever_read_the_control_plane(path: str, method: str) -> None:
    assert told(serving(PAGE, "*"), path, method, **PREFLIGHT) == {}


def test_a_spec_of_other_origins_is_followed_at_once() -> None:
    bench = serving(PAGE)
    bench.get("/startA.py")

    bench.text = bench.text.replace(PAGE, "https://ui.test")
    bench.restart()

    assert told(bench, "/getA.py") == {"Vary": "Origin"}
    assert bench.get("/getA.py") == '{"Sensor":"VanneA","State":1}'


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "http://localhost:5173",
        "https://ui.test",
        "http://127.0.0.1:8080",
        "http://[::1]:3000",
        "capacitor://localhost",
        "http://a:8080",
    ],
)
def test_these_are_origins(origin: str) -> None:
    assert parse(f'spec = "1.0"\nserver.cors = ["{origin}"]').cors == (origin,)


@pytest.mark.parametrize(
    "origin",
    [
        "localhost:5173",
        "http://localhost:5173/",
        "http://localhost/app",
        "HTTP://localhost",
        "http://Localhost",
        "http://ui.test:80",
        "https://ui.test:443",
        "null",
        "http://",
        "http://a b",
        "http://user@ui.test",
        "http://*.ui.test",
        "",
    ],
)
def test_these_are_none_and_the_message_shows_one(origin: str) -> None:
    with pytest.raises(SpecError) as refused:
        parse(f'spec = "1.0"\n[server]\ncors = ["http://localhost:5173", "{origin}"]')

    assert str(refused.value) == (
        f"spec.toml:3:34: server.cors[1]: {origin!r} is a text; it must be an origin as browsers write it, "
        "such as 'http://localhost:5173', without path and usual port; "
        "or '*', with which a page of any site that somebody opens may read the rig"
    )


def test_an_unknown_word_beside_it_is_told() -> None:
    with pytest.raises(SpecError) as refused:
        parse('spec = "1.0"\n[server]\ncorse = ["*"]')

    assert str(refused.value) == "spec.toml:3:1: server.corse: unknown key 'corse'; known: cors (did you mean 'cors'?)"
