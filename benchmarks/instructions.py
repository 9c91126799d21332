"""Score the judge of instructions on labelled texts, on ordinary ones, and on its own instances in disguise.

    python -m benchmarks.instructions score FILE.jsonl ... [--surface prompt] [--task TASK]
    python -m benchmarks.instructions ordinary FOLDER ... [--surface prose]   # share of paragraphs that trip
    python -m benchmarks.instructions disguises                              # recall by disguise, before and after
    python -m benchmarks.instructions speed                                  # seconds a text in the process

A labelled line has `text`, `unsafe`, `task`, and `source`. A text counts as found when it blocks or is warned of, the
second figure counts what blocks.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from bluehook.redteam import injecting, malicious
from bluehook.redteam.disguise import DISGUISES
from bluehook.text.judge import judge
from bluehook.text.judgement import Band, Surface, Task
from bluehook.text.thresholds import SHIPPED

_ENDINGS = (".md", ".rst", ".txt", "METADATA")
_BINS = 5


class Said(NamedTuple):
    """What was said of one text."""

    unsafe: bool
    score: float
    band: Band


def said(text: str, task: Task, surface: Surface, *, unsafe: bool) -> Said:
    opinion = judge(text, surface=surface, tasks=(task,)).opinions[0]
    return Said(unsafe, opinion.score, opinion.band)


def score(files: Iterable[Path], surface: Surface, only: Task | None) -> None:
    """By source: how many trip, how many block; over all: precision, recall, F1, calibration."""
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    for task in [only] if only else [Task.MALICIOUS, Task.INJECTING]:
        by_source: dict[str, list[Said]] = defaultdict(list)
        for row in rows:
            if row["task"] == task.value or not row["unsafe"]:
                by_source[row["source"]].append(said(row["text"], task, surface, unsafe=row["unsafe"]))
        print(f"\n{task.value} as {surface.value}")
        for source, answers in by_source.items():
            found = sum(a.band.rank >= Band.WARN.rank for a in answers) / len(answers)
            blocked = sum(a.band is Band.BLOCK for a in answers) / len(answers)
            kind = "unsafe" if answers[0].unsafe else "safe"
            print(f"  {source:34s} {kind:6s} {len(answers):5d} found {found:.3f} blocked {blocked:.3f}")
        answers = [answer for some in by_source.values() for answer in some]
        for name, least in (("found", Band.WARN), ("blocked", Band.BLOCK)):
            hit = sum(a.unsafe and a.band.rank >= least.rank for a in answers)
            false = sum(not a.unsafe and a.band.rank >= least.rank for a in answers)
            unsafe = sum(a.unsafe for a in answers)
            precision, recall = hit / max(1, hit + false), hit / max(1, unsafe)
            f1 = 2 * hit / max(1, 2 * hit + false + unsafe - hit)
            print(f"  {name:8s} precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f}")
        for low, high, mean, share, count in _calibration(answers):
            print(
                f"  score {low:.1f}-{high:.1f}: mean {mean:.2f}, unsafe (both labels alike) {share:.2f}, {count} texts"
            )


def _calibration(answers: list[Said]) -> Iterator[tuple[float, float, float, float, int]]:
    """Bins of the score with its mean and the share of unsafe texts, harmless ones weighed to be as many."""
    unsafe = sum(a.unsafe for a in answers)
    weight = unsafe / max(1, len(answers) - unsafe)
    for number in range(_BINS):
        low, high = number / _BINS, (number + 1) / _BINS
        here = [a for a in answers if low <= a.score < high or (high == 1 and a.score == 1)]
        if here:
            bad = sum(a.unsafe for a in here)
            yield low, high, statistics.mean(a.score for a in here), bad / (bad + weight * (len(here) - bad)), len(here)


def ordinary(folders: Iterable[Path], surface: Surface) -> None:
    """How many paragraphs of ordinary files trip, by task."""
    texts = [p for folder in folders for file in _files(folder) for p in _paragraphs(file)]
    print(f"{len(texts)} paragraphs as {surface.value}")
    for task in Task:
        answers = [said(text, task, surface, unsafe=False) for text in texts]
        found = sum(a.band.rank >= Band.WARN.rank for a in answers) / max(1, len(answers))
        blocked = sum(a.band is Band.BLOCK for a in answers) / max(1, len(answers))
        print(f"  {task.value:24s} found {found:.4f} blocked {blocked:.4f}")


def _files(folder: Path) -> list[Path]:
    return [folder] if folder.is_file() else sorted(p for p in folder.rglob("*") if p.name.endswith(_ENDINGS))


def _paragraphs(file: Path) -> list[str]:
    text = file.read_text("utf-8", "replace")
    return [part for part in re.split(r"\n\s*\n", text) if len(part) > 40]


def disguises() -> None:
    """Share of own unsafe instances that are found, in the open and under each disguise, as instruction files."""
    chosen = [
        i for i in injecting.instances(7) if i.unsafe and i.text.isascii() and i.style in ("bad-override", "bad-hidden")
    ]
    chosen = [i for i in chosen if "<" not in i.text and "\n" not in i.text and "[//]" not in i.text][:60]
    limits = SHIPPED[Surface.INSTRUCTION_FILE][Task.INJECTING]
    texts = [i.text for i in chosen]

    def share(given: Iterable[str], read: bool) -> float:
        answers = [
            _raw(text) if not read else said(text, Task.INJECTING, Surface.INSTRUCTION_FILE, unsafe=True).score
            for text in given
        ]
        return sum(answer >= limits.warn for answer in answers) / len(answers)

    print(f"{len(texts)} texts in the open: {share(texts, True):.2f}")
    for name, disguise in DISGUISES.items():
        hidden = [disguise(text) for text in texts]
        print(f"  {name:22s} as it stands {share(hidden, False):.2f}, read through {share(hidden, True):.2f}")


def _raw(text: str) -> float:
    """The score of a text with nothing taken off."""
    from bluehook.learn.rows import rows
    from bluehook.redteam.instance import Instance
    from bluehook.text import model

    (row,) = rows(Task.INJECTING, [Instance(Task.INJECTING.value, True, text, "", "")])
    return model.score(Task.INJECTING, row.behaviours, row.words).value


def speed() -> None:
    """Milliseconds a text of a few hundred characters, all tasks, warm."""
    texts = [i.text for i in malicious.instances(3)][::40]
    for text in texts[:20]:
        judge(text, surface=Surface.PROMPT)
    taken = []
    for text in texts:
        started = time.perf_counter()
        judge(text, surface=Surface.PROMPT)
        taken.append(1000 * (time.perf_counter() - started))
    size = statistics.mean(len(text) for text in texts)
    quick = statistics.quantiles(taken, n=20)
    print(
        f"{len(texts)} texts of {size:.0f} characters: median {statistics.median(taken):.2f} ms, p95 {quick[18]:.2f} ms"
    )
    print(f"{1000 / statistics.mean(taken):.0f} texts a second")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["score", "ordinary", "disguises", "speed"])
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--surface", type=Surface, default=None)
    parser.add_argument("--task", type=Task, default=None)
    given = parser.parse_args(arguments)
    if given.what == "score":
        score(given.paths, given.surface or Surface.PROMPT, given.task)
    elif given.what == "ordinary":
        ordinary(given.paths, given.surface or Surface.PROSE)
    else:
        {"disguises": disguises, "speed": speed}[given.what]()


if __name__ == "__main__":
    main(sys.argv[1:])
