"""What a function's own text says of its parameters: which are numbers, mappings, streams, bytes or objects."""

from __future__ import annotations

import ast
import dataclasses

_TEXT = frozenset(name for name in dir(str) if not name.startswith("_"))
_MAPPING = {"get", "items", "keys", "values", "pop", "update", "setdefault", "copy"}
_SEQUENCE = {"append", "extend", "insert", "sort", "reverse"}
_STREAM = {"read", "readline", "readlines", "seek", "tell", "getvalue"}
_NUMBERS = {"size", "length", "count", "n", "num", "limit", "port", "age", "timeout", "bits", "digits", "width",
            "amount", "price", "quantity", "offset", "page", "max_size", "key_size", "depth", "level", "k"}  # fmt: skip
_REQUESTS = {"request", "req", "http_request", "httprequest", "flask_request"}
_OBJECTS = {"self", "cls", "db", "conn", "connection", "cursor", "cur", "session", "client", "app", "logger", "engine"}


@dataclasses.dataclass
class Use:
    """How one parameter is used: attributes, constant keys, and whether it is iterated, called or computed with."""

    attributes: set[str] = dataclasses.field(default_factory=set)
    keys: set[str] = dataclasses.field(default_factory=set)
    iterated: bool = False
    pairs: bool = False
    called: bool = False
    numeric: bool = False
    spread: bool = False


def uses(function: ast.AST, names: set[str]) -> dict[str, Use]:
    """How the body of the function uses each of the parameters named."""
    found = {name: Use() for name in names}
    for node in ast.walk(function):
        _attribute_or_call(node, found)
        if isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            use = _of(node.iter, found)
            if use is not None:
                use.iterated = True
                use.pairs = isinstance(node.target, ast.Tuple)
        elif isinstance(node, ast.Subscript):
            use = _of(node.value, found)
            if use is not None and isinstance(node.slice, ast.Constant):
                use.keys.add(repr(node.slice.value))
        elif isinstance(node, ast.BinOp) and not isinstance(node.op, (ast.Mod, ast.Add)):
            _numeric(node.left, node.right, found, path=isinstance(node.op, ast.Div))
        elif isinstance(node, ast.Compare):
            _numeric(node.left, node.comparators[0], found)
        elif isinstance(node, ast.keyword) and node.arg is None:
            use = _of(node.value, found)
            if use is not None:
                use.spread = True
    return found


def _attribute_or_call(node: ast.AST, found: dict[str, Use]) -> None:
    if isinstance(node, ast.Attribute):
        use = _of(node.value, found)
        if use is not None:
            use.attributes.add(node.attr)
    elif isinstance(node, ast.Call):
        asked = node.func if isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "pop") else None
        use = _of(asked.value, found) if asked is not None else None
        if use is not None and node.args and isinstance(node.args[0], ast.Constant):
            use.keys.add(repr(node.args[0].value))
        use = _of(node.func, found)
        if use is not None:
            use.called = True
        if isinstance(node.func, ast.Name) and node.func.id == "range":
            for argument in node.args:
                use = _of(argument, found)
                if use is not None:
                    use.numeric = True


def _numeric(left: ast.expr, right: ast.expr, found: dict[str, Use], path: bool = False) -> None:
    for one, other in ((left, right), (right, left)):
        use = _of(one, found)
        if use is None:
            continue
        number = isinstance(other, ast.Constant) and type(other.value) in (int, float)
        if number or (not path and isinstance(other, ast.Call) and getattr(other.func, "id", "") == "len"):
            use.numeric = True


def _of(node: ast.expr, found: dict[str, Use]) -> Use | None:
    return found.get(node.id) if isinstance(node, ast.Name) else None


def kind_of(name: str, use: Use) -> str:
    """The kind of value to try first for a parameter without annotation or default: a key of ``build.MAKERS``."""
    attributes = use.attributes
    if name.lower() in _REQUESTS:
        return "request"
    if name in _OBJECTS or use.called:
        return "object"
    if use.spread:
        return "mapping"
    if attributes:
        return _by_attributes(attributes, use)
    if any(not key.isdigit() and not key.startswith("-") for key in use.keys):
        return "mapping"
    if use.numeric or name.lower() in _NUMBERS:
        return "number"
    if use.pairs:
        return "pairs"
    if use.iterated:
        return "list"
    return "text"


def _by_attributes(attributes: set[str], use: Use) -> str:
    if attributes <= {"decode", "hex"}:
        return "bytes"
    if attributes <= _TEXT:
        return "text"
    if attributes <= _MAPPING:
        return "mapping"
    if attributes <= _SEQUENCE | {"pop", "index", "count", "copy"}:
        return "list"
    if attributes <= _STREAM | {"decode", "close", "name"}:
        return "stream"
    return "object"


def lengths(tree: ast.AST) -> list[int]:
    """The numbers of parts that the code compares lengths with, as far as they are small."""
    found: dict[int, None] = {}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Compare) and isinstance(node.left, ast.Call)):
            continue
        other = node.comparators[0]
        if getattr(node.left.func, "id", "") == "len" and isinstance(other, ast.Constant) and type(other.value) is int:
            found.update(dict.fromkeys(each for each in (other.value, other.value + 1) if 2 < each < 12))
    return list(found)


def constants(tree: ast.AST) -> list[str | int]:
    """Text and number constants of the code, in order and each once: the dictionary of the search."""
    found: dict[str | int, None] = {}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant):
            continue
        value = node.value
        if (isinstance(value, str) and 0 < len(value) < 60) or (type(value) is int and abs(value) < 1_000_000):
            found.setdefault(value)
    return list(found)
