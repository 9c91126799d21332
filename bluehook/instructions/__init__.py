"""From texts to findings: what in a file is a text, and what the judge says of each, in place.

``surfaces`` tells which files are looked at and as what, ``parts`` which texts are in one, ``limits`` from which score
an opinion counts, ``spots`` where in the file it stands, and ``ignores`` what is silenced there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from bluehook.config import InstructionSettings
from bluehook.decide import decide
from bluehook.findings import Evidence, Finding, LineRange, Problem, Says, SourceFile, numbered
from bluehook.instructions.ignores import DIRECTIVE, suppress
from bluehook.instructions.limits import thresholds
from bluehook.instructions.parts import ENGINE, Part, parts
from bluehook.instructions.spots import Spots
from bluehook.messages import STRIP, Cleanup, kept
from bluehook.text.judge import places
from bluehook.text.judgement import Band, Doubt, Opinion, Surface
from bluehook.text.principles import quoted

__all__ = ["ENGINE", "SAYS", "Asked", "Judged", "examine"]

SAYS = {Band.BLOCK: Says.SHOWS, Band.WARN: Says.SUSPECTS, Band.UNSURE: Says.HINTS}
_SNIPPET = 400
Asked = Callable[[Doubt, LineRange], Evidence | None]
"""Who understands a text better than the local model: given its doubt, and the lines of the file that it is about, a
word on it, or ``None``.
"""


class Judged(NamedTuple):
    """What is known of one text: findings, remarks on its ignore comments, what was not done."""

    findings: list[Finding]
    notes: list[Problem]
    problems: list[Problem]


def examine(
    source: SourceFile,
    surface: Surface,
    settings: InstructionSettings | None = None,
    *,
    field: str | None = None,
    require_reason: bool = False,
    ask: Asked | None = None,
    cleanup: Cleanup = STRIP,
) -> Judged:
    """Judge one file. ``field`` names the field of JSON that holds the texts; ``ask`` is asked where we are unsure, and
    ``cleanup`` says what git takes out of a commit message.
    """
    settings = settings or InstructionSettings()
    text = source.data.decode("utf-8", "replace")
    problems: list[Problem] = []
    findings: list[Finding] = []
    for part in parts(source.path, text, surface, field, problems):
        given = kept(part.text, cleanup) if surface is Surface.COMMIT_MESSAGE else part.text
        judged = places(
            DIRECTIVE.sub(lambda found: found[1].ljust(len(found[0])), given),
            surface=part.surface,
            thresholds=thresholds(part.surface, settings),
            only_certain=settings.only_certain,
        )
        if judged.incomplete:
            problems.append(Problem(ENGINE, judged.incomplete, source.path))
        findings += _findings(source.path, part, judged.opinions, settings.only_certain, ask)
    numbered(findings)
    return Judged(findings, suppress(findings, text, source.path, require_reason), problems)


def _findings(
    path: str, part: Part, opinions: Iterable[Opinion], certain: bool, ask: Asked | None
) -> Iterator[Finding]:
    spots = Spots(path, part)
    for opinion in opinions:
        span = opinion.spans[0]
        evidence = [_evidence(opinion, part.surface)]
        location = spots.location(span.start, span.end)
        scope = spots.paragraph(location)
        if ask is not None and (word := ask(Doubt(part.text, opinion, part.surface, certain), scope)):
            evidence.append(word)
        verdict = decide(opinion.task.value, evidence).verdict
        if verdict is None:
            continue
        yield Finding(
            weakness=opinion.task.value,
            location=location,
            symbol=part.name or spots.heading(span.start),
            snippet=part.text[span.start : span.start + min(_SNIPPET, max(1, span.end - span.start))],
            evidence=evidence,
            scope=scope,
            verdict=verdict,
        )


def _evidence(opinion: Opinion, surface: Surface) -> Evidence:
    span = opinion.spans[0]
    details = {"score": f"{opinion.score:.2f}", "surface": surface.value}
    if span.disguises:
        details["says"] = " ".join(span.said.split())[:_SNIPPET]
        details["hidden-by"] = ", ".join(span.disguises)
    message = opinion.reason + (f"; it says: {details['says']!r}" if span.disguises else "")
    if opinion.constitution:
        details["constitution"] = opinion.constitution
        message += f"; {quoted(opinion.task, opinion.constitution)}"
    rule = f"{opinion.task.value}.{opinion.behaviours[0]}" if opinion.behaviours else opinion.task.value
    return Evidence(ENGINE, rule, SAYS[opinion.band], message, details=details)
