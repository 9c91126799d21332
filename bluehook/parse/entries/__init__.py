"""Entry points: the functions that the world outside calls, by the conventions of each framework.

A decorator (``@app.route``), a registration (``path("x/", view)``, ``add_url_rule``, ``Route``, ``web.get``), a base
class (``MethodView``, ``View``, ``HTTPEndpoint``) or a shape (a Django view takes ``request``) makes one. It does not
matter where it happens, so routes registered in a factory count. Methods of unknown objects (``def init(app):``) are
read by what the file imports.

Each rule is a function that is given a :class:`Look` at the file and yields what it finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bluehook.parse.entries.classes import methods_of_tasks, methods_of_views
from bluehook.parse.entries.decorated import decorated
from bluehook.parse.entries.look import Entries, Look, Source
from bluehook.parse.entries.registered import depended_on, registered
from bluehook.parse.entries.shapes import async_handlers, called_by_main, django_views, main_blocks, parses_arguments
from bluehook.parse.model import EntryPoint

__all__ = ["WORTH_A_LOOK", "Source", "entry_points", "main_blocks"]

WORTH_A_LOOK = re.compile(
    rb"route|\.(?:get|post|put|patch|delete|head|options|websocket|command|group|task)\b|as_view|View|Endpoint|Resource"
    rb"|request|\bpath\(|url|Route|add_|shared_task|click|typer|parse_args|__main__|app\.|Schedule|Depends|sys\.argv"
    rb"|set_defaults|actor|@job|\bTask\b"
)
"""What a file with an entry point has somewhere."""
_RULES: tuple[Callable[[Look], Entries], ...] = (
    decorated,
    registered,
    methods_of_views,
    django_views,
    async_handlers,
    methods_of_tasks,
    depended_on,
    parses_arguments,
    called_by_main,
)
"""The most certain first."""


def entry_points(source: Source) -> dict[int, EntryPoint]:
    """The entry points of a file by ``id`` of their :class:`Function`; the first rule that applies to one wins."""
    look = Look(source)
    found: dict[int, EntryPoint] = {}
    for rule in _RULES:
        for function, entry in rule(look):
            found.setdefault(id(function), entry)
    return found
