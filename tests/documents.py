"""The documents as their tests see them: sections, blocks of code, the steps of a session, links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import NamedTuple

import tomli

from tests.app.asking import REFERENCE_TEXT

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted(str(path.relative_to(ROOT)) for folder in (ROOT.glob("*.md"), ROOT.glob("docs/**/*.md")) for path in folder)

_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^(#+) (.*)$", re.MULTILINE)
_ASSIGNMENT = re.compile(r"([A-Z]+)=(\S+)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


class Block(NamedTuple):
    """A block of code."""

    language: str
    text: str


class Step(NamedTuple):
    """A command of a session, and what the document says that it prints."""

    command: str
    output: str


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading, down to the next of any level. prose: the text around the blocks."""

    title: str
    level: int
    blocks: tuple[Block, ...]
    prose: str

    def of(self, language: str) -> list[str]:
        """The blocks in one language."""
        return [block.text for block in self.blocks if block.language == language]

    def steps(self) -> Iterator[Step]:
        """All sessions of the section, one after the other."""
        for session in self.of("console"):
            for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
                yield _step(part)


def _step(text: str) -> Step:
    """A command, over as many lines as its quotes are open, and what follows."""
    first, *lines = text.splitlines()
    command = without_comment(first)
    while lines and not _is_closed(command):
        command = f"{command}\n{lines.pop(0)}"
    return Step(command, "\n".join(lines).rstrip("\n"))


def _is_closed(command: str) -> bool:
    try:
        shlex.split(command)
    except ValueError:
        return False
    return True


def variables(document: str) -> dict[str, str]:
    """What the sessions of a document set, such as `RIG=http://127.0.0.1:8890/rigs/team-a`, for all that follow."""
    commands = (step.command for section in sections(document) for step in section.steps())
    return {found[1]: found[2] for command in commands if (found := _ASSIGNMENT.fullmatch(command))}


def read(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def sections(document: str) -> list[Section]:
    """A document cut at its headings. What looks like a heading inside a block is none."""
    blocks: list[Block] = []

    def put_aside(fenced: re.Match[str]) -> str:
        blocks.append(Block(fenced[1], fenced[2]))
        return f"\0{len(blocks) - 1}\0"

    _, *parts = _HEADING.split(_FENCED.sub(put_aside, read(document)))
    triples = zip(parts[0::3], parts[1::3], parts[2::3], strict=True)
    return [
        Section(title, len(marks), tuple(blocks[int(number)] for number in re.findall("\0([0-9]+)\0", text)), text)
        for marks, title, text in triples
    ]


def links(document: str) -> list[str]:
    """The targets of a document's links that lead into the repository."""
    return [target for target in _LINK.findall(_FENCED.sub("", read(document))) if "://" not in target]


def anchors(document: str) -> set[str]:
    """What links can point to in a document, as GitHub names it after the headings."""
    return {re.sub(r"[^\w\- ]", "", section.title.lower()).replace(" ", "-") for section in sections(document)}


def table(prose: str) -> list[list[str]]:
    """The rows of the tables in a text, without the lines that rule them."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in prose.splitlines() if line.startswith("|")]
    return [row for row in rows if not set("".join(row)) <= {"-"}]


def without_comment(line: str) -> str:
    return line.partition(" #")[0].rstrip()


# -- specs ---------------------------------------------------------------------------------------------------------


def is_of_a_project(text: str) -> bool:
    """Whether it belongs into a pyproject.toml."""
    return "project" in tomli.loads(text)


def whole(text: str) -> str:
    """A spec as it is shown; tables of one laid over the reference brewery, a lone line among its devices."""
    if "spec" in tomli.loads(text):
        return text
    tables = re.split(r"^(?=\[)", text if text.startswith("[") else f"[devices]\n{text}", flags=re.MULTILINE)[1:]
    return reduce(_laid_over, tables, REFERENCE_TEXT)


def _laid_over(spec: str, table: str) -> str:
    """With the lines of a table, in place of those that say the same keys."""
    header, body = table.split("\n", 1)
    before, found, rest = spec.partition(f"{header}\n")
    if not found:
        return f"{spec}\n{table}"
    own, *others = re.split(r"^(?=\[)", rest, maxsplit=1, flags=re.MULTILINE)
    kept = (line for line in own.splitlines(keepends=True) if line.partition("=")[0].strip() not in tomli.loads(body))
    return "".join((before, found, body, *kept, *others))


def named(text: str) -> str:
    """The name of the file that a whole spec stands in: its first line."""
    return without_comment(text.partition("\n")[0]).removeprefix("# ") if text.startswith("# ") else "brewery.toml"


def specs(section: Section) -> list[str]:
    """The specs that a section shows."""
    return [text for text in section.of("toml") if not is_of_a_project(text)]
