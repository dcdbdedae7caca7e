"""Texts of servers, which may hold anything: made visible, and cut down to where two of them differ."""

from __future__ import annotations

from itertools import takewhile

CONTEXT = 16  # characters that are left of what is the same, before and behind a difference
WIDEST = 60  # characters that are shown whole, and of a difference
CUT = "…"


def visible(text: str) -> str:
    r"""The text on one line, with what no terminal, file or XML takes as escapes: `\x1b`, `\n`, `\udc80`."""
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape", "surrogatepass").decode("ascii")


def of_bytes(body: bytes) -> str:
    r"""A body as a text; bytes that are no UTF-8 as `\xff`."""
    return body.decode("utf-8", "backslashreplace")


def side_by_side(expected: str, got: str) -> tuple[str, str]:
    """Both, made visible; of long ones only the part in which they differ, with a little of what is around it."""
    one, other = visible(expected), visible(got)
    if max(len(one), len(other)) <= WIDEST:
        return one, other
    begin = _alike(one, other)
    behind = _alike(one[begin:][::-1], other[begin:][::-1])
    return _around(one, begin, behind), _around(other, begin, behind)


def _alike(one: str, other: str) -> int:
    """How many characters at the beginning are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _around(text: str, begin: int, behind: int) -> str:
    first, last = max(begin - CONTEXT, 0), min(len(text) - behind + CONTEXT, len(text))
    shown = text[first:last]
    if len(shown) > WIDEST + 2 * CONTEXT:
        shown, last = shown[: WIDEST + CONTEXT], 0
    return f"{CUT if first else ''}{shown}{CUT if last < len(text) else ''}"
