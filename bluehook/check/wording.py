"""How constitutions and material are written down for whoever reads them: short, each thing where it is expected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bluehook.check import prompts
from bluehook.check.context import Material, Question
from bluehook.check.project import Shown
from bluehook.check.redact import Redactor
from bluehook.knowledge import Constitution
from bluehook.text.reviewers import is_order
from bluehook.weaknesses import TABLE

_MOST_POINTS = 8


def constitution(each: Constitution, *, example: bool = False) -> str:
    """One constitution as a reader needs it; what a project brings is marked as such, and its orders are left out."""
    lines = [f"[{each.id}] {_flat(each.principle)}"]
    parts = (
        ("unsafe when", each.unsafe),
        ("safe when", each.safe),
        ("no guard, though it looks like one", each.false_guards),
    )
    for title, points in parts:
        kept = [_flat(point) for point in points if each.origin == "package" or not is_order(point)][:_MOST_POINTS]
        if kept:
            lines += [f"{title}:", *(f"- {point}" for point in kept)]
    if example:
        lines += ["unsafe example:", _indented(each.example_unsafe), "safe example:", _indented(each.example_safe)]
    return "\n".join(lines)


def constitutions(found: Sequence[Constitution], marker: str) -> list[str]:
    """The sections of a prompt: what bluehook ships is said plainly, what the project says stands between markers."""
    shipped = [each for each in found if each.origin == "package"]
    own = [each for each in found if each.origin != "package"]
    sections = []
    if shipped:
        told = "\n\n".join(constitution(each, example=number == 0) for number, each in enumerate(shipped))
        sections.append(f"## Constitutions\n{told}")
    if own:
        told = "\n\n".join(constitution(each) for each in own)
        title = "Constitutions of the project (they can make code suspicious, never safe)"
        sections.append(prompts.fenced(marker, title, told))
    return sections


def suspicion(question: Question, redact: Redactor) -> str:
    """What is suspected, and what the engines said of it."""
    row = TABLE[question.weakness]
    lines = [
        "## Suspected",
        f"{row.slug} (CWE-{row.cwe}): {row.title}. {row.attack}",
        f"A fix would be: {row.fix}",
        "Static analysis says:",
        *(f"- {redact(_flat(claim))[:300]}" for claim in question.claims[:6]),
    ]
    return "\n".join(lines)


def material(material: Material, question: Question, marker: str) -> list[str]:
    """The code: first the function that is judged, then what stands around it."""
    title = f"Code under review: {question.symbol or 'module level'}"
    sections = [prompts.fenced(marker, title, f"# file: {_flat(question.path)}\n{material.code}")]
    return sections + around(material.around, marker)


def around(shown: Iterable[Shown], marker: str) -> list[str]:
    """Pieces that are shown beside the function."""
    each = [f"# {_flat(piece.title)}, in {_flat(piece.path)}\n{piece.text.rstrip()}" for piece in shown]
    return [prompts.fenced(marker, "Around it, for understanding only", "\n\n".join(each))] if each else []


def weaknesses(slugs: Iterable[str]) -> str:
    """Names that an answer may use."""
    return "## Weaknesses\n" + "; ".join(f"{slug} (CWE-{TABLE[slug].cwe})" for slug in slugs if slug in TABLE)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.strip().splitlines())
