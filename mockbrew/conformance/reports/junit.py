"""A verification as JUnit XML, as build servers show it: a case for each check, and one each for what is not about a single check.

A server may answer anything, and XML takes no control characters and no halves of surrogate pairs: `texts.visible` escapes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.etree import ElementTree as Xml

from mockbrew.conformance.reports.rows import owner
from mockbrew.conformance.reports.texts import of_bytes, visible
from mockbrew.conformance.results import CHECKS, FAILED, SKIPPED, Check, Exchange, Report

DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
SUITE = "mockbrew verify"


def junit(report: Report) -> bytes:
    """The whole file of one server, in UTF-8."""
    said = {"server": report.server, "spec": report.spec, "digest": report.digest, "pace": report.pace}
    return suite(report.server, said, [*map(_case, report.checks), *errors(report)], report.seconds)


def suite(name: str, said: Mapping[str, str], cases: Sequence[Xml.Element], seconds: float) -> bytes:
    """A file of one suite with these properties and cases."""
    found = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    count = {word: str(sum(case.find(tag) is not None for case in cases)) for word, tag in found.items()}
    numbers = {"tests": str(len(cases)), **count, "time": f"{seconds:.3f}"}
    suites = Xml.Element("testsuites", {"name": SUITE, **{word: number for word, number in numbers.items() if word != "skipped"}})
    inner = Xml.SubElement(suites, "testsuite", {"name": f"{SUITE} {visible(name)}", **numbers})
    properties = Xml.SubElement(inner, "properties")
    for word, value in said.items():
        Xml.SubElement(properties, "property", {"name": word, "value": visible(value)})
    inner.extend(cases)
    Xml.indent(suites)
    text: bytes = Xml.tostring(suites, encoding="utf-8")
    return DECLARATION + text + b"\n"


def _case(check: Check) -> Xml.Element:
    """What identifies it is its class and name: build servers follow a case by these from run to run."""
    case = named(owner(check), f"{check.name} {check.endpoint or ''} {visible(check.url)}".replace("  ", " "), _took(check))
    if check.outcome == SKIPPED:
        Xml.SubElement(case, "skipped", {"message": visible(check.reason)})
    elif check.outcome == FAILED:
        failed(case, check.name, CHECKS.get(check.name, check.name), _story(check))
    return case


def failed(case: Xml.Element, sort: str, message: str, story: Iterable[str]) -> None:
    """Make a case one that failed."""
    failure = Xml.SubElement(case, "failure", {"type": sort, "message": visible(message)})
    failure.text = "\n".join(["", *story, ""])


def named(owner: str, name: str, seconds: float = 0.0) -> Xml.Element:
    """A case that passed."""
    return Xml.Element("testcase", {"classname": f"mockbrew.{visible(owner)}", "name": name, "time": f"{seconds:.3f}"})


def _took(check: Check) -> float:
    return sum(exchange.seconds for exchange in check.exchanges)


def _story(check: Check) -> Iterator[str]:
    for difference in check.differences:
        yield f"{visible(difference.where)}: expected {visible(difference.expected)}, got {visible(difference.got)}"
    if check.reason:
        yield visible(check.reason)
    yield from map(_line, check.exchanges)


def _line(exchange: Exchange) -> str:
    kind = exchange.headers.get("content-type", "")
    answer = f"{exchange.status} {kind} {of_bytes(exchange.body)}" if exchange.status > 0 else exchange.failure
    return f"{exchange.method} {visible(exchange.url)} -> {visible(answer)}"


def errors(report: Report) -> Iterator[Xml.Element]:
    """What makes a run bad though no check says so."""
    if report.stopped:
        yield _error("runs to its end", report.stopped)
    for number, sentence in enumerate(report.unrestored, 1):
        yield _error(f"leaves what it found, {number}", sentence)


def _error(name: str, message: str) -> Xml.Element:
    case = named("run", name)
    Xml.SubElement(case, "error", {"type": "run", "message": visible(message)})
    return case
