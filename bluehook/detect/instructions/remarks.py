"""Comments and docstrings that talk to an automated reviewer or an agent instead of to people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node, QueryCursor

from bluehook.findings import Location
from bluehook.parse import ParsedFile, syntax

_ADDRESSEES = (
    b"llm", b"gpt", b"claude", b"copilot", b"gemini", b" ai ", b" ai:", b" ai,", b"language model", b"assistant",
    b"agent",
    b"reviewer", b"code review", b"scanner", b"analyzer", b"analyser", b"auditor", b"instructions", b"you are a",
)  # fmt: skip
_ORDERS = (
    b"ignore", b"disregard", b"forget", b"override", b"bypass", b"mark", b"treat", b"classify", b"report", b"consider",
    b"approve", b"skip", b"do not", b"don't", b"never", b"must not", b"assume", b"respond", b"answer", b"return",
    b"say",
)  # fmt: skip
_ADDRESS = re.compile(
    r"(?i)\b(?:AI|A\.I\.|LLMs?|GPT(?:-?\d)?|ChatGPT|Claude|Copilot|Gemini|Cursor|language model|coding (?:agent|"
    r"assistant)|"
    r"(?:AI|code|security|automated|automatic) (?:review(?:er)?s?|assistants?|agents?|analy[sz]ers?|scanners?|"
    r"auditors?|tools?)|"
    r"reviewer (?:bot|model)|assistants?|agents?|you are (?:an?|the) )(?:\b|(?<= ))"
)
_WHO = (
    r"(?:(?:AI|LLM|GPT|ChatGPT|Claude|Copilot|Gemini|automated|automatic|code[- ]review|security)(?:[- ](?:code|"
    r"security|review)){0,2}"
    r"(?:[- ](?:agents?|assistants?|models?|reviewers?|scanners?|tools?|bots?|systems?|analy[sz]ers?|auditors?))?|"
    r"agents?|assistants?)"
)
_CALLED = re.compile(
    r"(?im)^\W{0,12}(?:(?:note|attention|important|message|instructions?|system|notice)\W{0,4}){0,2}"
    r"(?:(?:to|for|dear|hey|hello|attention|@)\W{0,3}(?:any|all|the|every)?\s?"
    + _WHO
    + r"\b|(?!agents?\b|assistants?\b)"
    + _WHO
    + r"\s?(?:[:,]|\b(?:must|should|shall|please|reading|are to)\b))"
)
_OVERRIDE = re.compile(
    r"(?i)\b(?:ignore|disregard|forget|override|bypass|do not (?:follow|obey))\b.{0,30}\b(?:previous|prior|above|"
    r"earlier|"
    r"preceding|all|any|your|these|those|system|the)\b.{0,30}\b(?:instructions?|prompts?|rules?|guidelines?|"
    r"directives?|"
    r"polic(?:y|ies)|context|training)\b"
)
_IMPERATIVE = re.compile(
    r"(?im)(?:^|[.:!;,\"'-]\s?|\b(?:please|must|should|now|to)\s)\W{0,4}"
    r"(?:ignore|disregard|forget|do not (?:follow|obey))\b"
)
"""An order, and not what a method does (it *overrides* the prompt)."""
_WHITEWASH = re.compile(
    r"(?i)\b(?:mark|treat|classify|report|consider|label|rate|flag|score|declare|deem|approve|assume|answer|respond|"
    r"return|say|state|conclude)\b.{0,60}\b(?:safe|secure|benign|clean|harmless|trusted|not vulnerable|no (?:issues?|"
    r"vulnerabilit(?:y|ies)|findings?|problems?)|non-?malicious|false positive|pre-?approved|compliant)\b"
)
_LOOK_AWAY = re.compile(
    r"(?i)\b(?:skip|do not|don't|never|must not|avoid|stop|omit)\b.{0,20}\b(?:review(?:ing)?|report(?:ing)?|"
    r"flag(?:ging)?|"
    r"scan(?:ning)?|analy[sz](?:e|ing)|mention(?:ing)?|check(?:ing)?|inspect(?:ing)?)\b.{0,40}\b(?:this|these|the|"
    r"any|it|file|function|"
    r"code|block|section|vulnerab\w*|issues?)\b"
)
_ABOUT = re.compile(
    r"(?i)\b(?:for example|e\.g\.|such as|attack(?:er)?s?|detect\w*|injection|jailbreak\w*|adversar\w*|payloads?|"
    r"malicious|test (?:case|that|data)|raise[sd]?|returns? (?:true|false)|whether|if the)\b"
)
_LONGEST = 6000


class Remark(NamedTuple):
    """A comment block or docstring: its text without marks, where it stands, and why it is an order to a reviewer."""

    text: str
    location: Location
    order: str
    addressed: bool


def wants(utf8: bytes) -> bool:
    """Whether words of such a remark stand in a text in UTF-8."""
    lowered = utf8.lower()
    return any(word in lowered for word in _ADDRESSEES) and any(word in lowered for word in _ORDERS)


def remarks(file: ParsedFile) -> Iterator[Remark]:
    """The remarks that give an order that no person needs; ``addressed`` ones name whom they are for."""
    for text, location in _texts(file):
        if not wants(f" {text} ".encode("utf-8", "replace")):
            continue
        order = next((match[0] for rule in (_OVERRIDE, _WHITEWASH, _LOOK_AWAY) if (match := rule.search(text))), "")
        if not order:
            continue
        override = _OVERRIDE.search(text) is not None
        # Documentation of attacks quotes them; it is judged as text, and shows nothing by itself.
        ordered = override and _IMPERATIVE.search(text) is not None and _ADDRESS.search(text) is not None
        addressed = (ordered or _CALLED.search(text) is not None) and not _ABOUT.search(text)
        if addressed or _ADDRESS.search(text) or override:
            yield Remark(text, location, " ".join(order.split()), addressed)


def _texts(file: ParsedFile) -> Iterator[tuple[str, Location]]:
    """Comment blocks (lines below each other are one), docstrings and other strings that stand alone."""
    block: list[str] = []
    place: Location | None = None
    for comment in file.comments:
        text = comment.text.lstrip("#!: ").rstrip()
        if place is not None and comment.line == place.end_line + 1 and comment.column == place.column:
            block.append(text)
            place = Location(place.path, place.line, place.column, comment.line, comment.column + len(comment.text))
            continue
        if place is not None:
            yield "\n".join(block)[:_LONGEST], place
        block = [text]
        place = Location(file.path, comment.line, comment.column, comment.line, comment.column + len(comment.text))
    if place is not None:
        yield "\n".join(block)[:_LONGEST], place
    captures = QueryCursor(syntax.query("(expression_statement . (string) @string .)")).captures(file.root)
    for node in captures.get("string", []):
        yield file.node_text(node).strip("rRuUbB\"'")[:_LONGEST], file.location(_first_line(node))


def _first_line(node: Node) -> Node:
    return node.named_children[0] if node.named_children and node.start_point.row != node.end_point.row else node
