"""Judging first: what ends a run or keeps it waits until all of it has been judged for hazards, or for as long as one request may take."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from mockbrew.budget import Budget
from mockbrew.drafts import Draft
from mockbrew.errors import DamagedCell, NoSuchRig, StillEvolving
from mockbrew.judgement import lasting, settle
from mockbrew.rigs import UNDER_LOCK, Rigs

ATTEMPTS = 10  # at a rig that others command meanwhile

log = logging.getLogger(__name__)

Result = TypeVar("Result")


def judged_first(rigs: Rigs, rig: str, apply: Callable[[int, Draft], Result | None], judge: Callable[[Rigs, str, Budget], bool]) -> Result:
    """Change a rig when all that it went through has been judged for hazards, or when that takes longer than one request may.

    apply: None, and nothing done, if not all has been judged and there are attempts left. judge: `judge` or `judge_if_there`.
    """
    result, attempts, patience = None, ATTEMPTS, rigs.patience()
    while result is None:
        attempts = attempts - 1 if judge(rigs, rig, patience) else 0
        result = rigs.change(rig, (), partial(apply, attempts))
    return result


def judge(rigs: Rigs, rig: str, patience: Budget) -> bool:
    """Whether all of it could be judged. Raises NoSuchRig, and as `Rigs.judged`."""
    try:
        rigs.judged(rig, patience)
    except (DamagedCell, StillEvolving) as error:  # what can't be computed any more, or not soon, can still be kept and taken back
        log.warning("rig %r: not all that it went through is judged for hazards before its snapshot is taken or restored: %s", rig, error)
        return False
    return True


def judge_if_there(rigs: Rigs, rig: str, patience: Budget) -> bool:
    """The same of a rig that is made if it is not there yet."""
    try:
        return judge(rigs, rig, patience)
    except NoSuchRig:  # it is about to be made
        return True


def settled(rigs: Rigs, draft: Draft) -> bool:
    """Whether all that happened has been judged; not if somebody commanded the rig just now, or what is there is damaged."""
    try:
        return settle(draft.transaction, rigs.plant, draft.row, draft.at, rigs.anchors.budget(UNDER_LOCK))
    except DamagedCell:
        return False


def lasting_in(rigs: Rigs, draft: Draft) -> dict[str, str] | None:
    """What lasts, of a rig all of which has been judged; None of another."""
    try:
        return lasting(draft.transaction, rigs.plant, draft.row, draft.at, rigs.anchors.budget(UNDER_LOCK))
    except DamagedCell:
        return None


def said(judged: bool) -> Mapping[str, Any]:  # noqa: FBT001 - what is said
    """What the journal says of a change, when not all was judged before."""
    return {} if judged else {"unjudged": True}
