"""Globs, and what the configuration says about one file."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from bluehook import weaknesses

if TYPE_CHECKING:
    import pathspec


class Globs:
    """Patterns as in .gitignore (the last that matches wins, ``!`` takes back), compiled on first use.

    :raises ValueError: from the first use, when a pattern is malformed or can never match.
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = tuple(patterns)

    def match(self, path: str) -> bool:
        """Whether a path with ``/`` between its parts, relative to the folder of the globs, is meant."""
        return bool(self.patterns) and self._spec.match_file(path)

    @cached_property
    def _spec(self) -> pathspec.GitIgnoreSpec:
        import pathspec

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return pathspec.GitIgnoreSpec.from_lines(self.patterns)

    @classmethod
    def fault(cls, pattern: str) -> str | None:
        """What is wrong with one pattern, or None."""
        import re

        try:
            compiled = list(cls([pattern])._spec.patterns)
        except (ValueError, re.error):
            return "not a valid glob"
        if not any(p.include is not None for p in compiled):
            return "a glob that never matches"
        return None


class Profile(msgspec.Struct, frozen=True):
    """How one file is judged.

    ``test``: it is test code. ``excluded``: it is not looked at unless it was named. ``may_block``: a finding in it can
    stop a commit. ``ignore``: selectors of weaknesses that are not reported here.
    """

    test: bool = False
    excluded: bool = False
    may_block: bool = True
    ignore: tuple[str, ...] = ()

    def ignores(self, weakness: str) -> bool:
        """Whether findings of this weakness (a slug) are left out."""
        return any(weaknesses.matches(selector, weakness) for selector in self.ignore)
