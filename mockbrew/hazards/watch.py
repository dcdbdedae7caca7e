"""Hazards: the rules of a spec, watched over all that happens to a rig, and the instants at which they begin and end to be broken.

A rule is broken from the first nanosecond at which its condition holds to the first at which it does not. What a command changes at the
instant at which the next one comes was so, for no time at all: it begins and ends there. Rules that look at the same cells are watched
together, in one `Watch`; where it stops and goes on changes nothing of what it finds.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mockbrew import plant as plants
from mockbrew.clock import SECOND
from mockbrew.conditions import Condition
from mockbrew.hazards.precedents import precedents_of
from mockbrew.plant import Anchor, Blocked, Plant
from mockbrew.seeking.lookahead import Lookahead
from mockbrew.seeking.scene import Scene
from mockbrew.seeking.search import seek
from mockbrew.spec import Rule, Spec

LOOKS = 1_000_000  # about so many looks find one instant: many more than it takes
APART = 600 * SECOND  # ns between two orders that were blocked: if they are of one kind and no further apart, they are told as one


class Cause(NamedTuple):
    """The last event at or before the beginning of a hazard, of the cells that its rule looks at. at: virtual ns. arguments: JSON."""

    number: int
    device: str
    verb: str
    at: int
    arguments: str = "{}"


class Block(NamedTuple):
    """Orders of one kind that a controller could not give. times: how often."""

    controller: str
    output: str
    verb: str
    times: int


class Found(NamedTuple):
    """A rule that was broken, or that kept it from being broken. begins, ends: virtual ns; ends: None while it lasts."""

    rule: str
    begins: int
    ends: int | None
    cause: Cause | None
    block: Block | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that look at the same cells. cells: their names, in the order of the spec."""

    cells: tuple[str, ...]
    rules: tuple[Rule, ...]

    @property
    def key(self) -> str:
        """What it is called."""
        return ",".join(self.cells)


def groups(spec: Spec) -> tuple[Group, ...]:
    """All rules of a spec, by the cells that they look at."""
    home = {name: place for place, members in enumerate(spec.cells) for name in members} if spec.hazards else {}
    found: dict[tuple[int, ...], list[Rule]] = {}
    for rule in spec.hazards.values():
        found.setdefault(tuple(sorted({home[variable.device] for variable in rule.when.variables})), []).append(rule)
    return tuple(Group(tuple(spec.cells[place][0] for place in places), tuple(rules)) for places, rules in found.items())


class Watch:
    """The rules of a group on their way through time, up to `at` (virtual ns), at which nothing has been judged yet.

    lasting: the rules that are broken since when, and after what. blocks: orders that are being blocked. found: what is over by now.
    precedents: of the rules, if they look at one cell.
    """

    def __init__(self, plant: Plant, group: Group, seed: str, lasting: Iterable[Found] = (), blocks: Iterable[Found] = ()) -> None:
        self.group = group
        self.lasting = {each.rule: each for each in lasting}
        self.blocks = list(blocks)
        self.found: list[Found] = []
        self.cause: Cause | None = None
        self._scene = Scene(plant, {}, 0, seed)
        self.precedents = precedents_of(plant, group.cells[0], group.rules) if len(group.cells) == 1 else None
        self._lookaheads = {rule.name: (Lookahead(rule.when), Lookahead(rule.when.negated)) for rule in group.rules}

    @property
    def at(self) -> int:
        return self._scene.at

    @property
    def anchors(self) -> Mapping[str, Anchor]:
        """Of the cells, evolved to `at` or not that far."""
        return self._scene.anchors

    def enter(self, at: int, anchors: Mapping[str, Anchor], cause: Cause | None, blocked: Iterable[Blocked] = ()) -> None:
        """Go on at `at` (virtual ns), up to which all has been judged, with what an event has made of these cells; and what it blocked."""
        self._scene.anchors.update(anchors)
        self._scene.at, self.cause = at, cause
        self._take(blocked)
        for both in self._lookaheads.values():
            for lookahead in both:
                lookahead.forget()

    def hold(self, broken: Container[str]) -> None:
        """Take it that from where it stands to where it arrives next these rules are broken all the time, and no others."""
        for rule in self.group.rules:
            if (rule.name in broken) != (rule.name in self.lasting):
                self._turn(rule, self.at)

    def arrive(self, at: int, cause: Cause) -> None:
        """Stand at an event at `at` (virtual ns), up to which all is known; before it goes on by itself, `enter` what that has made."""
        self._scene.at, self.cause = at, cause

    def step(self, ends: int) -> bool:
        """Judge from `at` to the next boundary, or further where nothing can happen, to `ends` (virtual ns) at most. Whether it is there.

        What is so at `ends` is left to whoever goes on from there; but where that is `at`, this one instant is judged.
        """
        scene = self._scene
        first = scene.at
        self._evolve(first)
        last = max(min(scene.next_boundary(), ends) - 1, first)
        clear = min(self._foreseen(rule, ends) for rule in self.group.rules) if last + 1 < ends else last
        if clear > last:
            last = min(clear, ends - 1)
        else:
            self._judge_all(first, last)
        scene.at = min(last + 1, max(ends, first))
        return scene.at >= ends

    def _foreseen(self, rule: Rule, ends: int) -> int:
        """Up to when (virtual ns) it is known that a rule stays as it is."""
        lookahead = self._lookahead(rule)
        lookahead.foresee(self._scene, ends)
        return lookahead.until

    def _lookahead(self, rule: Rule) -> Lookahead:
        """Of what would change how it is with a rule."""
        return self._lookaheads[rule.name][rule.name in self.lasting]

    def now(self) -> tuple[list[Found], list[Found]]:
        """What is broken at `at`, and what ends there, if nothing more happens at this instant. The watch itself stays where it is."""
        scene = self._scene
        here = Scene(scene.plant, scene.anchors, scene.at, scene.seed)
        here.evolve(limit=LOOKS)
        held = [rule for rule in self.group.rules if rule.when.holds(here.value)]
        lasting = [self.lasting.get(rule.name, Found(rule.name, scene.at, None, self.cause)) for rule in held]
        names = {rule.name for rule in held}
        return lasting, [each._replace(ends=scene.at) for each in self.lasting.values() if each.rule not in names]

    # -- between two boundaries ------------------------------------------------------------------------------------

    def _evolve(self, at: int) -> None:
        scene = self._scene
        for name, anchor in scene.anchors.items():
            blocked: list[Blocked] = []
            scene.anchors[name], _ = plants.evolve(scene.cell(name), anchor, at, scene.seed, limit=LOOKS, blocked=blocked)
            self._take(blocked)

    def _judge_all(self, first: int, last: int) -> None:
        """All that begins and ends from `first` to `last` (virtual ns), between which there is no boundary."""
        mask = self.precedents.broken(self._scene, last) if self.precedents else None
        if self.precedents and mask is not None:
            self.hold(self.precedents.names(mask))
        else:
            for rule in self.group.rules:
                self._judge(rule, first, last)

    def _judge(self, rule: Rule, first: int, last: int) -> None:
        """The same of one rule."""
        scene, at = self._scene, first
        while at <= last:
            scene.at = at
            lookahead = self._lookahead(rule)
            if lookahead.lasts(scene, last):
                return
            turn = self._sought(lookahead.condition, at, last)
            if turn is None:
                return
            self._turn(rule, turn)
            at = turn + 1

    def _sought(self, condition: Condition, first: int, last: int) -> int | None:
        scene = self._scene
        there = Scene(scene.plant, scene.anchors, first, scene.seed)
        sought = seek(there, condition, last, limit=LOOKS)
        while not sought.done:
            sought = seek(there, condition, last, limit=LOOKS)
        return sought.at

    def _turn(self, rule: Rule, at: int) -> None:
        begun = self.lasting.pop(rule.name, None)
        if begun is None:
            self.lasting[rule.name] = Found(rule.name, at, None, self.cause)
        elif counts(rule, begun.begins, at):
            self.found.append(begun._replace(ends=at))

    # -- orders that were blocked ----------------------------------------------------------------------------------

    def _take(self, blocked: Iterable[Blocked]) -> None:
        names = {rule.name for rule in self.group.rules}
        for each in blocked:
            if each.rule in names:
                self._block(each)

    def _block(self, order: Blocked) -> None:
        over = [each for each in self.blocks if order.at - (each.ends or 0) > APART]
        self.found += over
        self.blocks = [each for each in self.blocks if each not in over]
        for number, each in enumerate(self.blocks):
            if each.rule == order.rule and each.block is not None and each.block[:3] == order[1:4]:
                self.blocks[number] = each._replace(ends=order.at, block=each.block._replace(times=each.block.times + 1))
                return
        self.blocks.append(Found(order.rule, order.at, order.at, self.cause, Block(order.controller, order.output, order.verb, 1)))


def counts(rule: Rule, begins: int, ends: int) -> bool:
    """Whether it has been broken for long enough."""
    return ends - begins >= rule.hold_off
