"""The methods of lists, dictionaries, sets and configuration parsers made in sight."""

from __future__ import annotations

from collections.abc import Callable

from bluehook.detect.flow import containers
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.state import Box
from bluehook.detect.flow.values import NONE, NOWHERE, UNKNOWN, Hole, Value, constant, opened

_PARSERS = ("configparser.ConfigParser()", "configparser.RawConfigParser()", "ConfigParser.ConfigParser()",
            "configparser.SafeConfigParser()", "ConfigParser.RawConfigParser()")  # fmt: skip


def container_method(site: Site, receiver: Value) -> Value | None:
    """The result of a container's method; ``None`` where the receiver is none that is known."""
    if receiver.of in _PARSERS:
        return _parser(site, receiver)
    box = site.state.boxes.get(receiver.box)
    if box is None or box.kind == "object":
        return None
    rules = _DICT if box.kind == "dict" else _LIST
    rule = rules.get(site.method)
    return rule(site, receiver, box) if rule is not None else None


def _parser(site: Site, receiver: Value) -> Value | None:
    """Sections and options are variables of the state, named after the place where the parser was made."""
    base = site.machine.text(site.call.callee.at).rpartition(".")[0]
    names = [arg.const for arg in site.args[:2]]
    slot = f"{base}[{names}]"
    if site.method == "set" and len(site.args) == 3:
        site.state.vars[slot] = site.args[2]
        return NONE
    if site.method in ("get", "getint", "getboolean", "getfloat") and len(site.args) >= 2:
        if site.method != "get":
            return Value(kind="number")
        found = site.state.vars.get(slot)
        return found if found is not None and UNKNOWN not in names else opened(_stored(site, base))
    if site.method in ("read_string", "read_dict", "read_file"):
        site.state.vars[f"{base}[*]"] = opened(site.taints(receiver=False))
        return NONE
    return None


def _stored(site: Site, base: str) -> Hole:
    found: Hole = frozenset()
    for name, value in site.state.vars.items():
        if name.startswith(f"{base}["):
            found |= value.hole()
    return found


def _append(site: Site, owner: Value, box: Box) -> Value:
    if site.args:
        containers.append(site.state, owner, site.args[0])
    return NONE


def _extend(site: Site, owner: Value, box: Box) -> Value:
    items = containers.items_of(site.state, site.args[0]) if site.args else []
    for item in items if items is not None else [containers.element_of(site.state, site.args[0])]:
        containers.append(site.state, owner, item, exact=items is not None)
    return NONE


def _insert(site: Site, owner: Value, box: Box) -> Value:
    items, at = box.sequence, site.need(0).const
    if items is not None and isinstance(at, int) and len(site.args) > 1:
        items.insert(at, site.args[1])
        containers.replace_items(site.state, owner, items)
    elif len(site.args) > 1:
        containers.append(site.state, owner, site.args[1], exact=False)
    return NONE


def _pop(site: Site, owner: Value, box: Box) -> Value:
    items, at = box.sequence, site.args[0].const if site.args else -1
    if items and isinstance(at, int) and -len(items) <= at < len(items):
        found = items.pop(at)
        containers.replace_items(site.state, owner, items)
        return found
    return containers.either(site.state, box.values())


def _remove(site: Site, owner: Value, box: Box) -> Value:
    items = box.sequence
    if items and site.args and site.args[0].is_constant:
        consts = [item.const for item in items]
        if site.args[0].const in consts:
            del items[consts.index(site.args[0].const)]
            containers.replace_items(site.state, owner, items)
            return NONE
    return NONE


def _clear(site: Site, owner: Value, box: Box) -> Value:
    site.state.boxes[owner.box] = Box(box.kind, {})
    return NONE


def _reverse(site: Site, owner: Value, box: Box) -> Value:
    items = box.sequence
    if items is not None:
        containers.replace_items(site.state, owner, items[::-1])
    return NONE


def _copy(site: Site, owner: Value, box: Box) -> Value:
    number = site.machine.new_box()
    site.state.boxes[number] = box
    return owner._replace(box=number)


def _loosen(site: Site, owner: Value, box: Box) -> Value:
    taints = site.state.everything(owner)
    site.state.boxes[owner.box] = Box(box.kind, {}, opened(taints))
    return NONE


def _get(site: Site, owner: Value, box: Box) -> Value:
    default = site.arg(1, "default")
    key = site.need(0)
    found = containers.get(site.state, owner, key.const)
    if key.const is not UNKNOWN and key.const in box.items and found is not None:
        return found
    options = [value for value in (found, default if default is not None else NONE) if value is not None]
    return containers.either(site.state, options)


def _setdefault(site: Site, owner: Value, box: Box) -> Value:
    key = site.need(0)
    if key.const not in box.items:
        containers.store(site.state, owner, key.const, site.need(1))
    return _get(site, owner, site.state.boxes[owner.box])


def _pop_key(site: Site, owner: Value, box: Box) -> Value:
    found = _get(site, owner, box)
    key = site.need(0).const
    if key is not UNKNOWN and key in box.items:
        site.state.boxes[owner.box] = box._replace(items={k: v for k, v in box.items.items() if k != key})
    return found


def _update(site: Site, owner: Value, box: Box) -> Value:
    items, rest = dict(box.items), box.rest
    for value in site.args:
        other = site.state.boxes.get(value.box)
        if other is not None and other.kind == "dict":
            items.update(other.items)
            rest = (
                rest if other.rest is None else other.rest if rest is None else opened(rest.hole() | other.rest.hole())
            )
        else:
            taints = site.state.everything(value)
            rest = opened(taints | (rest.hole() if rest is not None else frozenset()))
    items.update(site.keywords)
    site.state.boxes[owner.box] = box._replace(items=items, rest=rest)
    return NONE


def _values(site: Site, owner: Value, box: Box) -> Value:
    return containers.of_items(site.state, site.machine.new_box(), "list", list(box.items.values()), box.rest)


def _keys(site: Site, owner: Value, box: Box) -> Value:
    keys = [constant(key) for key in box.items]
    return containers.of_items(site.state, site.machine.new_box(), "list", keys, box.rest)


def _items(site: Site, owner: Value, box: Box) -> Value:
    pairs = [
        containers.of_items(site.state, site.machine.new_box(), "tuple", [constant(key), value])
        for key, value in box.items.items()
    ]
    return containers.of_items(site.state, site.machine.new_box(), "list", pairs, box.rest)


def _nothing(site: Site, owner: Value, box: Box) -> Value:
    return NOWHERE


Rule = Callable[[Site, Value, Box], Value]
_LIST: dict[str, Rule] = {
    "append": _append, "add": _append, "appendleft": _loosen, "extend": _extend, "insert": _insert, "pop": _pop,
    "popleft": _pop, "remove": _remove, "discard": _remove, "clear": _clear, "reverse": _reverse, "copy": _copy,
    "sort": _loosen, "index": _nothing, "count": _nothing, "union": _copy,
}  # fmt: skip
_DICT: dict[str, Rule] = {
    "get": _get, "setdefault": _setdefault, "pop": _pop_key, "update": _update, "values": _values, "keys": _keys,
    "items": _items, "iteritems": _items, "itervalues": _values, "iterkeys": _keys, "copy": _copy, "clear": _clear,
    "has_key": _nothing,
}  # fmt: skip
