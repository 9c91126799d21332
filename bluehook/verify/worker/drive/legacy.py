"""Python 2 as Python 3, as far as a fragment needs it to run: its syntax, its methods, its modules' names.

``lib2to3`` does the syntax where the interpreter still has it (up to 3.12), a few substitutions of our own where not.
"""

from __future__ import annotations

import ast
import builtins
import functools
import importlib
import re
import sys
import textwrap
from collections.abc import Iterable
from types import ModuleType
from typing import Any

_METHODS = {"iteritems": "items", "itervalues": "values", "iterkeys": "keys", "viewitems": "items",
            "viewvalues": "values", "viewkeys": "keys"}  # fmt: skip
_NAMES: dict[str, Any] = {
    "unicode": str, "basestring": str, "xrange": range, "raw_input": input, "long": int, "unichr": chr,
    "reduce": functools.reduce, "StandardError": Exception, "cmp": lambda one, other: (one > other) - (one < other),
    "file": open, "intern": sys.intern,
    "map": lambda *args: list(builtins.map(*args)), "filter": lambda *args: list(builtins.filter(*args)),
    "zip": lambda *args: list(builtins.zip(*args)),  # noqa: B905 (3.9 knows no strict)
}  # fmt: skip
"""What Python 2 calls by these names. The last three return lists there, but their names alone say nothing."""
_TELLING = set(_NAMES) - {"map", "filter", "zip", "reduce", "file", "intern", "long", "cmp"}
MODULES = {
    "urllib2": ("urllib.request", "urllib.error", "urllib.parse"), "urlparse": ("urllib.parse",),
    "ConfigParser": ("configparser",), "StringIO": ("io",), "cStringIO": ("io",), "cPickle": ("pickle",),
    "Queue": ("queue",), "httplib": ("http.client",), "HTMLParser": ("html.parser",), "Cookie": ("http.cookies",),
    "cookielib": ("http.cookiejar",), "commands": ("subprocess",), "SocketServer": ("socketserver",),
    "BaseHTTPServer": ("http.server",), "SimpleHTTPServer": ("http.server",), "xmlrpclib": ("xmlrpc.client",),
    "__builtin__": ("builtins",), "htmlentitydefs": ("html.entities",), "thread": ("_thread",), "anydbm": ("dbm",),
    "md5": ("hashlib",), "sha": ("hashlib",), "pipes": ("shlex",), "repr": ("reprlib",), "copy_reg": ("copyreg",),
}  # fmt: skip
"""Modules that Python 2, or a later version, had under these names; and where their contents are now."""
_URLLIB = ("quote", "quote_plus", "unquote", "unquote_plus", "urlencode", "urlopen", "urlretrieve", "pathname2url")
_GONE: dict[str, dict[str, tuple[str, str]]] = {
    "sys": {"maxint": ("sys", "maxsize")},
    "os": {"getcwdu": ("os", "getcwd")},
    "itertools": {"izip": ("builtins", "zip"), "imap": ("builtins", "map"), "ifilter": ("builtins", "filter")},
    "string": {"letters": ("string", "ascii_letters"), "lowercase": ("string", "ascii_lowercase"),
               "uppercase": ("string", "ascii_uppercase")},
    "cgi": {"escape": ("html", "escape")},
    "base64": {"decodestring": ("base64", "decodebytes"), "encodestring": ("base64", "encodebytes")},
    "time": {"clock": ("time", "perf_counter")},
    "inspect": {"getargspec": ("inspect", "getfullargspec")},
    "urllib": {name: ("urllib.request", name) for name in _URLLIB},
    "collections": {name: ("collections.abc", name) for name in ("Mapping", "MutableMapping", "Iterable", "Callable")},
}  # fmt: skip
"""Names that later versions took out of modules, and what does the same today."""
_TEXT = re.compile(r"(?:\b[uUbBrR]{1,2})?(\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
                   r"|#[^\n]*", re.S)  # fmt: skip


def modern(source: str) -> str:
    """The text with Python 2's syntax replaced. Raises whatever ``lib2to3`` raises for what it cannot read."""
    text = textwrap.dedent(source.expandtabs(8)).rstrip() + "\n"
    try:
        import warnings

        warnings.simplefilter("ignore")
        from lib2to3 import refactor  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return substituted(text)
    fixers = ["lib2to3.fixes.fix_" + name for name in ("print", "except", "unicode", "raise", "exec", "ne", "repr",
                                                       "long", "numliterals", "tuple_params", "throw")]  # fmt: skip
    return str(refactor.RefactoringTool(fixers).refactor_string(text, "fragment"))


def substituted(text: str) -> str:
    """What the fixers of ``lib2to3`` do, by patterns, with string literals and comments set aside."""
    kept: list[str] = []

    def aside(match: re.Match[str]) -> str:
        literal = match.group()
        if literal.startswith(("ur", "Ur", "uR", "UR")):
            literal = literal[1:]
        kept.append(literal)
        return f"\0{len(kept) - 1}\0"

    bare = _TEXT.sub(aside, text)
    bare = "".join(_statement(line) for line in _logical(bare))
    bare = re.sub(r"`([^`\n]+)`", r"repr(\1)", bare).replace("<>", "!=")
    bare = re.sub(r"(?<![\w.])0(\d+)\b(?!\.)", r"0o\1", bare)
    bare = re.sub(r"(?<![\w.])(\d+|0[xX][0-9a-fA-F]+)[lL]\b", r"\1", bare)
    return re.sub(r"\0(\d+)\0", lambda match: kept[int(match.group(1))], bare)


def _logical(text: str) -> Iterable[str]:
    """Lines, joined as long as a bracket is open or a backslash stands at the end."""
    line, depth = "", 0
    for part in text.splitlines(keepends=True):
        line += part
        depth += sum(part.count(c) for c in "([{") - sum(part.count(c) for c in ")]}")
        if depth <= 0 and not part.rstrip("\r\n").endswith("\\"):
            yield line
            line, depth = "", 0
    yield line


def _statement(line: str) -> str:
    """One logical line with the statements of Python 2 in it."""
    end = len(line.rstrip("\r\n"))
    text, newline = line[:end], line[end:]
    text = re.sub(r"(^\s*|[:;]\s*)print\s*>>\s*([^,\n]+),\s*(.+)$", r"\1print(\3, file=\2)", text, flags=re.S)
    text = re.sub(r"(^\s*|[:;]\s*)print[ \t]+(?![=(])(.+?),?\s*$", r"\1print(\2)", text, flags=re.S)
    text = re.sub(r"(^\s*|[:;]\s*)print[ \t]+(\(.*\)\s*[%+.,].*)$", r"\1print(\2)", text, flags=re.S)
    text = re.sub(r"(^\s*|[:;]\s*)print\s*$", r"\1print()", text)
    text = re.sub(r"\bexcept\s+([\w.]+|\([^)]*\))\s*,\s*(\w+)\s*:", r"except \1 as \2:", text)
    text = re.sub(r"\braise\s+([\w.]+)\s*,\s*(.+?)(?:,\s*[\w.()\[\]]+)?\s*$", r"raise \1(\2)", text, flags=re.S)
    text = re.sub(r"(^\s*|[:;]\s*)exec\s+([^(\n].*?)\s+in\s+(.+)$", r"\1exec(\2, \3)", text)
    text = re.sub(r"(^\s*|[:;]\s*)exec\s+([^(\n=].*)$", r"\1exec(\2)", text)
    return text + newline


def is_legacy(tree: ast.AST) -> bool:
    """Whether a tree that parses today was written for Python 2."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _METHODS or (node.func.attr == "has_key" and len(node.args) == 1):
                return True
            if any(keyword.arg == "cmp" for keyword in node.keywords) and node.func.attr == "sort":
                return True
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            if any(name in MODULES and name not in ("pipes", "repr", "thread") for name in names):
                return True
        elif (
            (isinstance(node, ast.Name) and node.id in _TELLING and isinstance(node.ctx, ast.Load))
            or (isinstance(node, ast.ExceptHandler) and node.name and _reads_message(node))
            or (isinstance(node, ast.Assign) and _sorts_later(node, tree))
        ):
            return True
    return False


def _reads_message(handler: ast.ExceptHandler) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == "message" and getattr(node.value, "id", "") == handler.name
        for node in ast.walk(handler)
    )


def _sorts_later(node: ast.Assign, tree: ast.AST) -> bool:
    """Whether keys, values or items are taken for a list: ``names = table.keys()``, then ``names.sort()``."""
    call, target = node.value, node.targets[0]
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and isinstance(target, ast.Name)):
        return False
    if call.func.attr not in ("keys", "values", "items") or call.args:
        return False
    return any(
        isinstance(other, ast.Attribute) and other.attr == "sort" and getattr(other.value, "id", "") == target.id
        for other in ast.walk(tree)
    )


class _Modern(ast.NodeTransformer):
    """Methods that are gone, and lists where later versions have views."""

    def __init__(self) -> None:
        self._caught: list[str] = []

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """``iteritems`` and its like, ``has_key``, ``keys`` as a list, ``cmp=``."""
        self.generic_visit(node)
        function = node.func
        name = getattr(function, "attr", getattr(function, "id", ""))
        for keyword in node.keywords:
            if keyword.arg == "cmp" and name in ("sort", "sorted"):
                keyword.arg = "key"
                keyword.value = _call("_cmp_to_key", keyword.value)
        if not isinstance(function, ast.Attribute):
            return node
        if name == "has_key" and len(node.args) == 1:
            return ast.copy_location(ast.Compare(node.args[0], [ast.In()], [function.value]), node)
        if name in _METHODS:
            function.attr = name = _METHODS[name]
        if name in ("keys", "values", "items") and not node.args and not node.keywords:
            return ast.copy_location(_call("_listed", node), node)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        """``error.message`` is the error's text."""
        self._caught.append(node.name or "")
        self.generic_visit(node)
        self._caught.pop()
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """See :meth:`visit_ExceptHandler`."""
        self.generic_visit(node)
        if node.attr == "message" and isinstance(node.value, ast.Name) and node.value.id in self._caught:
            return ast.copy_location(_call("_message", node.value), node)
        return node


def _call(name: str, argument: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), [argument], [])


def _listed(view: Any) -> Any:
    """A dictionary's view as the list that Python 2 gives."""
    return list(view) if type(view).__name__ in ("dict_keys", "dict_values", "dict_items") else view


def _message(error: Any) -> Any:
    return getattr(error, "message", None) or str(error)


def modernised(tree: ast.Module) -> ast.Module:
    """The tree with methods of Python 2 replaced; it needs the names of :func:`names`."""
    changed = _Modern().visit(tree)
    return ast.fix_missing_locations(changed)  # type: ignore[no-any-return]


def names() -> dict[str, Any]:
    """The builtins of Python 2 and the helpers of :func:`modernised`."""
    return {**_NAMES, "_listed": _listed, "_message": _message, "_cmp_to_key": functools.cmp_to_key}


def module(name: str) -> ModuleType | None:
    """A module of Python 2 under its old name; ``None`` when there was none."""
    if name not in MODULES:
        return None
    made = ModuleType(name)
    for part in reversed(MODULES[name]):
        made.__dict__.update({k: v for k, v in vars(importlib.import_module(part)).items() if not k.startswith("__")})
    made.__dict__.setdefault("new", getattr(importlib.import_module("hashlib"), name, None))
    return made


def revive(wanted: Iterable[str]) -> None:
    """Give the modules of these names what later versions took out of them."""
    for name in wanted:
        for old, (place, new) in _GONE.get(name, {}).items():
            try:
                holder = importlib.import_module(name)
                if not hasattr(holder, old):
                    setattr(holder, old, getattr(importlib.import_module(place), new))
            except (ImportError, AttributeError):
                continue
