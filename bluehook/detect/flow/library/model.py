"""Functions and methods that are not of this file: what their results carry.

Each module beside this one knows a subject: ``FUNCTIONS`` by their names, ``METHODS`` by theirs, whatever the receiver.
What needs no more than a name stands in ``table``.
"""

from __future__ import annotations

from collections.abc import Callable

from bluehook.detect.flow.collections_model import container_method
from bluehook.detect.flow.library import addresses, conversions, given, pages, parsers, paths
from bluehook.detect.flow.library.table import (
    ABORTS,
    CLEAN,
    DECODED,
    ENCODED,
    NUMBERS,
    OUTSIDE,
    ROWS,
    SAME,
    WEAK,
)
from bluehook.detect.flow.library.unknown import unknown
from bluehook.detect.flow.patterns import matched
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.sources import origin, request_call
from bluehook.detect.flow.texts import text_method
from bluehook.detect.flow.values import NOWHERE, Taint, Trust, Value, cleaned, tainted

_SUBJECTS = (addresses, conversions, given, pages, parsers, paths)
_FUNCTIONS: dict[str, Callable[[Site], Value]] = {
    name: function for subject in _SUBJECTS for name, function in subject.FUNCTIONS.items()
}
_METHODS: dict[str, Callable[[Site, Value], Value]] = {
    name: method for subject in (conversions, given, pages, paths) for name, method in subject.METHODS.items()
}


def model(site: Site) -> Value:
    """The value of a call whose body is not in sight."""
    name = site.name
    function = _FUNCTIONS.get(name)
    if function is not None and not site.call.local:
        return function(site)
    if not site.call.local or "." in name:
        known = _by_table(site, name)
        if known is not None:
            return known
    if site.receiver is not None:
        return _method(site, site.receiver)
    return unknown(site)


def is_known(name: str) -> bool:
    """Whether a name has a model of its own here, which says more than its body would."""
    return name in _FUNCTIONS or any(name in table for table in (ABORTS, NUMBERS, CLEAN, SAME, ENCODED, WEAK, DECODED))


def _by_table(site: Site, name: str) -> Value | None:
    if name in ABORTS:
        site.state.alive = False
        return NOWHERE
    if name in NUMBERS:
        return conversions.number(site)
    if name in CLEAN:
        return Value(of=f"{name}()")
    if name in SAME:
        return conversions.same(site)
    if name in ENCODED:
        kind = "basename" if name.endswith("basename") else ""
        value = paths.joined(site) if name.endswith("safe_join") else conversions.encoded(site)
        return cleaned(value, *ENCODED[name])._replace(kind=kind)
    if name in WEAK:
        trust = Trust.OUTSIDE if name in OUTSIDE else Trust.WEAK
        return origin(f"{name}()", WEAK[name], trust, site.call.at, of=f"{name}()")
    if name in DECODED:
        return conversions.decoded(site)
    return None


def _method(site: Site, receiver: Value) -> Value:
    method = site.method
    if receiver.kind in ("request", "request?", "tornado-handler"):
        key = site.args[0].text if site.args else None
        found = request_call(site.call, receiver, method, key)
        if found is not None:
            return found
        if receiver.kind != "tornado-handler":
            return tainted(Taint(f"request.{method}()", f"`request.{method}()`", Trust.ASSUMED, None))
    found = container_method(site, receiver) or matched(site, receiver) or text_method(site)
    if found is not None:
        return found
    special = _METHODS.get(method)
    if special is not None:
        return special(site, receiver)
    if method in ROWS and receiver.kind != "params":
        return Value(of=f"{site.name}()")
    return unknown(site)
