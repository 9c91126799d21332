"""SARIF 2.1.0 as GitHub code scanning takes it.

The specification is at https://docs.oasis-open.org/sarif/sarif/v2.1.0/; which of its fields GitHub reads is said at
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning.
"""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from bluehook.findings import Finding, Location, Problem, Result, Step, Verdict
from bluehook.report import Options
from bluehook.report import _wording as wording
from bluehook.report._document import dumps
from bluehook.report._linehash import line_hashes
from bluehook.report._markdown import prose
from bluehook.report._visible import one_line, visible, well_formed
from bluehook.weaknesses import TABLE, Weakness

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
# How the reasons begin that do not stand in the file itself.
_OUTSIDE = ("baseline", "left out by the configuration")
_RANK = {Verdict.PROVEN: 100.0, Verdict.LIKELY: 75.0, Verdict.POSSIBLE: 25.0, Verdict.REFUTED: 0.0}

Json = dict[str, Any]


def render(result: Result, options: Options) -> str:
    """One run. What does not count is left out unless ``options.suppressed``.

    GitHub looks at neither ``suppressions`` nor ``kind``: suppressed and refuted findings would come back as alerts.
    """
    findings = result.findings if options.suppressed else result.shown()
    slugs = sorted({finding.weakness for finding in findings})
    hashes = _LineHashes(options)
    run = {
        "tool": {
            "driver": {
                "name": "bluehook",
                "version": visible(result.version),
                "rules": [_rule(TABLE[slug]) for slug in slugs],
            }
        },
        "automationDetails": {"id": f"{visible(options.category)}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The root of the scan: the top of the repository, if there is one."}}
        },
        "invocations": [_invocation(result, options)],
        "results": [_result(finding, slugs.index(finding.weakness), result, hashes) for finding in findings],
    }
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def level(finding: Finding, fail_on: str) -> str:
    """``error``, ``warning`` or ``none``.

    An error is what blocks, and what only does not because it is suppressed or because the threshold of this run
    (``fail_on``) is set above its verdict. Whatever else was let through (in a test, say) is a warning.
    """
    if finding.verdict is Verdict.REFUTED:
        return "none"
    if finding.blocks:
        return "error"
    strong = finding.verdict.rank >= Verdict.LIKELY.rank
    spared = finding.suppressed is not None or not _reaches(finding.verdict, fail_on)
    return "error" if strong and spared else "warning"


def uri(path: str) -> str:
    """A path below the root as a relative reference (RFC 3986): its bytes, percent-encoded."""
    try:
        octets = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        # Half of a surrogate pair, as Windows allows in file names: no bytes stand behind it.
        octets = well_formed(path).encode()
    return quote(octets, safe="/")


class _LineHashes:
    """GitHub's line hashes, computed once a file and only for files that are asked for."""

    def __init__(self, options: Options) -> None:
        self._read = options.read
        self._known: dict[str, list[str]] = {}

    def at(self, location: Location) -> str | None:
        """The hash of the line that the span starts on; ``None`` when the file or the line cannot be had."""
        if location.path not in self._known:
            data = self._read(location.path) if self._read else None
            self._known[location.path] = [] if data is None else line_hashes(data)
        known = self._known[location.path]
        return known[location.line - 1] if 1 <= location.line <= len(known) else None


def _reaches(verdict: Verdict, fail_on: str) -> bool:
    thresholds = {item.value: item.rank for item in Verdict}
    return fail_on in thresholds and verdict.rank >= thresholds[fail_on]


def _rule(row: Weakness) -> Json:
    name = "".join(part.capitalize() for part in row.slug.split("-"))
    text = f"{row.attack}\n\nFix: {row.fix}\n\nIgnore: # bluehook: ignore[{row.slug}] reason"
    markdown = (
        f"{prose(row.attack)}\n\n**Fix:** {prose(row.fix)}\n\n**Ignore:** `# bluehook: ignore[{row.slug}] reason`"
    )
    return {
        "id": row.slug,
        "name": name,
        "shortDescription": {"text": row.title},
        "fullDescription": {"text": f"{row.title}. {row.attack}"},
        "help": {"text": text, "markdown": f"{markdown}\n\n[CWE-{row.cwe}]({row.url})"},
        "helpUri": row.url,
        "defaultConfiguration": {"level": "error"},
        "properties": {
            "precision": "high",
            "problem.severity": "error",
            "security-severity": f"{row.severity:.1f}",
            "tags": ["security", f"external/cwe/cwe-{row.cwe:03d}"],
        },
    }


def _result(finding: Finding, rule_index: int, result: Result, hashes: _LineHashes) -> Json:
    place = _location(finding.location)
    if finding.symbol:
        place["logicalLocations"] = [{"fullyQualifiedName": visible(finding.symbol)}]
    entry: Json = {
        "ruleId": finding.weakness,
        "ruleIndex": rule_index,
        "level": level(finding, result.fail_on),
        "kind": "pass" if finding.verdict is Verdict.REFUTED else "fail",
        "rank": _RANK[finding.verdict],
        "message": {"text": _message(finding)},
        "locations": [place],
        "partialFingerprints": _fingerprints(finding, hashes),
        "properties": {
            "verdict": finding.verdict.value,
            "blocks": finding.blocks,
            "cwe": wording.cwe(finding),
            "engines": wording.engines(finding),
        },
    }
    steps = wording.trace(finding)
    if steps:
        entry["codeFlows"] = [{"threadFlows": [{"locations": [{"location": _step(step)} for step in steps]}]}]
        entry["relatedLocations"] = [{"id": 1, **_step(steps[0])}]
    if finding.suppressed is not None:
        entry["suppressions"] = [_suppression(finding.suppressed)]
    return entry


def _message(finding: Finding) -> str:
    title = TABLE[finding.weakness].title
    sentences = [f"{finding.verdict.value.capitalize()}: {title}.", wording.why(finding)]
    if finding.verdict is Verdict.PROVEN:
        sentences += [f"{key.capitalize()}: {text}" for key, text in wording.proof(finding)]
    return _plain("\n".join(sentences))


def _plain(text: str) -> str:
    # "[text](target)" in a SARIF message is a link (section 3.11.6); quoted code must not become one.
    return text.replace("](", "] (")


def _fingerprints(finding: Finding, hashes: _LineHashes) -> Json:
    fingerprints = {"bluehook/v1": finding.id} if finding.id else {}
    line_hash = hashes.at(finding.location)
    return fingerprints if line_hash is None else {"primaryLocationLineHash": line_hash, **fingerprints}


def _location(location: Location) -> Json:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri(location.path), "uriBaseId": _ROOT},
            "region": _region(location),
        }
    }


def _region(location: Location) -> Json:
    region = {"startLine": max(1, location.line), "startColumn": max(1, location.column)}
    if location.end_line >= location.line and location.end_column >= 1:
        region |= {"endLine": location.end_line, "endColumn": location.end_column}
    return region


def _step(step: Step) -> Json:
    return {**_location(step.location), "message": {"text": _plain(one_line(step.text)) or "passes here"}}


def _suppression(reason: str) -> Json:
    return {"kind": "external" if reason.startswith(_OUTSIDE) else "inSource", "justification": one_line(reason)}


def _invocation(result: Result, options: Options) -> Json:
    failed = any(stage.state == "failed" for stage in result.stages)
    notifications = [_notification(p, "error" if p.incomplete else "note") for p in result.problems]
    notifications += [_notification(note, "note") for note in result.notes]
    notifications += [
        {"level": "error" if stage.state == "failed" else "note", "message": {"text": text}}
        for stage, text in zip(
            (s for s in result.stages if s.state != "done"), wording.idle_stages(result), strict=True
        )
    ]
    invocation: Json = {
        "executionSuccessful": not failed and not wording.unfinished(result),
        "exitCode": result.exit_code,
        "toolExecutionNotifications": notifications,
    }
    if result.spend is not None:
        spend = {name: value for name, value in msgspec.to_builtins(result.spend).items() if value is not None}
        invocation["properties"] = {"bluehook/check": spend}
    for key, time in (("startTimeUtc", options.started), ("endTimeUtc", options.ended)):
        if time is not None:
            invocation[key] = _utc(time)
    return invocation


def _notification(problem: Problem, level: str) -> Json:
    notification: Json = {
        "level": level,
        "descriptor": {"id": visible(problem.stage) or "scan"},
        "message": {"text": wording.problem_line(problem)},
    }
    if problem.path is not None:
        notification["locations"] = [
            {"physicalLocation": {"artifactLocation": {"uri": uri(problem.path), "uriBaseId": _ROOT}}}
        ]
    return notification


def _utc(time: datetime.datetime) -> str:
    aware = time if time.tzinfo else time.replace(tzinfo=datetime.timezone.utc)
    return aware.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
