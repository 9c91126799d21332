"""A module that is run rather than imported: what it does at its top level, and under the name of the program."""

from __future__ import annotations

import ast
import sys
from types import CodeType, ModuleType
from typing import Any

from ..inputs.slots import Inputs
from . import names
from .load import Target

MODULE = "<module>"
"""What a request names instead of a function; ``plan.MODULE`` on the host's side."""


class Script:
    """The program as something to call: each call runs it anew, in a namespace of its own."""

    def __init__(self, code: CodeType, space: dict[str, Any]) -> None:
        self.__code__ = code
        self._space = space

    def __call__(self) -> None:
        """Run the module as the program."""
        space = dict(self._space)
        program = ModuleType("__main__")
        program.__dict__.update(space)
        known, sys.modules["__main__"] = sys.modules.get("__main__"), program
        try:
            exec(self.__code__, program.__dict__)
        finally:
            if known is not None:
                sys.modules["__main__"] = known


def target(tree: ast.Module, source: str, path: str, inputs: Inputs) -> Target:
    """The module as a target. It is driven as a command: with a command line, a terminal and files."""
    space: dict[str, Any] = {"__name__": "__main__", "__file__": path, "__package__": None}
    names.fill(space, tree, source, inputs)
    code = compile(tree, path, "exec", dont_inherit=True)
    found = Target(Script(code, space), None, "function", tree, ModuleType("__main__"), "script")
    found.entry = {"framework": "main"}
    return found
