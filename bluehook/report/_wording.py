"""What several formats say in the same words: names of places, reasons, counts."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable

from bluehook.findings import Evidence, Finding, Location, Problem, Result, Says, Spend, Step, Verdict
from bluehook.report._visible import one_line, visible
from bluehook.weaknesses import INSTRUCTIONS, TABLE

_PROOF = ("call", "way", "effect", "reproduction")
_MOST_STEPS = 4


def place(location: Location) -> str:
    """``path:line:column``, harmless to print."""
    return f"{visible(location.path)}:{location.line}:{location.column}"


def cwe(finding: Finding) -> str:
    """``CWE-89``."""
    return f"CWE-{TABLE[finding.weakness].cwe}"


def message(finding: Finding) -> str:
    """What the strongest evidence says, on one line, or ``""``."""
    return one_line(_foremost(finding).message) if finding.evidence else ""


def _foremost(finding: Finding) -> Evidence:
    """What is told of a finding first: the proof through an input from outside, else the strongest evidence."""
    proof = attempt(finding)
    return proof if proof is not None and proof.says is Says.PROVES else finding.strongest()


def why(finding: Finding) -> str:
    """What an attacker does: the strongest evidence's words, or else what the weakness allows in general.

    Of a proof, whose effect stands on a line of its own, only the way that the input took.
    """
    told, general = message(finding), TABLE[finding.weakness].attack
    proof = attempt(finding)
    effect = one_line(proof.details.get("effect", "")) if proof is not None else ""
    if effect and told.startswith(effect):
        rest = told[len(effect) :].strip(" ,.")
        return f"{general} It came {rest}." if rest.startswith("through ") else general
    return told or general


def statement(finding: Finding) -> str:
    """The source text with the lines after its first one moved left together; invisible characters are still in it.

    A statement is cut out of its file, so only its first line has lost the indentation.
    """
    first, _, rest = finding.snippet.partition("\n")
    return f"{first}\n{textwrap.dedent(rest)}" if rest else first


def trace(finding: Finding) -> tuple[Step, ...]:
    """The path from source to sink of the strongest evidence that has one."""
    if not finding.evidence:
        return ()
    ordered = [_foremost(finding), *finding.evidence]
    return next((evidence.trace for evidence in ordered if evidence.trace), ())


def short_trace(finding: Finding) -> tuple[list[Step], int]:
    """The beginning and the end of the path, four steps at most, and how many were left out before the last.

    A path of one step says no more than the finding's own place: none then.
    """
    steps = list(trace(finding))
    if len(steps) < 2:
        return [], 0
    hidden = len(steps) - _MOST_STEPS
    return ([*steps[: _MOST_STEPS - 1], steps[-1]], hidden) if hidden > 0 else (steps, 0)


def attempt(finding: Finding) -> Evidence | None:
    """The evidence of an attack that ran and decided the verdict, or ``None``; of several the one that came in from
    outside, which says most.
    """
    decisive = [evidence for evidence in finding.evidence if evidence.says in (Says.PROVES, Says.REFUTES)]
    return min(decisive, key=lambda evidence: evidence.details.get("trust") != "outside", default=None)


def proof(finding: Finding) -> list[tuple[str, str]]:
    """Call, calls on the way, effect and reproduction of the attack that ran, as far as they are known."""
    evidence = attempt(finding)
    if evidence is None:
        return []
    return [(key, visible(evidence.details[key])) for key in _PROOF if evidence.details.get(key)]


def engines(finding: Finding) -> list[str]:
    """The engines that spoke, in the order of their first word."""
    return list(dict.fromkeys(evidence.engine for evidence in finding.evidence))


def ignore_comment(finding: Finding, name: str = "") -> str:
    """The comment that takes the finding out, to be completed by its reader; ``name`` stands for the weakness's own."""
    directive = f"bluehook: ignore[{name or finding.weakness}] reason"
    # Python files hold comments, and git takes such lines out of a message; what else instructions stand in is mostly
    # Markdown.
    is_text = finding.weakness in INSTRUCTIONS and not finding.location.path.endswith(".py") and not in_message(finding)
    return f"<!-- {directive} -->" if is_text else f"# {directive}"


def in_message(finding: Finding) -> bool:
    """Whether it stands in the message of a commit."""
    return any(evidence.details.get("surface") == "commit-message" for evidence in finding.evidence)


def counted(number: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def by_verdict(findings: Iterable[Finding]) -> str:
    """``1 proven, 2 possible``; ``""`` for none."""
    counts = Counter(finding.verdict for finding in findings)
    return ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict if counts[verdict])


def unfinished(result: Result) -> list[Problem]:
    """What was not looked at although it should have been."""
    return [problem for problem in result.problems if problem.incomplete]


def problem_line(problem: Problem) -> str:
    """``path: stage: reason`` on one line."""
    path = f"{visible(problem.path)}: " if problem.path is not None else ""
    return f"{path}{visible(problem.stage)}: {one_line(problem.reason)}"


def spend_line(spend: Spend) -> str:
    """What a language model was asked and what it took, on one line; a cost that is not known is said to be."""
    parts = [f"{counted(spend.questions, 'question')} asked"]
    if spend.cached:
        parts.append(f"{spend.cached} answered from memory")
    if spend.unknown:
        parts.append(f"{spend.unknown} unknown")
    parts.append(
        f"{counted(spend.calls, 'call')} to {one_line(', '.join(spend.models))}" if spend.models else "no call paid for"
    )
    if spend.input or spend.output:
        parts.append(f"{spend.input} + {spend.output} tokens")
        parts.append(f"cost {spend.cost:.4f}" if spend.cost is not None else "cost unknown (check.prices)")
    return ", ".join(parts)


def idle_stages(result: Result) -> list[str]:
    """``name skipped (reason)`` for each stage that is not done."""
    return [
        f"{visible(stage.name)} {visible(stage.state)}" + (f" ({one_line(stage.reason)})" if stage.reason else "")
        for stage in result.stages
        if stage.state != "done"
    ]
