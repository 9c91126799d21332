"""What tells that a function answers requests, where no framework is there to be asked."""

from __future__ import annotations

import ast
import itertools
import re

_ROUTES = {"get", "post", "put", "delete", "patch", "route", "api_route", "head", "options", "view", "websocket"}
_VERBS = {"get", "post", "put", "delete", "patch", "head"}
_ANSWERS = re.compile(
    r"self\.(response(\.out)?\.write|render|render_template|redirect|abort|finish|get_argument|send_error)"
)
"""What handlers call of themselves in Tornado, webapp2 and their like, and clients do not."""
SEGMENT = re.compile(r"<(?:string:)?(\w+)>")
"""A parameter of a Flask or Bottle route that stands for one segment of the path, and so never holds a slash."""


def routes(node: ast.AST) -> list[str]:
    """The routes that decorators give the function, if any: its parameters then come out of requests."""
    found = []
    for decorator in getattr(node, "decorator_list", []):
        name = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(name, ast.Attribute) and name.attr in _ROUTES and isinstance(decorator, ast.Call):
            first = decorator.args[0] if decorator.args else None
            if isinstance(first, ast.Constant) and str(first.value).startswith("/"):
                found.append(str(first.value))
    return found


def answers_for_itself(node: ast.AST) -> bool:
    """Whether the function is a handler's method for one sort of request, which writes its answer through ``self``."""
    arguments = getattr(getattr(node, "args", None), "args", [])
    if getattr(node, "name", "") not in _VERBS or not arguments or arguments[0].arg != "self":
        return False
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return any(_ANSWERS.fullmatch(ast.unparse(call)) for call in calls if isinstance(call, ast.Attribute))


def handles_requests(owner: type) -> bool:
    """Whether a method of the class asks for ``self.request``; a name that code only makes up is no request."""
    methods = (vars(base).values() for base in owner.__mro__)
    codes = (getattr(each, "__code__", None) for each in itertools.chain.from_iterable(methods))
    return any("request" in code.co_names for code in codes if code is not None)
