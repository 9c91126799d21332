"""Pages that a template makes (CWE-79): what is HTML or script by its nature, handed over without being made harmless.

What Markdown makes is HTML, and a page shows it as such; JSON is put into scripts, which end where a text in it says
``</script>``; template tags write into the page as they return.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bluehook.detect.flow import nodes
from bluehook.detect.flow.judge import SHOWS, SUSPECTS, Grades, anywhere, flow, report
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.state import State
from bluehook.detect.flow.values import Value
from bluehook.parse import Class, Function

if TYPE_CHECKING:
    from bluehook.detect.flow.machine import Machine

_WEAKNESS = "cross-site-scripting"
_WORDS = "becomes HTML with what markup it has"
_VIEWS = {"get_context_data", "get_queryset", "get_object", "get", "post", "dispatch"}
_WRITTEN_BY_USERS = Grades(SHOWS, SUSPECTS, SUSPECTS, SHOWS)
_RENDERED = Grades(SHOWS, SUSPECTS, SUSPECTS, SUSPECTS)
_SCRIPT = Grades(SHOWS, SHOWS, SHOWS, SHOWS)
_JSON_NAME = re.compile(r"json|_js$", re.I)
_TEMPLATES = re.compile(r"\.mako$")
"""Templates of a language that escapes nothing unless it is told to."""
_YES_OR_NO = re.compile(r"\b(is|has|can|should)_\w+\(\)$")
_TAG = re.compile(r"<[a-zA-Z][\w-]*[\s>/]")


def _is_view(function: Function | None) -> bool:
    """Whether a function makes what a template shows."""
    if function is None:
        return False
    if function.entry is not None and function.entry.framework in ("flask", "django", "fastapi", "aiohttp"):
        return True
    return function.name in _VIEWS and bool(function.parameters) and function.parameters[0].name == "self"


def _rendered(site: Site) -> None:
    """``render(request, template, context)`` of any framework: its context, looked at one value at a time."""
    name = next((value.text for value in site.args if value.text is not None), "") or ""
    values = list(site.keywords.items())
    for value in site.args:
        box = site.state.boxes.get(value.box)
        if value.kind == "dict" and box is not None:
            values += [(str(key), item) for key, item in box.items.items()]
    for key, value in values:
        if value.kind == "markdown":
            flow(site, _WEAKNESS, value, anywhere(_RENDERED), _WORDS)
        elif value.kind == "json" and _TEMPLATES.search(name) and _JSON_NAME.search(key):
            texts = frozenset(t for t in value.taints() if not _YES_OR_NO.search(t.slot))
            if texts:
                words = "is JSON in a template that escapes nothing: a `</script>` in it ends the script"
                flow(site, _WEAKNESS, Value(forms=((texts,),)), anywhere(_SCRIPT), words)


def stored(machine: Machine, target: nodes.Expr, owner: Value, key: Value, value: Value, state: State) -> None:
    """What Markdown made is put into a template's context, or into an object that a template shows."""
    if value.kind == "markdown" and _is_view(machine.frame.function):
        report(machine.hits, state, target.at, _WEAKNESS, value, anywhere(_WRITTEN_BY_USERS), "markdown", _WORDS)


def returned(machine: Machine, statement: nodes.Return, value: Value, state: State) -> None:
    """What Markdown made is a page's by its function's name; a template tag's text goes into the page as it is."""
    function = machine.frame.function
    if function is None:
        return
    if value.kind == "markdown" and "html" in function.name.lower():
        own = [parameter.name for parameter in function.parameters] == ["self"]
        grades = Grades(SHOWS, SHOWS, SHOWS, SHOWS) if own else _RENDERED
        report(machine.hits, state, statement.at, _WEAKNESS, value, anywhere(grades), "markdown", _WORDS)
    elif _writes_into_page(function) and not value.box:
        report(
            machine.hits, state, statement.at, _WEAKNESS, value, _in_tag, "return", "is written into the page as it is"
        )


def _writes_into_page(function: Function) -> bool:
    """Whether the function is a template tag of Django's that writes for itself, so that nothing is escaped later."""
    if any(re.search(r"(^|\bregister|Library\(\))\.tag$", decorator) for decorator in function.decorators):
        return True
    around = function.parent
    return (
        function.name == "render" and isinstance(around, Class)
        and any(base.rpartition(".")[2] == "Node" for base in around.bases)
        and [parameter.name for parameter in function.parameters] == ["self", "context"]
    )  # fmt: skip


def _in_tag(form: tuple[object, ...], index: int) -> Grades | None:
    """HTML of the code's own around the value."""
    html = any(isinstance(piece, str) and _TAG.search(piece) for piece in form)
    return Grades(SHOWS, SHOWS, SHOWS, SUSPECTS) if html else None


SINKS = {
    ".render": _rendered,
    "render": _rendered,
    "django.shortcuts.render": _rendered,
    "flask.render_template": _rendered,
    "render_template": _rendered,
    **dict.fromkeys(("markdown.markdown", "markdown2.markdown", "markdown", ".as_json"), lambda site: None),
}
"""The last ones only say where to look: what they make is told where it is handed on."""
