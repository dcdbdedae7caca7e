"""A verification as data for JSON: all that it found, with the requests and replies that what failed rests on."""

from __future__ import annotations

import base64
from collections import Counter
from dataclasses import asdict
from typing import Any

from mockbrew.conformance.results import CHECKS, FAILED, PASSED, SKIPPED, Check, Exchange, Report


def document(report: Report) -> dict[str, Any]:
    """All of it; exchanges only of checks that failed, since others tell nothing that is not in the spec."""
    counts = Counter(check.outcome for check in report.checks)
    return {
        "server": report.server,
        "spec": report.spec,
        "digest": report.digest,
        "passed": report.passed,
        "stopped": report.stopped,
        "unrestored": list(report.unrestored),
        "notes": list(report.notes),
        "pace": report.pace,
        "commanded": report.commanded,
        "seconds": report.seconds,
        "counts": {outcome: counts[outcome] for outcome in (PASSED, FAILED, SKIPPED)},
        "checks": [_check(check) for check in report.checks],
    }


def _check(check: Check) -> dict[str, Any]:
    failed = check.outcome == FAILED
    return {
        "check": check.name,
        "holds": CHECKS.get(check.name, ""),
        "device": check.device,
        "endpoint": check.endpoint,
        "url": check.url,
        "outcome": check.outcome,
        "reason": check.reason,
        "differences": [asdict(difference) for difference in check.differences],
        **({"exchanges": [exchanged(each) for each in check.exchanges]} if failed else {}),
    }


def exchanged(exchange: Exchange) -> dict[str, Any]:
    """One request and its reply. body: a text; of bytes that are none, base64 in `body_base64`."""
    return {
        "method": exchange.method,
        "url": exchange.url,
        "status": exchange.status,
        "headers": dict(exchange.headers),
        **_body(exchange.body),
        "seconds": exchange.seconds,
        "failure": exchange.failure,
    }


def _body(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode("ascii")}
