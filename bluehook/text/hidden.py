"""Text in places that a reader of the rendered page does not see, or that is not taken for text: Markdown and HTML."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote

from bluehook.text.reading import Edit, Reading

_REFERENCE = re.compile(
    r"^[ \t]{0,3}\[[^\]\n]{1,60}\]:[ \t]{0,4}[^\s\"'(]{1,400}[ \t]{1,4}[(\"']([^\n]{4,4000})[)\"'][ \t]{0,4}$",
    re.MULTILINE,
)
_ALT = re.compile(r"!\[([^\]\n]{12,4000})\]|\balt[ \t]{0,2}=[ \t]{0,2}[\"']([^\"'\n]{12,4000})[\"']")
_TITLE = re.compile(
    r"\]\([^()\s]{0,2000}[ \t]{1,4}[\"'(]([^\"'\n)]{12,4000})[\"')]"
    r"|\b(?:title|aria-label|placeholder|content|value|summary|label|data-[\w-]{1,30})[ \t]{0,2}=[ \t]{0,2}"
    r"(?:\"([^\"\n]{12,4000})\"|'([^'\n]{12,4000})')"
)
_UNSEEN = re.compile(
    r"<(\w{1,20})\b[^<>]{0,400}?(?:display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|font-size\s{0,3}:\s{0,3}0|opacity\s{0,3}:\s{0,3}0"
    r"|color\s{0,3}:\s{0,3}(?:white|#fff(?:fff)?|transparent)\b|\shidden\b|aria-hidden\s{0,3}=)[^<>]{0,400}>([^<]{4,8000})",
    re.IGNORECASE,
)
_DATA = re.compile(r"data:[\w/+.-]{0,60}(?:;[\w=-]{1,40}){0,4},([A-Za-z0-9+/=%_.~!'()*-]{8,20000})")
_IN_WORD = re.compile(r"(?<=[A-Za-z])(?:\*\*|\[\]\([^()\s]{0,200}\))(?=[A-Za-z])")
_TAG = re.compile(r"</?[A-Za-z][\w-]{0,30}(?:\s[^<>]{0,1000})?/?>")


def hidden(reading: Reading) -> Iterator[Reading]:
    """What stands in comments, alternative texts, titles, unseen elements and data addresses."""
    text = reading.text
    for start, end in _comments(text):
        if text[start + 4 : end].strip("- >\n"):
            yield reading.part(start + 4, end - 3 if text.endswith("-->", start, end) else end, "comment")
    if "]" in text or "=" in text:
        yield from _all(reading, _REFERENCE, "comment")
        yield from _all(reading, _ALT, "image-text")
        yield from _all(reading, _TITLE, "link-title")
    if "<" in text:
        for found in _UNSEEN.finditer(text):
            yield reading.part(found.start(2), found.end(2), "unseen-element")
    if "data:" in text:
        yield from _addresses(reading)


def _all(reading: Reading, pattern: re.Pattern[str], name: str) -> Iterator[Reading]:
    for found in pattern.finditer(reading.text):
        group = found.lastindex or 0
        if found[group].strip():
            yield reading.part(found.start(group), found.end(group), name)


def _addresses(reading: Reading) -> Iterator[Reading]:
    for found in _DATA.finditer(reading.text):
        body = found[1]
        if ";base64" in found[0][: found.start(1) - found.start()]:
            try:
                said = base64.b64decode(unquote(body) + "===").decode("utf-8")
            except (binascii.Error, ValueError):
                continue
        else:
            said = unquote(body)
        if len(said) >= 8:
            yield reading.decoded(found.start(), found.end(), said, "data-address")


def visible(reading: Reading) -> Reading:
    """The reading without comments and tags, so that neither stands between the letters of a word."""
    if "*" in reading.text or "[](" in reading.text:
        reading = reading.edited(Edit(*m.span(), "", "markup-in-words") for m in _IN_WORD.finditer(reading.text))
    if "<" not in reading.text:
        return reading
    edits = [_taken_out(reading.text, *span, "\n\n") for span in _comments(reading.text)]
    edits += [_taken_out(reading.text, *tag.span(), " ") for tag in _TAG.finditer(reading.text)]
    return reading.edited(sorted(edits))


def _taken_out(text: str, start: int, end: int, instead: str) -> Edit:
    return Edit(start, end, "", "markup-in-words") if _within(text, start, end) else Edit(start, end, instead)


def _comments(text: str) -> Iterator[tuple[int, int]]:
    """The spans of HTML comments; one that is not closed reaches to the end, as browsers have it."""
    end = 0
    while (start := text.find("<!--", end)) >= 0:
        close = text.find("-->", start + 4)
        end = close + 3 if close >= 0 else len(text)
        yield start, end


def _within(text: str, start: int, end: int) -> bool:
    """Whether there are letters right before and after."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return (before.isalpha() or before == ">") and (after.isalpha() or after == "<")
