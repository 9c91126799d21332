"""Source that cannot be imported, run all the same: a file without its project, a piece of one, Python 2."""

from __future__ import annotations

import ast
import copy
import os
import sys
from types import ModuleType
from typing import Any

from ..inputs import hints
from ..inputs.slots import Inputs
from ..inputs.standin import standin
from ..stubs.modules import StandinModule
from . import legacy, names


class Fragment:
    """Source that is run as a module of its own, with stand-ins for what it lacks.

    A statement that raises is left out, so that a file read at import or an absent server hides nothing else.
    """

    def __init__(self, tree: ast.Module, source: str, path: str, inputs: Inputs) -> None:
        self.tree = tree
        self.source = source
        self.path = path
        self.inputs = inputs
        name = "fragment_" + "".join(c if c.isalnum() else "_" for c in os.path.basename(path))
        self.module = ModuleType(name)
        self.module.__file__ = path
        self.failed: list[str] = []

    def executed(self, old: bool) -> ModuleType:
        """The module; ``old`` says that the source is Python 2."""
        space = self.module.__dict__
        sys.modules[self.module.__name__] = self.module
        space["__package__"] = ".".join(packages(self.path)[0])
        body = self.tree.body
        if old:
            legacy.revive(_mentioned(self.tree))
            space.update(legacy.names())
            body = legacy.modernised(copy.deepcopy(self.tree)).body
        names.fill(space, self.tree, self.source, self.inputs)
        for statement in body:
            if not (isinstance(statement, ast.If) and _is_main(statement)):
                self._execute(statement)
        space["_failed_statements"] = self.failed
        return self.module

    def _execute(self, statement: ast.stmt) -> None:
        space = self.module.__dict__
        try:
            exec(compile(ast.Module([statement], []), self.path, "exec", dont_inherit=True), space)
        except BaseException as error:
            self.failed.append(f"line {statement.lineno}: {type(error).__name__}: {error}")
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                self._imported(statement)
            elif isinstance(statement, (ast.Assign, ast.AnnAssign, ast.With)):
                self._assigned(statement)
            else:
                _without_decorators(statement, space, self.path)

    def _assigned(self, statement: ast.stmt) -> None:
        """Unknown objects for the names of an assignment that failed: a server or a file that is not there."""
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.module.__dict__.setdefault(node.id, standin(self.inputs, node.id, "assumed"))

    def _imported(self, statement: ast.Import | ast.ImportFrom) -> None:
        """Unknown objects for the names of an import that failed."""
        for alias in statement.names:
            name = (alias.asname or alias.name).partition(".")[0]
            if name == "*" or name in self.module.__dict__:
                continue
            if isinstance(statement, ast.Import):
                module = StandinModule(name)
                module._inputs = self.inputs
                self.module.__dict__[name] = module
            else:
                use = hints.uses(self.tree, {name})[name]
                self.module.__dict__[name] = names.meaning(name, use, self.inputs)


def _mentioned(tree: ast.AST) -> set[str]:
    """The names that the code reads or imports."""
    return imports(tree) | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def imports(tree: ast.AST) -> set[str]:
    """The modules that the code imports, by their dotted names."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def _is_main(statement: ast.If) -> bool:
    test = statement.test
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def _without_decorators(statement: ast.stmt, space: dict[str, Any], path: str) -> None:
    """A definition whose decorators or annotations raised, tried again without them."""
    if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return
    for node in ast.walk(statement):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.decorator_list, node.returns = [], None
            for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]:
                argument.annotation = None
    statement.decorator_list = []
    try:
        exec(compile(ast.Module([statement], []), path, "exec", dont_inherit=True), space)
    except BaseException as error:
        space["_failed_statements"] = [f"line {statement.lineno}: {type(error).__name__}: {error}"]


def packages(path: str) -> tuple[list[str], str]:
    """The packages that a file lies in, the outermost first, and the folder that they stand in."""
    parts: list[str] = []
    top = os.path.dirname(path)
    while os.path.exists(os.path.join(top, "__init__.py")):
        parts.insert(0, os.path.basename(top))
        top = os.path.dirname(top)
    return parts, top
