"""A server: its rigs, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from mockbrew.client.answers import Document
from mockbrew.client.rig import Rig
from mockbrew.client.transport import ADMIN, PATIENCE, TIMEOUT, Transport

__tracebackhide__ = True  # pytest shows where a test asked, and none of the lines here

DEFAULT = "default"  # the rig of URLs that name none


class Server:
    """A mockbrew that runs. Every method and property raises Refused, Unreachable."""

    def __init__(self, url: str, token: str | None = None, *, timeout: float = TIMEOUT, patience: float = PATIENCE) -> None:
        """url: such as `http://127.0.0.1:8890`. token: what the server has in MOCKBREW_ADMIN_TOKEN.

        timeout: s, for connecting and for each read. patience: s for which a request is repeated that a server is still computing.
        Raises ValueError if `url` is none.
        """
        self.transport = Transport(url.rstrip("/"), token, timeout, patience)

    def __repr__(self) -> str:
        return f"Server({self.url!r})"

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        return self.transport.url

    def rig(self, name: str = DEFAULT) -> Rig:
        """The rig of that name, whether it is there already or not. Asks nothing."""
        return Rig(self.transport, name)

    @property
    def rigs(self) -> Mapping[str, Document]:
        """All rigs by name, each with its run, seed, clock, events and idle time (s)."""
        return {each["rig"]: each for each in self.ask("GET", "rigs")["rigs"]}

    @property
    def health(self) -> Document:
        """That it lives. Needs no token."""
        return self._told("health")

    @property
    def ready(self) -> Document:
        """That its store can be read, which spec it serves (by digest), how its machine computes. Needs no token."""
        return self._told("ready")

    @property
    def spec(self) -> Document:
        """The spec that it serves: title, digest, and the document itself."""
        return self._told("spec")

    @property
    def routes(self) -> tuple[Document, ...]:
        """The endpoints of the spec."""
        return tuple(self._told("routes")["routes"])

    @property
    def openapi(self) -> Document:
        """All of that as OpenAPI 3.1, and the control plane."""
        return self._told("openapi.json")

    @property
    def resources(self) -> Document:
        """All that its control plane can do, by path and method."""
        resources: Document = self._told("")["resources"]
        return resources

    def delete(self, rig: str) -> None:
        """Delete a rig with all that is kept of it. Refused with 404 if there is none."""
        self.ask("DELETE", f"rigs/{quote(rig, safe='')}")

    def ask(self, method: str, path: str, *, query: Document | None = None, body: Document | None = None) -> Any:
        """Whatever else its control plane can do. path: behind `/__admin/`."""
        return self.transport.call(method, f"{ADMIN}{path}", query=query, body=body)

    def _told(self, path: str) -> Document:
        told: Document = self.ask("GET", path)
        return told
