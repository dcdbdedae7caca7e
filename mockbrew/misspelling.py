"""Misspellings: what is wrong with a path next to one that is right, in words. Pure: two texts.

    >>> why("/startAA.py", "/startA.py")
    "extra 'A' after '/startA'"
    >>> why("/getpid1.py", "/getPID1.py")
    "'pid' where 'PID' stands; capitals count"

Two slips are told as two. Of more, all that differs is told as one piece: from the first character that differs to the last one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, product, zip_longest
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
    return " and ".join(_told(asked, each) for each in _pieces(found))


def _pieces(found: Difference) -> Sequence[Difference]:
    """The same in two pieces, if it is two small slips: they are at its ends, and between them stands what is right."""
    _, said, right = found
    ways = [] if found.slip else [way for way in product(range(PIECE + 1), repeat=4) if _is_right_between(said, right, *way)]
    if not ways:
        return [found]
    first, of_right, last, of_right_last = min(ways, key=sum)
    end, end_of_right = len(said) - last, len(right) - of_right_last
    return [Difference(found.at, said[:first], right[:of_right]), Difference(found.at + end, said[end:], right[end_of_right:])]


def _is_right_between(said: str, right: str, first: int, of_right: int, last: int, of_right_last: int) -> bool:
    """Whether all is right but for so many characters at the beginnings and at the ends."""
    slips = (first or of_right) and (last or of_right_last)
    between = said[first : len(said) - last]
    return bool(slips and between) and between == right[of_right : len(right) - of_right_last]


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


class Common:
    """How many characters of a text others have in the same order: the longest common subsequence.

    It is found by bits (Hyyro, "Bit-parallel LCS-length computation revisited", 2004): each character of the other is a few operations on
    integers of as many bits as the text is long. What difflib does grows with the cube of the length where there are few letters.
    """

    __slots__ = ("_all", "_places")

    def __init__(self, text: str) -> None:
        self._all = (1 << len(text)) - 1
        self._places: dict[str, int] = {}
        for at, letter in enumerate(text):
            self._places[letter] = self._places.get(letter, 0) | 1 << at

    def __call__(self, other: str) -> int:
        left = self._all
        for letter in other:
            found = left & self._places.get(letter, 0)
            left = ((left + found) | (left - found)) & self._all
        return (self._all ^ left).bit_count()


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
