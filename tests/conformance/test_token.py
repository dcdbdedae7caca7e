"""The token of a control plane: who gets to see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from mockbrew.admin.access import Access
from mockbrew.conformance.opening import Met, meet
from mockbrew.conformance.options import Options
from mockbrew.conformance.results import REAL, VIRTUAL
from mockbrew.conformance.run import verify
from mockbrew.spec import parse
from tests.conformance.spoiled import SMALL, listening, serving


class Foreign:
    """A server that is no mockbrew, and notes who is sent to it."""

    def __init__(self, status: str) -> None:
        self.status, self.seen = status, list[str | None]()

    def __call__(self, environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.seen.append(environ.get("HTTP_AUTHORIZATION"))
        start_response(self.status, [("Content-Length", "0")])
        return (b"",)


def test_a_server_that_asks_for_no_token_is_sent_none() -> None:
    foreign = Foreign("404 Not Found")
    with listening(foreign) as url:
        met = meet(url, parse(SMALL), Options(token="secret"))

    assert met == Met(REAL)
    assert set(foreign.seen) == {None}


def test_a_mockbrew_that_asks_for_it_is_sent_it() -> None:
    with serving(access=Access("secret")) as url:
        assert meet(url, parse(SMALL), Options(token="secret")) == Met(VIRTUAL)


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ("wrong", "it is a mockbrew that refuses the token of MOCKBREW_ADMIN_TOKEN"),
        ("", "it is a mockbrew that asks for a token, and was given none: set MOCKBREW_ADMIN_TOKEN (for URL; OTHER is never sent it)"),
    ],
)
def test_a_mockbrew_whose_token_we_have_not_is_told_apart_from_hardware(token: str, why: str) -> None:
    with serving(access=Access("secret")) as url:
        report = verify(url, parse(SMALL), Options(read_only=True, token=token))

        assert meet(url, parse(SMALL), Options(token=token)) == Met(REAL, why)
    assert (report.notes, report.pace) == ((f"time is real: {why}",), REAL)


def test_a_stranger_that_asks_for_a_token_is_no_mockbrew() -> None:
    foreign = Foreign("401 Unauthorized")
    with listening(foreign) as url:
        assert meet(url, parse(SMALL), Options(token="secret")) == Met(REAL)
