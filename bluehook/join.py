"""Detections of several engines at one place become one finding with several pieces of evidence."""

from __future__ import annotations

from collections.abc import Iterable

from bluehook.findings import Detection, Evidence, Finding, LineRange, Location, Says, by_place, numbered
from bluehook.parse import ParsedFile
from bluehook.weaknesses import kindred

_STRENGTH = {Says.SHOWS: 0, Says.SUSPECTS: 1, Says.HINTS: 2}


def join(file: ParsedFile, detections: Iterable[Detection]) -> list[Finding]:
    """The findings of one file, in the order of the text, each with its identity.

    Two detections meet where they stand in the same statement and name the same or a kindred weakness; the strongest
    one gives the finding its weakness and its place.
    """
    groups: list[tuple[LineRange, list[Detection]]] = []
    for detection in sorted(detections, key=_by_strength):
        statement = file.statement_at(detection.location.line, detection.location.column)
        lines = LineRange(statement.first_line, statement.last_line)
        for place, group in groups:
            if place == lines and kindred(group[0].weakness, detection.weakness):
                group.append(detection)
                break
        else:
            groups.append((lines, [detection]))
    findings = [_finding(file, lines, group) for lines, group in groups]
    findings.sort(key=by_place)
    return numbered(findings)


def late(file: ParsedFile, detection: Detection, others: Iterable[Finding]) -> Finding:
    """The finding of a detection that comes after ``others``, and is told apart from its twins among them."""
    [finding] = numbered(join(file, [detection]), others)
    return finding


def _by_strength(detection: Detection) -> tuple[int, bool, Location, str]:
    evidence = detection.evidence
    return (_STRENGTH.get(evidence.says, 3), not evidence.trace, detection.location, evidence.rule)


def _finding(file: ParsedFile, lines: LineRange, group: list[Detection]) -> Finding:
    first = group[0]
    function = file.function_at(first.location.line)
    return Finding(
        weakness=first.weakness,
        location=first.location,
        symbol=file.symbol_at(first.location.line),
        snippet=file.statement_at(first.location.line, first.location.column).text,
        evidence=_distinct([d.evidence for d in group]),
        scope=LineRange(function.first_line, function.last_line) if function else lines,
    )


def _distinct(pieces: list[Evidence]) -> list[Evidence]:
    return [piece for number, piece in enumerate(pieces) if piece not in pieces[:number]]
