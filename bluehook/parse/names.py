"""What a name stands for: imports, aliases (``run = subprocess.run``) and objects made in sight (``app = Flask(...)``).

Names are looked up in the function around them, then in those around that, then in the module, as Python does.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from bluehook.parse.model import Class, Definition, Function
from bluehook.parse.syntax import field

_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_LONGEST_ALIAS_CHAIN = 5
_MOST_SCOPES = 50
_BUILTINS = frozenset(dir(builtins)) | {"unicode", "raw_input", "execfile", "file", "unichr", "xrange", "reload"}


class Resolved(NamedTuple):
    """A dotted name, and whether the file itself binds it (then it means nothing outside the file)."""

    name: str
    local: bool


class _Binding(NamedTuple):
    """``target`` is a dotted import, a node yet to be resolved, or ``None`` for what is not known."""

    target: str | Node | None


class Names:
    """The bindings of one file; ``wildcards`` are the modules of its ``from m import *``."""

    def __init__(self, utf8: bytes) -> None:
        self._utf8 = utf8
        self._scopes: dict[int, dict[str, _Binding]] = {}
        self.wildcards: list[str] = []

    def text(self, node: Node) -> str:
        """The source text of a node."""
        start, end = node.byte_range
        return self._utf8[start:end].decode("utf-8", "replace")

    def bind(self, scope: Definition | None, name: str, target: str | Node | None) -> None:
        """Record a binding; the first one that says something wins over later and over unknown ones."""
        names = self._scopes.setdefault(id(scope), {})
        known = names.get(name)
        if known is None or (known.target is None and target is not None):
            names[name] = _Binding(target)

    def bind_import(self, node: Node, scope: Definition | None) -> None:
        """Record an ``import`` or ``from ... import`` statement."""
        if node.type == "import_statement":
            for name, alias in self._imported(node):
                self.bind(scope, alias or name.partition(".")[0], name if alias else name.partition(".")[0])
            return
        module_node = node.child_by_field_id(field("module_name"))
        module = "".join(self.text(module_node).split()) if module_node else ""
        if any(child.type == "wildcard_import" for child in node.children):
            self.wildcards.append(module)
        joint = "" if module.endswith(".") else "."
        for name, alias in self._imported(node):
            self.bind(scope, alias or name, f"{module}{joint}{name}")

    def _imported(self, node: Node) -> Iterator[tuple[str, str | None]]:
        for child in node.children_by_field_id(field("name")):
            if child.type == "aliased_import":
                name, alias = child.child_by_field_id(field("name")), child.child_by_field_id(field("alias"))
                if name is not None and alias is not None:
                    yield self.text(name), self.text(alias)
            else:
                yield "".join(self.text(child).split()), None

    def bind_assignment(self, node: Node, scope: Definition | None) -> None:
        """Record ``name = value`` and ``self.name = value``; names in a class body are reached through ``self``."""
        left, right = node.child_by_field_id(field("left")), node.child_by_field_id(field("right"))
        if left is None or right is None:
            return
        name = self.text(left)
        if left.type == "attribute":
            owner = _class_around(scope)
            if owner is not None and name.startswith("self.") and name.count(".") == 1:
                self.bind(owner, name, right)
        elif isinstance(scope, Class):
            self.bind(scope, f"self.{name}", right)
        else:
            self.bind(scope, name, right)

    def bind_as(self, node: Node, scope: Definition | None) -> None:
        """Record ``with value as name`` (and the like)."""
        value, alias = node.named_child(0), node.child_by_field_id(field("alias"))
        if value is not None and alias is not None:
            self.bind(scope, self.text(alias), value)

    def imports(self) -> dict[str, str]:
        """Local name to dotted name, of all scopes; the module's own come before those of functions."""
        found: dict[str, str] = {}
        for names in sorted(self._scopes.items(), key=lambda item: item[0] != id(None)):
            for name, binding in names[1].items():
                if isinstance(binding.target, str):
                    found.setdefault(name, binding.target)
        return found

    def resolve(self, node: Node, scope: Definition | None) -> Resolved:
        """What a callee, base or decorator is called outside this file; see :class:`Call` for the form."""
        return self._resolve(node, scope, _LONGEST_ALIAS_CHAIN)

    def _resolve(self, node: Node, scope: Definition | None, depth: int) -> Resolved:
        if node.type == "identifier":
            return self._bare(self.text(node), scope, depth)
        if node.type != "attribute":
            return Resolved("", True)
        attribute = node.child_by_field_id(field("attribute"))
        last = self.text(attribute) if attribute else ""
        owner = self._owner(node.child_by_field_id(field("object")), scope, depth)
        return Resolved(f"{owner}.{last}" if owner else f".{last}", False)

    def _owner(self, node: Node | None, scope: Definition | None, depth: int) -> str | None:
        """What the object before a dot is called outside this file, ``None`` when that is not known."""
        if node is None:
            return None
        if node.type == "call":
            maker = node.child_by_field_id(field("function"))
            return self._made_by(maker, scope, depth) if maker is not None else None
        if node.type not in ("identifier", "attribute"):
            return None
        text = self.text(node)
        if not _DOTTED.fullmatch(text):
            text = "".join(text.split())
            if not _DOTTED.fullmatch(text):
                return None
        head, _, rest = text.partition(".")
        if head == "self" and rest:
            first, _, rest = rest.partition(".")
            head = f"self.{first}"
        target = self._target(head, scope, depth)
        if target is None:
            return None
        return f"{target}.{rest}" if rest else target

    def _bare(self, name: str, scope: Definition | None, depth: int) -> Resolved:
        binding, holder = self._lookup(name, scope)
        if binding is None:
            if self.wildcards and name not in _BUILTINS:
                return Resolved(f"{self.wildcards[-1]}.{name}", False)
            return Resolved(name, False)
        target = self._follow(binding, holder, depth)
        return Resolved(name, True) if target is None or target.endswith("()") else Resolved(target, False)

    def _target(self, name: str, scope: Definition | None, depth: int) -> str | None:
        binding, holder = self._lookup(name, scope)
        return self._follow(binding, holder, depth) if binding is not None else None

    def _follow(self, binding: _Binding, scope: Definition | None, depth: int) -> str | None:
        target = binding.target
        if target is None or isinstance(target, str):
            return target
        if depth == 0:
            return None
        if target.type == "await":
            target = target.named_child(0) or target
        if target.type == "call":
            maker = target.child_by_field_id(field("function"))
            return self._made_by(maker, scope, depth - 1) if maker is not None else None
        if target.type in ("identifier", "attribute"):
            found = self._resolve(target, scope, depth - 1)
            known = not found.local and not found.name.startswith(".")
            return found.name if known and ("." in found.name or found.name in _BUILTINS) else None
        return None

    def _made_by(self, maker: Node, scope: Definition | None, depth: int) -> str | None:
        """``sqlite3.connect()`` for a call of what is known outside; one call deep, so that names stay names."""
        if depth == 0 or maker.type not in ("identifier", "attribute"):
            return None
        if maker.type == "attribute":
            before = maker.child(0)
            if before is None or before.type not in ("identifier", "attribute"):
                return None
        found = self._resolve(maker, scope, depth - 1)
        if found.local or found.name.startswith(".") or "(" in found.name or "." not in found.name:
            return None
        return f"{found.name}()"

    def _lookup(self, name: str, scope: Definition | None) -> tuple[_Binding | None, Definition | None]:
        if name.startswith("self."):
            owner = _class_around(scope)
            return self._scopes.get(id(owner), {}).get(name) if owner else None, scope
        for _ in range(_MOST_SCOPES):
            if scope is None:
                break
            if isinstance(scope, Function):
                found = self._scopes.get(id(scope), {}).get(name)
                if found is not None and found.target is not None:
                    return found, scope
                if name in scope.parameter_names:
                    return self._parameter(name, scope), scope.parent
                if found is not None:
                    return found, scope
            scope = scope.parent
        return self._scopes.get(id(None), {}).get(name), None

    def _parameter(self, name: str, function: Function) -> _Binding:
        """A parameter is an unknown object, or one of the class that its annotation names."""
        for parameter in function.parameters:
            if parameter.name == name and parameter.annotation and _DOTTED.fullmatch(parameter.annotation):
                head, _, rest = parameter.annotation.partition(".")
                target = self._target(head, function.parent, 1)
                if target is not None and not target.endswith(")"):
                    return _Binding(f"{target}.{rest}()" if rest else f"{target}()")
        return _Binding(None)


def _class_around(scope: Definition | None) -> Class | None:
    for _ in range(_MOST_SCOPES):
        if scope is None or isinstance(scope, Class):
            return scope
        scope = scope.parent
    return None
