"""A verification as JUnit XML, as build servers show it: a case for each check, and one each for what is not about a single check.

A server may answer anything, and XML takes no control characters and no halves of surrogate pairs: `texts.visible` escapes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as Xml

from mockbrew.conformance.reports.rows import owner
from mockbrew.conformance.reports.texts import of_bytes, visible
from mockbrew.conformance.results import CHECKS, FAILED, SKIPPED, Check, Exchange, Report

DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
SUITE = "mockbrew verify"


def junit(report: Report) -> bytes:
    """The whole file, in UTF-8."""
    errors = list(_errors(report))
    cases = [*map(_case, report.checks), *errors]
    count = {"tests": len(cases), "failures": len(report.of(FAILED)), "errors": len(errors), "skipped": len(report.of(SKIPPED))}
    numbers = {name: str(number) for name, number in count.items()} | {"time": f"{report.seconds:.3f}"}
    suites = Xml.Element("testsuites", {"name": SUITE, **{name: numbers[name] for name in ("tests", "failures", "errors", "time")}})
    suite = Xml.SubElement(suites, "testsuite", {"name": f"{SUITE} {visible(report.server)}", **numbers})
    suite.append(_properties(report))
    suite.extend(cases)
    Xml.indent(suites)
    return DECLARATION + Xml.tostring(suites, encoding="utf-8") + b"\n"


def _properties(report: Report) -> Xml.Element:
    properties = Xml.Element("properties")
    said = {"server": report.server, "spec": report.spec, "digest": report.digest, "pace": report.pace}
    for name, value in said.items():
        Xml.SubElement(properties, "property", {"name": name, "value": visible(value)})
    return properties


def _case(check: Check) -> Xml.Element:
    """What identifies it is its class and name: build servers follow a case by these from run to run."""
    case = _named(owner(check), f"{check.name} {check.endpoint or ''} {visible(check.url)}".replace("  ", " "), _took(check))
    if check.outcome == SKIPPED:
        Xml.SubElement(case, "skipped", {"message": visible(check.reason)})
    elif check.outcome == FAILED:
        failure = Xml.SubElement(case, "failure", {"type": check.name, "message": CHECKS.get(check.name, check.name)})
        failure.text = "\n".join(["", *_story(check), ""])
    return case


def _named(owner: str, name: str, seconds: float = 0.0) -> Xml.Element:
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
    answer = f"{exchange.status} {kind} {of_bytes(exchange.body)}" if exchange.status else exchange.failure
    return f"{exchange.method} {visible(exchange.url)} -> {visible(answer)}"


def _errors(report: Report) -> Iterator[Xml.Element]:
    """What makes a run bad though no check says so."""
    if report.stopped:
        yield _error("runs to its end", report.stopped)
    for number, sentence in enumerate(report.unrestored, 1):
        yield _error(f"leaves what it found, {number}", sentence)


def _error(name: str, message: str) -> Xml.Element:
    case = _named("run", name)
    Xml.SubElement(case, "error", {"type": "run", "message": visible(message)})
    return case
