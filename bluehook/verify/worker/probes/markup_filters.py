"""Filters of markup that are got around: scripts written as browsers take them and as the filter does not.

A metamorphic oracle. A function that takes a plain script out of a page, and leaves the page's other markup and its
words, means to hand back a page without scripts; each way to write one that comes back as a script is a hole.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from .base import Relation, Runner

_MARK = "zqfilter7"
_PAGE = "<p>zqbefore</p>{}<b>zqafter</b>"
_PLAIN = f"<script>{_MARK}</script>"
_OTHERS = (
    f"<script>{_MARK}</script >", f"<SCRIPT>{_MARK}</SCRIPT>", f"<script\n>{_MARK}</script\n>",
    f"<script x='>'>{_MARK}</script>", f"<script>{_MARK}\n</script x>", f"<script/x>{_MARK}</script/x>",
    f"<scr<script></script>ipt>{_MARK}</scr<script></script>ipt>", f"<script>\n{_MARK}\n</script>",
)  # fmt: skip
_MOST_PARAMETERS = 4


class LetsScriptsThrough(Relation):
    """Functions of a text that hand back a text."""

    weakness = "cross-site-scripting"

    def examine(self, runner: Runner) -> Iterator[tuple[str, dict[str, Any], str]]:
        """The parameter, the call, and the script that came through, for a filter that stops a plain one."""
        for name in runner.parameters()[:_MOST_PARAMETERS]:
            if not _is_filtered(runner.run({name: _PAGE.format(_PLAIN)}).returned):
                continue
            for script in _OTHERS:
                page = _PAGE.format(script)
                kept = runner.run({name: page}).returned
                if isinstance(kept, str) and _has_script(kept):
                    yield name, {name: page}, f"what takes scripts out of a page lets {script!r} through"
                    return


def _is_filtered(page: Any) -> bool:
    """Whether a page came back without its script and with everything else."""
    whole = isinstance(page, str) and "zqbefore" in page and "<b>zqafter</b>" in page
    return whole and _MARK not in page and "<script" not in page


class _Scripts(HTMLParser):
    """Looks for the mark in the text of a script."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = self.found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember whether a script begins."""
        self.inside = tag == "script"

    def handle_data(self, data: str) -> None:
        """Look for the mark."""
        self.found = self.found or (self.inside and _MARK in data)


def _has_script(page: str) -> bool:
    seeker = _Scripts()
    try:
        seeker.feed(page)
        seeker.close()
    except (AssertionError, ValueError):
        return False
    return seeker.found


PROBES = [LetsScriptsThrough()]
