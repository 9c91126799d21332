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
from bluehook.knowledge.library import of_project, shipped_files
from bluehook.parse import Call, Function, ParsedFile
from bluehook.parse.syntax import query, way_down

_MOST_MATCHES = 256
"""Half-made matches that one query may hold at a time: a stranger's query is bounded by it."""
_MOST_PLACES = 200
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
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
        places = {word: _places(word, file) for word in self._words}
        found: list[Detection] = []
        for each in self._held:
            if time.monotonic() > deadline:
                return found, True
            around = _distinct([node for word in each.form.words for node in places[word.encode()]])
            found += _of_form(each, file, around)
        return found, False


def forms(project: Path | None, directory: Path | None) -> Forms:
    """The forms of the shipped constitutions and of a project's folder; read once a process.

    ``directory`` is where compiled ones are kept, if anywhere.

    :raises BluehookError: a shipped constitution is not in order.
    """
    shipped = _shipped(directory)
    own = of_project(project, project)[0] if project is not None else []
    held = [_Held(form, each.id, each.weakness[0], each.origin) for each in own for form in each.check]
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


def _of_form(each: _Held, file: ParsedFile, around: Sequence[Node]) -> Iterator[Detection]:
    seen: set[int] = set()
    for node in around:
        cursor = QueryCursor(query(each.form.query), match_limit=_MOST_MATCHES)
        for _, captures in cursor.matches(node):
            place = captures["place"][0]
            if place.start_byte in seen or len(seen) >= _MOST_PLACES:
                continue
            if _holds(each.form, captures, place, file):
                seen.add(place.start_byte)
                yield _detection(each, place, file)


def _places(word: bytes, file: ParsedFile) -> list[Node]:
    """The innermost functions, decorators included, that hold a word; outside these the statement at the top of the
    file.
    """
    found = []
    offset = file.utf8.find(word)
    while offset >= 0:
        node = _around(file.root, offset)
        found.append(node)
        if node.parent is None:
            break
        # On with what is behind: the same word in the same function tells nothing new.
        offset = file.utf8.find(word, max(offset + 1, node.end_byte))
    return found


def _distinct(nodes: Sequence[Node]) -> list[Node]:
    """Each node once, without those that lie in another one."""
    found: list[Node] = []
    for node in sorted(nodes, key=lambda node: (node.start_byte, -node.end_byte)):
        if not found or node.end_byte > found[-1].end_byte:
            found.append(node)
    return found


def _around(root: Node, offset: int) -> Node:
    found = root
    for depth, node in enumerate(way_down(root, offset)):
        decorated = found.type == "decorated_definition" and found.end_byte == node.end_byte
        if depth == 1 or (node.type in ("function_definition", "decorated_definition") and not decorated):
            found = node
    return found


def _holds(form: Form, captures: dict[str, list[Node]], place: Node, file: ParsedFile) -> bool:
    for texts, wanted in ((form.texts, True), (form.texts_not, False)):
        for capture, pattern in texts.items():
            for node in captures.get(capture, []):
                if (re.search(pattern, file.node_text(node)[:_LONGEST_TEXT]) is not None) is not wanted:
                    return False
    for capture, names in form.names.items():
        if not all(_is_one_of(_name(node, file), names) for node in captures.get(capture, [])):
            return False
    for capture in form.unread:
        if any(_count(file, file.node_text(node)) > 1 for node in captures.get(capture, [])):
            return False
    inside = (call for call in file.calls if call.enclosing is not None)
    if form.within and not any(_is_one_of(_called(call), form.within) for call in inside):
        return False
    function = _function(place, file)
    calls = [call for call in file.calls if call.enclosing is function]
    if any(_is_one_of(_called(call), form.unless) for call in calls):
        return False
    if form.unless_words:
        around = file.node_text(function.outer if function is not None else place)
        if any(word in around for word in form.unless_words):
            return False
    if not form.then:
        return True
    value = file.node_text(captures["value"][0])
    return any(
        call.node.start_byte > place.start_byte and _is_one_of(_called(call), form.then) and _takes(call, value, file)
        for call in calls
    )


def _count(file: ParsedFile, name: str) -> int:
    return len(re.findall(rf"\b{re.escape(name)}\b", file.text))


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
    if found.local:
        return ""
    return _written(found.name, file.node_text(callee))


def _called(call: Call) -> str:
    return _written(call.name, f"{call.receiver}{call.name}") if call.name.startswith(".") else call.name


def _written(name: str, text: str) -> str:
    """The name, or where the object before its dot is not known, as in a fragment without imports, what is written."""
    return text if name.startswith(".") and _DOTTED.fullmatch(text) else name


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
