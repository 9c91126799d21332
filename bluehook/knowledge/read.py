"""From the bytes of a file to a checked constitution, or a sentence that says what is wrong and where.

A file may come from a stranger's pull request. It is bounded in size, nesting and number of values, read by YAML's safe
loader, and refused when it has aliases (which can grow without bound) or says a key twice (a reviewer sees the one, the
program takes the other). What it says in words is data; nothing here or later follows it.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any, NoReturn

import msgspec

from bluehook import weaknesses
from bluehook.config import trail
from bluehook.findings import BluehookError
from bluehook.knowledge.model import SET_BY_LOADER, Constitution, Form, Origin

MAX_BYTES = 64 * 1024
_MAX_DEPTH = 8
_MAX_EVENTS = 4000
_TABLE_FOR_TEXT = "expected a string, found a table"


def read(data: bytes, name: str, origin: Origin) -> Constitution:
    """The constitution in a file.

    :param name: how the file is called in messages; its last part without the ending must be the ``id``.
    :param origin: forms of a project may suspect, but not show: what a pull request brings can block nothing.
    :raises BluehookError: it is not one: file, line, key, what was expected, and the nearest known name.
    """
    file = _File(name, _text(data, name))
    raw = file.table()
    for key in SET_BY_LOADER:
        if key in raw:
            file.refuse(key, "is set by the loader, not in a file; remove it")
    try:
        found = msgspec.convert(raw, Constitution)
    except msgspec.ValidationError as error:
        key, sentence = trail.explain(error, raw, Constitution)
        hint = "; a line that holds a colon and a blank must stand in quotes" if _TABLE_FOR_TEXT in sentence else ""
        file.refuse(key, sentence + hint)
    _check(found, file, origin)
    if origin == "project":
        found = msgspec.structs.replace(found, check=tuple(_capped(form) for form in found.check))
    return msgspec.structs.replace(found, origin=origin, file=name)


def _capped(form: Form) -> Form:
    return msgspec.structs.replace(form, says="suspects") if form.says == "shows" else form


def _text(data: bytes, name: str) -> str:
    if len(data) > MAX_BYTES:
        raise BluehookError(f"{name}: larger than {MAX_BYTES} bytes; a constitution is a page, split it.")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BluehookError(f"{name}:{line}: not UTF-8.") from error


def _check(found: Constitution, file: _File, origin: Origin) -> None:
    stem = PurePath(file.name).stem
    if found.id != stem:
        file.refuse("id", f"expected {stem!r} as the file is called, found {found.id!r}")
    for index, slug in enumerate(found.weakness):
        if slug not in weaknesses.TABLE:
            file.refuse(f"weakness[{index}]", f"no weakness is called {slug!r}{weaknesses.guess(slug)}")
    if len({form.name for form in found.check}) != len(found.check):
        file.refuse("check", "two forms have the same name")
    for index, form in enumerate(found.check):
        _check_query(form, f"check[{index}]", file, origin)


def _check_query(form: Form, key: str, file: _File, origin: Origin) -> None:
    from bluehook.parse import syntax

    if "match?" in form.query:
        file.refuse(f"{key}.query", "takes no #match?; write the expression into texts or texts-not")
    if origin == "project" and (form.texts or form.texts_not):
        file.refuse(f"{key}.texts", "a project's form takes no regular expressions; use #eq? or #any-of? in the query")
    for part, texts in (("texts", form.texts), ("texts-not", form.texts_not)):
        for capture, text in texts.items():
            try:
                re.compile(text)
            except re.error as error:
                file.refuse(f"{key}.{part}.{capture}", f"not a regular expression: {error}")
    try:
        query = syntax.query(form.query)
    except (ValueError, SyntaxError, RuntimeError) as error:
        file.refuse(f"{key}.query", f"not a query of tree-sitter: {' '.join(str(error).split())}")
    if query.pattern_count != 1:
        file.refuse(f"{key}.query", f"expected one pattern, with its conditions inside it, found {query.pattern_count}")
    captures = {query.capture_name(number) for number in range(query.capture_count)}
    needed = {"place", *form.names, *form.texts, *form.texts_not, *form.unread, *(["value"] if form.then else [])}
    if missing := sorted(needed - captures):
        file.refuse(f"{key}.query", f"captures no @{missing[0]}, which the form needs")


class _File:
    """The text of a file, and where in it a key stands."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self._text = text

    def table(self) -> dict[str, Any]:
        """What the file holds.

        :raises BluehookError: no YAML, no mapping, or more than any constitution is.
        """
        import yaml

        try:
            self._bound()
            found = yaml.load(self._text, Loader=_loader())
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            place = f":{mark.line + 1}" if mark else ""
            raise BluehookError(f"{self.name}{place}: not valid YAML: {error.problem}.") from error
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise BluehookError(f"{self.name}: not valid YAML: {' '.join(str(error).split())}.") from error
        if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
            raise BluehookError(f"{self.name}: expected a mapping with the keys id, task, weakness, principle, ...")
        return found

    def _bound(self) -> None:
        import yaml

        depth = 0
        for number, event in enumerate(yaml.parse(self._text, Loader=_loader())):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            line = event.start_mark.line + 1 if event.start_mark else 0
            if isinstance(event, yaml.AliasEvent):
                raise BluehookError(f"{self.name}:{line}: aliases (*name) are not taken; write the value out.")
            if depth > _MAX_DEPTH:
                raise BluehookError(f"{self.name}:{line}: nested deeper than any constitution is.")
            if number > _MAX_EVENTS:
                raise BluehookError(f"{self.name}:{line}: more values than any constitution has; split it.")

    def refuse(self, key: str, sentence: str) -> NoReturn:
        """Raise the error for a key of this file."""
        line = self._line(key)
        raise BluehookError(f"{self.name}{f':{line}' if line else ''}: {key}: {sentence}".replace(": : ", ": "))

    def _line(self, key: str) -> int | None:
        """The line of the deepest part of the key that stands in the file."""
        import yaml

        node = yaml.compose(self._text, Loader=_loader())
        line = None
        for part in trail.parts(key):
            if isinstance(node, yaml.MappingNode):
                pairs = {name.value: (name, value) for name, value in node.value}
                if part not in pairs:
                    break
                line, node = pairs[part][0].start_mark.line + 1, pairs[part][1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = node.start_mark.line + 1
        return line


def _loader() -> Any:
    """YAML's safe loader, the fast one where it is built in, that refuses a key said twice."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Strict(base):  # type: ignore[misc]
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[str] = set()
            for name, _ in node.value:
                if name.value in seen:
                    raise yaml.MarkedYAMLError(problem=f"the key {name.value!r} twice", problem_mark=name.start_mark)
                seen.add(name.value)
            return super().construct_mapping(node, deep)

    return Strict
