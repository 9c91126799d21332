"""Where a file shows a form that a constitution gives."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import msgspec
from tree_sitter import Node, QueryCursor

from bluehook.findings import Detection, Evidence, Says
from bluehook.knowledge import Form, load
from bluehook.knowledge.library import shipped_files
from bluehook.parse import Call, Function, ParsedFile
from bluehook.parse.syntax import query
from bluehook.weaknesses import TABLE

_MOST_MATCHES = 256
"""Half-made matches that one query may hold at a time: a stranger's query is bounded by it."""
_MOST_PLACES = 200
_MOST_NODES = 500
_LONGEST_TEXT = 2000


class _Held(msgspec.Struct, frozen=True):
    """One form, and the constitution that it stands in."""

    form: Form
    constitution: str
    weakness: str
    origin: str


class Forms:
    """All forms in force."""

    def __init__(self, held: Sequence[_Held]) -> None:
        self._held = held
        self._words = {word.encode() for each in held for word in each.form.words}
        self._any = re.compile(b"|".join(map(re.escape, sorted(self._words)))) if self._words else None

    def detections(self, file: ParsedFile, timeout: float) -> tuple[list[Detection], bool]:
        """What the file shows, in the order of the forms, and whether the time ended before all were looked for."""
        if self._any is None or self._any.search(file.utf8) is None:
            return [], False
        deadline = time.monotonic() + timeout
        found: list[Detection] = []
        for each in self._held:
            if time.monotonic() > deadline:
                return found, True
            found += _of_form(each, file)
        return found, False


def forms(project: Path | None, directory: Path | None) -> Forms:
    """The forms of the shipped constitutions and of a project's folder; read once a process.

    ``directory`` is where compiled ones are kept, if anywhere.

    :raises BluehookError: a shipped constitution is not in order.
    """
    shipped = _shipped(directory)
    own = load(project.parent, project.name).constitutions if project is not None and project.is_dir() else ()
    held = [
        _Held(form, each.id, each.weakness[0], "project")
        for each in own
        if each.origin == "project" and each.weakness[0] in TABLE
        for form in each.check
    ]
    return Forms([*shipped, *held])


@cache
def _shipped(directory: Path | None) -> list[_Held]:
    import hashlib

    files = shipped_files()
    digest = hashlib.sha256(b"".join(hashlib.sha256(data).digest() for _, data in files)).hexdigest()[:32]
    ready = directory / f"forms-{digest}.json" if directory is not None else None
    if ready is not None:
        try:
            return msgspec.json.decode(ready.read_bytes(), type=list[_Held])
        except (OSError, msgspec.MsgspecError):
            pass
    held = [_Held(form, each.id, each.weakness[0], each.origin) for each in load().constitutions for form in each.check]
    if ready is not None:
        _keep(ready, msgspec.json.encode(held))
    return held


def _keep(target: Path, data: bytes) -> None:
    """Leave a compiled file in the cache; where that cannot be done it is compiled again the next time."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".forms-")
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        Path(temporary).replace(target)
    except OSError:
        return


def _of_form(each: _Held, file: ParsedFile) -> Iterator[Detection]:
    seen: set[int] = set()
    for node in _worth_a_look(each.form, file):
        cursor = QueryCursor(query(each.form.query), match_limit=_MOST_MATCHES)
        for _, captures in cursor.matches(node):
            place = captures["place"][0]
            if place.start_byte in seen or len(seen) >= _MOST_PLACES:
                continue
            if _holds(each.form, captures, place, file):
                seen.add(place.start_byte)
                yield _detection(each, place, file)


def _worth_a_look(form: Form, file: ParsedFile) -> list[Node]:
    """The functions and classes at the top of a file that hold a word of the form; all of it for one outside these."""
    offsets = [match.start() for word in form.words for match in re.finditer(re.escape(word.encode()), file.utf8)]
    if not offsets:
        return []
    found: dict[int, Node] = {}
    for offset in offsets:
        top = file.root.first_child_for_byte(offset)
        if top is None or top.type not in ("function_definition", "class_definition", "decorated_definition"):
            return [file.root]
        found[top.start_byte] = top
    return list(found.values())


def _holds(form: Form, captures: dict[str, list[Node]], place: Node, file: ParsedFile) -> bool:
    for texts, wanted in ((form.texts, True), (form.texts_not, False)):
        for capture, pattern in texts.items():
            for node in captures.get(capture, []):
                if (re.search(pattern, file.node_text(node)[:_LONGEST_TEXT]) is not None) is not wanted:
                    return False
    for capture, names in form.names.items():
        if not all(_is_one_of(_name(node, file), names) for node in captures.get(capture, [])):
            return False
    function = _function(place, file)
    calls = [call for call in file.calls if call.enclosing is function]
    if any(_is_one_of(call.name, form.unless) for call in calls):
        return False
    if form.unless_words:
        around = file.node_text(function.outer if function is not None else place)
        if any(word in around for word in form.unless_words):
            return False
    if not form.then:
        return True
    value = file.node_text(captures["value"][0])
    return any(
        call.node.start_byte > place.start_byte and _is_one_of(call.name, form.then) and _takes(call, value, file)
        for call in calls
    )


def _function(place: Node, file: ParsedFile) -> Function | None:
    scope = file.definitions.around(place.start_byte)
    while scope is not None and not isinstance(scope, Function):
        scope = scope.parent
    return scope


def _name(node: Node, file: ParsedFile) -> str:
    """What a captured call or callee is called outside this file; empty for what the file itself binds."""
    callee = node.child_by_field_name("function") if node.type == "call" else node
    if callee is None:
        return ""
    found = file.names.resolve(callee, file.definitions.around(node.start_byte))
    return "" if found.local else found.name


def _is_one_of(name: str, names: Sequence[str]) -> bool:
    return any(name == each or (each.startswith(".") and name.endswith(each)) for each in names)


def _takes(call: Call, value: str, file: ParsedFile) -> bool:
    """Whether a value, by its name, stands in an argument of the call."""
    pending = [argument.node for argument in call.arguments]
    for _ in range(_MOST_NODES):
        if not pending:
            return False
        node = pending.pop()
        if node.type in ("identifier", "attribute") and file.node_text(node) == value:
            return True
        pending += node.named_children
    return False


def _detection(each: _Held, place: Node, file: ParsedFile) -> Detection:
    form = each.form
    details = {"constitution": each.constitution, "origin": each.origin}
    evidence = Evidence(
        "constitutions", f"{each.constitution}.{form.name}", Says(form.says), form.message, details=details
    )
    return Detection(each.weakness, file.location(place), evidence)
