"""Whether a parameter that is called a request is one that came in.

Clients, crawlers and task queues have requests as well: those that they send. An annotation tells, by where its class
was imported from; without one the name is believed.
"""

from __future__ import annotations

import ast

_SERVERS = frozenset({
    "aiohttp", "bottle", "cherrypy", "django", "falcon", "fastapi", "flask", "litestar", "pyramid", "quart",
    "rest_framework", "sanic", "starlette", "tornado", "webob", "werkzeug",
})  # fmt: skip
"""Packages whose requests are those that a server receives."""
_DEPTH = 3


def is_incoming(function: ast.AST, parameter: str, tree: ast.AST) -> bool:
    """Whether the parameter of a function in this module may be a request that was received."""
    arguments = getattr(function, "args", None)
    if not isinstance(arguments, ast.arguments):
        return True
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    annotation = next((one.annotation for one in named if one.arg == parameter), None)
    if annotation is None:
        return True
    origins = [origin for name in _names(annotation) for origin in _origins(name, tree)]
    return not origins or any(origin.partition(".")[0] in _SERVERS for origin in origins)


def _names(annotation: ast.expr) -> set[str]:
    """The first names of what an annotation is made of, also of one that is written as text."""
    found = set()
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                found |= _names(ast.parse(node.value, mode="eval").body)
            except SyntaxError:
                continue
    return found


def _origins(name: str, tree: ast.AST, depth: int = 0) -> list[str]:
    """The packages that a name comes from, ``.`` for the project's own; none for those that nothing binds."""
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            if any((alias.asname or alias.name) == name for alias in node.names):
                found.append("." if node.level else node.module or "")
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if (alias.asname or alias.name).partition(".")[0] == name]
        elif isinstance(node, ast.ClassDef) and node.name == name:
            bases = {one for base in node.bases for one in _names(base)} if depth < _DEPTH else set()
            found += [origin for base in sorted(bases) for origin in _origins(base, tree, depth + 1)] or ["."]
    return [origin for origin in found if origin not in ("typing", "typing_extensions")]
