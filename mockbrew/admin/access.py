"""Who may use the control plane: bearers of the token; without one, direct callers of a server that mockbrew itself keeps on this machine.

Behind a proxy every caller looks as if it came from this machine. So a server that mockbrew did not start itself opens nothing without a
token, and one that it did opens nothing to a request that has come through a proxy.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from mockbrew.errors import ConfigurationError, ControlPlaneClosed, CrossSite, TokenNeeded
from mockbrew.settings import TOKEN

FIT = re.compile(r"[A-Za-z0-9._~+/-]+=*", re.ASCII)  # RFC 6750, section 2.1
PASSED_ON = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_", "HTTP_X_REAL_IP", "HTTP_VIA")  # what proxies say, or how it begins
READS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Access:
    """token: what a caller must bear; None for none. local: mockbrew itself serves, on an address that only this machine reaches."""

    token: str | None = field(default=None, repr=False)
    local: bool = False

    def __post_init__(self) -> None:
        """Raises ConfigurationError."""
        if self.token is not None and not FIT.fullmatch(self.token):
            raise ConfigurationError(
                f"{TOKEN}: it has characters that no bearer token can have (its value is not shown); take letters, digits and -._~+/"
            )

    @property
    def closed(self) -> bool:
        """Whether nobody may."""
        return self.token is None and not self.local

    def check(self, method: str, environ: Mapping[str, Any]) -> None:
        """Raises TokenNeeded, ControlPlaneClosed, CrossSite."""
        if self.token is not None:
            _bears(self.token, environ)
        else:
            self._is_direct(environ)
        if method not in READS:
            _is_of_this_site(environ)

    def check_page(self, environ: Mapping[str, Any]) -> None:
        """Of what tells nothing of any rig. A browser that opens a page bears no token, so where there is one anybody may see it.

        Raises ControlPlaneClosed, CrossSite.
        """
        if self.token is None:
            self._is_direct(environ)

    def _is_direct(self, environ: Mapping[str, Any]) -> None:
        if not self.local:
            raise ControlPlaneClosed("this server was not started by `mockbrew serve` on an address of this machine alone", TOKEN)
        if not _loopback(environ.get("REMOTE_ADDR") or ""):
            raise ControlPlaneClosed("this request does not come from this machine", TOKEN)
        if any(name.startswith(PASSED_ON) for name in environ):
            raise ControlPlaneClosed("this request has come through a proxy", TOKEN)
        _asks_this_machine(environ.get("HTTP_HOST", ""))


CLOSED = Access()
LOCAL = Access(local=True)


def _bears(token: str, environ: Mapping[str, Any]) -> None:
    """Compared in constant time, so that nobody finds the token letter by letter."""
    scheme, _, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode("latin-1", "replace"), token.encode()):
        raise TokenNeeded(TOKEN, given=bool(scheme))


def _asks_this_machine(host: str) -> None:
    """A web page may have given its own name this machine's address, to read and change what is here."""
    if host and not _names_this_machine(_name(f"//{host}")):
        raise CrossSite(f"Host {host[:100]!r} is not this machine; ask localhost, or set {TOKEN}; nothing was changed")


def _is_of_this_site(environ: Mapping[str, Any]) -> None:
    """A web page may be open in the same browser."""
    host = _name(f"//{environ.get('HTTP_HOST', '')}")
    if environ.get("HTTP_SEC_FETCH_SITE") == "cross-site":
        raise CrossSite("a page of another site may change nothing here; nothing was changed")
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and (host is None or _name(origin) != host):
        raise CrossSite(f"a page of {origin[:100]!r} may change nothing here; nothing was changed")


def _name(url: str) -> str | None:
    """The host of a URL, without its port; None if there is none, or if it is no URL."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _names_this_machine(host: str | None) -> bool:
    return host is not None and (host == "localhost" or host.endswith(".localhost") or _loopback(host))


def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
