"""Entry points by the base class of what they are methods of: views and tasks."""

from __future__ import annotations

import re

from bluehook.parse.entries.look import FRAMEWORKS, HTTP, VIEW_METHODS, Entries, Look
from bluehook.parse.model import Class, EntryPoint, Framework

_CLASS_BASES = re.compile(r"(?:View|ViewSet|Endpoint|Resource|APIView|ViewSetMixin)$")


def methods_of_views(look: Look) -> Entries:
    """What a framework calls of a class that is a view, by its bases, those of this file included."""
    views: dict[int, Framework] = {}
    for item in look.source.classes:
        framework = _view(look, item, views)
        if framework is not None:
            views[id(item)] = framework
    for function in look.functions:
        framework = views.get(id(function.parent))
        if framework is not None and function.name in VIEW_METHODS:
            methods = (function.name.upper(),) if function.name in HTTP else ()
            yield function, EntryPoint(framework, None, methods)


def _view(look: Look, item: Class, views: dict[int, Framework]) -> Framework | None:
    for base in item.bases:
        for parent in look.source.classes:
            if parent.name == base and id(parent) in views:
                return views[id(parent)]
        if not _CLASS_BASES.search(base):
            continue
        head = base.partition(".")[0]
        maker = FRAMEWORKS.get(head) or FRAMEWORKS.get(head.removeprefix("flask_"))
        if maker is not None:
            return maker
        if head.startswith("flask"):
            return "flask"
        web: list[Framework] = [f for f in look.frameworks if f not in ("celery", "click")]
        if web:
            return web[0]
    return None


def methods_of_tasks(look: Look) -> Entries:
    """``run`` of a class of tasks: workers call it with what a message holds."""
    tasks = {id(item) for item in look.source.classes
             if any(base == "Task" or base.endswith(".Task") for base in item.bases)}  # fmt: skip
    for function in look.functions:
        if function.name == "run" and id(function.parent) in tasks and "celery" in look.frameworks:
            yield function, EntryPoint("celery")
