"""GitLab's SAST report, for ``artifacts: reports: sast``.

Schema 15.0.6 of https://gitlab.com/gitlab-org/security-products/security-report-schemas: old enough for the versions of
GitLab in use (16.2 lists it), and nothing newer is needed here.
"""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from bluehook.findings import Finding, Result, Verdict
from bluehook.report import Options
from bluehook.report import _wording as wording
from bluehook.report._document import dumps
from bluehook.report._markdown import prose
from bluehook.report._visible import visible
from bluehook.weaknesses import TABLE, Weakness

VERSION = "15.0.6"
_SCHEMA = (
    "https://gitlab.com/gitlab-org/security-products/security-report-schemas"
    f"/-/raw/v{VERSION}/dist/sast-report-format.json"
)
_NAMESPACE = uuid.UUID("0f7a4f0e-6f0b-5d3c-9a53-6a1d1c4f2b7e")
_BANDS = [(9.0, "Critical"), (7.0, "High"), (4.0, "Medium"), (0.0, "Low")]
_BELOW = {"Critical": "High", "High": "Medium", "Medium": "Low", "Low": "Info"}

Json = dict[str, Any]


def render(result: Result, options: Options) -> str:
    """What counts: suppressed and refuted findings are left out, GitLab has no place for them.

    Without ``options.started`` and ``options.ended`` the run is taken to end now, for the times are required.
    """
    ended = options.ended or datetime.datetime.now(datetime.timezone.utc)
    started = options.started or ended - datetime.timedelta(seconds=result.seconds)
    return dumps(
        {
            "version": VERSION,
            "schema": _SCHEMA,
            "scan": _scan(result, started, ended),
            "vulnerabilities": [_vulnerability(finding) for finding in result.shown()],
        }
    )


def severity(finding: Finding) -> str:
    """GitLab's word for the weakness's score (the CVSS bands); one step lower where nothing has confirmed it."""
    score = TABLE[finding.weakness].severity
    word = next(word for least, word in _BANDS if score >= least)
    return _BELOW[word] if finding.verdict is Verdict.POSSIBLE else word


def _scan(result: Result, started: datetime.datetime, ended: datetime.datetime) -> Json:
    tool = {
        "id": "bluehook",
        "name": "bluehook",
        "version": visible(result.version) or "unknown",
        "vendor": {"name": "The bluehook developers"},
    }
    failed = any(stage.state == "failed" for stage in result.stages)
    scan: Json = {
        "type": "sast",
        "analyzer": tool,
        "scanner": tool,
        "start_time": _utc(started),
        "end_time": _utc(ended),
        # On a success GitLab takes whatever is missing for fixed.
        "status": "failure" if failed or wording.unfinished(result) else "success",
    }
    messages = [("warn" if p.incomplete else "info", wording.problem_line(p)) for p in result.problems]
    messages += [("info", text) for text in wording.idle_stages(result)]
    if messages:
        scan["messages"] = [{"level": level, "value": value} for level, value in messages]
    return scan


def _vulnerability(finding: Finding) -> Json:
    row = TABLE[finding.weakness]
    place = finding.location
    where: Json = {"file": place.path, "start_line": place.line, "end_line": max(place.line, place.end_line)}
    tracked = {**where, "signatures": [{"algorithm": "hash", "value": finding.id}]}
    return {
        "id": str(uuid.uuid5(_NAMESPACE, finding.id)),
        "category": "sast",
        "name": row.title,
        "description": prose(wording.why(finding)),
        "severity": severity(finding),
        "solution": row.fix,
        "identifiers": _identifiers(row),
        "location": {**where, "method": visible(finding.symbol)} if finding.symbol else where,
        "tracking": {"type": "source", "items": [tracked]},
        "details": _details(finding),
    }


def _identifiers(row: Weakness) -> list[Json]:
    return [
        {"type": "bluehook_rule", "name": f"bluehook {row.slug}", "value": row.slug, "url": row.url},
        {"type": "cwe", "name": f"CWE-{row.cwe}", "value": str(row.cwe), "url": row.url},
    ]


def _details(finding: Finding) -> Json:
    texts = [("verdict", finding.verdict.value), ("engines", ", ".join(map(visible, wording.engines(finding))))]
    texts += wording.proof(finding)
    return {key: {"type": "text", "name": key.capitalize(), "value": text} for key, text in texts}


def _utc(time: datetime.datetime) -> str:
    aware = time if time.tzinfo else time.replace(tzinfo=datetime.timezone.utc)
    return aware.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
