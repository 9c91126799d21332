"""The pages of ``bluehook explain``: one finding with all that was said about it, or one weakness."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from bluehook.findings import Evidence, Finding, Says
from bluehook.report import _wording as wording
from bluehook.report._visible import one_line, visible
from bluehook.weaknesses import TABLE, Weakness

_CLAIM = {
    Says.HINTS: "hints: raises suspicion only",
    Says.SUSPECTS: "suspects: nothing has confirmed it",
    Says.SHOWS: "shows: strong static evidence, or an effect whose input is assumed",
    Says.PROVES: "proves: an attack ran and its effect was seen",
    Says.REFUTES: "refutes: every attack was neutralised, and the sink was reached",
    Says.INSENSITIVE: "insensitive: the sink was reached and its argument never changed",
    Says.RAISES: "raises: the checker, backed by a constitution, takes it for real",
    Says.LOWERS: "lowers: the checker takes it for harmless",
    Says.NOTES: "notes: changes nothing",
}


def finding_page(finding: Finding, reasons: Sequence[str], width: int) -> str:
    """Place, verdict and its reasons, source text, every piece of evidence in the order it came, and the ways out.

    ``reasons`` are those that the decision gives; ``width`` is in columns. All text of the finding is made harmless.
    """
    row = TABLE[finding.weakness]
    lines = [
        f"{finding.verdict.value}: {row.title} ({row.slug}, {wording.cwe(finding)})",
        wording.place(finding.location) + (f" in {visible(finding.symbol)}" if finding.symbol else ""),
        *([f"id {visible(finding.id)}"] if finding.id else []),
        "it blocks" if finding.blocks and finding.suppressed is None else "it does not block",
    ]
    if finding.suppressed is not None:
        lines.append(f"suppressed: {one_line(finding.suppressed)}")
    lines += ["", *(f"    {visible(line, keep=chr(9))}" for line in wording.statement(finding).splitlines()), ""]
    lines += ["Why this verdict", *_bullets(reasons, width), ""]
    for number, evidence in enumerate(finding.evidence, start=1):
        lines += [*_evidence(number, evidence, width), ""]
    lines += [*_paragraph("attack", row.attack, width), *_paragraph("fix", row.fix, width)]
    lines += [f"  ignore  {wording.ignore_comment(finding)}", f"  about   {row.url}"]
    return "\n".join(lines) + "\n"


def weakness_page(row: Weakness, width: int) -> str:
    """What one weakness is, what an attacker does with it, what to do instead, and how to ignore it."""
    numbers = ", ".join(f"CWE-{number}" for number in (row.cwe, *row.kin))
    lines = [
        f"{row.slug}: {row.title}",
        f"CWE-{row.cwe}, severity {row.severity:.1f} of 10",
        "",
        *_paragraph("attack", row.attack, width),
        *_paragraph("fix", row.fix, width),
        f"  ignore  # bluehook: ignore[{row.slug}] reason",
        *_paragraph("names", f"{row.slug}, {numbers}", width),
        f"  about   {row.url}",
    ]
    return "\n".join(lines) + "\n"


def _evidence(number: int, evidence: Evidence, width: int) -> Iterator[str]:
    yield f"{number}. {visible(evidence.engine)} {visible(evidence.rule)} {_CLAIM[evidence.says]}"
    if evidence.message:
        yield from wrapped(one_line(evidence.message), "   ", "   ", width)
    for index, step in enumerate(evidence.trace):
        arrow = "-> " if index else "   "
        yield f"   {arrow}{wording.place(step.location)}: {one_line(step.text)}"
    for key, value in evidence.details.items():
        shown = visible(value, keep="\n").splitlines() or [""]
        yield f"   {visible(key)}: {shown[0]}"
        yield from (f"      {line}" for line in shown[1:])


def _bullets(texts: Sequence[str], width: int) -> Iterator[str]:
    if not texts:
        yield "  - no reason was recorded"
    for text in texts:
        yield from wrapped(one_line(text), "  - ", "    ", width)


def _paragraph(label: str, text: str, width: int) -> list[str]:
    return wrapped(text, f"  {label:<7} ", " " * 10, width)


def wrapped(text: str, first: str, later: str, width: int) -> list[str]:
    """The text as lines of ``width`` columns, 40 at least; the first begins with ``first``, others with ``later``."""
    return textwrap.wrap(
        text,
        max(40, width),
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )
