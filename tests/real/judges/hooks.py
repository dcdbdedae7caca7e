"""What schemathesis has to be told: how to make a text of the document's own formats, which refusals no schema can say, how far to jump.

What fits its schema must not be refused with 400; but that a stretch of time ends after it begins can only be said in words. For a 400 this
module has a check of its own, which knows such reasons one by one.

A jump over weeks with controllers at work takes a server half a minute, in which it answers 503 with Retry-After each 4.5 s. That is no
failure, but CI has no time for it, and to take a 503 for well done everywhere would hide those that are failures. So jumps are cut to a
length for which a server asks nobody to wait. What is no number, or too large for the schema, is sent as it is.
"""

from __future__ import annotations

import re
from typing import Any, TypeGuard

import schemathesis
from schemathesis.checks import CheckContext
from schemathesis.core.transport import Response

from mockbrew.admin.resources import PREFIX
from mockbrew.clock import HORIZON, SECOND
from mockbrew.strategies import conditions, conditions_on_journal
from tests.admin.test_exact import UNSAID

HOUR = 3_600  # s
# By path and field, the most that is asked for, and the most that the schema takes.
JUMPS = {
    "/__admin/clock": {"rate": (60, 100_000), "time": (24 * HOUR, HORIZON // SECOND)},
    "/__admin/clock/advance": {"seconds": (HOUR, HORIZON // SECOND)},
    "/__admin/clock/run-until": {"limit": (HOUR, HORIZON // SECOND)},
}

schemathesis.openapi.format("condition", conditions())
schemathesis.openapi.format("journal-condition", conditions_on_journal())


@schemathesis.check
def refused_for_what_no_schema_says(context: CheckContext, response: Response, case: schemathesis.Case[Any]) -> None:
    """A request that fits is refused with 400 for such reasons only."""
    if response.status_code != 400 or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    reasons = UNSAID.get(f"{'GET' if case.method == 'HEAD' else case.method} {case.path.removeprefix(PREFIX)}", [])
    if case.method == "HEAD":
        assert reasons, "refused, though it fits"  # that is all that can be known of it: the reasons stand in the body
        return
    problem = response.json()
    messages = [each["message"] for each in problem.get("errors") or [{"message": problem["detail"]}]]
    unfounded = [message for message in messages if not any(re.search(reason, message) for reason in reasons)]
    assert not unfounded, f"refused, though it fits: {unfounded}"


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case[Any], kwargs: dict[str, Any]) -> None:
    """Cut a jump."""
    for name, (most, allowed) in JUMPS.get(case.path, {}).items():
        if isinstance(case.body, dict) and _is_number(far := case.body.get(name)) and most < far <= allowed:
            case.body[name] = most


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
