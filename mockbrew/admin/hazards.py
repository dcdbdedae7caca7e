"""`hazards`: the rules of the spec that were broken, found in the event log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from mockbrew.admin.examples import Example, worst
from mockbrew.admin.resources import TIME, Answer, Call, Desk, Narrowed, Resource, fields, refuse
from mockbrew.admin.shapes import NOW, RIG, RUN, array, either, exact, known, span, text, whole
from mockbrew.checks.findings import Finding, unknown
from mockbrew.clock import seconds
from mockbrew.drafts import Draft
from mockbrew.errors import StillEvolving
from mockbrew.judgement import forget
from mockbrew.rigs import UNDER_LOCK, Rigs
from mockbrew.schema import SEVERITIES
from mockbrew.spec import Rule, Spec

QUERY = fields(
    {
        "severity": {"type": "string", "enum": list(SEVERITIES)},
        "rule": {"type": "array", "items": {"type": "string"}, "description": "such as dry-fire-kettle; may be given several times"},
        "from": {**TIME, "description": "those that were not over by then [s]"},
        "until": {**TIME, "description": "those that had begun by then [s]"},
        "run": {"type": "integer", "minimum": 0, "description": "of the rig; the present one by default"},
        "runs": {"type": "string", "enum": ["all"], "description": "those of every run, oldest first, instead of one run's"},
    }
)

CAUSE = known(
    {
        "event": whole("its number in the rig's log"),
        "device": text("what was commanded; empty for the rig"),
        "verb": text("the command"),
        "arguments": {"type": "object", "description": "of the command"},
        "time": NOW,
    }
)
BLOCK = known(
    {
        "controller": text("what could not give its orders"),
        "output": text("to which device"),
        "verb": text("the order"),
        "times": whole("how often", minimum=1),
    }
)
HAZARD = known(
    {
        "rule": text("its name in the spec"),
        "title": text("what it is, for people"),
        "severity": text("how bad it is", enum=list(SEVERITIES)),
        "when": text("what must not be so"),
        "run": {**RUN, "description": "the run in which it was so"},
        "begins": span("virtual time at which it began"),
        "ends": either(span("virtual time at which it was over; null while it lasts")),
        "after": {**either(CAUSE), "description": "the last command before it began, to a device that the rule speaks of"},
        "blocked": {**BLOCK, "description": "of a rule that refuses: the orders of a controller that would have broken it"},
    },
    "blocked",
)
HAZARDS = known(
    {
        "rig": RIG,
        "run": RUN,
        "time": {**NOW, "description": "virtual time up to which all is judged [s]"},
        "found": whole("how many are array"),
        "earlier": whole("how many there are besides, of earlier runs"),
        "dropped": whole("how many were forgotten because there were too many"),
        "hazards": array(HAZARD, "oldest first"),
    }
)
FORGOTTEN = known({"rig": RIG, "hazards": array({}, "none", maxItems=0)})


def told(desk: Desk, call: Call) -> Answer:
    """Judged up to now."""
    rigs, wanted = desk.rigs, call.query
    refuse(_mistakes(wanted, rigs.spec.hazards))
    verdict = rigs.judged(call.rig, rigs.patience())
    run = wanted.get("run", verdict.row.run)
    fit = [each for each in verdict.hazards if _fits(each, wanted)]
    hazards, earlier = [each for each in fit if "runs" in wanted or each["run"] == run], [each for each in fit if each["run"] < run]
    said = {"rig": call.rig, "run": verdict.row.run, "time": seconds(verdict.at), "found": len(hazards), "earlier": len(earlier)}
    return Answer({**said, "dropped": verdict.count - len(verdict.hazards), "hazards": hazards})


def forgotten(desk: Desk, call: Call) -> Answer:
    """Of all runs. What lasts is told again."""
    rigs, patience = desk.rigs, desk.rigs.patience()
    rigs.judged(call.rig, patience)
    while not rigs.change(call.rig, (), partial(_forget, rigs)):  # somebody commanded it meanwhile
        if patience.spent:
            raise StillEvolving(0.0)
        rigs.judged(call.rig, patience)
    return Answer({"rig": call.rig, "hazards": []})


def _forget(rigs: Rigs, draft: Draft) -> bool:
    return forget(draft.transaction, rigs.plant, draft.row, draft.at, rigs.anchors.budget(UNDER_LOCK))


def _mistakes(wanted: Mapping[str, Any], rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """A rule that there was before the spec was changed may have been broken all the same; but whoever asks for it would wait for ever."""
    for name in wanted.get("rule", ()):
        if name not in rules:
            yield Finding(("rule",), unknown("rule", name, rules))
    if wanted.get("from", 0) > wanted.get("until", float("inf")):
        yield Finding(("from",), f"{wanted['from']} s is after the end, {wanted['until']} s")
    if "run" in wanted and "runs" in wanted:
        yield Finding(("run",), "either one run, or all of them; leave one of them out")


def _fits(each: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    ends = float("inf") if each["ends"] is None else each["ends"]
    return (
        wanted.get("severity", each["severity"]) == each["severity"]
        and each["rule"] in wanted.get("rule", (each["rule"],))
        and wanted.get("from", 0) <= ends
        and each["begins"] <= wanted.get("until", float("inf"))
    )


def _narrowed(spec: Spec) -> Any:
    """No rule but those of the spec."""
    rules = {**QUERY["properties"]["rule"], "items": {"type": "string", "enum": list(spec.hazards)}, "minItems": 1}
    named = {"rule": rules} if spec.hazards else {}
    return exact({**QUERY, "properties": {**{name: each for name, each in QUERY["properties"].items() if name != "rule"}, **named}})


def _shows(spec: Spec) -> Iterator[Example]:
    yield Example("everything on and nothing in it", before=worst(spec))
    yield Example("all is well", query={"severity": "danger"})


RESOURCES = (
    Resource(
        "GET",
        "hazards",
        "tell which rules were broken, from when to when, after which request",
        told,
        query=QUERY,
        narrowed=Narrowed(query=_narrowed),
        reply=HAZARDS,
        examples=_shows,
    ),
    Resource("DELETE", "hazards", "forget the hazards of all runs that are over", forgotten, reply=FORGOTTEN),
)
