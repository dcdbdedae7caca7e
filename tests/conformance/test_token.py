"""The token of a control plane: who gets to see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mockbrew.admin.access import Access
from mockbrew.conformance.opening import pace_of
from mockbrew.conformance.options import Options
from mockbrew.conformance.results import REAL, VIRTUAL
from tests.conformance.spoiled import listening, serving


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
        pace = pace_of(url, Options(token="secret"))

    assert pace == REAL
    assert set(foreign.seen) == {None}


def test_a_mockbrew_that_asks_for_it_is_sent_it() -> None:
    with serving(access=Access("secret")) as url:
        assert pace_of(url, Options(token="secret")) == VIRTUAL
        assert pace_of(url, Options(token="wrong")) == REAL
        assert pace_of(url, Options()) == REAL
