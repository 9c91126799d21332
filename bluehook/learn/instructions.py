"""Train the local judge of instructions on red-team instances, and write its weights with their card.

Each task's calibration and honest scores come from texts of styles and families that a model did not see: for each
block of styles and each block of families a model is trained on neither, and scores what is of both. The models over
the parts of orders have a module of their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from bluehook import __version__
from bluehook.learn import orders
from bluehook.learn.fit import Samples, Weights, calibrate, fit, scores
from bluehook.learn.rows import LEAST, Row, free, kept, report, rows
from bluehook.redteam import biased, code, injecting, malicious
from bluehook.redteam.instance import Instance
from bluehook.text.judgement import Task

SEED = 1
_BLOCKS = 3
_PENALTY = {"behaviours": 3e-4, "words": 1e-3}
_HARMLESS_CUES = (
    "head-defend",
    "head-teach",
    "permitted",
    "defender",
    "fair",
    "neutral",
    "about-injection",
    "guards-secrets",
    "words-for-user",
)


def train(told: Callable[[str], None] = lambda line: None) -> dict[str, object]:
    """The content of the file of weights; ``told`` hears how far it is."""
    corpora = {task: rows(task, instances) for task, instances in gathered(SEED).items()}
    tasks: dict[str, object] = {}
    card: dict[str, object] = {"bluehook": __version__, "seed": SEED, "scores": {}, "limits": _LIMITS}
    held: dict[str, object] = {}
    for task, data in corpora.items():
        told(f"{task.value}: {len(data)} texts, {sum(r.instance.unsafe for r in data)} of them unsafe")
        logits = held_out(data)
        slope, offset = calibrate(logits, [r.instance.unsafe for r in data])
        parts = _both(data)
        tasks[task.value] = {
            "behaviours": kept(parts[0]),
            "words": kept(parts[1]),
            "starts": [round(parts[0].start, 3), round(parts[1].start, 3)],
            "slope": round(slope, 3),
            "offset": round(offset, 3),
        }
        held[task.value] = report(data, [slope * logit + offset for logit in logits])
        told(f"{task.value}: on styles and families not seen {held[task.value]}")
    made, held["orders"] = orders.train(corpora[Task.INJECTING], SEED, told)
    card["scores"] = held
    return {"version": 2, "card": card, "tasks": tasks, "orders": made}


def gathered(seed: int) -> dict[Task, list[Instance]]:
    """The training texts of each task; harmless requests of one task are harmless for the others too."""
    programs = malicious.instances(seed)
    harmless = [item for item in programs if not item.unsafe]
    made = {Task.MALICIOUS: programs, Task.INJECTING: injecting.instances(seed), Task.BIASED: biased.instances(seed)}
    for task in (Task.INJECTING, Task.BIASED):
        made[task] += [item._replace(task=task.value) for item in harmless[::2]]
    made[Task.MALICIOUS] += [item for item in code.instances(seed) if not item.unsafe]
    made[Task.MALICIOUS] += [
        item._replace(task=Task.MALICIOUS.value)
        for task in (Task.INJECTING, Task.BIASED)
        for item in made[task]
        if not item.unsafe and item.task == task.value and item.style.startswith("good-")
    ][::2]
    return made


def held_out(data: Sequence[Row]) -> list[float]:
    """The mean logit of both models for each row, from models that saw neither its style nor its family."""
    logits = [0.0] * len(data)
    styles, families = _blocks([r.instance.style for r in data]), _blocks([r.instance.family for r in data])
    for one in range(_BLOCKS):
        for other in range(_BLOCKS):
            seen = [r for r, s, f in zip(data, styles, families, strict=True) if s != one and f != other]
            unseen = [n for n, (s, f) in enumerate(zip(styles, families, strict=True)) if (s, f) == (one, other)]
            if not unseen:
                continue
            parts = _both(seen)
            first = scores(parts[0], [data[n].behaviours for n in unseen])
            second = scores(parts[1], [data[n].words for n in unseen])
            for n, a, b in zip(unseen, first, second, strict=True):
                logits[n] = (a + b) / 2
    return logits


def write(content: dict[str, object], file: Path) -> None:
    """The same bytes for the same content."""
    text = json.dumps(content, ensure_ascii=False, indent=0, sort_keys=True, separators=(",", ":"))
    file.write_text(text + "\n", encoding="utf-8")


def _both(data: Sequence[Row]) -> tuple[Weights, Weights]:
    unsafe = [r.instance.unsafe for r in data]
    return (
        fit(Samples([r.behaviours for r in data], unsafe), least=LEAST, penalty=_PENALTY["behaviours"], bounds=_bounds),
        fit(Samples([r.words for r in data], unsafe), least=LEAST, penalty=_PENALTY["words"], bounds=free),
    )


def _bounds(name: str) -> tuple[float | None, float | None]:
    """What a feature may say: asking for harm never speaks for a text, its twins hardly ever against it."""
    if (
        name in _HARMLESS_CUES
        or name.split(":")[0] in _HARMLESS_CUES
        or name.startswith(("asks-permitted", "asks-beside"))
    ):
        return None, 0.0
    if name == "makes":
        return 0.0, 0.2
    if name.endswith((":defends", ":teaches", ":mentions", ":negates")):
        return None, 0.3
    if name.startswith(("count:defends", "count:other")):
        return None, 0.2
    return (None, None) if name.startswith("count:asks") else (0.0, None)


def _blocks(names: Sequence[str]) -> list[int]:
    """Each name's block: alphabetical, in turn."""
    order = {name: number % _BLOCKS for number, name in enumerate(sorted(set(names)))}
    return [order[name] for name in names]


_LIMITS = (
    "Trained on made-up texts, mostly English, with some in a dozen other languages. A score counts unsafe and "
    "harmless texts as equally frequent; in a repository unsafe ones are rare, so thresholds are set on ordinary "
    "files. It reads words, not intentions: what is asked for in words that no list holds is missed."
)
