"""The pages of the control plane: who may see them, what is served, and that nothing else ever is."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from mockbrew.admin.access import CLOSED, LOCAL, Access
from mockbrew.admin.pages import FILES, PAGES, POLICY, SWAGGER_UI
from mockbrew.app import App
from tests.app.asking import Bench, on_memory

WITH_TOKEN = Access("s3cret")
PATHS = [f"/__admin/{path}" for path in PAGES]
VENDORED = FILES / "swagger-ui"


def serving(access: Access) -> Bench:
    bench = on_memory()
    bench.app = App(bench.read_spec, bench.store, bench.kinds, access)
    return bench


@pytest.fixture
def bench() -> Bench:
    return serving(LOCAL)


# -- who may see them ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS)
def test_with_a_token_anybody_may_see_the_pages_and_nothing_of_the_rigs(path: str) -> None:
    bench = serving(WITH_TOKEN)
    stranger = {"REMOTE_ADDR": "203.0.113.7", "HTTP_X_FORWARDED_FOR": "198.51.100.1", "HTTP_HOST": "bench.test"}

    assert bench.ask(path, **stranger).status == 200
    assert bench.ask("/__admin/openapi.json", **stranger).status == 401
    assert bench.store.rigs() == []


@pytest.mark.parametrize("path", PATHS)
def test_a_closed_server_shows_no_page(path: str) -> None:
    answer = serving(CLOSED).ask(path)

    assert (answer.status, answer.json()["setting"]) == (403, "MOCKBREW_ADMIN_TOKEN")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "environ",
    [{"HTTP_HOST": "evil.test"}, {"REMOTE_ADDR": "203.0.113.7"}, {"HTTP_X_FORWARDED_FOR": "198.51.100.1"}, {"HTTP_VIA": "1.1 proxy"}],
)
def test_without_a_token_they_are_for_direct_callers_of_this_machine_by_its_name(bench: Bench, path: str, environ: dict[str, str]) -> None:
    assert bench.ask(path, **environ).status == 403
    assert bench.ask(path, HTTP_HOST="localhost:8890").status == 200


# -- what is served ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/rigs/team-a"])
def test_each_page_is_a_file_whole(bench: Bench, prefix: str) -> None:
    for path, page in PAGES.items():
        answer = bench.ask(f"{prefix}/__admin/{path}")

        assert (answer.status, answer.body) == (200, (FILES / page.file).read_bytes())
        assert answer.headers["Content-Length"] == str(len(answer.body))
        assert answer.headers["Content-Type"] == page.content_type
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert bench.store.rigs() == []


def test_only_what_has_its_version_in_its_name_may_be_kept(bench: Bench) -> None:
    kept = [path for path in PAGES if bench.ask(f"/__admin/{path}").headers["Cache-Control"] != "no-store"]

    assert kept == [f"docs/swagger-ui-{SWAGGER_UI}.css", f"docs/swagger-ui-{SWAGGER_UI}.js"]
    assert bench.ask(f"/__admin/{kept[0]}").headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_browser_is_told_to_load_from_here_only_and_to_run_no_script_of_the_page_itself(bench: Bench) -> None:
    answer = bench.ask("/__admin/docs")
    text = answer.body.decode()

    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert "//" not in POLICY
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", text)


def test_the_page_asks_only_for_what_is_served(bench: Bench) -> None:
    text = bench.ask("/__admin/docs").body.decode()

    for url in re.findall(r'(?:src|href)="([^"]+)"', text):
        assert url == "data:," or bench.ask(f"/__admin/{url}").status == 200
    assert "http" not in text


@pytest.mark.parametrize(
    "path",
    [
        "docs/",
        "docs/docs.html",
        "docs/../pages.py",
        "docs/swagger-ui/LICENSE",
        "docs/swagger-ui-5.34.0.js",
        "docs/docs.js/",
        "docs//docs.js",
        "docs/%2e%2e/pages.py",
        "Docs",
    ],
)
def test_no_other_file_is_ever_served(bench: Bench, path: str) -> None:
    assert bench.ask(f"/__admin/{path}").status == 404


def test_who_misses_the_page_is_told_where_it_is(bench: Bench) -> None:
    near = [bench.ask(path).json()["nearest"][0]["url"] for path in ("/__admin/doc", "/__admin/docs/", "/admin/docs")]

    assert near == ["/__admin/docs"] * 3


def test_pages_are_read_and_nothing_else(bench: Bench) -> None:
    head, options, post = (bench.ask("/__admin/docs", method) for method in ("HEAD", "OPTIONS", "POST"))

    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(bench.ask("/__admin/docs").body)))
    assert (options.status, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert (post.status, post.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


# -- what is not ours ----------------------------------------------------------------------------------------------


def test_what_is_vendored_is_unchanged_and_says_whose_it_is() -> None:
    readme = (VENDORED / "README.md").read_text()
    digests = dict(re.findall(r"\| `([^`]+)` \| `([0-9a-f]{64})` \|", readme))

    assert f"# Swagger UI {SWAGGER_UI}\n" in readme
    assert digests == {name: _digest(VENDORED / name) for name in ("swagger-ui-bundle.js", "swagger-ui.css")}
    assert "Apache License" in (VENDORED / "LICENSE").read_text()
    assert "SmartBear" in (VENDORED / "NOTICE").read_text()
    assert {path.name for path in VENDORED.iterdir()} == {
        *digests,
        "LICENSE",
        "NOTICE",
        "README.md",
        "swagger-ui-bundle.js.LICENSE.txt",
    }


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
