"""Templates that are not there: what a fragment names, and what a test run of a checkout lacks.

A file that the code fills places of is given those places; a page that Jinja cannot find shows each variable once, in a
paragraph, and only where the environment escapes nothing: what a real page would do of its own accord is not known.
What is found so rests on a template that the harness made, and is no proof.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..observe.record import RECORDER

if TYPE_CHECKING:
    from ..inputs.slots import Inputs

_PLACE = re.compile(
    r"\{\{\s*\w+\s*\}\}|\{%\s*\w+\s*%\}|\{\w+\}|%\(\w+\)s|\$\{\w+\}|%%?\w+%%?|@@?\w+@@?|<!--\s*\w+\s*-->"
)
_PAGE = re.compile(r"\.(x?html?|tpl|tmpl|jinja2?|j2|mustache|mako)$", re.I)
_TEXT = re.compile(r"\.(txt|md|ya?ml|json|sql|sh|py|js|css|cfg|ini|toml|conf)\b", re.I)


def places(constants: list[Any]) -> list[str]:
    """Those of the code's constants that are the mark of a place to be filled, and nothing else."""
    return [one for one in constants if isinstance(one, str) and _PLACE.fullmatch(one)]


def filled(inputs: Inputs, path: str, text: str) -> str:
    """The content of a missing file with the places that the code looks for."""
    if not inputs.places:
        return text
    inputs.invented = True
    around = "<p>{}</p>" if _PAGE.search(path) else "{}"
    return "\n".join([text, *(around.format(one) for one in inputs.places)])


def install(inputs: Inputs) -> None:
    """Let Jinja environments that escape nothing find pages that are missing."""
    module: Any = sys.modules.get("jinja2.environment")
    if module is None or getattr(module.Environment, "_finds_missing", False):
        return
    original = module.Environment.get_template
    missing = sys.modules["jinja2.exceptions"].TemplateNotFound

    def get_template(self: Any, name: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(self, name, *args, **kwargs)
        except missing:
            if not RECORDER.on or not isinstance(name, str) or _TEXT.search(name) or _escapes(self, name):
                raise
            return Missing(self, name, inputs)

    module.Environment.get_template = get_template
    module.Environment._finds_missing = True


def _escapes(environment: Any, name: str) -> bool:
    chosen = environment.autoescape
    return bool(chosen(name) if callable(chosen) else chosen)


class Missing:
    """A page that shows what it is given."""

    def __init__(self, environment: Any, name: str, inputs: Inputs) -> None:
        self._environment, self.name, self._inputs = environment, name, inputs

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Each text variable in a paragraph of its own."""
        self._inputs.invented = True
        given = dict(*args, **kwargs)
        source = "\n".join(f"<p>{{{{ {key} }}}}</p>" for key, value in given.items()
                           if isinstance(value, str) and key.isidentifier())  # fmt: skip
        on, RECORDER.on = RECORDER.on, False
        try:
            page: str = self._environment.from_string(source).render(given)
        finally:
            RECORDER.on = on
        return page

    async def render_async(self, *args: Any, **kwargs: Any) -> str:
        """As :meth:`render`."""
        return self.render(*args, **kwargs)

    def generate(self, *args: Any, **kwargs: Any) -> Iterator[str]:
        """The page in one piece."""
        yield self.render(*args, **kwargs)

    stream = generate
