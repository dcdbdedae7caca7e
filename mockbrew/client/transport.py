"""The transport: one request to a server, and one to its control plane, asked again while the server says that it is still computing.

Each request has a connection of its own, closed with it. A kept one may turn out closed when a command is sent, and nobody knows then
whether the command was carried out; and there is nothing that a test could leave open. No proxy of the environment is asked.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, responses
from typing import Any
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from mockbrew.client.answers import Document, Reply
from mockbrew.client.errors import Refused, Unreachable

__tracebackhide__ = True  # pytest shows where a test asked, and none of the lines here

ADMIN = "/__admin/"
AS_IS = "/%?&=+,;:@!$'()*~"  # what may stand in a path that somebody writes as it goes over the wire
TIMEOUT = 30.0  # s: a server computes 5 s for one request, and a fault delays a reply by 10 s at most
PATIENCE = 60.0  # s
RIG = re.compile(r"/rigs/[^/]+$")  # at the end of a URL
SCHEMES = {"http": HTTPConnection, "https": HTTPSConnection}

START = "start `mockbrew serve`, or name a server that runs"


@dataclass(frozen=True, slots=True)
class Transport:
    """How one server is reached.

    url: without a slash at its end. timeout: s, for connecting and for each read. patience: s for which one call is asked again.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    timeout: float = TIMEOUT
    patience: float = PATIENCE
    wait: Callable[[float], None] = field(default=time.sleep, repr=False)
    now: Callable[[], float] = field(default=time.monotonic, repr=False)

    def __post_init__(self) -> None:
        """Raises ValueError."""
        parts = _parts(self.url)
        if parts is None or parts.scheme not in SCHEMES or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(f"{_shown(self.url)!r}: no URL of a server; write it like http://127.0.0.1:8890")
        if parts.username is not None:
            raise ValueError(f"{_shown(self.url)!r}: a user in a URL is not sent; give the control plane's token as `token`")
        if found := RIG.search(self.url):
            raise ValueError(f"{self.url!r}: this is a rig; name its server, {self.url[: found.start()]!r}, instead")

    def send(self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        """One request, sent once. path: behind the server's URL, with its query. Raises Unreachable."""
        url, base = f"{self.url}{path}", urlsplit(self.url)
        with closing(SCHEMES[base.scheme](base.hostname or "", base.port, timeout=self.timeout)) as connection:
            try:
                connection.connect()
            except OSError as error:
                raise Unreachable(url, f"nobody answers there: {error}; {START}") from error
            try:
                connection.request(method, quote(f"{base.path}{path}", safe=AS_IS), body, dict(headers or {}))
                return _read(connection.getresponse())
            except (OSError, HTTPException) as error:
                raise Unreachable(url, f"no whole reply to {method}: {str(error) or type(error).__name__}") from error

    def call(self, method: str, path: str, *, query: Document | None = None, body: Document | None = None) -> Any:
        """What the control plane answers, as data. path: with the rig's prefix. Raises Refused, Unreachable.

        A 503 with `Retry-After` is asked again; where it says how much is left to ask for (`limit`), for that.
        """
        reply, left = self._patiently(method, path + _query(query or {}), body)
        try:
            told = reply.json()
        except ValueError as error:
            raise Unreachable(f"{self.url}{path}", f"what answers there is no mockbrew: its reply is no JSON: {error}; {START}") from error
        if not isinstance(told, dict):
            raise Unreachable(f"{self.url}{path}", f"what answers there is no mockbrew: its reply is no object; {START}")
        return _in_all(told, body, left)

    def text(self, path: str, *, query: Document) -> str:
        """What it answers to a GET that is not JSON. Raises Refused, Unreachable."""
        return self._patiently("GET", path + _query(query), None)[0].text

    def _patiently(self, method: str, path: str, body: Document | None) -> tuple[Reply, Document | None]:
        """A good reply, and the body that was sent for it."""
        began = self.now()
        while True:
            reply = self.send(method, path, body=_encoded(body), headers=self._headers(body))
            if reply.status < 300:
                return reply, body
            refusal, pause = _refusal(method, f"{self.url}{path}", reply), _pause(reply)
            if pause is None or self.now() + pause - began > self.patience:
                raise refusal
            self.wait(pause)
            body = _what_is_left(body, refusal.members)

    def _headers(self, body: Document | None) -> dict[str, str]:
        bearer = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        return bearer if body is None else {**bearer, "Content-Type": "application/json"}


def _parts(url: str) -> SplitResult | None:
    """None of what is no URL, or names a port that there can't be."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return None if any(letter <= " " for letter in url) else parts


def _read(response: HTTPResponse) -> Reply:
    return Reply(response.status, response.headers, response.read())


def _encoded(body: Document | None) -> bytes | None:
    return None if body is None else json.dumps(body, allow_nan=False).encode()


def _query(parameters: Document) -> str:
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"?{urlencode(given, doseq=True, quote_via=quote)}" if given else ""


def _refusal(method: str, url: str, reply: Reply) -> Refused:
    """From a problem document; of a server in front that has none, the status must do."""
    try:
        said = reply.json()
    except ValueError:
        said = None
    problem = said if isinstance(said, dict) else {}
    detail = str(problem.get("detail") or problem.get("title") or responses.get(reply.status, "no reason is given"))
    members = {name: value for name, value in problem.items() if name not in ("type", "title", "status", "detail", "instance")}
    return Refused(method, url, reply.status, detail, members)


def _pause(reply: Reply) -> float | None:
    """s after which to ask again; None if that would not help."""
    after = reply.headers.get("Retry-After", "")
    return float(after) if reply.status == 503 and after.isdecimal() else None


def _what_is_left(body: Document | None, members: Document) -> Document | None:
    return {**body, "limit": members["limit"]} if body and "limit" in body and "limit" in members else body


def _in_all(told: Any, asked: Document | None, left: Document | None) -> Any:
    """The last answer tells how long it took since the one before it."""
    if asked is None or left is None or asked is left:
        return told
    return {**told, "waited": told["waited"] + asked["limit"] - left["limit"]}


def _shown(url: str) -> str:
    """Without what may be a password."""
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}***@{rest.rpartition('@')[2]}" if "@" in rest else url
