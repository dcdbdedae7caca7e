"""An app over a store whose time the test sets, and a short way to ask it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from mockbrew.addressing import of_control_plane
from mockbrew.admin.access import LOCAL
from mockbrew.app import App
from mockbrew.clock import nanoseconds
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Kinds
from mockbrew.settings import REFERENCE
from mockbrew.spec import Spec, parse
from mockbrew.stores import open_store
from mockbrew.stores.base import Store
from tests.app import replies
from tests.app.replies import Answer
from tests.stores.rows import Machine

REFERENCE_TEXT = REFERENCE.read_text("utf-8")


@dataclass(slots=True)
class Bench:
    """An app, its store, and the machine that both live on."""

    store: Store
    text: str = REFERENCE_TEXT
    kinds: Kinds = field(default_factory=lambda: BUILT_IN)
    machine: Machine = field(default_factory=Machine)
    app: App = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new process on the same store."""
        self.app = App(self.read_spec, self.store, self.kinds, LOCAL)

    def read_spec(self) -> Spec:
        return parse(self.text, "spec.toml", self.kinds)

    def wait(self, seconds: float) -> None:
        """Let time go by."""
        self.machine.since_boot += nanoseconds(seconds)
        self.machine.since_1970 += nanoseconds(seconds)

    def ask(self, path: str, method: str = "GET", **environ: Any) -> Answer:
        """One request, as a WSGI server would hand it over. What the control plane answers is held against what it says that it does."""
        answer = ask(self.app, path, method, **environ)
        if of_control_plane({"PATH_INFO": path}):
            replies.check(self.app.spec, method, path, answer)
        return answer

    def admin(self, method: str, path: str, body: Any = None, rig: str = "default", **environ: Any) -> Answer:
        """One request to the control plane of a rig. path: behind `/__admin/`, and a query. body: data, sent as JSON; bytes as they are."""
        path, _, query = path.partition("?")
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        said = {"QUERY_STRING": query, "CONTENT_LENGTH": str(len(sent)), "CONTENT_TYPE": "application/json", "wsgi.input": BytesIO(sent)}
        return self.ask(f"/rigs/{rig}/__admin/{path}", method, **{**said, **environ})

    def get(self, path: str) -> str:
        """The body of a reply that must be a good one."""
        answer = self.ask(path)

        assert answer.status == 200, answer
        return answer.body.decode()


def on_memory(text: str = REFERENCE_TEXT, kinds: Kinds = BUILT_IN) -> Bench:
    machine = Machine()
    return Bench(open_store("memory://", machine=machine), text, kinds, machine)


def on_file(folder: Path, text: str = REFERENCE_TEXT, kinds: Kinds = BUILT_IN) -> Bench:
    machine = Machine()
    return Bench(open_store(f"sqlite:///{folder / 'state.db'}", machine=machine), text, kinds, machine)


def ask(app: Callable[..., Any], path: str, method: str = "GET", **environ: Any) -> Answer:
    """One request to any WSGI callable."""
    said: list[tuple[str, list[tuple[str, str]]]] = []
    asked = {"REQUEST_METHOD": method, "PATH_INFO": path, "REMOTE_ADDR": "127.0.0.1", "wsgi.multiprocess": False, **environ}
    body = b"".join(app(asked, lambda status, headers: said.append((status, headers))))
    ((status, headers),) = said
    return Answer(int(status.split()[0]), dict(headers), body)
