"""The routes of a Django project that lead to a view, and what their parameters let through."""

from __future__ import annotations

import dataclasses
import importlib
import itertools
import sys
from collections.abc import Iterator
from typing import Any

from ..inputs import web
from ..inputs.slots import Inputs
from . import apps
from .django_settings import URLS
from .load import Target

_OTHERS = ("7", "en", "00000000-0000-4000-8000-000000000007", "2024")
_MOST_TRIES = 600


@dataclasses.dataclass
class Route:
    """The patterns on the way to one view; none when nobody gave it a route."""

    callback: Any
    patterns: list[Any] = dataclasses.field(default_factory=list)
    defaults: dict[str, Any] = dataclasses.field(default_factory=dict)

    def names(self) -> list[str]:
        """The parameters, in order."""
        found: dict[str, None] = {}
        for pattern in self.patterns:
            converters = getattr(pattern, "converters", None) or {}
            found.update(dict.fromkeys(converters or _parameters(pattern)))
        return list(found)

    def path(self, values: dict[str, str]) -> str:
        """The address with these values."""
        return "/" + "".join(_filled(pattern, values) for pattern in self.patterns)

    def match(self, path: str) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
        """What the view is called with at this address; ``None`` when it leads elsewhere."""
        rest, args, named = path[1:], (), dict(self.defaults)
        for pattern in self.patterns:
            try:
                found = pattern.match(rest)
            except Exception:
                return None
            if not found:
                return None
            rest, more, inner = found
            args, named = (*args, *more), {**named, **inner}
        return (args, named) if not rest else None

    def settle(self, inputs: Inputs) -> None:
        """Give each parameter a benign value that its pattern lets through."""
        names = self.names()
        slots = [inputs.slot(web.name_of("path", name), "outside") for name in names]
        choices = [(slot.word, str(slot.number), *_OTHERS) for slot in slots]
        for tried in itertools.islice(itertools.product(*choices), _MOST_TRIES):
            if self.match(self.path({name: tried[index] for index, name in enumerate(names)})) is not None:
                for index, slot in enumerate(slots):
                    slot.usual = tried[index] if tried[index] != slot.word else ""
                return


def routes_to(target: Target) -> Iterator[Route]:
    """The routes whose view the function belongs to: of the project's own root, then of modules of routes nearby."""
    from django.conf import settings  # type: ignore[import-untyped, unused-ignore]

    code = apps.code_of(target)
    for module in _modules(settings, target):
        for route in _all(getattr(module, "urlpatterns", [])):
            if code in apps.codes(route.callback):
                yield route


def _modules(settings: Any, target: Target) -> Iterator[Any]:
    names = [settings.ROOT_URLCONF] if settings.ROOT_URLCONF != URLS else []
    parts = target.module.__name__.split(".")
    names += [".".join([*parts[:length], "urls"]) for length in range(len(parts) - 1, -1, -1)]
    for name in dict.fromkeys(names):
        try:
            module = importlib.import_module(name)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            continue
        own = sys.modules.get(URLS)
        if own is not None and name != settings.ROOT_URLCONF and isinstance(getattr(module, "urlpatterns", None), list):
            own.__dict__["urlpatterns"].extend(module.urlpatterns)
        yield module
    yield target.module


def _all(patterns: Any, before: tuple[Any, ...] = (), depth: int = 6) -> Iterator[Route]:
    for one in list(patterns) if isinstance(patterns, (list, tuple)) else []:
        here = (*before, getattr(one, "pattern", None))
        if here[-1] is None:
            continue
        if getattr(one, "callback", None) is not None:
            yield Route(one.callback, list(here), dict(getattr(one, "default_args", None) or {}))
        elif depth:
            try:
                inner = one.url_patterns
            except Exception:
                continue
            yield from _all(inner, here, depth - 1)


def _parameters(pattern: Any) -> list[str]:
    """The groups of a regular expression, the nameless ones by the names that Django gives them."""
    from django.utils.regex_helper import normalize  # type: ignore[import-untyped, unused-ignore]

    try:
        return list(normalize(pattern.regex.pattern)[0][1])
    except Exception:
        return []


def _filled(pattern: Any, values: dict[str, str]) -> str:
    """The part of an address that one pattern stands for."""
    from django.utils.regex_helper import normalize  # type: ignore[import-untyped, unused-ignore]

    converters = getattr(pattern, "converters", None)
    if hasattr(pattern, "_route"):
        text = str(pattern._route)
        for name in converters or {}:
            start = text.find(next((part for part in _spelled(text, name)), "\0"))
            end = text.find(">", start)
            text = text[:start] + values[name] + text[end + 1 :] if start >= 0 else text
        return text
    try:
        form, names = normalize(pattern.regex.pattern)[0]
    except Exception:
        return str(getattr(pattern, "language_prefix", ""))
    return str(form % {name: values[name] for name in names})


def _spelled(text: str, name: str) -> Iterator[str]:
    """The beginning of a parameter as a route writes it."""
    for part in text.split("<")[1:]:
        inside = part.partition(">")[0]
        if inside.rpartition(":")[2] == name:
            yield "<" + inside
