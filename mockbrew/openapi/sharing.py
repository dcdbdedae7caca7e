"""Sharing: schemas under names, each said once. Generators of clients make a class of each name, and of each schema that has none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mockbrew.openapi.components import Data, ref
from mockbrew.openapi.names import Names


class Schemas:
    """Gives schemas names: those that are given, and in them those that have a title. said: all that have a name, by it."""

    __slots__ = ("_names", "_refs", "said")

    def __init__(self) -> None:
        self.said: Data = {}
        self._names, self._refs = Names(), dict[str, Data]()

    def ref(self, schema: Data, *words: str) -> Data:
        """A reference to a schema: to the one that is equal to it, if there is one; else these words are its name."""
        return self._ref({key: self._within(each) for key, each in schema.items()}, *words)

    def _within(self, node: Any) -> Any:
        if isinstance(node, list):
            return [self._within(each) for each in node]
        if not isinstance(node, Mapping):
            return node
        said = {key: self._within(each) for key, each in node.items()}
        return self._ref(said, said["title"]) if isinstance(said.get("title"), str) else said

    def _ref(self, schema: Data, *words: str) -> Data:
        text = json.dumps(schema, sort_keys=True)
        if text not in self._refs:
            name = self._names.new(*words)
            self.said[name] = schema
            self._refs[text] = ref("schemas", name)
        return self._refs[text]
