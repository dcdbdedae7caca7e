"""How the client asks: again while the server computes, with a token, by no proxy, and what it raises."""

from __future__ import annotations

import json
import pickle
import re
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from mockbrew.admin.access import Access
from mockbrew.app import App
from mockbrew.client import ClientError, Refused, Server, Unreachable
from mockbrew.client.transport import Transport
from tests.app.asking import Bench

CLOCK = {"rig": "a", "time": 60.0, "rate": 0, "stands_still": False, "horizon": 2592000.0}
LATER = "503 Service Unavailable"


@dataclass
class Scripted:
    """A WSGI app that says what it is told to, one reply after the other. bodies: what it was sent."""

    replies: list[tuple[str, dict[str, str], Any]]
    bodies: list[Any] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.bodies.append(json.loads(sent) if sent else None)
        status, headers, said = self.replies.pop(0)
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers.items()])
        return [body]


@dataclass
class Waiting:
    """A clock that goes on by what is waited."""

    seconds: float = 0.0

    def wait(self, seconds: float) -> None:
        self.seconds += seconds

    def now(self) -> float:
        return self.seconds


Serve = Callable[[Any], str]


def patient(url: str, waiting: Waiting) -> Server:
    server = Server(url)
    server.transport = Transport(url, wait=waiting.wait, now=waiting.now)
    return server


def test_a_server_that_still_computes_is_asked_again(serve: Serve) -> None:
    app, waiting = Scripted([(LATER, {"Retry-After": "2"}, {"detail": "still computing"}), ("200 OK", {}, CLOCK)]), Waiting()

    assert patient(serve(app), waiting).rig("a").clock.advance(60).time == 60.0
    assert app.bodies == [{"seconds": 60}, {"seconds": 60}]
    assert waiting.seconds == 2


def test_what_is_left_to_look_for_is_asked_for_then_and_the_whole_wait_is_told(serve: Serve) -> None:
    replies = [
        (LATER, {"Retry-After": "1"}, {"detail": "still looking", "time": 400.0, "limit": 600.0}),
        (LATER, {"Retry-After": "1"}, {"detail": "still looking", "time": 700.0, "limit": 300.0}),
        ("200 OK", {}, {**CLOCK, "waited": 50.0}),
    ]
    app = Scripted(replies)

    reached = patient(serve(app), Waiting()).rig("a").run_until("Temp3 >= 65", limit=1000)

    assert [body["limit"] for body in app.bodies] == [1000, 600.0, 300.0]
    assert reached.waited == 750.0


def test_patience_ends_and_the_last_refusal_is_raised(serve: Serve) -> None:
    app, waiting = Scripted([(LATER, {"Retry-After": "25"}, {"detail": f"still computing {number}"}) for number in range(9)]), Waiting()

    with pytest.raises(Refused, match="503: still computing 2"):
        patient(serve(app), waiting).rig("a").clock.advance(60)

    assert len(app.bodies) == 3
    assert waiting.seconds == 50


@pytest.mark.parametrize(("status", "headers"), [(LATER, {}), (LATER, {"Retry-After": "soon"}), ("409 Conflict", {"Retry-After": "1"})])
def test_what_asking_again_would_not_help_is_raised_at_once(status: str, headers: dict[str, str], serve: Serve) -> None:
    app, waiting = Scripted([(status, headers, {"detail": "too many rigs"})]), Waiting()

    with pytest.raises(Refused, match="too many rigs"):
        patient(serve(app), waiting).rig("a").clock.freeze()

    assert (len(app.bodies), waiting.seconds) == (1, 0)


def test_the_wire_is_never_asked_again(serve: Serve) -> None:
    app = Scripted([(LATER, {"Retry-After": "1"}, {})])

    assert Server(serve(app)).rig("a").get("/startA.py").status == 503
    assert len(app.bodies) == 1


def test_a_refusal_has_all_that_the_server_said(server: Server) -> None:
    with pytest.raises(Refused) as raised:
        server.rig("a").ask("PUT", "clock", body={"rat": 60})

    error = raised.value
    assert isinstance(error, ClientError)
    assert (error.method, error.url, error.status) == ("PUT", f"{server.url}/rigs/a/__admin/clock", 400)
    assert error.detail == "rat: unknown field 'rat'; known: rate, time (did you mean 'rate'?)"
    assert error.members["errors"][0]["field"] == "rat"
    assert str(error) == f"PUT {error.url}: 400: {error.detail}"
    assert server.rigs == {}


@pytest.mark.parametrize(
    ("status", "body", "detail"),
    [
        ("502 Bad Gateway", b"<html>502</html>", "Bad Gateway"),
        ("500 Internal Server Error", b"[]", "Internal Server Error"),
        ("599 Odd", b"", "no reason is given"),
        ("302 Found", {"title": "Elsewhere"}, "Elsewhere"),
    ],
)
def test_a_refusal_that_is_no_problem_document_has_its_status(status: str, body: Any, detail: str, serve: Serve) -> None:
    with pytest.raises(Refused) as raised:
        _ = Server(serve(Scripted([(status, {}, body)]))).health

    assert (raised.value.detail, raised.value.members) == (detail, {})


def test_what_is_no_mockbrew_is_told_so(serve: Serve) -> None:
    url = serve(Scripted([("200 OK", {}, b"<html>")]))

    with pytest.raises(Unreachable) as raised:
        _ = Server(url).health

    assert str(raised.value) == (
        f"{url}/__admin/health: what answers there is no mockbrew: its reply is no JSON: Expecting value: line 1 column 1 (char 0); "
        "start `mockbrew serve`, or name a server that runs"
    )


@pytest.mark.parametrize("said", [["alive"], "alive", None, 7])
def test_what_answers_with_other_data_is_no_mockbrew_either(said: Any, serve: Serve) -> None:
    url = serve(Scripted([("200 OK", {}, said)]))

    with pytest.raises(Unreachable) as raised:
        _ = Server(url).rigs

    start = "start `mockbrew serve`, or name a server that runs"
    assert str(raised.value) == f"{url}/__admin/rigs: what answers there is no mockbrew: its reply is no object; {start}"


def test_a_server_that_is_not_there_is_told_with_what_to_do(closed_port: int) -> None:
    with pytest.raises(Unreachable) as raised:
        _ = Server(f"http://127.0.0.1:{closed_port}").health

    assert str(raised.value) == (
        f"http://127.0.0.1:{closed_port}/__admin/health: nobody answers there: [Errno 111] Connection refused; "
        "start `mockbrew serve`, or name a server that runs"
    )


def test_a_connection_that_is_closed_without_a_reply_is_told(server: Server) -> None:
    rig = server.rig("a")
    rig.fault("closed")

    with pytest.raises(Unreachable, match=r"/rigs/a/getA\.py: no whole reply to GET: Remote end closed connection without response"):
        rig.get("/getA.py")


def test_errors_can_be_pickled_as_other_processes_report_them() -> None:
    refused, unreachable = Refused("GET", "http://b/x", 409, "no", {"time": 1.0}), Unreachable("http://b/x", "nobody answers there")

    again = pickle.loads(pickle.dumps(refused))

    assert (str(again), again.status, again.members) == (str(refused), 409, {"time": 1.0})
    assert str(pickle.loads(pickle.dumps(unreachable))) == str(unreachable)


def test_the_token_opens_a_closed_control_plane_and_is_never_shown(bench: Bench, serve: Serve) -> None:
    url = serve(App(bench.read_spec, bench.store, bench.kinds, Access("malt-and-hops")))

    opened = Server(url, "malt-and-hops")

    assert opened.rigs == {}
    assert "malt" not in f"{opened!r}{opened.transport!r}{opened.rig('a')!r}"
    with pytest.raises(Refused, match="401: a token is needed"):
        _ = Server(url).rigs
    with pytest.raises(Refused, match="401: what Authorization says is not the token") as raised:
        _ = Server(url, "mead").rigs
    assert "mead" not in str(raised.value)


def test_no_proxy_of_the_environment_is_asked(server: Server, closed_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port}")

    assert server.health == {"status": "alive"}


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("127.0.0.1:8890", "'127.0.0.1:8890': no URL of a server; write it like http://127.0.0.1:8890"),
        ("ftp://bench", "'ftp://bench': no URL of a server; write it like http://127.0.0.1:8890"),
        ("http://bench?rig=a", "'http://bench?rig=a': no URL of a server; write it like http://127.0.0.1:8890"),
        ("http://bench:99999", "'http://bench:99999': no URL of a server; write it like http://127.0.0.1:8890"),
        ("http://bench:brew", "'http://bench:brew': no URL of a server; write it like http://127.0.0.1:8890"),
        ("http://[::1", "'http://[::1': no URL of a server; write it like http://127.0.0.1:8890"),
        ("http://my bench", "'http://my bench': no URL of a server; write it like http://127.0.0.1:8890"),
        ("http://bench\n", r"'http://bench\n': no URL of a server; write it like http://127.0.0.1:8890"),
        ("http://bench/x/rigs/a/", "'http://bench/x/rigs/a': this is a rig; name its server, 'http://bench/x', instead"),
        ("http:///rigs", "'http:///rigs': no URL of a server; write it like http://127.0.0.1:8890"),
        (
            "http://me:secret@bench",
            "'http://***@bench': a user in a URL is not sent; give the control plane's token as `token`",
        ),
    ],
)
def test_what_is_no_url_of_a_server_is_refused_before_anything_is_asked(url: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Server(url)


def test_a_server_may_stand_under_a_path(bench: Bench, serve: Serve) -> None:
    def mounted(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        assert environ["PATH_INFO"].startswith("/mock/")
        return bench.app({**environ, "PATH_INFO": environ["PATH_INFO"].removeprefix("/mock")}, start_response)

    rig = Server(f"{serve(mounted)}/mock/").rig("a")

    assert rig.clock.freeze().time == 0
    assert rig.get("/getA.py").status == 200


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port on which nobody listens, and nobody else can while the test runs."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]
