"""Misspellings: what is wrong with a path next to one that is right, in words. Pure: two texts.

    >>> why("/startAA.py", "/startA.py")
    "extra 'A' after '/startA'"
    >>> why("/getpid1.py", "/getPID1.py")
    "'pid' where 'PID' stands; capitals count"

Two slips are told as two. Of more, all that differs is told as one piece: from the first character that differs to the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import chain, zip_longest
from typing import NamedTuple
from urllib.parse import unquote

from mockbrew.errors.root import short

SHOWN = 40  # characters of a text in a message
PIECE = 2  # letters of a slip that is told by itself
BEFORE = 12  # characters that say where something is
CELLS = 2_500  # of the table in which a path is laid beside one with arguments, 0.2 us each

EDIT = 2  # what a character costs that is missing, extra or another
SLIGHT = 1  # what one costs that differs in its case, or that no argument is made of


class Difference(NamedTuple):
    """at: characters before it, which both paths have. said, right: what stands there, and what should; "" for nothing."""

    at: int
    said: str
    right: str

    @property
    def slip(self) -> bool:
        """Whether it is one mistake: a character too much, missing or another, two changed over, or capitals."""
        return max(len(self.said), len(self.right)) == 1 or self.capitals or (len(self.said) == 2 and self.said[::-1] == self.right)

    @property
    def capitals(self) -> bool:
        """Whether it is in capitals only."""
        return bool(self.said) and self.said.casefold() == self.right.casefold()


def difference(asked: str, right: str) -> Difference:
    """Where a path differs from the right one."""
    if asked.endswith(right):  # one of two slashes is the first one, not the second
        return Difference(0, asked[: len(asked) - len(right)], "")
    at = _same(asked, right)
    same = _same(asked[at:][::-1], right[at:][::-1])
    return Difference(at, asked[at : len(asked) - same], right[at : len(right) - same])


def _same(one: str, other: str) -> int:
    """How many characters both begin with."""
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)


def why(asked: str, right: str) -> str:
    """What is wrong with a path, in words."""
    found = difference(asked, right)
    if "%" in asked and unquote(asked) == right:
        return f"{_told(asked, found)}; it is encoded twice"
    if found.capitals:
        return f"{_told(asked, found)}; capitals count"
    return " and ".join(_told(asked, each) for each in _pieces(asked, found))


def _pieces(asked: str, found: Difference) -> Sequence[Difference]:
    """The same in two pieces, if it is two small slips."""
    matcher = SequenceMatcher(None, found.said, found.right, autojunk=False)
    codes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    pieces = [Difference(found.at + begin, found.said[begin:end], found.right[first:last]) for _, begin, end, first, last in codes]
    small = all(max(len(each.said), len(each.right)) <= PIECE for each in pieces)
    return pieces if len(pieces) == 2 and small and not found.slip else [found]


def _told(asked: str, found: Difference) -> str:
    if not found.said:
        return f"{short(found.right, SHOWN)} is missing {_place(asked, found)}"
    if not found.right:
        return f"extra {short(found.said, SHOWN)} {_place(asked, found)}"
    return f"{short(found.said, SHOWN)} where {short(found.right, SHOWN)} stands"


def _place(asked: str, found: Difference) -> str:
    if found.at == 0:
        return "at the beginning"
    if found.at + len(found.said) == len(asked):
        return "at the end"
    return f"after {asked[max(found.at - BEFORE, 0) : found.at]!r}"


# -- paths with arguments ------------------------------------------------------------------------------------------


def filled(asked: str, constants: Sequence[str], characters: Sequence[frozenset[str]], examples: Sequence[str]) -> str:
    """The path of these constants with the arguments that `asked` has: the one to which the fewest edits lead.

    characters: what each argument is made of. examples: what to take for the arguments of a path that is too long to tell.
    """
    steps: list[str | frozenset[str]] = [*constants[0]]
    for made_of, constant in zip(characters, constants[1:], strict=True):
        steps.extend((made_of, *constant))
    texts = _texts(asked, steps) if len(asked) * len(steps) <= CELLS else examples
    return "".join(chain.from_iterable(zip_longest(constants, texts, fillvalue="")))


def _texts(asked: str, steps: Sequence[str | frozenset[str]]) -> list[str]:
    """What stands for the arguments. Row i, column j of the table: what it costs to make the first j characters of the first i steps."""
    rows = [[EDIT * column for column in range(len(asked) + 1)]]
    for step in steps:
        rows.append(_constant(rows[-1], asked, step) if isinstance(step, str) else _argument(rows[-1], asked, step))
    texts, at = [], len(asked)
    for step, above, row in zip(reversed(steps), rows[-2::-1], rows[:0:-1], strict=True):
        end, at = at, (_before(above, row, asked, step, at) if isinstance(step, str) else _began(above, row, at))
        if not isinstance(step, str):
            texts.append(asked[at:end].replace("/", ""))
    return texts[::-1]


def _constant(above: Sequence[int], asked: str, step: str) -> list[int]:
    row = [above[0] + EDIT]
    for column, letter in enumerate(asked):
        row.append(min(above[column] + _changed(letter, step), above[column + 1] + EDIT, row[column] + EDIT))
    return row


def _argument(above: Sequence[int], asked: str, made_of: frozenset[str]) -> list[int]:
    row = [above[0]]
    for column, letter in enumerate(asked):
        taken = 0 if letter in made_of else EDIT if letter == "/" else SLIGHT
        row.append(min(above[column + 1], row[column] + taken))
    return row


def _before(above: Sequence[int], row: Sequence[int], asked: str, step: str, at: int) -> int:
    """Where the characters end that are before a constant one."""
    while at:
        if row[at] == above[at] + EDIT:  # what is missing at the end of an argument is no other letter of it
            return at
        if row[at] == above[at - 1] + _changed(asked[at - 1], step):
            return at - 1
        at -= 1
    return at


def _began(above: Sequence[int], row: Sequence[int], at: int) -> int:
    """Where an argument begins that ends there."""
    while row[at] != above[at]:
        at -= 1
    return at


def _changed(letter: str, step: str) -> int:
    return 0 if letter == step else SLIGHT if letter.lower() == step.lower() else EDIT
