"""Which files are texts to look at, and what surface each of them is."""

from __future__ import annotations

import re
from collections.abc import Callable

from bluehook.config import Config, Globs
from bluehook.text.judgement import Surface
from bluehook.text.shape import is_request

PROSE_ENDINGS = (".md", ".markdown", ".mdx", ".mdc", ".txt", ".rst", ".adoc", ".prompt", ".prompty")
"""What is looked at in a folder beside the files that the configuration names."""
_BY_SHAPE = (".md", ".markdown", ".txt")
_DOCUMENT = re.compile(
    r"(?:.*/)?(?:(?:docs?|licenses|\.github|[^/]*-info)/.*"
    r"|(?:readme|licen[cs]e|copying|notice|authors|credits|contribut|change|history|news|security|code_of_conduct|install"
    r"|requirements|constraints|robots|cmakelists|pull_request_template|issue_template)[^/]*)",
    re.IGNORECASE,
)
"""Paths that say by themselves that no request is in the file."""


def wanted(config_of: Callable[[str], Config], *, prose: bool) -> Callable[[str], bool]:
    """Whether a path is a text to look at: an instruction or a prompt, or, with ``prose``, any text by its ending."""
    known: dict[int, tuple[Globs, Globs]] = {}

    def says(path: str) -> bool:
        config = config_of(path)
        files, prompts = known.setdefault(id(config), _globs(config))
        local = config.local(path)
        return files.match(local) or prompts.match(local) or (prose and path.lower().endswith(PROSE_ENDINGS))

    return says


def surface_of(path: str, config: Config, text: str | None = None) -> Surface:
    """Where a text of this path stands. With its ``text`` one that is no listed file may be a request by its shape."""
    files, prompts = _globs(config)
    local = config.local(path)
    if prompts.match(local):
        return Surface.PROMPT
    if files.match(local):
        return Surface.INSTRUCTION_FILE
    if text is None or _DOCUMENT.match(path) or not path.lower().endswith(_BY_SHAPE):
        return Surface.PROSE
    return Surface.PROMPT if is_request(text) else Surface.PROSE


def _globs(config: Config) -> tuple[Globs, Globs]:
    chosen = config.settings.instructions
    return Globs(chosen.files), Globs(chosen.prompts)
