"""From one type to another: numbers, texts, collections."""

from __future__ import annotations

from collections.abc import Callable

from bluehook.detect.flow import containers
from bluehook.detect.flow.library.table import CONVERSIONS
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.sources import part_of
from bluehook.detect.flow.texts import as_number
from bluehook.detect.flow.values import ANY, BETWEEN_TAGS, NOWHERE, Value, cleaned, constant, merged, opened

_XSS = "cross-site-scripting"


def number(site: Site) -> Value:
    """A number, which cannot hold an attack."""
    if site.name == "int" and len(site.args) == 1:
        return _checked(site, as_number(site.args[0]))
    if site.name == "len" and site.args:
        text, items = site.args[0].text, containers.items_of(site.state, site.args[0])
        length = len(text) if text is not None else len(items) if items is not None else None
        return constant(length) if length is not None else Value(kind="number")
    result = cleaned(merged(site.args), ANY)._replace(kind="number")
    return _checked(site, result)


def _checked(site: Site, result: Value) -> Value:
    if site.name in CONVERSIONS:
        site.state.check((t for arg in site.args for t in arg.taints()), ANY)
    return result


def same(site: Site) -> Value:
    """The argument itself, composition and all."""
    if not site.args:
        return constant("") if site.name in ("str", "unicode") else NOWHERE
    first = site.args[0]
    if site.name in ("str", "unicode", "repr") and not isinstance(first.const, (str, bool)) and first.is_constant:
        return constant(str(first.const))
    if first.box:
        return opened(site.state.everything(first))
    if site.name == "str":
        marked = cleaned(first, "nosql-injection")
        return marked if first.kind != "exception" else first
    return first


def decoded(site: Site) -> Value:
    """What carries the arguments without their composition; collections and attributes keep theirs."""
    made = _collection(site)
    if made is not None:
        return made
    if site.name == "getattr" and len(site.args) > 1 and site.args[1].text is not None:
        return part_of(site.args[0], f".{site.args[1].text}", site.call.at)
    kind = "loaded" if "loads" in site.name or site.name.endswith(".load") else ""
    return opened(site.taints(receiver=False), kind)


def _collection(site: Site) -> Value | None:
    """``list()`` and its like, empty or of a collection whose items are known."""
    name, state = site.name, site.state
    if name in ("list", "tuple", "set", "sorted", "dict") and site.args:
        given = site.args[0]
        items = containers.items_of(state, given)
        if given.kind not in ("list", "tuple", "dict") or items is None:
            return None
        if name == "dict":
            return containers.make(state, site.machine.new_box(), "dict", dict(state.boxes[given.box].items))
        return containers.of_items(state, site.machine.new_box(), name, items)
    if name in ("dict", "list", "set", "tuple"):
        kind = "list" if name == "tuple" else name
        items_by_key = dict(site.keywords) if name == "dict" else {}
        return containers.make(state, site.machine.new_box(), kind, dict(items_by_key), site.spread)
    return None


def encoded(site: Site) -> Value:
    """The first argument with its composition, as sanitizers keep it."""
    return site.args[0] if site.args and not site.args[0].box else opened(site.taints(receiver=False))


def _escape_html(site: Site) -> Value:
    """``html.escape``, which leaves quotes where that is asked for."""
    quote = site.arg(1, "quote")
    leaves = quote is not None and quote.const is False
    return cleaned(encoded(site), "xml-injection", BETWEEN_TAGS if leaves else _XSS)


def _escape_xml(site: Site) -> Value:
    """``xml.sax.saxutils.escape``, which leaves quotes where no more entities are named."""
    more = site.arg(1, "entities")
    return cleaned(encoded(site), "xml-injection", BETWEEN_TAGS if more is None else _XSS)


def carried(kind: str) -> Callable[[Site], Value]:
    """A function whose result carries its arguments and is of a kind of its own."""

    def result(site: Site) -> Value:
        return opened(site.taints(receiver=False), kind)

    return result


FUNCTIONS: dict[str, Callable[[Site], Value]] = {
    "type": carried("type"),
    "html.escape": _escape_html,
    "xml.sax.saxutils.escape": _escape_xml,
}
METHODS: dict[str, Callable[[Site, Value], Value]] = {
    "hexdigest": lambda site, receiver: NOWHERE,
    "digest": lambda site, receiver: NOWHERE,
}
