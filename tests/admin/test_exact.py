"""What resources say that they take, held against what they do: what fits is not refused; what does not fit is, and changes nothing."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mockbrew.admin.resources import Resource
from mockbrew.admin.table import RESOURCES
from mockbrew.spec import parse
from tests.admin.fitting import fits, fitting, spoilt
from tests.app.asking import REFERENCE_TEXT, Bench, on_memory

# Reasons for which a request that fits may be refused with 400 all the same. They are about two values, or about a value and the rig, and
# no JSON Schema can say them.
UNSAID = {
    "POST faults": ["is over; it is", "is not after its beginning", "is more than high", "is given twice"],
    "POST journal/verify": ["is still to come", "is after the end"],
    "GET history": ["is still to come", "is after the end", "either so many points, or every boundary"],
    "GET hazards": ["is after the end", "either one run, or all of them"],
}
LIMITS = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
SPEC = parse(REFERENCE_TEXT)


def called(resource: Resource) -> str:
    return f"{resource.method} {resource.path}"


BODIES = [each for each in RESOURCES if each.takes(SPEC).get("properties") != {}]
QUERIES = [each for each in RESOURCES if each.asks(SPEC)["properties"]]


def ready() -> Bench:
    """A rig that something has happened to, with a fault and a snapshot of the names that are most likely."""
    bench = on_memory()
    bench.get("/startA.py")
    bench.wait(60)
    return bench


def state(bench: Bench) -> list[Any]:
    """All that a request may change."""
    return [bench.admin("GET", path).json() for path in ("rig", "clock", "faults", "journal", "snapshots", "state")]


def unsaid(resource: Resource, answer: Any) -> list[str]:
    """What it is refused for that is not among the reasons."""
    reasons = UNSAID.get(called(resource), [])
    errors = answer.get("errors") or [{"message": answer["detail"]}]
    return [each["message"] for each in errors if not any(re.search(reason, each["message"]) for reason in reasons)]


@pytest.mark.parametrize("resource", BODIES, ids=called)
def test_a_body_that_fits_is_refused_only_for_what_no_schema_can_say(resource: Resource) -> None:
    @LIMITS
    @given(fitting(resource.takes(SPEC)))
    def judged(body: Any) -> None:
        answer = ready().admin(resource.method, resource.path, body)

        assert answer.status != 500
        assert answer.status != 400 or not unsaid(resource, answer.json()), answer.json()

    judged()


@pytest.mark.parametrize("resource", BODIES, ids=called)
def test_a_body_that_does_not_fit_is_refused_and_changes_nothing(resource: Resource) -> None:
    @LIMITS
    @given(spoilt(resource.takes(SPEC)))
    def judged(body: Any) -> None:
        bench = ready()
        before = state(bench)

        answer = bench.admin(resource.method, resource.path, body)

        assert answer.status == 400, answer
        assert state(bench) == before

    judged()


@pytest.mark.parametrize("resource", QUERIES, ids=called)
def test_a_query_that_fits_is_refused_only_for_what_no_schema_can_say(resource: Resource) -> None:
    @LIMITS
    @given(fitting(resource.asks(SPEC)))
    def judged(query: Any) -> None:
        answer = ready().admin(resource.method, f"{resource.path}?{urlencode(query, doseq=True)}")

        assert answer.status != 500
        assert answer.status != 400 or not unsaid(resource, answer.json()), answer.json()

    judged()


@pytest.mark.parametrize("resource", BODIES, ids=called)
def test_what_fits_a_spec_fits_every_spec(resource: Resource) -> None:
    """The schema that requests are checked against first is the looser one."""

    @LIMITS
    @given(fitting(resource.takes(SPEC)))
    def judged(body: Any) -> None:
        assert fits(resource.body, body)

    judged()


@example("a\n")
@given(st.text(alphabet="ab-_.\n\r\u2028 é", max_size=4))
def test_a_pattern_means_the_same_to_whoever_reads_it(name: str) -> None:
    """A line break at the end is where readers differ."""
    (resource,) = (each for each in RESOURCES if called(each) == "POST snapshots")

    answer = on_memory().admin("POST", "snapshots", json.loads(json.dumps({"name": name})))

    assert fits(resource.takes(SPEC), {"name": name}) == (answer.status == 201)
