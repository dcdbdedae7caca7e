"""The control plane as OpenAPI: a path for each path of its resources, an operation for each method that it answers.

What it shows of requests and replies is what `tour` asks and gets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockbrew.admin.resources import ALWAYS, CLOSED, JSON, NOTHING, PLACE, PREFIX, SEGMENT, Resource
from mockbrew.openapi.components import CACHED, RIG, Data, allowed, ref
from mockbrew.openapi.names import Names
from mockbrew.openapi.problems import TOO_LONG, of_plane
from mockbrew.openapi.sharing import Schemas
from mockbrew.openapi.tour import Shown
from mockbrew.schema import without_units
from mockbrew.spec import Spec

BEARER = "bearer"
SECURITY: Data = {BEARER: {"type": "http", "scheme": "bearer", "description": "the token that the server was given"}}

SHARED: Data = {
    "AdminHead": {"description": "as GET, without the body", "headers": {**CACHED, **RIG}},
    "AdminHeadRefused": {"description": "refused as GET is, without the body", "headers": {**CACHED, **RIG}},
}
"""Responses that all resources share."""

Tour = Mapping[tuple[str, str], Collection[Shown]]


@dataclass(frozen=True, slots=True)
class Path:
    """One path of the control plane. resources: by method. names: of its operations, by method."""

    path: str
    tag: str
    resources: Mapping[str, Resource]
    names: Mapping[str, str]

    @property
    def methods(self) -> tuple[str, ...]:
        """Those that it answers, as `Allow` has them."""
        return tuple(self.names)

    @property
    def open(self) -> bool:
        """Whether OPTIONS is open to everybody."""
        return all(resource.open for resource in self.resources.values())


class Plane:
    """The operations of all resources. tour: what is shown of them. token: whether a caller must bear one."""

    def __init__(self, spec: Spec, resources: Iterable[Resource], names: Names, schemas: Schemas, tour: Tour, *, token: bool) -> None:
        self._spec, self._schemas, self._tour = spec, schemas, tour
        self._hidden = frozenset() if token else frozenset({401})
        self._security: Data = {"security": [{BEARER: []}]} if token else {}
        self._paths = list(_paths(resources, names))

    def paths(self) -> Data:
        """The path items by path."""
        return {f"{PREFIX}{path.path}": self._item(path) for path in self._paths}

    def tags(self) -> list[Data]:
        """One for each group of paths."""
        return [{"name": tag} for tag in dict.fromkeys(path.tag for path in self._paths)]

    def statuses(self) -> list[int]:
        """All with which some resource refuses."""
        found = {status for path in self._paths for resource in path.resources.values() for status in self._refusals(resource)}
        return sorted({*found, *self._of_options(open_to_all=False), 405} - {TOO_LONG})

    def _item(self, path: Path) -> Data:
        operations = {method.lower(): self._operation(path, resource) for method, resource in path.resources.items()}
        head = {"head": self._head(path, path.resources["GET"])} if "HEAD" in path.names else {}
        return {**operations, **head, "options": self._options(path)}

    def _operation(self, path: Path, resource: Resource) -> Data:
        body, shown = resource.takes(self._spec), [each for each in self._shown(resource) if each.status == resource.status]
        return {
            **_said(path, resource.method, resource.does),
            **self._parameters(resource),
            **(
                {}
                if body == NOTHING or resource.method in ("GET", "DELETE")
                else {"requestBody": self._body(body, shown, path.names[resource.method])}
            ),
            "responses": {
                str(resource.status): self._success(resource, shown, path.names[resource.method]),
                **of_plane(*self._refusals(resource)),
            },
            **self._secured(resource),
        }

    def _success(self, resource: Resource, shown: Iterable[Shown], name: str) -> Data:
        schemas = {JSON: self._named(resource.tells(self._spec), name), **resource.also}
        content = {_bare(sort): _content(schema, _replies(sort, shown)) for sort, schema in schemas.items()}
        links = dict(self._links(resource))
        return {"description": resource.does, "headers": {**CACHED, **RIG}, "content": content, **({"links": links} if links else {})}

    def _body(self, schema: Mapping[str, Any], shown: Iterable[Shown], name: str) -> Data:
        from jsonschema import Draft202012Validator  # noqa: PLC0415 - 0.2 s that a server need not wait for until somebody asks for a document

        bodies = [(each.example.says, each.example.body) for each in shown if each.example.body]
        needed = not Draft202012Validator(schema).is_valid({})  # which is what no body at all says
        return {"required": needed, "content": {JSON: _content(self._named(schema, name, "body"), bodies)}}

    def _named(self, schema: Mapping[str, Any], *words: str) -> Data:
        return self._schemas.ref(without_units(schema), *words)

    def _links(self, resource: Resource) -> Iterator[tuple[str, Data]]:
        """From what makes a thing of a name to what can be done with it by that name."""
        if resource.method == "POST" and "name" in _properties(resource.tells(self._spec)):
            for path in self._paths:
                if path.path.startswith(f"{resource.path}/{PLACE}"):
                    for method in path.resources:
                        yield path.names[method], {"operationId": path.names[method], "parameters": {"name": "$response.body#/name"}}

    def _head(self, path: Path, resource: Resource) -> Data:
        statuses = self._refusals(resource)
        refused = {str(status): ref("responses", "AdminHeadRefused") for status in statuses} | of_plane(*{TOO_LONG}.intersection(statuses))
        answered = {"responses": {str(resource.status): ref("responses", "AdminHead"), **refused}}
        return {**_said(path, "HEAD", resource.does), **self._parameters(resource), **answered, **self._secured(resource)}

    def _options(self, path: Path) -> Data:
        loose = {"parameters": [_place(SEGMENT)]} if PLACE in path.path else {}
        refusals = of_plane(*self._of_options(open_to_all=path.open), *((TOO_LONG,) if loose else ()))
        answered = {"responses": {"204": allowed(*path.methods), **refusals}}
        return {**_said(path, "OPTIONS", "the methods of this path"), **loose, **answered, **self._secured(path)}

    def _refusals(self, resource: Resource) -> list[int]:
        texts = any(each.get("type") == "string" and "enum" not in each for each in resource.asks(self._spec)["properties"].values())
        long = {TOO_LONG} if texts or PLACE in resource.path else set()
        return sorted({*resource.refusals, *long} - self._hidden)

    def _of_options(self, *, open_to_all: bool) -> list[int]:
        return sorted({*ALWAYS, *(() if open_to_all else CLOSED)} - self._hidden)

    def _secured(self, what: Resource | Path) -> Data:
        return {} if what.open else self._security

    def _shown(self, resource: Resource) -> Collection[Shown]:
        return self._tour.get((resource.method, resource.path), ())

    def _parameters(self, resource: Resource) -> Data:
        """The name in the path, and the query."""
        schema = resource.asks(self._spec)
        place = [_place(resource.named)] if PLACE in resource.path else []
        found = [*place, *(_parameter(name, schema) for name in schema["properties"])]
        return {"parameters": found} if found else {}


def _paths(resources: Iterable[Resource], names: Names) -> Iterator[Path]:
    by_path: dict[str, dict[str, Resource]] = {}
    for resource in resources:
        by_path.setdefault(resource.path, {})[resource.method] = resource
    heads = Counter(path.partition("/")[0] for path in by_path)
    for path, own in by_path.items():
        methods = (*own, *(("HEAD",) if "GET" in own else ()), "OPTIONS")
        head = path.partition("/")[0]
        tag = f"control plane: {head if heads[head] > 1 or len(own) > 1 else 'server'}"
        yield Path(path, tag, own, {method: names.new("admin", path or "index", method.lower()) for method in methods})


def _said(path: Path, method: str, summary: str) -> Data:
    return {"operationId": path.names[method], "tags": [path.tag], "summary": summary}


def _place(schema: Mapping[str, Any]) -> Data:
    return {"name": "name", "in": "path", "required": True, "schema": without_units(schema)}


def _parameter(name: str, query: Mapping[str, Any]) -> Data:
    """One of a query; one that is a list may be given several times."""
    said, required = without_units(query["properties"][name]), name in query["required"]
    exploded = {"style": "form", "explode": True} if said.get("type") == "array" else {}
    described = {"description": said.pop("description")} if "description" in said else {}
    return {"name": name, "in": "query", "required": required, **described, **exploded, "schema": said}


def _replies(content_type: str, shown: Iterable[Shown]) -> list[tuple[str, Any]]:
    return [(each.example.says, each.body) for each in shown if each.content_type == content_type]


def _content(schema: Mapping[str, Any], examples: Iterable[tuple[str, Any]]) -> Data:
    named = {str(number): {"summary": says or "a reply", "value": value} for number, (says, value) in enumerate(examples, 1)}
    return {"schema": without_units(schema), **({"examples": named} if named else {})}


def _properties(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of an object, or of the first of several sorts of it."""
    first: Mapping[str, Any] = schema["oneOf"][0] if "oneOf" in schema else schema
    properties: Mapping[str, Any] = first.get("properties", {})
    return properties


def _bare(content_type: str) -> str:
    """A type without parameters is about all that have some."""
    return content_type.partition(";")[0].strip()
