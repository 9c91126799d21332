"""What attacks call proven and likely on code that is well kept, and how much of it is real.

    python -m benchmarks.precision DIR [--python PYTHON] [--sample N] [--judgements FILE] [--json FILE]
    python -m benchmarks.precision --stdlib [...]
    python -m benchmarks.precision --tally FILE...

Every function with a candidate sink and every entry point below DIR (or in the standard library of the interpreter)
is attacked, and so are the callers of those that stay open. What is called *proven* is listed, and what is called
*likely* because an effect was seen. Whether a claim is right is for a person to say who has read the code; what people
said is in `benchmarks/judgements.txt`, a line a claim; `--tally` counts again what earlier runs wrote with `--json`:

    real|business|wrong  WEAKNESS  PATH::FUNCTION  the reason

*real*: the function has this flaw. *business*: the effect is what its caller asked for. *wrong*: nobody can do this,
or the effect was not one. The precision is the share of *real* among what is called proven; beside it stands the range
in which it lies in 95 of 100 cases.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import sys
import sysconfig
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bluehook import verify
from bluehook.config import DEFAULT_FOLDERS
from bluehook.detect.sinks import calls as sink_calls
from bluehook.findings import Detection, Says, SourceFile
from bluehook.parse import ParsedFile, parse
from bluehook.verify import outcome, plan

JUDGEMENTS = Path(__file__).parent / "judgements.txt"
_LEFT_OUT = DEFAULT_FOLDERS | {"test", "tests", "idlelib", "lib2to3", "turtledemo", "ensurepip"}
_AT_ONCE = 60
_CALLED = {Says.PROVES: "proven", Says.SHOWS: "likely"}


class Claim(NamedTuple):
    """What an attack is said to have shown. ``place`` is ``PATH::FUNCTION`` of the function that holds the sink."""

    called: str
    weakness: str
    place: str
    line: int
    through: str
    slot: str
    trust: str
    call: str
    effect: str

    @property
    def key(self) -> tuple[str, str]:
        """What a judgement is about."""
        return self.weakness, self.place


def targets(root: Path) -> Iterator[verify.Target]:
    """The functions below the root that hold a candidate or are entry points."""
    for path in sorted(root.rglob("*.py")):
        relative = path.relative_to(root)
        if not _LEFT_OUT & set(relative.parts):
            yield from _of_file(parse(SourceFile(path=relative.as_posix(), data=path.read_bytes())))


def _of_file(file: ParsedFile) -> Iterator[verify.Target]:
    found: dict[str, list[Detection]] = defaultdict(list)
    for detection in sink_calls.detections(file):
        found[file.symbol_at(detection.location.line)].append(detection)
    entries = {entry.function for entry in plan.entries(file)}
    for function in file.functions:
        if "<lambda>" not in function.qualname and (function.qualname in found or function.qualname in entries):
            yield plan.single(file, function, found.get(function.qualname, []))


def claims(root: Path, attempts: Iterable[verify.Attempt]) -> list[Claim]:
    """What the attempts claim, each place and weakness once, what is proven first."""
    found: dict[tuple[str, str], Claim] = {}
    files: dict[str, ParsedFile] = {}
    for attempt in attempts:
        for seen in outcome.seen(attempt, everything=True):
            called = _CALLED.get(seen.evidence.says)
            if called is None:
                continue
            if seen.path not in files:
                files[seen.path] = parse(SourceFile(path=seen.path, data=(root / seen.path).read_bytes()))
            place = f"{seen.path}::{files[seen.path].symbol_at(seen.line) or attempt.target.function}"
            told = seen.evidence.details
            claim = Claim(
                called, seen.weakness, place, seen.line, attempt.target.name, told.get("slot", ""),
                told.get("trust", ""), told.get("call", ""), told.get("effect", ""),
            )  # fmt: skip
            known = found.get(claim.key)
            if known is None or (known.called, claim.called) == ("likely", "proven"):
                found[claim.key] = claim
    return sorted(found.values(), key=lambda claim: (claim.called != "proven", claim.place, claim.weakness))


def judgements(file: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """What was said of each claim, and why.

    Raises:
        ValueError: a line is no judgement.
    """
    said = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            match = re.fullmatch(r"(real|business|wrong)\s+(\S+)\s+(\S+::\S+)\s+(\S.*)", line)
            if match is None:
                raise ValueError(f"{file}:{number}: not a judgement: {line!r}")
            said[match[2], match[3]] = (match[1], match[4])
    return said


def precision(found: Iterable[Claim], said: Mapping[tuple[str, str], tuple[str, str]]) -> dict[str, Counter[str]]:
    """How the claims of each sort were judged; those that nobody judged are ``unjudged``."""
    counts: dict[str, Counter[str]] = {"proven": Counter(), "likely": Counter()}
    for claim in found:
        counts[claim.called][said.get(claim.key, ("unjudged", ""))[0]] += 1
    return counts


def interval(hits: int, of: int) -> tuple[float, float]:
    """The range of a share that is known from so many of so many (Wilson, 95 %)."""
    z = 1.96
    middle = (hits + z * z / 2) / (of + z * z)
    reach = z / (of + z * z) * math.sqrt(hits * (of - hits) / of + z * z / 4)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def in_words(called: str, counts: Counter[str]) -> str:
    """One line on the claims of one sort."""
    whole = sum(counts.values()) - counts["unjudged"]
    line = f"{called}: {sum(counts.values())} ({', '.join(f'{n} {k}' for k, n in sorted(counts.items()))})"
    if not whole:
        return line
    low, high = interval(counts["real"], whole)
    return f"{line}, precision {counts['real'] / whole:.3f} ({low:.2f} to {high:.2f})"


def _tally(files: Iterable[Path], said: Mapping[tuple[str, str], tuple[str, str]]) -> None:
    """Count what earlier runs wrote, each by itself and all together."""
    everything: list[Claim] = []
    for file in files:
        run = json.loads(file.read_text(encoding="utf-8"))
        found = [Claim(**claim) for claim in run["claims"]]
        everything += found
        print(f"{run['of']}: {run['functions']} functions, {run['attacked']} attacked")
        for called, counts in precision(found, said).items():
            print("   ", in_words(called, counts))
    for called, counts in precision(everything, said).items():
        print("all", in_words(called, counts))


def _endings(attempts: Iterable[verify.Attempt]) -> Counter[str]:
    """How the attempts ended, by the most that came of each."""
    order = ("proven", "likely", "neutralised", "insensitive", "unreached", "failed")
    counts: Counter[str] = Counter()
    for attempt in attempts:
        endings = {each.ending for each in attempt.reply.outcomes}
        counts["failed" if attempt.reply.problem else next((e for e in order if e in endings), "nothing seen")] += 1
    return counts


def _attacked(
    root: Path, chosen: list[verify.Target], settings: verify.Settings, seconds: float
) -> tuple[int, list[verify.Attempt]]:
    """Attack the functions and their callers, so many at a time where only so many seconds are given.

    A budget of the stage's own would shorten what each function is given.
    """
    until = time.monotonic() + seconds
    step = _AT_ONCE if seconds else max(1, len(chosen))
    attempts: list[verify.Attempt] = []
    functions = 0
    while functions < len(chosen) and (not seconds or time.monotonic() < until):
        part = chosen[functions : functions + step]
        done = verify.attack(root, part, settings, progress=_progress)
        attempts += done.attempts
        functions += len(part)
        for problem in done.problems:
            print(f"problem: {problem.reason}", file=sys.stderr)
    return functions, attempts


def _progress(done: int, of: int) -> None:
    if done % 200 == 0 or done == of:
        print(f"{done} of {of}", file=sys.stderr, flush=True)


def main() -> None:
    """Attack what the command line names, list the claims, and count how they were judged."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path, nargs="?")
    parser.add_argument("--stdlib", action="store_true", help="the standard library of this interpreter")
    parser.add_argument("--python", type=Path, help="the interpreter, or its environment, to attack on")
    parser.add_argument("--sample", type=int, default=0, help="this many functions, chosen at random")
    parser.add_argument("--seed", type=int, default=0, help="of the choice")
    parser.add_argument("--only", default="", help="functions whose PATH::FUNCTION this regular expression finds")
    parser.add_argument("--seconds", type=float, default=4.0, help="for one function")
    parser.add_argument("--minutes", type=float, default=0, help="for all of them; what is left then is not attacked")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--judgements", type=Path, default=JUDGEMENTS)
    parser.add_argument("--json", type=Path, help="write the claims there")
    parser.add_argument("--tally", type=Path, nargs="+", metavar="FILE", help="what --json wrote: only count it again")
    given = parser.parse_args()
    said = judgements(given.judgements)
    if given.tally:
        _tally(given.tally, said)
        return
    if (given.directory is None) != given.stdlib:
        parser.error("give one of DIR and --stdlib")
    root = Path(sysconfig.get_paths()["stdlib"]) if given.stdlib else given.directory.absolute()
    chosen = [target for target in targets(root) if re.search(given.only, target.name)]
    if given.sample:
        chosen = random.Random(given.seed).sample(chosen, min(given.sample, len(chosen)))
    started = time.monotonic()
    settings = verify.Settings(workers=given.workers, seconds=given.seconds, python=given.python)
    functions, attempts = _attacked(root, chosen, settings, given.minutes * 60)
    found = claims(root, attempts)
    for claim in found:
        judged, reason = said.get(claim.key, ("unjudged", ""))
        print(f"{claim.called}  {judged}  {claim.weakness}  {claim.place}  line {claim.line}")
        print(f"    {claim.slot} ({claim.trust})  {reason}" if claim.slot or reason else "    a use")
        print(f"    {claim.effect[:240]}\n    via {claim.through}: {claim.call[:240]}")
    for called, counts in precision(found, said).items():
        print(in_words(called, counts))
    endings = ", ".join(f"{count} {ending}" for ending, count in _endings(attempts).most_common())
    print(f"{functions} functions, {len(attempts)} attacked in {time.monotonic() - started:.0f} s: {endings}")
    if given.json:
        run = {
            "of": "the standard library" if given.stdlib else root.name,
            "functions": functions,
            "attacked": len(attempts),
            "claims": [claim._asdict() for claim in found],
        }
        given.json.write_text(json.dumps(run, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
