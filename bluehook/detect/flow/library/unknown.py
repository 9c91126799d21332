"""Functions of which nothing is known: their bodies are not in sight, and no table has their names."""

from __future__ import annotations

from bluehook.detect.flow.checks import VALIDATOR
from bluehook.detect.flow.library.table import ESCAPERS
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.values import ANY, NOWHERE, Changer, Taint, Trust, Value, changed, cleaned, opened, tainted


def unknown(site: Site) -> Value:
    """Their result may carry what they were given, and what they check is doubted."""
    taints = frozenset(taint for taint in site.taints() if taint.trust > Trust.ASSUMED)
    last = site.method
    requests = [v for v in (*site.args, *site.keywords.values()) if v.kind == "request"]
    if requests and site.machine.setting.is_web:
        return Value(kind="request") if "equest" in site.name else NOWHERE
    if not taints and ESCAPERS.search(last):
        return cleaned(tainted(Taint(f"{site.name}()", f"the result of `{last}()`", Trust.ASSUMED, None)), ANY)
    if not taints:
        return _assumed(site) if site.name.startswith(".") or "." not in site.name else Value(of=f"{site.name}()")
    if ESCAPERS.search(last):
        return cleaned(opened(taints), ANY)
    if VALIDATOR.search(last):
        site.state.check(taints, ANY, doubt=True)
    if site.receiver is not None and any(t.trust > Trust.ASSUMED for t in site.receiver.taints()):
        return opened(taints, of=f"{site.name}()" if "." in site.name.lstrip(".") else "")
    return changed(opened(taints, of=f"{site.name}()" if "." in site.name.lstrip(".") else ""), Changer(doubt=(ANY,)))


def _assumed(site: Site) -> Value:
    return tainted(Taint(f"{site.name}()", f"the result of `{site.name.lstrip('.')}()`", Trust.ASSUMED, None))
