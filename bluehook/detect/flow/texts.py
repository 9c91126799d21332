"""The methods of text: real ones on constants, form by form on what is composed."""

from __future__ import annotations

from bluehook.detect.flow import containers
from bluehook.detect.flow.formatting import braces, joined_by
from bluehook.detect.flow.library.pages import translated_by_table
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.values import (
    ANY,
    LONGEST_TEXT,
    NOWHERE,
    UNKNOWN,
    Form,
    Value,
    cleaned,
    constant,
    merged,
    opened,
    with_forms,
)

_SAME = {
    "strip", "lstrip", "rstrip", "encode", "decode", "title", "capitalize", "swapcase", "casefold", "expandtabs",
    "center", "ljust", "rjust", "zfill", "removeprefix", "removesuffix", "__str__", "tobytes", "translate",
}  # fmt: skip
_CASES = {"lower": str.lower, "upper": str.upper}
_FOLDED = {"strip", "lstrip", "rstrip", "title", "capitalize", "removeprefix", "removesuffix", "swapcase"}
_TESTS = {"startswith", "endswith", "isdigit", "isalnum", "isalpha", "isupper", "islower", "isspace", "isnumeric",
          "isidentifier", "isdecimal", "find", "index", "rfind", "rindex", "count"}  # fmt: skip
_PARTS = {"split", "rsplit", "splitlines", "partition", "rpartition"}
METHODS = _SAME | set(_CASES) | _TESTS | _PARTS | {"replace", "join", "format", "format_map"}
"""Methods that only text has, whatever the receiver seems to be."""

_REMOVED: dict[str, tuple[str, ...]] = {
    "\n": ("lf", "header-injection", "log-injection"),
    "\r": ("cr", "header-injection"),
    "/": ("path-traversal", "archive-extraction"),
    ".": ("no-dotdot",),
    "..": ("no-dotdot",),
    "<": ("cross-site-scripting",),
    "'": ("sql-quote",),
    "*": ("ldap-star",),
}
"""What a value is rid of when a text is replaced in it."""


def text_method(site: Site) -> Value | None:
    """The result of a text method; ``None`` where it is not one."""
    method, receiver = site.method, site.receiver
    if receiver is None or method not in METHODS:
        return None
    if receiver.text is not None and method in _FOLDED | set(_CASES) | _TESTS | _PARTS | {"replace"}:
        folded = _folded(site, receiver.text)
        if folded is not None:
            return folded
    if method == "join":
        return _join(site, receiver)
    if method in ("format", "format_map"):
        return _format(site, receiver)
    if method == "replace":
        return _replace(site, receiver)
    if method == "translate":
        return translated_by_table(site, receiver)
    if method in _CASES:
        change = _CASES[method]
        return with_forms([tuple(change(p) if isinstance(p, str) else p for p in form) for form in receiver.forms])
    if method in _TESTS:
        return Value(kind="number")
    if method in _PARTS:
        hole = receiver.hole()
        by_slash = method in ("split", "rsplit") and len(site.args) == 1 and site.args[0].text == "/"
        rest = opened(hole, "part" if method != "splitlines" else "", "/" if by_slash else "")
        return containers.make(site.state, site.machine.new_box(), "list", {}, rest)
    return receiver._replace(const=UNKNOWN) if receiver.kind != "number" else receiver


def _folded(site: Site, text: str) -> Value | None:
    arguments = [arg.const for arg in site.args]
    if site.keywords or any(not isinstance(arg, (str, int)) for arg in arguments):
        return None
    if site.method == "replace" and len(arguments) == 2 and len(text) * len(str(arguments[1])) > LONGEST_TEXT:
        return None
    try:
        result = getattr(text, site.method)(*arguments)
    except (TypeError, ValueError, OverflowError):
        return None
    if isinstance(result, (list, tuple)):
        return containers.of_items(site.state, site.machine.new_box(), "list", [constant(part) for part in result])
    return constant(result) if isinstance(result, (str, int, bool)) else None


def _join(site: Site, separator: Value) -> Value:
    if not site.args:
        return NOWHERE
    items = containers.items_of(site.state, site.args[0])
    if items is not None:
        return joined_by(separator, items)
    element = containers.element_of(site.state, site.args[0])
    if any(isinstance(piece, str) for form in element.forms for piece in form):
        forms = [form for form in element.forms if form]
        return with_forms([form + tail for form in forms for tail in _tails(separator, form)])
    everything = site.state.everything(site.args[0])
    return opened(everything) if everything else Value()


def _tails(separator: Value, form: Form) -> list[Form]:
    """A join of unknown length: the element, the separator, the element again."""
    text = separator.text
    return [(text, *form)] if text is not None else [()]


def _format(site: Site, template: Value) -> Value:
    named = dict(site.keywords)
    if site.method == "format_map" and site.args:
        box = site.state.boxes.get(site.args[0].box)
        named = {str(key): value for key, value in box.items.items()} if box is not None else {}
        return braces(template, [] if box is not None else site.args, dict(named))
    if site.spread is not None:
        return merged([braces(template, site.args, dict(named)), site.spread])
    flat = [_flat(site, value) for value in site.args]
    return braces(template, flat, {key: _flat(site, value) for key, value in named.items()})


def _flat(site: Site, value: Value) -> Value:
    return opened(site.state.everything(value)) if value.box else value


def _replace(site: Site, receiver: Value) -> Value:
    old, new = (arg.text for arg in (*site.args, NOWHERE, NOWHERE)[:2])
    if old is None:
        return merged([receiver, *site.args])
    forms = receiver.forms
    if new is not None and old:
        replaced = new
        forms = tuple(
            tuple(piece.replace(old, replaced)[:LONGEST_TEXT] if isinstance(piece, str) else piece for piece in form)
            for form in forms
        )
    elif len(site.args) > 1:
        added = site.args[1]
        forms = tuple(_substituted(form, old, added) for form in forms)
    result = with_forms(forms)
    if not any(result.taints()):
        return result
    marks = _REMOVED.get(old, ())
    if new is not None and old in new and new != old + old and not new.startswith(("&", "%", "\\")):
        marks = ()
    if "no-dotdot" in marks and (new is None or "." in new):
        marks = ()
    if new == "" or new is not None:
        result = cleaned(result, *marks) if marks else result
    return result


def _substituted(form: Form, old: str, added: Value) -> Form:
    """A placeholder in a constant becomes what is put in its place."""
    result: Form = ()
    for piece in form:
        if isinstance(piece, str) and old and old in piece:
            before, _, after = piece.partition(old)
            result += (before, *(added.forms[0]), after)
        else:
            result += (piece if isinstance(piece, str) else piece | added.hole(),)
    return result


def as_number(value: Value) -> Value:
    """What ``int`` makes of a value."""
    if isinstance(value.const, (str, int, float)):
        try:
            return constant(int(value.const))
        except (ValueError, OverflowError):
            return Value(kind="number")
    return cleaned(value, ANY)._replace(kind="number")
