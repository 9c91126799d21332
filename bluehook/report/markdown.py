"""A comment for a pull request: one table, the details folded away, never longer than GitHub takes.

The first line is a hidden mark by which a bot finds its earlier comment and replaces it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bluehook.findings import Finding, Result, blocking
from bluehook.report import Options
from bluehook.report import _wording as wording
from bluehook.report._markdown import block, cell, code, prose
from bluehook.report._visible import visible
from bluehook.weaknesses import TABLE

MARK = "<!-- bluehook -->"
_LONGEST_SNIPPET = 2_000
_LONGEST_TEXT = 1_000
_LONGEST_STEP = 200
# What the headings and the counts of left-out parts may take of the whole.
_RESERVE = 2_000


def render(result: Result, options: Options) -> str:
    """What counts, gravest first; parts that do not fit into ``options.limit`` bytes are counted."""
    shown = result.shown()
    room = max(0, options.limit - _RESERVE)
    undone = _undone(result)
    problems = _fitting(map(_problem, undone), room // 4)
    rows = _fitting(map(_row, shown), room // 3)
    details = _fitting(map(_detail, shown), room - _size(problems) - _size(rows))
    unlisted, unfolded, missing = len(shown) - len(rows), len(shown) - len(details), len(undone) - len(problems)
    parts = [MARK, f"### bluehook: {_headline(result)}"]
    if rows:
        parts.append("\n".join(["| verdict | where | weakness |", "| --- | --- | --- |", *rows]))
    parts += [_more(unlisted, "finding", "not listed")] if unlisted else []
    parts += details
    parts += [_more(unfolded, "finding", "without details")] if unfolded else []
    if problems or missing:
        parts.append("\n".join(["**Not looked at**", "", *problems]))
    parts += [_more(missing, "problem", "not listed")] if missing else []
    parts.append(_footer(result))
    return "\n\n".join(parts) + "\n"


def _headline(result: Result) -> str:
    stops = blocking(result.findings)
    if stops:
        verb = "blocks" if len(stops) == 1 else "block"
        return f"{wording.counted(len(stops), 'finding')} {verb} ({wording.by_verdict(stops)})"
    return "nothing blocks" if result.files or result.findings else "nothing to scan"


def _undone(result: Result) -> list[str]:
    missing = [wording.problem_line(problem) for problem in wording.unfinished(result)]
    return missing + wording.idle_stages(result)


def _problem(text: str) -> str:
    return f"- {code(_clipped(text, _LONGEST_TEXT))}"


def _row(finding: Finding) -> str:
    row = TABLE[finding.weakness]
    inside = f" in {cell(finding.symbol)}" if finding.symbol else ""
    verdict = f"**{finding.verdict.value}**" if finding.blocks else finding.verdict.value
    return f"| {verdict} | {cell(_line(finding))}{inside} | {prose(row.title)} ([CWE-{row.cwe}]({row.url})) |"


def _detail(finding: Finding) -> str:
    row = TABLE[finding.weakness]
    summary = f"{finding.verdict.value}: {prose(row.title)}, <code>{prose(_line(finding))}</code>"
    items = [f"- **{key.capitalize()}:** {code(_clipped(text, _LONGEST_TEXT))}" for key, text in wording.proof(finding)]
    items = [*_flow(finding), *items]
    items += [
        f"- **Why:** {prose(_clipped(wording.why(finding), _LONGEST_TEXT))}",
        f"- **Fix:** {prose(row.fix)}",
        f"- **Ignore:** {code(wording.ignore_comment(finding))}",
        f"- **Evidence:** {code(f'bluehook explain {finding.id}')}",
    ]
    snippet = block(_clipped(wording.statement(finding), _LONGEST_SNIPPET), "python")
    return f"<details><summary>{summary}</summary>\n\n{snippet}\n\n" + "\n".join(items) + "\n\n</details>"


def _flow(finding: Finding) -> list[str]:
    steps, hidden = wording.short_trace(finding)
    stations = [code(_clipped(step.text, _LONGEST_STEP)) for step in steps if step.text]
    if hidden:
        stations.insert(-1, f"({wording.counted(hidden, 'more step')})")
    return [f"- **Flow:** {' → '.join(stations)}"] if stations else []


def _footer(result: Result) -> str:
    uncounted = [f for f in result.findings if f.suppressed is not None]
    told = [f"{wording.counted(result.files, 'file')} in {result.seconds:.2f} s", f"bluehook {visible(result.version)}"]
    refuted = len(result.findings) - len(result.shown()) - len(uncounted)
    told += [f"{refuted} refuted"] if refuted else []
    told += [f"{len(uncounted)} suppressed"] if uncounted else []
    return ", ".join(told)


def _line(finding: Finding) -> str:
    return f"{finding.location.path}:{finding.location.line}"


def _more(number: int, noun: str, how: str) -> str:
    return f"*{wording.counted(number, f'more {noun}')} {how}: the comment would be too long.*"


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]} ..."


def _size(parts: Sequence[str]) -> int:
    """Bytes of the parts, with the blank line between two of them."""
    return sum(len(part.encode("utf-8")) + 2 for part in parts)


def _fitting(parts: Iterable[str], room: int) -> list[str]:
    """The first parts that fit into so many bytes; asks for no more of them than it must."""
    kept: list[str] = []
    for part in parts:
        room -= _size([part])
        if room < 0:
            break
        kept.append(part)
    return kept
