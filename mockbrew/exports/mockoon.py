"""Mockoon: the contract as an environment, for its application or `mockoon-cli start --data`.

Each exchange is a route of one path; whatever is asked for else is answered as an endpoint that there is not. What the file leaves out
stands in a data bucket of it: an environment has no other place for words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from mockbrew.exports.exchange import LEFT, Exchange
from mockbrew.exports.exchanges import elsewhere, exchanges
from mockbrew.spec import Spec

MIGRATION = 33  # the version of the format, that of Mockoon 9
PORT = 3000  # Mockoon's own
ANYTHING = "*"
SPECIAL = re.compile(r"[():*+?$!]")  # what Express takes for more than itself in a path


def mockoon(spec: Spec) -> dict[str, Any]:
    """The environment, as data."""
    routes = [_route(exchange, exchange.method.lower(), _path(exchange.line)) for exchange in exchanges(spec)]
    routes.append(_route(replace(elsewhere(spec), says="anything else"), "all", ANYTHING))
    left = {"uuid": _id("left out"), "id": "left", "name": "What this file leaves out", "documentation": "", "value": json.dumps(LEFT)}
    return environment(spec.digest, spec.title or "rig", routes, data=[left])


def _route(exchange: Exchange, method: str, path: str) -> dict[str, Any]:
    headers = {"Content-Type": exchange.content_type, "Cache-Control": "no-store", **exchange.headers}
    return route(exchange.says, method, path, response(exchange.says, exchange.status, headers, exchange.body, label=exchange.state))


def _path(line: str) -> str:
    """As Express has it: without the first slash, and nothing in it special."""
    return SPECIAL.sub(lambda found: f"\\{found[0]}", line[1:])


# -- the format ----------------------------------------------------------------------------------------------------


def environment(
    words: str, name: str, routes: Sequence[Mapping[str, Any]], *, port: int = PORT, data: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """words: that no other environment has. data: its buckets."""
    return {
        "uuid": _id(words),
        "lastMigration": MIGRATION,
        "name": name,
        "port": port,
        "hostname": "",
        "endpointPrefix": "",
        "latency": 0,
        "folders": [],
        "routes": list(routes),
        "rootChildren": [{"type": "route", "uuid": each["uuid"]} for each in routes],
        **_PLAIN,
        "data": list(data),
    }


def route(words: str, method: str, path: str, answer: Mapping[str, Any]) -> dict[str, Any]:
    """What is answered at a path, without its first slash. words: that no other route has."""
    return {
        "uuid": _id(words),
        "type": "http",
        "documentation": words,
        "method": method,
        "endpoint": path,
        "responses": [answer],
        "responseMode": None,
        "streamingMode": None,
        "streamingInterval": 0,
    }


def response(words: str, status: int, headers: Mapping[str, str], body: bytes, *, label: str = "") -> dict[str, Any]:
    """words: those of its route."""
    return {
        "uuid": _id(f"response {words}"),
        "label": label,
        "statusCode": status,
        "headers": [{"key": key, "value": value} for key, value in headers.items()],
        "bodyType": "INLINE",
        "body": body.decode(),
        "disableTemplating": True,
        "default": True,
        **_UNCONDITIONAL,
    }


_PLAIN: Mapping[str, Any] = {
    "proxyMode": False,
    "proxyHost": "",
    "proxyRemovePrefix": False,
    "tlsOptions": {"enabled": False, "type": "CERT", "pfxPath": "", "certPath": "", "keyPath": "", "caPath": "", "passphrase": ""},
    "cors": False,
    "headers": [],
    "proxyReqHeaders": [],
    "proxyResHeaders": [],
    "callbacks": [],
}


_UNCONDITIONAL: Mapping[str, Any] = {
    "latency": 0,
    "filePath": "",
    "databucketID": "",
    "sendFileAsBody": False,
    "rules": [],
    "rulesOperator": "OR",
    "fallbackTo404": False,
    "crudKey": "id",
    "callbacks": [],
}


def _id(words: str) -> str:
    """The same for the same spec, so that a file can be compared with an older one."""
    return str(uuid5(NAMESPACE_URL, f"mockoon {words}"))
