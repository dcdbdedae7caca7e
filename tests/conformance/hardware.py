"""Real hardware as far as `verify` can tell: a rig behind a server without a control plane, whose time passes when one sleeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from mockbrew.conformance.opening import Times
from mockbrew.conformance.options import Options
from mockbrew.conformance.results import FAILED, SKIPPED, Exchange, Report
from mockbrew.conformance.run import verify
from tests.app.asking import Bench, ask, on_memory
from tests.conformance.spoiled import SMALL

SEEN = {  # what an owner may write who looks at the vessels himself
    'B1   = { safe = "HotTank.volume >= 10 and Temp1 < 70" }': 'B1   = { safe = "Temp1 < 70" }',
    'R1   = { safe = "Mashtun.volume >= 10 and Temp3 < 70" }': 'R1   = { safe = "Temp3 < 70" }',
    'PID1 = { safe = "HotTank.volume >= 10 and Temp1 < 70" }': 'PID1 = { safe = "Temp1 < 70" }',
    'PID3 = { safe = "Mashtun.volume >= 10 and Temp3 < 70" }': 'PID3 = { safe = "Temp3 < 70" }',
}


def with_eyes(text: str = SMALL) -> str:
    """The small rig, whose owner has declared conditions on what real hardware shows."""
    for told, seen in SEEN.items():
        text = text.replace(told, seen)
    return text


class Dead(ConnectionError):
    """The server does not answer."""


@dataclass
class Hardware:
    """log: all that was asked, but for what any control plane would be. before: called with each method and path; it may raise `Dead`."""

    bench: Bench
    url: str = ""
    plane: bool = False
    log: list[tuple[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    before: Callable[[str, str], None] = lambda method, path: None
    slept: float = 0.0

    def __call__(self, environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if "/__admin" in path and not self.plane:
            path, method, environ = "/nothing", "GET", {}
        elif "/__admin" not in path:
            self.log.append((method, path))
            self.before(method, path)
        if "/__admin" in path:
            return self.bench.app(environ, start_response)
        answer = ask(self.bench.app, path, method)
        start_response(f"{answer.status} -", list(answer.headers.items()))
        return (answer.body,)

    def sleep(self, seconds: float) -> None:
        """Time passes, for the rig too."""
        self.slept += seconds
        self.bench.wait(seconds)

    def verify(self, *, seen: Callable[[Exchange], None] = lambda exchange: None, **options: Any) -> Report:
        """Held against its own spec."""
        times = Times(self.sleep, lambda: self.slept)
        return verify(self.url, self.bench.read_spec(), Options(**options), say=self.said.append, seen=seen, times=times)

    def shown(self, *names: str) -> dict[str, dict[str, Any]]:
        """What it really is, by name of the device."""
        only = "&".join(f"only={name}" for name in names)
        told: dict[str, dict[str, Any]] = self.bench.admin("GET", f"state?{only}").json()["devices"]
        return told

    def fault(self, **document: Any) -> None:
        """Let it fail."""
        answer = self.bench.admin("POST", "faults", document)

        assert answer.status == 201, answer

    def slept_since_lost(self) -> float:
        """s for which a server that was gone was tried again."""
        return sum(float(sentence.rpartition(" in ")[2].removesuffix(" s")) for sentence in self.said if "trying again" in sentence)

    @property
    def asked(self) -> set[str]:
        """The paths of all that was asked."""
        return {path for _, path in self.log}


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
        """Nothing."""


@contextmanager
def hardware(text: str = SMALL, *, plane: bool = False, **more: Any) -> Iterator[Hardware]:
    """A rig of this spec at a port of its own. plane: it is a mock, and its control plane is open."""
    made = Hardware(on_memory(text, **more), plane=plane)
    server = make_server("127.0.0.1", 0, made, threaded=True, request_handler=_Silent)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def failed(report: Report) -> set[tuple[str, str | None, str | None]]:
    return {(check.name, check.device, check.endpoint) for check in report.of(FAILED)}


def skipped(report: Report) -> dict[tuple[str, str | None, str | None], str]:
    """Why, by what."""
    return {(check.name, check.device, check.endpoint): check.reason for check in report.of(SKIPPED)}
