"""Endpoints as they are written, in interfaces, in overrides and for the rig; and what is wrong with their texts by themselves."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mockbrew.checks.findings import Finding, Path, hint, listed, nearest, shown, unknown
from mockbrew.checks.urls import faults_of
from mockbrew.pattern import placeholders, split

JSON = "application/json"
OF_AN_ERROR = ("detail", "status", "title")  # the placeholders of the shapes in [errors]

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """One endpoint. The paths say where its parts stand: an override has them in two places.

    in_url: the placeholders of the URL. in_reply: those of the reply, each with the place of its text.
    """

    name: str
    path: Path
    url_path: Path
    verb_path: Path
    url: str
    verb: str | None
    reply: Any
    content_type: str
    in_url: tuple[str, ...]
    in_reply: tuple[tuple[str, Path], ...]


def written(path: Path, table: Table) -> Written:
    """An endpoint from its table, which must be sound."""
    url, reply = table["url"], table["reply"]
    asked = _asked(url, reply, (*path, "reply"))
    rest = table.get("verb"), reply, table.get("content_type", JSON)
    return Written(str(path[-1]), path, (*path, "url"), (*path, "verb"), url, *rest, *asked)


def overridden(shared: Written, path: Path, table: Table) -> Written:
    """What a device has instead of a shared endpoint; its table must be sound."""
    own: dict[str, Any] = {"path": path, "content_type": table.get("content_type", shared.content_type)}
    if "url" in table:
        own |= {"url": table["url"], "url_path": (*path, "url"), "in_url": tuple(placeholders(table["url"]))}
    if "reply" in table:
        own |= {"reply": table["reply"], "in_reply": _asked("", table["reply"], (*path, "reply"))[1]}
    return replace(shared, **own)


def _asked(url: str, reply: Any, path: Path) -> tuple[tuple[str, ...], tuple[tuple[str, Path], ...]]:
    in_reply = tuple((name, where) for where, text in _texts(reply, path) for name in placeholders(text))
    return tuple(placeholders(url)), in_reply


def _texts(tree: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """The texts of a JSON tree that are values, with their places."""
    if isinstance(tree, str):
        yield path, tree
    else:
        for step, value in _steps(tree):
            yield from _texts(value, (*path, step))


def _steps(tree: Any) -> Iterable[tuple[str | int, Any]]:
    return tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()


# -- where they stand ----------------------------------------------------------------------------------------------


def subtables(document: Table, *path: str) -> Iterator[tuple[tuple[str, ...], Table]]:
    """The tables in the table at `path`, as far as there are any."""
    table: Any = document
    for step in path:
        table = table.get(step) if isinstance(table, dict) else None
    for name, inner in table.items() if isinstance(table, dict) else ():
        if isinstance(inner, dict):
            yield (*path, name), inner


def shared_endpoints(document: Table, tainted: Container[Path]) -> dict[str, dict[str, Written]]:
    """The sound endpoints of each interface."""
    return {path[-1]: _sound(document, path, tainted) for path, _ in subtables(document, "interfaces")}


def rig_endpoints(document: Table, tainted: Container[Path]) -> dict[str, Written]:
    """The sound endpoints that belong to no device."""
    return _sound(document, ("rig", "endpoints"), tainted)


def _sound(document: Table, under: tuple[str, ...], tainted: Container[Path]) -> dict[str, Written]:
    return {path[-1]: written(path, table) for path, table in subtables(document, *under) if path not in tainted}


# -- what is wrong with their texts --------------------------------------------------------------------------------


def texts(document: Table, rig_verbs: Collection[str]) -> Iterator[Finding]:
    """URLs that are none, braces without partners, and placeholders where nothing can be put in."""
    for group in ("interfaces", "overrides"):
        for owner, _ in subtables(document, group):
            for path, table in subtables(document, *owner):
                yield from _of_an_endpoint(path, table)
    for path, table in subtables(document, "rig", "endpoints"):
        yield from _of_an_endpoint(path, table)
        yield from _of_the_rig(path, table, rig_verbs)
    for path, table in subtables(document, "errors"):
        yield from _of_a_reply(table.get("reply"), (*path, "reply"))
        yield from foreign_placeholders(table.get("reply"), (*path, "reply"), OF_AN_ERROR)


def _of_an_endpoint(path: Path, table: Table) -> Iterator[Finding]:
    url = table.get("url")
    if isinstance(url, str):
        yield from (Finding((*path, "url"), message) for message in faults_of(url))
    yield from _of_a_reply(table.get("reply"), (*path, "reply"))


def _of_a_reply(tree: Any, path: Path) -> Iterator[Finding]:
    for where, text in _texts(tree, path):
        yield from (Finding(where, message) for message in _braces(text))
    yield from _of_keys(tree, path)


def _braces(text: str) -> Iterator[str]:
    try:
        split(text)
    except ValueError as error:
        yield str(error)


def _of_keys(tree: Any, path: Path) -> Iterator[Finding]:
    for step, value in _steps(tree):
        if isinstance(step, str) and any(_names(step)):
            yield Finding((*path, step), f"{shown(step)} is a key, and keys stay as they are; put placeholders into values", at_key=True)
        yield from _of_keys(value, (*path, step))


def _of_the_rig(path: Path, table: Table, verbs: Collection[str]) -> Iterator[Finding]:
    verb = table.get("verb")
    if isinstance(verb, str) and verb not in verbs:
        yield Finding((*path, "verb"), unknown("verb of the rig", verb, verbs))
    for part in ("url", "reply"):
        yield from foreign_placeholders(table.get(part), (*path, part), ())


def foreign_placeholders(tree: Any, path: Path, names: Collection[str]) -> Iterator[Finding]:
    """Placeholders in the texts of a tree that are none of these names."""
    for where, text in _texts(tree, path):
        yield from (unknown_placeholder(where, name, names) for name in _names(text) if name not in names)


def unknown_placeholder(path: Path, name: str, names: Iterable[str]) -> Finding:
    """`unknown placeholder {stat}; known: id, state (did you mean 'state'?)`."""
    ordered = sorted(names)
    near = nearest(name, ordered)
    message = f"unknown placeholder {{{name}}}; {listed(ordered)}{hint(name, ordered)}"
    return Finding(path, message, meant=(*path, near) if near else None)


def _names(text: str) -> list[str]:
    """The placeholders of a text; none where its braces are wrong, which is said elsewhere."""
    try:
        return list(placeholders(text))
    except ValueError:
        return []
