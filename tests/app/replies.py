"""Replies; and every reply of the control plane, held against what its resource says that it answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator

from mockbrew.admin.resources import JSON, Resource
from mockbrew.admin.table import RESOURCES
from mockbrew.openapi.problems import PLANE, document
from mockbrew.spec import Spec

REMEMBERED = 500  # schemas: of some specs, of each resource
MARK = "/__admin"
PROBLEM = "application/problem+json"


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Served:
    """A resource, and the spec that is served: two of one digest are one."""

    method: str
    path: str
    digest: str
    resource: Resource = field(compare=False)
    spec: Spec = field(compare=False)


def check(spec: Spec, method: str, path: str, answer: Answer) -> None:
    """Raises AssertionError if a reply is not one that its resource says."""
    resource, content_type = _resource(method, path), answer.headers.get("Content-Type", "")
    if method in ("HEAD", "OPTIONS"):
        return
    if answer.status >= 400:
        assert content_type == PROBLEM
        _fits(_problem(answer.status), answer.json())
        assert resource is None or answer.status in resource.refusals, f"{resource} does not say that it refuses with {answer.status}"
    elif resource is not None:
        assert answer.status == resource.status
        assert content_type in (JSON, *resource.also)
        if content_type == JSON:
            _fits(_reply(Served(method, resource.path, spec.digest, resource, spec)), answer.json())
            _fits(Draft202012Validator(resource.reply), answer.json())


def _resource(method: str, path: str) -> Resource | None:
    rest = path.partition(MARK)[2].removeprefix("/")
    found = [each for each in RESOURCES if each.method == method and each.place(rest) is not None]
    return next((each for each in found if "{" not in each.path), found[0] if found else None)


def _fits(validator: Draft202012Validator, told: Any) -> None:
    found = [f"{error.json_path}: {error.message[:500]}" for error in validator.iter_errors(told)]

    assert not found, found


@lru_cache(maxsize=REMEMBERED)
def _reply(served: Served) -> Draft202012Validator:
    return Draft202012Validator(served.resource.tells(served.spec))


@lru_cache(maxsize=REMEMBERED)
def _problem(status: int) -> Draft202012Validator:
    return Draft202012Validator(document(status, PLANE))
