"""Take the disguises off a text: what it says to a model, however it is written, and where that stands in the original.

The first reading is the text itself without invisible characters, in plain letters; the others are what it holds in
hidden or encoded form, each a text of its own. Work is bounded: so many characters, so many readings, so deep.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bluehook.text import confusables, encodings, invisible, rearranged
from bluehook.text import hidden as markup
from bluehook.text.reading import Reading

MAX_CHARS = 1_000_000
MAX_READINGS = 400
MAX_DEPTH = 3


class Readings(NamedTuple):
    """The text in the open, what it hides, and what of it was not read ("" when all was)."""

    open: Reading
    hidden: list[Reading]
    incomplete: str = ""


def _nothing(word: str) -> bool:
    return False


def normalise(text: str, known: Callable[[str], bool] = _nothing) -> Readings:
    """Read a text through its disguises.

    ``known`` says whether a word (lower case) is one that matters to the reader: digits are read as letters only where
    that makes such a word.
    """
    incomplete = f"only the first {MAX_CHARS:,} of {len(text):,} characters were read" if len(text) > MAX_CHARS else ""
    whole = Reading(text[:MAX_CHARS])
    first, found = _plain(whole, known)
    queue = [(reading, 1) for reading in [*found, *_below(first)]]
    hidden: list[Reading] = []
    budget = 4 * len(whole.text) + 20_000
    while queue and not incomplete:
        reading, depth = queue.pop(0)
        budget -= len(reading.text)
        if len(hidden) >= MAX_READINGS or budget < 0:
            incomplete = "too much encoded or hidden text to read all of it"
            break
        plain, more = _plain(reading, known)
        hidden.append(plain)
        if depth < MAX_DEPTH:
            queue += [(deeper, depth + 1) for deeper in [*more, *_below(plain)] if deeper.text != plain.text]
    return Readings(markup.visible(first), hidden, incomplete)


def _plain(reading: Reading, known: Callable[[str], bool]) -> tuple[Reading, list[Reading]]:
    """A reading in plain letters, and what its invisible characters spell."""
    found: list[Reading] = []
    reading = invisible.uncontrolled(reading)
    if not reading.text.isascii():
        if invisible.seen(reading.text):
            reading, found = invisible.uncover(reading)
        reading = confusables.latin(confusables.unmarked(confusables.compatible(reading)))
        reading = confusables.bare(reading, known)
    return confusables.spelt(encodings.unescaped(encodings.plain(reading)), known), found


def _below(reading: Reading) -> list[Reading]:
    return [
        *markup.hidden(reading),
        *encodings.decoded(reading),
        *rearranged.turned(reading),
        *rearranged.assembled(reading),
    ]
