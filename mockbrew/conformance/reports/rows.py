"""A verification as rows for people: each difference, what was skipped and why, and what it comes to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from mockbrew.conformance.reports.texts import side_by_side, visible
from mockbrew.conformance.results import CHECKS, FAILED, PASSED, SKIPPED, Check, Difference, Report

DIFFERENCES = ("check", "device", "url", "where", "expected", "got")
SKIPS = ("skipped", "checks", "why")
RIG = "(rig)"
LISTED = 6  # devices, and names of checks, in one row of what was skipped

FORMAL = frozenset({"head", "methods", "bad-argument", "unknown-path"})  # checks of methods and mistakes
MANY = 3  # checks that fail alike are one row
EXAMPLES = 2  # differences alike of one check
STATUS = 3  # digits
OWN = re.compile(r'"[^"]*"?|-?[0-9.]+|[A-Za-z_]\w*(?=\.)')  # of a device: texts, numbers, names before a dot

Row = tuple[str, ...]


def differences(report: Report) -> list[Row]:
    """A row for each difference, and one for many checks that failed alike; the columns are `DIFFERENCES`."""
    alike: dict[tuple[str, ...], list[Check]] = {}
    for check in _failed(report):
        alike.setdefault(_cause(check), []).append(check)
    return [row for checks in alike.values() for row in (_together(checks) if len(checks) >= MANY else _apart(checks))]


def _failed(report: Report) -> list[Check]:
    """What the rig does first; what it makes of requests that few clients send must not hide it."""
    return sorted(report.of(FAILED), key=lambda check: check.name in FORMAL)


def _cause(check: Check) -> tuple[str, ...]:
    """What is the same where one cause makes checks of many devices fail: the form of what differs."""
    return check.name, check.reason, *dict.fromkeys(_shape(each) for each in _told(check))


def _shape(difference: Difference) -> str:
    return "\n".join(map(_form, (difference.where, difference.expected, difference.got)))


def _told(check: Check) -> Iterator[Difference]:
    """Its differences; the URL has a column of its own."""
    return (replace(each, where=each.where.removesuffix(f" {check.url}")) for each in check.differences)


def _form(text: str) -> str:
    """A text without what is the device's own; a status is what it is."""
    return text if text.isdecimal() and len(text) == STATUS else OWN.sub("_", text)


def _together(checks: Sequence[Check]) -> list[Row]:
    """The first one stands for all."""
    first, more = checks[0], f" and {len(checks) - 1} more alike"
    rows = list(_differences(first))
    name, _, url, *rest = rows[0]
    return [(name, some(map(owner, checks)), f"{url}{more}", *rest), *rows[1:]]


def _apart(checks: Sequence[Check]) -> list[Row]:
    return [row for check in checks for row in _differences(check)]


def _differences(check: Check) -> Iterator[Row]:
    said = check.name, owner(check), visible(check.url)
    shapes = Counter[str]()
    for difference in _told(check):
        shapes[shape := _shape(difference)] += 1
        if shapes[shape] > EXAMPLES:
            continue
        yield (*said, visible(difference.where), *side_by_side(difference.expected, difference.got))
        said = "", "", ""


def meanings(report: Report) -> list[str]:
    """What each sort of failed check held the server to, and what was said of single ones."""
    failed = _failed(report)
    names = dict.fromkeys(check.name for check in failed)
    reasons: dict[tuple[str, str], list[Check]] = {}
    for check in failed:
        if check.reason:
            reasons.setdefault((check.name, check.reason), []).append(check)
    said = (f"{name} of {_owners(checks)}: {visible(reason)}" for (name, reason), checks in reasons.items())
    return [*(f"{name}: {CHECKS.get(name, name)}" for name in names), *said]


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


def unrestored(report: Report) -> list[str]:
    """What is not as it was found: all devices of which the same is to be said in one line."""
    grouped: dict[str, list[str]] = {}
    for sentence in report.unrestored:
        name, colon, why = sentence.partition(": ")
        grouped.setdefault(why if colon else sentence, []).append(name if colon else "")
    return [f"{', '.join(names)}: {why}" if any(names) else why for why, names in grouped.items()]


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
