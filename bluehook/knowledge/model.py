"""The format of a constitution, as msgspec structs: the one list of what can stand in a file.

Names are written in kebab-case in YAML (``false_guards`` is ``false-guards``); a key that is not here is refused. The
page for readers is docs/constitutions.md.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal

import msgspec

from bluehook.knowledge.shapes import Shape

Task = Literal["vuln-code", "bias-code", "malicious-instruction", "biased-instruction", "prompt-injection"]
Origin = Literal["package", "project"]

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Prose = Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Slug = Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z", max_length=80)]
Words = Annotated[tuple[Word, ...], msgspec.Meta(max_length=200)]
Lines = Annotated[tuple[Line, ...], msgspec.Meta(max_length=40)]


class Form(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """One form of the flaw that can be checked without any model, in the syntax tree of a file.

    ``words`` are looked for first: a file without any of them is passed over. ``query`` is a tree-sitter query of the
    Python grammar; its capture ``@place`` is where the finding stands. ``texts`` are regular expressions that the text
    of a capture must hold, ``texts-not`` such that it must not (written into the query they would be compiled by code
    that swallows interrupts); a project's form takes none. ``names`` says what a captured call or callee must resolve
    to (``{"call": ["os.system"]}``; a name that begins with a dot is a method of any object). ``then`` are calls of
    which one must follow in the same function and take what ``@value`` captured, ``with`` calls of which one must stand
    in any function of the file. ``unless`` are calls that make the function around it safe (or that other detectors
    watch), ``unless-words`` plain texts that do. ``unread`` are captured names that stand nowhere else in the file.
    """

    name: Slug
    says: Literal["hints", "suspects", "shows"]
    message: Line
    words: Annotated[tuple[Word, ...], msgspec.Meta(min_length=1, max_length=40)]
    query: Prose
    texts: dict[str, Line] = {}
    texts_not: dict[str, Line] = {}
    names: dict[str, Words] = {}
    then: Words = ()
    within: Words = msgspec.field(default=(), name="with")
    unread: Words = ()
    unless: Words = ()
    unless_words: Words = ()


class Support(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """What a constitution rests on: instances by name, how many were unsafe, safe, and proven by an attack that ran.

    ``source`` says in words where it comes from when it was not learned from instances.
    """

    source: str = ""
    instances: Words = ()
    unsafe: Annotated[int, msgspec.Meta(ge=0)] = 0
    safe: Annotated[int, msgspec.Meta(ge=0)] = 0
    proven: Annotated[int, msgspec.Meta(ge=0)] = 0


class Constitution(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """One principle, and how to tell what breaks it from what keeps it.

    ``weakness`` are keys of ``weaknesses.TABLE``, the main one first. ``false_guards`` are guards that look right and
    are not, each with the reason. Retrieval goes by the prose and by what is named for it: ``apis`` are the dotted
    names that such code calls, ``keywords`` words that stand in it, ``shapes`` what it looks like (:mod:`.shapes`).
    ``unseen`` says why no detector of bluehook sees the unsafe example, where none does. ``check`` are forms that need
    no model. ``origin`` and ``file`` are set by the loader; a file cannot set them.
    """

    id: Slug
    task: Task
    weakness: Annotated[tuple[Slug, ...], msgspec.Meta(min_length=1, max_length=10)]
    principle: Prose
    unsafe: Annotated[tuple[Line, ...], msgspec.Meta(min_length=1, max_length=40)]
    safe: Lines = ()
    false_guards: Lines = ()
    apis: Words = ()
    keywords: Words = ()
    shapes: Annotated[tuple[Shape, ...], msgspec.Meta(max_length=4)] = ()
    example_unsafe: Prose
    example_safe: Prose
    unseen: Annotated[str, msgspec.Meta(max_length=1000)] = ""
    check: Annotated[tuple[Form, ...], msgspec.Meta(max_length=20)] = ()
    evidence: Support = Support()
    history: Lines = ()
    origin: Origin = "package"
    file: str = ""

    @property
    def digest(self) -> str:
        """What an answer that was given in its light depends on: 16 hexadecimal digits, wherever its file lies."""
        return hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(self, file=""))).hexdigest()[:16]


SET_BY_LOADER = ("origin", "file")
"""Fields that a file cannot set."""
