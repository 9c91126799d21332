"""What bluehook says of a corpus by itself, without any model of language: its scan of code, its judge of texts."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from bluehook import collect, verify
from bluehook.config import Configs
from bluehook.ending import INTERRUPTED
from bluehook.evaluate.corpus import CODE, Case, Corpus
from bluehook.evaluate.score import Said
from bluehook.scan import Scan
from bluehook.text.judge import judge
from bluehook.text.judgement import Band, Surface
from bluehook.text.judgement import Task as TextTask

BIAS = "biased-code"


class Local(NamedTuple):
    """What was said of each case: by anything that is shown, and by what would block."""

    shown: dict[str, Said]
    blocking: dict[str, Said]


def look(corpus: Corpus, attacks: verify.Settings | None = None) -> Local:
    """What the local stages say; ``attacks`` says how findings are verified (``None``: not at all)."""
    return _scan(corpus, attacks) if corpus.task in CODE else _judge(corpus)


def _scan(corpus: Corpus, attacks: verify.Settings | None) -> Local:
    with tempfile.TemporaryDirectory(prefix="bluehook-eval-") as folder:
        root = Path(folder, "cases")
        root.mkdir()
        names: dict[str, Case] = {}
        for number, case in enumerate(corpus.cases):
            # Numbered, so that no name looks like test code or leaves the folder.
            names[f"case_{number}.py"] = case
            (root / f"case_{number}.py").write_text(case.text, encoding="utf-8", errors="replace")
        collection = collect.paths((root,), root, collect.Options(offline=True))
        result = Scan(root, Configs(root), attacks=attacks).run(collection.files, collection.problems).result
    if result.exit_code == INTERRUPTED:
        raise KeyboardInterrupt
    unseen = {names[p.path].id for p in result.problems if p.incomplete and p.path in names}
    said: Mapping[str, Said] = {case.id: "unknown" if case.id in unseen else "safe" for case in corpus.cases}
    shown, blocking = dict(said), dict(said)
    for finding in result.shown():
        if (finding.weakness == BIAS) == (corpus.task == "bias-code"):
            case = names[finding.location.path]
            shown[case.id] = "unsafe"
            if finding.blocks:
                blocking[case.id] = "unsafe"
    return Local(shown, blocking)


def _judge(corpus: Corpus) -> Local:
    shown: dict[str, Said] = {}
    blocking: dict[str, Said] = {}
    task = TextTask(corpus.task)
    for case in corpus.cases:
        opinion = judge(case.text, surface=Surface.PROMPT, tasks={task}).of(task)
        band = opinion.band if opinion is not None else Band.UNSURE
        shown[case.id] = "unsafe" if band.rank >= Band.WARN.rank else "unsure" if band is Band.UNSURE else "safe"
        blocking[case.id] = "unsafe" if band is Band.BLOCK else shown[case.id] if band is Band.UNSURE else "safe"
    return Local(shown, blocking)
