"""The control plane as OpenAPI: a path for each path of its resources, an operation for each method that it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from mockbrew.admin.resources import ALWAYS, CLOSED, JSON, PLACE, PREFIX, Resource
from mockbrew.openapi.names import Names
from mockbrew.openapi.parts import CACHED, METHODS, RIG, Data, allowed, plain, ref
from mockbrew.openapi.problems import of_plane
from mockbrew.spec import Spec

BEARER = "bearer"
SEGMENT = "^[^/]+$"
SECURITY: Data = {BEARER: {"type": "http", "scheme": "bearer", "description": "the token that the server was given"}}

SHARED: Data = {
    "AdminHead": {"description": "as GET, without the body", "headers": {**CACHED, **RIG}},
    "AdminHeadRefused": {"description": "refused as GET is, without the body", "headers": {**CACHED, **RIG}},
}


class Plane:
    """The operations of all resources. token: whether a caller must bear one."""

    def __init__(self, spec: Spec, resources: Iterable[Resource], names: Names, *, token: bool) -> None:
        self._spec, self._token, self._names = spec, token, names
        self._paths: dict[str, dict[str, Resource]] = {}
        for resource in resources:
            self._paths.setdefault(resource.path, {})[resource.method] = resource
        heads = Counter(_head(path) for path in self._paths)
        self._tags = {path: f"control plane: {_head(path) if heads[_head(path)] > 1 else 'server'}" for path in self._paths}

    def paths(self) -> Data:
        """The path items by path."""
        return {f"{PREFIX}{path}": self._item(path, by_method) for path, by_method in self._paths.items()}

    def tags(self) -> list[Data]:
        """One for each group of paths."""
        return [{"name": tag} for tag in dict.fromkeys(self._tags.values())]

    def statuses(self) -> list[int]:
        """All with which some resource refuses."""
        found = {status for by_method in self._paths.values() for each in by_method.values() for status in self._refusals(each)}
        return sorted({*found, *ALWAYS, *self._closed(), 405})

    def _item(self, path: str, by_method: Mapping[str, Resource]) -> Data:
        parameters = {"parameters": [_place(path, by_method)]} if PLACE in path else {}
        operations = {METHODS[method]: self._operation(resource) for method, resource in by_method.items()}
        head = {"head": self._head(by_method["GET"])} if "GET" in by_method else {}
        methods = (*by_method, *(("HEAD",) if head else ()), "OPTIONS")
        return {**parameters, **operations, **head, "options": self._options(path, methods, all(each.open for each in by_method.values()))}

    def _operation(self, resource: Resource) -> Data:
        refusals = {str(status): of_plane(status) for status in self._refusals(resource)}
        body = _body(resource, self._spec)
        return {
            **self._said(resource, resource.method),
            **_queried(resource),
            **({"requestBody": body} if body else {}),
            "responses": {str(resource.status): self._success(resource), **refusals},
            **self._security(resource.open),
        }

    def _success(self, resource: Resource) -> Data:
        others = {content_type.partition(";")[0]: {"schema": plain(schema)} for content_type, schema in resource.also.items()}
        content = {JSON: {"schema": plain(resource.tells(self._spec))}, **others}
        return {"description": resource.does, "headers": {**CACHED, **RIG}, "content": content}

    def _head(self, resource: Resource) -> Data:
        refused = {str(status): ref("responses", "AdminHeadRefused") for status in self._refusals(resource)}
        answered = {str(resource.status): ref("responses", "AdminHead"), **refused}
        return {**self._said(resource, "HEAD"), **_queried(resource), "responses": answered, **self._security(resource.open)}

    def _options(self, path: str, methods: tuple[str, ...], is_open: bool) -> Data:  # noqa: FBT001 - a fact that is passed on
        refusals = {str(status): of_plane(status) for status in (*ALWAYS, *(() if is_open else self._closed()))}
        named = {"operationId": self._names.new("admin", path or "index", "options"), "tags": [self._tags[path]]}
        loose = {"summary": "the methods of this path", "responses": {"204": allowed(*methods), **refusals}}
        return {**named, **loose, **self._security(is_open)}

    def _said(self, resource: Resource, method: str) -> Data:
        name = self._names.new("admin", resource.path or "index", METHODS[method])
        return {"operationId": name, "tags": [self._tags[resource.path]], "summary": resource.does}

    def _refusals(self, resource: Resource) -> list[int]:
        return [status for status in resource.refusals if status != 401 or self._token]

    def _closed(self) -> list[int]:
        return [status for status in CLOSED if status != 401 or self._token]

    def _security(self, is_open: bool) -> Data:  # noqa: FBT001 - as above
        return {"security": [{BEARER: []}]} if self._token and not is_open else {}


def _head(path: str) -> str:
    return path.partition("/")[0]


def _place(path: str, by_method: Mapping[str, Resource]) -> Data:
    return {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "pattern": SEGMENT}}


def _queried(resource: Resource) -> Data:
    """Its parameters; one that is a list may be given several times."""
    schema = resource.query
    parameters = [_parameter(name, each, name in schema["required"]) for name, each in schema["properties"].items()]
    return {"parameters": parameters} if parameters else {}


def _parameter(name: str, schema: Mapping[str, Any], required: bool) -> Data:  # noqa: FBT001 - a fact that is passed on
    said = plain(schema)
    exploded = {"style": "form", "explode": True} if said.get("type") == "array" else {}
    described = {"description": said.pop("description")} if "description" in said else {}
    return {"name": name, "in": "query", "required": required, **described, **exploded, "schema": said}


def _body(resource: Resource, spec: Spec) -> Data:
    """What it takes, with requests that show it; nothing where it takes nothing."""
    schema = resource.takes(spec)
    if resource.method in ("GET", "DELETE") or (schema.get("properties") == {} and schema.get("additionalProperties") is False):
        return {}
    shown = [each for each in resource.examples(spec) if each.status is None and each.body]
    examples = {f"{number}": {"summary": each.says, "value": each.body} for number, each in enumerate(shown, 1)}
    content = {"schema": plain(schema), **({"examples": examples} if examples else {})}
    return {"required": bool(schema.get("required")), "content": {JSON: content}}
