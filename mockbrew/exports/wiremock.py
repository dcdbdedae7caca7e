"""WireMock: the contract as stub mappings, for its folder `mappings` or its `/__admin/mappings/import`.

Each exchange is a mapping of one request; whatever is asked for else is answered as an endpoint that there is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from mockbrew.exports.exchange import LEFT, Exchange
from mockbrew.exports.exchanges import elsewhere, exchanges
from mockbrew.spec import Spec

LAST = 10  # WireMock's priorities: 1 is asked first, 5 by default


def wiremock(spec: Spec) -> dict[str, Any]:
    """The file of mappings, as data."""
    made = [_mapping(exchange, {"method": exchange.method, "urlPath": exchange.line}) for exchange in exchanges(spec)]
    left = {"mockbrew": {"spec": spec.digest, "left_out": list(LEFT)}}
    rest = _mapping(replace(elsewhere(spec), says="anything else"), {"method": "ANY", "urlPattern": ".*"})
    return {"mappings": [*made, {**rest, "priority": LAST, "metadata": left}]}


def _mapping(exchange: Exchange, request: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": str(uuid5(NAMESPACE_URL, f"wiremock {exchange.says}")),
        "name": exchange.says,
        "request": dict(request),
        "response": {
            "status": exchange.status,
            "headers": {"Content-Type": exchange.content_type, "Cache-Control": "no-store", **exchange.headers},
            "body": exchange.body.decode(),
        },
        "metadata": {"mockbrew": {"state": exchange.state}},
    }
