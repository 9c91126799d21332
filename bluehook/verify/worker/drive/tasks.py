"""Driving tasks of Celery, and of queues like it (RQ, Dramatiq, Huey): what a message brings comes from outside."""

from __future__ import annotations

import ast
import inspect
from typing import Any

from ..inputs.slots import Inputs
from ..inputs.standin import standin
from .fragment import imports
from .load import Target
from .plain import PlainDriver
from .way import Way

_ALWAYS = {"shared_task", "periodic_task", "actor", "db_task", "db_periodic_task"}
"""Decorators that make tasks in whatever library they come from."""
_OF_QUEUES = {"celery", "dramatiq", "huey", "rq", "django_rq", "arq", "taskiq", "procrastinate"}
_AMBIGUOUS = {"task", "job"}


def driver(target: Target, inputs: Inputs) -> TaskDriver | None:
    """The driver, when a decorator or the host says that the function takes messages, or its class is a task's."""
    if target.kind == "factory":
        return None
    names = [_dotted(decorator) for decorator in getattr(target.node, "decorator_list", [])]
    imported = {one.partition(".")[0] for one in imports(target.tree)}
    told = target.entry.get("framework") == "celery"
    made = any(name.rpartition(".")[2] in _ALWAYS for name in names)
    likely = any(name.rpartition(".")[2] in _AMBIGUOUS for name in names) and bool(imported & _OF_QUEUES)
    return TaskDriver(target, inputs) if told or made or likely or _is_class_task(target) else None


class TaskDriver(PlainDriver):
    """Runs one task as a worker would: with what a message held."""

    def __init__(self, target: Target, inputs: Inputs) -> None:
        super().__init__(target, inputs)
        self.bound = _is_bound(target) and not inspect.ismethod(target.function)
        if self.bound:
            self.parameters = self.parameters[1:]

    def _call(self, way: Way) -> Any:
        name = getattr(self.target.node, "name", "")
        task = vars(self.target.module).get(name) if self.target.owner is None else None
        apply = getattr(task, "apply", None)
        if not callable(apply) or "celery" not in {cls.__module__.partition(".")[0] for cls in type(task).__mro__}:
            return super()._call(way)
        arguments, named = self._arguments(way)
        return apply(args=arguments, kwargs=named, throw=True).result

    def _owner(self) -> Any:
        if self.bound and self.target.kind == "function":
            return standin(self.inputs, "task", "assumed")
        return super()._owner()

    def _trust(self, name: str, kind: str) -> str:
        return "assumed" if name in ("self", "cls", "ctx") else "outside"


def _is_bound(target: Target) -> bool:
    """Whether the task itself is handed to the function first."""
    for decorator in getattr(target.node, "decorator_list", []):
        for keyword in decorator.keywords if isinstance(decorator, ast.Call) else []:
            if keyword.arg == "bind" and getattr(keyword.value, "value", False) is True:
                return True
    return False


def _is_class_task(target: Target) -> bool:
    """Whether it is the ``run`` of a class of tasks."""
    named = getattr(target.node, "name", "") == "run"
    bases = {f"{cls.__module__.partition('.')[0]}.{cls.__name__}" for cls in getattr(target.owner, "__mro__", ())}
    return named and "celery.Task" in bases


def _dotted(node: ast.AST) -> str:
    """``app.task`` for ``@app.task(bind=True)``."""
    if isinstance(node, ast.Call):
        return _dotted(node.func)
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
