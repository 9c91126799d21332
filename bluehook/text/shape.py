"""Whether a text is a request by its shape: bare, or a conversation, and nothing that documents are made of.

A request or a chat message is short, has few paragraphs, and is prose or code. A document has a title or sections,
badges, tables, several links, markup, fields, or many lines that are broken by hand; a list of names has no sentence.
Headings that frame a prompt ("### Instruction:") make no document.
"""

from __future__ import annotations

import re

from bluehook.text.capabilities import pieces

LONGEST = 4000
"""Characters that a bare request has at most."""
_PARAGRAPHS = 16
_LINKS = 3
_ROLE = r"(?:user|human|assistant|system|developer|ai|bot|model|chatgpt|customer|agent)"
_TURN = re.compile(
    rf"^[ \t>*#\[]{{0,8}}({_ROLE})[ \t*\]]{{0,4}}:|^<\|(?:im_start\|>)?({_ROLE})", re.IGNORECASE | re.MULTILINE
)
_FRAME = (
    r"(?:new |end of |begin |start of |hidden |your |the )?(?:instructions?|prompts?|system|user|assistant|human|input"
    r"|outputs?|responses?|context|questions?|answers?|tasks?|query|request|message|document|text|code|rules)\b"
)
_HEADING = re.compile(rf"^ {{0,3}}#{{1,6}} +(?!{_FRAME})\S", re.IGNORECASE | re.MULTILINE)
_UNDERLINE = re.compile(r"^(?P<title>\S[^\n]{1,80})\n(?P<line>(?P<mark>[=~^*-])(?P=mark){2,90})[ \t]*$", re.MULTILINE)
_TABLE = re.compile(r"^[ \t]{0,3}\|?[ \t]{0,9}:?-{3,40}:?[ \t]{0,9}\|[ \t|:-]{0,400}$|^\+[-=]{3,60}\+", re.MULTILINE)
_BADGE = re.compile(r"\[!\[[^\]\n]{0,200}\]\(")
_LINK = re.compile(
    r"(?<!!)\[[^\]\n]{1,200}\]\([^)\n]{1,300}\)|^\[[^\]\n]{1,200}\]:[ \t]|`[^`\n]{1,200} <[^>\n]{1,300}>`_",
    re.MULTILINE,
)
_MARKUP = re.compile(
    r"<(?:h[1-6]|table|details|picture|center|p align|div align)\b"
    r"|^\.\. (?:image|figure|toctree|note|warning|code-block|contents|automodule|include|_[\w -]{1,60}:)",
    re.IGNORECASE | re.MULTILINE,
)
_FIELDS = re.compile(
    r"\A\ufeff?---[ \t]*\n[\w-]{1,40}:|\A(?:[A-Z][\w-]{1,40}: [^\n]{0,400}\n){3}|^\[[\w. :-]{1,60}\]\n[\w.-]{1,60} ?=",
    re.MULTILINE,
)
_BROKEN = re.compile(r"^.{50,100}[^.!?:;\n]\n[ \t]{0,8}(?=[a-z(])", re.MULTILINE)
_BROKEN_LINES = 8
_SENTENCE = re.compile(
    r"^[^=|{}<>\n]{0,200}?(?:[^\W\d_][\w'’,-]{0,40} {1,3}){3}[^\W\d_]|\w {0,2}[?!]|[\u3040-\u30ff\u3400-\u9fff]{6}",
    re.MULTILINE,
)


def is_request(text: str) -> bool:
    """Whether a text whose name says nothing is one that somebody would put to a model."""
    if not text.strip():
        return False
    if _conversation(text):
        return True
    if len(text) > LONGEST or text.count("\n\n") >= _PARAGRAPHS or not _SENTENCE.search(text):
        return False
    return not _document(_without_code(text))


def _conversation(text: str) -> bool:
    """At least two turns, of two sides, from the beginning."""
    turns = [(found.start(), (found[1] or found[2]).lower()) for found in _TURN.finditer(text)]
    return len({who for _, who in turns}) > 1 and not text[: turns[0][0]].strip()


def _document(text: str) -> bool:
    return bool(
        _FIELDS.search(text)
        or _HEADING.search(text)
        or any(len(found["line"]) >= 0.8 * len(found["title"]) for found in _UNDERLINE.finditer(text))
        or _TABLE.search(text)
        or _BADGE.search(text)
        or _MARKUP.search(text)
        or len(_BROKEN.findall(text)) >= _BROKEN_LINES
        or len(_LINK.findall(text)) >= _LINKS
    )


def _without_code(text: str) -> str:
    parts = []
    done = 0
    for start, end in pieces(text):
        parts.append(text[done:start])
        done = end
    return "\n".join([*parts, text[done:]])
