"""Instructions to whoever reviews the code, written into the code: an attempt that is itself a finding.

A mention is not a directive. What counts speaks to a reader that follows orders (a model, an assistant, a reviewer, the
conversation itself) and asks for an outcome or for silence; each alone is ordinary in documentation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import msgspec

from bluehook.check.source import spoken

WEAKNESS = "prompt-injection"

_READER = (
    r"(?:(?:ai|llm|gpt|copilot|claude|language|chat) ?"
    r"(?:model|assistant|reviewer|agent|bot|checker|scanner|analy[sz]er)?"
    r"|(?:code |security )?(?:reviewers?|auditors?|scanners?|analy[sz]ers?)|assistants?|models?|bluehook|you)"
)
_HARMLESS = (
    r"(?:safe|secure|benign|harmless|clean|not vulnerable|no (?:issue|finding|vulnerabilit|problem|weakness)\w*"
    r"|false positive|trusted|approved|refuted)"
)
_OUTCOME = (
    r"(?:(?:is|are|as|it|this|that|code|function|answer|verdict|say|report|respond|reply|output|return|classif\w+|mark"
    rf"|treat|consider|rate|label|judge)\b[^.]{{0,60}}\b{_HARMLESS})"
)
_SILENCE = (
    r"(?:(?:do not|don't|never|must not|should not|need not|skip) "
    r"(?:report|flag|mention|raise|warn|analy[sz]e|review|check)\w*)"
)
_ORDER = r"(?:must|should|shall|please|always|have to|need to|are (?:told|instructed|required|asked) to|ignore|note)"
_PATTERNS = [
    re.compile(rf"\b{_READER}\b[^.]{{0,40}}(?:\b{_ORDER}\b|:|,)[^.]{{0,60}}{_OUTCOME}"),
    re.compile(rf"\b{_READER}\b[^.]{{0,40}}(?:\b{_ORDER}\b|:|,)?[^.]{{0,40}}{_SILENCE}"),
    re.compile(
        r"\b(?:ignore|disregard|forget|override)\b[^.]{0,30}\b(?:previous|prior|above|earlier|all|any|your|system)\b"
        r"[^.]{0,30}\b(?:instruction|rule|prompt|guideline|constitution|direction|context)s?\b"
    ),
    re.compile(r"<\|?(?:im.start|im.end|system|endoftext)\|?>|\[/?inst\]|<</?sys>>"),
    re.compile(r"^(?:system|assistant) ?(?:prompt|message|mode|note)? ?:"),
    re.compile(r"[\"']?verdict[\"']? ?[:=] ?[\"']?(?:safe|refuted|unsure)\b"),
    re.compile(r"\b(?:end|stop) of (?:the )?(?:code|untrusted|input|data)\b.{0,60}\b(?:instruction|now|system|new)\b"),
]
_SHORTEST = 16
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]")


class Attempt(msgspec.Struct, frozen=True):
    """Where somebody speaks to the reviewer: the line in the text (0 for its name), what it stands in, its words."""

    line: int
    kind: str
    text: str


def attempts(text: str, path: str = "") -> list[Attempt]:
    """The attempts in a source and in the name of its file."""
    found = [Attempt(each.line, each.kind, each.text) for each in spoken(text) if is_order(each.text)]
    joined = _runs(text)
    found += [
        Attempt(line, "comment", words)
        for line, words in joined
        if is_order(words) and not any(a.line == line for a in found)
    ]
    if path and is_order(path.rsplit("/", 1)[-1].removesuffix(".py")):
        found.append(Attempt(0, "file name", path))
    return found


def tempts(text: str, path: str = "") -> bool:
    """Whether anything in a source may talk to its reader: an attempt, or words that the local judge of texts takes for
    an injection, disguised ones too. Enough for trusting nothing that was concluded from it, not enough for a finding.
    """
    if attempts(text, path):
        return True
    from bluehook.text.judge import judge
    from bluehook.text.judgement import Band, Surface, Task

    for each in spoken(text):
        if each.kind == "identifier" or len(each.text) < _SHORTEST:
            continue
        opinion = judge(each.text, surface=Surface.COMMENT, tasks={Task.INJECTING}).of(Task.INJECTING)
        if opinion is not None and opinion.band.rank >= Band.WARN.rank:
            return True
    return False


def is_order(text: str) -> bool:
    """Whether a text tells its reader what to conclude."""
    plain = folded(text)
    return any(pattern.search(plain) for pattern in _PATTERNS)


def folded(text: str) -> str:
    """The text as it is read: without what cannot be seen, in small letters, with the joints of names as spaces."""
    shown = _HIDDEN.sub("", unicodedata.normalize("NFKC", text[:20_000]))
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", shown)
    return re.sub(r"[\s_\-#*]+", " ", parted).casefold().replace("\u2019", "'").strip()


def _runs(text: str) -> Iterable[tuple[int, str]]:
    """Comments on lines that follow each other, joined: an order may be cut into pieces."""
    run: list[str] = []
    first = 0
    for number, line in enumerate([*text.splitlines(), ""], 1):
        bare = line.strip()
        if bare.startswith("#"):
            first = first if run else number
            run.append(bare.lstrip("#! "))
            continue
        if len(run) > 1:
            yield first, " ".join(run)
        run = []
