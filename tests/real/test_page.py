"""The page of the API in a real browser: what it shows, that it works, and that it asks nobody else."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.real.bench import DOORS, Bench, Door
from tests.real.browser import Tab, opened
from tests.real.servers import Server

TOKEN = "hops-and-malt"
UNAUTHORIZED = "Failed to load resource: the server responded with a status of 401 (Unauthorized)"


@pytest.fixture(scope="module")
def chromium(require_program: Callable[[str], str]) -> str:
    return require_program("chromium")


@pytest.fixture(scope="module")
def server(module_bench: Bench) -> Server:
    return module_bench.gunicorn(environment={"MOCKBREW_ADMIN_TOKEN": TOKEN}, threads=4).wait_ready()


def docs(server: Server, rig: str = "") -> str:
    return f"http://127.0.0.1:{server.port}{rig}/__admin/docs"


def shown(page: Page, path: str, method: str = "get") -> Locator:
    """An operation, which the page shows when it is looked for: of many, only those in sight are there."""
    page.locator(".operation-filter-input").fill(path)
    expect(page.locator(".opblock [data-path='/Reset.py']")).to_have_count(0)  # the filter is at work
    return page.locator(f".opblock-{method}", has=page.locator(f"[data-path='{path}']")).first


def tried(operation: Locator) -> str:
    """What the page shows of a reply, after a click on "Execute"."""
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.locator(".execute").click()
    return operation.locator(".live-responses-table").inner_text()


def let_in(tab: Tab, token: str = TOKEN) -> None:
    tab.page.locator("#token").fill(token)
    tab.page.get_by_role("button", name="Show").click()


@pytest.mark.parametrize("door", DOORS)
def test_whoever_has_the_token_reads_the_api_and_tries_it_out(module_bench: Bench, server: Server, chromium: str, door: Door) -> None:
    front = module_bench.front(server, door)
    with opened(chromium) as tab:
        tab.page.goto(docs(front, "/rigs/team-a"))
        let_in(tab)
        expect(tab.page.locator(".info .title")).to_contain_text("Brasserie trois cuves")

        reading = tried(shown(tab.page, "/getA.py"))
        clock = tried(shown(tab.page, "/__admin/clock"))

        assert '"Sensor": "VanneA"' in reading
        assert "x-mockbrew-rig: team-a; new" in reading
        assert "no rig 'team-a'" in clock  # it was let in: a refusal of another kind
        assert tab.complaints[0] == UNAUTHORIZED  # the page asks first without the token
        assert not [said for said in tab.complaints if said != UNAUTHORIZED and "404" not in said]
        assert {urlsplit(url).netloc for url in tab.asked if not url.startswith(("data:", "blob:"))} == {f"127.0.0.1:{front.port}"}


def test_a_command_that_is_tried_out_is_carried_out(module_bench: Bench, server: Server, chromium: str) -> None:
    with opened(chromium) as tab:
        tab.page.goto(docs(server, "/rigs/team-b"))
        let_in(tab)

        started = tried(shown(tab.page, "/startA.py"))
        time = tried(shown(tab.page, "/__admin/clock"))

    assert '"State": 1' in started
    assert '"rig": "team-b"' in time
    assert module_bench.client(server).get("/rigs/team-b/getA.py").body == b'{"Sensor":"VanneA","State":1}'


def test_the_token_is_asked_for_kept_in_the_tab_and_forgotten(server: Server, chromium: str) -> None:
    with opened(chromium) as tab:
        page = tab.page
        page.goto(docs(server))
        expect(page.locator("#message")).to_have_text("This server tells what it serves to bearers of its token only.")
        let_in(tab, "wrong")
        expect(page.locator("#message")).to_have_text("That is not the token of this server.")
        let_in(tab)
        expect(page.locator(".opblock").first).to_be_visible()

        page.reload()
        expect(page.locator(".opblock").first).to_be_visible()
        assert not page.locator("#ask").is_visible()

        page.get_by_role("button", name="Forget the token").click()
        expect(page.locator("#ask")).to_be_visible()
        assert page.evaluate("sessionStorage.length + localStorage.length") == 0
        assert TOKEN not in "".join(tab.asked)


def test_what_no_token_can_be_is_neither_sent_nor_kept(server: Server, chromium: str) -> None:
    with opened(chromium) as tab:
        tab.page.goto(docs(server))
        expect(tab.page.locator("#token")).to_be_visible()
        asked = len(tab.asked)
        let_in(tab, "Schlüssel ✓")

        assert tab.page.locator("#token:invalid").count() == 1
        assert tab.page.evaluate("sessionStorage.length") == 0
        assert len(tab.asked) == asked


def test_a_token_can_be_forgotten_where_nothing_is_shown(server: Server, chromium: str) -> None:
    with opened(chromium) as tab:
        tab.page.goto(docs(server))
        let_in(tab)
        expect(tab.page.locator(".opblock").first).to_be_visible()
        tab.page.route("**/openapi.json", lambda route: route.abort())
        tab.page.reload()
        expect(tab.page.locator("#message")).to_contain_text("The server does not answer")

        tab.page.get_by_role("button", name="Forget the token").click()

        tab.page.wait_for_function("sessionStorage.length === 0")


def test_numbers_of_a_reply_are_shown_as_they_were_sent(server: Server, chromium: str) -> None:
    with opened(chromium) as tab:
        tab.page.goto(docs(server))
        let_in(tab)

        setpoint = tried(shown(tab.page, "/getCible1.py"))

    assert '{\n  "Sensor": "HotTank",\n  "Cible": 78.0\n}' in setpoint


def test_a_setpoint_that_is_refused_is_sent_and_the_refusal_is_shown(server: Server, chromium: str) -> None:
    with opened(chromium) as tab:
        tab.page.goto(docs(server))
        let_in(tab)
        operation = shown(tab.page, "/setCible1_{setpoint}.py")
        operation.locator(".opblock-summary-control").click()
        operation.get_by_role("button", name="Try it out").click()
        operation.locator(".parameters input").fill("200")
        operation.locator(".execute").click()
        refused = operation.locator(".live-responses-table").inner_text()
        setpoint = tried(shown(tab.page, "/getCible1.py"))

    assert "PID1: setpoint '200' is refused; it must be a number from 0 to 110 degC" in refused
    assert '"Cible": 78.0' in setpoint


@pytest.mark.parametrize(("word", "first"), [("WANTED TEMPERATURE", "/getCible1.py"), ("getTemp3", "/getTemp3.py")])
def test_the_filter_looks_through_summaries_and_paths(server: Server, chromium: str, word: str, first: str) -> None:
    with opened(chromium) as tab:
        tab.page.goto(docs(server))
        let_in(tab)
        tab.page.locator(".operation-filter-input").fill(word)

        expect(tab.page.locator(".opblock-summary-path").first).to_have_attribute("data-path", first)


def test_the_filter_says_that_nothing_matches(server: Server, chromium: str) -> None:
    with opened(chromium) as tab:
        tab.page.goto(docs(server))
        let_in(tab)
        tab.page.locator(".operation-filter-input").fill("hops")

        expect(tab.page.locator("#page .nothing")).to_have_text("Nothing matches 'hops'.")
        expect(tab.page.locator(".opblock")).to_have_count(0)


def test_in_a_narrow_window_nothing_lies_over_the_body_of_a_reply(server: Server, chromium: str) -> None:
    with opened(chromium, width=390) as tab:
        tab.page.goto(docs(server))
        let_in(tab)
        operation = shown(tab.page, "/getTemp1.py")
        tried(operation)
        code = operation.locator(".live-responses-table .highlight-code").first
        body, download = (code.locator(part).bounding_box() for part in ("pre", ".download-contents"))

    assert body
    assert download
    assert download["y"] >= body["y"] + body["height"]


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_sticks_out_of_the_window(server: Server, chromium: str, width: int) -> None:
    with opened(chromium, width=width) as tab:
        tab.page.goto(docs(server))
        expect(tab.page.locator("#token")).to_be_visible()
        assert _width(tab.page) <= width
        let_in(tab)
        tried(shown(tab.page, "/setCible1_{setpoint}.py"))

        assert _width(tab.page) <= width


def _width(page: Page) -> int:
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width
