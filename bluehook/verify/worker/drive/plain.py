"""Driving plain functions and methods: arguments by annotation, default and use; the result taken to its end."""

from __future__ import annotations

import ast
import base64
import inspect
import re
import typing
from typing import Any

from ..inputs import hints, records
from ..inputs.build import FIRM, MAKERS, element, kind_of_annotation
from ..inputs.incoming import is_incoming
from ..inputs.slots import Inputs
from ..inputs.standin import Standin
from ..inputs.watched import watched
from . import replay
from .handlers import SEGMENT, answers_for_itself, routes
from .instances import built, needed
from .load import Restoring, Target
from .returned import finished, tell
from .run import Guard, Run
from .way import Way

_MOST_MEMBERS = 4
_NAMES_A_FILE = re.compile(r"content of the file named by (parameter '\w+')")


class PlainDriver(Restoring):
    """Calls one function or method."""

    def __init__(self, target: Target, inputs: Inputs) -> None:
        self.target = target
        self.inputs = inputs
        self.guard = Guard(target.file)
        self.around = ""
        self.held = "parameter"
        paths = routes(target.node)
        self.handler = bool(paths) or answers_for_itself(target.node)
        self.segments = {f"parameter {name!r}" for route in paths for name in SEGMENT.findall(route)}
        self.parameters = target.parameters()
        self.uses = hints.uses(target.node, {p.name for p in self.parameters})
        self.defaults: dict[str, Any] = {}
        self.firm: set[str] = set()
        self.declared: dict[str, Any] = {}
        self.first_kinds = {p.name: self._kind(p) for p in self.parameters}

    def ways(self) -> list[Way]:
        """The ways to try first: by type, then with stand-ins for all that nothing promised, then with values also in
        place of defaults, and texts where numbers are only guessed; at last with nothing but what has to be given.
        """
        ways = [Way(kinds=dict(self.first_kinds))]
        kinds = {name: kind for name, kind in self.first_kinds.items() if name not in self.firm}
        loose = {name: "object" for name, kind in kinds.items() if kind == "text"}
        if loose:
            ways.append(Way(kinds={**self.first_kinds, **loose}))
        texts = {name: "text" for name, kind in kinds.items() if kind == "number"}
        if texts or any(
            not self._worth(p, self.first_kinds[p.name]) for p in self.parameters if p.name in self.defaults
        ):
            ways.append(Way(kinds={**self.first_kinds, **loose, **texts}, filled=True))
        if any(self._worth(p, self.first_kinds[p.name]) for p in self.parameters if p.name in self.defaults):
            ways.append(Way(kinds=dict(self.first_kinds), bare=True))
        for name, annotation in self.declared.items():
            members = records.choices(annotation) or []
            ways += [Way(kinds={**self.first_kinds, name: f"member {i}"}) for i in range(1, len(members))][
                :_MOST_MEMBERS
            ]
        return ways

    def run(self, way: Way, watching: bool) -> Run:
        """One call in this way."""
        self.inputs.begin(way.assigned, watching, way.policy)
        if self._is_lost(way):
            line = getattr(self.target.node, "lineno", 0)
            return Run([], error="NotFound: a segment of the route holds no slash", error_line=line)
        result = self.guard.run(lambda: self._call(way), watch_lines=watching)
        if not result.error:
            tell(result, self.target)
        return result

    def named_at(self, line: int) -> set[str]:
        """The parameters that the function reads in this line."""
        names = {node.id for node in ast.walk(self.target.node) if isinstance(node, ast.Name) and node.lineno == line}
        return names & {parameter.name for parameter in self.parameters}

    def text(self, way: Way, changed: dict[str, Any]) -> str:
        """The call as text that can be read and, for plain values, repeated."""
        shown = []
        for parameter in self.parameters:
            if parameter.kind is parameter.VAR_KEYWORD:
                continue
            slot = self._slot(parameter.name)
            value = {**way.assigned, **changed}.get(slot)
            if value is None:
                if parameter.name in self.defaults:
                    continue
                known = self.inputs.slots.get(slot)
                kind = way.kinds.get(parameter.name, "text")
                value = known.word if known is not None and kind == "text" else f"<{kind}>"
            shown.append(f"{parameter.name}={value!r}"[:400])
        inner = {k: v for k, v in changed.items() if not k.startswith("parameter '") or k.count("'") > 2}
        notes = "".join(f"  # {name} = {value!r}"[:300] for name, value in inner.items())
        name = getattr(self.target.node, "name", "function")
        return f"{name}({', '.join(shown)}){notes}"

    def replay(self, way: Way) -> dict[str, Any]:
        """The call as data."""
        if self.target.kind == "factory":
            raise replay.Unrepeatable("a function that is made by another one cannot be called from outside")
        self.inputs.begin(way.assigned, False, way.policy)
        positional, named = self._arguments(way)
        owner, is_method = self.target.owner, self.target.kind == "method"
        return {
            "kind": "call",
            "owner": owner.__qualname__ if owner is not None else "",
            "needed": needed(owner) if owner is not None and is_method else [],
            "made": is_method,
            "arguments": [replay.source(value) for value in positional],
            "named": {name: replay.source(value) for name, value in named.items()},
            "files": self._files(),
        }

    def _files(self) -> dict[str, str]:
        """The files that parameters name and that the code is given a content for, by the names it is given."""
        found = {}
        for name, value in self.inputs.assigned.items():
            named = _NAMES_A_FILE.fullmatch(name)
            if named and named[1] in self.inputs.slots and isinstance(value, (str, bytes)):
                data = value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")
                found[self.inputs.text(self.inputs.slots[named[1]])] = base64.b64encode(data).decode("ascii")
        return found

    def _is_lost(self, way: Way) -> bool:
        """Whether the route would not lead here with these values."""
        values = [way.assigned.get(slot) for slot in self.segments]
        return any(isinstance(value, str) and "/" in value for value in values)

    def call(self, way: Way) -> Any:
        """One call, unguarded and as part of another one's run."""
        return self._call(way)

    def _call(self, way: Way) -> Any:
        owner = self._owner()
        arguments, named = self._arguments(way)
        own = [] if owner is None else [owner]
        return finished(self.target.function(*own, *arguments, **named))

    def _arguments(self, way: Way) -> tuple[list[Any], dict[str, Any]]:
        """What is handed over by place and by name."""
        arguments: list[Any] = []
        named: dict[str, Any] = {}
        by_name = False
        for parameter in self.parameters:
            if parameter.kind is parameter.VAR_KEYWORD:
                named.update(self._more(parameter))
                continue
            given, value = self._given(parameter, way)
            by_name = by_name or not given or parameter.kind is parameter.KEYWORD_ONLY
            if not by_name:
                arguments += value if parameter.kind is parameter.VAR_POSITIONAL and type(value) is list else [value]
            elif given and parameter.kind not in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL):
                named[parameter.name] = value
        return arguments, named

    def _more(self, parameter: inspect.Parameter) -> dict[str, Any]:
        """A value for every key that the function looks for among its further keyword arguments."""
        keys = [ast.literal_eval(key) for key in sorted(self.uses[parameter.name].keys)]
        trust = self._trust(parameter.name, "mapping")
        return {key: element(self.inputs, f"{self._slot(parameter.name)}[{key!r}]", trust)
                for key in keys if isinstance(key, str) and key.isidentifier()}  # fmt: skip

    def _given(self, parameter: inspect.Parameter, way: Way) -> tuple[bool, Any]:
        """Whether the parameter is given in this way, and the value."""
        slot = self._slot(parameter.name)
        kind = way.kinds.get(parameter.name, "text")
        left = parameter.name in self.defaults and slot not in way.assigned
        if left and not way.filled and (way.bare or not self._worth(parameter, kind)):
            default = self.defaults[parameter.name]
            if not (self.inputs.watching and type(default) is str):
                return False, None
            return True, watched(default, self.inputs.slot(slot, "parameter"))
        known = self.inputs.slots.get(slot)
        if kind == "text" and known is not None and known.numeric:
            kind = "number"
        if kind.startswith("member "):
            return True, (records.choices(self.declared[parameter.name]) or [])[int(kind[7:])]
        if kind == "declared":
            return True, records.made(self.inputs, self.declared[parameter.name], slot, "assumed")
        return True, MAKERS[kind](self.inputs, slot, self._trust(parameter.name, kind))

    def _trust(self, name: str, kind: str) -> str:
        if (self.handler and name not in ("self", "cls")) or (
            kind == "request" and is_incoming(self.target.node, name, self.target.tree)
        ):
            return "outside"
        if kind == "request":
            return "assumed"
        numbered = self.first_kinds[name] == "number" and name not in self.firm
        return "assumed" if name in ("self", "cls") or numbered else self.held

    def _slot(self, name: str) -> str:
        """What the slot of a parameter is called; ``around`` tells those of a function around this one apart."""
        return f"parameter {name!r}{self.around}"

    def _worth(self, parameter: inspect.Parameter, kind: str) -> bool:
        """Whether a parameter with a default gets a value of ours at first: text that is not a mode or a choice."""
        default = self.defaults[parameter.name]
        if default is None or default == "":
            return kind not in FIRM
        return False

    def _owner(self) -> Any:
        kind, owner = self.target.kind, self.target.owner
        if kind == "class":
            return owner
        if kind == "method" and owner is not None:
            return built(owner, self.inputs)
        return None

    def _kind(self, parameter: inspect.Parameter) -> str:
        default = parameter.default
        if default is not parameter.empty:
            self.defaults[parameter.name] = default
        annotated = self._annotated(parameter)
        if annotated is not None:
            if annotated in FIRM:
                self.firm.add(parameter.name)
            return annotated
        guess = hints.kind_of(parameter.name, self.uses.get(parameter.name, hints.Use()))
        if guess == "text" and type(default) in (bool, int, float, bytes):
            return {bool: "flag", int: "number", float: "float", bytes: "bytes"}[type(default)]
        if guess == "text" and isinstance(default, (dict, list)):
            return "mapping" if isinstance(default, dict) else "list"
        return guess

    def _annotated(self, parameter: inspect.Parameter) -> str | None:
        if parameter.annotation is parameter.empty:
            return None
        try:
            resolved = typing.get_type_hints(self.target.function).get(parameter.name, parameter.annotation)
        except Exception:
            resolved = parameter.annotation
        if isinstance(resolved, Standin):
            return "object"
        if records.is_declared(resolved):
            self.declared[parameter.name] = resolved
            self.firm.add(parameter.name)
            return "declared"
        return kind_of_annotation(resolved)
