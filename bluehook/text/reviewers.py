"""Orders to whoever reviews code, given in its comments and strings: what to conclude, or what to pass over.

A mention is not an order: what counts speaks to a reader that follows orders, and asks for an outcome or for silence;
each alone is ordinary in documentation. There are two readings, since two things follow from one:

- :func:`is_order` asks whether words may move a model that is shown them. It reads a text as a model does, whatever it
  is written in (the name of a function, words in pieces, letters that look like others).
- :func:`order` asks whether a remark is meant for a reviewer that is no person, which is a finding by itself, and
  leaves out what documentation says *about* such remarks.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

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
_MUST = r"(?:must|should|shall|please|always|have to|need to|are (?:told|instructed|required|asked) to|ignore|note)"
_MOVING = [
    re.compile(rf"\b{_READER}\b[^.]{{0,40}}(?:\b{_MUST}\b|:|,)[^.]{{0,60}}{_OUTCOME}"),
    re.compile(rf"\b{_READER}\b[^.]{{0,40}}(?:\b{_MUST}\b|:|,)?[^.]{{0,40}}{_SILENCE}"),
    re.compile(
        r"\b(?:ignore|disregard|forget|override)\b[^.]{0,30}\b(?:previous|prior|above|earlier|all|any|your|system)\b"
        r"[^.]{0,30}\b(?:instruction|rule|prompt|guideline|constitution|direction|context)s?\b"
    ),
    re.compile(r"<\|?(?:im.start|im.end|system|endoftext)\|?>|\[/?inst\]|<</?sys>>"),
    re.compile(r"^(?:system|assistant) ?(?:prompt|message|mode|note)? ?:"),
    re.compile(r"[\"']?verdict[\"']? ?[:=] ?[\"']?(?:safe|refuted|unsure)\b"),
    re.compile(r"\b(?:end|stop) of (?:the )?(?:code|untrusted|input|data)\b.{0,60}\b(?:instruction|now|system|new)\b"),
]
"""For text as :func:`folded` gives it."""
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]")

_ADDRESSEES = (
    b"llm", b"gpt", b"claude", b"copilot", b"gemini", b" ai ", b" ai:", b" ai,", b"language model", b"assistant",
    b"agent", b"reviewer", b"code review", b"scanner", b"analyzer", b"analyser", b"auditor", b"instructions",
    b"you are a",
)  # fmt: skip
_ORDERS = (
    b"ignore", b"disregard", b"forget", b"override", b"bypass", b"mark", b"treat", b"classify", b"report", b"consider",
    b"approve", b"skip", b"do not", b"don't", b"never", b"must not", b"assume", b"respond", b"answer", b"return",
    b"say",
)  # fmt: skip
_ADDRESS = re.compile(
    r"(?i)\b(?:AI|A\.I\.|LLMs?|GPT(?:-?\d)?|ChatGPT|Claude|Copilot|Gemini|Cursor|language model"
    r"|coding (?:agent|assistant)"
    r"|(?:AI|code|security|automated|automatic)"
    r" (?:review(?:er)?s?|assistants?|agents?|analy[sz]ers?|scanners?|auditors?|tools?)"
    r"|reviewer (?:bot|model)|assistants?|agents?|you are (?:an?|the) )(?:\b|(?<= ))"
)
_WHO = (
    r"(?:(?:AI|LLM|GPT|ChatGPT|Claude|Copilot|Gemini|automated|automatic|code[- ]review|security)"
    r"(?:[- ](?:code|security|review)){0,2}"
    r"(?:[- ](?:agents?|assistants?|models?|reviewers?|scanners?|tools?|bots?|systems?|analy[sz]ers?|auditors?))?"
    r"|agents?|assistants?)"
)
_CALLED = re.compile(
    r"(?im)^\W{0,12}(?:(?:note|attention|important|message|instructions?|system|notice)\W{0,4}){0,2}"
    rf"(?:(?:to|for|dear|hey|hello|attention|@)\W{{0,3}}(?:any|all|the|every)?\s?{_WHO}\b"
    rf"|(?!agents?\b|assistants?\b){_WHO}\s?(?:[:,]|\b(?:must|should|shall|please|reading|are to)\b))"
)
_OVERRIDE = re.compile(
    r"(?i)\b(?:ignore|disregard|forget|override|bypass|do not (?:follow|obey))\b.{0,30}"
    r"\b(?:previous|prior|above|earlier|preceding|all|any|your|these|those|system|the)\b.{0,30}"
    r"\b(?:instructions?|prompts?|rules?|guidelines?|directives?|polic(?:y|ies)|context|training)\b"
)
_IMPERATIVE = re.compile(
    r"(?im)(?:^|[.:!;,\"'-]\s?|\b(?:please|must|should|now|to)\s)\W{0,4}"
    r"(?:ignore|disregard|forget|do not (?:follow|obey))\b"
)
"""An order, and not what a method does (it *overrides* the prompt)."""
_WHITEWASH = re.compile(
    r"(?i)\b(?:mark|treat|classify|report|consider|label|rate|flag|score|declare|deem|approve|assume|answer|respond"
    r"|return|say|state|conclude)\b.{0,60}"
    r"\b(?:safe|secure|benign|clean|harmless|trusted|not vulnerable"
    r"|no (?:issues?|vulnerabilit(?:y|ies)|findings?|problems?)"
    r"|non-?malicious|false positive|pre-?approved|compliant)\b"
)
_LOOK_AWAY = re.compile(
    r"(?i)\b(?:skip|do not|don't|never|must not|avoid|stop|omit)\b.{0,20}"
    r"\b(?:review(?:ing)?|report(?:ing)?|flag(?:ging)?|scan(?:ning)?|analy[sz](?:e|ing)|mention(?:ing)?"
    r"|check(?:ing)?|inspect(?:ing)?)\b.{0,40}"
    r"\b(?:this|these|the|any|it|file|function|code|block|section|vulnerab\w*|issues?)\b"
)
_ABOUT = re.compile(
    r"(?i)\b(?:for example|e\.g\.|such as|attack(?:er)?s?|detect\w*|injection|jailbreak\w*|adversar\w*|payloads?"
    r"|malicious|test (?:case|that|data)|raise[sd]?|returns? (?:true|false)|whether|if the)\b"
)


class Order(NamedTuple):
    """An order in a remark: its words, and whether the remark names the reviewer that it is for."""

    words: str
    addressed: bool


def is_order(text: str) -> bool:
    """Whether a text may tell a model that reads it what to conclude."""
    plain = folded(text)
    return any(pattern.search(plain) for pattern in _MOVING)


def folded(text: str) -> str:
    """The text as it is read: without what cannot be seen, in small letters, with the joints of names as spaces."""
    shown = _HIDDEN.sub("", unicodedata.normalize("NFKC", text[:20_000]))
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", shown)
    return re.sub(r"[\s_\-#*]+", " ", parted).casefold().replace("\u2019", "'").strip()


def may_hold_order(utf8: bytes) -> bool:
    """Whether a text in UTF-8 has words of such a remark: a cheap look that saves most texts the rest."""
    lowered = utf8.lower()
    return any(word in lowered for word in _ADDRESSEES) and any(word in lowered for word in _ORDERS)


def order(text: str) -> Order | None:
    """The order that a remark gives, of those that no person needs."""
    if not may_hold_order(f" {text} ".encode("utf-8", "replace")):
        return None
    words = next((match[0] for rule in (_OVERRIDE, _WHITEWASH, _LOOK_AWAY) if (match := rule.search(text))), "")
    if not words:
        return None
    overrides = _OVERRIDE.search(text) is not None
    names_reader = _ADDRESS.search(text) is not None
    # Documentation of attacks quotes them; it is judged as text, and shows nothing by itself.
    called = _CALLED.search(text) is not None or (overrides and names_reader and _IMPERATIVE.search(text) is not None)
    addressed = called and not _ABOUT.search(text)
    if not (addressed or names_reader or overrides):
        return None
    return Order(" ".join(words.split()), addressed)
