"""Cross-site scripting: an HTML parser sees markup of the attempt's own in what is sent to the browser."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from ..canary import Canaries
from ..drive.run import Run
from ..observe.record import Event
from .base import Attack, Probe, Scene, Sighting

_MARKUP_NAME = re.compile(
    r"html|markup|content|inner|body|child|render|widget|output|fragment|snippet|block|safe|tag|attr|element|svg|icon|"
    r"class|css|style",
    re.I,
)
_PLAIN = re.compile(r"parameter '\w+'")
_TAG = re.compile(r"<(/?[a-z][a-z0-9]*)(\s[^<>]*)?/?>", re.I)


class _Seeker(HTMLParser):
    """Looks for one name among tags and attributes, and for it in script text and script addresses."""

    def __init__(self, mark: str) -> None:
        super().__init__()
        self.mark = mark
        self.seen = ""
        self.script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Compare the tag, its attributes' names and the schemes of its addresses."""
        self.script = tag == "script"
        if tag == self.mark:
            self.seen = f"a tag <{tag}>"
        for name, value in attrs:
            if name == self.mark:
                self.seen = f"an attribute {name} of <{tag}>"
            elif name in ("href", "src", "action") and (value or "").strip().lower().startswith(
                "javascript:" + self.mark
            ):
                self.seen = f"a javascript: address in <{tag} {name}>"


def injected(page: str, mark: str) -> str:
    """What the parser sees of the mark: a tag, an attribute, a script address; empty when it is text only."""
    seeker = _Seeker(mark)
    try:
        seeker.feed(page)
    except (AssertionError, ValueError):
        return ""
    return seeker.seen


class Page(Probe):
    """A value that becomes part of a page that is sent."""

    weakness = "cross-site-scripting"
    kinds = frozenset({"html"})

    def relevant(self, sighting: Sighting) -> bool:
        """Responses that a browser takes for HTML; a text from what may be a helper needs markup of the code's own."""
        return _is_page(sighting.event) and (not sighting.event.details.get("text_only") or self.composed(sighting))

    def at_sink(self, run: Run, sighting: Sighting) -> list[Event]:
        """Pages only: a handler that turns an attack away may answer it in JSON."""
        return [event for event in super().at_sink(run, sighting) if _is_page(event)]

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """A tag, after leaving what is open: an attribute, a script, a comment, a text area."""
        shapes = ["<{m}>", '"><{m}>', "'><{m}>", '" {m}="', "' {m}='", "</script><{m}>", "--><{m}>",
                  "</title></textarea></style><{m}>", " {m}=1 ", "<<{m}/x=1>", "javascript:{m}"]  # fmt: skip
        if re.search(r"(href|src|action)\s*=\s*[\"']?$", sighting.before, re.I):
            shapes.insert(0, shapes.pop())
        for shape in shapes:
            mark = canaries.word()
            yield Attack(shape.format(m=mark), mark, "leave the text")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """A parser sees the mark as markup."""
        for event in self.at_sink(run, sighting):
            seen = injected(event.text, attack.mark)
            if seen:
                return f"{seen} of the input's own stands in the page: {_around(event.text, attack.mark)!r}"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """Markup of the code's own stands around the value."""
        return _TAG.search(sighting.fixed) is not None


class ReturnedPage(Page):
    """Text with tags of the code's own that is handed back; that it is a page is a convention."""

    kinds = frozenset({"return"})
    by_convention = True

    def relevant(self, sighting: Sighting) -> bool:
        """Plain text with the code's own markup in it."""
        return sighting.event.details.get("type") in ("str", "list", "dict", "tuple") and self.composed(sighting)


class MarkedPage(Page):
    """Text that is said to be HTML, with the code's own markup around what it was given.

    What is named after markup may be markup by contract: of that it is told, and not held against the code.
    """

    kinds = frozenset({"markup"})

    def relevant(self, sighting: Sighting) -> bool:
        """The code's own markup stands in it, and the value is not what another part of the code made."""
        return self.composed(sighting)

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """As for pages; mild where the value's name says that it is markup or the template's own, and for objects and
        their parts, which may write themselves.
        """
        slot = sighting.slot
        own = slot.trust != "outside" and (slot.rigid or _PLAIN.fullmatch(slot.name) is None)
        mild = own or _MARKUP_NAME.search(slot.name) is not None
        for attack in super().attacks(sighting, canaries, scene):
            yield dataclasses.replace(attack, mild=mild)


def _is_page(event: Event) -> bool:
    return "html" in str(event.details.get("content_type") or "html")


def _around(text: str, mark: str) -> str:
    at = text.find(mark)
    return text[max(0, at - 40) : at + 40]


PROBES = [Page(), ReturnedPage(), MarkedPage()]
