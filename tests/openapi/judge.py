"""A judge of replies: whether an OpenAPI document describes them. It reads the document as any tool would, knowing nothing of mockbrew."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from tests.app.replies import Answer

HOLE = re.compile(r"\{([^}]+)\}")
VERBS = ("get", "head", "post", "put", "patch", "delete", "options")


@dataclass(frozen=True, slots=True)
class Judge:
    document: Mapping[str, Any]

    def operations(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Path template, method, operation."""
        for path, item in self.document["paths"].items():
            yield from ((path, method.upper(), item[method]) for method in VERBS if method in item)

    def described(self, path: str, method: str = "GET") -> list[str]:
        """The templates that a path and a method are described by."""
        return [template for template, of, operation in self.operations() if of == method and self._means(template, operation, path)]

    def wrong(self, template: str, method: str, answer: Answer) -> list[str]:
        """What of an answer is not as the document says."""
        responses = self.document["paths"][template][method.lower()]["responses"]
        if str(answer.status) not in responses:
            return [f"status {answer.status} is not described"]
        response = self.resolved(responses[str(answer.status)])
        return [*self._headers(response, answer), *self._body(response, answer)]

    def against(self, schema: Mapping[str, Any], value: Any) -> list[str]:
        """What of a value is not as a schema of the document says."""
        validator = Draft202012Validator({**schema, "components": self.document["components"]})
        return sorted(error.message for error in validator.iter_errors(value))

    def resolved(self, node: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in node:
            target: Any = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            node = target
        return node

    def parameters(self, template: str, operation: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
        """Those of a path, by name: an operation's own hide those of all its path."""
        found = [*self.document["paths"][template].get("parameters", ()), *operation.get("parameters", ())]
        return {each["name"]: each for each in found}

    def examples(self) -> Iterator[tuple[str, Mapping[str, Any], Any]]:
        """Where, the schema that it must fit, and the example."""
        yield from _examples(self.document, "#")

    def _means(self, template: str, operation: Mapping[str, Any], path: str) -> bool:
        schemas = {name: each["schema"] for name, each in self.parameters(template, operation).items() if each["in"] == "path"}
        pieces = HOLE.split(template)
        pattern = "".join(f"(?P<{piece}>.*)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces))
        match = re.fullmatch(pattern, path)
        return match is not None and not any(self.against(schemas[name], text) for name, text in match.groupdict().items())

    def _headers(self, response: Mapping[str, Any], answer: Answer) -> Iterator[str]:
        for name, described in response.get("headers", {}).items():
            header = self.resolved(described)
            if name in answer.headers:
                yield from (f"{name}: {message}" for message in self.against(header["schema"], answer.headers[name]))
            elif header.get("required"):
                yield f"{name} is missing"

    def _body(self, response: Mapping[str, Any], answer: Answer) -> Iterator[str]:
        content = response.get("content", {})
        if not content:
            yield from [f"there is a body: {answer.body!r}"] if answer.body else []
            return
        kind = answer.headers["Content-Type"].partition(";")[0]
        if kind not in content:
            yield f"{kind} is not described"
            return
        value = answer.json() if kind.endswith("json") and kind != "text/json" else answer.body.decode()
        yield from self.against(content[kind]["schema"], value)


def _examples(node: Any, where: str) -> Iterator[tuple[str, Mapping[str, Any], Any]]:
    if isinstance(node, Mapping):
        if "schema" in node and "example" in node:
            yield where, node["schema"], node["example"]
        if "schema" in node and "examples" in node:
            yield from ((f"{where}/{name}", node["schema"], each["value"]) for name, each in node["examples"].items())
        for name, each in node.items():
            yield from _examples(each, f"{where}/{name}") if name not in ("example", "examples", "schema", "schemas") else ()
    elif isinstance(node, list):
        for place, each in enumerate(node):
            yield from _examples(each, f"{where}/{place}")
