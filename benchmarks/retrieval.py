"""How often the right constitution is among the first that are retrieved for a labelled case.

    python -m benchmarks.retrieval DIR [--exact] [--misses] [--by-cwe]

DIR holds JSON-lines files as `benchmarks.corpora` reads them. What is asked about is the code of a case and nothing
else: no label, no description. Where a case holds several functions, its whole text is the span. A constitution is
right when a weakness of it reports the labelled CWE or is kin to it (`--exact`: reports it). Cases whose CWE no
weakness knows are left out and counted. The second pair of columns also gives the weaknesses that the static stages
name in the case (which an analyst has as well); cases without a finding are asked as before.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpora import Case, read
from bluehook import detect
from bluehook.crew import Crew
from bluehook.decide import decide
from bluehook.findings import SourceFile
from bluehook.join import join
from bluehook.knowledge import Library, Span, load
from bluehook.parse import ParsedFile, parse
from bluehook.weaknesses import TABLE, matches

_DEPTH = 10
_ENGINES = ("bandit", "constitutions", "flow", "sinks")
"""Without Semgrep: it starts once for all files of a crew, and what it adds in names of weaknesses is little."""


class Hits(NamedTuple):
    """The rank (from 0) of the first right constitution, by the text alone and with the finding's weakness."""

    case: Case
    alone: int | None
    named: int | None
    first: tuple[str, ...]


def means(slug: str, cwe: int | None, exact: bool) -> bool:
    """Whether a weakness is the one that a label names."""
    return TABLE[slug].cwe == cwe if exact else matches(f"cwe-{cwe}", slug)


def rank(library: Library, case: Case, weaknesses: Sequence[str], exact: bool) -> tuple[int | None, tuple[str, ...]]:
    """Where the first right constitution stands, and the ids of the first three."""
    file = parse(SourceFile(path="case.py", data=case.text.encode()))
    span = Span(case.text, tuple(weaknesses), apis=apis(file))
    found = [match.constitution for match in library.retrieve(span, _DEPTH)]
    right = [n for n, each in enumerate(found) if any(means(slug, case.cwe, exact) for slug in each.weakness)]
    return (right[0] if right else None), tuple(each.id for each in found[:3])


def apis(file: ParsedFile) -> tuple[str, ...]:
    """The names of the calls of a file as the parse resolves them: what every stage has at hand."""
    return tuple(dict.fromkeys(call.name for call in file.calls if not call.local))


def found_statically(cases: Sequence[Case]) -> dict[str, tuple[str, ...]]:
    """The weaknesses that the engines in Python name, by case."""
    files = [parse(SourceFile(path=f"case_{n}.py", data=case.text.encode())) for n, case in enumerate(cases)]
    crew = Crew([detect.load(name) for name in _ENGINES], detect.Settings())
    answers = crew.run(files)
    named: dict[str, tuple[str, ...]] = {}
    for case, file in zip(cases, files, strict=True):
        findings = join(file, answers.detections[file.path])
        shown = [each.weakness for each in findings if decide(each.weakness, each.evidence).verdict is not None]
        named[case.id] = tuple(dict.fromkeys(shown))
    return named


def measure(library: Library, cases: Sequence[Case], exact: bool = False) -> list[Hits]:
    """The ranks of all cases."""
    named = found_statically(cases)
    hits = []
    for case in cases:
        alone, first = rank(library, case, (), exact)
        hits.append(Hits(case, alone, rank(library, case, named[case.id], exact)[0], first))
    return hits


def row(name: str, hits: Sequence[Hits]) -> str:
    """Rates of hits at 1 and 3, by the text alone and with the weakness named."""
    total = max(1, len(hits))
    rates = [
        sum(each is not None and each < k for each in ranks) / total
        for ranks in ([h.alone for h in hits], [h.named for h in hits])
        for k in (1, 3)
    ]
    return f"{name:24}{len(hits):6}" + "".join(f"{rate:9.3f}" for rate in rates)


def main() -> None:
    """Measure every corpus of a directory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--exact", action="store_true", help="take no kin for right")
    parser.add_argument("--by-cwe", action="store_true", help="a row for each weakness of the labels")
    parser.add_argument("--misses", action="store_true", help="what was retrieved in place of the right one, by CWE")
    given = parser.parse_args()
    library = load()
    print(f"{'':24}{'cases':>6}{'hit@1':>9}{'hit@3':>9}{'@1 named':>9}{'@3 named':>9}")
    for file in sorted(given.directory.glob("*.jsonl")):
        cases = read(file)
        known = [case for case in cases if any(means(slug, case.cwe, given.exact) for slug in TABLE)]
        if not known:
            print(f"{file.stem}: no case of a weakness that bluehook knows, passed over", file=sys.stderr)
            continue
        if len(known) < len(cases):
            unknown = sorted({case.cwe or 0 for case in cases} - {case.cwe or 0 for case in known})
            print(
                f"{file.stem}: {len(cases) - len(known)} cases of CWEs that no weakness knows: {unknown}",
                file=sys.stderr,
            )
        hits = measure(library, known, given.exact)
        print(row(file.stem, hits), flush=True)
        if given.by_cwe:
            for number in sorted({case.cwe or 0 for case in known}):
                print(row(f"  CWE-{number}", [hit for hit in hits if hit.case.cwe == number]))
        if given.misses:
            wrong: Counter[tuple[int | None, tuple[str, ...]]] = Counter(
                (hit.case.cwe, hit.first) for hit in hits if hit.alone is None or hit.alone > 2
            )
            for (cwe, first), count in wrong.most_common(40):
                print(f"  {count:4} CWE-{cwe}: {', '.join(first)}")


if __name__ == "__main__":
    main()
