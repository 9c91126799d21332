"""How attacks end on labelled corpora, with no static rule: what execution alone can tell.

    python -m benchmarks.endings DIR [--corpus NAME] [--sample N] [--by-cwe] [--cases]

Every function of every code case is attacked with all probes in sandboxed workers, as `scan --verify` would attack it.
A case counts as found when an effect alone would block: proven, or likely with evidence that `decide` blocks on. What
was not found counts by the ending that the families of its label came to, the furthest of all its functions: an effect
that is only a note (the caller's choice, or a small one), a sink that was reached and held (neutralised), one whose
argument never followed the input (insensitive), none reached, or an attack that failed. Pairs are counted a second time
by distinct shape (names and constants taken out).
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpora import Case, read, score
from benchmarks.shapes import by_shape
from bluehook import verify
from bluehook.decide import decide
from bluehook.evaluate.table import HEAD, row
from bluehook.findings import Evidence, SourceFile, Verdict
from bluehook.parse import parse
from bluehook.verify import outcome, plan
from bluehook.verify.model import Attempt, Target
from bluehook.weaknesses import TABLE, matches

ENDINGS = ("proven", "likely", "noted", "neutralised", "insensitive", "unreached", "failed")
_FOUND = ("proven", "likely")
_REASONS = 10


class Ended(NamedTuple):
    """How a case ended, the effect or the reason, and the weakness that is meant."""

    ending: str
    why: str
    weakness: str = ""


def sampled(cases: list[Case], count: int) -> list[Case]:
    """At most ``count`` cases, spread evenly over the corpus; the two forms of a pair stay together."""
    if not count or count >= len(cases):
        return cases
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.pair or case.id].append(case)
    chosen = list(groups.values())
    step = max(1.0, len(cases) / count)
    picked = {int(number * step) for number in range(len(chosen))}
    return [case for number, group in enumerate(chosen) if number in picked for case in group]


def attempts(cases: Sequence[Case], settings: verify.Settings) -> list[list[Attempt]]:
    """What attacking every function of each case came to, in the order of the cases.

    Raises:
        RuntimeError: nothing could be attacked.
    """
    with tempfile.TemporaryDirectory(prefix="bluehook-endings-") as folder:
        root = Path(folder)
        targets: list[Target] = []
        numbers: dict[str, int] = {}
        for number, case in enumerate(cases):
            # Numbered, so that no name looks like test code or leaves the folder.
            path = f"case_{number}.py"
            (root / path).write_text(case.text, encoding="utf-8")
            numbers[path] = number
            targets += _targets(path, case.text)
        done = verify.attack(root, targets, settings, progress=_progress)
    for problem in done.problems:
        print(f"warning: {problem.reason}", file=sys.stderr)
    if targets and not done.attempts:
        raise RuntimeError("nothing was attacked")
    made: list[list[Attempt]] = [[] for _ in cases]
    for attempt in done.attempts:
        made[numbers[attempt.target.path]].append(attempt)
    return made


def _targets(path: str, text: str) -> list[Target]:
    """The functions of a case, and what the table of sinks knows of each."""
    from bluehook.detect.sinks import calls as sink_calls

    file = parse(SourceFile(path=path, data=text.encode("utf-8")))
    sinks = sink_calls.detections(file)
    found: dict[str, Target] = {}
    for function in file.functions:
        if "<lambda>" not in function.qualname:
            inside = [one for one in sinks if file.symbol_at(one.location.line) == function.qualname]
            found[function.qualname] = plan.single(file, function, inside)
    return [*found.values(), *([plan.program(file, sinks)] if plan.runs_itself(file) else [])]


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {total} functions", end="" if done < total else "\n", file=sys.stderr)


def ended(case: Case, made: Iterable[Attempt]) -> Ended:
    """What is said of a case, the strongest first: an effect that blocks, else the ending that its label's families
    came to.
    """
    made = list(made)
    by_place: dict[tuple[str, int], list[Evidence]] = defaultdict(list)
    for attempt in made:
        for seen in outcome.seen(attempt):
            by_place[seen.weakness, seen.line].append(seen.evidence)
    blocking: dict[tuple[int, bool], Ended] = {}
    for (weakness, _), evidence in by_place.items():
        verdict = decide(weakness, evidence).verdict
        if verdict in (Verdict.PROVEN, Verdict.LIKELY):
            told = next(piece for piece in evidence if piece.details.get("effect"))
            name = "proven" if verdict is Verdict.PROVEN else "likely"
            blocking.setdefault(
                (ENDINGS.index(name), not _is_meant(case, weakness)), Ended(name, told.message, weakness)
            )
    if blocking:
        return blocking[min(blocking)]
    return _unfound(case, made)


def _unfound(case: Case, made: list[Attempt]) -> Ended:
    endings: dict[str, Ended] = {}
    for attempt in made:
        if attempt.reply.problem:
            endings.setdefault("failed", Ended("failed", attempt.reply.problem))
        for one in attempt.reply.outcomes:
            if _is_meant(case, one.weakness) and one.ending not in _FOUND:
                endings.setdefault(one.ending, Ended(one.ending, one.where, one.weakness))
        if any(_is_meant(case, one.weakness) and one.ending in _FOUND for one in attempt.reply.outcomes):
            told = next(one.effect for one in attempt.reply.outcomes if _is_meant(case, one.weakness) and one.effect)
            endings.setdefault("noted", Ended("noted", told))
    if not made:
        return Ended("unreached", "the case has no function")
    known = next((endings[name] for name in ENDINGS if name in endings), None)
    return known or Ended("unreached", "there is no probe for this weakness")


def _is_meant(case: Case, weakness: str) -> bool:
    """Whether a family belongs to the label; every one does where the label names a weakness that none is for."""
    if case.cwe is None or weakness not in TABLE:
        return True
    return matches(f"CWE-{case.cwe}", weakness) or not any(matches(f"CWE-{case.cwe}", slug) for slug in TABLE)


def reason(why: str) -> str:
    """A reason without what belongs to the case alone: numbers, quoted words, marks."""
    return re.sub(r"'[^']*'|\"[^\"]*\"", "'..'", re.sub(r"\d+|\bzq\w+", "#", why))[:100]


def table(name: str, cases: Sequence[Case], ends: dict[str, Ended]) -> list[str]:
    """A row for the unsafe and one for the safe cases."""
    rows = []
    for unsafe in (True, False):
        counts = Counter(ends[case.id].ending for case in cases if case.unsafe is unsafe)
        if counts:
            label = f"{name}, {'unsafe' if unsafe else 'safe'}"
            rows.append(f"{label:32}" + "".join(f"{counts[ending]:12}" for ending in ENDINGS))
    return rows


def report(name: str, cases: Sequence[Case], ends: dict[str, Ended], by_cwe: bool) -> str:
    """All that is printed of a corpus."""
    flagged = {case.id for case in cases if ends[case.id].ending in _FOUND}
    lines = [f"{'':32}" + "".join(f"{ending:>12}" for ending in ENDINGS), *table(name, cases, ends)]
    if by_cwe:
        for cwe in sorted({case.cwe for case in cases}, key=lambda number: number or 0):
            lines += table(f"  CWE-{cwe}", [case for case in cases if case.cwe == cwe], ends)
    lines += ["", HEAD, row(f"{name}, by effects", score(cases, flagged))]
    if any(case.pair is not None for case in cases):
        lines.append(f"told apart: {by_shape(cases, flagged)}")
    reasons = Counter(reason(end.why) for end in ends.values() if end.ending == "unreached")
    lines += ["", "the commonest reasons of unreached:"]
    lines += [f"{count:6}  {why}" for why, count in reasons.most_common(_REASONS)]
    return "\n".join(lines)


def main() -> None:
    """Attack the corpora of a directory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--corpus", help="only the file of this name, without its ending")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="about N cases of each corpus, pairs kept")
    parser.add_argument("--only-cwe", type=int, metavar="CWE", help="only cases with this label")
    parser.add_argument("--by-cwe", action="store_true", help="a row for each weakness of the labels")
    parser.add_argument("--cases", action="store_true", help="say how each case ended")
    parser.add_argument("--seconds", type=float, default=verify.Settings().seconds, help="for each function")
    parser.add_argument("--workers", type=int, default=0)
    given = parser.parse_args()
    settings = verify.Settings(seconds=given.seconds, workers=given.workers)
    for file in sorted(given.directory.glob(f"{given.corpus or '*'}.jsonl")):
        cases = [case for case in read(file) if given.only_cwe in (None, case.cwe)]
        cases = sampled(cases, given.sample)
        if not cases:
            print(f"{file.stem}: no code cases, passed over", file=sys.stderr)
            continue
        made = attempts(cases, settings)
        ends = {case.id: ended(case, one) for case, one in zip(cases, made, strict=True)}
        print(report(file.stem, cases, ends, given.by_cwe), flush=True)
        if given.cases:
            for case in cases:
                end = ends[case.id]
                label = "unsafe" if case.unsafe else "safe"
                print(f"{end.ending:12} {label:7} CWE-{case.cwe:<5} {case.id}  {end.weakness}: {end.why[:200]}")


if __name__ == "__main__":
    main()
