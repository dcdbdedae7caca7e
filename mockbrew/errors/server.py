"""What only an operator can mend, and what takes its time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from mockbrew.errors.root import MockbrewError


class StoreError(MockbrewError):
    """The state can't be read or kept: nothing was changed."""

    status = 503


class StoreFileError(StoreError):
    """The file that the state is kept in can't be used; it was left as it is."""

    def __init__(self, path: PurePath, what: str, advice: str) -> None:
        self.path, self.what, self.advice = path, what, advice
        super().__init__(f"{path}: {what}; {advice}; nothing was changed")


class DamagedCell(StoreError):
    """The state of one cell can't be read; the rest of the store can."""


class StillEvolving(MockbrewError):
    """The rig has more virtual time to catch up with than one request may take; progress is kept."""

    status = 503

    def __init__(self, behind: float, retry_after: int = 1) -> None:
        self.behind, self.retry_after = behind, retry_after
        rest = f": {behind:.0f} s of virtual time to go" if behind >= 1 else ""
        super().__init__(f"still computing{rest}; progress is kept, ask again")

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return (("Retry-After", str(self.retry_after)),)


class StillSeeking(StillEvolving):
    """What is waited for may still come true, which takes longer to find out than one request may. reached, left: virtual s."""

    def __init__(self, condition: str, reached: float, left: float) -> None:
        super().__init__(0.0)
        self.condition, self.reached, self.left = condition, reached, left
        here = f"{condition!r} has not come true up to {reached!r} s, where the clock is now"
        self.args = (f"still looking: {here}; ask again, with a limit of {left!r} s",)

    @property
    def members(self) -> Mapping[str, object]:
        return {"time": self.reached, "limit": self.left}


class ConfigurationError(MockbrewError):
    """The server is set up in a way that can't work."""

    status = 503
