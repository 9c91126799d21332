"""What becomes of values on the way into pages: templates, JSON, Markdown, tracebacks, translations, ``locals()``."""

from __future__ import annotations

import re
from collections.abc import Callable

from bluehook.detect.flow import containers
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.sources import origin
from bluehook.detect.flow.values import Taint, Trust, Value, cleaned, opened
from bluehook.weaknesses import TABLE

XSS = "cross-site-scripting"
JSON = "json-text"
"""The mark of what went through an encoder of JSON; it survives where branches meet."""
TRACEBACK = "traceback"
_ESCAPING = re.compile(r"(?i)html|escap|safe|xss|script")
"""Names of encoders and tables that take the angle brackets out of JSON."""
_YES_OR_NO = re.compile(r"\b(is|has|can|should)_\w+\([^()]*\)$")
_DEEPEST = 4
_HARMLESS = tuple(slug for slug in TABLE if slug != XSS)


def _json(site: Site) -> Value:
    """JSON: markup in it stays markup, unless an encoder is named that takes it out."""
    given = cleaned(opened(_carried(site, site.arg(0, "obj")), "json"), JSON)
    for argument in site.call.args:
        if argument.keyword in ("cls", "default") and _ESCAPING.search(site.machine.text(argument.value.at)):
            return cleaned(given, XSS) if argument.keyword == "cls" else given
    return given


def _markdown(site: Site) -> Value:
    """Markdown lets HTML through, but for the renderers that were told not to."""
    text = site.arg(0, "text", "source", "md")
    if text is None or "safe_mode" in site.keywords or site.spread is not None:
        return opened(site.taints(receiver=False))
    return opened(_carried(site, text), "markdown")


def _carried(site: Site, value: Value | None) -> frozenset[Taint]:
    """What a value carries; something of the program's own where it is not known and no constant either."""
    taints = site.taints(receiver=False)
    if taints or value is None or _is_harmless(site, value):
        return taints
    return frozenset({Taint("data", "what the program holds", Trust.ASSUMED, None)})


def _is_harmless(site: Site, value: Value, depth: int = 0) -> bool:
    """Whether a value is a number, a yes or no, a setting, or made of such."""
    if value.is_constant or value.kind in ("number", "setting"):
        return True
    box = site.state.boxes.get(value.box)
    if box is not None:
        return depth < _DEEPEST and box.rest is None and all(_is_harmless(site, v, depth + 1) for v in box.values())
    argument = site.call.args[0] if site.call.args else None
    return argument is not None and _YES_OR_NO.search(site.machine.text(argument.value.at)) is not None


def _traceback(site: Site) -> Value:
    """A traceback repeats what the request said, in the text of the exception and in the lines that hold it."""
    found = origin(TRACEBACK, "the traceback", Trust.OUTSIDE, site.call.at)
    return cleaned(found, *_HARMLESS)


def _translated(site: Site) -> Value:
    """A translation keeps the markup and the placeholders of the text."""
    return site.args[0] if len(site.args) == 1 and site.args[0].text is not None else Value(of=f"{site.name}()")


def _locals(site: Site) -> Value:
    items = {name: value for name, value in site.state.vars.items() if "." not in name}
    return containers.make(site.state, site.machine.new_box(), "dict", dict(items))


def form_errors(site: Site, receiver: Value) -> Value:
    """``form.errors.as_json()``: the messages repeat what was sent, and are escaped only when that is asked for."""
    escaped = site.arg(0, "escape_html")
    found = origin("errors.as_json()", "the form's errors, which repeat what was sent,", Trust.OUTSIDE, site.call.at)
    return cleaned(found, *_HARMLESS, *([XSS] if escaped is not None and escaped.const is not False else []))


def translated_by_table(site: Site, receiver: Value) -> Value:
    """``text.translate(table)``: by its name, a table that takes the markup out."""
    named = site.machine.text(site.call.args[0].value.at) if site.call.args else ""
    return cleaned(receiver, XSS) if _ESCAPING.search(named) else receiver


def _json_of(site: Site, receiver: Value) -> Value:
    """``json.dumps`` where nothing in sight imports ``json``."""
    named = site.machine.text(site.call.at).partition(".")[0]
    return _json(site) if named in ("json", "simplejson", "ujson") else opened(site.taints())


def _environment(site: Site) -> Value:
    """A Jinja environment; its pages escape only where it was told to."""
    escape = site.keywords.get("autoescape")
    escapes = site.spread is not None or (escape is not None and escape.const is not False)
    return Value(of="jinja2.Escaping()" if escapes else "jinja2.Environment()")


def _render(site: Site, receiver: Value) -> Value:
    carried = opened(site.taints())
    escaped = not receiver.of.startswith("jinja2.Environment()") and not receiver.of.startswith("jinja2.Template()")
    return cleaned(carried, XSS) if escaped else carried


def _escaped(site: Site, receiver: Value) -> Value:
    return cleaned(opened(site.taints()), "sql-injection", XSS)


METHODS: dict[str, Callable[[Site, Value], Value]] = {
    "as_json": form_errors,
    "dumps": _json_of,
    "format_exc": lambda site, receiver: _traceback(site),
    "escape": _escaped,
    "escape_string": _escaped,
    "render": _render,
    "render_async": _render,
}
FUNCTIONS: dict[str, Callable[[Site], Value]] = {
    **dict.fromkeys(("json.dumps", "simplejson.dumps", "ujson.dumps"), _json),
    **dict.fromkeys(("markdown.markdown", "markdown2.markdown", "markdown"), _markdown),
    **dict.fromkeys(("traceback.format_exc", "traceback.format_exception_only"), _traceback),
    **dict.fromkeys(
        ("_", "gettext", "ugettext", "gettext.gettext", "flask_babel.gettext", "django.utils.translation.gettext",
         "django.utils.translation.gettext_lazy", "django.utils.translation.ugettext",
         "django.utils.translation.ugettext_lazy"),
        _translated,
    ),
    "locals": _locals,
    "jinja2.Environment": _environment,
}  # fmt: skip
"""By name; a name without a dot is a built-in or one that nothing in sight binds."""
