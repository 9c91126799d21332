"""Entry points by a decorator: routes, commands, tasks."""

from __future__ import annotations

from tree_sitter import Node

from bluehook.parse.definitions import decorator_nodes
from bluehook.parse.entries.look import HTTP, SHORTCUTS, Entries, Look
from bluehook.parse.model import EntryPoint

_TASKS = {"task", "actor", "job", "db_task", "periodic_task"}


def decorated(look: Look) -> Entries:
    """Functions under a decorator of a framework: the first one that says something counts."""
    for function in look.functions:
        if function.outer is function.node:
            continue
        for decorator, resolved in zip(decorator_nodes(function), function.decorators, strict=True):
            entry = _by_decorator(look, decorator, resolved)
            if entry is not None:
                yield function, entry
                break


def _by_decorator(look: Look, decorator: Node, resolved: str) -> EntryPoint | None:
    last = resolved.rpartition(".")[2]
    called = decorator if decorator.type == "call" else None
    arguments = look.arguments(called)
    if last == "shared_task" or (last in _TASKS and look.speaks("celery", resolved)):
        return EntryPoint("celery", look.option(arguments, "name"))
    if last in ("command", "group", "callback") and look.speaks("click", resolved):
        return EntryPoint("click", look.route(arguments))
    if last == "api_view" and called is not None:
        return EntryPoint("django", None, look.methods(arguments, at=0) or ("GET",))
    if called is None or not arguments:
        return None
    if last in ("route", "expose"):
        framework = look.web(resolved, "flask")
        methods = look.methods(arguments) or ("GET",)
        return EntryPoint(framework, look.route(arguments), methods)
    if last in SHORTCUTS and look.route(arguments) is not None and look.is_router(resolved):
        methods = (last.upper(),) if last in HTTP else look.methods(arguments) or ("GET",)
        return EntryPoint(look.web(resolved, "fastapi"), look.route(arguments), methods)
    return None
