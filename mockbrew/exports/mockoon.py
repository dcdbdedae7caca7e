"""Mockoon: the contract as an environment, for its application or `mockoon-cli start --data`.

Each exchange is a route of one path; whatever is asked for else is answered as an endpoint that there is not. What the file leaves out
stands in a data bucket of it: an environment has no other place for words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
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
    return {
        "uuid": _id(spec.digest),
        "lastMigration": MIGRATION,
        "name": spec.title or "rig",
        "port": PORT,
        "hostname": "",
        "endpointPrefix": "",
        "latency": 0,
        "folders": [],
        "routes": routes,
        "rootChildren": [{"type": "route", "uuid": route["uuid"]} for route in routes],
        **_PLAIN,
        "data": [
            {"uuid": _id("left out"), "id": "left", "name": "What this file leaves out", "documentation": "", "value": json.dumps(LEFT)}
        ],
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


def _route(exchange: Exchange, method: str, path: str) -> dict[str, Any]:
    headers = {"Content-Type": exchange.content_type, "Cache-Control": "no-store", **exchange.headers}
    response = {
        "uuid": _id(f"response {exchange.says}"),
        "label": exchange.state,
        "statusCode": exchange.status,
        "headers": [{"key": key, "value": value} for key, value in headers.items()],
        "bodyType": "INLINE",
        "body": exchange.body.decode(),
        "disableTemplating": True,
        "default": True,
        **_UNCONDITIONAL,
    }
    return {
        "uuid": _id(exchange.says),
        "type": "http",
        "documentation": exchange.says,
        "method": method,
        "endpoint": path,
        "responses": [response],
        "responseMode": None,
        "streamingMode": None,
        "streamingInterval": 0,
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


def _path(line: str) -> str:
    """As Express has it: without the first slash, and nothing in it special."""
    return SPECIAL.sub(lambda found: f"\\{found[0]}", line[1:])


def _id(words: str) -> str:
    """The same for the same spec, so that a file can be compared with an older one."""
    return str(uuid5(NAMESPACE_URL, f"mockoon {words}"))
