"""Where a path stands in the text of a spec: line and column of its key and of its value.

The text is TOML that the parser has accepted, so this looks only for where keys and values begin and end. A grammar library would be less
code to own; the one there is (tree-sitter-toml 0.7) knows no TOML 1.1: after an escape, a time or an inline table that it can't read it
puts later keys in wrong places.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import tomli

from mockbrew.checks.findings import Finding, Path, dotted
from mockbrew.errors import Fault

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_TEXT = r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\''
_KEY = re.compile(rf"[ \t]*({_TEXT}|[A-Za-z0-9_-]+)[ \t]*(\.?)")
# Up to five quotes end a text of several lines: two of them may be its own.
_SCALAR = re.compile(rf'"""(?:\\.|[^\\])*?"{{3,5}}|\'\'\'.*?\'{{3,5}}|{_TEXT}|[^,\]}}#\n]+', re.DOTALL)
# A text as it is written: its quotes, and a line break right after three of them; then its characters. Group 1: what is none, since a
# backslash ends the line.
_OPENING = re.compile("\"{3}(?:\r?\n)?|'{3}(?:\r?\n)?|\"|'")
_PLAIN = re.compile("()(?:\r\n|.)", re.DOTALL)
_ESCAPED = re.compile(r"((?:\\[ \t]*\r?\n\s*)*)(?:\\u.{4}|\\U.{8}|\\x..|\\.|\r\n|.)", re.DOTALL)


class Place(NamedTuple):
    """Offsets in the text, in characters."""

    key: int
    value: int


Found = Iterator[tuple[Path, Place]]


def locate(findings: Iterable[Finding], text: str) -> list[Fault]:
    """The findings with their lines and columns. What is not there is put where its nearest ancestor stands."""
    known, begins = places(text), [0, *(match.end() for match in re.finditer("\n", text))]
    return [_fault(finding, known, begins, text) for finding in findings]


def places(text: str) -> dict[Path, Place]:
    """The place of everything that stands in the text; of a table, where it first comes up."""
    found: dict[Path, Place] = {(): Place(0, 0)}
    for path, place in _Reader(text).document():
        found.setdefault(path, place)
    return found


def _fault(finding: Finding, known: dict[Path, Place], begins: list[int], text: str) -> Fault:
    path = finding.path
    while path not in known:
        path = path[:-1]
    offset = known[path].key if finding.at_key else known[path].value
    if finding.column and path == finding.path:
        offset = _inside(text, offset, finding.column)
    line = bisect_right(begins, offset)
    return Fault(line, offset - begins[line - 1] + 1, dotted(finding.path), finding.message)


def _inside(text: str, offset: int, column: int) -> int:
    """Where the character of that column, from 1, of the TOML text that begins at `offset` is written."""
    opening = _OPENING.match(text, offset)
    if opening is None:
        return offset
    character = _PLAIN if opening[0][0] == "'" else _ESCAPED
    found = opening
    for _ in range(column):
        match = character.match(text, found.end())
        if match is None:
            break
        found = match
    return found.end(1) if found is not opening else offset


@dataclass(slots=True)
class _Reader:
    """Goes through the text once; `at` is how far it has come."""

    text: str
    at: int = 0

    def document(self) -> Found:
        """Statement by statement. lists: how many tables each `[[list]]` has so far."""
        context: Path = ()
        lists: dict[Path, int] = {}
        while (character := self._next()) != "":
            if character == "[":
                context = yield from self._header(lists)
            else:
                yield from self._pair(context)

    def _header(self, lists: dict[Path, int]) -> Generator[tuple[Path, Place], None, Path]:
        """`[a.b]` or `[[a.b]]`; returns the path of what follows it."""
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        keys = list(self._keys())
        self.at += brackets
        path: Path = ()
        for index, (key, at) in enumerate(keys, 1):
            path = (*path, key)
            yield path, Place(at, at)
            if brackets == 2 and index == len(keys):
                lists[path] = lists.get(path, 0) + 1
            if path in lists:
                path = (*path, lists[path] - 1)
                yield path, Place(at, at)
        return path

    def _pair(self, path: Path) -> Found:
        """`a.b = value`."""
        *outer, (last, key) = self._keys()
        for name, at in outer:
            path = (*path, name)
            yield path, Place(at, at)
        self.at += 1  # the equals sign
        yield from self._value((*path, last), key)

    def _keys(self) -> Iterator[tuple[str, int]]:
        """The parts of a dotted key, each with its offset."""
        more = "."
        while more:
            match = self._take(_KEY)
            more = match[2]
            yield _unquoted(match[1]), match.start(1)

    def _value(self, path: Path, key: int | None = None) -> Found:
        """A value; key: the offset of its key, None for an item of a list."""
        opening = self._next()
        value = self.at
        if key is None:
            key = value
        yield path, Place(key, key if opening == "{" else value)  # whoever looks for a table looks for its name
        if opening in ("{", "["):
            self.at += 1
            yield from self._inside(path, opening)
        else:
            self._take(_SCALAR)

    def _inside(self, path: Path, opening: str) -> Found:
        index = 0
        while (character := self._next()) not in ("}", "]", ""):
            if character == ",":
                self.at += 1
            elif opening == "{":
                yield from self._pair(path)
            else:
                yield from self._value((*path, index))
                index += 1
        self.at += 1

    def _next(self) -> str:
        """The next character that means something; "" at the end."""
        self._take(_BLANK)
        return self.text[self.at : self.at + 1]

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise ValueError(f"not TOML at character {self.at + 1}")
        self.at = match.end()
        return match


def _unquoted(key: str) -> str:
    return next(iter(tomli.loads(f"{key}=0"))) if key[0] in "\"'" else key
