"""Names: of operations and of what they share, of letters, digits and underscores, each given once."""

from __future__ import annotations

import re

UNFIT = re.compile(r"[^A-Za-z0-9]+")


class Names:
    """Gives names out. The same are asked for in the same order, the same are given."""

    __slots__ = ("_given",)

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def new(self, *words: str) -> str:
        """A name of these words, with a number behind it where others have taken it."""
        name = wanted = "_".join(UNFIT.sub("_", word).strip("_") for word in words)
        while name in self._given:
            self._given[wanted] += 1
            name = f"{wanted}_{self._given[wanted]}"
        self._given[name] = 1
        return name
