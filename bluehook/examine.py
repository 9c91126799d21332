"""Run the detectors over files and join what they say: the part of the road whose answers are kept in the cache.

What comes out depends on a file's path and content, on the detectors, on the settings named in the cache key, on those
other files that the answer itself names, and on nothing else: whether a finding is shown, new or blocking is judged
afterwards, in ``scan``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from bluehook import __version__, detect
from bluehook.cache import Cache, key
from bluehook.crew import Answers, Crew
from bluehook.decide import decide
from bluehook.findings import Entry, Finding, Problem, SourceFile, StageRun, by_place

if TYPE_CHECKING:
    from bluehook.detect.flow.neighbours import Neighbours
    from bluehook.parse import ParsedFile

_FIRST_BATCH, _BATCH = 48, 256
"""Files that are held at a time: few at first and then twice as many as before, so that soon something is known that
Ctrl-C can report; in the end enough to spread an engine's start over, while memory stays flat.
"""


class Examined(msgspec.Struct, kw_only=True):
    """What is known of one file: findings with their evidence, remarks on its ignore comments, what was not done.

    ``hints`` are candidates that nothing but a hint speaks for, and ``entries`` where the world outside calls in: what
    an attack could begin with, there whether attacks are made or not, so that either run knows the other's answers.
    ``leans`` is what was asked of other files, and their answers.
    """

    findings: list[Finding] = []
    notes: list[Problem] = []
    problems: list[Problem] = []
    hints: list[Finding] = []
    entries: list[Entry] = []
    leans: dict[str, str] = {}


class Waiting:
    """Files that a stage keeps until the whole run is known, since what it spends goes to the dearest of all first."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[SourceFile, Examined]] = {}

    def __bool__(self) -> bool:
        return bool(self._files)

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def take(self, source: SourceFile, examined: Examined) -> None:
        """Keep a file."""
        self._files[source.path] = (source, examined)

    def contents(self) -> dict[str, bytes]:
        """The text of each file, by its path."""
        return {path: source.data for path, (source, _) in self._files.items()}

    def left(self) -> Iterator[tuple[SourceFile, Examined]]:
        """Give each file back, once: what an interrupted stage has not given back is still here."""
        while self._files:
            yield self._files.pop(next(iter(self._files)))


class Examiner:
    """Detectors and cache of one run; a context manager.

    ``names`` are the detectors to run, ``require_reason`` says whether an ignore comment without one counts. ``cached``
    counts the files whose answer was known already.
    """

    def __init__(
        self,
        names: Sequence[str],
        settings: detect.Settings,
        *,
        cache: Cache | None,
        require_reason: bool = False,
    ) -> None:
        self._crew = Crew([detect.load(name) for name in names], settings)
        self._cache = cache
        self._require_reason = require_reason
        self._key = key("examined", __version__, *self._crew.versions(), str(require_reason))
        self._root = settings.root
        self._neighbours: Neighbours | None = None
        self.cached = 0

    def __enter__(self) -> Examiner:
        return self

    def __exit__(self, *_: object) -> None:
        self._crew.close()

    def stages(self) -> list[StageRun]:
        """How each detector ended."""
        return self._crew.stages()

    def examine(self, files: Iterable[SourceFile]) -> Iterator[tuple[SourceFile, Examined]]:
        """Each file with what is known of it, in the order given, a batch at a time."""
        source = iter(files)
        size = _FIRST_BATCH
        while batch := list(itertools.islice(source, size)):
            size = min(2 * size, _BATCH)
            keys = [self._name(file) for file in batch]
            known = self._recall(keys)
            self.cached += len(known)
            fresh = {name: file for name, file in zip(keys, batch, strict=True) if name not in known}
            known.update(self._look(fresh))
            yield from ((file, known[name]) for name, file in zip(keys, batch, strict=True))

    def _name(self, file: SourceFile) -> bytes:
        return key(self._key, file.path.encode("utf-8", "surrogateescape"), file.digest())

    def _recall(self, keys: Sequence[bytes]) -> dict[bytes, Examined]:
        if self._cache is None:
            return {}
        known = {}
        for name, value in self._cache.get_many(keys).items():
            try:
                examined = msgspec.msgpack.decode(value, type=Examined)
            except msgspec.MsgspecError:
                continue
            if self._still_holds(examined):
                known[name] = examined
        return known

    def _still_holds(self, examined: Examined) -> bool:
        """Whether the other files that an answer leans on are as they were."""
        if not examined.leans:
            return True
        from bluehook.detect.flow.neighbours import Neighbours

        if self._root is None:
            return False
        if self._neighbours is None:
            self._neighbours = Neighbours(self._root)
        here = self._neighbours
        return all(here.still_holds(question, answer) for question, answer in examined.leans.items())

    def _look(self, files: dict[bytes, SourceFile]) -> dict[bytes, Examined]:
        if not files:
            return {}
        from bluehook.parse import parse

        parsed = {name: parse(file) for name, file in files.items()}
        answers = self._crew.run(list(parsed.values()))
        found = {name: self._examined(file, answers) for name, file in parsed.items()}
        complete = {n: e for n, e in found.items() if not any(p.incomplete for p in e.problems)}
        if self._cache is not None and not answers.failed:
            packed = {name: data for name, examined in complete.items() if (data := _packed(examined)) is not None}
            self._cache.put_many(packed)
        return found

    def _examined(self, file: ParsedFile, answers: Answers) -> Examined:
        from bluehook.join import join
        from bluehook.suppress import mentions, suppress

        findings, hints = [], []
        for finding in join(file, answers.detections[file.source.path]):
            verdict = decide(finding.weakness, finding.evidence).verdict
            if verdict is not None:
                finding.verdict = verdict
                findings.append(finding)
            else:
                hints.append(finding)
        notes = suppress(findings, file, self._require_reason) if mentions(file.source.data) else []
        return Examined(
            findings=findings,
            notes=notes,
            problems=[*file.problems, *answers.problems[file.source.path]],
            hints=hints,
            entries=_entries(file),
            leans=answers.leans.get(file.source.path, {}),
        )


def widened(file: ParsedFile, examined: Examined, added: Sequence[Finding], *, require_reason: bool) -> Examined:
    """What is known of a file, with the findings of a later stage, which comments may silence as well."""
    from bluehook.suppress import mentions, suppress

    findings = sorted([*examined.findings, *added], key=by_place)
    notes = suppress(findings, file, require_reason) if added and mentions(file.source.data) else examined.notes
    return Examined(findings=findings, notes=notes, problems=examined.problems)


def _entries(file: ParsedFile) -> list[Entry]:
    from bluehook.verify.plan import entries

    return entries(file)


def _packed(examined: Examined) -> bytes | None:
    try:
        return msgspec.msgpack.encode(examined)
    except UnicodeEncodeError:
        # A file name that is not UTF-8 has no place in the format; such a file is looked at each time.
        return None
