"""A verification as rows for people: each difference, what was skipped and why, and what it comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from mockbrew.conformance.reports.texts import side_by_side, visible
from mockbrew.conformance.results import CHECKS, FAILED, PASSED, SKIPPED, Check, Report

DIFFERENCES = ("check", "device", "url", "where", "expected", "got")
SKIPS = ("skipped", "checks", "why")
RIG = "(rig)"
LISTED = 6  # devices, and names of checks, in one row of what was skipped

Row = tuple[str, ...]


def differences(report: Report) -> list[Row]:
    """A row for each difference; the columns are `DIFFERENCES`."""
    return [row for check in report.of(FAILED) for row in _differences(check)]


def _differences(check: Check) -> Iterator[Row]:
    said = check.name, owner(check), visible(check.url)
    for difference in check.differences:
        yield (*said, visible(difference.where), *side_by_side(difference.expected, difference.got))
        said = "", "", ""


def meanings(report: Report) -> list[str]:
    """What each sort of failed check held the server to, and what was said of single ones."""
    failed = report.of(FAILED)
    names = dict.fromkeys(check.name for check in failed)
    reasons = dict.fromkeys(f"{check.name} of {owner(check)}: {visible(check.reason)}" for check in failed if check.reason)
    return [*(f"{name}: {CHECKS.get(name, name)}" for name in names), *reasons]


def skips(report: Report) -> list[Row]:
    """A row for each reason; the columns are `SKIPS`."""
    grouped: dict[str, list[Check]] = {}
    for check in report.of(SKIPPED):
        grouped.setdefault(check.reason, []).append(check)
    return [
        (_owners(checks), f"{len(checks)}: {some(check.name for check in checks)}", visible(reason)) for reason, checks in grouped.items()
    ]


def passes(report: Report) -> str:
    """`210 checks passed: 73 status, 73 content-type, ...`, or nothing."""
    checks = report.of(PASSED)
    return f"{_number(len(checks), 'check')} passed: {_counted(checks)}" if checks else ""


def verdict(report: Report) -> str:
    """In one line, whether the server keeps the contract."""
    failed, skipped = report.of(FAILED), report.of(SKIPPED)
    but = f"; {len(skipped)} skipped" if skipped else ""
    if report.passed:
        return f"{visible(report.server)} keeps the contract{but}"
    wrong = [
        *([f"{len(failed)} of {_number(len(report.checks) - len(skipped), 'check')} failed"] if failed else []),
        *(["it stopped early"] if report.stopped else []),
        *(["not all is as it was found"] if report.unrestored else []),
    ]
    return f"{visible(report.server)}: {'; '.join(wrong) or 'nothing was checked'}{but}"


def heading(report: Report) -> str:
    """What was held against what, how long it took and how time went by."""
    asked = "commands were sent" if report.commanded else "nothing was commanded"
    title = f"{report.spec!r}" if report.spec else "a spec without a title"
    return f"{visible(report.server)} against {title} ({report.digest[:12]}): {report.seconds:.1f} s, {report.pace} time, {asked}"


def owner(check: Check) -> str:
    """The device, or that it is the rig's."""
    return check.device or RIG


def _owners(checks: Iterable[Check]) -> str:
    return some(owner(check) for check in checks)


def some(words: Iterable[str]) -> str:
    """Each once, the first few of them."""
    names = list(dict.fromkeys(words))
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return f"{', '.join(names[:LISTED])}{more}"


def _counted(checks: Sequence[Check]) -> str:
    return ", ".join(f"{count} {name}" for name, count in Counter(check.name for check in checks).items())


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
