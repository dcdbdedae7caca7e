"""Which server a test speaks to: the options, the ini file, the environment; and what is told when it can't be."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from mockbrew.admin.access import Access
from mockbrew.app import create_app
from mockbrew.pytest_plugin.serving import serving
from mockbrew.settings import REFERENCE
from tests.app.asking import REFERENCE_TEXT
from tests.plugin.conftest import Run

pytest_plugins = ("pytester",)

USAGE = pytest.ExitCode.USAGE_ERROR
TITLE = 'def test_it(mockbrew_server):\n    print("serves", mockbrew_server.spec["title"])\n'
BROKEN = 'spec = "1.0"\n\n[devices]\nA = { kind = "valv" }\n'
MESSAGE = "broken.toml:4:14: devices.A.kind: unknown kind 'valv'; known: flow, heater, *(did you mean 'valve'?)"


@pytest.fixture
def specs(pytester: pytest.Pytester) -> None:
    """Three specs that are told apart by their titles, and one that is broken."""
    for name in ("one", "two", "three"):
        pytester.path.joinpath(f"{name}.toml").write_text(REFERENCE_TEXT.replace("Brasserie trois cuves", f"Brewery {name}"))
    pytester.path.joinpath("broken.toml").write_text(BROKEN)


@pytest.fixture
def url() -> Iterator[str]:
    """A server that others use too: its control plane is for bearers of a token."""
    app = create_app(REFERENCE, "memory://", access=Access("malt-and-hops"))
    with serving(app) as url:
        yield url
    app.store.close()


@pytest.mark.usefixtures("specs")
def test_the_option_beats_the_ini_file_and_that_the_environment(
    run: Run, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(TITLE, "-s").stdout.fnmatch_lines(["*serves Brasserie trois cuves"])

    monkeypatch.setenv("MOCKBREW_SPEC", "one.toml")
    run(TITLE, "-s").stdout.fnmatch_lines(["*serves Brewery one"])

    pytester.makeini("[pytest]\nmockbrew_spec = two.toml")
    run(TITLE, "-s").stdout.fnmatch_lines(["*serves Brewery two"])

    run(TITLE, "-s", "--mockbrew-spec", "three.toml").stdout.fnmatch_lines(["*serves Brewery three"])


@pytest.mark.usefixtures("specs")
def test_the_ini_file_names_it_from_where_it_stands_and_the_option_from_where_pytest_was_called(
    pytester: pytest.Pytester, bare: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makeini("[pytest]\nmockbrew_spec = two.toml")
    folder = pytester.mkdir("below")
    folder.joinpath("test_it.py").write_text(TITLE)
    monkeypatch.chdir(folder)

    pytester.runpytest_inprocess("-s", "-pno:cacheprovider").stdout.fnmatch_lines(["*serves Brewery two"])
    pytester.runpytest_inprocess("-s", "-pno:cacheprovider", "--mockbrew-spec=../one.toml").stdout.fnmatch_lines(["*serves Brewery one"])


@pytest.mark.usefixtures("specs")
@pytest.mark.parametrize("apart", [(), ("-n2",)], ids=["here", "xdist"])
def test_a_broken_spec_is_one_error_of_usage_with_its_place(apart: tuple[str, ...], run: Run) -> None:
    result = run(TITLE, "--mockbrew-spec=broken.toml", *apart)

    assert result.ret == USAGE
    result.stderr.fnmatch_lines(["ERROR: the spec of --mockbrew-spec can't be served:", f"*{MESSAGE}"])
    assert "Traceback" not in result.stderr.str() + result.stdout.str()
    result.stdout.no_fnmatch_line("*serves*")


@pytest.mark.usefixtures("specs")
def test_a_broken_spec_of_a_setting_says_which_setting(run: Run, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKBREW_SPEC", "broken.toml")
    run(TITLE).stderr.fnmatch_lines(["ERROR: the spec of MOCKBREW_SPEC can't be served:", f"*{MESSAGE}"])

    pytester.makeini("[pytest]\nmockbrew_spec = none.toml")
    result = run(TITLE)

    result.stderr.fnmatch_lines(["ERROR: the spec of mockbrew_spec can't be served:", "*none.toml: there is no such file; *'one.toml'*"])
    assert result.ret == USAGE


@pytest.mark.usefixtures("specs")
def test_who_uses_no_rig_does_not_mind_a_broken_spec(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKBREW_SPEC", "broken.toml")

    run("def test_it():\n    pass").assert_outcomes(passed=1)


@pytest.mark.usefixtures("specs")
def test_a_fixture_that_is_asked_for_by_name_while_a_test_runs_stops_the_run(run: Run) -> None:
    result = run(
        """
    def test_it(request):
        request.getfixturevalue("mockbrew")

    def test_next(request):
        request.getfixturevalue("mockbrew")
    """,
        "--mockbrew-spec=broken.toml",
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["the spec of --mockbrew-spec can't be served:", f"*{MESSAGE}"])
    assert "Traceback" not in result.stdout.str()


# -- a server that runs --------------------------------------------------------------------------------------------


def test_a_server_that_runs_is_used_with_the_token_of_the_environment(run: Run, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKBREW_ADMIN_TOKEN", "malt-and-hops")
    source = f"""
    def test_it(mockbrew):
        assert mockbrew.url.startswith("{url}/rigs/test_it.py-test_it-")
        assert (mockbrew.clock.time, mockbrew.clock.rate) == (0, 0)
        mockbrew.fault("noise", "Temp1", deviation=1)
        print("rig:", mockbrew.name)
    """

    first, second = (run(source, f"--mockbrew-url={url}/", "-s", "-v", "-l") for _ in range(2))

    for result in (first, second):
        result.assert_outcomes(passed=1)
        assert "malt-and-hops" not in result.stdout.str()
    names = {line.partition("rig: ")[2] for result in (first, second) for line in result.outlines if "rig: " in line}
    assert len(names) == 2


def test_on_a_server_of_others_the_rig_without_a_name_is_theirs(run: Run, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCKBREW_ADMIN_TOKEN", "malt-and-hops")
    result = run(
        f"""
    from urllib.request import urlopen

    def test_it(mockbrew, mockbrew_server):
        urlopen("{url}/startA.py").close()

    def test_none_is_left_and_nothing_was_recorded(mockbrew_server):
        assert list(mockbrew_server.rigs) == ["default"]
        assert mockbrew_server.rig().about["recording"] is False
    """,
        f"--mockbrew-url={url}",
    )

    result.assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("token", "message"),
    [
        (None, "401: a token is needed; send Authorization: Bearer TOKEN, with the value that the server has in MOCKBREW_ADMIN_TOKEN"),
        ("mead", "401: what Authorization says is not the token; send Authorization: Bearer TOKEN*"),
    ],
)
def test_a_token_that_is_missing_or_wrong_is_told_once(
    token: str | None, message: str, run: Run, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if token:
        monkeypatch.setenv("MOCKBREW_ADMIN_TOKEN", token)

    result = run(TITLE, f"--mockbrew-url={url}")

    assert result.ret == USAGE
    said = f"ERROR: --mockbrew-url: GET {url}/__admin/: {message}*; pytest takes the token from MOCKBREW_ADMIN_TOKEN in its environment"
    result.stderr.fnmatch_lines([said])
    assert "mead" not in result.stderr.str()


def test_a_server_that_is_not_there_is_one_error_of_usage(run: Run) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        result = run(TITLE, f"--mockbrew-url=http://127.0.0.1:{bound.getsockname()[1]}")

    assert result.ret == USAGE
    result.stderr.fnmatch_lines(["ERROR: --mockbrew-url: http://127.0.0.1:*: nobody answers there: *; start `mockbrew serve`*"])


@pytest.mark.parametrize("said", [b"{}", b"[]", b"<html>"])
def test_what_is_no_mockbrew_is_one_error_of_usage(said: bytes, run: Run) -> None:
    def other(environ: object, start_response: Callable[..., object]) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(said)))])
        return [said]

    with serving(other) as url:
        result = run(TITLE, f"--mockbrew-url={url}")

    assert result.ret == USAGE
    result.stderr.fnmatch_lines(["ERROR: --mockbrew-url: http://127.0.0.1:*: what answers there is no mockbrew*"])
    result.stdout.no_fnmatch_line("*serves*")


def test_what_is_no_url_is_one_error_of_usage(run: Run) -> None:
    result = run(TITLE, "--mockbrew-url=localhost:8890")

    assert result.ret == USAGE
    result.stderr.fnmatch_lines(["ERROR: --mockbrew-url: 'localhost:8890': no URL of a server; write it like http://127.0.0.1:8890"])


def test_the_url_of_a_rig_is_one_error_of_usage(run: Run, url: str) -> None:
    result = run(TITLE, f"--mockbrew-url={url}/rigs/team-a")

    assert result.ret == USAGE
    result.stderr.fnmatch_lines([f"ERROR: --mockbrew-url: '{url}/rigs/team-a': this is a rig; name its server, '{url}', instead"])


def test_a_spec_for_a_server_that_has_its_own_is_refused(run: Run, url: str) -> None:
    result = run(TITLE, f"--mockbrew-url={url}", "--mockbrew-spec=one.toml")

    assert result.ret == USAGE
    result.stderr.fnmatch_lines(
        ["ERROR: --mockbrew-spec is served by pytest itself, and --mockbrew-url serves a spec of its own; leave one out"]
    )


def test_a_server_that_ends_meanwhile_is_told_without_a_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(REFERENCE, "memory://", access=Access("malt-and-hops"))
    monkeypatch.setenv("MOCKBREW_ADMIN_TOKEN", "malt-and-hops")

    with ExitStack() as server:
        url = server.enter_context(serving(app))
        monkeypatch.setattr("builtins.end_the_server", server.close, raising=False)
        result = run(
            """
    def test_it(mockbrew):
        end_the_server()

    def test_next(mockbrew):
        pass

    def test_failing(mockbrew_rigs):
        assert False
    """,
            f"--mockbrew-url={url}",
        )
    app.store.close()

    result.assert_outcomes(passed=1, errors=2, failed=1)
    result.stdout.fnmatch_lines(["mockbrew: http://127.0.0.1:*: nobody answers there: *Connection refused; start `mockbrew serve`*"] * 2)
    assert "client/transport.py" not in result.stdout.str()
