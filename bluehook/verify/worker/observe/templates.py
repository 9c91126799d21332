"""Template sources that are compiled while the code runs."""

from __future__ import annotations

from .patch import later, wrap
from .record import RECORDER


def _note(source: object) -> None:
    if isinstance(source, str):
        RECORDER.emit("template", source)


def _made(template: object, text: object = None, *rest: object, **more: object) -> None:
    _note(text)


def _compiled(environment: object, source: object, *rest: object, **more: object) -> None:
    """A sandbox is made to compile what others wrote: an expression in it reaches no function but those handed in."""
    if not getattr(environment, "sandboxed", False):
        _note(source)


def _install_jinja() -> None:
    wrap("jinja2.environment", "Environment.from_string", _compiled)
    wrap("jinja2.environment", "Template.__new__", lambda cls, source, *rest, **more: _note(source))


def install() -> None:
    """Wrap the engines when they are imported."""
    later("jinja2", _install_jinja)
    for module in ("mako.template", "django.template.base"):
        later(module, lambda module=module: wrap(module, "Template.__init__", _made))  # type: ignore[misc]
