"""Hazards: the rules of the spec, watched with what can be known; and those that a mock finds itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockbrew.clock import seconds
from mockbrew.conditions.names import Variable
from mockbrew.conformance.known.knowledge import Knowledge
from mockbrew.conformance.known.prediction import Prediction
from mockbrew.devices.declare import Value
from mockbrew.spec import Rule, Spec


class HazardWatch:
    """What was broken at the beginning is nobody's fault here; what is new is."""

    def __init__(self, spec: Spec, known: Mapping[str, Prediction], knowledge: Knowledge) -> None:
        self._rules, self._known, self._knowledge = tuple(spec.hazards.values()), known, knowledge
        self._since: dict[str, float] = {}
        self._before: set[str] = set()
        self._told: set[tuple[Any, ...]] = set()

    def begin(self, told: list[Mapping[str, Any]]) -> None:
        """What there is at the beginning. Rules that are broken then are not watched: a command that mends one may break it again."""
        self._before = {rule.name for rule in self._rules if self._broken(rule)} | {each["rule"] for each in told if each["ends"] is None}
        self._told = {_key(each) for each in told}

    def found(self, now: float, told: list[Mapping[str, Any]]) -> str:
        """A hazard that was not there at the beginning; nothing if there is none. now: s. told: what the control plane found."""
        titles = {rule.name: rule.title or rule.when.text for rule in self._rules}
        happened = [each for each in told if "blocked" not in each]  # an order that a rule kept from being given did no harm
        new = [each["rule"] for each in happened if _key(each) not in self._told and each["rule"] not in self._before]
        new += [rule.name for rule in self._rules if self._lasts(rule, now)]
        return f"hazard {new[0]!r}: {titles.get(new[0], 'a rule of the server')}" if new else ""

    def _lasts(self, rule: Rule, now: float) -> bool:
        """Whether it is broken, and has been for long enough."""
        if rule.name in self._before or not self._broken(rule):
            self._since.pop(rule.name, None)
            return False
        return now - self._since.setdefault(rule.name, now) >= seconds(rule.hold_off)

    def _broken(self, rule: Rule) -> bool:
        return self._knowledge.decide(rule.when, self._inferred) is True

    def _inferred(self, variable: Variable) -> Value:
        """What it must be, if the device does as it shows."""
        known = self._known.get(variable.device)
        return known.inferred(self._knowledge.of(variable.device)).get(variable.reading) if known is not None else None


def _key(hazard: Mapping[str, Any]) -> tuple[Any, ...]:
    return hazard.get("run"), hazard.get("rule"), hazard.get("begins")
