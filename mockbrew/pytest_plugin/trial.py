"""The trial of one test: the rigs that it was given, and what is found on them at its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import pytest

from mockbrew.client import ClientError, Refused, Rig, Server
from mockbrew.pytest_plugin.names import rig_name
from mockbrew.pytest_plugin.story import Chapter, told
from mockbrew.pytest_plugin.target import Target

MARKER = "mockbrew"
ALLOWS = ("allow", "allow_unmatched")
# A `record` shows that the rig is still what the test was given; a `restore`, whether all before it was judged for hazards.
JUDGED = "unmatched != null or verb == 'record' or verb == 'restore'"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a test may do. rules: that it may break, by name."""

    rules: frozenset[str] = frozenset()
    unmatched: bool = False

    @classmethod
    def of(cls, item: pytest.Item) -> Allowed:
        """What its markers say together, those of its class and module among them. Ends the test if they say something else."""
        allowed = cls()
        for marker in item.iter_markers(MARKER):
            _check(marker.args, marker.kwargs)
            rules = allowed.rules | frozenset(marker.kwargs.get("allow", ()))
            allowed = cls(rules, allowed.unmatched or marker.kwargs.get("allow_unmatched", False))
        return allowed


@dataclass(slots=True)
class Trial:
    """The rigs of one test.

    test: its node id. run: see `Target`. stray: the rig to which requests go that name none, on a server that nobody else uses; seen: how
    many entries its journal had before the test.
    """

    server: Server
    test: str
    run: str
    allowed: Allowed
    stray: Rig | None = None
    seen: int = 0
    rigs: list[Rig] = field(default_factory=list)

    def rig(self, name: str = "") -> Rig:
        """A new rig of this test, at 0 s. Ends the test if there can be none."""
        rig = self.server.rig(rig_name(f"{self.test} {name}".rstrip(), self.run))
        if rig in self.rigs:
            raise ValueError(f"{name!r}: this test has a rig of that name already; take another name")
        self.rigs.append(rig)
        with _without_traceback():
            rig.clock.freeze()
            rig.record("requests")
            self._check_rules(rig)
        return rig

    def judge(self) -> None:
        """Ends the test as failed if anything happened that it may not do."""
        found = [chapter for chapter in self._chapters() if chapter.wrong]
        if found:
            raise failed(told(found))

    def story(self) -> str:
        """What was done to the rigs, whatever came of it."""
        try:
            return told(self._chapters())
        except ClientError as error:
            return f"what was done to the rigs is not known: {error}"

    def end(self) -> None:
        """The rigs go, with all that is kept of them."""
        for rig in self.rigs:
            with suppress(ClientError):  # it is gone, or the server is; whoever judges has said so
                rig.delete()

    def _chapters(self) -> list[Chapter]:
        return [*map(self._chapter, self.rigs), *self._astray()]

    def _chapter(self, rig: Rig) -> Chapter:
        try:
            entries = tuple(rig.entries(JUDGED))
            if not any(entry.verb == "record" for entry in entries) and not rig.about["recording"]:
                return Chapter(rig, (), (), lost=True)  # made anew by a command
            hazards = (hazard for hazard in rig.find_hazards(run="all") if hazard.rule not in self.allowed.rules)
            unmatched = (entry for entry in entries if entry.unmatched and not self.allowed.unmatched)
            unjudged = (entry for entry in entries if entry.document.get("unjudged"))
            return Chapter(rig, tuple(hazards), tuple(unmatched), unjudged=tuple(unjudged))
        except Refused as error:
            if error.status != 404:
                raise
            return Chapter(rig, (), (), lost=True)

    def _astray(self) -> Iterator[Chapter]:
        """What came to the rig of nobody, because its sender lost the path of its base URL."""
        if self.stray is not None and not self.allowed.unmatched:
            strays = tuple(entry for entry in self.stray.entries(after=self.seen) if not entry.url.startswith("/__admin/"))
            yield from [Chapter(self.stray, (), (), strays)] if strays else []

    def _check_rules(self, rig: Rig) -> None:
        """A name that is none would allow nothing."""
        try:
            rig.find_hazards(*self.allowed.rules)
        except Refused as error:
            if error.status == 400:
                raise failed(f"pytest.mark.{MARKER}: allow: {error.detail.removeprefix('rule: ')}") from None
            raise


@contextmanager
def trial(server: Server, item: pytest.Item, target: Target) -> Iterator[Trial]:
    """The trial of a test, whose rigs go at its end."""
    found = Trial(server, _identity(item), target.run, Allowed.of(item))
    with _without_traceback():
        if not target.shared:
            found.stray = server.rig()
            found.stray.record("requests")
            found.seen = found.stray.ask("GET", "journal", query={"limit": 1})["next"]
        try:
            yield found
        finally:
            found.end()


def failed(why: str) -> BaseException:
    """What ends a test, told without a traceback."""
    return pytest.fail.Exception(why, pytrace=False)


@contextmanager
def _without_traceback() -> Iterator[None]:
    """What the server does not answer ends the test; where in the plugin that was is of no use to who reads it."""
    try:
        yield
    except ClientError as error:
        raise failed(f"mockbrew: {error}") from None


def _identity(item: pytest.Item) -> str:
    """The node id, without the group that xdist appends to it: the same test is to meet the same chance with and without xdist."""
    return f"{item.parent.nodeid}::{item.name}" if item.parent else item.nodeid


def _check(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    allow, unmatched = kwargs.get("allow", ()), kwargs.get("allow_unmatched", False)
    names = not isinstance(allow, str) and all(isinstance(name, str) for name in allow)
    if args or not set(kwargs) <= set(ALLOWS) or not names or not isinstance(unmatched, bool):
        given = ", ".join([*map(repr, args), *(f"{name}={value!r}" for name, value in kwargs.items())])
        right = 'write it like mockbrew(allow=["dry-fire-kettle"], allow_unmatched=True)'
        raise failed(f"pytest.mark.{MARKER}({given}): it takes names of rules and whether requests may be unmatched; {right}")
