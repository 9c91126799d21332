"""Driving functions that other functions make: the one around is called, what it makes is taken from its frame."""

from __future__ import annotations

import ast
import gc
import inspect
import sys
from types import CellType, CodeType, FrameType, FunctionType
from typing import Any

from ..inputs.slots import Inputs
from .instances import built
from .load import Target, node_of, unwrapped
from .plain import PlainDriver
from .replay import Unrepeatable
from .way import Way

_Definition = (ast.FunctionDef, ast.AsyncFunctionDef)


class NotMade(Exception):
    """The function around did not come to the definition, or raised before."""


def driver_for(target: Target, inputs: Inputs) -> PlainDriver:
    """The driver for a function as such; for one that is made by another, by way of that."""
    if target.outer is None:
        return PlainDriver(target, inputs)
    code, node = code_inside(target.outer.function, target.inner), node_of(target.outer.node, ".".join(target.inner))
    if code is None or not isinstance(node, _Definition) or _only_called(target.outer.node, target.inner[0]):
        return PlainDriver(target, inputs)
    return MadeDriver(target, code, node, inputs)


class MadeDriver(PlainDriver):
    """Calls one function that another one makes.

    Where the function leaves the one around it (returned, stored, decorated), its parameters are its callers' and what
    the one around was given is assumed; where it is only handed on there, it is the other way about.
    """

    def __init__(self, target: Target, code: CodeType, node: ast.FunctionDef | ast.AsyncFunctionDef, inputs: Inputs,
                 ) -> None:  # fmt: skip
        assert target.outer is not None
        self._path = target.inner
        self._instance: Any = None
        leaves = _leaves(target.outer.node, target.inner[0])
        kind = "method" if _is_method(target.outer.node, target.inner, node) else "static"
        shell = Target(_shell(code, node, target.module), None, kind, node, target.module, target.how)
        shell.tree, shell.entry = target.tree, target.entry
        self._makers = [PlainDriver(each, inputs) for each in _around(target)]
        for maker in self._makers:
            maker.around = f" of {getattr(maker.target.node, 'name', 'the function around')}()"
            maker.held = "assumed" if leaves else "parameter"
        super().__init__(shell, inputs)
        self.held = "parameter" if leaves else "assumed"

    def replay(self, way: Way) -> dict[str, Any]:
        """Never: who would call it has to make it first."""
        raise Unrepeatable("a function that is made by another one cannot be called from outside")

    def _call(self, way: Way) -> Any:
        code = self.target.function.__code__
        maker, names = self._makers[0], self._path
        space = _locals(maker, way)
        for inner in self._makers[1:]:
            inner.target.function = _function(space.get(names[0]), inner.target.function.__code__)
            space, names = _locals(inner, way), names[1:]
        made = space.get(names[0])
        if len(names) > 1 and isinstance(made, type):
            self._instance = built(made, self.inputs) if self.target.kind == "method" else None
            made = inspect.getattr_static(made, names[-1], None)
            made = getattr(made, "__func__", None) or getattr(made, "fget", None) or made
        self.target.function = _function(made, code)
        return super()._call(way)

    def _owner(self) -> Any:
        return self._instance


def code_inside(function: Any, names: tuple[str, ...]) -> CodeType | None:
    """The code of what a function defines inside, by the names on the way to it."""
    code = getattr(function, "__code__", None)
    for name in names:
        found = [one for one in getattr(code, "co_consts", ()) if getattr(one, "co_name", None) == name]
        code = found[0] if found else None
    return code


def _around(target: Target) -> list[Target]:
    """The functions that have to be called one after the other until the definition is reached."""
    outer = target.outer
    assert outer is not None
    found = [outer]
    for count in range(1, len(target.inner)):
        names = target.inner[:count]
        code, node = code_inside(outer.function, names), node_of(outer.node, ".".join(names))
        if code is None or not isinstance(node, _Definition):
            break
        found.append(Target(_shell(code, node, target.module), None, "function", node, target.module, target.how))
        found[-1].tree = target.tree
    return found


def _locals(maker: PlainDriver, way: Way) -> dict[str, Any]:
    """What a function has under its names when it ends or yields, in a call with ordinary values."""
    code = getattr(maker.target.function, "__code__", None)
    found: dict[str, Any] = {}

    def watch(frame: FrameType, event: str, argument: Any) -> None:
        if event == "return" and frame.f_code is code:
            found.update(frame.f_locals)

    sys.setprofile(watch)
    try:
        maker.call(Way(dict(way.assigned), dict(maker.first_kinds), way.policy))
    except Exception as error:
        if not found:
            raise NotMade(f"{type(error).__name__}: {error}") from error
    finally:
        sys.setprofile(None)
    return found


def _function(made: Any, code: CodeType) -> Any:
    """The function with this code, which decorators may have hidden: then it is looked for among all that there are."""
    made = unwrapped(made) if made is not None else None
    if getattr(made, "__code__", None) is code:
        return made
    alive = [one for one in gc.get_referrers(code) if isinstance(one, FunctionType) and _is_closed(one)]
    if not alive:
        raise NotMade("the function around does not come to the definition")
    return alive[-1]


def _is_closed(function: FunctionType) -> bool:
    """Whether a function was really made: a mere shell has another name, and an empty closure."""
    return function.__name__ != _SHELL


_SHELL = "<shell>"


def _shell(code: CodeType, node: ast.FunctionDef | ast.AsyncFunctionDef, module: Any) -> FunctionType:
    """A function with this code that tells its parameters and cannot be called: its closure is empty."""
    space = module.__dict__
    function = FunctionType(code, space, _SHELL, None, tuple(CellType() for _ in code.co_freevars))
    function.__defaults__ = tuple(_value(each, space) for each in node.args.defaults)
    named = zip(node.args.kwonlyargs, node.args.kw_defaults)  # noqa: B905 (3.9 knows no strict)
    function.__kwdefaults__ = {one.arg: _value(default, space) for one, default in named if default is not None}
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    function.__annotations__ = {one.arg: ast.unparse(one.annotation) for one in every if one.annotation is not None}
    return function


def _value(default: ast.expr, space: dict[str, Any]) -> Any:
    """A default where it can be known without the variables of the function around."""
    try:
        return eval(compile(ast.Expression(default), "<default>", "eval"), space)
    except Exception:
        return None


def _is_method(outer: ast.AST, names: tuple[str, ...], node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it stands in a class of the function around and takes an instance."""
    plain = not any(getattr(each, "id", "") == "staticmethod" for each in node.decorator_list)
    return plain and len(names) > 1 and isinstance(node_of(outer, ".".join(names[:-1])), ast.ClassDef)


def _leaves(outer: ast.AST, name: str) -> bool:
    """Whether what is defined under the name gets out of the function around: returned, stored or decorated."""
    for node in ast.walk(outer):
        if isinstance(node, (*_Definition, ast.ClassDef)) and node is not outer and node.name == name:
            if node.decorator_list:
                return True
        elif isinstance(node, (ast.Return, ast.Yield)) and node.value is not None:
            if _mentions(node.value, name):
                return True
        elif (
            isinstance(node, ast.Assign)
            and _mentions(node.value, name)
            and any(not isinstance(target, ast.Name) for target in node.targets)
        ):
            return True
    return False


def _only_called(outer: ast.AST, name: str) -> bool:
    """Whether the function around calls it itself and gives it to nobody: then that call is the way to it."""
    called = any(isinstance(node, ast.Call) and getattr(node.func, "id", "") == name for node in ast.walk(outer))
    return called and not _leaves(outer, name)


def _mentions(value: ast.expr, name: str) -> bool:
    """Whether the value holds the function itself, and not what a call of it gives."""
    calls = {id(node.func) for node in ast.walk(value) if isinstance(node, ast.Call)}
    return any(
        isinstance(node, ast.Name) and node.id == name and id(node) not in calls for node in ast.walk(value)
    ) or (isinstance(value, ast.Call) and getattr(value.func, "id", "") == name and name[:1].isupper())
